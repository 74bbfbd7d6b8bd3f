import { Worker } from 'node:worker_threads';
import type { Environment } from '../../words/environment.ts';
import { ledgerError } from '../errors.ts';
import { type LedgerKeys, openKeys, searchHash } from '../keys.ts';
import type {
  AnyClaimed,
  Append,
  Appended,
  Claim,
  Claimed,
  ClaimedMailbox,
  ClaimedNotice,
  Ledger,
  MailboxClaim,
  NoticeClaim,
  Reclaimed,
  Subject,
} from '../ledger.ts';
import { makeFolder, takeLock } from '../lock.ts';
import { pack } from '../packing.ts';
import type { Seal } from '../seal.ts';
import type { LedgerView } from '../view.ts';
import { openForReading } from './database.ts';
import { type Answer, type Call, fromWire, type WorkerOptions } from './messages.ts';
import { SqliteReader } from './reader.ts';
import { type ReclaimCalls, reclaim } from './reclaim.ts';
import { settleKeys } from './settle-keys.ts';
import type { HashedSubject } from './vault.ts';
import type { PackedAppend } from './writer.ts';

export interface SqliteLedgerOptions {
  /** Data folder; made when it does not exist. */
  folder: string;
  keyFile: string;
  environment: Environment;
  product: { name: string; version: string };
  establishments: readonly string[];
  /** Files outside the data folder to which seals are appended. */
  witnessFiles: readonly string[];
  nowMs: number;
  /** Told of each append once it is durable, and how long that took in ms. */
  observe?(append: Append, tookMs: number): void;
}

/** Chain of what concerns the gateway itself and no establishment: tokens. */
export const GATEWAY_CHAIN = '@gateway';

/**
 * Opens the ledger of a data folder for writing: takes the folder's lock, starts the writer's thread.
 * @throws ViaducError `ledger.locked`, `ledger.folder-not-writable`, `ledger.newer-schema`, `ledger.wrong-environment`, `ledger.wrong-key`, `ledger.key-file-unreadable`
 */
