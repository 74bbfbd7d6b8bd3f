import { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { type DetailedPeerCertificate, TLSSocket } from 'node:tls';
import type { buildConnector } from 'undici';
import type { Values } from '../../words/errors.ts';
import type { DmpErrorCode } from './errors.ts';
import type { Revocation, Standing } from './revocation/revocation.ts';

/** A server that may not be spoken to although TLS accepted its certificate. */
export class ServerRefused extends Error {
  readonly code: 'delivery.dmp-server-revoked' | 'delivery.dmp-revocation-unknown';
  readonly values: Values;

  constructor(code: ServerRefused['code'], values: Values) {
    super(code);
    this.code = code;
    this.values = values;
  }
}

/**
 * Stands between TLS and the first byte of a request: a server whose certificate was revoked is not spoken to, and
 * connections already open to it end when it becomes known. One for each pool of connections.
 */
export class ServerGate {
  readonly #revocation: Revocation | null;
  /** Of the last whole handshake: a session that is resumed shows no certificate, and is the last one kept. */
  #shown: readonly X509Certificate[] = [];
  readonly #open = new Map<string, Set<Socket>>();

  /** @param revocation null: it is not asked about */
  constructor(revocation: Revocation | null) {
    this.#revocation = revocation;
  }

  /** The chain that the server showed last, own certificate first; empty before the first connection. */
  get chain(): readonly X509Certificate[] {
    return this.#shown;
  }

  /** A connector that hands over sockets to permitted servers only. */
  guarding(connect: buildConnector.connector): buildConnector.connector {
    return (target, done) =>
      connect(target, (...result) => {
        const [, socket] = result;
        if (!(socket instanceof TLSSocket)) return done(...result);
        void this.#admit(socket).then((refused) => {
          if (refused) socket.destroy();
          if (refused) done(refused, null);
          else done(null, socket);
        });
      });
  }

  /** Ends the connections to a server whose certificate is now known to be revoked. */
  close(fingerprint: string): void {
    for (const socket of this.#open.get(fingerprint) ?? []) socket.destroy();
  }

  async #admit(socket: TLSSocket): Promise<Error | null> {
    const shown = chainOf(socket);
    if (shown.length > 0) this.#shown = shown;
    const chain = this.#shown;
    if (chain.length === 0) return new Error('the server showed no certificate');
    const revocation = this.#revocation;
    const refused = revocation && refusalBy(await revocation.judge(chain), revocation.settings.mode);
    if (refused) return refused;
    if (socket.destroyed) return new Error('the server closed the connection');
    this.#watch(socket, chain[0]!.fingerprint256);
    return null;
  }

  #watch(socket: Socket, key: string): void {
    const open = this.#open.get(key) ?? new Set();
    this.#open.set(key, open.add(socket));
    socket.once('close', () => open.delete(socket));
  }
}

/** The chain that the server at the other end showed, own certificate first, up to the anchor where it is known. */
export function chainOf(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let shown: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (shown?.raw) {
    const certificate = new X509Certificate(shown.raw);
    if (certificate.fingerprint256 === chain.at(-1)?.fingerprint256) break;
    chain.push(certificate);
    shown = shown.issuerCertificate;
  }
  return chain;
}

/** Why a server of this standing may not be spoken to; null when it may. */
export function refusalBy(standing: Standing, mode: Revocation['settings']['mode']): ServerRefused | null {
  const { status, subject, source } = standing;
  if (status === 'revoked')
    return new ServerRefused('delivery.dmp-server-revoked', { subject, source: source! });
  if (status === 'good' || mode !== 'hard') return null;
  return new ServerRefused('delivery.dmp-revocation-unknown', { subject, why: whyUnknown(standing) });
}

/** What somebody should know of a standing: a code with its values; null when all is well. */
export function standingNotice(
  standing: Standing,
): { code: DmpErrorCode; values: Record<string, string> } | null {
  const { status, subject, source, until, complaints } = standing;
  const why = whyUnknown(standing).en;
  if (status === 'revoked')
    return { code: 'delivery.dmp-server-revoked', values: { subject, source: source! } };
  if (status === 'unknown') return { code: 'delivery.dmp-revocation-unknown', values: { subject, why } };
  if (complaints.length === 0) return null;
  return { code: 'delivery.revocation-kept', values: { subject, until: new Date(until).toISOString(), why } };
}

/** Every reason in one sentence, in both languages. */
export function whyUnknown({
  complaints,
}: Pick<Standing, 'complaints'>): Exclude<Values[string], string | number> {
  const said = (language: 'fr' | 'en', none: string) =>
    complaints
      .map(({ place, why }) => (typeof why === 'string' ? `${place}: ${why}` : why[language]))
      .join(' ') || none;
  return {
    fr: said('fr', "son certificat ne nomme ni liste ni répondeur, et dmp.revocation.lists n'en nomme pas"),
    en: said('en', 'its certificate names neither list nor responder, and dmp.revocation.lists names none'),
  };
}
