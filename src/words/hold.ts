/** What becomes of a hold at its date: it ends by itself, or a person must decide. */
export type HoldEnd = 'release' | 'escalate';

/** A delivery is asked to wait (design, Words): by its request, by a rule of the configuration, by a person. */
export interface Hold {
  reason: string;
  /** ISO 8601. */
  until: string;
  atEnd: HoldEnd;
  origin: 'request' | 'rule' | 'person';
  /** Who placed it, when a person did. */
  by: string | null;
}

/** As a request asks for one, and as events older than the other members hold it. */
export type AskedHold = Pick<Hold, 'reason' | 'until'> & Partial<Hold>;

export function wholeHold(asked: AskedHold): Hold {
  return { atEnd: 'release', origin: 'request', by: null, ...asked };
}

/** Whether a hold keeps a delivery from leaving at an instant. One that is to be escalated never ends by itself. */
export function keeps({ until, atEnd }: Hold, nowMs: number): boolean {
  return atEnd === 'escalate' || Date.parse(until) > nowMs;
}

/** A hold of the configuration: every criterion it names must be met, and it names at least one. */
export interface HoldRule {
  establishment?: string;
  sender?: string;
  /** Type code of a document. */
  type?: string;
  /** Code of the responsible unit of the stay, or FINESS of its site. */
  unit?: string;
  reason: string;
  /** How long from the arrival. Milliseconds. */
  forMs?: number;
  /** Until when, for all. ISO 8601; after it the rule holds nothing any more. */
  until?: string;
  atEnd: HoldEnd;
}
