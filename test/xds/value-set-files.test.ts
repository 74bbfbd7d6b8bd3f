import { existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KNOWN_SETS } from '../../src/xds/known-sets.ts';
import { xdsLimits } from '../../src/xds/limits.ts';
import { publishedSettings } from '../../src/xds/settings.ts';
import { readTables } from '../../src/xds/tables.ts';
import { loadValueSets, stampOf } from '../../src/xds/value-set-files.ts';
import { officialSets } from '../../src/xds/value-sets.ts';
import { asConceptMap, asFhir, asSvs, types, type Written } from './published.ts';

const NOW = Date.parse('2026-11-25T12:00:00Z');
const LOINC = '2.16.840.1.113883.6.1';
const tables = readTables();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'viaduc-sets-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const load = (...paths: string[]) => loadValueSets(paths.length > 0 ? paths : [folder], tables, NOW);
const codesOf = (loaded: ReturnType<typeof load>) => loaded.problems.map(({ code }) => code);
const saidOf = (loaded: ReturnType<typeof load>) => loaded.problems.map(({ words }) => words);

describe('a published set', () => {
  test('in the form of the packs: OID, edition, date and codes', () => {
    const file = put('JDV_J66-TypeCode-DMP.xml', asSvs(types('11490-0', '34112-3')));
    const { sets, problems } = load();
    expect(problems).toEqual([]);
    expect(sets).toEqual([
      {
        source: { set: 'JDV_J66-TypeCode-DMP', oid: '1.2.250.1.213.1.1.5.7', version: '2026-09-25' },
        ...{ attribute: 'typeCode', role: 'refuses', edition: '20260925120000', endsAt: null, file },
        pairs: [],
        codes: [
          { code: '11490-0', scheme: LOINC, endsAt: null },
          { code: '34112-3', scheme: LOINC, endsAt: null },
        ],
      },
    ]);
  });

  test('in the form of the terminology server: addresses of code systems become schemes', () => {
    const nomenclature = 'https://mos.esante.gouv.fr/NOS/TRE_A05-TypeDocComplementaireCISIS/FHIR/TRE-A05-X';
    const codes = [
      { code: '11490-0', scheme: 'http://loinc.org' },
      { code: 'SYNTH', scheme: nomenclature },
      { code: 'X', scheme: 'urn:oid:1.2.3' },
    ];
    put('ValueSet-J66.json', asFhir({ ...types(), codes }));
    const [set] = load().sets;
    expect(set?.source.version).toBe('2026-09-25');
    expect(set?.codes.map(({ code, scheme }) => `${scheme} ${code}`)).toEqual([
      `${LOINC} 11490-0`,
      '1.2.250.1.213.1.1.4.12 SYNTH',
      '1.2.3 X',
    ]);
  });

  test('is known by its OID, whatever its file and its name are', () => {
    put('types.xml', asSvs({ ...types('11490-0'), set: 'Autre nom' }));
    expect(load().sets[0]?.attribute).toBe('typeCode');
  });

  test('whose OID is not known is known by the number in its name', () => {
    const codes = [{ code: 'G15_10', scheme: '1.2.250.1.213.1.1.4.5' }];
    put(
      'JDV-J56-AuthorSpecialty-DMP.json',
      asFhir({
        ...types(),
        set: 'JDV_J56-AuthorSpecialty-DMP',
        oid: '1.2.3',
        codes: [{ code: 'G15_10', scheme: 'urn:oid:1.2.250.1.213.1.1.4.5' }],
      }),
    );
    expect(load()).toMatchObject({ problems: [], sets: [{ attribute: 'authorSpecialty', codes }] });
  });

  test('that stands twice is taken in its newest edition', () => {
    put('JDV_J66-a.xml', asSvs(types('11490-0')));
    put('JDV_J66-b.xml', asSvs({ ...types('34112-3'), date: '2026-10-30' }));
    expect(load().sets.map(({ source }) => source.version)).toEqual(['2026-10-30']);
  });

  test('of every kind is told from the others', () => {
    const published = KNOWN_SETS.filter(({ role }) => role !== 'corresponds');
    for (const { name, oid } of published)
      put(`${name}.xml`, asSvs({ ...types('X'), set: name, oid: oid ?? '1.2.3', date: '2027-01-01' }));
    const { sets, problems } = load();
    expect(problems).toEqual([]);
    expect(sets.map(({ source }) => source.set).toSorted()).toEqual(
      published.map(({ name }) => name).toSorted(),
    );
  });

  test('in a folder stands beside files that are none of ours', () => {
    put('JDV_J66-TypeCode-DMP.xml', asSvs(types('11490-0')));
    put('JDV_Tumeur_CISIS.xml', asSvs({ ...types('X'), set: 'JDV_Tumeur_CISIS', oid: '1.2.3' }));
    put('README.txt', 'not read');
    expect(load()).toMatchObject({ problems: [], sets: [{ attribute: 'typeCode' }] });
  });
});

