import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { authorityFiles, structureFiles } from '../sandbox/certificates/folder.ts';
import type { MailboxOptions } from '../sandbox/mssante/mailbox.ts';
import { CORRESPONDENTS, domainsOf } from '../sandbox/mssante/simulation.ts';
import type { Sender } from '../words/establishment.ts';
import type { Config } from './config.ts';
import { leavingOf, type MailboxConfig, type MssanteConfig, type ServerConfig } from './mssante-config.ts';
import type { SandboxMail } from './sandbox-process.ts';

/** The mailbox of each establishment in the sandbox, as the simulated operator knows it. */
export function sandboxMailboxes({ establishments }: Pick<Config, 'establishments'>): MailboxOptions[] {
  return establishments.map(({ id, name, finessEj }) => ({
    ...{ address: addressOf(id), kind: 'gateway' as const, displayName: name, finess: finessEj },
  }));
}

function addressOf(establishment: string): string {
  return `passerelle@${establishment}.bac-a-sable.mssante.fr`;
}

/** MSSanté as the sandbox has it while viaduc.yaml says nothing: a mailbox for each establishment, and its own white list. */
export function sandboxMssante(config: Config, world: SandboxMail): MssanteConfig {
  const source = join(config.data, 'sandbox', 'white-list.xml');
  writeFileSync(source, whiteList(domainsOf([...sandboxMailboxes(config), ...CORRESPONDENTS])));
  return {
    mailboxes: config.establishments.map((one) => mailboxOf(one, config, world)),
    whiteList: { source, authorities: null, refreshMs: 24 * 3_600_000, maxShrinkPercent: 100 },
    directory: null,
    ...leavingOf({}, true, (path) => path),
  };
}

function mailboxOf(
  { id, name, finessEj }: Config['establishments'][number],
  { sandbox: { certificates }, senders }: Config,
  { host, smtpPort, imapPort }: SandboxMail,
): MailboxConfig {
  const { client } = structureFiles(certificates, finessEj);
  const server: Omit<ServerConfig, 'port'> = {
    ...{ host, tls: 'starttls', ...client, passphraseFile: null, serverName: null },
    auth: { kind: 'none', user: addressOf(id) },
    authorities: authorityFiles(certificates).root.certificate,
  };
  return {
    ...{ id: 'sandbox', establishment: id, address: addressOf(id), displayName: name },
    ...{ phone: null, postalAddress: null },
    ...consumerAmong(senders.filter(({ establishment }) => establishment === id)),
    smtp: { ...server, port: smtpPort, sizeLimit: null },
    imap: {
      ...{ ...server, port: imapPort, folder: 'INBOX', pollMs: 5000 },
      folders: { done: 'TRAITE', refused: 'REJET', human: 'HUMAIN' },
    },
  };
}

/** Documents that come in go to the first sender that takes notices; without one a person reads them. */
function consumerAmong(senders: readonly Sender[]): Pick<MailboxConfig, 'consumer' | 'receives'> {
  const consumer = senders.find(({ notices }) => notices)?.id ?? null;
  const ours = { application: null, facility: null, from: null, unit: null, errorBox: null };
  return { consumer, receives: consumer === null ? null : { ...ours, nullSender: true } };
}

function whiteList(domains: readonly string[]): string {
  const named = domains.map((name) => `<Domaine><Nom>${name}</Nom></Domaine>`).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>
<ListeBlanche xmlns="https://listeblanche.mssante.fr/schema">${named}</ListeBlanche>
`;
}
