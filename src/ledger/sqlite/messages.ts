import type { Environment } from '../../words/environment.ts';
import type { Values } from '../../words/errors.ts';
import { ledgerError, type ledgerErrors } from '../errors.ts';
import type { AnyClaimed, Claim, MailboxClaim, NoticeClaim } from '../ledger.ts';
import type { Moved } from './reclaim.ts';
import { storageError } from './storage-error.ts';
import type { PackedAppend } from './writer.ts';

/** What the worker is started with. */
export interface WorkerOptions {
  folder: string;
  keyFile: string;
  environment: Environment;
  product: { name: string; version: string };
  establishments: string[];
  witnessFiles: string[];
  nowMs: number;
}

/** A call to the worker; answers carry the same number. */
export type Call = { call: number } & (
  | { op: 'append'; append: PackedAppend }
  | { op: 'claim'; claim: Claim }
  | { op: 'claim-notice'; claim: NoticeClaim }
  | { op: 'claim-mailbox'; claim: MailboxClaim }
  | { op: 'give-back'; claimed: AnyClaimed }
  | { op: 'seal'; nowMs: number }
  | { op: 'rebuild' }
  | { op: 'retire'; nowMs: number }
  | { op: 'prepare'; file: string; bytes: number }
  | { op: 'relocate'; moved: Moved }
  | { op: 'obsolete'; file: string; nowMs: number }
  | { op: 'witness-failures' }
  | { op: 'close' }
);

export type Answer = { call: number; value: unknown } | { call: number; error: WireError };

/** An error of the ledger's catalogue, as it crosses between threads. */
export interface WireError {
  code: keyof typeof ledgerErrors;
  values: Values;
}

export function toWire(error: unknown): WireError {
  const known = storageError(error);
  return { code: known.code as WireError['code'], values: known.values };
}

export function fromWire({ code, values }: WireError): Error {
  return ledgerError(code, values);
}
