import { type KeyObject, sign, verify } from 'node:crypto';
import type { Environment } from '../words/environment.ts';
import { sha256 } from './cipher.ts';

/** The signed statement that a batch of one establishment's events stood in this order at this instant. */
export interface SealContent {
  establishment: string;
  environment: Environment;
  /** From 1, without gap. */
  number: number;
  at: string;
  /** First and last event sealed, by their `seq`. */
  first: number;
  last: number;
  /** Merkle root over the hashes of those events. */
  root: string;
  /** Hash of the last event sealed. */
  head: string;
  /** Digest of the seal before, or 64 zeros. */
  previous: string;
  /** Identifier of the signing key. */
  key: string;
  /** The key that signs from the next seal on, when the events under this one change it. */
  nextKey?: string;
}

export interface Seal {
  content: SealContent;
  /** The JSON text that was signed. */
  text: string;
  /** Ed25519 signature over the text, base64. */
  signature: string;
}

export function makeSeal(content: SealContent, key: KeyObject): Seal {
  const text = sealText(content);
  return { content, text, signature: sign(null, Buffer.from(text), key).toString('base64') };
}

function sealText(content: SealContent): string {
  const { establishment, environment, number, at, first, last, root, head, previous, key, nextKey } = content;
  return JSON.stringify({
    v: 1,
    establishment,
    environment,
    number,
    at,
    first,
    last,
    root,
    head,
    previous,
    key,
    nextKey,
  });
}

export function readSeal(text: string, signature: string): Seal {
  return { content: JSON.parse(text) as SealContent, text, signature };
}

/** Whether the signature is that of the key over the text. */
export function sealHolds(seal: Seal, key: KeyObject): boolean {
  return verify(null, Buffer.from(seal.text), key, Buffer.from(seal.signature, 'base64'));
}

/** What the next seal names as `previous`: text and signature together, so that neither can be exchanged. */
export function sealDigest(seal: Seal): string {
  return sha256(`${seal.text}\n${seal.signature}`);
}
