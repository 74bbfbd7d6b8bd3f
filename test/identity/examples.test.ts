import { describe, expect, test } from 'vitest';
import { readFacts } from '../../src/cda/facts.ts';
import { locator } from '../../src/cda/locate.ts';
import { assessIdentity } from '../../src/identity/assess.ts';
import type { Environment } from '../../src/words/environment.ts';
import { parseXml } from '../../src/xml/parse.ts';
import { absent, EXAMPLES, readExample } from '../cda/examples.ts';
import { ARC, NOW_MS, VALIDATED } from './person.ts';

/** Examples that are not clean, with what is said of them in every environment; established apart from the code under test. */
const NOT_CLEAN: ReadonlyMap<string, string[]> = new Map([
  ['BIO-CR-BIO_2023.01_Electrophorese.xml', ['ins.birth-place-differs']],
  ['CANCER-PPS_2022.01_Autopresentable.xml', ['ins.birth-month-differs', 'ins.birth-year-differs']],
  ['CSE-CS24_2024.01.xml', ['ins.birth-place-differs', 'ins.key-mismatch']],
  ['CSE-CS24_2025.01.xml', ['ins.birth-place-differs', 'ins.key-mismatch', 'ins.legacy-root']],
  ['CSE-CS8_2024.01.xml', ['ins.birth-place-differs', 'ins.key-mismatch']],
  ['CSE-CS8_2025.01.xml', ['ins.birth-place-differs', 'ins.birth-year-differs', 'ins.key-mismatch']],
  ['CSE-CS9_2024.01.xml', ['ins.birth-month-differs', 'ins.birth-place-differs', 'ins.key-mismatch']],
  ['CSE-CS9_2025.01.xml', ['ins.birth-place-differs', 'ins.key-mismatch', 'ins.legacy-root']],
  ['CSE-MDE_2023.01.xml', ['ins.key-mismatch']],
  ['OBP-SAP_2024.01.xml', ['ins.birth-place-differs']],
  ['OBP-SCM_2024.01.xml', ['ins.birth-place-differs']],
  ['OBP-SEM_2024.01.xml', ['ins.birth-place-differs', 'ins.key-mismatch']],
  ['OBP-SNE_2024.01.xml', ['ins.birth-place-differs', 'ins.key-mismatch']],
  ['OBP-SNM_2024.01.xml', ['ins.birth-place-differs']],
  ['SDM-MR_2024.01_nouveau-ne.xml', ['ins.key-mismatch']],
  ['SDM-MR_2024.01_patiente-enceinte.xml', ['ins.birth-place-differs']],
  ['SDM-MR_2024.01_patiente-post-grossesse.xml', ['ins.birth-place-differs']],
  ['eDISP-MED_2024.01.xml', ['ins.birth-place-differs', 'ins.given-first', 'ins.name-qualifier']],
]);

/** What an environment adds, by the root of the INS. */
function refusalOf(environment: Environment, root: string): string[] {
  const real = root === `${ARC}.8`;
  if (environment === 'test' && real) return ['ins.production-root-in-test'];
  if (environment === 'production' && !real) return ['ins.test-root-in-production'];
  return [];
}

function assessExample(file: string, environment: Environment) {
  const bytes = readExample(file);
  const document = parseXml(bytes);
  const { facts, clinicalDocument } = readFacts(document, bytes);
  const locate = locator(document, clinicalDocument);
  return assessIdentity({
    patient: facts!.patient,
    identity: VALIDATED,
    environment,
    nowMs: NOW_MS,
    locate,
  });
}

describe.skipIf(absent !== '')(`the official examples${absent}`, () => {
  describe.each(['sandbox', 'test', 'production'] as const)('in environment %s', (environment) => {
    test.each(EXAMPLES)('$file', ({ file, insRoot }) => {
      const assessment = assessExample(file, environment);
      const expected = [...(NOT_CLEAN.get(file) ?? []), ...refusalOf(environment, insRoot)];
      expect(assessment.findings.map((one) => one.code).sort()).toEqual(expected.sort());
      const wrongKey = expected.includes('ins.key-mismatch');
      const refused = refusalOf(environment, insRoot).length > 0;
      expect(assessment.depositAllowed).toBe(!refused && !(wrongKey && environment === 'production'));
      for (const one of assessment.findings)
        expect(one.location).toMatch(/^\/.*ClinicalDocument\/recordTarget\/patientRole\/(id|patient\/)/);
    });
  });

  test('findings point at the line of what they speak about', () => {
    const [key] = assessExample('CSE-MDE_2023.01.xml', 'sandbox').findings;
    const line = readExample('CSE-MDE_2023.01.xml').toString().split('\n')[key!.line! - 1]!;
    expect(line.slice(key!.column! - 1)).toMatch(/^<id [^>]*222127505611201/);
  });
});
