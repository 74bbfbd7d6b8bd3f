import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Config } from '../config.ts';
import { product } from '../product.ts';
import { AppendMetrics } from './counting.ts';
import { StateMetrics, type StateSources } from './state.ts';
import { TimeMetrics } from './timing.ts';

/** What can be measured of a gateway, in one registry of its own. No label holds anything of a patient. */
export class Metrics {
  readonly appends: AppendMetrics;
  readonly times: TimeMetrics;
  readonly #registry = new Registry();
  #state: StateMetrics | null = null;
  #reading: Promise<string> | null = null;

  constructor({ environment }: Pick<Config, 'environment'>) {
    collectDefaultMetrics({ register: this.#registry });
    this.appends = new AppendMetrics(this.#registry);
    this.times = new TimeMetrics(this.#registry);
    const labels = { version: product.version, environment, node: process.versions.node };
    const build = new Gauge({
      ...{ name: 'viaduc_build_info', help: 'Always 1', registers: [this.#registry] },
      labelNames: Object.keys(labels),
    });
    build.set(labels, 1);
  }

  /** From now on what stands is read too. */
  watch(sources: StateSources): void {
    this.#state = new StateMetrics(this.#registry, sources);
    this.appends.kinds.readFrom(sources.ledger);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** The text that Prometheus reads. Asked twice at a time it is made once. */
  text(): Promise<string> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #read(): Promise<string> {
    await this.#state?.refresh();
    return this.#registry.metrics();
  }

  close(): void {
    this.#registry.clear();
  }
}
