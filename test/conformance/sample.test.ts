import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openPack } from '../../src/validation/packs.ts';
import { loadSchema } from '../../src/validation/schema/validate.ts';
import { parseXml } from '../../src/xml/parse.ts';
import { type Case, exampleCases, missing, mutantCases, olderPackFolder, packFolder } from './cases.ts';
import { compare } from './comparison.ts';
import { xsdComparison } from './xsd.ts';

const OTHERS = 100;

/** All mutants that Xerces refuses, and a hundred of the others, evenly taken. */
function sample(mutants: Case[]): Case[] {
  const invalid = mutants.filter(({ truth }) => truth.xsd > 0);
  const valid = mutants.filter(({ truth }) => truth.xsd === 0);
  const step = Math.floor(valid.length / OTHERS);
  return [...invalid, ...valid.filter((_, index) => index % step === 0).slice(0, OTHERS)];
}

describe.skipIf(missing)(
  `XSD verdicts like those of Xerces${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    test('on the examples and on a sample of their mutants', async () => {
      const comparisons = [xsdComparison(loadSchema(openPack(packFolder)))];
      const mutants = sample(mutantCases());
      expect(mutants.filter(({ truth }) => truth.xsd > 0).length).toBeGreaterThan(300);
      expect(mutants.filter(({ truth }) => truth.xsd === 0)).toHaveLength(OTHERS);
      expect(compare('examples', exampleCases(), comparisons).differences).toEqual([]);
      expect(compare('mutants', mutants, comparisons).differences).toEqual([]);
    }, 120_000);

    test('on the examples of the older edition, which it takes without error', async () => {
      const validator = loadSchema(openPack(olderPackFolder));
      const folder = join(olderPackFolder, 'ExemplesCDA');
      const files = readdirSync(folder).filter((file) => file.endsWith('.xml'));
      expect(files.length).toBeGreaterThan(50);
      for (const file of files)
        expect(validator.validate(parseXml(readFileSync(join(folder, file)))), file).toEqual([]);
    }, 60_000);
  },
);

describe.skipIf(missing)(`findings on mutants${missing ? ` (skipped: ${missing})` : ''}`, () => {
  /** Operations that put a wrong value into one attribute. */
  const VALUES = ['bad_enum', 'bad_oid', 'bad_time'];

  test('stand on the attribute whose value was changed', async () => {
    const validator = loadSchema(openPack(packFolder));
    const cases = mutantCases().filter(({ op, truth }) => VALUES.includes(op!) && truth.xsd > 0);
    expect(cases.length).toBeGreaterThan(100);
    for (const one of cases) {
      const bytes = one.read();
      const document = parseXml(bytes);
      const mark = bytes.length - document.utf8.length;
      const changed = document.placeOf(one.changedAt! - mark);
      const [finding] = validator.validate(document);
      const attribute = finding!.location!.split('@').at(-1)!;
      const value = changed.column - `${attribute}="`.length;
      expect([finding!.line, finding!.column], one.id).toEqual([changed.line, value]);
    }
  }, 60_000);
});
