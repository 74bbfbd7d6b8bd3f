import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { LedgerCopy, StoredEvent } from './copy.ts';
import { ledgerError } from './errors.ts';
import { readSeal, type Seal } from './seal.ts';

/** A line of an export: public keys first, then each chain with its seals. The encrypted stores stay where they are. */
type Line =
  | { kind: 'key'; id: string; pem: string }
  | {
      kind: 'event';
      establishment: string;
      seq: number;
      at: string;
      type: string;
      text: string;
      hash: string;
    }
  | { kind: 'seal'; text: string; signature: string };

/** The ledger as lines of JSON, to be verified elsewhere without any secret. Only the named establishment when one is given. */
export function* exportLines(copy: LedgerCopy, establishment?: string): Generator<string> {
  for (const [id, pem] of copy.publicKeys()) yield line({ kind: 'key', id, pem });
  for (const one of establishment === undefined ? copy.establishments() : [establishment]) {
    for (const { seq, at, type, text, hash } of copy.events(one))
      yield line({ kind: 'event', establishment: one, seq, at, type, text, hash });
    for (const { text, signature } of copy.seals(one)) yield line({ kind: 'seal', text, signature });
  }
}

function line(content: Line): string {
  return `${JSON.stringify(content)}\n`;
}

/**
 * An exported file as a copy to verify.
 * @throws ViaducError `ledger.export-unreadable` with the line
 */
export function openExport(file: string): LedgerCopy {
  const keys = new Map<string, string>();
  const events = new Map<string, StoredEvent[]>();
  const seals = new Map<string, Seal[]>();
  for (const content of linesOf(file)) {
    if (content.kind === 'key') keys.set(content.id, content.pem);
    else if (content.kind === 'event') add(events, content.establishment, content);
    else {
      const seal = readSeal(content.text, content.signature);
      add(seals, seal.content.establishment, seal);
    }
  }
  const notChecked = () => ({ state: 'not-checked' as const });
  return {
    establishments: () => [...events.keys()],
    publicKeys: () => keys,
    events: (establishment) => events.get(establishment) ?? [],
    seals: (establishment) => seals.get(establishment) ?? [],
    personal: notChecked,
    body: notChecked,
    isDestroyed: () => true,
    strangeIndexRows: () => null,
    readings: () => null,
    close: () => {},
  };
}

const LINE_KINDS = ['key', 'event', 'seal'];

function* linesOf(file: string): Generator<Line> {
  let number = 0;
  for (const text of textLines(file)) {
    number += 1;
    if (text !== '') yield lineOf(text, file, number);
  }
}

function lineOf(text: string, file: string, number: number): Line {
  try {
    const content = JSON.parse(text) as Line;
    if (LINE_KINDS.includes(content.kind)) return content;
  } catch {
    // Told below: a line that is no JSON and one of another kind are the same mistake.
  }
  throw ledgerError('ledger.export-unreadable', { file, line: number });
}

const CHUNK_BYTES = 1 << 20;

/** The lines of a file, read piece by piece: an export of years is longer than a text may be. */
function* textLines(file: string): Generator<string> {
  const handle = openSync(file, 'r');
  const decoder = new StringDecoder('utf8');
  const chunk = Buffer.alloc(CHUNK_BYTES);
  try {
    let rest = '';
    for (let read = 1; read > 0; ) {
      read = readSync(handle, chunk);
      const lines = (rest + decoder.write(chunk.subarray(0, read))).split('\n');
      rest = lines.pop()!;
      yield* lines;
    }
    yield rest + decoder.end();
  } finally {
    closeSync(handle);
  }
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}
