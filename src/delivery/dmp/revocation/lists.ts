import { createHash, type X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isViaducError, type Words } from '../../../words/errors.ts';
import { dmpLimits } from '../limits.ts';
import type { RevocationFacts } from './certificate.ts';
import { complaintAbout, concerns, type RevocationList, readRevocationList } from './crl.ts';
import type { Fetch } from './fetch.ts';

/** A list that may be relied on, or why there is none; `null` for a list of other certificates. */
export type Found =
  | { list: RevocationList; complaint: Complaint | null }
  | { list: null; complaint: Complaint }
  | null;

/** Why the newest list of a place could not be had or used. */
export type Complaint = string | Words;

/** Whom a list is asked about: facts of the certificate and the authority that issued it. */
export interface Asked {
  facts: RevocationFacts;
  authority: X509Certificate;
}

/** Lists as they are published, and the last good one of each place on disk: it serves when the place does not. */
export class RevocationLists {
  readonly #folder: string;
  readonly #fetch: Fetch;
  readonly #keeps: boolean;
  readonly #good = new Map<string, RevocationList>();

  /** @param folder where good lists are kept; only read from unless `keeps` */
  constructor(folder: string, fetch: Fetch, keeps: boolean) {
    this.#folder = folder;
    this.#fetch = fetch;
    this.#keeps = keeps;
  }

  /** Reads a place anew; what it gave before serves when that fails or is older. */
  async read(place: string, asked: Asked, nowMs: number): Promise<Found> {
    const kept = this.#good.get(place) ?? this.#kept(place, asked, nowMs);
    try {
      const bytes = await this.#fetch(place, dmpLimits.revocationList.value);
      const list = readRevocationList(bytes);
      if (!concerns(list, asked.facts)) return null;
      const complaint = complaintAbout(list, asked.authority, nowMs);
      if (complaint) return { list: kept, complaint };
      if (kept && kept.thisUpdate > list.thisUpdate) return { list: kept, complaint: 'an older list came' };
      this.#good.set(place, list);
      return { list, complaint: this.#keep(place, bytes) };
    } catch (error) {
      if (!isViaducError(error)) throw error;
      return { list: kept, complaint: error.words };
    }
  }

  /** Why it could not be kept; null when it was. */
  #keep(place: string, bytes: Buffer): Complaint | null {
    if (!this.#keeps) return null;
    const path = this.#pathOf(place);
    try {
      mkdirSync(this.#folder, { recursive: true });
      writeFileSync(`${path}.new`, bytes);
      renameSync(`${path}.new`, path);
      return null;
    } catch (error) {
      return `it cannot be kept in the data folder: ${(error as NodeJS.ErrnoException).code}`;
    }
  }

  /** Verified again: the folder proves nothing. */
  #kept(place: string, { facts, authority }: Asked, nowMs: number): RevocationList | null {
    try {
      const list = readRevocationList(readFileSync(this.#pathOf(place)));
      return concerns(list, facts) && complaintAbout(list, authority, nowMs) === null ? list : null;
    } catch {
      return null;
    }
  }

  #pathOf(place: string): string {
    return join(this.#folder, `${createHash('sha256').update(place).digest('hex').slice(0, 32)}.crl`);
  }
}
