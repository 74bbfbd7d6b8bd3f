import { describe, expect, test } from 'vitest';
import type { DocumentFacts, Participant } from '../../src/words/document.ts';
import { deriveLot, type LotInput } from '../../src/xds/derive.ts';
import type { DocumentEntry } from '../../src/xds/model.ts';
import { authorStructures } from '../../src/xds/people.ts';
import { defaultSettings } from '../../src/xds/settings.ts';
import { DEPOSIT, LETTER, lotOf, PHYSICIAN } from './discharge-letter.ts';

const settings = defaultSettings();

function entryOf(document: Partial<DocumentFacts> = {}, around: Partial<LotInput> = {}): DocumentEntry {
  return deriveLot(lotOf(document, around)).lot.entries[0]!;
}

describe('people', () => {
  const DEVICE: Participant = {
    ...PHYSICIAN,
    ids: [{ root: '1.2.250.1.71.4.2.1', extension: '3010000017/LAB' }],
    kind: 'device',
    name: null,
    deviceName: 'Automate de biologie',
  };

  test('authors keep their number and order', () => {
    const { authors } = entryOf({ authors: [DEVICE, PHYSICIAN] });
    expect(authors.map(({ person }) => [person?.family, person?.nameType, person?.idType])).toEqual([
      ['Automate de biologie', 'U', 'RI'],
      ['LE GALL', 'D', 'IDNPS'],
    ]);
  });

  test('a system needs no given name', () => {
    expect(deriveLot(lotOf({ authors: [DEVICE] })).findings).toEqual([]);
  });

  test('a local identifier is EI, the patient as author NH', () => {
    const as = (root: string) =>
      entryOf({ authors: [{ ...PHYSICIAN, ids: [{ root, extension: '7' }] }] }).authors[0]!.person?.idType;
    expect([as('1.2.3'), as('1.2.250.1.213.1.4.8')]).toEqual(['EI', 'NH']);
  });

  test('the national identifier is preferred to a local one', () => {
    const ids = [{ root: '1.2.3', extension: '7' }, ...PHYSICIAN.ids];
    expect(entryOf({ authors: [{ ...PHYSICIAN, ids }] }).authors[0]!.person?.id).toBe('899700000011');
  });

  test('the structures of the authors can be asked for', () => {
    expect(authorStructures({ ...LETTER, authors: [PHYSICIAN, DEVICE] })).toEqual(['1010000017']);
    expect(authorStructures({ ...LETTER, authors: [{ ...PHYSICIAN, organization: null }] })).toEqual([]);
  });
});

describe('patient', () => {
  test('without local identifier the source knows the INS', () => {
    const ids = [{ root: '1.2.250.1.213.1.4.8', extension: '279035121518989' }];
    expect(entryOf({ patient: { ...LETTER.patient!, ids } }).sourcePatientId).toEqual({
      value: '279035121518989',
      authority: '1.2.250.1.213.1.4.8',
      type: 'NH',
    });
  });

  test('an id element without root or value is not an identifier', () => {
    const ids = [{ root: '', extension: null }, { root: '1.2.3', extension: null }, ...LETTER.patient!.ids];
    expect(entryOf({ patient: { ...LETTER.patient!, ids } }).sourcePatientId?.value).toBe('IPP^0042');
  });

  test('unknown sex is UN, or U by setting', () => {
    const patient = { ...LETTER.patient!, gender: 'UN' };
    expect(entryOf({ patient }).sourcePatientInfo?.sex).toBe('UN');
    const around = { settings: { ...settings, unknownSex: 'U' as const } };
    expect(entryOf({ patient }, around).sourcePatientInfo?.sex).toBe('U');
  });

  test('a birth in the night keeps its day whatever its offset', () => {
    const patient = { ...LETTER.patient!, birthTime: '197903280030+0200' };
    expect(entryOf({ patient }).sourcePatientInfo?.birthDate).toBe('19790328');
  });

  test('the pseudonym has its own given name', () => {
    const name = {
      ...LETTER.patient!.name,
      family: [{ value: 'ZORRO', qualifier: 'CL' }],
      given: [
        { value: 'DIEGO', qualifier: 'BR' },
        { value: 'DON', qualifier: 'CL' },
      ],
    };
    expect(entryOf({ patient: { ...LETTER.patient!, name } }).sourcePatientInfo?.names).toEqual([
      { family: 'ZORRO', given: 'DON', type: 'S' },
    ]);
  });
});

describe('acts and references', () => {
  const [event] = LETTER.serviceEvents;

  test('the main act is the first that has a start and a performer', () => {
    const early = { ...event!, performer: null, effectiveTime: { low: '20200101', high: null } };
    const main = { ...event!, effectiveTime: { low: '20210101', high: null } };
    expect(entryOf({ serviceEvents: [early, main] }).serviceStartTime).toBe('20210101');
    expect(entryOf({ serviceEvents: [early] }).serviceStartTime).toBe('20200101');
  });

  test('each coded act is an event code once; one without code system is none', () => {
    const uncoded = { ...event!, code: { code: 'X', codeSystem: null, displayName: null } };
    expect(entryOf({ serviceEvents: [event!, event!, uncoded] }).eventCodes).toHaveLength(1);
  });

  test('orders, accession and study go to referenceIdList, each under its kind', () => {
    const exam = { kind: 'IMG' as const, id: 'E1', accession: 'DEM-77', studyUid: '1.2.840.1' };
    expect(entryOf({}, { request: { ...DEPOSIT, exam } }).referenceIds).toEqual([
      { value: 'DEM-77', authority: '1.2.250.1.999.1.1.8121.4', kind: 'urn:ihe:iti:xds:2013:order' },
      { value: 'DEM-77', authority: '1.2.250.1.999.1.1.8121.4', kind: 'urn:ihe:iti:xds:2013:accession' },
      { value: '1.2.840.1', authority: null, kind: 'urn:ihe:iti:xds:2016:studyInstanceUID' },
    ]);
  });

  test('an accession number whose authority nobody gave is left out', () => {
    const exam = { kind: 'IMG' as const, id: 'E1', accession: 'OTHER', studyUid: null };
    expect(entryOf({ orders: [] }, { request: { ...DEPOSIT, exam } }).referenceIds).toEqual([]);
  });

  test('a time without offset is read in the zone of the establishment', () => {
    const around = { settings: { ...settings, zone: 'Indian/Reunion' } };
    expect(entryOf({ effectiveTime: '202603011130' }, around).creationTime).toBe('202603010730');
  });
});
