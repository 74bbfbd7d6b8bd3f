import type { Environment } from '../../words/environment.ts';
import type { EventData, EventType, LedgerEvent } from '../../words/events.ts';
import { newId } from '../../words/ids.ts';
import { BodyFiles } from '../bodies.ts';
import { chainHash, type EventContent, eventText, GENESIS, parseEvent, streamsOf } from '../chain.ts';
import { ledgerError } from '../errors.ts';
import { makeKeyChange } from '../key-change.ts';
import { keyCheck, type LedgerKeys } from '../keys.ts';
import type {
  AnyClaimed,
  Appended,
  Claim,
  Claimed,
  ClaimedMailbox,
  ClaimedNotice,
  Lease,
  MailboxClaim,
  NoticeClaim,
} from '../ledger.ts';
import { ledgerLimits } from '../limits.ts';
import { unpack } from '../packing.ts';
import { project } from '../project.ts';
import type { Seal } from '../seal.ts';
import type { Witness } from '../witnesses/file.ts';
import { Claims } from './claims.ts';
import { type Database, openForWriting, remakeProjections } from './database.ts';
import { Leases } from './leases.ts';
import { rewrap } from './rewrap.ts';
import { Sealer } from './sealer.ts';
import { storageError } from './storage-error.ts';
import { type HashedSubject, openBody, type PackedBody, Vault, wrappingKey } from './vault.ts';
import { retiredFiles, Waste } from './waste.ts';

/** An append as the worker receives it: subjects hashed, values compressed. */
export interface PackedAppend {
  establishment: string;
  nowMs: number;
  expect: Readonly<Record<string, number>>;
  lease: Lease | null;
  keepLease: boolean;
  events: {
    type: EventType;
    data: EventData[EventType];
    subject: HashedSubject | null;
    personal: Uint8Array<ArrayBuffer> | null;
  }[];
  bodies: PackedBody[];
}

export interface WriterOptions {
  folder: string;
  keys: LedgerKeys;
  environment: Environment;
  product: { name: string; version: string };
  establishments: readonly string[];
  witnesses: readonly Witness[];
  nowMs: number;
}

/** Last event of a chain. */
export interface Head {
  seq: number;
  hash: string;
  at: string;
}

const NO_HEAD: Head = { seq: 0, hash: GENESIS, at: '' };

/** The one writer of a ledger: everything in it is synchronous and runs in the worker. */
export class SqliteWriter {
  readonly #database: Database;
  readonly #options: WriterOptions;
  readonly #files: BodyFiles;
  readonly waste: Waste;
  readonly #vault: Vault;
  readonly #leases: Leases;
  readonly #claims: Claims;
  readonly #sealer: Sealer;
  #heads = new Map<string, Head>();
  /** Whether keys were destroyed in the group being written. */
  #destroyed = false;

