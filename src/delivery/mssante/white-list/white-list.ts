import { type Clock, systemClock } from '../../../words/clock.ts';
import { isViaducError, type ViaducError } from '../../../words/errors.ts';
import { whiteListError } from './errors.ts';
import { keepList, keptList } from './kept.ts';
import { whiteListLimits } from './limits.ts';
import { domainKey, type PublishedList, readList } from './list.ts';
import { type ListSource, listSource } from './source.ts';

export interface WhiteListOptions {
  /** Path of a file, or https address. */
  source: string;
  /** PEM of the authorities that the address is verified by; those of the platform when not given. */
  authorities?: string;
  /** Where the last good list is kept. */
  folder: string;
  refreshHours: number;
  /** Largest part of its domains that a list may lose from one publication to the next, in percent. */
  maxShrinkPercent: number;
  clock?: Clock;
  /** Told after each reading: why the list was not taken, or null. Carries no patient data. */
  onRead?(problem: ViaducError | null): void;
}

/** A list as it is told to people. */
export interface ListFacts {
  sha256: string;
  /** As the list says; null when it does not. */
  generated: string | null;
  domains: number;
  unreadable: number;
}

export interface WhiteListState {
  /** By what domains are judged; null: nothing is sent. */
  inUse: ListFacts | null;
  /** Shrunk by more than is taken without a person. */
  waiting: ListFacts | null;
  problem: ViaducError | null;
  /** When the source was last read, in ms; null before. */
  readMs: number | null;
}

interface Reading {
  list: PublishedList;
  bytes: Buffer;
}

/**
 * The domains of the trust space, by exact name. Refreshed by itself; what comes is taken only when it is a list, is not
 * older and has not shrunk suddenly; until then the last good one serves, from disk after a restart. Without any, no domain
 * may be written to.
 */
export class WhiteList {
  readonly #options: WhiteListOptions;
  readonly #clock: Clock;
  readonly #source: ListSource;
  #inUse: PublishedList | null;
  /** Digest of the list on disk. */
  #kept: string | null;
  #waiting: Reading | null = null;
  #problem: ViaducError | null = null;
  #readMs: number | null = null;
  #reading: Promise<void> | null = null;
  #cancel: () => void = () => {};
  #closed = false;

  /** @throws ViaducError `mssante.white-list-source` */
  constructor(options: WhiteListOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#source = listSource(options.source, options.authorities);
    this.#inUse = keptList(options.folder);
    this.#kept = this.#inUse?.sha256 ?? null;
  }

  /** Reads the source now and from then on; whoever does not wait for it is served by the list that was kept. */
  start(): Promise<void> {
    return this.refresh();
  }

  /** @throws ViaducError `mssante.domain-not-listed`, `mssante.white-list-missing` */
  require(domain: string): void {
    if (!this.#inUse) throw whiteListError('mssante.white-list-missing');
    if (!this.lists(domain))
      throw whiteListError('mssante.domain-not-listed', { domain: domain.slice(0, 255) });
  }

  /** Whether a domain is in the list in use: never without one, never by its end alone. */
  lists(domain: string): boolean {
    const key = domainKey(domain);
    return key !== null && this.#inUse?.domains.has(key) === true;
  }

  get state(): WhiteListState {
    return {
      inUse: this.#inUse && factsOf(this.#inUse),
      waiting: this.#waiting && factsOf(this.#waiting.list),
      problem: this.#problem,
      readMs: this.#readMs,
    };
  }

  /** Domains in use that the list which waits no longer has, in order, and how many they are; the first of them when many. */
  lost(): { count: number; domains: string[] } {
    const came = this.#waiting?.list.domains;
    const gone = came ? [...(this.#inUse?.domains ?? [])].filter((one) => !came.has(one)) : [];
    return { count: gone.length, domains: gone.toSorted().slice(0, whiteListLimits.lostShown.value) };
  }

  /** Reads the source; never fails: `state` and `onRead` tell what came of it. */
  refresh(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  /**
   * Takes the list that waits for a person, the one that was shown to them.
   * @throws ViaducError `mssante.white-list-nothing-to-accept`
   */
  accept(sha256: string): void {
    const waiting = this.#waiting;
    if (waiting?.list.sha256 !== sha256) throw whiteListError('mssante.white-list-nothing-to-accept');
    this.#tell(this.#take(waiting));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel();
    await this.#source.close();
    await this.#reading;
  }

  async #read(): Promise<void> {
    this.#cancel();
    const problem = await this.#readOnce().catch(caught);
    if (this.#closed) return;
    this.#tell(problem);
    const usualMs = this.#options.refreshHours * HOUR_MS;
    const nextMs = problem ? Math.min(usualMs, whiteListLimits.againMs.value) : usualMs;
    this.#cancel = this.#clock.after(nextMs, () => void this.refresh());
  }

  /** What there is to complain of; null when the list was taken, or is the one in use. */
  async #readOnce(): Promise<ViaducError | null> {
    const bytes = await this.#source.read();
    if (this.#closed) return null;
    this.#readMs = this.#clock.now();
    const reading = { list: readList(bytes), bytes };
    this.#waiting = null;
    const complaint = this.#complaintAbout(reading.list);
    if (complaint?.code === 'mssante.white-list-shrunk') this.#waiting = reading;
    return complaint ?? this.#take(reading);
  }

  #complaintAbout(came: PublishedList): ViaducError | null {
    const kept = this.#inUse;
    if (!kept) return null;
    if (came.generated && kept.generated && came.generated.ms < kept.generated.ms) {
      const values = { came: came.generated.text, kept: kept.generated.text };
      return whiteListError('mssante.white-list-older', values);
    }
    const most = this.#options.maxShrinkPercent;
    if (came.domains.size * 100 >= kept.domains.size * (100 - most)) return null;
    const values = { came: came.domains.size, kept: kept.domains.size, most };
    return whiteListError('mssante.white-list-shrunk', values);
  }

  /** Why its copy could not be kept, if so: it serves all the same. */
  #take({ list, bytes }: Reading): ViaducError | null {
    this.#inUse = list;
    this.#waiting = null;
    if (this.#kept === list.sha256) return null;
    const problem = keepList(this.#options.folder, bytes);
    if (!problem) this.#kept = list.sha256;
    return problem;
  }

  #tell(problem: ViaducError | null): void {
    this.#problem = problem;
    this.#options.onRead?.(problem);
  }
}

const HOUR_MS = 3_600_000;

/** A fault of ours is a list that was not read: sending goes on by the last good one. */
function caught(error: unknown): ViaducError {
  if (isViaducError(error)) return error;
  return whiteListError('mssante.white-list-unreachable', { reason: (error as Error).name }, error);
}

function factsOf({ sha256, generated, domains, unreadable }: PublishedList): ListFacts {
  return { sha256, generated: generated?.text ?? null, domains: domains.size, unreadable };
}
