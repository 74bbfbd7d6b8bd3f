import { describe, expect, test } from 'vitest';
import { receptionDue, type Told } from '../../../src/delivery/notices/due.ts';
import { readingError, receptionError } from '../../../src/delivery/notices/mail-outcomes.ts';
import { errorOf, NOTICE_RULES, WITHDRAWN } from '../../../src/delivery/notices/outcomes.ts';

describe('a sender is told', () => {
  test('of success where something was delivered and not withdrawn since, and nowhere else', () => {
    const successes = NOTICE_RULES.filter(({ success }) => success);
    expect(successes.map(({ outcome, code }) => ({ outcome, code }))).toEqual([
      { outcome: 'delivered', code: null },
    ]);
  });

  test('why, wherever it is not a success', () => {
    for (const { outcome, code, success } of NOTICE_RULES)
      if (outcome !== null && !success) expect(errorOf(outcome, code ?? 'DMPUnheardOf')).not.toBeNull();
    expect(errorOf('delivered', WITHDRAWN)).toMatchObject({ code: 'VIADUC-RETRAIT' });
    expect(errorOf('delivered', 'delivered')).toBeNull();
  });

  test('a code of the DMP as it is, and none of ours as if it were one', () => {
    expect(errorOf('refused', 'DMPUnheardOf')).toMatchObject({ code: 'DMPUnheardOf' });
    expect(errorOf('refused', 'delivery.of-tomorrow')).toMatchObject({ code: 'VIADUC-REFUS' });
  });
});

describe('the sender of a mail is told', () => {
  test('of its refusal by an SMTP code of the table of the interface, whatever the operator answered', () => {
    for (const [code, told] of [
      ['550', '550'],
      ['571', '554'],
      ['471', '451'],
      ['mssante.too-large', '552'],
      ['mssante.too-large-for-patient', '523'],
      ['mssante.address-malformed', '553'],
    ] as const)
      expect(receptionError('refused', code)?.code).toBe(told);
  });

  test('of what never left by a code of ours, and by none of SMTP', () => {
    expect(receptionError('refused', 'mssante.domain-not-listed')).toMatchObject({ code: 'VIADUC-REFUS' });
    expect(receptionError('cancelled', 'delivery.cancelled')).toMatchObject({ code: 'VIADUC-ANNULE' });
    expect(receptionError('superseded', 'delivery.superseded')).toMatchObject({ code: 'VIADUC-REMPLACE' });
  });

  test('nothing of an end without confirmation, since nothing is made up', () => {
    const told = { id: 's', sender: 'lab', facts: { notices: { origin: {} } } } as unknown as Told;
    const end = { delivery: 'd', code: 'c', results: [] };
    expect(receptionDue(told, { ...end, outcome: 'unconfirmed' }, 0)).toBeNull();
    expect(receptionDue(told, { ...end, outcome: 'delivered' }, 0)).toMatchObject({
      data: { kind: 'Z02', success: true, error: null, deliveries: ['d'] },
    });
  });

  test('of an error of a receiver in words that are ours', () => {
    expect(readingError('904').label).toContain('INS');
    expect(readingError(null).code).toBe('906');
    expect(readingError('999')).toMatchObject({ code: '999', label: expect.any(String) });
  });
});
