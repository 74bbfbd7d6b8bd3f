import { Agent, type Dispatcher, request } from 'undici';
import { type Clock, systemClock } from '../../../words/clock.ts';
import { raiseWire } from '../errors.ts';
import { wireLimits } from '../limits.ts';
import type { AccessTokens } from './server.ts';

/** A client of an authorisation server (RFC 6749, 4.4). */
export interface ClientCredentials {
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  scope?: string;
  /** PEM; those of the platform when not given. */
  authorities?: string;
}

/** Access tokens of one client: each is kept until shortly before its end, and asked for once however many wait for it. */
export class ClientTokens implements AccessTokens {
  readonly #client: ClientCredentials;
  readonly #clock: Clock;
  readonly #agent: Agent;
  #kept: { token: string; untilMs: number } | null = null;
  #asked: Promise<string> | null = null;

  constructor(client: ClientCredentials, clock: Clock = systemClock) {
    this.#client = client;
    this.#clock = clock;
    this.#agent = new Agent({
      connect: { minVersion: 'TLSv1.2', ...(client.authorities && { ca: client.authorities }) },
    });
  }

  async get(): Promise<string> {
    if (this.#kept && this.#kept.untilMs > this.#clock.now()) return this.#kept.token;
    this.#asked ??= this.#ask().finally(() => {
      this.#asked = null;
    });
    return this.#asked;
  }

  refused(token: string): void {
    if (this.#kept?.token === token) this.#kept = null;
  }

  close(): Promise<void> {
    return this.#agent.close();
  }

  async #ask(): Promise<string> {
    const { status, text } = await this.#exchange();
    const { token, lifeMs } = readToken(status, text);
    const untilMs = this.#clock.now() + lifeMs - wireLimits.tokenMargin.value;
    this.#kept = { token, untilMs };
    return token;
  }

  async #exchange(): Promise<{ status: number; text: string }> {
    const { clientId, clientSecret, scope } = this.#client;
    const id = [clientId, clientSecret].map(encodeURIComponent).join(':');
    const form = new URLSearchParams({ grant_type: 'client_credentials', ...(scope && { scope }) });
    const signal = AbortSignal.timeout(wireLimits.tokenWait.value);
    const headers = {
      authorization: `Basic ${Buffer.from(id).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    };
    const asked = {
      method: 'POST',
      headers,
      body: form.toString(),
      signal,
      dispatcher: this.#agent,
    } as const;
    try {
      const { statusCode, body } = await request(this.#client.tokenUrl, asked);
      return { status: statusCode, text: await readShort(body) };
    } catch (error) {
      throw raiseWire('mssante.token-unreachable', { reason: codeOf(error) }, error);
    }
  }
}

async function readShort(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > wireLimits.tokenAnswer.value) return '';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** What is wrong with an answer that gives no token is told by its status and by the error's registered name alone. */
function readToken(status: number, text: string): { token: string; lifeMs: number } {
  const answer = parsed(text);
  const { access_token: token, expires_in: seconds, error } = answer;
  if (status >= 500 || status === 429)
    throw raiseWire('mssante.token-unreachable', { reason: `HTTP ${status}` });
  if (status !== 200 || typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
    const named = typeof error === 'string' && /^[a-z_]{1,40}$/.test(error) ? ` ${error}` : '';
    throw raiseWire('mssante.token-refused', { reason: `HTTP ${status}${named}` });
  }
  const life = Number(seconds);
  return { token, lifeMs: life > 0 ? life * 1_000 : wireLimits.tokenLife.value };
}

function parsed(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function codeOf(error: unknown): string {
  const { code, name } = Object(error) as { code?: unknown; name?: unknown };
  return String(code ?? name ?? 'error');
}
