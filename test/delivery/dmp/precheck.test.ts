import { describe, expect, test } from 'vitest';
import { Precheck, type PrecheckMode } from '../../../src/delivery/dmp/precheck.ts';
import type { DmpStatus } from '../../../src/delivery/dmp/td0-2.ts';

const answered = (dmp: 'open' | 'closed' | 'absent'): DmpStatus => ({
  ...{ kind: 'answered', dmp },
  ...{ authorisation: null, raw: new Uint8Array() },
});
const FAILED = { kind: 'failed', outcome: {} } as DmpStatus;
const HOUR = 3_600_000;

/** A check with the answers it will get, and how often it asked. */
function checking(mode: PrecheckMode, ...answers: DmpStatus[]) {
  const check = new Precheck(mode);
  let asked = 0;
  const refusal = (patient = 'p', nowMs = 0) => check.refusal(patient, nowMs, async () => answers[asked++]!);
  return { refusal, asked: () => asked };
}

describe('the question before a deposit', () => {
  test('is never asked unless it is set', async () => {
    const { refusal, asked } = checking('never');
    expect([await refusal(), asked()]).toEqual([null, 0]);
  });

  test('refuses a record that is closed or absent, and asks again the next time', async () => {
    const { refusal } = checking('cached', answered('closed'), answered('absent'), answered('open'));
    expect([await refusal(), await refusal(), await refusal()]).toEqual([
      'delivery.dmp-found-closed',
      'delivery.dmp-absent',
      null,
    ]);
  });

  test('that fails says nothing about the patient', async () => {
    expect(await checking('before-deposit', FAILED).refusal()).toBe(null);
  });

  test('is remembered for hours, for this patient alone, when cached', async () => {
    const { refusal, asked } = checking('cached', ...Array<DmpStatus>(3).fill(answered('open')));
    await refusal('p', 0);
    await refusal('p', 3.9 * HOUR);
    expect(asked()).toBe(1);
    await refusal('q', 0);
    await refusal('p', 4 * HOUR);
    expect(asked()).toBe(3);
  });

  test('is asked before each deposit when it is set so', async () => {
    const { refusal, asked } = checking('before-deposit', answered('open'), answered('open'));
    await refusal();
    await refusal();
    expect(asked()).toBe(2);
  });
});
