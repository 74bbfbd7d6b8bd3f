import type { EventType, LedgerEvent } from '../words/events.ts';
import { WITHDRAWABLE } from '../words/work.ts';
import { openWork } from './project-work.ts';
import { type Projection, type Statement, statement } from './statements.ts';
import type { WithdrawalState } from './views.ts';

type WithdrawalEvent = LedgerEvent<Extract<EventType, `withdrawal.${string}`>>;

export function isWithdrawal(event: LedgerEvent): event is WithdrawalEvent {
  return event.type.startsWith('withdrawal.');
}

/** Keeps a withdrawal in its state. While it waits for its second person it is work, and the items it answers name it. */
export function* moveWithdrawal(event: WithdrawalEvent): Projection {
  if (event.type === 'withdrawal.asked') yield* ask(event);
  else if (event.type !== 'withdrawal.sheet-read') yield* decide(event);
}

function* ask(event: LedgerEvent<'withdrawal.asked'>): Projection {
  const { establishment, seq, at, data } = event;
  const { withdrawal, documents, deposits, item, reason, by, token } = data;
  yield statement(
    `INSERT INTO p_withdrawals (establishment, id, seq, state, documents, deposits, item, reason, asked_at, asked_by, asked_token)
       VALUES (?, ?, ?, 'asked', ?, ?, ?, ?, ?, ?, ?)`,
    ...[establishment, withdrawal, seq, JSON.stringify(documents), JSON.stringify(deposits), item, reason],
    ...[at, by, token],
  );
  const [delivery] = deposits;
  const work = { cause: 'withdrawal-asked' as const, delivery: delivery ?? null, withdrawal, at };
  yield openWork(event, { id: `withdrawal:${withdrawal}`, ...work });
  yield* nameIn(establishment, deposits, withdrawal);
}

const STATE_AFTER = {
  'withdrawal.confirmed': 'confirmed',
  'withdrawal.refused': 'refused',
  'withdrawal.cancelled': 'cancelled',
  'withdrawal.settled': 'settled',
} as const satisfies Record<string, WithdrawalState>;

function* decide(
  event: Exclude<WithdrawalEvent, LedgerEvent<'withdrawal.asked' | 'withdrawal.sheet-read'>>,
): Projection {
  const { establishment, at, type, data } = event;
  const step = type === 'withdrawal.confirmed' || type === 'withdrawal.refused' ? 'decided' : 'ended';
  const [row] = yield statement(
    `UPDATE p_withdrawals SET state = ?, ${step}_at = ?, ${step}_by = ?, ${step}_reason = ?, submission = coalesce(?, submission)
       WHERE establishment = ? AND id = ? RETURNING deposits`,
    ...[STATE_AFTER[type], at, data.by, 'reason' in data ? data.reason : null],
    ...['submission' in data ? data.submission : null, establishment, data.withdrawal],
  );
  yield statement(
    'DELETE FROM p_work WHERE establishment = ? AND id = ?',
    ...[establishment, `withdrawal:${data.withdrawal}`],
  );
  const given = type === 'withdrawal.confirmed' || type === 'withdrawal.settled';
  if (row && !given) yield* nameIn(establishment, JSON.parse(String(row.deposits)) as string[], null);
}

/** Says in the items about deposits which withdrawal answers them, or that none does any more. */
function* nameIn(establishment: string, deposits: readonly string[], withdrawal: string | null): Projection {
  for (const deposit of deposits)
    for (const cause of WITHDRAWABLE) yield naming(establishment, `${cause}:${deposit}`, withdrawal);
}

function naming(establishment: string, item: string, withdrawal: string | null): Statement {
  return statement(
    'UPDATE p_work SET withdrawal = ? WHERE establishment = ? AND id = ?',
    ...[withdrawal, establishment, item],
  );
}
