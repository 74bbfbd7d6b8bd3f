import type { FastifyPluginAsync } from 'fastify';
import type { Logger } from 'pino';
import type { Destinations } from '../delivery/destinations.ts';
import type { Admission } from '../intake/admission.ts';
import type { Append, Ledger } from '../ledger/ledger.ts';
import type { Clock } from '../words/clock.ts';
import type { Incidents } from '../words/incident.ts';
import { SenderActivity } from './alarms/activity.ts';
import type { Alarms } from './alarms/alarms.ts';
import { DiskBudget } from './alarms/disk.ts';
import { raiseFailure } from './alarms/raising.ts';
import { Watch } from './alarms/watch.ts';
import type { Watched } from './certificate-ends.ts';
import type { Config } from './config.ts';
import type { HttpGate } from './http/auth.ts';
import type { HttpServerOptions } from './http/server.ts';
import { nameOf } from './log.ts';
import { Metrics } from './metrics/metrics.ts';
import { metricsRoute } from './metrics/route.ts';

interface Parts {
  ledger: Ledger;
  alarms: Alarms;
  admission: Admission;
  destinations: Destinations;
  log: Logger;
  certificates(): readonly Watched[];
  /** The clock of the machine was set back by so many milliseconds. */
  onSetBack(byMs: number): Promise<void>;
}

/** What is measured of a gateway, and what is looked at because nobody reports it. */
export class Monitoring {
  readonly metrics: Metrics;
  readonly activity: SenderActivity;
  readonly #config: Config;
  readonly #clock: Clock;
  readonly #disk: DiskBudget;
  #sealedAtMs: number | null = null;

  constructor(config: Config, clock: Clock) {
    this.#config = config;
    this.#clock = clock;
    this.metrics = new Metrics(config);
    this.activity = new SenderActivity(clock);
    this.#disk = new DiskBudget(config.data);
  }

  /** Told of each append once it is durable. */
  readonly appended = (append: Append, tookMs: number): void => {
    this.metrics.appends.appended(append, tookMs);
    for (const { type, data } of append.events)
      if (type === 'submission.accepted' || type === 'submission.refused')
        this.activity.heard(append.establishment, data.sender);
  };

  readonly sealed = (): void => {
    this.#sealedAtMs = this.#clock.now();
  };

  readonly heard = (establishment: string, sender: string): void =>
    this.activity.heard(establishment, sender);

  route(gate: HttpGate): FastifyPluginAsync {
    const { establishments, http } = this.#config;
    const all = establishments.map(({ id }) => id);
    return metricsRoute(this.metrics, gate, { establishments: all, behindProxy: http.behindProxy });
  }

  /** Told of every answer of the HTTP interface: what nothing foresaw is a defect. */
  answered(incidents: Incidents): HttpServerOptions['onAnswered'] {
    return (method, route, status, elapsedMs) => {
      this.metrics.times.http(method, route, status, elapsedMs);
      if (status === 500) raiseFailure(incidents, 'http', { code: 'http.internal' });
    };
  }

  /** Begins to look. @returns a function that ends it */
  async start({
    ledger,
    alarms,
    admission,
    destinations,
    log,
    certificates,
    onSetBack,
  }: Parts): Promise<() => Promise<void>> {
    const clock = this.#clock;
    const establishments = this.#config.establishments.map(({ id }) => id);
    await this.activity.load(ledger, establishments);
    this.metrics.watch({
      ...{
        clock,
        ledger,
        establishments,
        senders: this.#config.senders,
        activity: this.activity,
        certificates,
      },
      alarms: () => alarms.desk.current,
      destinations: (establishment) => destinations.known(establishment),
      disk: () => this.#disk.look(clock.now()),
      sealedAtMs: () => this.#sealedAtMs,
      inHand: () => admission.inHand,
    });
    const watch = new Watch({
      ...{ config: this.#config, ledger, clock, incidents: alarms.desk },
      ...{ activity: this.activity, destinations, disk: this.#disk, monotonicMs: () => performance.now() },
      onSetBack,
      onError(error) {
        log.error({ error: nameOf(error) }, 'the state of the gateway could not be looked at');
        raiseFailure(alarms.desk, 'watch', error);
      },
    });
    watch.start();
    return async () => {
      await watch.stop();
      this.metrics.close();
    };
  }
}
