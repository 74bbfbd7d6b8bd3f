import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isViaducError } from '../../src/words/errors.ts';
import { isOid } from '../../src/words/ids.ts';
import { openCodes } from '../../src/xds/codes.ts';
import { readTables } from '../../src/xds/tables.ts';

const codes = openCodes();
const tables = readTables();
const LOINC = '2.16.840.1.113883.6.1';
const FRENCH_TYPES = '1.2.250.1.213.1.1.4.12';
const coded = (code: string, codeSystem: string | null = LOINC) => ({ code, codeSystem, displayName: null });
const body = (mediaType: string | null) => ({
  templateIds: [],
  body: { kind: 'file' as const, mediaType, representation: 'B64' },
});
const structured = (...roots: string[]) => ({
  templateIds: roots.map((root) => ({ root, extension: null })),
  body: { kind: 'structured' as const },
});
const NONE = {
  maskedToProfessionals: false,
  hiddenFromPatient: false,
  hiddenFromRepresentatives: false,
  change: false,
};

describe('class of a type', () => {
  // One line of each class, read in the correspondence of the agency.
  test.each([
    ['11490-0', LOINC, '10'],
    ['34133-9', LOINC, '11'],
    ['18748-4', LOINC, '31'],
    ['IMG-KOS', FRENCH_TYPES, '31'],
    ['57833-6', LOINC, '42'],
    ['PRESC-BIO', FRENCH_TYPES, '42'],
    ['60593-1', LOINC, '43'],
    ['18776-5', LOINC, '44'],
    ['80565-5', LOINC, '45'],
    ['87273-9', LOINC, '52'],
    ['REMB', FRENCH_TYPES, '60'],
    ['EXPPAT_2', FRENCH_TYPES, '90'],
    ['59284-0', LOINC, '95'],
  ])('%s of %s is of class %s', (code, scheme, expected) => {
    expect(codes.classCode(coded(code, scheme))).toMatchObject({
      code: expected,
      scheme: '1.2.250.1.213.1.1.4.1',
    });
  });

  test('a type of another code system, or of none known, has no class', () => {
    expect(codes.classCode(coded('11490-0', '1.2.3'))).toBeNull();
    expect(codes.classCode(coded('101881-1'))).toBeNull();
    expect(codes.classCode(coded('constructor'))).toBeNull();
  });

  test('a type without code system takes the one that lists it', () => {
    expect(codes.typeCode(coded('SYNTH', null))).toMatchObject({ scheme: FRENCH_TYPES, label: 'Synthèse' });
  });

  test('every class that a type leads to is in the list of classes', () => {
    const used = tables.types.codes.flatMap(({ types }) => Object.values(types).map((type) => type.class));
    expect(used.filter((one) => !Object.hasOwn(tables.classes.codes, one))).toEqual([]);
    expect(used.length).toBeGreaterThan(100);
  });
});

describe('format', () => {
  test.each([
    ['application/pdf', 'urn:ihe:iti:xds-sd:pdf:2008'],
    ['Application/PDF; charset=binary', 'urn:ihe:iti:xds-sd:pdf:2008'],
    ['text/plain', 'urn:ihe:iti:xds-sd:text:2008'],
    ['text/rtf', 'urn:ihe:iti-fr:xds-sd:rtf:2010'],
    ['image/jpeg', 'urn:ihe:iti-fr:xds-sd:jpeg:2010'],
    ['image/tiff', 'urn:ihe:iti-fr:xds-sd:tiff:2010'],
  ])('a file of type %s is %s', (mediaType, expected) => {
    expect(codes.formatCode(body(mediaType))).toMatchObject({
      code: expected,
      scheme: '1.3.6.1.4.1.19376.1.2.3',
    });
  });

  test.each([[null], ['image/png'], ['text/html'], ['']])('a file of type %s has none', (mediaType) => {
    expect(codes.formatCode(body(mediaType))).toBeNull();
  });

  test('a body of a file is not judged by the templates of the header', () => {
    const facts = {
      ...body('application/pdf'),
      templateIds: structured('1.2.250.1.213.1.1.1.29').templateIds,
    };
    expect(codes.formatCode(facts)?.code).toBe('urn:ihe:iti:xds-sd:pdf:2008');
  });

  test.each([
    ['1.2.250.1.213.1.1.1.29', 'urn:asip:ci-sis:ldl-ses:2017', '1.2.250.1.213.1.1.4.2.282'],
    ['1.2.250.1.213.1.1.1.55', 'urn:ihe:lab:xd-lab:2008', '1.3.6.1.4.1.19376.1.2.3'],
    ['1.2.250.1.213.1.1.1.47', 'urn:ans:ci-sis:img-da:2022', '1.2.250.1.213.1.1.4.2.282'],
    ['1.2.250.1.213.1.1.1.999', 'urn:asipSante:modelesHorsProfils:2011', '1.2.250.1.213.1.1.4.2.282'],
  ])('template %s gives %s of scheme %s', (root, code, scheme) => {
    const facts = structured('2.16.840.1.113883.2.8.2.1', '1.2.250.1.213.1.1.1.1', root);
    expect(codes.formatCode(facts)).toMatchObject({ code, scheme });
  });

  test('of two templates that the table knows the last one decides', () => {
    const facts = structured('1.3.6.1.4.1.19376.1.3.3', '1.2.250.1.213.1.1.1.57');
    expect(codes.formatCode(facts)?.code).toBe('urn:ihe:palm:apsr:2016');
  });

  test('a document without a body has none', () => {
    expect(codes.formatCode({ templateIds: [], body: { kind: 'absent' } })).toBeNull();
  });
});

