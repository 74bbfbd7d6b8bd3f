import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Endpoints } from '../../src/gateway/endpoints.ts';
import type { SandboxMail } from '../../src/gateway/sandbox-process.ts';
import type { MailboxOptions } from '../../src/sandbox/mssante/mailbox.ts';
import makeCertificates, { certificates } from './certificates.ts';
import { caller, type RunningGateway, repository } from './running.ts';

/** A gateway in a process of its own, as an operator runs it. */
export interface SpawnedGateway {
  child: ChildProcess;
  endpoints: Endpoints;
  call: RunningGateway['call'];
  /** Everything the process wrote so far. */
  output(): string;
  /** Ends it by a signal and waits until it is gone. */
  end(signal?: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

export interface SpawnOptions {
  folder: string;
  variables?: Record<string, string>;
  /** Program and arguments put before Node, such as strace. */
  under?: string[];
  /** Arguments of Node itself. */
  flags?: string[];
  /** Address of a simulator that outlives the gateway; without it the gateway starts its own. */
  dmp?: string;
}

/** What bin/runtime.mjs starts every process with, where it counts. */
const AS_STARTED = {
  flags: [
    '--disable-warning=ExperimentalWarning',
    '--max-semi-space-size=16',
    '--no-maglev-inlining',
    '--no-allocation-site-pretenuring',
  ],
  environment: { MALLOC_ARENA_MAX: '2' },
};

export const ADMIN_TOKEN = 'spawned-admin-token';

export async function spawnGateway({
  folder,
  variables = {},
  under = [],
  flags = [],
  dmp,
}: SpawnOptions): Promise<SpawnedGateway> {
  const data = join(folder, 'data');
  mkdirSync(data, { recursive: true });
  const config = join(folder, 'viaduc.yaml');
  const env = {
    ...AS_STARTED.environment,
    ...process.env,
    ...{
      VIADUC_DATA: data,
      VIADUC_HTTP_PORT: '0',
      VIADUC_MLLP_PORT: '0',
      VIADUC_SANDBOX_DMP_PORT: '0',
      VIADUC_SANDBOX_SMTP_PORT: '0',
      VIADUC_SANDBOX_CERTIFICATES: certificates,
      VIADUC_ADMIN_TOKEN: ADMIN_TOKEN,
    },
    ...(existsSync(config) ? { VIADUC_CONFIG: config } : {}),
    ...(dmp === undefined ? {} : { VIADUC_DMP_URL: dmp }),
    ...variables,
  };
  const [program, ...args] = [
    ...under,
    process.execPath,
    ...AS_STARTED.flags,
    ...flags,
    join(repository, 'src', 'viaduc.ts'),
    'serve',
  ];
  const child = spawn(program!, args, { env, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout!.on('data', (chunk: Buffer) => (output += chunk));
  child.stderr!.on('data', (chunk: Buffer) => (output += chunk));
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const ready = untilReady(child);
  await Promise.race([
    ready,
    ended.then(([code]) => Promise.reject(new Error(`the gateway ended with status ${code}: ${output}`))),
  ]);
  const endpoints = JSON.parse(readFileSync(join(data, 'endpoints.json'), 'utf8')) as Endpoints;
  return {
    child,
    endpoints,
    call: caller(endpoints.http, ADMIN_TOKEN),
    output: () => output,
    async end(signal = 'SIGTERM') {
      child.kill(signal);
      const [code, by] = await ended;
      return { code, signal: by };
    },
  };
}

/** Never ends when the process does: its end says why. */
async function untilReady(child: ChildProcess): Promise<void> {
  for await (const line of createInterface({ input: child.stdout! }))
    if (line.startsWith('viaduc is ready')) return;
  await new Promise(() => undefined);
}

interface Simulator {
  child: ChildProcess;
  end(): Promise<void>;
}

/** A simulator of the DMP in a process of its own that outlives the gateways it serves. */
export async function spawnDmp(
  folder: string,
  { flags = [], variables = {} }: Pick<SpawnOptions, 'flags' | 'variables'> = {},
): Promise<{ dmp: string; admin: string } & Simulator> {
  const options = {
    sites: JSON.stringify({ '0B0000011': ['*'] }),
    port: '0',
    store: join(folder, 'dmp.sqlite'),
  };
  return spawnSimulator('dmp', options, { flags, variables });
}

/** A simulated operator of MSSanté that outlives the gateways it serves. */
export function spawnOperator(
  mailboxes: readonly MailboxOptions[],
): Promise<Omit<SandboxMail, 'pid' | 'stop'> & Simulator> {
  return spawnSimulator('mssante', { mailboxes: JSON.stringify(mailboxes) });
}

async function spawnSimulator<Addresses>(
  which: 'dmp' | 'mssante',
  options: Readonly<Record<string, string>>,
  { flags = [], variables = {} }: Pick<SpawnOptions, 'flags' | 'variables'> = {},
): Promise<Addresses & Simulator> {
  await makeCertificates();
  const named = Object.entries({ certificates, ...options }).flatMap(([name, value]) => [`--${name}`, value]);
  const main = join(repository, 'src', 'sandbox', which, 'main.ts');
  const args = ['--disable-warning=ExperimentalWarning', ...flags, main, ...named];
  const env = { ...process.env, ...variables };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  return {
    ...(JSON.parse(line) as Addresses),
    child,
    async end() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
