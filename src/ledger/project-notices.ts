import type { EventType, LedgerEvent } from '../words/events.ts';
import { NOTICE_MOVES, type NoticeEventType, type NoticeState } from '../words/notice.ts';
import { ledgerError } from './errors.ts';
import { openWork } from './project-work.ts';
import { type Projection, statement, update } from './statements.ts';

type NoticeEvent = LedgerEvent<Extract<EventType, NoticeEventType>>;

export function isNotice(event: LedgerEvent): event is NoticeEvent {
  return event.type.startsWith('notice.');
}

/** What an event about a notice changes. */
export function* moveNotice(event: NoticeEvent): Projection {
  if (event.type === 'notice.due') yield* addNotice(event);
  else yield* move(event);
}

function* addNotice({ establishment, seq, at, data }: LedgerEvent<'notice.due'>): Projection {
  const { notice, submission, sender, kind, controlId, origin, deliveries, success, error, reading } = data;
  yield statement(
    `INSERT INTO p_notices (establishment, id, seq, created_at, submission, sender, kind, control_id, content, state, attempts, due_at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'due', 0, ?)`,
    ...[establishment, notice, seq, at, submission, sender, kind, controlId],
    ...[JSON.stringify({ origin, deliveries, success, error, reading }), Date.parse(at)],
  );
}

const STATE_AFTER = {
  'notice.deferred': 'due',
  'notice.acknowledged': 'acknowledged',
  'notice.parked': 'parked',
  'notice.resumed': 'due',
} as const;

function* move(event: Exclude<NoticeEvent, LedgerEvent<'notice.due'>>): Projection {
  const { establishment, at, data } = event;
  const [row] = yield statement(
    'SELECT state, submission FROM p_notices WHERE establishment = ? AND id = ?',
    ...[establishment, data.notice],
  );
  const from = row?.state as NoticeState | undefined;
  const to = STATE_AFTER[event.type];
  if (!from || NOTICE_MOVES[from][to] !== event.type)
    throw ledgerError('ledger.illegal-move', {
      ...{ delivery: data.notice, from: from ?? 'unknown', to, event: event.type },
    });
  yield update('p_notices', { state: to, ...columnsOf(event) }, { establishment, id: data.notice });
  const item = `notice:${data.notice}`;
  if (event.type === 'notice.parked')
    yield openWork(event, {
      ...{ id: item, cause: 'notice-parked', code: event.data.code },
      ...{ submission: data.submission, notice: data.notice, at },
    });
  else yield statement('DELETE FROM p_work WHERE establishment = ? AND id = ?', establishment, item);
}

function columnsOf(
  event: Exclude<NoticeEvent, LedgerEvent<'notice.due'>>,
): Record<string, string | number | null> {
  switch (event.type) {
    case 'notice.deferred':
      return {
        attempts: event.data.attempt,
        code: event.data.code,
        due_at_ms: Date.parse(event.data.dueAt),
      };
    case 'notice.acknowledged':
      return { attempts: event.data.attempt, code: null, due_at_ms: null, acknowledged_at: event.at };
    case 'notice.parked':
      return { attempts: event.data.attempt, code: event.data.code, due_at_ms: null };
    case 'notice.resumed':
      return { attempts: 0, code: null, due_at_ms: Date.parse(event.at), resumed_at: event.at };
  }
}
