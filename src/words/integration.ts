import type { BodyReference, DocumentEntry } from './events.ts';
import type { Operation, Visibility } from './request.ts';

/**
 * States of an integration, the handing over of one document that came by MSSanté to the software that takes it in:
 * - `due`: to be sent at `dueAt`, after those of its mailbox that came before
 * - `parked`: a person must act; may be resumed or closed
 * - `acknowledged`: the consumer answered AA
 * - `refused`: it answered with an application error (900 to 906)
 * - `closed`: a person gave it up
 */
export type IntegrationState = 'due' | 'parked' | 'acknowledged' | 'refused' | 'closed';

export type IntegrationEventType =
  | 'integration.due'
  | 'integration.deferred'
  | 'integration.acknowledged'
  | 'integration.refused'
  | 'integration.parked'
  | 'integration.resumed'
  | 'integration.closed';

/** Every allowed move and the event that makes it; the ledger refuses any other. */
export const INTEGRATION_MOVES: Readonly<
  Record<
    IntegrationState,
    Readonly<Partial<Record<IntegrationState, Exclude<IntegrationEventType, 'integration.due'>>>>
  >
> = {
  due: {
    due: 'integration.deferred',
    parked: 'integration.parked',
    acknowledged: 'integration.acknowledged',
    refused: 'integration.refused',
  },
  parked: { due: 'integration.resumed', closed: 'integration.closed' },
  acknowledged: {},
  refused: {},
  closed: {},
};

/** A document that came in a mail, and what the archive asks for it. Nothing that says who the patient is. */
export interface ReceivedDocument {
  operation: Operation;
  /** Identifier of the document that it replaces. */
  replaces: string | null;
  visibility: Visibility;
  /** `uniqueId` with its extension, as `root^extension`. */
  document: DocumentEntry;
  /** Codes of what was found in the archive about it. */
  codes: string[];
}

/**
 * States of the answer to a document mail, an MDN or the mail to an error box:
 * - `due`: to be sent at `dueAt`; `sending`: an attempt is under way, or its process did not come back
 * - `sent`: the operator took it over
 * - `in-doubt`: it may or may not have been taken over, and is never sent again: at most one answer to a mail
 * - `failed`: it will not be sent
 */
export type AnswerState = 'due' | 'sending' | 'sent' | 'in-doubt' | 'failed';

export type AnswerEventType =
  | 'answer.due'
  | 'answer.sending'
  | 'answer.deferred'
  | 'answer.sent'
  | 'answer.in-doubt'
  | 'answer.failed';

/** Every allowed move and the event that makes it; the ledger refuses any other. */
export const ANSWER_MOVES: Readonly<
  Record<AnswerState, Readonly<Partial<Record<AnswerState, Exclude<AnswerEventType, 'answer.due'>>>>>
> = {
  due: { sending: 'answer.sending', failed: 'answer.failed' },
  sending: {
    due: 'answer.deferred',
    sent: 'answer.sent',
    'in-doubt': 'answer.in-doubt',
    failed: 'answer.failed',
  },
  sent: {},
  'in-doubt': {},
  failed: {},
};

/** `mdn` to whoever asked for it; `ko` to the error box of the mailbox. */
export type AnswerKind = 'mdn' | 'ko';

/** An answer as it was written before its first byte left. */
export interface WrittenAnswer {
  kind: AnswerKind;
  raw: BodyReference;
  /** Codes 900 to 906 that it tells; empty when all went well. */
  errors: string[];
  /** Keyed hash of the address it goes to, by which answers to one peer are counted. */
  peer: string;
}