describe('the official sets that it makes', () => {
  const valueSets = (...written: Written[]) => {
    written.forEach((one, index) => {
      put(`${index}.xml`, asSvs(one));
    });
    return officialSets(load().sets, () => NOW);
  };

  test('have the codes listed, each in its scheme', () => {
    const { typeCode } = valueSets(types('11490-0'));
    expect(typeCode?.force).toBe('refuses');
    expect(typeCode?.has('11490-0', LOINC)).toBe(true);
    expect(typeCode?.has('11490-0', '1.2.3')).toBe(false);
    expect(typeCode?.has('34112-3', LOINC)).toBe(false);
  });

  test('lose a code on the day of its end', () => {
    const codes = [
      { code: 'GONE', scheme: LOINC, until: '20261125000000' },
      { code: 'GOING', scheme: LOINC, until: '20261126000000' },
    ];
    const { typeCode } = valueSets({ ...types(), codes });
    expect([typeCode?.has('GONE', LOINC), typeCode?.has('GOING', LOINC)]).toEqual([false, true]);
  });

  test('are none for a set of the CI-SIS', () => {
    const siblings = {
      ...types('11490-0'),
      set: 'JDV_J07-XdsTypeCode-CISIS',
      oid: '1.2.250.1.213.1.1.5.471',
    };
    expect(valueSets(siblings)).toEqual({});
  });

  test('of modalities speak of acts of their code system alone', () => {
    const dicom = '1.2.840.10008.2.16.4';
    const modalities = {
      set: 'JDV_ModaliteAcquisition-CISIS',
      oid: '1.2.250.1.213.1.1.5.618',
      date: '2026-01-01',
    };
    const { eventCode } = valueSets({ ...modalities, codes: [{ code: 'CT', scheme: dicom }] });
    expect(eventCode?.force).toBe('advises');
    expect([eventCode?.has('CT', dicom), eventCode?.has('XX', dicom), eventCode?.has('XX', '1.2.3')]).toEqual(
      [true, false, true],
    );
  });
});

describe('a correspondence', () => {
  const NEW_TYPE = { code: '85895-1', codeSystem: LOINC, displayName: null };
  const classes = (map: 'ASS_X04' | 'ASS_X16', pairs: Record<string, string>) =>
    asConceptMap({
      map: `${map}-CorrespondanceType-Classe`,
      oid: map === 'ASS_X16' ? '1.2.250.1.213.1.1.5.587' : '1.2.250.1.213.1.1.4.249',
      ...{ date: '2026-10-30', source: 'http://loinc.org', pairs },
    });
  const formats = (pairs: Record<string, string>) =>
    asConceptMap({
      map: 'ASS_A11-CorresModeleCDA-XdsFormatCode-CISIS',
      oid: '1.2.250.1.213.1.1.4.331',
      ...{ date: '2026-10-30', source: 'https://mos.esante.gouv.fr/NOS/TRE_R220-X/FHIR/TRE-R220-X', pairs },
    });
  const codes = () => {
    const { sets, problems } = load();
    expect(problems).toEqual([]);
    return publishedSettings(sets).codes;
  };

  test('gives a class to a type that is new', () => {
    put('ASS-X16.json', classes('ASS_X16', { '85895-1': '31' }));
    expect(codes().classCode(NEW_TYPE)).toMatchObject({ code: '31', label: 'Imagerie médicale' });
    expect(codes().classCode({ ...NEW_TYPE, code: '11490-0' })?.code).toBe('10');
    expect(codes().valueSets.typeCode.has('85895-1', LOINC)).toBe(false);
  });

  test('of the DMP counts before that of the CI-SIS', () => {
    put('a.json', classes('ASS_X16', { '85895-1': '31' }));
    put('b.json', classes('ASS_X04', { '85895-1': '10', '11490-0': '11' }));
    expect(codes().classCode(NEW_TYPE)?.code).toBe('31');
    expect(codes().classCode({ ...NEW_TYPE, code: '11490-0' })?.code).toBe('11');
  });

  test('gives a format to a template that is new', () => {
    put('ASS-A11.json', formats({ '1.2.3.4': 'urn:ans:ci-sis:essai:2027' }));
    const facts = {
      body: { kind: 'structured' as const },
      templateIds: [{ root: '1.2.3.4', extension: null }],
    };
    const format = { code: 'urn:ans:ci-sis:essai:2027', scheme: '1.2.250.1.213.1.1.4.2.282' };
    expect(codes().formatCode(facts)).toMatchObject(format);
    expect(codes().valueSets.formatCode.has(format.code, format.scheme)).toBe(false);
  });

  test('leaves the tables of the product as they are', () => {
    put('ASS-X16.json', classes('ASS_X16', { '11490-0': '11' }));
    expect(codes().classCode({ ...NEW_TYPE, code: '11490-0' })?.code).toBe('11');
    expect(publishedSettings([]).codes.classCode({ ...NEW_TYPE, code: '11490-0' })?.code).toBe('10');
  });

  test.each([
    ['without OID', (text: string) => text.replace('urn:oid:', ''), 'xds.value-set-unreadable'],
    ['without pairs', (text: string) => text.replace('"85895-1"', '""'), 'xds.value-set-unreadable'],
    [
      'older than our own table',
      (text: string) => text.replaceAll('2026-10-30', '2020-01-01'),
      'xds.value-set-outdated',
    ],
  ])('%s is told', (what, spoilt, code) => {
    const text = spoilt(classes('ASS_X16', { '85895-1': '31' }));
    put('ASS-X16.json', what === 'without OID' ? text.replace(/"identifier": \{[^}]*\},/, '') : text);
    expect(codesOf(load(join(folder, 'ASS-X16.json')))).toEqual([code]);
  });
});

