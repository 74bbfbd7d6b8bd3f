import type { Logger } from 'pino';
import { Copies } from '../cda/render/copies.ts';
import type { Directory } from '../delivery/mssante/directory/directory.ts';
import { tracesOf } from '../delivery/mssante/directory/traces.ts';
import type { Mailbox } from '../delivery/mssante/mailbox.ts';
import { readTexts } from '../delivery/mssante/message/texts.ts';
import { MssantePort } from '../delivery/mssante/port.ts';
import { whiteListError } from '../delivery/mssante/white-list/errors.ts';
import type { WhiteList } from '../delivery/mssante/white-list/white-list.ts';
import type { OpenMail } from '../intake/destinations.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Clock } from '../words/clock.ts';
import type { Incidents } from '../words/incident.ts';
import type { Installation } from '../xds/sending.ts';
import type { ArchiveProduct } from '../xds/xdm/readme.ts';
import { type Config, readText } from './config.ts';
import { directoryStanding, openDirectory, openWhiteList } from './mail-domains.ts';
import { openMailboxes } from './mailboxes.ts';
import type { MssanteConfig } from './mssante-config.ts';
import type { ValueSetKeeping } from './value-sets.ts';

/** Number that the operator of the sandbox takes; no real product bears it. */
const SANDBOX_NIL = 'VIADUC-SANDBOX';

/** MSSanté, opened: what takes mails out, and what routing needs to know of it. */
export interface MailLeg {
  settings: MssanteConfig;
  port: MssantePort;
  /** Under whose name mails and archives leave. */
  product: ArchiveProduct;
  open: OpenMail;
  /** Whether a domain is of the trust space. @throws ViaducError `mssante.white-list-missing` while that cannot be told */
  isTrusted(domain: string): boolean;
  whiteList: WhiteList | null;
  directory: Directory | null;
  mailboxOf(establishment: string, id: string): Mailbox | null;
  /** Called after the access of a mailbox was taken over from files that changed. */
  onReloaded?: () => void;
  close(): Promise<void>;
}

export interface MailLegParts {
  config: Config;
  clock: Clock;
  ledger: Ledger;
  installation: Installation;
  valueSets: ValueSetKeeping;
  log: Logger;
  incidents: Incidents;
}

/**
 * Opens the mailboxes and the white list; nothing leaves before the scheduler is started.
 * @throws ViaducError `config.unreadable`, `config.tls-unusable`, `mssante.text-…`, `mssante.white-list-source`, `mssante.directory-address`
 */
export async function openMailLeg(settings: MssanteConfig, parts: MailLegParts): Promise<MailLeg> {
  const { config, clock, ledger, installation, valueSets, log } = parts;
  const copies = new Copies();
  const mailboxes = openMailboxes(settings.mailboxes, {
    clock,
    onRenewed: () => leg.onReloaded?.(),
    onProblem: (code, values) => log.warn({ code, ...values }, 'an access needs attention'),
  });
  const whiteList = openWhiteList(settings, parts);
  const directory = openDirectory(settings, clock, directoryStanding(parts));
  // A source that is slow keeps nothing else waiting: mails leave once a list is there.
  if (whiteList) await Promise.race([whiteList.start(), new Promise<void>((go) => clock.after(2000, go))]);
  const { action, accents, patientDomain, patientSizeLimit, waits } = settings;
  const product = archiveProduct(config);
  const port = new MssantePort({
    ...{ clock, environment: config.environment, installation, action, accents, patientDomain },
    ...{ patientSizeLimit, waits, product },
    copyOf: async (document) => (await copies.pdf(document)).bytes,
    get settings() {
      return valueSets.settings;
    },
    establishments: new Map(config.establishments.map((one) => [one.id, one])),
    mailboxOf: (establishment, id) => mailboxes.of(establishment, id),
    requireListed: (domain) => {
      if (!whiteList) throw whiteListError('mssante.white-list-missing');
      whiteList.require(domain);
    },
    hashOf: (establishment, address) => ledger.searchHash(establishment, 'address', address),
    ...(directory && { tracesOf: (address: string) => tracesOf(directory, address, clock) }),
    texts: settings.texts === null ? null : readTexts(settings.texts),
  });
  const leg: MailLeg = {
    ...{ settings, port, product, whiteList, directory },
    mailboxOf: (establishment, id) => mailboxes.of(establishment, id),
    open: { mailboxes: settings.mailboxes, patientDomain },
    isTrusted: (domain) => {
      if (!whiteList?.state.inUse) throw whiteListError('mssante.white-list-missing');
      return whiteList.lists(domain);
    },
    close: async () => {
      await Promise.all([whiteList?.close(), directory?.close()]);
      await copies.close();
      await mailboxes.close();
    },
  };
  return leg;
}

/** The homologated product under whose name archives leave. */
function archiveProduct({ product, environment }: Config): ArchiveProduct {
  const { name, version, homologation } = product;
  const nil = product.nil ?? (environment === 'sandbox' ? SANDBOX_NIL : null);
  const number = homologation === null ? null : readText(homologation).trim();
  return { name, version, nil, vendor: null, homologation: number };
}
