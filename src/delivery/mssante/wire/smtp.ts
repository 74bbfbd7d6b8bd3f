import type { X509Certificate } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import SMTPConnection, { type SMTPConnectionEnvelope } from 'nodemailer/lib/smtp-connection';
import XOAuth2 from 'nodemailer/lib/xoauth2';
import { isViaducError, type ViaducError } from '../../../words/errors.ts';
import { chainOf } from '../../dmp/server-gate.ts';
import { isTlsRefusal } from '../../tls-refusal.ts';
import type { WireErrorCode } from '../errors.ts';
import { wireLimits } from '../limits.ts';
import { Outgoing } from './outgoing.ts';
import { type About, judgeReply, type Reply, type Step } from './refusal.ts';
import { type MailAuth, type MailServer, tlsOptions } from './server.ts';

/** A mail server that takes mails over. */
export interface SubmissionServer extends MailServer {
  /** Largest mail by contract, bytes; the server may announce less (RFC 1870). */
  sizeLimit?: number;
  /** How the gateway names itself in EHLO; the name of the machine when not given. */
  helloName?: string;
  /** How long the server may be silent, ms; `wireLimits.silence` unless given. */
  silenceMs?: number;
}

/** One mail to one recipient. */
export interface Submission {
  /** Envelope sender; empty for a mail that nothing may answer. */
  from: string;
  to: string;
  /** What is sent, line ends CR LF; dots are doubled by the transport alone. */
  raw: Uint8Array;
  /** ENVID of the receipts (RFC 3461): success, failure and delay, with headers. Null asks for none. */
  envelopeId: string | null;
}

/**
 * What came of one submission. `refused`: a server said no; `unsafe`: no trust was reached, nothing was said;
 * `unreachable`: no answer, and nothing can have been taken; `unknown`: the end of the mail may have left and its answer did
 * not come, so that it may or may not have been taken. `reason` never holds an address; `text` and `reply` may.
 */
export type SmtpResult =
  | { kind: 'accepted'; smtpCode: number; reply: string; queueId: string | null; receipts: boolean }
  | ({ kind: 'refused'; permanent: boolean; about: About; code: WireErrorCode } & Reply)
  | { kind: 'too-large'; limit: number; code: 'mssante.too-large' }
  | { kind: 'unsafe'; at: Step; reason: string; code: 'mssante.tls-refused' | 'mssante.token-refused' }
  | {
      kind: 'unreachable';
      at: Step;
      reason: string;
      code: 'mssante.unreachable' | 'mssante.token-unreachable';
    }
  | { kind: 'unknown'; reason: string; code: 'mssante.in-doubt' };

/**
 * Hands one mail over for one recipient, in a connection of its own. Never tries twice and never throws for what a server or
 * a network does. A signal ends it at once; `unknown` is then possible like after any other end.
 */
export async function submit(
  server: SubmissionServer,
  mail: Submission,
  signal?: AbortSignal,
): Promise<SmtpResult> {
  const limit = server.sizeLimit ?? Number.POSITIVE_INFINITY;
  if (mail.raw.length > limit) return { kind: 'too-large', limit, code: 'mssante.too-large' };
  const conversation = new Conversation(server, mail, signal);
  const result = await conversation.run();
  conversation.leave(result);
  return result;
}

/** Why nothing can be handed over to a server. */
export type EntryFault = Extract<SmtpResult, { kind: 'refused' | 'unsafe' | 'unreachable' }>;

/** What a server that let us in says of itself. */
export interface Entrance {
  kind: 'entered';
  /** Largest mail that it announces, bytes; null when it names none. */
  sizeLimit: number | null;
  /** Whether it writes receipts when asked (RFC 3461). */
  receipts: boolean;
  /** Version of TLS; null without. */
  tls: string | null;
  /** Certificate of the server, those above it after it. */
  chain: readonly X509Certificate[];
}

/** Enters a server as `submit` does, hands nothing over and leaves. @returns null when a mail could be handed over */
export async function tryEntry(server: SubmissionServer, signal?: AbortSignal): Promise<EntryFault | null> {
  const result = await lookInto(server, signal);
  return result.kind === 'entered' ? null : result;
}

/** Enters a server as `submit` does, looks around and leaves. */
export async function lookInto(
  server: SubmissionServer,
  signal?: AbortSignal,
): Promise<EntryFault | Entrance> {
  const nothing = { from: '', to: '', raw: new Uint8Array(), envelopeId: null };
  const conversation = new Conversation(server, nothing, signal);
  const result = (await conversation.enter()) as EntryFault | Entrance;
  conversation.leave(result.kind === 'entered' ? null : result);
  return result;
}

/** The connection ended without an error of its own. */
class Ended extends Error {}

