import { SANDBOX_ESTABLISHMENT } from '../../src/gateway/sandbox-defaults.ts';
import { sandboxMailboxes } from '../../src/gateway/sandbox-mail.ts';
import { authorityFiles, structureFiles } from '../../src/sandbox/certificates/folder.ts';
import { CORRESPONDENTS, domainsOf } from '../../src/sandbox/mssante/simulation.ts';
import { certificates } from '../gateway/certificates.ts';
import { spawnOperator } from '../gateway/spawned.ts';
import { whiteListOf } from './running.ts';

/** A simulated operator that outlives the gateways it serves. */
export type Operator = Awaited<ReturnType<typeof spawnOperator>>;

const BOXES = sandboxMailboxes({ establishments: [SANDBOX_ESTABLISHMENT] });

/** Address of the gateway's mailbox at the simulated operator. */
export const MAILBOX = BOXES[0]!.address;

export function startOperator(): Promise<Operator> {
  return spawnOperator(BOXES);
}

/** Settings of MSSanté on a simulated operator; `more` of them. @param folder where the white list is written */
export function mssanteAt(
  { host, smtpPort, imapPort }: Operator,
  folder: string,
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  const { certificate, key } = structureFiles(certificates, SANDBOX_ESTABLISHMENT.finessEj).client;
  const authorities = authorityFiles(certificates).root.certificate;
  const auth = { kind: 'none', user: MAILBOX };
  const server = { host, tls: 'starttls', authorities, certificate, key, auth };
  const mailbox = {
    ...{ id: 'box', establishment: SANDBOX_ESTABLISHMENT.id, address: MAILBOX, displayName: 'Essai' },
    smtp: { ...server, port: smtpPort },
    imap: { ...server, port: imapPort, pollSeconds: 5 },
  };
  const source = whiteListOf({ folder }, domainsOf([...BOXES, ...CORRESPONDENTS]));
  return { mailboxes: [mailbox], whiteList: { source }, ...more };
}
