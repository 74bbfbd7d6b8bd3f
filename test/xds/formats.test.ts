import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codedText, component, cx, cxi, dtm, pidLines, xcn, xon } from '../../src/xds/formats.ts';
import { nationalProfessionalId, nationalStructureId } from '../../src/xds/national-ids.ts';

const physician = {
  id: '899700000011',
  authority: '1.2.250.1.71.4.2.1',
  family: 'LE GALL',
  given: 'Maëlle',
  nameType: 'D',
  idType: 'IDNPS',
} as const;

describe('components', () => {
  test('separators of HL7 v2 become escape sequences, the escape character first', () => {
    expect(component('A^B&C~D|E\\F')).toBe('A\\S\\B\\T\\C\\R\\D\\F\\E\\E\\F');
  });

  test('line ends and control characters become one blank, edges are trimmed', () => {
    expect(component('  Hôpital\r\n\tdu\u0000 Nord ')).toBe('Hôpital du Nord');
  });

  test('no value can add or end a component, whatever it holds', () => {
    const unescaped = (text: string) =>
      text
        .replaceAll('\\S\\', '^')
        .replaceAll('\\T\\', '&')
        .replaceAll('\\R\\', '~')
        .replaceAll('\\F\\', '|')
        .replaceAll('\\E\\', '\\');
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('^', '&', '~', '|', '\\', 'S', 'E', 'é') }), (value) => {
        const written = component(value);
        expect(written).not.toMatch(/[\^&~|]/);
        // `\E\S\` reads two ways to a reader that replaces instead of scanning, so scan as a reader must.
        const read = written.replace(/\\([STRFE])\\/g, (sequence) => unescaped(sequence));
        expect(read).toBe(value);
      }),
    );
  });
});

describe('HL7 v2 types in XDS', () => {
  test('CX of an INS has type NH, of a local identifier PI', () => {
    expect(cx({ value: '279035121518989', authority: '1.2.250.1.213.1.4.10', type: 'NH' })).toBe(
      '279035121518989^^^&1.2.250.1.213.1.4.10&ISO^NH',
    );
    expect(cx({ value: 'A^1', authority: '1.2.3', type: 'PI' })).toBe('A\\S\\1^^^&1.2.3&ISO^PI');
  });

  test('XCN has its authority in component 9, name type in 10, identifier type in 13', () => {
    const components = xcn(physician).split('^');
    expect(components).toHaveLength(13);
    expect([0, 1, 2, 8, 9, 12].map((index) => components[index])).toEqual([
      '899700000011',
      'LE GALL',
      'Maëlle',
      '&1.2.250.1.71.4.2.1&ISO',
      'D',
      'IDNPS',
    ]);
  });

  test('XCN without an identifier claims neither authority nor type', () => {
    expect(xcn({ ...physician, id: null, authority: null })).toBe('^LE GALL^Maëlle^^^^^^^D');
  });

  test('XCN of a system is U and RI', () => {
    expect(
      xcn({ ...physician, id: '3123/A', family: 'Automate', given: null, nameType: 'U', idType: 'RI' }),
    ).toBe('3123/A^Automate^^^^^^^&1.2.250.1.71.4.2.1&ISO^U^^^RI');
  });

  test('XON has its authority in component 6, type in 7, identifier in 10', () => {
    const components = xon({ name: 'R&D', id: '1010000017', authority: '1.2.250.1.71.4.2.2' }).split('^');
    expect(components).toEqual([
      'R\\T\\D',
      '',
      '',
      '',
      '',
      '&1.2.250.1.71.4.2.2&ISO',
      'IDNST',
      '',
      '',
      '1010000017',
    ]);
  });

  test('XON of another authority does not claim to be national, and without identifier is a name', () => {
    expect(xon({ name: 'Service', id: '42', authority: '1.2.3' })).toBe('Service^^^^^&1.2.3&ISO^^^^42');
    expect(xon({ name: 'Service', id: null, authority: null })).toBe('Service');
  });

  test('specialty is code, label, code system', () => {
    expect(
      codedText({ code: 'G15_10/SM26', label: 'Médecine générale', scheme: '1.2.250.1.213.1.1.4.5' }),
    ).toBe('G15_10/SM26^Médecine générale^1.2.250.1.213.1.1.4.5');
  });

  test('CXi has its kind in component 5, with or without authority', () => {
    const kind = 'urn:ihe:iti:xds:2013:order';
    expect(cxi({ value: '77', authority: '1.2.3', kind })).toBe(`77^^^&1.2.3&ISO^${kind}`);
    expect(cxi({ value: '1.2.9', authority: null, kind })).toBe(`1.2.9^^^^${kind}`);
  });

  test('patient lines carry the type of each name in component 7', () => {
    const names = [
      { family: 'PAT-TROIS', given: 'DOMINIQUE', type: 'L' as const },
      { family: 'A^B', given: '', type: 'U' as const },
    ];
    expect(pidLines({ names, birthDate: '19790328', sex: 'F' })).toEqual([
      'PID-5|PAT-TROIS^DOMINIQUE^^^^^L',
      'PID-5|A\\S\\B^^^^^^U',
      'PID-7|19790328',
      'PID-8|F',
    ]);
    expect(pidLines({ names: [], birthDate: null, sex: null })).toEqual([]);
  });

  test('an instant is 14 digits in UTC', () => {
    expect(dtm(Date.UTC(2026, 11, 31, 23, 59, 59, 999))).toBe('20261231235959');
  });
});

describe('national identifiers', () => {
  test.each([
    ['010000017', '1010000017'],
    ['2A0000014', '12A0000014'],
    ['0B0000014', '10B0000014'],
    ['1010000017', '1010000017'],
    ['312345678900017', '312345678900017'],
  ])('structure %s is sent as %s', (given, sent) => {
    expect(nationalStructureId(given)).toBe(sent);
  });

  test.each([
    ['99700000011', '899700000011'],
    ['899700000011', '899700000011'],
    ['751234567', '0751234567'],
    ['3010000017/AGENT7', '3010000017/AGENT7'],
  ])('professional %s is sent as %s', (given, sent) => {
    expect(nationalProfessionalId(given)).toBe(sent);
  });
});
