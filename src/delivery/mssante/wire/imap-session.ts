import { X509Certificate } from 'node:crypto';
import { ImapFlow, type ImapFlowOptions } from 'imapflow';
import { raiseWire } from '../errors.ts';
import { wireLimits } from '../limits.ts';
import { type Fault, faultOf, type MailboxState } from './imap-fault.ts';
import { type MailServer, tlsOptions } from './server.ts';

/** A mail as it lies in a folder, before its bytes are fetched. */
export interface Lying {
  uid: number;
  size: number;
  /** When the server took it in, milliseconds since 1970; null when it does not say. */
  receivedMs: number | null;
}

/** One connection to one folder of a mailbox. Whatever it is asked for rejects when the connection is lost. */
export class ImapSession implements Disposable {
  readonly #client: ImapFlow;
  readonly #folder: string;
  /** Called when more may lie in the folder. */
  onMore: () => void = () => {};
  /** Called once, when the connection has ended. */
  onEnd: () => void = () => {};

  private constructor(client: ImapFlow, folder: string) {
    this.#client = client;
    this.#folder = folder;
    client.on('exists', () => this.onMore());
    client.on('close', () => this.onEnd());
  }

  /**
   * Connects, makes the folders that are missing and opens the one that is read.
   * @param mostBytes longest mail that is fetched
   */
  static async open(
    server: MailServer,
    folder: string,
    others: readonly string[],
    mostBytes: number,
    signal: AbortSignal,
  ): Promise<ImapSession> {
    const options = await optionsOf(server, mostBytes);
    const client = new ImapFlow(options);
    signal.throwIfAborted();
    // Told by whatever was asked for when it came.
    client.on('error', () => {});
    const stop = () => client.close();
    signal.addEventListener('abort', stop);
    const session = new ImapSession(client, folder);
    try {
      await client.connect();
      signal.throwIfAborted();
      await session.#makeFolders(others);
      await session.#select();
      return session;
    } catch (error) {
      client.close();
      const token = options.auth?.accessToken;
      if (token !== undefined && isLoginRefusal(error)) forget(server, token);
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Of the folder: its UIDs mean the same as long as this is the same. */
  get uidValidity(): string {
    const { mailbox } = this.#client;
    return mailbox ? String(mailbox.uidValidity) : '';
  }

  get capabilities(): string[] {
    return [...this.#client.capabilities.keys()];
  }

  /** Names of all folders of the mailbox. */
  async folders(): Promise<string[]> {
    return (await this.#client.list()).map(({ path }) => path);
  }

  /** What lies in the folder above a UID, in the order of arrival. */
  async lying(aboveUid: number): Promise<Lying[]> {
    await this.#client.noop();
    const query = { uid: true, size: true, flags: true, internalDate: true };
    // A range beyond the last mail names the last mail.
    const all = await this.#client.fetchAll(`${aboveUid + 1}:*`, query, { uid: true });
    return all
      .filter(({ uid, flags }) => uid > aboveUid && !flags?.has('\\Deleted'))
      .map(({ uid, size = 0, internalDate }) => ({ uid, size, receivedMs: instantOf(internalDate) }))
      .toSorted((one, other) => one.uid - other.uid);
  }

  /** The bytes of a mail, or null when it is no longer there. Leaves it unread. */
  async fetch(uid: number): Promise<Buffer | null> {
    const found = await this.#client.fetchOne(String(uid), { source: true }, { uid: true });
    return found ? (found.source ?? null) : null;
  }

  /**
   * Puts a mail into another folder. Without MOVE and UIDPLUS an expunge would take what others marked: the mail is then
   * copied and marked only.
   * @throws ViaducError `mssante.mailbox-folder`
   */
  async move(uid: number, folder: string): Promise<void> {
    const { capabilities } = this.#client;
    const one = String(uid);
    const moved =
      capabilities.has('MOVE') || capabilities.has('UIDPLUS')
        ? await this.#client.messageMove(one, folder, { uid: true })
        : (await this.#client.messageCopy(one, folder, { uid: true })) &&
          (await this.#client.messageFlagsAdd(one, ['\\Deleted'], { uid: true }));
    if (moved) return;
    if (!this.#client.usable) throw raiseWire('mssante.mailbox-unreachable', { reason: 'closed' });
    throw raiseWire('mssante.mailbox-folder', { folder });
  }

  /** Lets the server tell of new mails at once, where it can, until something else is asked for. */
  listen(): void {
    if (this.#client.capabilities.has('IDLE')) this.#client.idle().catch(() => {});
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }

  async #makeFolders(names: readonly string[]): Promise<void> {
    const there = new Set(await this.folders());
    for (const folder of names)
      if (!there.has(folder)) await this.#orFolder(this.#client.mailboxCreate(folder), folder);
  }

  async #select(): Promise<void> {
    await this.#orFolder(this.#client.mailboxOpen(this.#folder), this.#folder);
  }

  /** A refusal (NO) is about the folder; anything else about the connection. */
  async #orFolder(asked: Promise<unknown>, folder: string): Promise<void> {
    try {
      await asked;
    } catch (error) {
      const { responseStatus } = Object(error) as { responseStatus?: string };
      throw responseStatus === 'NO' ? raiseWire('mssante.mailbox-folder', { folder }, error) : error;
    }
  }
}

async function optionsOf(server: MailServer, mostBytes: number): Promise<ImapFlowOptions> {
  const { host, port, tls, serverName } = server;
  const connect = wireLimits.connect.value;
  return {
    ...{ host, port, secure: tls === 'implicit', tls: tlsOptions(server), auth: await authOf(server) },
    ...(tls === 'implicit' ? {} : { doSTARTTLS: tls === 'starttls' }),
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...{ logger: false, disableAutoIdle: true, disableCompression: true },
    ...{ connectionTimeout: connect, greetingTimeout: connect, socketTimeout: wireLimits.imapSilence.value },
    ...{ maxLiteralSize: mostBytes, maxResponseSize: mostBytes + RESPONSE_FRAME },
    ...{ clientInfo: { name: 'Viaduc' } },
  };
}

/** What a mailbox that let us in says of itself. */
export interface Inside {
  state: 'up';
  capabilities: readonly string[];
  /** Names of its folders. */
  folders: readonly string[];
}

/** Enters a mailbox and opens its folder, touches nothing and leaves. */
export async function tryMailbox(
  server: MailServer,
  folder: string,
  signal: AbortSignal,
): Promise<MailboxState> {
  const found = await lookInside(server, folder, signal);
  return found.state === 'up' ? { state: 'up' } : found;
}

/** Enters a mailbox and opens its folder, looks around, touches nothing and leaves. */
export async function lookInside(
  server: MailServer,
  folder: string,
  signal: AbortSignal,
): Promise<Inside | Fault> {
  try {
    using session = await ImapSession.open(server, folder, [], wireLimits.receivedMail.value, signal);
    return { state: 'up', capabilities: session.capabilities, folders: await session.folders() };
  } catch (error) {
    return faultOf(error);
  }
}

/** Room for what stands around the bytes of a mail in one response. */
const RESPONSE_FRAME = 64_000;

/** A mailbox that is entered by its certificate alone logs in with its name and any password. */
async function authOf({ auth, certificate }: MailServer): Promise<ImapFlowOptions['auth']> {
  if (auth.kind === 'none') return { user: auth.user ?? commonName(certificate), pass: 'certificate' };
  if (auth.kind === 'password') return { user: auth.user, pass: auth.password };
  return { user: auth.user, accessToken: await auth.tokens.get() };
}

function isLoginRefusal(error: unknown): boolean {
  return Object(error).authenticationFailed === true;
}

function forget({ auth }: MailServer, token: string): void {
  if (auth.kind === 'oauth2') auth.tokens.refused(token);
}

function commonName(certificate: string | undefined): string {
  const subject = certificate === undefined ? '' : new X509Certificate(certificate).subject;
  return /^CN=(.+)$/m.exec(subject)?.[1] ?? 'mailbox';
}

function instantOf(date: Date | string | undefined): number | null {
  const ms = date === undefined ? Number.NaN : new Date(date).getTime();
  return Number.isNaN(ms) ? null : ms;
}
