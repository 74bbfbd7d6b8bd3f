import type { Config } from '../config.ts';
import { UsageError } from './command.ts';

/** What a command asks of the running gateway. */
export interface Asked {
  method?: 'GET' | 'POST' | 'DELETE';
  /** Sent as JSON. */
  json?: object;
  /** Sent as it is. */
  csv?: Uint8Array<ArrayBuffer>;
  /** In which the gateway says what it has to say. */
  language?: 'fr' | 'en';
}

/** The gateway did not do what a command asked: its code, what it said, and what to do. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;
  readonly remedy: string;

  constructor(message: string, code: string, remedy: string) {
    super(message);
    this.code = code;
    this.remedy = remedy;
  }
}

/** Who acts: the holder of `VIADUC_TOKEN`, and the administrator only when there is none. @throws UsageError */
function tokenOf({ adminToken }: Config): string {
  const token = process.env.VIADUC_TOKEN || adminToken;
  if (!token)
    throw new UsageError(
      'the gateway is running: set VIADUC_TOKEN (else VIADUC_ADMIN_TOKEN) to go through it',
    );
  return token;
}

/**
 * Asks the running gateway, at an address below `/api/`. Gives null for an answer without content.
 * @throws UsageError without a token
 * @throws Refusal when the gateway says no, or nothing
 */
export async function askGateway<T>(
  config: Config,
  http: string,
  path: string,
  { method = 'GET', json, csv, language = 'en' }: Asked = {},
): Promise<T> {
  const type = json ? 'application/json' : csv ? 'text/csv' : null;
  const headers = {
    ...{ authorization: `Bearer ${tokenOf(config)}`, 'accept-language': language },
    ...(type ? { 'content-type': type } : {}),
  };
  const body = json ? JSON.stringify(json) : (csv ?? null);
  const answer = await fetch(`${http}/api/${path}`, { method, headers, body }).catch((error: unknown) =>
    unanswered(http, error),
  );
  const said: unknown = answer.status === 204 ? null : await answer.json().catch(() => null);
  if (!answer.ok) throw refusalOf(answer.status, said);
  return said as T;
}

function refusalOf(status: number, said: unknown): Refusal {
  const { code, detail, remedy } = (said ?? {}) as { code?: string; detail?: string; remedy?: string };
  return new Refusal(detail ?? `the gateway answered ${status}`, code ?? String(status), remedy ?? '');
}

function unanswered(http: string, error: unknown): never {
  const { cause } = error as Error & { cause?: { code?: string } };
  throw new Refusal(
    `the gateway does not answer at ${http}`,
    cause?.code ?? 'unanswered',
    'It may be stopping or starting: see its log, then ask again; what it was asked may have been done.',
  );
}
