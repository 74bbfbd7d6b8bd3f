import type { Logger } from 'pino';
import type { Checks } from '../checks/checked.ts';
import type { Fate } from '../delivery/mssante/wire/imap.ts';
import { type Consumer, MailboxDesk } from '../intake/mailbox/desk.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Clock } from '../words/clock.ts';
import { destinationId } from '../words/delivery.ts';
import type { Incidents } from '../words/incident.ts';
import { raiseFailure, raiseIntegrationParked } from './alarms/raising.ts';
import type { Config } from './config.ts';
import { nameOf } from './log.ts';
import type { MailLeg } from './mail-leg.ts';
import type { MailboxConfig, ReceivesConfig } from './mssante-config.ts';
import { endpointOf } from './notices.ts';

export interface ReceptionParts {
  config: Config;
  clock: Clock;
  ledger: Ledger;
  checks: Pick<Checks, 'judge'>;
  log: Logger;
  incidents: Incidents;
}

/** What works off the documents that come into mailboxes. */
export interface MailReception {
  /** Decides on a mail with documents that was kept, and says into which folder it goes. */
  sort(mailbox: MailboxConfig, mail: string): Promise<Fate>;
  /** Something may be due. */
  poke(): void;
  stop(): Promise<void>;
}

/** Opens a desk for each mailbox that is read. @throws ViaducError `config.unreadable` */
export function openReception(leg: MailLeg, parts: ReceptionParts): MailReception {
  const desks = new Map(
    leg.settings.mailboxes
      .filter(({ imap }) => imap !== null)
      .map((mailbox) => [
        destinationId('mssante', mailbox.establishment, mailbox.id),
        deskOf(mailbox, leg, parts),
      ]),
  );
  return {
    async sort(mailbox, mail) {
      const desk = desks.get(destinationId('mssante', mailbox.establishment, mailbox.id))!;
      await desk.sort();
      desk.poke();
      const sorted = await parts.ledger.of(mailbox.establishment).integrations.sorted(mail);
      return sorted?.outcome === 'set-aside' ? 'refused' : 'done';
    },
    poke: () => {
      for (const desk of desks.values()) desk.poke();
    },
    stop: async () => {
      await Promise.all([...desks.values()].map((desk) => desk.stop()));
    },
  };
}

function deskOf(mailbox: MailboxConfig, leg: MailLeg, parts: ReceptionParts): MailboxDesk {
  const { config, clock, ledger, checks, log, incidents } = parts;
  const { establishment, id, address, displayName, consumer, receives } = mailbox;
  const about = { mailbox: id, establishment };
  return new MailboxDesk({
    ...{ ledger, clock, checks, establishment, environment: config.environment },
    mailbox: {
      ...{ id, address, displayName, unit: receives?.unit ?? null },
      ...{ errorBox: receives?.errorBox ?? null, nullSender: receives?.nullSender ?? true },
      submit: (mail, signal) => leg.mailboxOf(establishment, id)!.submit(mail, signal!),
    },
    consumerOf: () => consumer,
    consumer: receives && consumerOf(mailbox, receives, config),
    own: leg.settings.mailboxes.map((one) => one.address),
    product: `${leg.product.name}; ${leg.product.version}`,
    nil: leg.product.nil,
    policy: config.notices,
    schedule: leg.settings.policy.retry,
    random: Math.random,
    onParked: (integration) => {
      log.error({ alarm: 'integration-parked', ...integration }, 'a document that came by mail was parked');
      raiseIntegrationParked(incidents, integration);
    },
    onFailure: (error) => {
      log.error({ ...about, error: nameOf(error) }, 'an archive could not be opened');
      raiseFailure(incidents, 'mailbox', error);
    },
    onError: (error) => {
      log.error({ ...about, error: nameOf(error) }, 'what came into a mailbox could not be worked off');
      raiseFailure(incidents, 'mailbox', error);
    },
  });
}

function consumerOf(
  { consumer, establishment }: MailboxConfig,
  receives: ReceivesConfig,
  config: Config,
): Consumer {
  const { senders, mllp, environment } = config;
  const sender = senders.find((one) => one.id === consumer && one.establishment === establishment);
  const [own] = mllp.receivers;
  const identity = sender?.mllp?.identity;
  return {
    where: sender?.notices ? endpointOf(sender.notices) : null,
    address: {
      application: receives.from?.application ?? own?.application ?? 'VIADUC',
      facility: receives.from?.facility ?? own?.facility ?? establishment,
      receivingApplication: receives.application ?? identity?.application ?? consumer!,
      receivingFacility: receives.facility ?? identity?.facility ?? establishment,
      charset: sender?.notices?.charset ?? 'utf-8',
      processingId: environment === 'production' ? 'P' : 'T',
    },
  };
}