describe('confidentiality', () => {
  const normal = { code: 'N', codeSystem: '2.16.840.1.113883.5.25', displayName: 'Normal' };

  test('the code of the document comes first, then each flag under its own scheme', () => {
    const flags = { ...NONE, maskedToProfessionals: true, hiddenFromRepresentatives: true };
    expect(codes.confidentialityCodes(normal, flags).map(({ code, scheme }) => `${code} ${scheme}`)).toEqual([
      'N 2.16.840.1.113883.5.25',
      'MASQUE_PS 1.2.250.1.213.1.1.4.13',
      'INVISIBLE_REPRESENTANTS_LEGAUX 1.2.250.1.213.1.1.4.13',
    ]);
  });

  test('a document that says none gets none, not even the flags', () => {
    expect(codes.confidentialityCodes(null, { ...NONE, hiddenFromPatient: true })).toEqual([]);
  });
});

describe('activity of the lot', () => {
  test.each([
    ['I', '03'],
    ['O', '07'],
    ['E', '07'],
    ['R', '19'],
    ['N', '97'],
    ['B', '97'],
    [null, '97'],
  ])('patient class %s is activity %s', (patientClass, expected) => {
    expect(codes.contentTypeCode(patientClass)).toMatchObject({
      code: expected,
      scheme: '1.2.250.1.213.2.2',
    });
  });
});

describe('value sets', () => {
  test('every table names its official sources by OID and date', () => {
    const sources = Object.values(tables).flatMap((table) => table.sources);
    for (const { set, oid, version } of sources) {
      expect(set).toMatch(/^(JDV|ASS)_/);
      expect(isOid(oid), oid).toBe(true);
      expect(version).toMatch(/^20\d\d-\d\d-\d\d$/);
    }
  });

  test('a type that the CI-SIS knows but the DMP does not list is outside the set', () => {
    expect(codes.valueSets.typeCode.has('51851-4', LOINC)).toBe(false);
    expect(codes.classCode(coded('51851-4'))?.code).toBe('95');
  });

  test('a format without place in the DMP list is outside the set, although a template leads to it', () => {
    const format = codes.formatCode(structured('1.2.250.1.213.1.1.1.10'))!;
    expect(format.code).toBe('urn:asip:ci-sis:cva:2017');
    expect(codes.valueSets.formatCode.has(format.code, format.scheme)).toBe(false);
  });

  test('an official set takes the place of ours', () => {
    const source = { set: 'JDV_J66-TypeCode-DMP', oid: '1.2.250.1.213.1.1.5.7', version: '2027-01-01' };
    const official = { source, force: 'refuses' as const, has: (code: string) => code === '101881-1' };
    const sets = openCodes(tables, { typeCode: official }).valueSets;
    expect(sets.typeCode.has('11490-0', LOINC)).toBe(false);
    expect(sets.classCode.force).toBe('own');
  });
});

describe('tables that cannot be read', () => {
  test.each([
    ['is missing', null],
    ['is no YAML', 'sources: ['],
    ['names no source', 'codes: {}'],
  ])('a file that %s is named', (_, content) => {
    const folder = mkdtempSync(join(tmpdir(), 'viaduc-xds-'));
    try {
      if (content !== null) writeFileSync(join(folder, 'types.yaml'), content);
      readTables(folder);
      expect.unreachable();
    } catch (error) {
      expect(isViaducError(error, 'xds.profile-unreadable')).toBe(true);
      expect(error).toMatchObject({ values: { file: 'types.yaml' } });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