describe('a file that cannot be used', () => {
  test.each<[string, string, number | null]>([
    ['not well-formed', asSvs(types('11490-0')).replace('</ConceptList>', ''), 6],
    ['another root', '<a xmlns="urn:ihe:iti:svs:2008"/>', 1],
    ['without OID', asSvs(types('11490-0')).replace(/ id="[^"]*"/, ''), 3],
    ['without date', asSvs(types('11490-0')).replace(/dateMaj="\d*"/, 'version="test"'), 3],
    ['without codes', asSvs(types()), 3],
    [
      'a code without code system',
      asSvs(types('A', 'B')).replace('code="B" codeSystem="', 'code="B" x="'),
      6,
    ],
  ])('XML: %s, told with its line', (_, text, line) => {
    const file = put('JDV_J66-TypeCode-DMP.xml', text);
    const loaded = load();
    expect(loaded.sets).toEqual([]);
    expect(codesOf(loaded)).toEqual(['xds.value-set-unreadable']);
    const [{ fr, en }] = saidOf(loaded) as [{ fr: string; en: string }];
    expect(fr).toContain(`${file}, ligne ${line} est inutilisable`);
    expect(en).toContain(`${file}, line ${line} cannot be used`);
  });

  const listed = { code: '11490-0', scheme: 'http://loinc.org' };
  const json = asFhir({ ...types(), codes: [listed] });
  test.each<[string, string, string]>([
    [
      'not JSON',
      json.replace('"version"', 'version'),
      ', line 18 cannot be used: this is not well-formed JSON',
    ],
    ['truncated', json.slice(0, -30), 'not well-formed JSON'],
    ['another resource', json.replace('"ValueSet"', '"CodeSystem"'), 'this is no FHIR ValueSet'],
    ['without OID', json.replace('urn:oid:', 'urn:x:'), 'does not say its OID'],
    [
      'without date',
      json.replace(/"date": "[^"]*",/, '').replace('20260925120000', '1.0'),
      'does not say its date',
    ],
    [
      'a whole code system',
      json.replace('"concept"', '"x"'),
      'takes codes of http://loinc.org without listing them',
    ],
    [
      'an unknown code system',
      json.replace('http://loinc.org', 'http://x.example'),
      ', line 25 cannot be used: the code system http://x.example is not known',
    ],
    ['without codes', asFhir(types()), 'the set has no code'],
  ])('JSON: %s', (_, text, said) => {
    put('JDV-J66-TypeCode-DMP.json', text);
    const loaded = load();
    expect(codesOf(loaded)).toEqual(['xds.value-set-unreadable']);
    expect(saidOf(loaded)[0]?.en).toContain(said);
  });

  test('a path that leads nowhere, and a set named that concerns no metadata', () => {
    const other = put('other.xml', asSvs({ ...types('X'), set: 'JDV_Tumeur_CISIS', oid: '1.2.3' }));
    const loaded = load(join(folder, 'nowhere'), other);
    expect(codesOf(loaded)).toEqual(['xds.value-set-unreadable', 'xds.value-set-unreadable']);
    expect(saidOf(loaded)[1]?.en).toContain('concerns no metadata of the DMP');
  });

  test('a folder without any set of the DMP', () => {
    put('JDV_Tumeur_CISIS.xml', asSvs({ ...types('X'), set: 'JDV_Tumeur_CISIS', oid: '1.2.3' }));
    expect(codesOf(load())).toEqual(['xds.value-set-none']);
  });

  test('does not keep the others from judging', () => {
    put('JDV_J57.xml', '<broken');
    put('JDV_J66.xml', asSvs(types('11490-0')));
    expect(load()).toMatchObject({ problems: [{}], sets: [{ attribute: 'typeCode' }] });
  });
});

describe('an edition that is no longer in force', () => {
  test('ended', () => {
    put('JDV_J66.xml', asSvs({ ...types('11490-0'), until: '20261101000000' }));
    expect(saidOf(load())[0]?.en).toContain('ended on 2026-11-01');
  });

  test('retired by the terminology server', () => {
    const codes = [{ code: '11490-0', scheme: 'http://loinc.org' }];
    put('JDV_J66.json', asFhir({ ...types(), codes }).replace('"active"', '"retired"'));
    expect(codesOf(load())).toEqual(['xds.value-set-ended']);
  });

  test('older than the edition our own list was written from', () => {
    put('JDV_J66.xml', asSvs({ ...types('11490-0'), date: '2020-01-31' }));
    expect(saidOf(load())[0]?.en).toMatch(/is of 2020-01-31; an edition of 2024-09-27 is known already/);
  });
});

describe('limits', () => {
  const sized = (bytes: number) => {
    const file = put('JDV_J66.xml', '');
    truncateSync(file, bytes);
    return saidOf(load(file))[0]?.en;
  };

  test('a file at the cap is read, one byte more is not', () => {
    const { value } = xdsLimits.valueSetBytes;
    expect(sized(value)).not.toContain('more than the limit');
    expect(sized(value + 1)).toContain('more than the limit');
  });

  test('a folder at the cap is looked through, one file more is not', () => {
    const { value } = xdsLimits.valueSetFiles;
    put('JDV_J66.xml', asSvs(types('11490-0')));
    for (let count = 1; count < value; count += 1) put(`${count}.xml`, '');
    expect(load().problems).toEqual([]);
    put('more.xml', '');
    expect(saidOf(load())[0]?.en).toContain(`holds ${value + 1} files`);
  });
});

test('what changes in a folder changes its stamp', () => {
  const before = stampOf([folder]);
  const file = put('JDV_J66.xml', 'a');
  const one = stampOf([folder]);
  put('JDV_J66.xml', 'ab');
  const other = stampOf([folder]);
  rmSync(file);
  expect(new Set([before, one, other]).size).toBe(3);
  expect(stampOf([join(folder, 'nowhere')])).toBe('missing');
});

const shared = process.env.VIADUC_SHARED ?? join(import.meta.dirname, '..', '..', '..', 'shared');
const editions = ['TestContenuCDA-2-41', 'TestContenuCDA-3-0'].map((pack) =>
  join(shared, 'ans', pack, 'jeuxDeValeurs'),
);
const why = editions.every((one) => existsSync(one)) ? '' : ` (skipped: no packs of the agency in ${shared})`;

describe.skipIf(why !== '')(`the packs of the agency${why}`, () => {
  test('the newer holds no set of the DMP but those that advise; sets of the CI-SIS do not refuse', () => {
    const { sets, problems } = load(editions[1]!);
    expect(problems).toEqual([]);
    expect(
      sets.map(({ source, role, codes }) => [source.set.split('-')[0], source.version, role, codes.length]),
    ).toEqual([
      ['JDV_J01', '2024-12-13', 'sibling', 396],
      ['JDV_J02', '2024-12-13', 'sibling', 69],
      ['JDV_J04', '2024-09-27', 'sibling', 12],
      ['JDV_J07', '2024-09-27', 'sibling', 114],
      ['JDV_J08', '2020-04-24', 'sibling', 6],
      ['JDV_J47', '2024-12-13', 'advises', 10],
      ['JDV_ModaliteAcquisition', '2021-04-19', 'advises', 49],
    ]);
  });

  test('the older has a set without a date, which is told; of both the newer edition of a set is taken', () => {
    expect(saidOf(load(editions[0]!)).map(({ en }) => en.replace(/.*\//, ''))).toEqual([
      'JDV_ModaliteAcquisition-CISIS.xml, line 3 cannot be used: the set does not say the date of its edition (revisionDate, dateMaj).',
    ]);
    const both = load(...editions).sets.find(({ source }) => source.set === 'JDV_J07-XdsTypeCode-CISIS');
    expect(both?.source.version).toBe('2024-09-27');
  });
});
