import { describe, expect, test } from 'vitest';
import { writeHtml } from '../../../src/cda/render/html.ts';
import { parseXml } from '../../../src/xml/parse.ts';
import { absent, EXAMPLES, readExample } from '../examples.ts';
import { presented, saidIn, textOfHtml } from './shown.ts';

describe.skipIf(absent !== '')(`the official examples${absent}`, () => {
  test.each(EXAMPLES)('$file: nothing that the narrative says is missing in the HTML', ({ file }) => {
    const bytes = readExample(file);
    const html = writeHtml(presented(bytes));
    const text = textOfHtml(html);
    const missing = saidIn(parseXml(bytes)).filter((said) => !text.includes(said));
    expect(missing).toEqual([]);
    expect(html).not.toMatch(/<script|<iframe|<object|\son\w+=|javascript:/i);
  });
});
