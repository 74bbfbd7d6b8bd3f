import { readdirSync } from 'node:fs';
import type { Words } from '../words/errors.ts';
import { type Config, isLoopback } from './config.ts';
import { gatewayError } from './errors.ts';
import type { MailboxConfig, MssanteConfig, ServerConfig } from './mssante-config.ts';

type Complaint = Words | null;

/**
 * Refuses settings of MSSanté by which no mail could leave, or one would leave unprotected.
 * @throws ViaducError `config.malformed`, `config.leaves-loopback`
 */
export function checkMssante(config: Config, file: string): void {
  const { mssante, environment } = config;
  if (!mssante) return;
  const complaints = [
    ...mssante.mailboxes.flatMap((one) => aboutMailbox(one, config)),
    environment === 'sandbox' || mssante.whiteList ? null : missing('mssante.whiteList'),
    aboutTexts(mssante),
  ];
  const what = complaints.find((one) => one !== null);
  if (what) throw gatewayError('config.malformed', { file, what });
  const away = placesOf(mssante).find((host) => !isLoopback(host));
  if (environment === 'sandbox' && away !== undefined)
    throw gatewayError('config.leaves-loopback', { url: away });
}

function aboutMailbox(mailbox: MailboxConfig, { mssante, environment, ...config }: Config): Complaint[] {
  const { id, establishment, senders = [], consumer } = mailbox;
  const member = `mssante.mailboxes.${id}`;
  const alike = mssante!.mailboxes.filter((one) => one.id === id && one.establishment === establishment);
  const known = config.establishments.some((one) => one.id === establishment);
  const own = config.senders.filter((one) => one.establishment === establishment);
  const unknown = senders.find((name) => !own.some((one) => one.id === name));
  return [
    alike.length > 1 ? twice(member, establishment) : null,
    known ? null : unconfigured(`${member}.establishment`, establishment),
    unknown === undefined ? null : unconfigured(`${member}.senders`, unknown),
    consumer === null ? null : aboutConsumer(member, consumer, own),
    ...aboutServer(`${member}.smtp`, mailbox.smtp, environment),
    ...(mailbox.imap ? aboutServer(`${member}.imap`, mailbox.imap, environment) : []),
  ];
}

function aboutConsumer(member: string, consumer: string, own: Config['senders']): Complaint {
  const sender = own.find(({ id }) => id === consumer);
  if (!sender) return unconfigured(`${member}.receives.sender`, consumer);
  if (sender.notices) return null;
  return {
    fr: `${member}.receives.sender '${consumer}' n’a pas d’adresse où recevoir (senders.${consumer}.notices)`,
    en: `${member}.receives.sender '${consumer}' has no address to receive at (senders.${consumer}.notices)`,
  };
}

function aboutServer(
  member: string,
  { tls, host, certificate, key, auth }: ServerConfig,
  environment: Config['environment'],
): Complaint[] {
  const bare = tls === 'none' && !(environment === 'sandbox' && isLoopback(host));
  const token = auth.kind === 'oauth2' ? URL.parse(auth.tokenUrl) : undefined;
  return [
    bare ? unprotected(member) : null,
    certificate !== null && key === null ? missing(`${member}.key`) : null,
    certificate === null && key !== null ? missing(`${member}.certificate`) : null,
    token === undefined || isProtected(token) ? null : notHttps(`${member}.auth.tokenUrl`),
  ];
}

function isProtected(url: URL | null): boolean {
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
}

function aboutTexts({ texts }: MssanteConfig): Complaint {
  if (texts === null) return null;
  try {
    readdirSync(texts);
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return {
      fr: `mssante.texts '${texts}' n’est pas un dossier lisible (${code})`,
      en: `mssante.texts '${texts}' is no folder that can be read (${code})`,
    };
  }
}

/** Every host that is spoken to. */
function placesOf({ mailboxes, whiteList, directory }: MssanteConfig): string[] {
  const servers = mailboxes.flatMap(({ smtp, imap }) => [smtp, ...(imap ? [imap] : [])]);
  const tokens = servers.flatMap(({ auth }) => (auth.kind === 'oauth2' ? [auth.tokenUrl] : []));
  const addresses = [...tokens, whiteList?.source ?? '', directory?.url ?? ''];
  return [
    ...servers.map(({ host }) => host),
    ...addresses.flatMap((address) => URL.parse(address)?.hostname || []),
  ];
}

function missing(member: string): Words {
  return { fr: `${member} manque`, en: `${member} is missing` };
}

function twice(member: string, establishment: string): Words {
  return {
    fr: `${member} figure deux fois pour l’établissement ${establishment}`,
    en: `${member} stands twice for establishment ${establishment}`,
  };
}

function unconfigured(member: string, name: string): Words {
  return { fr: `${member} '${name}' n’est pas configuré`, en: `${member} '${name}' is not configured` };
}

function unprotected(member: string): Words {
  return {
    fr: `${member}.tls 'none' n’est admis que dans le bac à sable, sur cette machine`,
    en: `${member}.tls 'none' is allowed in the sandbox only, on this machine`,
  };
}

function notHttps(member: string): Words {
  return { fr: `${member} n’est pas une adresse https`, en: `${member} is no https address` };
}
