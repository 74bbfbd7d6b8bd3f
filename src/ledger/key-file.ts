import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { syncFolder } from './bodies.ts';
import type { LedgerKeys } from './keys.ts';

/** What is written in the file: PKCS#8 and raw bytes in base64. In version 1 the search key was the master key. */
export type KeyFile =
  | { v: 1; master: string; sign: string }
  | { v: 2; master: string; search: string; sign: string };

/** Makes the secrets of a new ledger, readable by their owner only and synced. */
export function writeNewKeys(file: string): void {
  const master = randomBytes(32).toString('base64');
  const search = randomBytes(32).toString('base64');
  write(file, { v: 2, master, search, sign: pkcs8(generateKeyPairSync('ed25519').privateKey) });
}

function pkcs8(key: KeyObject): string {
  return key.export({ format: 'der', type: 'pkcs8' }).toString('base64');
}

function write(file: string, content: KeyFile): void {
  mkdirSync(dirname(file), { recursive: true });
  const handle = openSync(file, 'wx', 0o600);
  writeSync(handle, `${JSON.stringify(content, null, 2)}\n`);
  fsyncSync(handle);
  closeSync(handle);
  syncFolder(dirname(file));
}

/** Where the keys stand that are to take the place of those of a file. */
export function nextKeyFile(file: string): string {
  return `${file}.next`;
}

/**
 * Writes the keys that follow: those asked for anew, the others as they are. The search key never changes: with it, stays
 * and persons would no longer be found.
 */
export function writeNextKeys(
  file: string,
  old: LedgerKeys,
  { seal, master }: { seal: boolean; master: boolean },
): void {
  removeNextKeys(file);
  write(nextKeyFile(file), {
    v: 2,
    master: (master ? randomBytes(32) : old.master).toString('base64'),
    search: old.search.toString('base64'),
    sign: pkcs8(seal ? generateKeyPairSync('ed25519').privateKey : old.sign),
  });
}

export function removeNextKeys(file: string): void {
  rmSync(nextKeyFile(file), { force: true });
}

/** Puts the keys that follow in force; those of before stay beside them, for backups made until now. @returns their file */
export function putKeysInForce(file: string, old: LedgerKeys): string {
  const kept = keptFile(file, old);
  copyFileSync(file, kept);
  const handle = openSync(kept, 'r');
  fsyncSync(handle);
  closeSync(handle);
  renameSync(nextKeyFile(file), file);
  syncFolder(dirname(file));
  return kept;
}

/** A change of the master key alone leaves the name of the signing key: such files are numbered. */
function keptFile(file: string, { id }: LedgerKeys): string {
  const name = `${file}.before-${id}`;
  for (let number = 1; ; number += 1) {
    const kept = number === 1 ? name : `${name}.${number}`;
    if (!existsSync(kept)) return kept;
  }
}
