import type { ValueSetInForce } from '../console/api/conformance.ts';
import type { Clock } from '../words/clock.ts';
import type { Values, ViaducError } from '../words/errors.ts';
import type { PublishedSet } from '../xds/published-set.ts';
import { publishedSettings, type XdsSettings } from '../xds/settings.ts';
import { readTables } from '../xds/tables.ts';
import { type LoadedSets, loadValueSets, stampOf } from '../xds/value-set-files.ts';
import type { Config } from './config.ts';

/** Hears what is wrong with a file of a value set, as an error code with its values. */
type Tell = (code: string, values: Values) => void;

/** How often the files are looked at, milliseconds. */
const LOOK_EVERY_MS = 60_000;

/** Reads the value sets that the configuration names. */
export function readValueSets({ dmp }: Config, nowMs: number): LoadedSets {
  return loadValueSets(dmp.valueSets, readTables(), nowMs);
}

/**
 * The value sets of the DMP in force. What is wrong with a file refuses the start in production; elsewhere it is told, and
 * what can be read of the rest is in force. From then on files that change are taken over without a restart; when one of
 * them went wrong, the former sets stay.
 */
export class ValueSetKeeping {
  readonly #config: Config;
  readonly #clock: Clock;
  readonly #tell: Tell;
  #stamp: string;
  #sets: readonly PublishedSet[];
  #settings: XdsSettings;
  #cancel = () => {};

  /** @throws ViaducError `xds.value-set-…` in production */
  constructor(config: Config, clock: Clock, tell: Tell) {
    this.#config = config;
    this.#clock = clock;
    this.#tell = tell;
    this.#stamp = stampOf(config.dmp.valueSets);
    const { sets, problems } = readValueSets(config, clock.now());
    const [first] = problems;
    if (first && config.environment === 'production') throw first;
    this.#say(problems);
    this.#sets = sets;
    this.#settings = publishedSettings(sets);
  }

  get sets(): readonly PublishedSet[] {
    return this.#sets;
  }

  /** By which lots are made. */
  get settings(): XdsSettings {
    return this.#settings;
  }

  /** Which editions judge, and which are kept from it because they are not the DMP's. */
  get inForce(): ValueSetInForce[] {
    return this.#sets.map(({ source, edition, role }) => ({
      ...{ set: source.set, oid: source.oid, version: edition, date: source.version },
      refuses: role === 'refuses',
    }));
  }

  /** Looks at the files regularly; `taken` hears of sets that take the place of the former ones. */
  watch(taken: (sets: readonly PublishedSet[]) => void): void {
    if (this.#config.dmp.valueSets.length === 0) return;
    this.#cancel = this.#clock.after(LOOK_EVERY_MS, () => {
      if (this.refresh()) taken(this.#sets);
      this.watch(taken);
    });
  }

  /** Reads again what changed. @returns whether other sets are in force now */
  refresh(): boolean {
    const stamp = stampOf(this.#config.dmp.valueSets);
    if (stamp === this.#stamp) return false;
    this.#stamp = stamp;
    const { sets, problems } = readValueSets(this.#config, this.#clock.now());
    this.#say(problems);
    if (problems.length > 0) return false;
    this.#sets = sets;
    this.#settings = publishedSettings(sets);
    return true;
  }

  stop(): void {
    this.#cancel();
  }

  #say(problems: readonly ViaducError[]): void {
    for (const { code, values } of problems) this.#tell(code, values);
  }
}
