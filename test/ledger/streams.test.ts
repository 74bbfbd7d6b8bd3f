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

// A decision is made on what was read of some streams, and is refused when one of them went on meanwhile.
test.each<[string, object, string[]]>([
  ['ledger.opened', {}, []],
  ['ledger.restored', {}, ['restores']],
  ['submission.refused', { submission: 's', requestKey: 'k' }, ['submission:s', 'request:k']],
  ['submission.refused', { submission: 's', requestKey: null }, ['submission:s']],
  ['delivery.released', { delivery: 'd', retry: 'r' }, ['delivery:d', 'retry:r']],
  ['delivery.reopened', { delivery: 'd', waitsFor: null }, ['delivery:d']],
  ['hold.placed', { delivery: 'd' }, ['delivery:d']],
  ['delivery.finished', { delivery: 'd' }, ['delivery:d']],
  ['destination.stopped', { destination: 'dmp.one.1' }, ['destination:dmp.one.1']],
  ['retry.listed', { retry: 'r' }, ['retry:r']],
  ['notice.due', { notice: 'n', submission: 's' }, ['notice:n', 'submission:s']],
  ['notice.parked', { notice: 'n', submission: 's' }, ['notice:n', 'submission:s']],
  ['mail.sorted', { mail: 'm' }, ['mail:m']],
  [
    'integration.due',
    { integration: 'i', mail: 'm', document: { uniqueId: '1.2' } },
    ['integration:i', 'mail:m', 'received:1.2'],
  ],
  ['integration.refused', { integration: 'i', mail: 'm' }, ['integration:i', 'mail:m']],
  ['answer.sending', { answer: 'a', mail: 'm' }, ['mail:m']],
  ['mail.read', { mail: 'm' }, ['mail:m', 'persons']],
  ['stay.moved', { message: 'key digest' }, ['message:key', 'stays']],
  ['consent.recorded', { message: 'key digest' }, ['message:key']],
  ['work.closed', { item: 'i' }, ['work:i']],
  [
    'withdrawal.asked',
    { withdrawal: 'w', documents: ['1.2'], deposits: ['d'] },
    ['withdrawal:w', 'document:1.2', 'delivery:d'],
  ],
  ['withdrawal.confirmed', { withdrawal: 'w', submission: 's' }, ['withdrawal:w', 'submission:s']],
  ['withdrawal.settled', { withdrawal: 'w' }, ['withdrawal:w']],
  ['stays.imported', {}, ['stays']],
  ['exams.imported', {}, ['exams']],
  [
    'bodies.expired',
    { submissions: [{ submission: 's' }, { submission: 't' }] },
    ['submission:s', 'submission:t'],
  ],
  ['person.erased', {}, ['persons', 'stays', 'exams']],
  ['person.erasure-asked', {}, ['persons']],
  ['document.read', { submission: 's' }, ['submission:s', 'persons']],
  ['person.reported', {}, ['persons']],
  ['token.issued', { token: 't' }, ['token:t']],
  ['token.revoked', { token: 't' }, ['token:t']],
  ['pack.activated', {}, ['packs']],
  ['pack.deactivated', {}, ['packs']],
])('%s of %j touches what it is about', (type, data, streams) => {
  expect(streamsOf({ type, data } as unknown as LedgerEvent)).toEqual(streams);
});

test('an accepted submission touches its request, its documents, what it is about, its deliveries and what these wait for', () => {
  const deliveries = [
    { id: 'd', waitsFor: null },
    { id: 'e', waitsFor: 'earlier' },
  ];
  const documents = [{ uniqueId: '1.2' }, { uniqueId: '1.3' }];
  const data = { submission: 's', requestKey: 'k', target: '1.1', documents, deliveries };
  expect(streamsOf({ type: 'submission.accepted', data } as unknown as LedgerEvent)).toEqual([
    ...['submission:s', 'request:k', 'document:1.2', 'document:1.3', 'document:1.1'],
    ...['delivery:d', 'delivery:e', 'delivery:earlier'],
  ]);
});
