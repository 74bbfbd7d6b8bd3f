import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { derive, keyed, sha256 } from './cipher.ts';
import { ledgerError } from './errors.ts';
import { type KeyFile, writeNewKeys } from './key-file.ts';

/**
 * The secrets of a ledger: a master key, from which every encryption key is derived, a search key, by which people are found
 * again, and the Ed25519 pair that signs seals. They stand in one file outside the data folder, so that a copy of the data alone reveals nothing.
 */
export interface LedgerKeys {
  /** Short identifier of the signing key: the first 16 hexadecimal digits of the SHA-256 of its public part (SPKI). */
  id: string;
  master: Buffer;
  search: Buffer;
  sign: KeyObject;
  verify: KeyObject;
  /** Public part of the signing key, SPKI in PEM. */
  publicPem: string;
}

/** Reads the key file; makes it first, readable by its owner only and synced, when it does not exist and may be made. */
export function openKeys(file: string, mayCreate: boolean): LedgerKeys {
  if (!existsSync(file)) {
    if (!mayCreate) throw ledgerError('ledger.key-file-unreadable', { file, why: 'it does not exist' });
    writeNewKeys(file);
  }
  return parseKeys(file, readFileSync(file, 'utf8'));
}

function parseKeys(file: string, text: string): LedgerKeys {
  try {
    const content = JSON.parse(text) as KeyFile;
    const sign = createPrivateKey({ key: Buffer.from(content.sign, 'base64'), format: 'der', type: 'pkcs8' });
    const master = Buffer.from(content.master, 'base64');
    const search = content.v === 1 ? master : Buffer.from(content.search, 'base64');
    const known = content.v === 1 || content.v === 2;
    if (!known || master.length !== 32 || search.length !== 32) throw new Error('unknown form');
    const verify = createPublicKey(sign);
    const publicPem = verify.export({ format: 'pem', type: 'spki' }).toString();
    return { id: keyId(verify), master, search, sign, verify, publicPem };
  } catch (error) {
    throw ledgerError('ledger.key-file-unreadable', { file, why: (error as Error).message });
  }
}

/** Identifier of a public key, as seals name it. */
export function keyId(key: KeyObject): string {
  return sha256(key.export({ format: 'der', type: 'spki' })).slice(0, 16);
}

/** A value that tells the right key file from another without revealing it. */
export function keyCheck(keys: LedgerKeys): string {
  return keyed(derive(keys.master, 'viaduc key check'), keys.id);
}

/** The keyed hash by which a person is found again in one establishment, and in no other. */
export function searchHash(
  keys: LedgerKeys,
  establishment: string,
  kind: 'ins' | 'ipp' | 'address',
  value: string,
): string {
  return keyed(derive(keys.search, `search ${establishment}`), kind, value);
}
