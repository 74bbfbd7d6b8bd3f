import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImapFlow, type ImapFlowOptions } from 'imapflow';
import { createTransport } from 'nodemailer';
import type { MailServer } from '../../src/delivery/mssante/wire/server.ts';
import type { SubmissionServer } from '../../src/delivery/mssante/wire/smtp.ts';
import { Authority, type Identity } from '../delivery/dmp/authority.ts';
import type { Daemon } from './daemon.ts';
import { type DovecotVariant, startDovecot } from './dovecot.ts';
import { startPostfix } from './postfix.ts';
import { freePorts } from './programs.ts';

/** Mailboxes of this world, by what they are. The patients are of the agency's public test identities. */
export const BOX = {
  gateway: 'dpi@hopital-a.mssante.fr',
  gatewayB: 'dpi@hopital-b.mssante.fr',
  practitioner: 'cabinet@hopital-b.mssante.fr',
  service: 'secretariat@hopital-b.mssante.fr',
  /** Has room for a few hundred bytes. */
  full: 'pleine@hopital-b.mssante.fr',
  patient: '279035121518989@patient.mssante.fr',
  /** Of the patient of the letters. */
  patientOfLetters: '236066322083656@patient.mssante.fr',
} as const;

export const DOMAINS = ['hopital-a.mssante.fr', 'hopital-b.mssante.fr', 'patient.mssante.fr'];

const WAIT_MS = 10_000;

export type Address = (typeof BOX)[keyof typeof BOX];

/** A mail operator on loopback: Postfix takes mails over, Dovecot keeps them. */
export class MailWorld implements AsyncDisposable {
  static readonly sizeLimit = 26_214_400;
  readonly folder: string;
  readonly authority = new Authority('CN=Mail test authority');
  /** Client certificate of the gateway. */
  readonly client: Identity;
  readonly password = randomBytes(12).toString('hex');
  #ports: Record<'submission' | 'login' | 'open' | 'imap' | 'imaps' | 'lmtp' | 'sasl', number> | null = null;
  #rogue: Authority | null = null;
  #postfix: Daemon | null = null;
  #dovecot: Daemon | null = null;

