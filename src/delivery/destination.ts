import type { DestinationKind } from '../words/delivery.ts';
import type { ErrorClass } from '../words/errors.ts';
import type { LotReference } from '../words/events.ts';
import type { Contact } from './destination-state.ts';
import type { Job } from './job.ts';

/** What an attempt came to. */
export type AttemptOutcome =
  | { result: 'delivered'; code: string; entries: Record<string, string>; raw: Uint8Array | null }
  | { result: 'refused'; code: string; raw: Uint8Array | null }
  /** The operator took the mail over; its receipt is awaited until an instant. `size`: bytes sent. */
  | { result: 'accepted'; code: string; size: number; dueAtMs: number }
  /** Known not to have been taken; `aboutDocument` when the destination answered about it, and so spent its budget. */
  | { result: 'failed'; code: string; aboutDocument: boolean; raw: Uint8Array | null }
  /**
   * Not known whether it was taken; `askNow` when the destination itself hints that it holds it, `aboutDocument` when it
   * answered at all.
   */
  | { result: 'ambiguous'; code: string; askNow?: boolean; aboutDocument?: boolean; raw: Uint8Array | null }
  /** A person must act before it can be tried again. */
  | { result: 'blocked'; code: string; class: ErrorClass; raw: Uint8Array | null };

/** What a destination answered when asked whether it holds what may have been sent. */
export type Resolution =
  | { found: true; entries: Record<string, string>; raw: Uint8Array | null }
  | { found: false }
  | { found: null; code: string; aboutDocument: boolean; misconfigured?: boolean }
  | Unasked;

/**
 * What is known without asking, since there is nobody to ask: a mail waits for its receipt until an instant, never had one, or
 * it cannot be known whether it left.
 */
export type Unasked =
  | { found: 'awaited'; code: string; dueAtMs: number }
  | { found: 'unconfirmed' | 'unknown'; code: string };

export function isUnasked(resolution: Resolution): resolution is Unasked {
  return typeof resolution.found === 'string';
}

/** What an outcome shows of the destination. */
export function contactOf(outcome: AttemptOutcome): Contact {
  switch (outcome.result) {
    case 'failed':
      return outcome.aboutDocument ? 'busy' : 'down';
    case 'ambiguous':
      return outcome.askNow || outcome.aboutDocument ? 'up' : 'down';
    case 'blocked':
      return outcome.class === 'configuration' ? 'misconfigured' : 'up';
    default:
      return 'up';
  }
}

/** What an answer to the question shows of the destination. */
export function contactOfResolution(resolution: Exclude<Resolution, Unasked>): Contact {
  if (resolution.found !== null) return 'up';
  if (resolution.misconfigured) return 'misconfigured';
  return resolution.aboutDocument ? 'up' : 'down';
}

/** Identifiers decided and metadata written, to be stored before the first byte leaves. */
export interface Prepared {
  lotUniqueId: string;
  metadata: Uint8Array;
  /** The document that signs the lot, sent beside those of the sender. */
  signature?: Uint8Array;
  /** Codes of what was learnt of the recipient meanwhile. */
  traces?: readonly string[];
}

/** A kind of destination: the only code that knows its wire. */
export interface DestinationPort {
  readonly kind: DestinationKind;
  /** Decides the identifiers of an attempt. `nothing` ends the delivery without a call. */
  prepare(
    job: Job,
    signal: AbortSignal,
  ): Promise<{ ready: Prepared } | { nothing: string } | { failed: AttemptOutcome }>;
  /** Sends what was prepared, with the very same identifiers on every repetition. */
  send(
    job: Job,
    lot: LotReference,
    signal: AbortSignal,
    /** The metadata itself, when this very turn has stored it. */
    prepared: Prepared | null,
  ): Promise<AttemptOutcome>;
  /** Whether what was sent named something by a reference that has changed since: it must be prepared anew. */
  outdated(job: Job): boolean;
  /** Asks whether what was sent has arrived. */
  resolve(job: Job, signal: AbortSignal): Promise<Resolution>;
}
