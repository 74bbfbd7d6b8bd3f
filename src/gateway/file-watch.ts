import { statSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { Clock } from '../words/clock.ts';
import { gatewayError } from './errors.ts';

/** How often files that somebody renews are looked at. */
const LOOK_EVERY_MS = 60_000;

/** Calls `onChange` after one of the files was written, made or taken away. @returns what ends it */
export function watchFiles(
  files: readonly (string | null)[],
  clock: Clock,
  onChange: () => void,
): () => void {
  let stamp = stampOf(files);
  let cancel = () => {};
  const look = () => {
    const now = stampOf(files);
    if (now !== stamp) onChange();
    stamp = now;
    cancel = clock.after(LOOK_EVERY_MS, look);
  };
  cancel = clock.after(LOOK_EVERY_MS, look);
  return () => cancel();
}

function stampOf(files: readonly (string | null)[]): string {
  return files
    .map((file) => file && statSync(file, { throwIfNoEntry: false }))
    .map((stats) => (stats ? `${stats.size}/${stats.mtimeMs}` : ''))
    .join(' ');
}

/** Tries a certificate with its key before anything meets them. @throws ViaducError `config.tls-unusable` */
export function tryPair(files: { certificate: string; key: string }, options: SecureContextOptions): void {
  try {
    createSecureContext(options);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw gatewayError('config.tls-unusable', { ...files, why: code ?? message }, error);
  }
}
