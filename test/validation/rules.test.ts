import { describe, expect, test } from 'vitest';
import { openPack } from '../../src/validation/packs.ts';
import { withoutEngine } from '../../src/validation/rules.ts';
import { missing, packFolder } from '../conformance/cases.ts';
import { CLINICAL_DOCUMENT, folderOf, MAIN, schema } from './packs-made.ts';

const files = { [MAIN]: schema(CLINICAL_DOCUMENT) };

describe('rule sets that nothing evaluates', () => {
  test('are named, profiles one by one and models together', () => {
    const folder = folderOf({
      ...files,
      'schematrons/A.sch': '',
      'schematrons/B.sch': '',
      'schematrons/include/part.sch': '',
      'schematrons/profils/P.sch': '',
      'schematrons/profils/deep/Q.sch': '',
      'schematrons/profils/deep/include/part.sch': '',
      'schematrons/profils/deep/values.xml': '',
    });
    const pack = openPack(folder);
    const reason = `no Schematron engine is installed; pack ${pack.id}`;
    expect(pack.ruleSets.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'model schematrons/A.sch',
      'model schematrons/B.sch',
      'profile schematrons/profils/P.sch',
      'profile schematrons/profils/deep/Q.sch',
    ]);
    expect(withoutEngine(pack)).toEqual([
      { rule: 'schematron P', reason },
      { rule: 'schematron Q', reason },
      { rule: "schematron of the document's model, one of 2", reason },
    ]);
  });

  test('are none in a pack without Schematrons', () => {
    expect(withoutEngine(openPack(folderOf(files)))).toEqual([]);
  });

  test.skipIf(missing)(`are those of the official pack${missing ? ` (skipped: ${missing})` : ''}`, () => {
    const rules = withoutEngine(openPack(packFolder)).map(({ rule }) => rule);
    expect(rules).toEqual([
      'schematron CI-SIS_ModelesDeContenusCDA',
      'schematron CI-SIS_Modeles_ANS',
      'schematron IHE',
      'schematron ASIP-STRUCT-MIN-StrucMin',
      'schematron terminologie',
      "schematron of the document's model, one of 59",
    ]);
  });
});
