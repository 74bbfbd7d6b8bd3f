import { ViaducError } from '../../words/errors.ts';
import { ledgerError } from '../errors.ts';

const SQLITE_FULL = 13;
const NO_SPACE = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Tells a full disk from any other failure of storage; an error of the catalogue stays what it is. */
export function storageError(error: unknown): ViaducError {
  if (error instanceof ViaducError) return error;
  const { errcode, code, message } = error as { errcode?: number; code?: string; message?: string };
  if (errcode === SQLITE_FULL || NO_SPACE.has(code ?? '')) return ledgerError('ledger.disk-full', {}, error);
  const why = errcode === undefined ? (code ?? message ?? 'unknown') : `SQLite ${errcode}`;
  return ledgerError('ledger.write-failed', { why }, error);
}
