import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeSandboxCertificates } from '../sandbox/certificates/certificates.ts';
import { systemClock } from '../words/clock.ts';
import type { Establishment, Sender } from '../words/establishment.ts';
import type { Config } from './config.ts';
import { sandboxMailboxes } from './sandbox-mail.ts';
import {
  type SandboxMail,
  type SandboxProcess,
  startSandboxDmp,
  startSandboxMail,
} from './sandbox-process.ts';

/** The simulators of a sandbox that were started; null for one that another stands in for. */
export interface Sandbox {
  dmp: SandboxProcess | null;
  mail: SandboxMail | null;
  stop(): Promise<void>;
}

/** Makes the certificates of the sandbox, and starts its simulators unless others are named. */
export async function openSandbox(config: Config): Promise<Sandbox> {
  const { data, sandbox, establishments, product } = config;
  mkdirSync(join(data, 'sandbox'), { recursive: true, mode: 0o700 });
  const holders = establishments.map(({ finessEj, name }) => ({ finessEj, name, application: product.name }));
  await makeSandboxCertificates(sandbox.certificates, holders, systemClock.now());
  const starting = [
    sandbox.start ? startDmp(config) : null,
    sandbox.mail ? startMail(config) : null,
  ] as const;
  const [dmp, mail] = await Promise.allSettled(starting);
  const stop = async () => {
    await Promise.all([dmp, mail].map((one) => (one.status === 'fulfilled' ? one.value?.stop() : null)));
  };
  if (dmp.status === 'fulfilled' && mail.status === 'fulfilled')
    return { dmp: dmp.value, mail: mail.value, stop };
  await stop();
  throw dmp.status === 'rejected' ? dmp.reason : (mail as PromiseRejectedResult).reason;
}

function startDmp({ data, sandbox, establishments, senders }: Config): Promise<SandboxProcess> {
  const sites = Object.fromEntries(establishments.map((one) => [one.finessEj, sitesOf(one, senders)]));
  return startSandboxDmp({
    ...{ port: sandbox.dmpPort, certificates: sandbox.certificates, sites },
    store: join(data, 'sandbox', 'dmp.sqlite'),
  });
}

function startMail(config: Config): Promise<SandboxMail> {
  const { smtpPort, certificates } = config.sandbox;
  return startSandboxMail({ smtpPort, certificates, mailboxes: sandboxMailboxes(config) });
}

/** Sites of a legal entity in the sandbox; any, when a sender may act for any structure. */
function sitesOf({ id, sites }: Establishment, senders: readonly Sender[]): string[] {
  const any = senders.some(({ establishment, structures }) => establishment === id && structures === '*');
  return any ? ['*'] : sites.map(({ finessEg }) => finessEg);
}