export async function openSqliteLedger(options: SqliteLedgerOptions): Promise<Ledger> {
  makeFolder(options.folder);
  const unlock = takeLock(options.folder);
  try {
    settleKeys(options.folder, options.keyFile);
    const keys = openKeys(options.keyFile, true);
    const establishments = [GATEWAY_CHAIN, ...options.establishments];
    const { folder, keyFile, environment, product, nowMs } = options;
    const calls = new Calls({
      folder,
      keyFile,
      environment,
      product,
      nowMs,
      establishments,
      witnessFiles: [...options.witnessFiles],
    });
    await calls.ready;
    return new SqliteLedger(options, keys, calls, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

class SqliteLedger implements Ledger {
  readonly environment: Environment;
  readonly publicPem: string;
  readonly #keys: LedgerKeys;
  readonly #calls: Calls;
  readonly #reader: SqliteReader;
  readonly #unlock: () => void;
  readonly #folder: string;
  readonly #observe: SqliteLedgerOptions['observe'];
  #closing: Promise<void> | null = null;

  constructor(options: SqliteLedgerOptions, keys: LedgerKeys, calls: Calls, unlock: () => void) {
    this.environment = options.environment;
    this.publicPem = keys.publicPem;
    this.#keys = keys;
    this.#calls = calls;
    this.#unlock = unlock;
    this.#folder = options.folder;
    this.#observe = options.observe;
    this.#reader = new SqliteReader(openForReading(options.folder), options.folder, keys);
  }

  async append(append: Append): Promise<Appended[]> {
    if (this.#closing) throw ledgerError('ledger.closed');
    const begun = performance.now();
    const packed = await this.#packed(append);
    const call = this.#calls.call({ op: 'append', append: packed }, memoryOf(packed));
    const appended = (await call) as Appended[];
    this.#reader.keep(append, appended);
    this.#observe?.(append, performance.now() - begun);
    return appended;
  }

  async claim(claim: Claim): Promise<Claimed[]> {
    if (this.#closing) return [];
    return (await this.#calls.call({ op: 'claim', claim })) as Claimed[];
  }

  async claimNotice(claim: NoticeClaim): Promise<ClaimedNotice | null> {
    if (this.#closing) return null;
    return (await this.#calls.call({ op: 'claim-notice', claim })) as ClaimedNotice | null;
  }

  async claimMailbox(claim: MailboxClaim): Promise<ClaimedMailbox | null> {
    if (this.#closing) return null;
    return (await this.#calls.call({ op: 'claim-mailbox', claim })) as ClaimedMailbox | null;
  }

  async giveBack(claimed: AnyClaimed): Promise<void> {
    if (!this.#closing) await this.#calls.call({ op: 'give-back', claimed });
  }

  async seal(nowMs: number): Promise<Seal[]> {
    return (await this.#calls.call({ op: 'seal', nowMs })) as Seal[];
  }

  async reclaim(nowMs: number, signal?: AbortSignal): Promise<Reclaimed> {
    const calls: ReclaimCalls = {
      retire: async (at) =>
        (await this.#calls.call({ op: 'retire', nowMs: at })) as Awaited<ReturnType<ReclaimCalls['retire']>>,
      prepare: async (file, bytes) => void (await this.#calls.call({ op: 'prepare', file, bytes })),
      relocate: async (moved) => void (await this.#calls.call({ op: 'relocate', moved })),
      obsolete: async (file, at) => void (await this.#calls.call({ op: 'obsolete', file, nowMs: at })),
    };
    const database = openForReading(this.#folder);
    try {
      return await reclaim(database, this.#folder, calls, nowMs, signal);
    } finally {
      database.close();
    }
  }

  async rebuild(): Promise<void> {
    await this.#calls.call({ op: 'rebuild' });
  }

  async witnessFailures(): Promise<string[]> {
    return (await this.#calls.call({ op: 'witness-failures' })) as string[];
  }

  searchHash(establishment: string, kind: 'ins' | 'ipp' | 'address', value: string): string {
    return searchHash(this.#keys, establishment, kind, value);
  }

  of(establishment: string): LedgerView {
    return this.#reader.of(establishment);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    // On a full disk the last events stay unsealed until the next start; they are written, and closing must go on.
    await this.#calls.call({ op: 'seal', nowMs: Date.now() }).catch(() => {});
    await this.#calls.call({ op: 'close' }).catch(() => {});
    await this.#calls.ended;
    this.#reader.close();
    this.#unlock();
  }

  async #packed(append: Append): Promise<PackedAppend> {
    const hashed = new Map<Subject, HashedSubject>();
    const subjectOf = (subject: Subject | null | undefined): HashedSubject | null => {
      if (!subject) return null;
      const known = hashed.get(subject) ?? this.#hashed(append.establishment, subject);
      hashed.set(subject, known);
      return known;
    };
    const bodies = (append.bodies ?? []).map(async ({ id, bytes, retention, subject }) => ({
      id,
      retention,
      subject: subjectOf(subject),
      packed: await pack(bytes),
    }));
    const events = append.events.map(async ({ type, data, subject, personal }) => ({
      type,
      data,
      subject: subjectOf(subject),
      personal: personal ? await pack(personal) : null,
    }));
    const { establishment, nowMs, expect = {}, lease = null, keepLease = false } = append;
    return {
      establishment,
      nowMs,
      expect,
      lease,
      keepLease,
      events: await Promise.all(events),
      bodies: await Promise.all(bodies),
    };
  }

  #hashed(establishment: string, subject: Subject): HashedSubject {
    if ('person' in subject) return subject;
    const named = (['ins', 'ipp'] as const).filter((kind) => subject[kind] !== null);
    return { hashes: named.map((kind) => this.searchHash(establishment, kind, subject[kind]!)) };
  }
}

/** What `pack` made for an append and nobody else refers to. */
function memoryOf({ bodies, events }: PackedAppend): ArrayBuffer[] {
  const packed = [...bodies.map((body) => body.packed), ...events.map((event) => event.personal)];
  return packed.flatMap((bytes) => bytes?.buffer ?? []);
}

/** Calls to the writer's thread and their answers. */
class Calls {
  readonly ready: Promise<unknown>;
  readonly ended: Promise<void>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #last = 0;
  #failed: Error | null = null;

  constructor(options: WorkerOptions) {
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: options,
      name: 'ledger',
    });
    this.ready = this.#expect(0);
    this.ended = new Promise((resolve) => this.#worker.once('exit', () => resolve()));
    this.#worker.on('message', (answer: Answer) => this.#settle(answer));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(ledgerError('ledger.closed')));
  }

  /** `given` is memory that goes over to the writer's thread instead of being copied. */
  call(call: CallWithoutNumber, given: ArrayBuffer[] = []): Promise<unknown> {
    if (this.#failed) return Promise.reject(this.#failed);
    this.#last += 1;
    const answer = this.#expect(this.#last);
    this.#worker.postMessage({ ...call, call: this.#last }, given);
    return answer;
  }

  #expect(number: number): Promise<unknown> {
    return new Promise((resolve, reject) => this.#waiting.set(number, { resolve, reject }));
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.call);
    this.#waiting.delete(answer.call);
    if ('error' in answer) waiting?.reject(fromWire(answer.error));
    else waiting?.resolve(answer.value);
  }

  /** Without its writer a ledger takes nothing more: whoever waits is told, and so is whoever comes. */
  #fail(error: Error): void {
    this.#failed ??= error;
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}

type WithoutNumber<C> = C extends Call ? Omit<C, 'call'> : never;
type CallWithoutNumber = WithoutNumber<Call>;
