import type { EventType, LedgerEvent } from '../words/events.ts';
import { RETRY_MOVES, type RetryEventType, type RetryState } from '../words/retry.ts';
import { ledgerError } from './errors.ts';
import { type Projection, type Statement, statement } from './statements.ts';

type RetryEvent = LedgerEvent<
  Extract<EventType, RetryEventType | 'retry.started' | 'retry.listed' | 'retry.skipped'>
>;

export function isRetry(event: LedgerEvent): event is RetryEvent {
  return event.type.startsWith('retry.');
}

/** What an event about a run of retries changes. */
export function* moveRetry(event: RetryEvent): Projection {
  if (event.type === 'retry.started') yield startRetry(event);
  else if (event.type === 'retry.listed') yield* listItems(event);
  else if (event.type === 'retry.skipped') yield* endItem(event, 'skipped', event.data.why);
  else yield* move(event);
}

/** Marks the delivery of a list that was opened, by the event that opened it: neither stands without the other. */
export function* openItem(event: LedgerEvent<'delivery.reopened' | 'delivery.released'>): Projection {
  const { retry, delivery } = event.data;
  if (retry !== undefined) yield* endItem({ ...event, data: { retry, delivery } }, 'opened', null);
}

function startRetry({ establishment, seq, at, data }: LedgerEvent<'retry.started'>): Statement {
  const { retry, by, reason, filter, ratePerMinute, count, key } = data;
  return statement(
    `INSERT INTO p_retries (establishment, id, seq, started_at, started_by, reason, filter, rate, count, request_key, state, changed_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'running', ?)`,
    ...[establishment, retry, seq, at, by, reason, JSON.stringify(filter), ratePerMinute, count, key, at],
  );
}

function* listItems({ establishment, data: { retry, items } }: LedgerEvent<'retry.listed'>): Projection {
  const [found] = yield statement(
    'SELECT count(*) AS listed FROM p_retry_items WHERE establishment = ? AND retry = ?',
    ...[establishment, retry],
  );
  for (const [index, { delivery, version }] of items.entries())
    yield statement(
      `INSERT INTO p_retry_items (establishment, retry, delivery, place, version, state) VALUES (?, ?, ?, ?, ?, 'pending')`,
      ...[establishment, retry, delivery, Number(found!.listed) + index, version],
    );
}

interface EndedItem {
  establishment: string;
  seq: number;
  data: { retry: string; delivery: string };
}

/** A delivery of a list is opened or left out once. */
function* endItem(
  { establishment, seq, data: { retry, delivery } }: EndedItem,
  state: 'opened' | 'skipped',
  why: string | null,
): Projection {
  const [item] = yield statement(
    'SELECT state FROM p_retry_items WHERE establishment = ? AND retry = ? AND delivery = ?',
    ...[establishment, retry, delivery],
  );
  if (item?.state !== 'pending')
    throw ledgerError('ledger.illegal-move', {
      ...{ delivery, from: String(item?.state ?? 'unknown'), to: state, event: 'retry' },
    });
  yield statement(
    'UPDATE p_retry_items SET state = ?, why = ?, opened_seq = ? WHERE establishment = ? AND retry = ? AND delivery = ?',
    ...[state, why, state === 'opened' ? seq : null, establishment, retry, delivery],
  );
}

const STATE_AFTER = {
  'retry.paused': 'paused',
  'retry.resumed': 'running',
  'retry.stopped': 'stopped',
  'retry.finished': 'done',
} as const;

function* move(event: LedgerEvent<RetryEventType>): Projection {
  const { establishment, at, data } = event;
  const [row] = yield statement(
    'SELECT state FROM p_retries WHERE establishment = ? AND id = ?',
    ...[establishment, data.retry],
  );
  const from = row?.state as RetryState | undefined;
  const to = STATE_AFTER[event.type];
  if (!from || RETRY_MOVES[from][to] !== event.type)
    throw ledgerError('ledger.illegal-move', {
      ...{ delivery: data.retry, from: from ?? 'unknown', to, event: event.type },
    });
  yield statement(
    'UPDATE p_retries SET state = ?, changed_at = ?, changed_by = ? WHERE establishment = ? AND id = ?',
    ...[to, at, 'by' in data ? data.by : null, establishment, data.retry],
  );
}
