import type { EventType, LedgerEvent } from '../words/events.ts';
import { ANSWER_MOVES, type AnswerEventType, type AnswerState } from '../words/integration.ts';
import { ledgerError } from './errors.ts';
import { openWork } from './project-work.ts';
import { type Projection, type Statement, statement, update } from './statements.ts';

type AnswerEvent = LedgerEvent<Extract<EventType, AnswerEventType | 'answer.omitted'>>;

export function isAnswer(event: LedgerEvent): event is AnswerEvent {
  return event.type.startsWith('answer.');
}

/** What an event about the answer to a mail changes; a mail has one answer, or none for a reason. */
export function* moveAnswer(event: AnswerEvent): Projection {
  const { establishment, data } = event;
  if (event.type !== 'answer.due' && event.type !== 'answer.omitted') return yield* move(event);
  yield event.type === 'answer.due' ? addAnswer(event) : omit(event);
  yield statement(
    'UPDATE p_sorted SET open = 0 WHERE establishment = ? AND mail = ?',
    ...[establishment, data.mail],
  );
}

function addAnswer({ establishment, seq, at, data, person, personal }: LedgerEvent<'answer.due'>): Statement {
  const { answer, mail, mailbox, peer, dueAt, ...content } = data;
  return statement(
    `INSERT INTO p_answers (establishment, mail, id, seq, at, mailbox, content, state, attempts, due_at_ms, peer, person, personal_ref)
       VALUES (?, ?, ?, ?, ?, ?, ?, 'due', 0, ?, ?, ?, ?)`,
    ...[establishment, mail, answer, seq, at, mailbox, JSON.stringify(content), Date.parse(dueAt)],
    ...[peer, person, personal?.ref ?? null],
  );
}

function omit({ establishment, seq, at, data }: LedgerEvent<'answer.omitted'>): Statement {
  return statement(
    "INSERT INTO p_answers (establishment, mail, seq, at, state, attempts, code) VALUES (?, ?, ?, ?, 'omitted', 0, ?)",
    ...[establishment, data.mail, seq, at, data.reason],
  );
}

const STATE_AFTER = {
  'answer.sending': 'sending',
  'answer.deferred': 'due',
  'answer.sent': 'sent',
  'answer.in-doubt': 'in-doubt',
  'answer.failed': 'failed',
} as const;

type Moving = Exclude<AnswerEvent, LedgerEvent<'answer.due' | 'answer.omitted'>>;

function* move(event: Moving): Projection {
  const { establishment, data } = event;
  const [row] = yield statement(
    'SELECT state FROM p_answers WHERE establishment = ? AND mail = ?',
    ...[establishment, data.mail],
  );
  const from = row?.state as AnswerState | undefined;
  const to = STATE_AFTER[event.type];
  if (!from || ANSWER_MOVES[from]?.[to] !== event.type)
    throw ledgerError('ledger.illegal-move', {
      ...{ delivery: data.answer, from: from ?? 'unknown', to, event: event.type },
    });
  yield update('p_answers', { state: to, ...columnsOf(event) }, { establishment, mail: data.mail });
  if (event.type === 'answer.failed' || event.type === 'answer.in-doubt')
    yield openWork(event, {
      ...{ id: `answer:${data.mail}`, cause: 'answer-not-sent', code: event.data.code },
      ...{ mail: data.mail, at: event.at },
    });
}

function columnsOf(event: Moving): Record<string, string | number | null> {
  switch (event.type) {
    case 'answer.sending':
      return { attempts: event.data.attempt, due_at_ms: null };
    case 'answer.deferred':
      return { code: event.data.code, due_at_ms: Date.parse(event.data.dueAt) };
    case 'answer.sent':
      return { code: event.data.code, sent_at: event.at, due_at_ms: null };
    case 'answer.in-doubt':
    case 'answer.failed':
      return { code: event.data.code, due_at_ms: null };
  }
}
