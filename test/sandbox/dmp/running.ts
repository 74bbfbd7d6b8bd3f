import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { FaultRule } from '../../../src/sandbox/dmp/faults.ts';
import {
  type DmpSimulator,
  type DmpSimulatorOptions,
  startDmpSimulator,
} from '../../../src/sandbox/dmp/simulator.ts';
import type { SwitchChanges } from '../../../src/sandbox/dmp/switches.ts';
import { type Reply, send, type Wire } from './requests.ts';

/** A simulator for the tests of a file, as new before each of them. */
export interface Running {
  readonly url: string;
  readonly adminUrl: string;
  send(wire: Wire): Promise<Reply>;
  get<T = Record<string, unknown>>(path: string): Promise<T>;
  /** Sends JSON and gives the answer; fails unless the status is the one expected. */
  call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    status?: number,
  ): Promise<T>;
  switches(changes: SwitchChanges): Promise<unknown>;
  fault(...rules: FaultRule[]): Promise<unknown>;
}

export function running(options: DmpSimulatorOptions = {}): Running {
  let dmp: DmpSimulator;
  beforeAll(async () => {
    dmp = await startDmpSimulator(options);
  });
  beforeEach(() => call(dmp.adminUrl, 'POST', '/reset'));
  afterAll(() => dmp.close());
  return {
    get url() {
      return dmp.url;
    },
    get adminUrl() {
      return dmp.adminUrl;
    },
    send: (wire) => send(dmp.url, wire),
    get: (path) => call(dmp.adminUrl, 'GET', path),
    call: (method, path, body, status) => call(dmp.adminUrl, method, path, body, status),
    switches: (changes) => call(dmp.adminUrl, 'PUT', '/switches', changes),
    fault: (...rules) => call(dmp.adminUrl, 'POST', '/faults', rules, 201),
  };
}

/** One call of the admin API. */
export async function call<T>(
  base: string,
  method: string,
  path: string,
  body?: unknown,
  status = 200,
): Promise<T> {
  const init =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(base + path, { method, ...init });
  const answer = await response.text();
  if (response.status !== status) throw new Error(`${method} ${path}: ${response.status} ${answer}`);
  return JSON.parse(answer) as T;
}
