import { hash } from 'node:crypto';
import type { Ledger } from '../../ledger/ledger.ts';
import type { RetryCandidate } from '../../ledger/view-retries.ts';
import { type Clock, instant, isInstant } from '../../words/clock.ts';
import { newId } from '../../words/ids.ts';
import type { RetryFilter } from '../../words/retry.ts';
import { retryError } from './errors.ts';
import { retryLimits } from './limits.ts';

/** What a filter found when somebody looked: the very list that a start opens. */
export interface Preview {
  id: string;
  establishment: string;
  filter: RetryFilter;
  /** SHA-256 of the request key under which it was asked for. */
  key: string | null;
  atMs: number;
  found: RetryCandidate[];
}

/** Lists that were looked at and not started yet. They are of no consequence, and are kept in memory only. */
export class Previews {
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #kept = new Map<string, Preview>();

  constructor(ledger: Ledger, clock: Clock) {
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /**
   * Looks for what a filter finds, and freezes it into a list. Under the same key, the same list again.
   * @throws ViaducError `retry.filter-empty`, `retry.period`, `retry.too-many`, `retry.key-conflict`
   */
  async make(establishment: string, asked: RetryFilter, key: string | null): Promise<Preview> {
    const filter = checked(asked);
    this.#forgetOld();
    const known = key === null ? null : this.#byKey(establishment, key);
    if (known) return sameFilter(known, filter);
    const most = retryLimits.deliveries.value;
    const found = await this.#ledger.of(establishment).retries.candidates(filter, most + 1);
    if (found.length > most) throw retryError('retry.too-many', { limit: most });
    const atMs = this.#clock.now();
    const preview = { id: previewId(establishment, atMs), establishment, filter, key, atMs, found };
    this.#kept.set(preview.id, preview);
    return preview;
  }

  find(id: string): Preview | null {
    this.#forgetOld();
    return this.#kept.get(id) ?? null;
  }

  forget(id: string): void {
    this.#kept.delete(id);
  }

  #byKey(establishment: string, key: string): Preview | null {
    const all = [...this.#kept.values()];
    return all.find((one) => one.key === key && one.establishment === establishment) ?? null;
  }

  #forgetOld(): void {
    const oldest = this.#clock.now() - retryLimits.previewMs.value;
    for (const { id, atMs } of this.#kept.values())
      if (atMs < oldest || this.#kept.size > retryLimits.previews.value) this.#kept.delete(id);
  }
}

/** An identifier that says of which establishment the preview was, after it is forgotten too. */
function previewId(establishment: string, atMs: number): string {
  const id = newId(atMs);
  return `${id}-${placeDigest(establishment, id)}`;
}

/** Whether an identifier is of a preview that this establishment once made. */
export function wasPreviewOf(establishment: string, id: string): boolean {
  const [, first, digest] = /^([0-9a-f-]{36})-([0-9a-f]{8})$/.exec(id) ?? [];
  return first !== undefined && digest === placeDigest(establishment, first);
}

function placeDigest(establishment: string, id: string): string {
  return hash('sha256', `preview\n${establishment}\n${id}`, 'hex').slice(0, 8);
}

function sameFilter(known: Preview, filter: RetryFilter): Preview {
  if (JSON.stringify(known.filter) !== JSON.stringify(filter)) throw retryError('retry.key-conflict');
  return known;
}

/** A request key as it is kept: of one caller, and of one use. */
export function keyDigest(caller: string, key: string): string {
  return hash('sha256', `retry\n${caller}\n${key}`, 'hex');
}

/** The filter with its members in one order; one that would find everything is refused. */
export function checked({
  standing,
  codes,
  senders,
  types,
  destination,
  holdOrigins,
  holdReasons,
  from,
  to,
}: RetryFilter): RetryFilter {
  const lists = given({ codes, senders, types, holdReasons });
  const period = periodOf(from, to);
  if (Object.keys(lists).length === 0 && Object.keys(period).length === 0)
    throw retryError('retry.filter-empty');
  return {
    standing,
    ...lists,
    ...(destination ? { destination } : {}),
    ...originsOf(standing, holdOrigins),
    ...period,
  };
}

/** What is held is looked for by rule unless it is said otherwise, and the filter that is written down says so. */
function originsOf(
  standing: RetryFilter['standing'],
  named: RetryFilter['holdOrigins'] = [],
): Pick<RetryFilter, 'holdOrigins'> {
  if (named.length > 0) return { holdOrigins: named.toSorted() };
  return standing === 'held' ? { holdOrigins: ['rule'] } : {};
}

function given(
  lists: Pick<RetryFilter, 'codes' | 'senders' | 'types' | 'holdReasons'>,
): Partial<RetryFilter> {
  const named = Object.entries(lists).filter(([, values]) => values !== undefined && values.length > 0);
  return Object.fromEntries(named.map(([name, values]) => [name, values!.toSorted()]));
}

function periodOf(from?: string, to?: string): Pick<RetryFilter, 'from' | 'to'> {
  const unreadable = [from, to].some((one) => one !== undefined && !isInstant(one));
  if (unreadable || (from && to && Date.parse(from) >= Date.parse(to)))
    throw retryError('retry.period', { from: from?.slice(0, 40) ?? '…', to: to?.slice(0, 40) ?? '…' });
  return {
    ...(from ? { from: instant(Date.parse(from)) } : {}),
    ...(to ? { to: instant(Date.parse(to)) } : {}),
  };
}
