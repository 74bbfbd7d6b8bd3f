import { hash, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Ledger } from '../../ledger/ledger.ts';
import { GATEWAY_CHAIN } from '../../ledger/sqlite/store.ts';
import { type Caller, type Gate, holds } from '../../words/access.ts';
import type { Establishment, Grant, Role, Sender } from '../../words/establishment.ts';
import { newId } from '../../words/ids.ts';
import { gatewayError } from '../errors.ts';

/** Prefix by which a leaked token is recognised in a log or a repository. */
const TOKEN_PREFIX = 'viaduc_';

export function newToken(): string {
  return TOKEN_PREFIX + randomBytes(24).toString('base64url');
}

/** Tokens are kept and looked up by their SHA-256: they are random, so that a plain digest is enough. */
export function tokenDigest(token: string): string {
  return hash('sha256', token, 'hex');
}

/** The tokens in force, by digest. Those of the ledger are read again when one is issued or revoked. */
export class Tokens {
  readonly #fixed = new Map<string, Caller>();
  #issued = new Map<string, Caller>();
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** A token that stands in the configuration, not in the ledger. */
  addFixed(token: string, caller: Caller): void {
    this.#fixed.set(tokenDigest(token), caller);
  }

  async reload(): Promise<void> {
    const rows = await this.#ledger.of(GATEWAY_CHAIN).tokens();
    this.#issued = new Map(
      rows.map(({ sha256, ...row }) => [
        sha256,
        { token: row.token, name: row.name, grants: row.grants, sender: row.sender },
      ]),
    );
  }

  get count(): number {
    return this.#fixed.size + this.#issued.size;
  }

  find(token: string): Caller | null {
    const digest = tokenDigest(token);
    return this.#fixed.get(digest) ?? this.#issued.get(digest) ?? null;
  }

  /** Makes a token; it is shown once and only its digest is kept. */
  async issue(
    nowMs: number,
    name: string,
    grants: Grant[],
    sender: string | null,
  ): Promise<{ id: string; token: string }> {
    const token = newToken();
    const id = newId(nowMs);
    const data = { token: id, name, sha256: tokenDigest(token), grants, sender };
    await this.#ledger.append({
      establishment: GATEWAY_CHAIN,
      nowMs,
      events: [{ type: 'token.issued', data }],
    });
    await this.reload();
    return { id, token };
  }

  async revoke(nowMs: number, id: string, by: string): Promise<void> {
    await this.#ledger.append({
      establishment: GATEWAY_CHAIN,
      nowMs,
      events: [{ type: 'token.revoked', data: { token: id, by } }],
    });
    await this.reload();
  }

  /** Tokens issued, without their digests. */
  list(): Caller[] {
    return [...this.#issued.values()];
  }
}

/** The door before every route: who asks, and for which establishments. */
export class HttpGate implements Gate {
  readonly #callers = new WeakMap<object, Caller>();
  readonly #tokens: Tokens;
  readonly #establishments: readonly Establishment[];
  readonly #senders: readonly Sender[];
  readonly #sandbox: boolean;

  constructor(
    tokens: Tokens,
    establishments: readonly Establishment[],
    senders: readonly Sender[],
    sandbox: boolean,
  ) {
    this.#tokens = tokens;
    this.#establishments = establishments;
    this.#senders = senders;
    this.#sandbox = sandbox;
  }

  /** @throws ViaducError `http.unauthenticated` */
  authenticate(request: IncomingMessage): void {
    const found = /^Bearer\s+(\S{1,200})$/i.exec(request.headers.authorization ?? '');
    const caller = found ? this.#tokens.find(found[1]!) : null;
    if (!caller) throw gatewayError('http.unauthenticated');
    this.#callers.set(request, caller);
  }

  callerOf(request: object): Caller {
    const caller = this.#callers.get(request);
    if (!caller) throw gatewayError('http.unauthenticated');
    return caller;
  }

  establishmentOf(request: object, named: string | undefined, roles: readonly Role[]): Establishment {
    const caller = this.callerOf(request);
    const own = this.#establishments.filter(({ id }) =>
      caller.grants.some((grant) => grant.establishment === id),
    );
    const meant = named === undefined ? own : own.filter(({ id }) => id === named);
    if (meant.length === 0) throw gatewayError('http.not-found');
    const allowed = meant.filter(({ id }) => holds(caller, id, roles));
    if (allowed.length === 0) throw gatewayError('http.forbidden', { role: roles.join(' / ') });
    if (allowed.length > 1)
      throw gatewayError('http.ambiguous-establishment', {
        establishments: allowed.map(({ id }) => id).join(', '),
      });
    return allowed[0]!;
  }

  establishmentsOf(request: object, roles: readonly Role[]): Establishment[] {
    const caller = this.callerOf(request);
    return this.#establishments.filter(({ id }) => holds(caller, id, roles));
  }

  /** The sender a caller acts as; in the sandbox an administrator acts as the built-in one. */
  senderOf(request: object, establishment: Establishment, named: string | undefined): Sender {
    const caller = this.callerOf(request);
    const candidates = this.#senders.filter(
      (sender) => sender.establishment === establishment.id && (named === undefined || sender.id === named),
    );
    const own = candidates.find(({ id }) => id === caller.sender);
    const acting = own ?? (this.#sandbox && caller.sender === null ? candidates[0] : undefined);
    if (!acting) throw gatewayError('http.forbidden', { role: 'sender' });
    return acting;
  }
}
