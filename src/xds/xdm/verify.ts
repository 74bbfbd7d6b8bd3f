import { isViaducError } from '../../words/errors.ts';
import type { Finding } from '../../words/findings.ts';
import type { Archive } from './archive.ts';
import { xdmError } from './errors.ts';
import { type OpenedArchive, openArchive } from './open.ts';

/**
 * Opens an archive as its reader will, before it is sent: every document is there, as its metadata and its header say.
 * @throws ViaducError `xdm.self-check-failed` with the codes of what is wrong
 */
export async function verifyArchive({ bytes, lot }: Archive): Promise<void> {
  const { subsets, findings } = await openAgain(bytes);
  const documents = subsets.flatMap((subset) => subset.documents);
  const errors = [...findings, ...documents.flatMap((document) => document.findings)].filter(isError);
  if (errors.length > 0) throw failed(errors.map(({ code }) => code));
  const read = documents.map(({ entry }) => `${entry.uniqueId} ${entry.hash}`);
  const meant = lot.entries.map(({ uniqueId, hash }) => `${uniqueId} ${hash}`);
  if (read.join() !== meant.join()) throw failed(['xdm.file-missing']);
}

async function openAgain(bytes: Buffer): Promise<OpenedArchive> {
  try {
    return await openArchive(bytes);
  } catch (error) {
    throw isViaducError(error) ? failed([error.code], error) : error;
  }
}

function isError({ severity }: Finding): boolean {
  return severity === 'error';
}

function failed(codes: readonly string[], cause?: unknown): Error {
  return xdmError('xdm.self-check-failed', { what: [...new Set(codes)].join(', ') }, cause);
}
