import { type Clock, systemClock } from '../../words/clock.ts';
import { FaultScript } from './faults.ts';
import { Journal } from './journal.ts';
import { type DmpPatient, Patients, TEST_PATIENTS } from './patients.ts';
import { Store } from './store.ts';
import { changed, DEFAULT_SWITCHES, type SwitchChanges, type Switches } from './switches.ts';
import { Trust } from './trust.ts';
import { UsedIds } from './used-ids.ts';

/** Everything a running simulator holds; both servers work on it. */
export interface Simulation {
  clock: Clock;
  switches: Switches;
  patients: Patients;
  faults: FaultScript;
  journal: Journal;
  store: Store;
  /** By which VIHF and signatures are judged; null: they are not. */
  trust: Trust | null;
  usedVihf: UsedIds;
  /** What a reset goes back to. */
  initial: { switches: Switches; patients: readonly DmpPatient[] };
}

export interface SimulationOptions {
  /** SQLite file, made when missing, or `:memory:` (default). */
  storePath?: string;
  /** Instead of the test patients. */
  patients?: readonly DmpPatient[];
  switches?: SwitchChanges;
  clock?: Clock;
  /** Folder that `makeSandboxCertificates` filled: the services speak mutual TLS, VIHF and signatures are judged. */
  certificates?: string;
  /** Geographic FINESS numbers of each legal FINESS. */
  sites?: Record<string, string[]>;
}

export function openSimulation(options: SimulationOptions): Simulation {
  const clock = options.clock ?? systemClock;
  const { certificates, sites = {} } = options;
  const trust = certificates === undefined ? null : new Trust(certificates, sites);
  const strict: SwitchChanges = trust ? { signature: 'required' } : {};
  const initial = {
    switches: changed(DEFAULT_SWITCHES, { ...strict, ...options.switches }),
    patients: options.patients ?? TEST_PATIENTS,
  };
  return {
    clock,
    initial,
    switches: initial.switches,
    patients: new Patients(initial.patients),
    faults: new FaultScript(),
    journal: new Journal(clock),
    trust,
    usedVihf: new UsedIds(),
    store: new Store(options.storePath ?? ':memory:', clock),
  };
}
