import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RuleSets } from '../../../src/validation/schematron/rule-sets.ts';
import { parseXml } from '../../../src/xml/parse.ts';

const RULES = `<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2">
  <pattern><rule context="box"><let name="asked" value="@colour"/>
    <assert test="doc('colours.xml')//colour[@name = $asked]">No colour <value-of select="@colour"/>.</assert>
  </rule></pattern>
</schema>`;
const RED_ONLY = '<colours><colour name="red"/></colours>';
const BLUE_ONLY = '<colours><colour name="blue"/></colours>';

let folder: string;
let cache: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'viaduc-rules-'));
  cache = join(mkdtempSync(join(tmpdir(), 'viaduc-forms-')), 'cache');
  write('rules.sch', RULES);
  write('colours.xml', RED_ONLY);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  rmSync(join(cache, '..'), { recursive: true });
});

const write = (path: string, text: string) => writeFileSync(join(folder, path), text);
const forms = () => readdirSync(join(cache, 'rules')).map((name) => join(cache, 'rules', name));

/** Messages about a box of each colour, judged by the pack as it is opened now. */
function messages(packSha256 = 'one'): string[] {
  const sets = RuleSets.open({ folder, pack: 'made', cache: { folder: cache, packSha256 } }, ['rules.sch']);
  const document = parseXml(Buffer.from('<all><box colour="red"/><box colour="blue"/></all>'));
  return sets.judge(document, ['rules.sch']).findings.map(({ message }) => message);
}

test('rules and indexes are taken from the cache while the pack is the same', () => {
  expect(messages()).toEqual(['No colour blue.']);
  expect(forms()).toHaveLength(2);
  write('rules.sch', '<nothing/>');
  write('colours.xml', BLUE_ONLY);
  expect(messages()).toEqual(['No colour blue.']);
});

test('a pack of other content is compiled again', () => {
  messages();
  write('rules.sch', RULES.replace('No colour', 'Unknown colour'));
  write('colours.xml', BLUE_ONLY);
  expect(messages('two')).toEqual(['Unknown colour red.']);
});

test('a form in which a bit was flipped is not believed', () => {
  messages();
  for (const file of forms()) {
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('blue', 'blau').replace('red', 'rot').replace('No colour', 'No culour'));
  }
  expect(messages()).toEqual(['No colour blue.']);
});

test('a form that is cut short is not believed', () => {
  messages();
  for (const file of forms()) writeFileSync(file, readFileSync(file).subarray(0, 100));
  expect(messages()).toEqual(['No colour blue.']);
});

test('a cache that cannot be written costs nothing but time', () => {
  cache = join(cache, '..', 'file', 'cache');
  writeFileSync(join(cache, '..'), 'not a folder');
  expect(messages()).toEqual(['No colour blue.']);
  cache = join(cache, '..');
});
