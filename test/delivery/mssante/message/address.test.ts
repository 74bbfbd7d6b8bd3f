import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  domainOf,
  mailAddress,
  type RecipientInput,
  recipientAddress,
} from '../../../../src/delivery/mssante/message/address.ts';
import { aLabels } from '../../../../src/routing/address.ts';
import { isViaducError } from '../../../../src/words/errors.ts';
import { factsOf, LETTER, PATIENT_BOX } from './outgoing.ts';

const input = (address: string, change: Partial<RecipientInput> = {}): RecipientInput => ({
  recipient: { address, class: 'patient' },
  ...{ facts: LETTER, environment: 'sandbox', qualified: true, patientDomain: 'patient.mssante.fr' },
  ...change,
});
const codeOf = (given: RecipientInput) => {
  try {
    return recipientAddress(given).address;
  } catch (error) {
    return (error as { code: string }).code;
  }
};
const withIns = (...extensions: string[]) => ({
  ...LETTER,
  patient: {
    ...LETTER.patient!,
    ids: extensions.map((extension) => ({ root: '1.2.250.1.213.1.4.10', extension })),
  },
});

test.each([
  ['cabinet@Medecin.MSSante.fr', 'cabinet@medecin.mssante.fr'],
  ["jean.d'arc+x@a-b.mssante.fr", "jean.d'arc+x@a-b.mssante.fr"],
  ['x@hôpital.mssante.fr', 'x@xn--hpital-ixa.mssante.fr'],
  [`${'a'.repeat(64)}@b.fr`, `${'a'.repeat(64)}@b.fr`],
])('%s is an address', (text, address) => expect(mailAddress(text).address).toBe(address));

test.each([
  ...[
    '',
    'a',
    '@b.fr',
    'a@',
    'a@b',
    'a@@b.fr',
    'a b@c.fr',
    '"a b"@c.fr',
    'Nom <a@b.fr>',
    '<a@b.fr>',
    'a@b.fr, c@d.fr',
  ],
  ...[
    'a@b.fr ',
    ' a@b.fr',
    'a@b.fr\r\n',
    'a\0@b.fr',
    '.a@b.fr',
    'a.@b.fr',
    'a..b@c.fr',
    'é@b.fr',
    'a@[127.0.0.1]',
  ],
  ...[
    'a@127.0.0.1',
    'a@-b.fr',
    'a@b-.fr',
    'a@b..fr',
    'a@b.fr.',
    'a@b_c.fr',
    'a@ex%41mple.fr',
    `a@${'b'.repeat(64)}.fr`,
  ],
  ...[`${'a'.repeat(65)}@b.fr`, `a@${'b.'.repeat(126)}fr`, 'mailto:a@b.fr', 'a(x)@b.fr'],
])('%j is none', (text) => {
  expect(() => mailAddress(text)).toThrow(expect.objectContaining({ code: 'mssante.address-malformed' }));
});

test('no text makes anything but an address or that refusal, and no refusal repeats it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      try {
        expect(mailAddress(text).address).toMatch(/^[!-~]+@[a-z0-9.-]+$/);
      } catch (error) {
        expect(isViaducError(error, 'mssante.address-malformed')).toBe(true);
        if (text.length > 20) expect((error as Error).message).not.toContain(text);
      }
    }),
  );
});

describe('the address of a patient', () => {
  test('is made of the INS of the document, and the one given must be it', () => {
    expect(codeOf(input(PATIENT_BOX))).toBe(PATIENT_BOX);
    expect(codeOf(input(PATIENT_BOX.toUpperCase()))).toBe(PATIENT_BOX);
    expect(codeOf(input('279035121518989@patient.mssante.fr'))).toBe('mssante.address-of-another-patient');
    expect(codeOf(input('23606632208365623606@patient.mssante.fr'))).toBe(
      'mssante.address-of-another-patient',
    );
    expect(codeOf(input('236066322083656@patient.mssante.com'))).toBe('mssante.address-not-of-a-patient');
  });

  test('keeps the letter of Corsica as the INS has it', () => {
    const facts = withIns('297022A02077878');
    expect(codeOf(input('297022a02077878@patient.mssante.fr', { facts }))).toBe(
      '297022A02077878@patient.mssante.fr',
    );
  });

  test('is written for a qualified identity only, with one sound INS of this environment', () => {
    expect(codeOf(input(PATIENT_BOX, { qualified: false }))).toBe('mssante.patient-not-qualified');
    const unusable: Partial<RecipientInput>[] = [
      { facts: factsOf('no-ins.xml') },
      { facts: withIns('236066322083656', '279035121518989') },
      { facts: withIns('23606632208365') },
      { facts: withIns('236066322083656236066') },
      { environment: 'production' },
    ];
    for (const change of unusable)
      expect(codeOf(input(PATIENT_BOX, change))).toBe('mssante.patient-ins-unusable');
  });

  test('a wrong key forbids it in production, where test data do not count', () => {
    const ids = [{ root: '1.2.250.1.213.1.4.8', extension: '236066322083657' }];
    const facts = { ...LETTER, patient: { ...LETTER.patient!, ids } };
    const address = '236066322083657@patient.mssante.fr';
    expect(codeOf(input(address, { facts, environment: 'production' }))).toBe('mssante.patient-ins-unusable');
    expect(codeOf(input(address, { facts, environment: 'sandbox' }))).toBe(address);
  });

  test('is never taken for that of a professional', () => {
    const recipient = { address: PATIENT_BOX.replace('patient', 'PATIENT'), class: 'professional' as const };
    expect(codeOf(input('', { recipient }))).toBe('mssante.address-of-a-patient');
  });
});

test('domains are compared in A-labels', () => {
  expect(domainOf('x@HÔPITAL.mssante.fr')).toBe('xn--hpital-ixa.mssante.fr');
  expect(domainOf('x@xn--hpital-ixa.mssante.fr')).toBe(aLabels('hôpital.mssante.fr'));
  expect(domainOf('nobody')).toBeNull();
});
