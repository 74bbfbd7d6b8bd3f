import { describe, expect, test } from 'vitest';
import { readFacts } from '../../src/cda/facts.ts';
import { parseTime } from '../../src/cda/times.ts';
import { parseXml } from '../../src/xml/parse.ts';
import { absent, EXAMPLES, readExample } from './examples.ts';

describe.skipIf(absent !== '')(`the official examples${absent}`, () => {
  test('are 94', () => {
    expect(EXAMPLES).toHaveLength(94);
  });

  test.each(EXAMPLES)('$file', ({ file, ...expected }) => {
    const bytes = readExample(file);
    const { facts, findings } = readFacts(parseXml(bytes), bytes);
    expect(findings).toEqual([]);
    expect({
      uniqueId: facts!.id.root,
      typeCode: facts!.code!.code,
      level: facts!.level,
      selfPresenting: facts!.selfPresenting,
      authors: facts!.authors.length,
      replaced: facts!.related.filter((one) => one.typeCode === 'RPLC').flatMap((one) => one.ids).length,
      insRoot: facts!.patient!.ids.find((id) => /^1\.2\.250\.1\.213\.1\.4\.(8|9|10|11)$/.test(id.root))?.root,
    }).toEqual(expected);
    expect(parseTime(facts!.effectiveTime!)).not.toBeNull();
  });

  test('the two versions of one report differ in what they say', () => {
    const digests = ['V1', 'V2'].map((version) => {
      const bytes = readExample(`BIO-CR-BIO_2024.01_Microbiologie_${version}.xml`);
      return readFacts(parseXml(bytes), bytes).facts!.contentSha256;
    });
    expect(new Set(digests).size).toBe(2);
  });
});