  private constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'viaduc-mail-'));
    chmodSync(this.folder, 0o755);
    this.client = this.authority.issue('gateway', {}, 'extendedKeyUsage = clientAuth');
    const { key, cert } = this.authority.issue('operator', {}, 'extendedKeyUsage = serverAuth');
    writeFileSync(join(this.folder, 'authorities.pem'), this.authority.certificate);
    writeFileSync(join(this.folder, 'server.pem'), cert);
    writeFileSync(join(this.folder, 'server.key'), key, { mode: 0o600 });
  }

  static async start(): Promise<MailWorld> {
    const world = new MailWorld();
    try {
      const [submission, login, open, imap, imaps, lmtp, sasl] = await freePorts(7);
      world.#ports = { submission, login, open, imap, imaps, lmtp, sasl } as never;
      await Promise.all([world.startDovecot(), world.#startPostfix()]);
      return world;
    } catch (error) {
      await world[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** An authority that nobody here trusts. */
  get rogue(): Authority {
    this.#rogue ??= new Authority('CN=Stranger');
    return this.#rogue;
  }

  /** Where the gateway sends from: STARTTLS and its certificate. */
  get submission(): SubmissionServer {
    return { ...this.#mutual(this.#ports!.submission), auth: { kind: 'none', user: 'gateway' } };
  }

  /** Where a mailbox sends from with TLS at once and a password. */
  login(user: Address): SubmissionServer {
    const auth = { kind: 'password', user, password: this.password } as const;
    return { ...this.#mutual(this.#ports!.login), tls: 'implicit', auth };
  }

  /** Where a mailbox is read: STARTTLS, certificate and password. */
  imap(user: Address): MailServer {
    const auth = { kind: 'password', user, password: this.password } as const;
    return { ...this.#mutual(this.#ports!.imap), auth };
  }

  /** Sends a mail as anybody, straight into the operator. @param raw with its headers */
  async post(from: string, to: Address, raw: string | Buffer): Promise<void> {
    const transport = createTransport({ host: '127.0.0.1', port: this.#ports!.open, ignoreTLS: true });
    await transport.sendMail({ envelope: { from, to: [to] }, raw });
    transport.close();
  }

  /** The mails of a folder, oldest first, as bytes. */
  async read(user: Address, folder = 'INBOX'): Promise<Buffer[]> {
    await using client = await this.connect(user);
    await client.mailboxOpen(folder);
    const all = await client.fetchAll('1:*', { source: true, uid: true });
    return all.toSorted((one, other) => one.uid - other.uid).map(({ source }) => source!);
  }

  /** The first mail of a folder that is the one meant, as soon as it is there. */
  async arrival(user: Address, isMeant: (raw: string) => boolean, folder = 'INBOX'): Promise<string> {
    await using client = await this.connect(user);
    await client.mailboxOpen(folder);
    const late = AbortSignal.timeout(WAIT_MS);
    for (;;) {
      const more = new Promise<void>((done, failed) => {
        client.once('exists', () => done());
        late.addEventListener('abort', () =>
          failed(new Error(`no such mail for ${user} within ${WAIT_MS} ms`)),
        );
      });
      more.catch(() => {});
      const all = await client.fetchAll('1:*', { source: true });
      const found = all.map(({ source }) => source!.toString('latin1')).find(isMeant);
      if (found !== undefined) return found;
      client.idle().catch(() => {});
      await more;
    }
  }

  /** A client of a mailbox that is not ours to test. */
  async connect(user: Address, more: ImapFlowOptions = {}): Promise<ImapFlow> {
    const { host, port, authorities, certificate, key } = this.imap(user);
    const tls = { ca: authorities, cert: certificate, key };
    const auth = { user, pass: this.password };
    const client = new ImapFlow({ ...{ host, port, auth, tls, doSTARTTLS: true, logger: false }, ...more });
    await client.connect();
    return client;
  }

  async startDovecot(variant: DovecotVariant = {}): Promise<void> {
    const { imap, imaps, lmtp, sasl } = this.#ports!;
    const folder = join(this.folder, 'dovecot');
    mkdirSync(folder, { recursive: true });
    const all = Object.values(BOX).map((address) => ({ address, password: this.password }));
    const mailboxes = all.map((one) => (one.address === BOX.full ? { ...one, quotaBytes: 300 } : one));
    const options = { folder, tls: this.#tls, mailboxes, ports: { imap, imaps, lmtp, sasl } };
    this.#dovecot = await startDovecot({ ...options, variant });
  }

  async stopDovecot(): Promise<void> {
    await this.#dovecot?.[Symbol.asyncDispose]();
    this.#dovecot = null;
  }

  /** What the servers wrote down, for a test that fails. */
  log(): string {
    return ['postfix', 'dovecot']
      .map((name) => readFileSync(join(this.folder, name, 'log'), 'utf8'))
      .join('\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#postfix?.[Symbol.asyncDispose](), this.stopDovecot()]);
    this.authority[Symbol.dispose]();
    this.#rogue?.[Symbol.dispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #startPostfix(): Promise<void> {
    const { submission, login, open, lmtp, sasl } = this.#ports!;
    const folder = join(this.folder, 'postfix');
    mkdirSync(folder);
    this.#postfix = await startPostfix({
      ...{ folder, tls: this.#tls, whiteList: DOMAINS, domains: DOMAINS, mailboxes: Object.values(BOX) },
      ...{
        ports: { submission, login, open },
        lmtpPort: lmtp,
        saslPort: sasl,
        sizeLimit: MailWorld.sizeLimit,
      },
    });
  }

  get #tls() {
    const [authorities, certificate, key] = ['authorities.pem', 'server.pem', 'server.key'];
    const path = (name: string) => join(this.folder, name);
    return { authorities: path(authorities!), certificate: path(certificate!), key: path(key!) };
  }

  #mutual(port: number): Omit<MailServer, 'auth'> {
    const { cert, key } = this.client;
    const authorities = this.authority.certificate;
    return { host: '127.0.0.1', port, tls: 'starttls', authorities, certificate: cert, key };
  }
}
