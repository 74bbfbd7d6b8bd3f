import { expect, test } from 'vitest';
import { streamsOf } from '../../src/ledger/chain.ts';
import type { LedgerEvent } from '../../src/words/events.ts';

test('a delivery opened again behind another touches the other too: it must not end unnoticed meanwhile', () => {
  const data = { delivery: 'later', waitsFor: 'earlier', retry: 'run' };
  const event = { type: 'delivery.reopened', data } as unknown as LedgerEvent;
  expect(streamsOf(event)).toEqual(
    expect.arrayContaining(['delivery:later', 'delivery:earlier', 'retry:run']),
  );
});
