import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Config, readConfig } from '../../src/gateway/config.ts';
import { type Gateway, startGateway } from '../../src/gateway/gateway.ts';
import type { Clock } from '../../src/words/clock.ts';
import { certificates } from './certificates.ts';

export const repository = resolve(import.meta.dirname, '..', '..');

/** Other people's files, read in place; null when they are not there. */
export const shared = existsSync(sharedFolder()) ? sharedFolder() : null;

function sharedFolder(): string {
  return resolve(repository, process.env.VIADUC_SHARED ?? '../shared');
}

export const pack = shared && join(shared, 'ans', 'TestContenuCDA-3-0');

export function sample(name: string): Buffer {
  return readFileSync(join(repository, 'samples', 'documents', name));
}

/** A submission as the API answers it, or the problem that it answers instead. */
export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers as a foreign client would, without our types
  body: any;
}

export interface RunningGateway {
  gateway: Gateway;
  http: string;
  token: string;
  folder: string;
  data: string;
  call(path: string, options?: RequestInit & { token?: string | null }): Promise<Answer>;
  /** Hands a document over and waits for its end. */
  submit(document: Buffer | string, query?: string, headers?: Record<string, string>): Promise<Answer>;
  /** The simulator's own account of what it holds and saw. */
  dmp: {
    counts(): Promise<DmpCounts>;
    fault(...faults: object[]): Promise<void>;
    switches(changes: object): Promise<void>;
    clear(): Promise<void>;
  };
  close(): Promise<void>;
}

export interface DmpCounts {
  lots: number;
  documents: number;
  doubleDeposits: string[];
  requests: number;
  refused: number;
}

export interface StartOptions {
  /** Extra content of viaduc.yaml. */
  yaml?: string;
  variables?: Record<string, string>;
  config?: Partial<Config>;
  clock?: Clock;
  /** Whether the simulated operator of MSSanté runs too. */
  mail?: boolean;
  /** Folder of an earlier run. */
  folder?: string;
}

/** A real gateway with its simulators in processes of their own, on free ports, in a fresh folder. */
export async function startTestGateway(options: StartOptions = {}): Promise<RunningGateway> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'viaduc-gateway-'));
  const data = join(folder, 'data');
  if (options.yaml) writeFileSync(join(folder, 'viaduc.yaml'), options.yaml);
  const variables = {
    VIADUC_DATA: data,
    VIADUC_HTTP_PORT: '0',
    VIADUC_MLLP_PORT: '0',
    VIADUC_SANDBOX_DMP_PORT: '0',
    VIADUC_SANDBOX_SMTP_PORT: '0',
    VIADUC_SANDBOX_CERTIFICATES: certificates,
    VIADUC_ADMIN_TOKEN: 'test-admin-token',
    ...options.variables,
  };
  const read = readConfig(variables, folder);
  const sandbox = { ...read.sandbox, mail: options.mail ?? false };
  const config = { ...read, sandbox, logLevel: 'silent', ...options.config };
  const gateway = await startGateway(config, options.clock);
  const { http } = gateway.endpoints;
  const token = variables.VIADUC_ADMIN_TOKEN;
  const call = caller(http, token);
  return {
    ...{ gateway, http, token, folder, data, call },
    submit: (document, query = 'to=dmp', headers = {}) =>
      call(`/api/submissions?${query}`, {
        method: 'POST',
        headers: { 'content-type': 'application/xml', prefer: 'wait=30', ...headers },
        body: document as RequestInit['body'],
      }),
    dmp: dmpClient(gateway.endpoints.dmpAdmin!),
    async close() {
      await gateway.close();
      if (!options.folder) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Calls an HTTP interface with a token and reads the JSON it answers. */
export function caller(http: string, token: string): RunningGateway['call'] {
  return async (path, { token: other = token, ...init } = {}) => {
    const headers = new Headers(init.headers);
    if (other !== null) headers.set('authorization', `Bearer ${other}`);
    const answer = await fetch(http + path, { ...init, headers });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text,
    };
  };
}

export function dmpClient(admin: string): RunningGateway['dmp'] {
  const json = (method: string, body: object) => ({
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const need = async (path: string, init?: RequestInit) => {
    const answer = await fetch(admin + path, init);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  return {
    counts: async () => (await need('/counts')) as DmpCounts,
    fault: async (...faults) => void (await need('/faults', json('POST', faults))),
    switches: async (changes) => void (await need('/switches', json('PUT', changes))),
    clear: async () => void (await need('/faults', { method: 'DELETE' })),
  };
}

let count = 0;

/** A letter of the samples with an identifier of its own, so that many different documents can be sent. */
export function freshLetter(changes: Record<string, string> = {}): { document: Buffer; uniqueId: string } {
  count += 1;
  const uniqueId = `2.25.${BigInt(Date.now()) * 1_000_000n + BigInt(process.pid % 1000) * 1000n + BigInt(count)}`;
  let text = sample('discharge-letter.xml')
    .toString('utf8')
    .replace(/<id root="2\.25\.312286552019245410887389243091013085023"\/>/, `<id root="${uniqueId}"/>`);
  text = text.replace(/<setId[^>]*\/>/, `<setId root="${uniqueId}"/>`);
  for (const [from, to] of Object.entries(changes)) text = text.replaceAll(from, to);
  return { document: Buffer.from(text), uniqueId };
}
