import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { MailboxOptions } from '../sandbox/mssante/mailbox.ts';
import { PORT_TAKEN } from '../sandbox/simulator-process.ts';
import { gatewayError } from './errors.ts';

/** A simulator in a process of its own; it ends with this one. */
interface Simulator {
  pid: number;
  stop(): Promise<void>;
}

/** The simulator of the DMP. */
export interface SandboxProcess extends Simulator {
  /** Base address of its services. */
  dmp: string;
  /** Where faults are scripted and what it holds is read. */
  admin: string;
}

/** The simulated operator of MSSanté with its mailboxes. */
export interface SandboxMail extends Simulator {
  host: string;
  smtpPort: number;
  imapPort: number;
  /** Where faults are scripted, letters are asked for and mailboxes are read. */
  control: string;
}

const sandbox = join(import.meta.dirname, '..', 'sandbox');

/** @throws ViaducError `config.port-taken`; Error when the simulator ends before it listens, for a reason that it wrote */
export async function startSandboxDmp(options: {
  port: number;
  store: string;
  certificates: string;
  /** Geographic FINESS numbers of each legal FINESS. */
  sites: Record<string, string[]>;
}): Promise<SandboxProcess> {
  const { port, store, certificates, sites } = options;
  const given = { port: String(port), store, certificates, sites: JSON.stringify(sites) };
  return started('dmp', given, { port, setting: 'VIADUC_SANDBOX_DMP_PORT' });
}

/** @throws ViaducError `config.port-taken`; Error when the simulator ends before it listens, for a reason that it wrote */
export async function startSandboxMail(options: {
  smtpPort: number;
  certificates: string;
  mailboxes: readonly MailboxOptions[];
}): Promise<SandboxMail> {
  const { smtpPort, certificates, mailboxes } = options;
  const given = { 'smtp-port': String(smtpPort), certificates, mailboxes: JSON.stringify(mailboxes) };
  return started('mssante', given, { port: smtpPort, setting: 'VIADUC_SANDBOX_SMTP_PORT' });
}

/** Starts a simulator and reads the addresses that it announces. */
async function started<Addresses>(
  which: 'dmp' | 'mssante',
  given: Readonly<Record<string, string>>,
  asked: { port: number; setting: string },
): Promise<Addresses & Simulator> {
  const named = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);
  const args = [...process.execArgv, join(sandbox, which, 'main.ts'), ...named];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const lines = createInterface({ input: child.stdout! });
  const ended = once(child, 'exit').then(([status]) => {
    if (status === PORT_TAKEN) throw gatewayError('config.port-taken', { host: '127.0.0.1', ...asked });
    throw new Error(`the simulator ${which} ended with status ${String(status)} before it listened`);
  });
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
  return { ...(JSON.parse(line) as Addresses), pid: child.pid!, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
