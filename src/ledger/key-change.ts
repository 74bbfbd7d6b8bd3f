import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { EventData, LedgerEvent } from '../words/events.ts';
import { keyId, type LedgerKeys } from './keys.ts';
import type { Seal } from './seal.ts';

type KeyChange = EventData['key.changed'];

/** What both keys sign when one takes the place of the other in a chain. */
function changeText(establishment: string, { from, to, master }: KeyChange): Buffer {
  return Buffer.from(JSON.stringify({ v: 1, establishment, from: from.key, to: to.key, master }));
}

/** The change of the key that signs seals, of the master key, or of both, signed by the key before and the one after. */
export function makeKeyChange(
  establishment: string,
  old: LedgerKeys,
  next: LedgerKeys,
  by: string,
): KeyChange {
  const side = ({ id, publicPem }: LedgerKeys) => ({ key: id, pem: publicPem, signature: '' });
  const change: KeyChange = { from: side(old), to: side(next), master: !old.master.equals(next.master), by };
  const text = changeText(establishment, change);
  change.from.signature = sign(null, text, old.sign).toString('base64');
  change.to.signature = sign(null, text, next.sign).toString('base64');
  return change;
}

/** The keys of a change when both signatures hold and each key is the one that is named; else null. */
function keysOf(establishment: string, change: KeyChange): { from: KeyObject; to: KeyObject } | null {
  try {
    const [from, to] = [createPublicKey(change.from.pem), createPublicKey(change.to.pem)];
    const text = changeText(establishment, change);
    const holds = (key: KeyObject, side: KeyChange['from']) =>
      keyId(key) === side.key && verify(null, text, key, Buffer.from(side.signature, 'base64'));
    return holds(from, change.from) && holds(to, change.to) ? { from, to } : null;
  } catch {
    return null;
  }
}

/**
 * Which key may sign which seal of a chain. From a key that is trusted, whichever it is, every change that both keys signed
 * leads to the one before and the one after.
 */
export class KeySuccession {
  readonly #keys: Map<string, KeyObject>;
  readonly #changes: { seq: number; to: string; keys: { from: KeyObject; to: KeyObject } }[] = [];

  constructor(trusted: ReadonlyMap<string, KeyObject>) {
    this.#keys = new Map(trusted);
  }

  /** @returns what is wrong with the change, or null */
  take({ establishment, seq, data }: LedgerEvent<'key.changed'>): string | null {
    const keys = keysOf(establishment, data);
    if (!keys) return 'the change of keys is not signed by both keys';
    this.#changes.push({ seq, to: data.to.key, keys });
    return null;
  }

  /** The keys that are trusted, once all changes are known. */
  trusted(): ReadonlyMap<string, KeyObject> {
    for (let known = -1; known < this.#keys.size; ) {
      known = this.#keys.size;
      for (const { keys } of this.#changes) {
        const ids = [keyId(keys.from), keyId(keys.to)] as const;
        if (!ids.some((id) => this.#keys.has(id))) continue;
        this.#keys.set(ids[0], keys.from).set(ids[1], keys.to);
      }
    }
    return this.#keys;
  }

  /** @returns why the key of a seal may not sign it, or null */
  complaint({ content }: Seal, previous: Seal | null): string | null {
    const inForce = previous?.content.nextKey ?? previous?.content.key ?? content.key;
    if (content.key !== inForce) return `signed by key ${content.key}, while ${inForce} is in force`;
    const changes = this.#changes.filter(({ seq }) => seq >= content.first && seq <= content.last);
    const next = changes.at(-1)?.to;
    return (content.nextKey ?? content.key) === (next ?? content.key)
      ? null
      : `names ${content.nextKey ?? 'no key'} as the next key, the events under it say ${next ?? 'none'}`;
  }
}