  constructor(options: WriterOptions) {
    this.#options = options;
    const { database, projectionsAreOld } = openForWriting(options.folder);
    this.#database = database;
    this.#leases = new Leases(database);
    this.#claims = new Claims(database, this.#leases, options.establishments);
    this.#files = new BodyFiles(options.folder, retiredFiles(database));
    this.waste = new Waste(database, options.folder, this.#files);
    this.#vault = new Vault(database, this.#files, options.keys);
    this.#checkMeta();
    this.#sealer = new Sealer(database, options);
    if (projectionsAreOld) this.rebuild();
    for (const establishment of options.establishments) this.#openChain(establishment);
    this.#sealer.catchUp(options.establishments);
  }

  /**
   * Appends a group in one transaction and one sync. Each append succeeds or fails alone, unless the commit itself fails:
   * then none has happened.
   */
  appendGroup(group: readonly PackedAppend[]): (Appended[] | Error)[] {
    const before = new Map(this.#heads);
    try {
      this.#database.run('BEGIN IMMEDIATE');
      const outcomes = group.map((append) => this.#appendOne(append));
      this.#files.sync();
      this.#database.run('COMMIT');
      group.forEach((append, index) => {
        if (append.lease && !append.keepLease && !(outcomes[index] instanceof Error))
          this.#leases.giveBack(append.establishment, append.lease);
      });
      return outcomes;
    } catch (error) {
      this.#rollback();
      this.#heads = before;
      const failure = storageError(error);
      return group.map(() => failure);
    } finally {
      this.#vault.endGroup();
      if (this.#destroyed) this.#forget();
    }
  }

  /** The log that is written ahead still holds the pages of before: it is folded back and cut, unless a reader needs it. */
  #forget(): void {
    this.#destroyed = false;
    this.#database.raw.exec('PRAGMA secure_delete = OFF; PRAGMA busy_timeout = 0');
    this.#database.all('PRAGMA wal_checkpoint(TRUNCATE)');
    this.#database.raw.exec('PRAGMA busy_timeout = 10000');
  }

  claim(claim: Claim): Claimed[] {
    return this.#claims.take(claim);
  }

  claimNotice({ establishment, sender, nowMs, leaseMs }: NoticeClaim): ClaimedNotice | null {
    const on = { noticesOf: sender };
    if (this.#leases.isHeld(establishment, on, nowMs)) return null;
    const first = this.#database.get(
      "SELECT id, due_at_ms FROM p_notices WHERE establishment = ? AND sender = ? AND state = 'due' ORDER BY seq LIMIT 1",
      ...[establishment, sender],
    );
    if (!first || Number(first.due_at_ms) > nowMs) return null;
    const token = this.#leases.take(establishment, on, nowMs + leaseMs);
    return { establishment, notice: String(first.id), ...on, token };
  }

  claimMailbox({ establishment, mailbox, nowMs, leaseMs }: MailboxClaim): ClaimedMailbox | null {
    const on = { mailboxOf: mailbox };
    if (this.#leases.isHeld(establishment, on, nowMs)) return null;
    return { establishment, ...on, token: this.#leases.take(establishment, on, nowMs + leaseMs) };
  }

  giveBack(claimed: AnyClaimed): void {
    this.#leases.giveBack(claimed.establishment, claimed);
    this.#claims.gaveBack();
  }

  /** Seals every chain that has at least so many unsealed events. */
  seal(nowMs: number, atLeast = 1): Seal[] {
    const chains = this.#options.establishments.map((one) => ({
      establishment: one,
      last: this.#head(one).seq,
    }));
    return this.#sealer.seal(chains, nowMs, atLeast);
  }

  /**
   * Makes the ledger one of other keys, in one commit: the change stands in every chain, sealed by the key of before. Those
   * who write go on with the other keys afterwards; this writer is to be closed.
   */
  changeKeys(next: LedgerKeys, by: string, nowMs: number): void {
    const { keys } = this.#options;
    const rows = this.#database.all('SELECT DISTINCT establishment FROM events ORDER BY establishment');
    const establishments = rows.map(({ establishment }) => String(establishment));
    const sealsChange = next.id === keys.id ? undefined : next.id;
    try {
      this.#database.run('BEGIN IMMEDIATE');
      const chains = establishments.map((establishment) => {
        const data = makeKeyChange(establishment, keys, next, by);
        const event = { type: 'key.changed' as const, data, subject: null, personal: null };
        const plain = { expect: {}, lease: null, keepLease: false, bodies: [] };
        const [appended] = this.#write({ establishment, nowMs, events: [event], ...plain });
        return { establishment, last: appended!.seq };
      });
      this.#sealer.make(chains, nowMs, 1, sealsChange);
      rewrap(this.#database, keys, next);
      this.#database.run('COMMIT');
    } catch (error) {
      this.#rollback();
      throw error;
    }
    this.#forget();
    this.#sealer.catchUp(establishments);
  }

  /** Why witnesses could not be written, when they could not. */
  witnessFailures(): string[] {
    return [...this.#sealer.failures.values()];
  }

  /** Drops the projections and the index of streams, and makes them again from the events. */
  rebuild(): void {
    remakeProjections(this.#database, () => {
      this.#database.run('DELETE FROM event_streams');
      for (const row of this.#database.iterate('SELECT position, text, hash FROM events ORDER BY position')) {
        const event = parseEvent(String(row.text), Number(row.position), String(row.hash));
        this.#index(event);
        this.#project(event);
      }
    });
  }

  close(): void {
    this.#files.close();
    this.#database.close();
  }

  #appendOne(append: PackedAppend): Appended[] | Error {
    const head = this.#head(append.establishment);
    this.#database.run('SAVEPOINT one');
    try {
      this.#checkExpectations(append);
      if (append.lease) this.#leases.check(append.establishment, append.lease);
      const appended = this.#write(append);
      this.#database.run('RELEASE one');
      return appended;
    } catch (error) {
      this.#heads.set(append.establishment, head);
      const failure = storageError(error);
      if (failure.code === 'ledger.disk-full' || failure.code === 'ledger.write-failed') throw failure;
      this.#database.raw.exec('ROLLBACK TO one; RELEASE one');
      return failure;
    }
  }

  #write(append: PackedAppend): Appended[] {
    const { establishment } = append;
    const persons = new Map<HashedSubject, string>();
    const personOf = (subject: HashedSubject | null): string | null => {
      if (!subject) return null;
      const person = persons.get(subject) ?? this.#vault.person(establishment, subject);
      persons.set(subject, person);
      return person;
    };
    const at = this.#instant(establishment, append.nowMs);
    for (const body of append.bodies) this.#vault.storeBody(establishment, at, body, personOf(body.subject));
    return append.events.map((event) => {
      const person = personOf(event.subject);
      const personal =
        event.personal && person
          ? this.#storePersonal(establishment, append.nowMs, person, event.personal)
          : null;
      const { seq } = this.#head(establishment);
      return this.#insert({
        establishment,
        seq: seq + 1,
        at,
        type: event.type,
        data: event.data,
        person,
        personal,
      } as EventContent);
    });
  }

  #storePersonal(
    establishment: string,
    nowMs: number,
    person: string,
    packed: Uint8Array,
  ): LedgerEvent['personal'] {
    const ref = newId(nowMs);
    return { ref, commitment: this.#vault.storePersonal(establishment, ref, person, packed) };
  }

  /** A clock that goes backwards does not make a chain go backwards. */
  #instant(establishment: string, nowMs: number): string {
    const now = new Date(nowMs).toISOString();
    const { at } = this.#head(establishment);
    // biome-ignore lint/complexity/useMathMinMax: instants are texts, which Math.max would turn into NaN
    return now > at ? now : at;
  }

  #insert(content: EventContent): Appended {
    const { establishment, seq, at, type, person, personal } = content;
    const text = eventText(content);
    if (text.length > ledgerLimits.eventBytes.value)
      throw new Error(`event ${type} of ${text.length} characters`);
    const hash = chainHash(this.#head(establishment).hash, text);
    const row = this.#database.get(
      'INSERT INTO events (establishment, seq, at, type, text, hash) VALUES (?, ?, ?, ?, ?, ?) RETURNING position',
      ...[establishment, seq, at, type, text, hash],
    );
    const position = Number(row!.position);
    this.#index(content);
    this.#project({ ...content, position, hash } as LedgerEvent);
    this.#heads.set(establishment, { seq, hash, at });
    if (this.#vault.destroy(content)) this.#destroyed = true;
    return { seq, position, at, person, personalRef: personal?.ref ?? null };
  }

  #index(event: EventContent): void {
    for (const stream of new Set(streamsOf(event)))
      this.#database.run(
        'INSERT INTO event_streams (establishment, stream, seq) VALUES (?, ?, ?)',
        event.establishment,
        stream,
        event.seq,
      );
  }

  #project(event: LedgerEvent): void {
    const steps = project(event, (body) =>
      unpack(
        openBody(
          this.#database,
          wrappingKey(this.#options.keys),
          this.#options.folder,
          event.establishment,
          body,
        ),
      ),
    );
    let step = steps.next([]);
    while (!step.done) step = steps.next(this.#database.all(step.value.sql, ...step.value.values));
  }

  #checkExpectations({ establishment, expect }: PackedAppend): void {
    for (const [stream, version] of Object.entries(expect)) {
      const found = this.#database.get(
        'SELECT max(seq) AS version FROM event_streams WHERE establishment = ? AND stream = ?',
        establishment,
        stream,
      );
      if (Number(found?.version ?? 0) !== version) throw ledgerError('ledger.conflict', { stream });
    }
  }

  #head(establishment: string): Head {
    const known = this.#heads.get(establishment);
    if (known) return known;
    const sql = 'SELECT seq, hash, at FROM events WHERE establishment = ? ORDER BY seq DESC LIMIT 1';
    const head = (this.#database.get(sql, establishment) as unknown as Head | undefined) ?? NO_HEAD;
    this.#heads.set(establishment, head);
    return head;
  }

  #openChain(establishment: string): void {
    if (this.#head(establishment).seq > 0) return;
    const { environment, product, nowMs } = this.#options;
    const opened = {
      type: 'ledger.opened' as const,
      data: { environment, product },
      subject: null,
      personal: null,
    };
    const [outcome] = this.appendGroup([
      { establishment, nowMs, expect: {}, lease: null, keepLease: false, events: [opened], bodies: [] },
    ]);
    if (outcome instanceof Error) throw outcome;
  }

  /** Environment and key of a ledger are fixed when it is made. */
  #checkMeta(): void {
    const { keys, environment } = this.#options;
    const ledger = this.#metaOnce('environment', environment);
    if (ledger !== environment)
      throw ledgerError('ledger.wrong-environment', { ledger, configured: environment });
    if (this.#metaOnce('key-check', keyCheck(keys)) !== keyCheck(keys))
      throw ledgerError('ledger.wrong-key', { file: 'VIADUC_KEY_FILE' });
    this.#metaOnce(`public-key ${keys.id}`, keys.publicPem);
  }

  #metaOnce(key: string, value: string): string {
    this.#database.run(
      'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING',
      key,
      value,
    );
    return String(this.#database.get('SELECT value FROM meta WHERE key = ?', key)!.value);
  }

  #rollback(): void {
    if (this.#database.raw.isTransaction) this.#database.raw.exec('ROLLBACK');
  }
}
