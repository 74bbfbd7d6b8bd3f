import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transportOf } from '../../alarms/channels/mail.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { GATEWAY_CHAIN } from '../../ledger/sqlite/store.ts';
import {
  handOver,
  type Progress,
  type RemoteWitness,
  type SealReading,
} from '../../ledger/witnesses/remote.ts';
import { syslogWitness } from '../../ledger/witnesses/syslog.ts';
import { timestampWitness } from '../../ledger/witnesses/timestamp.ts';
import type { Clock } from '../../words/clock.ts';
import { relayOf } from '../alarms/channels.ts';
import { type Config, readText } from '../config.ts';
import type { RemoteWitnessConfig } from './config.ts';
import { mailWitness } from './mail.ts';

const NOTHING: Progress = { taken: {}, atMs: 0 };

/** Hands seals to the witnesses on the network, each at its own pace; one that fails holds up no other. */
export class Couriers {
  readonly #witnesses: readonly RemoteWitness[];
  readonly #reading: SealReading;
  readonly #file: string;
  readonly #clock: Clock;
  readonly #progress: Record<string, Progress>;

  constructor(witnesses: readonly RemoteWitness[], reading: SealReading, file: string, clock: Clock) {
    this.#witnesses = witnesses;
    this.#reading = reading;
    this.#file = file;
    this.#clock = clock;
    this.#progress = readProgress(file);
  }

  /** @returns why witnesses could not be reached, by their name */
  async run(): Promise<string[]> {
    const failures = await Promise.all(this.#witnesses.map((witness) => this.#hand(witness)));
    return failures.filter((failure) => failure !== null);
  }

  async #hand(witness: RemoteWitness): Promise<string | null> {
    const before = this.#progress[witness.name] ?? NOTHING;
    try {
      const after = await handOver(witness, before, this.#reading, this.#clock.now());
      if (after !== before) this.#keep(witness.name, after);
      return null;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return `${witness.name}: ${code ?? message}`;
    }
  }

  /** What a crash keeps from being written is handed over again: a witness may hold a seal twice. */
  #keep(name: string, progress: Progress): void {
    this.#progress[name] = progress;
    writeFileSync(`${this.#file}.part`, JSON.stringify(this.#progress));
    renameSync(`${this.#file}.part`, this.#file);
  }
}

function readProgress(file: string): Record<string, Progress> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Progress>;
  } catch {
    return {};
  }
}

export function openCouriers(config: Config, ledger: Ledger, clock: Clock): Couriers {
  const establishments = [GATEWAY_CHAIN, ...config.establishments.map(({ id }) => id)];
  const sealsAfter = (establishment: string, number: number) => ledger.of(establishment).seals(number);
  const witnesses = config.remoteWitnesses.map((one) => witnessOf(one, config));
  return new Couriers(witnesses, { establishments, sealsAfter }, join(config.data, 'witnesses.json'), clock);
}

function witnessOf(one: RemoteWitnessConfig, { alarms }: Config): RemoteWitness {
  if (one.kind === 'timestamp') return timestampWitness(one);
  if (one.kind === 'mail') {
    const relay = relayOf(alarms.mail!);
    return mailWitness({ ...one, from: relay.from, transport: transportOf(relay) });
  }
  const authorities = one.authorities === null ? undefined : readText(one.authorities);
  return syslogWitness({ ...one, authorities: one.tls ? authorities : null });
}
