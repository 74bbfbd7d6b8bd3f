import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { readSeal, type Seal } from './seal.ts';

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
      mkdirSync(dirname(file), { recursive: true });
      const handle = openSync(file, 'a', 0o640);
      try {
        writeSync(handle, `${lineIsOpen ? '\n' : ''}${seals.map(witnessLine).join('')}`);
        fsyncSync(handle);
        lineIsOpen = false;
      } finally {
        closeSync(handle);
      }
      for (const { content } of seals) last.set(content.establishment, content.number);
    },
    lastOf: (establishment) => last.get(establishment) ?? 0,
  };
}

/** Whether a crash cut the last line short, so that what is appended must begin a line of its own. */
function endsInsideLine(file: string): boolean {
  const held = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  return held.length > 0 && held.at(-1) !== 0x0a;
}

function witnessLine(seal: Seal): string {
  return `${JSON.stringify({ seal: seal.text, signature: seal.signature })}\n`;
}

/** The seals a witness file holds, in its order. A line cut short by a crash is passed over: its seal comes again. */
export function readWitness(file: string): Seal[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line) => {
    try {
      const { seal, signature } = JSON.parse(line) as { seal: string; signature: string };
      return [readSeal(seal, signature)];
    } catch {
      return [];
    }
  });
}
