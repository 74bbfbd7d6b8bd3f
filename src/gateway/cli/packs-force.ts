import { userInfo } from 'node:os';
import type { PackListed } from '../../console/api/packs.ts';
import { openSqliteLedger } from '../../ledger/sqlite/store.ts';
import { systemClock } from '../../words/clock.ts';
import type { Config } from '../config.ts';
import { PackKeeping } from '../pack-keeping.ts';
import { rulesInForce } from '../packs.ts';
import { EXIT, text, UsageError, type Values } from './command.ts';
import { askGateway } from './gateway-call.ts';
import { runningGateway } from './ledgers.ts';

export async function activate(config: Config, values: Values, name: string): Promise<number> {
  const from = dateOf(text(values, 'from'));
  const query = from === null ? '' : `?from=${encodeURIComponent(from.toISOString())}`;
  const pack = await change(config, values, `${name}/activate${query}`, (keeping, by) =>
    keeping.activate(name, from, by),
  );
  return told(pack, 'in force from', pack.activations.at(-1)?.from);
}

export async function deactivate(config: Config, values: Values, name: string): Promise<number> {
  const pack = await change(config, values, `${name}/deactivate`, (keeping, by) =>
    keeping.deactivate(name, by),
  );
  return told(pack, 'out of force since', pack.activations.at(-1)?.until ?? undefined);
}

export async function remove(config: Config, _values: Values, name: string): Promise<number> {
  const running = runningGateway(config);
  if (running) await askGateway(config, running.http, `packs/${name}`, { method: 'DELETE' });
  else await directly(config, (keeping) => keeping.remove(name));
  console.log(`${name} removed`);
  return EXIT.done;
}

function told({ id, sha256 }: PackListed, what: string, when: string | undefined): number {
  console.log(`${id} ${sha256.slice(0, 12)} ${what} ${when ?? '?'}`);
  return EXIT.done;
}

function dateOf(given: string | undefined): Date | null {
  if (given === undefined) return null;
  const date = new Date(given);
  if (Number.isNaN(date.getTime()))
    throw new UsageError(`--from is a date such as 2026-01-15T08:00:00Z, not '${given}'`);
  return date;
}

/** Through the gateway that writes the ledger, or by this process when none runs. */
async function change(
  config: Config,
  values: Values,
  path: string,
  own: (keeping: PackKeeping, by: string) => Promise<PackListed>,
): Promise<PackListed> {
  const running = runningGateway(config);
  if (!running) return directly(config, (keeping) => own(keeping, text(values, 'by') ?? userInfo().username));
  return askGateway(config, running.http, `packs/${path}`, { method: 'POST' });
}

async function directly<T>(config: Config, act: (keeping: PackKeeping) => Promise<T>): Promise<T> {
  const { data: folder, keyFile, environment, product, witnessFiles } = config;
  const establishments = config.establishments.map(({ id }) => id);
  const nowMs = systemClock.now();
  const opened = { folder, keyFile, environment, product, establishments, witnessFiles, nowMs };
  const ledger = await openSqliteLedger(opened);
  try {
    const rules = rulesInForce(config, [], nowMs);
    return await act(new PackKeeping({ config, clock: systemClock, ledger, checks: null, rules }));
  } finally {
    await ledger.close();
  }
}
