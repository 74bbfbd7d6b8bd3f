import { statSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { Clock } from '../words/clock.ts';
import { isViaducError } from '../words/errors.ts';
import { readText, type TlsFiles } from './config.ts';
import { gatewayError } from './errors.ts';

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
  try {
    createSecureContext(options);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw gatewayError('config.tls-unusable', { certificate, key, why: code ?? message }, error);
  }
  return options;
}

/** How often the files of doors are looked at. */
const LOOK_EVERY_MS = 60_000;

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
  const stamps = doors.map(({ files }) => stampOfDoor(files));
  let cancel = () => {};
  const look = () => {
    for (const [index, door] of doors.entries()) {
      const stamp = stampOfDoor(door.files);
      if (stamp !== stamps[index]) renew(door, tell);
      stamps[index] = stamp;
    }
    cancel = clock.after(LOOK_EVERY_MS, look);
  };
  cancel = clock.after(LOOK_EVERY_MS, look);
  return () => cancel();
}

function renew({ files, renew: use }: RenewableDoor, tell: (code: string, values: object) => void): void {
  try {
    use(readDoorTls(files));
  } catch (error) {
    if (!isViaducError(error)) throw error;
    tell(error.code, error.values);
  }
}

/** Changes whenever one of the files is written, made or taken away. */
export function stampOf(files: readonly (string | null)[]): string {
  return files
    .map((file) => file && statSync(file, { throwIfNoEntry: false }))
    .map((stats) => (stats ? `${stats.size}/${stats.mtimeMs}` : ''))
    .join(' ');
}

function stampOfDoor({ certificate, key, passphraseFile, clientAuthorities }: TlsFiles): string {
  return stampOf([certificate, key, passphraseFile, clientAuthorities]);
}
