import { describe, expect, test } from 'vitest';
import { openPack } from '../../src/validation/packs.ts';
import { missing, packFolder } from '../conformance/cases.ts';
import { CLINICAL_DOCUMENT, folderOf, MAIN, schema } from './packs-made.ts';

const files = { [MAIN]: schema(CLINICAL_DOCUMENT) };

describe('the Schematrons that stand in a pack', () => {
  test('are its models and its profiles, not the parts that these include', () => {
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
    expect(openPack(folder).ruleSets.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'model schematrons/A.sch',
      'model schematrons/B.sch',
      'profile schematrons/profils/P.sch',
      'profile schematrons/profils/deep/Q.sch',
    ]);
  });

  test('are none in a pack without Schematrons', () => {
    expect(openPack(folderOf(files)).ruleSets).toEqual([]);
  });

  test.skipIf(missing)(`are those of the official pack${missing ? ` (skipped: ${missing})` : ''}`, () => {
    const { ruleSets } = openPack(packFolder);
    expect(ruleSets.filter(({ kind }) => kind === 'profile').map(({ id }) => id)).toEqual([
      'CI-SIS_ModelesDeContenusCDA',
      'CI-SIS_Modeles_ANS',
      'IHE',
      'ASIP-STRUCT-MIN-StrucMin',
      'terminologie',
    ]);
    expect(ruleSets.filter(({ kind }) => kind === 'model')).toHaveLength(59);
  });
});
