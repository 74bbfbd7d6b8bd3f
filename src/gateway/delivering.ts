import type { Logger } from 'pino';
import type { RetryPolicy } from '../delivery/attempt.ts';
import type { DestinationPort } from '../delivery/destination.ts';
import { Destinations, type DestinationsOptions } from '../delivery/destinations.ts';
import { DmpPort } from '../delivery/dmp/port.ts';
import { RESTORE } from '../delivery/restored.ts';
import { Scheduler, type Sending, together } from '../delivery/scheduler.ts';
import { type WaitingFor, waitingFor } from '../delivery/waiting.ts';
import type { Claimed, Ledger } from '../ledger/ledger.ts';
import type { DeliveryRow } from '../ledger/views.ts';
import type { Clock } from '../words/clock.ts';
import { destinationId } from '../words/delivery.ts';
import type { FeedingPolicy } from '../words/establishment.ts';
import type { Incidents } from '../words/incident.ts';
import type { Installation } from '../xds/sending.ts';
import { raiseFailure } from './alarms/raising.ts';
import type { Config } from './config.ts';
import type { DmpAccesses } from './dmp-access.ts';
import { nameOf } from './log.ts';
import type { MailLeg } from './mail-leg.ts';
import type { ValueSetKeeping } from './value-sets.ts';

/** For what is left of an establishment that the configuration no longer names. */
export const UNKNOWN_FEEDING: FeedingPolicy = { consentNotCollected: 'hold', closedDmpHours: 0 };

export interface DeliveringParts {
  config: Config;
  clock: Clock;
  ledger: Ledger;
  accesses: DmpAccesses;
  installation: Installation;
  valueSets: ValueSetKeeping;
  /** Null while MSSanté is not open. */
  mail: MailLeg | null;
  log: Logger;
  incidents: Incidents;
  onTurn(claimed: Claimed): void;
}

/** What takes deliveries to the DMP and into mailboxes, and what is known of where they go. */
export interface Delivering {
  scheduler: Sending;
  destinations: Destinations;
  /** Why a delivery has not left. */
  waitingFor(delivery: DeliveryRow): WaitingFor | null;
}

/** Reads which destinations stood still when the gateway last ran; nothing leaves before the scheduler is started. */
export async function prepareDelivering(parts: DeliveringParts): Promise<Delivering> {
  const { config, clock, ledger, incidents, mail } = parts;
  const destinations: Destinations = new Destinations({
    ...{ policies: policiesOf(config, mail), ledger, clock, incidents, random: Math.random },
    stoppedMs: config.alarms.stoppedMs,
    onOpened: () => {
      scheduler.poke();
      raiseRestored(incidents, config, destinations);
    },
  });
  for (const id of destinationsOf({ ...config, mssante: mail?.settings ?? null })) destinations.of(id);
  await destinations.load(config.establishments.map(({ id }) => id));
  raiseRestored(incidents, config, destinations);
  const schedulers = [makeScheduler(parts, destinations, dmpPort(parts), config.dmp.policy)];
  if (mail) schedulers.push(makeScheduler(parts, destinations, mail.port, mail.settings.policy));
  const scheduler = together(schedulers);
  return {
    ...{ scheduler, destinations },
    waitingFor: (delivery) => waitingFor(delivery, destinations.of(delivery.destinationId), clock.now()),
  };
}

/** Told while a restore keeps a destination stopped. */
function raiseRestored(incidents: Incidents, { establishments }: Config, destinations: Destinations): void {
  for (const { id: establishment } of establishments) {
    const incident = { kind: 'restored', subject: establishment, establishment } as const;
    const stopped = destinations.known(establishment).some(({ standstill }) => standstill?.by === RESTORE);
    if (stopped) incidents.open({ ...incident, severity: 'call-now', role: 'it' });
    else incidents.close(incident);
  }
}

function policiesOf({ dmp }: Config, mail: MailLeg | null): DestinationsOptions['policies'] {
  return { dmp: dmp.destination, ...(mail && { mssante: mail.settings.destination }) };
}

/** The structures in whose name senders may send, and the mailboxes, so that each can be stopped before anything came. */
export function destinationsOf({
  senders,
  establishments,
  mssante,
}: Pick<Config, 'senders' | 'establishments' | 'mssante'>): string[] {
  const mailboxes = (mssante?.mailboxes ?? []).map(({ establishment, id }) =>
    destinationId('mssante', establishment, id),
  );
  const structures = senders.flatMap(({ establishment, structures }) => {
    const sites = establishments.find(({ id }) => id === establishment)?.sites ?? [];
    const all = structures === '*' ? sites.map(({ finessEg }) => `1${finessEg}`) : structures;
    return all.map((structure) => destinationId('dmp', establishment, structure));
  });
  return [...structures, ...mailboxes];
}

function dmpPort({ config, clock, accesses, installation, valueSets }: DeliveringParts): DmpPort {
  const establishments = new Map(config.establishments.map((one) => [one.id, one]));
  return new DmpPort({
    ...{ clock, installation, establishments },
    get settings() {
      return valueSets.settings;
    },
    accessOf: (establishment, structure) => accesses.of(establishment, structure),
    precheck: { mode: config.dmp.precheck, processing: config.environment === 'production' ? 'P' : 'D' },
  });
}

function makeScheduler(
  { config, clock, ledger, log, incidents, onTurn }: DeliveringParts,
  destinations: Destinations,
  port: DestinationPort,
  policy: RetryPolicy,
): Scheduler {
  const establishments = new Map(config.establishments.map((one) => [one.id, one]));
  return new Scheduler({
    ...{ ledger, port, clock, destinations, policy, random: Math.random, onTurn },
    feeding: (id) => establishments.get(id) ?? UNKNOWN_FEEDING,
    onError: (error, claimed) => {
      log.error(
        { delivery: claimed?.delivery ?? null, error: nameOf(error) },
        claimed ? 'an attempt failed' : 'nothing could be taken from the ledger',
      );
      raiseFailure(incidents, claimed ? 'delivery' : 'ledger', error);
    },
  });
}