interface SmtpError extends Error {
  code?: string;
  originalCode?: string;
  command?: string;
  response?: string;
  responseCode?: number;
}

class Conversation {
  readonly #connection: SMTPConnection;
  readonly #auth: MailAuth;
  readonly #mail: Submission;
  readonly #outgoing: Outgoing;
  readonly #signal: AbortSignal | undefined;
  readonly #lost = Promise.withResolvers<never>();
  #at: Step = 'connect';
  #token: string | null = null;
  /** Its answer to EHLO. */
  #announced = '';
  /** As the library fills it in. */
  #envelope: Partial<SMTPConnectionEnvelope> | null = null;

  constructor(server: SubmissionServer, mail: Submission, signal: AbortSignal | undefined) {
    this.#connection = connectionTo(server);
    this.#auth = server.auth;
    this.#mail = mail;
    this.#outgoing = new Outgoing(mail.raw);
    this.#signal = signal;
    this.#lost.promise.catch(() => {});
    this.#connection.on('error', this.#lost.reject);
    // The library closes first and tells why a moment later, where it tells at all.
    this.#connection.once('end', () => setImmediate(this.#lost.reject, new Ended('closed')));
    this.#outgoing.on('error', this.#lost.reject);
  }

  run(): Promise<SmtpResult> {
    return this.#guarded(async () => {
      await this.#open();
      return this.#acceptance(await this.#hand());
    });
  }

  enter(): Promise<SmtpResult | Entrance> {
    return this.#guarded(async () => {
      await this.#open();
      return this.#entrance();
    });
  }

  #entrance(): Entrance {
    const size = Number(/^250[ -]SIZE (\d+)/im.exec(this.#announced)?.[1] ?? 0);
    const { _socket: socket } = this.#connection;
    const secure = socket instanceof TLSSocket ? socket : null;
    return {
      ...{ kind: 'entered', sizeLimit: size > 0 ? size : null },
      receipts: /^250[ -]DSN\b/im.test(this.#announced),
      ...{ tls: secure?.getProtocol() ?? null, chain: secure ? chainOf(secure) : [] },
    };
  }

  async #guarded<T>(talk: () => Promise<T>): Promise<T | SmtpResult> {
    const stop = () => this.#lost.reject(new Ended('stopped'));
    this.#signal?.addEventListener('abort', stop);
    if (this.#signal?.aborted) stop();
    try {
      return await talk();
    } catch (error) {
      return this.#failure(error as SmtpError);
    } finally {
      this.#signal?.removeEventListener('abort', stop);
    }
  }

  async #open(): Promise<void> {
    const credentials = await Promise.race([this.#lost.promise, this.#credentials()]);
    await this.#step<void>((done) => this.#connection.connect((error) => done(error ?? null)));
    this.#announced = this.#connection.lastServerResponse || '';
    if (credentials) await this.#login(credentials);
  }

  /** Says goodbye to a server that answered, without waiting for more; in the middle of a mail it is cut off. */
  leave(result: SmtpResult | null): void {
    const connection = this.#connection;
    const answered = result === null || ANSWERED.has(result.kind);
    const inTheMiddle = this.#outgoing.begun && !this.#outgoing.dotMayHaveLeft;
    if (!answered || inTheMiddle || connection.destroyed) connection.close();
    else {
      const timer = setTimeout(() => connection.close(), wireLimits.farewell.value);
      connection.once('end', () => clearTimeout(timer));
      connection.quit();
    }
  }

  /** A connection that is lost ends every step, of which the library itself tells some only. */
  #step<T>(start: (done: (error: Error | null, result?: T) => void) => void): Promise<T> {
    const done = new Promise<T>((resolve, reject) => {
      start((error, result) => (error ? reject(error) : resolve(result as T)));
    });
    return Promise.race([this.#lost.promise, done]);
  }

  /** A token is fetched before the connection is made, so that no connection waits for it. */
  async #credentials(): Promise<SMTPConnection.AuthenticationType | null> {
    const auth = this.#auth;
    if (auth.kind === 'none') return null;
    const { user } = auth;
    if (auth.kind === 'password') return { user, pass: auth.password };
    this.#token = await auth.tokens.get();
    return { user, oauth2: new XOAuth2({ user, accessToken: this.#token }, false) };
  }

  async #login(credentials: SMTPConnection.AuthenticationType): Promise<void> {
    this.#at = 'auth';
    await this.#step<boolean>((done) => this.#connection.login(credentials, done));
  }

  #hand(): Promise<SMTPConnection.SentMessageInfo> {
    const { from, to, raw, envelopeId } = this.#mail;
    this.#at = 'mail';
    const dsn = {
      ret: 'HDRS',
      envid: envelopeId,
      notify: ['SUCCESS', 'FAILURE', 'DELAY'],
      orcpt: `rfc822;${to}`,
    };
    const envelope: Partial<SMTPConnectionEnvelope> = {
      ...{ from: from, to: [to], size: raw.length },
      ...(envelopeId === null ? {} : { dsn }),
      use8BitMime: raw.some((byte) => byte > 0x7f),
    };
    this.#envelope = envelope;
    return this.#step((done) => this.#connection.send(envelope, this.#outgoing, done));
  }

  #acceptance({ response, ehlo = [] }: SMTPConnection.SentMessageInfo): SmtpResult {
    if (!this.#outgoing.dotMayHaveLeft) return this.#unreachable('answered before the end of the mail');
    const reply = response.slice(0, wireLimits.reply.value);
    const queueId = /queued as ([\w.-]{1,64})/i.exec(reply)?.[1] ?? null;
    const receipts = ehlo.some((line) => /^DSN\b/i.test(line));
    return { kind: 'accepted', smtpCode: Number(reply.slice(0, 3)), reply, queueId, receipts };
  }

  #failure(error: SmtpError): SmtpResult {
    if (isViaducError(error)) return this.#withoutToken(error);
    this.#at = STEPS[error.command?.split(' ')[0] ?? ''] ?? this.#at;
    const { responseCode = 0, response = '' } = this.#rejected(error);
    if (responseCode >= 400) return this.#refusal(responseCode, response);
    const reason = error.originalCode ?? error.code ?? (error instanceof Ended ? error.message : error.name);
    if (this.#outgoing.dotMayHaveLeft) return { kind: 'unknown', reason, code: 'mssante.in-doubt' };
    if (error.code === 'EMESSAGE' && error.command === 'MAIL FROM') return this.#overAnnounced(error);
    if (error.command === 'API' && error.code === 'EENVELOPE') throw error;
    if (isTlsRefusal(error)) return { kind: 'unsafe', at: 'tls', reason, code: 'mssante.tls-refused' };
    return this.#unreachable(reason);
  }

  /** Of commands sent together, what refused the recipient counts even if the connection ended before the others were answered. */
  #rejected(error: SmtpError): SmtpError {
    const [refusal] = this.#envelope?.rejectedErrors ?? [];
    if (error.responseCode || !refusal || this.#outgoing.begun) return error;
    this.#at = 'rcpt';
    return refusal;
  }

  #unreachable(reason: string): SmtpResult {
    return { kind: 'unreachable', at: this.#at, reason, code: 'mssante.unreachable' };
  }

  #refusal(smtpCode: number, response: string): SmtpResult {
    const text = response.slice(0, wireLimits.reply.value);
    const status = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(text)?.[1] ?? null;
    const reply = { at: this.#at, smtpCode, status, text };
    if (this.#at === 'auth' && this.#auth.kind === 'oauth2') this.#auth.tokens.refused(this.#token!);
    return { kind: 'refused', permanent: smtpCode >= 500, ...judgeReply(reply), ...reply };
  }

  #overAnnounced({ message }: SmtpError): SmtpResult {
    return { kind: 'too-large', limit: Number(/\d+$/.exec(message)?.[0]), code: 'mssante.too-large' };
  }

  #withoutToken({ code, values }: ViaducError): SmtpResult {
    const reason = String(values.reason);
    return code === 'mssante.token-refused'
      ? { kind: 'unsafe', at: 'auth', reason, code }
      : { kind: 'unreachable', at: 'auth', reason, code: 'mssante.token-unreachable' };
  }
}

/** Results after which a connection still stands. */
const ANSWERED: ReadonlySet<string> = new Set(['accepted', 'refused', 'too-large']);

/** First words of the commands as the library names them; of a connection that fails it names none. */
const STEPS: Readonly<Record<string, Step>> = {
  ...{ EHLO: 'connect', HELO: 'connect', STARTTLS: 'tls' },
  ...{ AUTH: 'auth', MAIL: 'mail', RCPT: 'rcpt', DATA: 'data' },
};

function connectionTo(server: SubmissionServer): SMTPConnection {
  const { host, port, tls, helloName, silenceMs = wireLimits.silence.value } = server;
  const connect = wireLimits.connect.value;
  return new SMTPConnection({
    ...{ host, port, secure: tls === 'implicit', requireTLS: tls === 'starttls', ignoreTLS: tls === 'none' },
    ...{ tls: tlsOptions(server), logger: false, socketCloseTimeout: 0 },
    ...{
      connectionTimeout: connect,
      greetingTimeout: connect,
      dnsTimeout: connect,
      socketTimeout: silenceMs,
    },
    ...(helloName === undefined ? {} : { name: helloName }),
  });
}
