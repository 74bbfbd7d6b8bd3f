import type { Environment } from '../../words/environment.ts';
import { GENESIS } from '../chain.ts';
import type { LedgerKeys } from '../keys.ts';
import { merkleRoot } from '../merkle.ts';
import { makeSeal, readSeal, type Seal, sealDigest } from '../seal.ts';
import type { Witness } from '../witnesses/file.ts';
import type { Database } from './database.ts';

interface SealerOptions {
  keys: LedgerKeys;
  environment: Environment;
  witnesses: readonly Witness[];
}

/** Makes the seals of each establishment's chain and hands them to the witnesses. */
export class Sealer {
  readonly #database: Database;
  readonly #options: SealerOptions;
  /** Witnesses that could not be written since the last success, with the reason. */
  readonly failures = new Map<Witness, string>();

  constructor(database: Database, options: SealerOptions) {
    this.#database = database;
    this.#options = options;
  }

  seal(chains: readonly { establishment: string; last: number }[], nowMs: number, atLeast: number): Seal[] {
    const seals = this.make(chains, nowMs, atLeast);
    if (seals.length > 0 || this.failures.size > 0)
      this.catchUp(chains.map(({ establishment }) => establishment));
    return seals;
  }

  /** Makes the seals alone; a witness is given them once they are committed. `nextKey`: the key of the seals behind them. */
  make(
    chains: readonly { establishment: string; last: number }[],
    nowMs: number,
    atLeast: number,
    nextKey?: string,
  ): Seal[] {
    return chains.flatMap(({ establishment, last }) =>
      this.#sealChain(establishment, last, nowMs, atLeast, nextKey),
    );
  }

  /** Gives every witness the seals it lacks: those of before a crash or of while it could not be reached. */
  catchUp(establishments: readonly string[]): void {
    for (const witness of this.#options.witnesses) {
      try {
        const lacking = establishments.flatMap((one) => this.#sealsAfter(one, witness.lastOf(one)));
        if (lacking.length > 0) witness.append(lacking);
        this.failures.delete(witness);
      } catch (error) {
        this.failures.set(witness, (error as Error).message);
      }
    }
  }

  #sealChain(establishment: string, last: number, nowMs: number, atLeast: number, nextKey?: string): Seal[] {
    const previous = this.#lastSeal(establishment);
    const first = (previous?.content.last ?? 0) + 1;
    if (last - first + 1 < Math.max(1, atLeast)) return [];
    const seal = this.#make(establishment, first, last, previous, nowMs, nextKey);
    this.#database.run(
      'INSERT INTO seals (establishment, number, first, last, text, signature) VALUES (?, ?, ?, ?, ?, ?)',
      establishment,
      seal.content.number,
      first,
      last,
      seal.text,
      seal.signature,
    );
    return [seal];
  }

  #make(
    establishment: string,
    first: number,
    last: number,
    previous: Seal | null,
    nowMs: number,
    nextKey?: string,
  ): Seal {
    const { keys, environment } = this.#options;
    const rows = this.#database.all(
      'SELECT hash FROM events WHERE establishment = ? AND seq BETWEEN ? AND ? ORDER BY seq',
      establishment,
      first,
      last,
    );
    const hashes = rows.map((row) => String(row.hash));
    const content = {
      establishment,
      environment,
      number: Math.max(previous?.content.number ?? 0, this.#lostSeal(establishment)) + 1,
      at: new Date(nowMs).toISOString(),
      first,
      last,
    };
    const links = {
      root: merkleRoot(hashes),
      head: hashes.at(-1)!,
      previous: previous ? sealDigest(previous) : GENESIS,
      key: keys.id,
      ...(nextKey === undefined ? {} : { nextKey }),
    };
    return makeSeal({ ...content, ...links }, keys.sign);
  }

  /** Last seal that a restore lost: a witness holds it, so that its number is never used again. */
  #lostSeal(establishment: string): number {
    const sql = 'SELECT coalesce(max(lost_to_seal), 0) AS seal FROM p_restores WHERE establishment = ?';
    return Number(this.#database.get(sql, establishment)!.seal);
  }

  #lastSeal(establishment: string): Seal | null {
    const row = this.#database.get(
      'SELECT text, signature FROM seals WHERE establishment = ? ORDER BY number DESC LIMIT 1',
      establishment,
    );
    return row ? readSeal(String(row.text), String(row.signature)) : null;
  }

  #sealsAfter(establishment: string, number: number): Seal[] {
    const rows = this.#database.all(
      'SELECT text, signature FROM seals WHERE establishment = ? AND number > ? ORDER BY number',
      establishment,
      number,
    );
    return rows.map((row) => readSeal(String(row.text), String(row.signature)));
  }
}
