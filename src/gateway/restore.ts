import { existsSync } from 'node:fs';
import { recordRestore } from '../delivery/restored.ts';
import { ledgerError } from '../ledger/errors.ts';
import { lostSince } from '../ledger/gap.ts';
import { openKeys } from '../ledger/keys.ts';
import { ledgerLimits } from '../ledger/limits.ts';
import type { Seal } from '../ledger/seal.ts';
import { type PutBack, putBack } from '../ledger/sqlite/backup.ts';
import { openSqliteCopy } from '../ledger/sqlite/copy.ts';
import { keysInForce } from '../ledger/sqlite/settle-keys.ts';
import { openSqliteLedger } from '../ledger/sqlite/store.ts';
import { type ChainReport, verifyLedger } from '../ledger/verify.ts';
import { readWitness } from '../ledger/witnesses/file.ts';
import { instant } from '../words/clock.ts';
import { establishmentOf } from '../words/delivery.ts';
import type { EventData, LostSeals } from '../words/events.ts';
import type { Config } from './config.ts';
import { destinationsOf } from './delivering.ts';

export interface RestoreOptions {
  backup: string;
  /** Files that hold seals outside the data folder; all of them must be there. */
  witnesses: readonly string[];
  acceptProblems: boolean;
  by: string;
  nowMs: number;
}

/** What a restore found of one chain, and did. */
export interface RestoredChain {
  establishment: string;
  lastEvent: number;
  lost: LostSeals | null;
  /** Deliveries that are asked for before anything is sent. */
  doubted: number;
}

export interface Restored {
  backupAt: string | null;
  witnessed: boolean;
  chains: RestoredChain[];
}

/**
 * Puts a backup back as the configured data folder. The gap is read from the witness and written into each chain; every
 * delivery that had not ended is in doubt. The folder appears when all of this is written, or not at all.
 * @throws ViaducError `ledger.restore-not-empty`, `ledger.backup-damaged`, `ledger.backup-not-coherent`, `ledger.wrong-key`,
 *   `ledger.witness-missing`
 */
export async function restoreLedger(config: Config, options: RestoreOptions): Promise<Restored> {
  const missing = options.witnesses.find((file) => !existsSync(file));
  if (missing !== undefined) throw ledgerError('ledger.witness-missing', { file: missing });
  keysInForce(options.backup, config.keyFile);
  const copied = await putBack(options.backup, config.data);
  try {
    const witness = options.witnesses.flatMap(readWitness);
    const found = examine(config, copied.folder, witness, options.acceptProblems);
    const chains = await record(config, copied, found, witness, options);
    copied.finish();
    return { backupAt: copied.manifest?.at ?? null, witnessed: witness.length > 0, chains };
  } catch (error) {
    copied.abandon();
    throw error;
  }
}

interface Examined {
  establishment: string;
  events: number;
  problems: number;
  lost: LostSeals | null;
}

/** Verifies the copy as far as it reaches; what the witness knows beyond is the gap, not a fault. */
function examine(
  config: Config,
  folder: string,
  witness: readonly Seal[],
  acceptProblems: boolean,
): Examined[] {
  const copy = openSqliteCopy(folder, openKeys(config.keyFile, false));
  try {
    return copy.establishments().map((establishment) => {
      const seals = copy.seals(establishment);
      const last = seals.at(-1)?.content.number ?? 0;
      const own = witness.filter(({ content }) => content.establishment === establishment);
      const within = own.filter(({ content }) => content.number <= last);
      const [report] = verifyLedger(copy, { witness: within, establishment });
      if (!acceptProblems) refuseProblems(report!);
      const { events, problems } = report!;
      return { establishment, events, problems: problems.length, lost: lostSince(seals, own) };
    });
  } finally {
    copy.close();
  }
}

function refuseProblems({ establishment: chain, problems }: ChainReport): void {
  const [first] = problems;
  if (first)
    throw ledgerError('ledger.backup-not-coherent', {
      problems: problems.length,
      chain,
      first: first.message,
    });
}

async function record(
  config: Config,
  { folder, manifest }: PutBack,
  found: readonly Examined[],
  witness: readonly Seal[],
  { by, nowMs }: RestoreOptions,
): Promise<RestoredChain[]> {
  const { keyFile, environment, product, witnessFiles } = config;
  const establishments = config.establishments.map(({ id }) => id);
  const ledger = await openSqliteLedger({
    ...{ folder, keyFile, environment, product, establishments, witnessFiles, nowMs },
  });
  const resendUntil = instant(nowMs + ledgerLimits.resendDays.value * 86_400_000);
  try {
    const chains: RestoredChain[] = [];
    for (const { establishment, events, problems, lost } of found) {
      const data: EventData['ledger.restored'] = {
        ...{ backupAt: manifest?.at ?? null, lastEvent: events },
        witness: witness.length === 0 ? 'none' : lost ? 'lost' : 'nothing-lost',
        ...{ lost, problems, resendUntil, by },
      };
      const configured = destinationsOf(config).filter((id) => establishmentOf(id) === establishment);
      const doubted = await recordRestore(ledger, establishment, data, configured, nowMs);
      chains.push({ establishment, lastEvent: events, lost, doubted });
    }
    return chains;
  } finally {
    await ledger.close();
  }
}
