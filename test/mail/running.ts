import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type RunningGateway, type StartOptions, startTestGateway } from '../gateway/running.ts';
import { BOX, DOMAINS, type MailWorld } from './world.ts';

/** What a gateway on the world's operator is told; `more` of `mssante`. */
export interface MailGatewayOptions extends StartOptions {
  mssante?: Record<string, unknown>;
  mailbox?: Record<string, unknown>;
}

/** A gateway whose mailbox is that of hospital A in a world of real mail servers. */
export function startMailGateway(
  world: MailWorld,
  options: MailGatewayOptions = {},
): Promise<RunningGateway> {
  const { mssante = {}, mailbox = {}, ...rest } = options;
  const yaml = stringify({ mssante: mssanteOn(world, { mssante, mailbox }) });
  return startTestGateway({ ...rest, yaml: `${rest.yaml ?? ''}${yaml}` });
}

/** Settings of MSSanté on the world's operator. */
export function mssanteOn(
  world: MailWorld,
  { mssante = {}, mailbox = {} }: Pick<MailGatewayOptions, 'mssante' | 'mailbox'> = {},
): Record<string, unknown> {
  return {
    mailboxes: [
      {
        ...{ id: 'labo', establishment: 'demo', address: BOX.gateway, displayName: 'Laboratoire' },
        smtp: serverYaml(world, 'smtp', world.submission),
        imap: { ...serverYaml(world, 'imap', world.imap(BOX.gateway)), pollSeconds: 5 },
        ...mailbox,
      },
    ],
    whiteList: { source: whiteListOf(world) },
    ...mssante,
  };
}

/** A list in the form of the national one. */
export function whiteListOf(
  { folder }: Pick<MailWorld, 'folder'>,
  domains: readonly string[] = DOMAINS,
): string {
  const file = join(folder, 'white-list.xml');
  const entries = domains.map((name) => `<Domaine><Nom>${name}</Nom></Domaine>`).join('');
  writeFileSync(
    file,
    `<?xml version="1.0" encoding="UTF-8"?><ListeBlanche xmlns="https://listeblanche.mssante.fr/schema">` +
      `<DateDeGeneration>2026-06-01T00:00:00Z</DateDeGeneration>${entries}</ListeBlanche>`,
  );
  return file;
}

/** Access to a server, its secrets in files of the world. */
export function serverYaml({ folder }: MailWorld, name: string, server: MailWorld['submission']) {
  const file = (kind: string, content: string) => {
    const path = join(folder, `${name}.${kind}`);
    writeFileSync(path, content);
    return path;
  };
  const { host, port, tls, authorities, certificate, key, auth } = server;
  return {
    ...{ host, port, tls },
    authorities: file('authorities', authorities!),
    certificate: file('certificate', certificate!),
    key: file('key', key!),
    ...(auth.kind === 'password' && {
      auth: { kind: 'password', user: auth.user, passwordFile: file('password', auth.password) },
    }),
  };
}
