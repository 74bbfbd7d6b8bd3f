import type { DocumentFacts } from '../words/document.ts';
import type { Establishment, Sender } from '../words/establishment.ts';
import type { Finding, Verdict } from '../words/findings.ts';
import type { MessageOrigin } from '../words/notice.ts';
import type { Door, SubmissionRequest } from '../words/request.ts';

/** A request as every door hands it over: complete, with what the sender's policy adds already in it. */
export interface Arrival {
  establishment: Establishment;
  sender: Sender;
  door: Door;
  request: SubmissionRequest;
  /** SHA-256 of the sender's own key of this request, or null. */
  requestKey: string | null;
  /** SHA-256 over everything the request says and carries. */
  requestSha256: string;
  documents: Uint8Array[];
  /** The message it came in, by which notices are addressed; absent at doors that have none. */
  origin?: MessageOrigin;
  /** What the door found in the request; errors refuse it, warnings are kept with it. */
  findings?: readonly Finding[];
  /** What the request says that the document must say too, asked when its header could be read. */
  coherence?: (facts: DocumentFacts, index: number) => Finding[];
  /** Ends when everything that came before on the same line was decided. */
  turn?: Promise<unknown>;
  /** What to do with mail while MSSanté is not open. Default refuse. */
  closedMail?: ClosedMail;
}

/**
 * What becomes of a request for mail while MSSanté is not open: it is wrong as it is, it may be sent again once MSSanté is
 * open, or the rest of it is done and the sender is told.
 */
export type ClosedMail = 'refuse' | 'later' | 'leave-out';

/** What the sender is answered; `warnings` are those about the request itself. `repeated`: the same request came before, and this is its stored answer. */
export type Reception =
  | { accepted: true; submission: string; repeated: boolean; warnings: readonly Finding[] }
  | { accepted: false; submission: string; repeated: boolean; refusal: Refusal };

export interface Refusal {
  code: string;
  /** HTTP status. */
  status: number;
  findings: Finding[];
  verdicts: Verdict[];
}
