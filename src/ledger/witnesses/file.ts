import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { readSeal, type Seal } from '../seal.ts';

/**
 * A place outside the data folder that is handed every seal: what it holds cannot be taken back by whoever holds the key.
 * `append` must have made the seal durable when it returns.
 */
export interface Witness {
  append(seals: readonly Seal[]): void;
  /** Number of the last seal it holds of an establishment, 0 when none. */
  lastOf(establishment: string): number;
}

/** A file to which one line of JSON is appended for each seal, synced. */
export function fileWitness(file: string): Witness {
  const last = new Map<string, number>();
  let lineIsOpen = endsInsideLine(file);
  for (const { content } of readWitness(file)) last.set(content.establishment, content.number);
  return {
    append(seals) {
      appendSynced(file, `${lineIsOpen ? '\n' : ''}${seals.map(sealLine).join('')}`);
      lineIsOpen = false;
      for (const { content } of seals) last.set(content.establishment, content.number);
    },
    lastOf: (establishment) => last.get(establishment) ?? 0,
  };
}

/** Appends a text to a file, made with its folder when it is not there; synced when it returns. */
export function appendSynced(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const handle = openSync(file, 'a', 0o640);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** A line as it is kept; `timestamp`: the answer of a time stamping authority (RFC 3161, DER in base64) about the seal. */
export interface KeptSeal {
  seal: string;
  signature: string;
  timestamp?: string;
}

/** Whether a crash cut the last line short, so that what is appended must begin a line of its own. */
function endsInsideLine(file: string): boolean {
  const held = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  return held.length > 0 && held.at(-1) !== 0x0a;
}

/** The line that says a seal, as every kind of witness keeps it. */
export function sealLine(seal: Seal): string {
  return `${JSON.stringify({ seal: seal.text, signature: seal.signature })}\n`;
}

/** The seals a witness file holds, in its order. */
export function readWitness(file: string): Seal[] {
  if (!existsSync(file)) return [];
  return keptSeals(readFileSync(file, 'utf8')).map(({ seal, signature }) => readSeal(seal, signature));
}

/**
 * The seals in a text, one a line: of a file, a log, an attachment that was saved. What stands before a seal in its line is
 * passed over, and so is a line cut short by a crash: its seal comes again.
 */
export function keptSeals(text: string): KeptSeal[] {
  return text.split('\n').flatMap((line) => {
    try {
      const kept = JSON.parse(line.slice(line.indexOf('{"seal":'))) as KeptSeal;
      readSeal(kept.seal, kept.signature);
      return [kept];
    } catch {
      return [];
    }
  });
}
