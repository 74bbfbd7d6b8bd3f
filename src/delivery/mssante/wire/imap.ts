import { type Clock, systemClock } from '../../../words/clock.ts';
import { wireLimits } from '../limits.ts';
import { faultOf, type MailboxState } from './imap-fault.ts';
import { ImapSession, type Lying } from './imap-session.ts';
import type { MailServer } from './server.ts';

/** How far a folder has been read: every mail up to this UID was taken, or left on purpose. */
export interface MailboxPosition {
  uidValidity: string;
  uid: number;
}

/** A mail that lay in the folder, as it came. */
export interface ReceivedMail {
  uid: number;
  uidValidity: string;
  /** When the server took it in, milliseconds since 1970; null when it does not say. */
  receivedMs: number | null;
  raw: Uint8Array;
}

/** What becomes of a mail: the folder that it is put into, or it stays where it is. */
export type Fate = 'done' | 'refused' | 'human' | 'leave';

export interface MailboxWatchOptions {
  /** How the mailbox is entered; read anew for each connection, for certificates that change. */
  server(): MailServer;
  /** The folder that is read. */
  folder: string;
  folders: Readonly<Record<Exclude<Fate, 'leave'>, string>>;
  /** How often the folder is looked at, ms, whether or not the server tells of new mails by itself. */
  pollMs: number;
  /** Longest mail that is fetched, bytes; `wireLimits.receivedMail` unless given. */
  mostBytes?: number;
  /** What `took` was last told, null at the very first. */
  position(): Promise<MailboxPosition | null>;
  took(position: MailboxPosition): Promise<void>;
  /** Takes one mail; what it rejects with leaves the mail for the next turn. It may be handed the same mail again. */
  onMail(mail: ReceivedMail): Promise<Fate>;
  /** Decides on a mail that is too large to be fetched. */
  onTooLarge(mail: Lying): Promise<Fate>;
  /** Told of what `onMail` rejected with. */
  onFailure(error: unknown): void;
  /** Told how the mailbox stands, whenever that changes. */
  onState(state: MailboxState): void;
  clock?: Clock;
}

/**
 * Reads one folder of one mailbox for as long as the gateway runs. Each mail is handed over whole, one after another, in the
 * order of arrival; only when it was taken is it put away, and only then is the position kept. A connection that is lost at
 * any point hands it over again: nothing is lost, and whoever takes mails recognises what it has.
 */
export class MailboxWatch {
  readonly #options: MailboxWatchOptions;
  readonly #clock: Clock;
  readonly #stop = new AbortController();
  /** UIDs left where they are behind one that could not be taken, and those whose size was a lie. */
  readonly #left = new Set<number>();
  readonly #tooLarge = new Set<number>();
  #running: Promise<void> = Promise.resolve();
  #session: ImapSession | null = null;
  #state = '';
  #failures = 0;
  #wake: () => void = () => {};

  constructor(options: MailboxWatchOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** What kept it from being entered may be over: it is tried at once. */
  again(): void {
    this.#failures = 0;
    this.#wake();
  }

  /** Ends within a second; a mail in hand is put away if it is taken by then. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake();
    const waited = this.#pause(wireLimits.stopping.value);
    await Promise.race([this.#running, waited]);
    this.#wake();
    this.#session?.[Symbol.dispose]();
  }

  get #stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#connected();
      } catch (error) {
        if (!this.#stopped) this.#tell(faultOf(error));
      }
      if (!this.#stopped) await this.#pause(this.#backOff());
    }
  }

  async #connected(): Promise<void> {
    const { server, folder, folders, mostBytes = wireLimits.receivedMail.value } = this.#options;
    const others = [...new Set(Object.values(folders))];
    using session = await ImapSession.open(server(), folder, others, mostBytes, this.#stop.signal);
    this.#session = session;
    let ended = false;
    let more = false;
    session.onMore = () => {
      more = true;
      this.#wake();
    };
    session.onEnd = () => {
      ended = true;
      this.#wake();
    };
    while (!ended && !this.#stopped) {
      more = false;
      await this.#turn(session);
      this.#failures = 0;
      this.#tell({ state: 'up' });
      if (more || ended || this.#stopped) continue;
      session.listen();
      await this.#pause(this.#options.pollMs);
    }
    if (ended && !this.#stopped) throw Object.assign(new Error('closed'), { code: 'EConnectionClosed' });
  }

  /** Everything that lies in the folder and was not taken yet. */
  async #turn(session: ImapSession): Promise<void> {
    const { uidValidity } = session;
    const position = await this.#own(this.#options.position());
    if (position === FAILED) return;
    const same = position?.uidValidity === uidValidity;
    if (!same) this.#forget();
    let behind = false;
    for (const lying of await session.lying(same ? position.uid : 0)) {
      if (this.#stopped) return;
      const taken = this.#left.has(lying.uid) || (await this.#take(session, lying));
      behind ||= !taken || (await this.#own(this.#options.took({ uidValidity, uid: lying.uid }))) === FAILED;
    }
    if (!behind) this.#left.clear();
  }

  /** What fails on our own side is no fault of the mailbox: the next turn tries again. */
  async #own<T>(asked: Promise<T>): Promise<T | typeof FAILED> {
    try {
      return await asked;
    } catch (error) {
      this.#options.onFailure(error);
      return FAILED;
    }
  }

  /** UIDs of another validity mean nothing. */
  #forget(): void {
    this.#left.clear();
    this.#tooLarge.clear();
  }

  async #take(session: ImapSession, lying: Lying): Promise<boolean> {
    const fate = await this.#fateOf(session, lying);
    if (fate === FAILED) return false;
    if (fate === 'leave') this.#left.add(lying.uid);
    else if (fate !== 'gone') await session.move(lying.uid, this.#options.folders[fate]);
    return true;
  }

  /** `gone` when somebody else took it out of the folder. */
  async #fateOf(session: ImapSession, lying: Lying): Promise<Fate | 'gone' | typeof FAILED> {
    const { onMail, onTooLarge, mostBytes = wireLimits.receivedMail.value } = this.#options;
    const { uid, size, receivedMs } = lying;
    if (size > mostBytes || this.#tooLarge.has(uid)) return this.#own(onTooLarge(lying));
    const raw = await this.#fetch(session, uid);
    if (raw === null) return 'gone';
    return this.#own(onMail({ uid, receivedMs, uidValidity: session.uidValidity, raw }));
  }

  async #fetch(session: ImapSession, uid: number): Promise<Buffer | null> {
    try {
      return await session.fetch(uid);
    } catch (error) {
      if (TOO_LARGE.has((error as { code?: string }).code ?? '')) this.#tooLarge.add(uid);
      throw error;
    }
  }

  #backOff(): number {
    const { reconnectFirst, reconnectLast } = wireLimits;
    const wait = Math.min(reconnectFirst.value * 2 ** this.#failures, reconnectLast.value);
    this.#failures = Math.min(this.#failures + 1, 20);
    return wait;
  }

  /** Until the time has passed or something woke it. */
  #pause(ms: number): Promise<void> {
    return new Promise((done) => {
      const cancel = this.#clock.after(ms, done);
      this.#wake = () => {
        cancel();
        done();
      };
    });
  }

  #tell(state: MailboxState): void {
    const said = JSON.stringify(state);
    if (said !== this.#state) this.#options.onState(state);
    this.#state = said;
  }
}

const FAILED = Symbol('failed');

/** Errors by which a response turns out larger than the server had said. */
const TOO_LARGE = new Set(['LiteralTooLarge', 'ResponseTooLarge']);
