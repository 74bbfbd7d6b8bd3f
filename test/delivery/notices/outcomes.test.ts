import { describe, expect, test } from 'vitest';
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
