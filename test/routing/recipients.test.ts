import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mailboxFor } from '../../src/routing/mailbox.ts';
import { judgeLeftOut } from '../../src/routing/original-recipients.ts';
import { judgeRecipients, normalAddress, recipientsOf } from '../../src/routing/recipients.ts';
import type { MssanteRecipient, SubmissionRequest } from '../../src/words/request.ts';

const MATRICULE = '279035121518989';
const OWN = `${MATRICULE}@patient.mssante.fr`;
const known = { matricule: MATRICULE, domain: 'patient.mssante.fr' };

function asking(mssante: Omit<MssanteRecipient, 'id'>[], patient = false): SubmissionRequest {
  const recipients = mssante.map((one) => ({ ...one, id: null }));
  const destinations = { dmp: false, mssante: recipients, patient, patientMayAnswer: false };
  return { destinations } as SubmissionRequest;
}

const codes = (request: SubmissionRequest, patient = known as Parameters<typeof judgeRecipients>[1]) =>
  judgeRecipients(request, patient).map(({ code }) => code);

describe('the boxes of a request', () => {
  test('are each written to once, however they are spelt', () => {
    const request = asking([
      { address: 'Cabinet@Cardio.MSSante.fr', class: 'professional' },
      { address: 'cabinet@cardio.mssante.fr', class: 'organization' },
      { address: 'labo@ch-léon.mssante.fr', class: 'organization' },
    ]);
    expect(recipientsOf(request, known)).toEqual([
      { address: 'cabinet@cardio.mssante.fr', class: 'organization' },
      { address: 'labo@xn--ch-lon-eva.mssante.fr', class: 'organization' },
    ]);
  });

  test('the box of the patient is made of the INS of the document, once', () => {
    const own = { address: OWN, class: 'patient' as const };
    expect(recipientsOf(asking([], true), known)).toEqual([own]);
    expect(recipientsOf(asking([own], true), known)).toEqual([own]);
    expect(recipientsOf(asking([], true), { ...known, matricule: null })).toEqual([]);
  });
});

describe('what is wrong with recipients', () => {
  test.each([
    ['no address', 'cabinet', 'routing.address-malformed'],
    ['a display name', 'Dr <a@cardio.mssante.fr>', 'routing.address-malformed'],
    ['a second header', 'a@cardio.mssante.fr\r\nBcc: b@cardio.mssante.fr', 'routing.address-malformed'],
    ['two at signs', 'a@b@cardio.mssante.fr', 'routing.address-malformed'],
    ['a quoted local part', '"a b"@cardio.mssante.fr', 'routing.address-malformed'],
    ['a domain of one label', 'a@localhost', 'routing.address-malformed'],
    ['a patient called a professional', OWN, 'routing.address-of-patient'],
    ['what is right', 'a.b+c@cardio.mssante.fr', null],
  ])('%s', (_, address, code) => {
    expect(codes(asking([{ address, class: 'professional' }]))).toEqual(code === null ? [] : [code]);
  });

  test.each([
    ['another patient', '146026322000196@patient.mssante.fr'],
    ['a matricule of 20 digits', `27707${MATRICULE}@patient.mssante.fr`],
    ['another domain', `${MATRICULE}@cardio.mssante.fr`],
  ])('%s is not the patient', (_, address) => {
    expect(codes(asking([{ address, class: 'patient' }]))).toEqual(['routing.patient-address-differs']);
  });

  test('a patient is not written to without an INS', () => {
    expect(codes(asking([], true), { ...known, matricule: null })).toEqual(['routing.patient-without-ins']);
  });

  test('no finding repeats an address', () => {
    const address = '146026322000196@patient.mssante.fr';
    const found = judgeRecipients(asking([{ address, class: 'patient' }]), known);
    expect(JSON.stringify(found)).not.toContain('146026322000196');
  });

  test('what may pass holds nothing that ends a header or an SMTP command', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (noise) => {
        const address = `${noise}@cardio.mssante.fr`;
        const passes = codes(asking([{ address, class: 'professional' }])).length === 0;
        if (passes) expect(normalAddress(address)).toMatch(/^[\x21-\x7e]+$/);
        if (passes) expect(address).not.toMatch(/[<>\s"(),:;\\[\]]/);
      }),
    );
  });
});

describe('the mailbox from which a submission leaves', () => {
  const mailboxes = [
    { id: 'elsewhere', establishment: 'other' },
    { id: 'cardio', establishment: 'chu', units: ['3201'] },
    { id: 'labo', establishment: 'chu', senders: ['sil'], structures: ['10B0000012'] },
    { id: 'chu', establishment: 'chu' },
  ];
  const about = { establishment: 'chu', sender: 'dpi', structure: '10B0000012', units: [] as string[] };

  test.each([
    ['by unit', { ...about, units: ['3201', '0B0000012'] }, 'cardio'],
    ['by sender and structure', { ...about, sender: 'sil' }, 'labo'],
    ['not by the sender alone', { ...about, sender: 'sil', structure: '10B0000020' }, 'chu'],
    ['the one for all', about, 'chu'],
    ['never that of another establishment', { ...about, establishment: 'none' }, undefined],
  ])('%s', (_, one, id) => {
    expect(mailboxFor(mailboxes, one)?.id).toBe(id);
  });
});

describe('a replacement or deletion', () => {
  const mailed = (recipient: string, outcome: 'delivered' | 'refused' | null, operation = 'deposit') =>
    ({
      destination: { kind: 'mssante', recipient },
      ...{ operation, outcome, state: outcome === null ? 'ambiguous' : 'final' },
    }) as Parameters<typeof judgeLeftOut>[1][number];
  const to = (...recipients: string[]) =>
    recipients.map((recipient) => ({ kind: 'mssante' as const, recipient }));

  test.each([
    ['to the same recipients', to('a', 'b'), [mailed('a', 'delivered'), mailed('b', null)], null],
    ['that leaves one out who has it, or may have it', to('a'), [mailed('a', null), mailed('b', null)], 1],
    ['that leaves out who never got it', to('a'), [mailed('a', 'delivered'), mailed('b', 'refused')], null],
    ['for the DMP alone of what was mailed', [{ kind: 'dmp' as const }], [mailed('a', 'delivered')], 1],
    [
      'of what was deleted at one',
      to('a'),
      [mailed('a', 'delivered'), mailed('b', 'delivered', 'delete')],
      null,
    ],
  ])('%s', (_, destinations, known, missing) => {
    const found = judgeLeftOut(destinations, known);
    expect(found.map(({ severity }) => severity)).toEqual(missing === null ? [] : ['warning']);
    if (missing !== null) expect(found[0]!.message).toContain(String(missing));
  });
});
