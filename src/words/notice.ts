/**
 * What a sender may be told after the acknowledgement of its message: `Z01` how its delivery to the DMP ended, `Z02` how a
 * mail was received, `Z03` how it was read.
 */
export type NoticeKind = 'Z01' | 'Z02' | 'Z03';

/** The message that a submission came in: notices are addressed and correlated by it. */
export interface MessageOrigin {
  /** MSH-10. */
  controlId: string;
  /** MSH-3 and MSH-4. */
  application: string;
  facility: string;
  /** MSH-5 and MSH-6. */
  receivingApplication: string;
  receivingFacility: string;
  /** MSH-11. */
  processingId: string;
}

/** Why it did not succeed, for ERR-5, and in words. No patient data. */
export interface NoticeError {
  code: string;
  label: string;
  /** More, when the documents of the message ended differently; null otherwise. */
  detail: string | null;
}

/**
 * States of a notice:
 * - `due`: to be sent at `dueAt`, after those of its sender that came before
 * - `parked`: a person must act; may be resumed
 * - `acknowledged`: the sender answered AA
 */
export type NoticeState = 'due' | 'parked' | 'acknowledged';

export type NoticeEventType =
  | 'notice.due'
  | 'notice.deferred'
  | 'notice.acknowledged'
  | 'notice.parked'
  | 'notice.resumed';

/** Every allowed move and the event that makes it; the ledger refuses any other. */
export const NOTICE_MOVES: Readonly<
  Record<NoticeState, Readonly<Partial<Record<NoticeState, Exclude<NoticeEventType, 'notice.due'>>>>>
> = {
  due: { due: 'notice.deferred', parked: 'notice.parked', acknowledged: 'notice.acknowledged' },
  parked: { due: 'notice.resumed' },
  acknowledged: {},
};
