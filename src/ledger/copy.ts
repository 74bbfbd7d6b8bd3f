import type { GoneKind } from './project-gone.ts';
import type { Seal } from './seal.ts';

/** An event as a copy holds it: the columns beside the text must agree with it. */
export interface StoredEvent {
  seq: number;
  at: string;
  type: string;
  text: string;
  hash: string;
}

/** Whether something kept beside the chain is there and what it should be. */
export type Kept =
  | { state: 'whole' }
  /** By the decision of that event of the chain. */
  | { state: 'gone'; decision: number }
  | { state: 'altered'; what: string }
  | { state: 'not-checked' };

/** A ledger as somebody who verifies it sees it: a data folder or an exported file, with the keys or without. */
export interface LedgerCopy {
  establishments(): string[];
  /** Public keys the copy itself names, PEM by identifier. They prove nothing alone: compare them with what you were given. */
  publicKeys(): Map<string, string>;
  /** Events in the order of their `seq`. */
  events(establishment: string): Iterable<StoredEvent>;
  /** Seals in the order of their number. */
  seals(establishment: string): Seal[];
  personal(establishment: string, ref: string, commitment: string): Kept;
  body(establishment: string, id: string, sha256: string): Kept;
  /** Whether what an event decided to destroy is destroyed: its key is no longer there. */
  isDestroyed(establishment: string, kind: GoneKind, id: string): boolean;
  /** Rows of the index by which persons are found that are not as they were made; null when that cannot be checked. */
  strangeIndexRows(establishment: string): string[] | null;
  /** Rows of the tables that are read which are not what the events say; null when that cannot be checked. */
  readings(establishment: string): { table: string; key: string }[] | null;
  close(): void;
}
