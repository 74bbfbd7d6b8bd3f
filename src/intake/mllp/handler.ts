import type { Hl7Message } from '../../hl7v2/message.ts';
import type { Establishment, Sender } from '../../words/establishment.ts';
import type { Finding } from '../../words/findings.ts';
import type { MessageHead } from './head.ts';
import type { SenderProfile } from './profile.ts';

/** A message whose header was read and whose sender is known. */
export interface Incoming {
  message: Hl7Message;
  head: MessageHead;
  sender: Sender;
  profile: SenderProfile;
  establishment: Establishment;
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  receivedAtMs: number;
  /** SHA-256 of sender, MSH-3, MSH-4 and MSH-10: the same message again has the same. */
  requestKey: string;
  /** SHA-256 over the whole message but the instant of its sending (MSH-7). */
  requestSha256: string;
  /** Ends when every message before this one on its connection was decided: nothing is decided out of order. */
  turn: Promise<unknown>;
}

/** What a message is answered, once what it says is on disk. */
export interface Answer {
  /** Accepted and taken over; wrong as it is; not now, send again. */
  code: 'AA' | 'AE' | 'AR';
  /** Errors of an AE or AR; warnings that the sender should know of with an AA. */
  findings: readonly PlacedFinding[];
  /** Reference of the report kept of it; the acknowledgement says it, and takes its own identifier from it. */
  reference: string | null;
  /** When the answer was first given, milliseconds; the same message again gets the same. */
  atMs: number;
}

/** A finding with the place in the message of what it was found in, when its own place is inside a document. */
export type PlacedFinding = Finding & { at?: string };

/**
 * Takes one type of message (MSH-9.1). What it throws is answered with AR: nothing of the message was taken.
 */
export type Handler = (incoming: Incoming) => Promise<Answer>;

/** Handlers by message type (MSH-9.1). A type without one is refused with 200. */
export type Handlers = Readonly<Record<string, Handler>>;
