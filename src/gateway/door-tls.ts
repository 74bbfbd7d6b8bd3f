import type { SecureContextOptions } from 'node:tls';
import type { Clock } from '../words/clock.ts';
import { isViaducError } from '../words/errors.ts';
import { readText, type TlsFiles } from './config.ts';
import { tryPair, watchFiles } from './file-watch.ts';

/** What TLS of a door is made of; clients must show a certificate where the authorities that may issue one are named. */
export type DoorTls = SecureContextOptions & { requestCert?: boolean; rejectUnauthorized?: boolean };

/**
 * The files of a door, read and tried: a certificate that cannot be used is told before the door opens.
 * @throws ViaducError `config.unreadable`, `config.tls-unusable`
 */
export function readDoorTls({ certificate, key, passphraseFile, clientAuthorities }: TlsFiles): DoorTls {
  const options = {
    cert: readText(certificate),
    key: readText(key),
    minVersion: 'TLSv1.2' as const,
    ...(passphraseFile ? { passphrase: readText(passphraseFile).trim() } : {}),
    ...(clientAuthorities
      ? { ca: readText(clientAuthorities), requestCert: true, rejectUnauthorized: true }
      : {}),
  };
  tryPair({ certificate, key }, options);
  return options;
}

/** A door whose TLS may be renewed while it is open. */
export interface RenewableDoor {
  files: TlsFiles;
  renew(tls: DoorTls): void;
}

/**
 * From now on new connections of a door use its files as they are; connections that are open go on. Files that went wrong, or
 * of which one is still to follow, are told once and leave the former in use.
 */
export function watchDoorTls(
  doors: readonly RenewableDoor[],
  clock: Clock,
  tell: (code: string, values: object) => void,
): () => void {
  const watches = doors.map((door) => watchFiles(filesOf(door), clock, () => renew(door, tell)));
  return () => {
    for (const end of watches) end();
  };
}

function filesOf({ files }: RenewableDoor): (string | null)[] {
  const { certificate, key, passphraseFile, clientAuthorities } = files;
  return [certificate, key, passphraseFile, clientAuthorities];
}

function renew({ files, renew: use }: RenewableDoor, tell: (code: string, values: object) => void): void {
  try {
    use(readDoorTls(files));
  } catch (error) {
    if (!isViaducError(error)) throw error;
    tell(error.code, error.values);
  }
}
