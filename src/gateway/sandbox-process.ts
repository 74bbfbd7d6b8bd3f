import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The simulator of the DMP in a process of its own; it ends with this one. */
export interface SandboxProcess {
  /** Base address of its services. */
  dmp: string;
  /** Where faults are scripted and what it holds is read. */
  admin: string;
  pid: number;
  stop(): Promise<void>;
}

const entry = join(import.meta.dirname, '..', 'sandbox', 'dmp', 'main.ts');

/** @throws Error when the simulator ends before it listens, with what it wrote */
export async function startSandboxDmp(options: {
  port: number;
  store: string;
  certificates: string;
  /** Geographic FINESS numbers of each legal FINESS. */
  sites: Record<string, string[]>;
}): Promise<SandboxProcess> {
  const { port, store, certificates, sites } = options;
  const given = { port: String(port), store, certificates, sites: JSON.stringify(sites) };
  const named = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);
  const args = [...process.execArgv, entry, ...named];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const { dmp, admin } = await announced(child);
  return { dmp, admin, pid: child.pid!, stop: () => stop(child) };
}

async function announced(child: ChildProcess): Promise<{ dmp: string; admin: string }> {
  const lines = createInterface({ input: child.stdout! });
  const ended = once(child, 'exit').then(([status]) => {
    throw new Error(`the simulator of the DMP ended with status ${String(status)} before it listened`);
  });
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
  return JSON.parse(line) as { dmp: string; admin: string };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
