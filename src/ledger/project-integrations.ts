import type { EventType, LedgerEvent } from '../words/events.ts';
import { INTEGRATION_MOVES, type IntegrationEventType, type IntegrationState } from '../words/integration.ts';
import type { WorkCauseName } from '../words/work.ts';
import { ledgerError } from './errors.ts';
import { openWork } from './project-work.ts';
import { type Projection, statement, update } from './statements.ts';

type IntegrationEvent = LedgerEvent<Extract<EventType, IntegrationEventType>>;

export function isIntegration(event: LedgerEvent): event is IntegrationEvent {
  return event.type.startsWith('integration.');
}

const CAUSE_OF_KIND: Readonly<Record<string, WorkCauseName>> = {
  human: 'mail-to-read',
  patient: 'mail-to-read',
  quarantine: 'mail-not-trusted',
};

/** What a mail opens that only a person can deal with; one with documents is to be sorted. */
export function* workOfMail(event: LedgerEvent<'mail.received'>): Projection {
  const { establishment, seq, at, data } = event;
  const { mail, mailbox, kind, reason } = data;
  if (kind === 'document')
    yield statement(
      'INSERT INTO p_sorted (establishment, mail, mailbox, seq, open) VALUES (?, ?, ?, ?, 1)',
      ...[establishment, mail, mailbox, seq],
    );
  const cause = CAUSE_OF_KIND[kind];
  if (cause) yield openWork(event, { id: `mail:${mail}`, cause, code: reason, mail, at });
}

/** Reasons that are those of an identity. */
const OF_IDENTITY = /^(?:received\.ins-|xdm\.patients-differ)/;

const UNSORTED = { outcome: null, code: null, why: null };

/** A mail is sorted once, and again when it was set aside and a person asks for it. */
export function* sortMail(event: LedgerEvent<'mail.sorted' | 'mail.resumed'>): Projection {
  const { establishment, at, data } = event;
  const { mail } = data;
  const id = `mail:${mail}`;
  const resumed = event.type === 'mail.resumed';
  const { outcome, code, why = null } = event.type === 'mail.sorted' ? event.data : UNSORTED;
  const done = yield statement(
    `UPDATE p_sorted SET at = ?, outcome = ?, code = ?, why = ?, open = ? WHERE establishment = ? AND mail = ?
       AND outcome ${resumed ? "= 'set-aside'" : 'IS NULL'} RETURNING mail`,
    ...[at, outcome, code, why && JSON.stringify(why), outcome === 'set-aside' ? 0 : 1, establishment, mail],
  );
  if (done.length === 0) throw illegal(event, mail, 'sorted', outcome ?? 'resumed');
  yield statement('DELETE FROM p_work WHERE establishment = ? AND id = ?', establishment, id);
  if (outcome !== 'set-aside') return;
  const cause = OF_IDENTITY.test(code ?? '') ? 'mail-identity' : 'mail-set-aside';
  yield openWork(event, { id, cause, code, mail, at });
}

export function* moveIntegration(event: IntegrationEvent): Projection {
  if (event.type === 'integration.due') yield add(event);
  else yield* move(event);
}

function add({ establishment, seq, at, data, person, personal }: LedgerEvent<'integration.due'>) {
  const { integration, mail, mailbox, consumer, controlId, place, ...content } = data;
  return statement(
    `INSERT INTO p_integrations (establishment, id, seq, created_at, mail, mailbox, consumer, place, control_id, unique_id, content,
       state, attempts, due_at_ms, person, personal_ref) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'due', 0, ?, ?, ?)`,
    ...[establishment, integration, seq, at, mail, mailbox, consumer, place, controlId],
    ...[content.document.uniqueId, JSON.stringify(content), Date.parse(at), person, personal?.ref ?? null],
  );
}

const STATE_AFTER = {
  'integration.deferred': 'due',
  'integration.acknowledged': 'acknowledged',
  'integration.refused': 'refused',
  'integration.parked': 'parked',
  'integration.resumed': 'due',
  'integration.closed': 'closed',
} as const;

type Moving = Exclude<IntegrationEvent, LedgerEvent<'integration.due'>>;

function* move(event: Moving): Projection {
  const { establishment, data } = event;
  const { integration } = data;
  const [row] = yield statement(
    'SELECT state FROM p_integrations WHERE establishment = ? AND id = ?',
    ...[establishment, integration],
  );
  const from = row?.state as IntegrationState | undefined;
  const to = STATE_AFTER[event.type];
  if (!from || INTEGRATION_MOVES[from][to] !== event.type)
    throw illegal(event, integration, from ?? 'unknown', to);
  yield update('p_integrations', { state: to, ...columnsOf(event) }, { establishment, id: integration });
  yield* workOf(event);
}

function columnsOf(event: Moving): Record<string, string | number | null> {
  const { at, data } = event;
  switch (event.type) {
    case 'integration.deferred':
      return { attempts: event.data.attempt, code: event.data.code, due_at_ms: Date.parse(event.data.dueAt) };
    case 'integration.acknowledged':
      return { attempts: event.data.attempt, code: null, due_at_ms: null, ended_at: at };
    case 'integration.refused':
      return { attempts: event.data.attempt, code: event.data.code, due_at_ms: null, ended_at: at };
    case 'integration.parked':
      return { attempts: event.data.attempt, code: event.data.code, due_at_ms: null };
    case 'integration.resumed':
      return { attempts: 0, code: null, due_at_ms: Date.parse(at), resumed_at: at };
    case 'integration.closed':
      return { code: 'integration.closed', due_at_ms: null, ended_at: at };
    default:
      throw new Error(`no columns for ${String(data)}`);
  }
}

function* workOf(event: Moving): Projection {
  const { establishment, at, data } = event;
  const id = `integration:${data.integration}`;
  yield statement('DELETE FROM p_work WHERE establishment = ? AND id = ?', establishment, id);
  if (event.type !== 'integration.parked' && event.type !== 'integration.refused') return;
  const cause = event.type === 'integration.parked' ? 'integration-parked' : 'integration-refused';
  yield openWork(event, { id, cause, code: event.data.code, mail: data.mail, at });
}

function illegal({ type }: LedgerEvent, what: string, from: string, to: string) {
  return ledgerError('ledger.illegal-move', { delivery: what, from, to, event: type });
}
