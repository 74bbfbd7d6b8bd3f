import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PackInForce } from '../console/api/conformance.ts';
import { parseEvent } from '../ledger/chain.ts';
import { openSqliteCopy } from '../ledger/sqlite/copy.ts';
import { GATEWAY_CHAIN } from '../ledger/sqlite/store.ts';
import type { LedgerView } from '../ledger/view.ts';
import { type PackManifest, readManifest } from '../validation/packs/installed.ts';
import { keepPack, keptFolder, noteJudging } from '../validation/packs/kept.ts';
import type { ActivePack, RulebookSetup } from '../validation/packs/rulebook.ts';
import type { LedgerEvent } from '../words/events.ts';
import type { Config } from './config.ts';
import { gatewayError } from './errors.ts';
import { root } from './product.ts';

/** A pack that was put in force, and when: instants in milliseconds, `until` null while nothing ends it. */
export interface Activation {
  id: string;
  sha256: string;
  from: number;
  until: number | null;
  by: string;
}

/** The project's own rules. */
export const OWN_PACK = join(root, 'profiles', 'packs', 'viaduc');

/** Every activation of a chain, in the order in which they were made; a later one of the same pack ends the earlier. */
export async function activationsOf(view: LedgerView): Promise<Activation[]> {
  const found: Activation[] = [];
  for (let from = 1; ; ) {
    const events = await view.events(from, PAGE);
    for (const event of events) take(found, event);
    if (events.length < PAGE) return found;
    from = events.at(-1)!.seq + 1;
  }
}

function take(activations: Activation[], event: LedgerEvent): void {
  if (event.type === 'pack.activated') {
    end(activations, event.data.sha256, Date.parse(event.at));
    const { id, sha256, by, from } = event.data;
    activations.push({ id, sha256, by, from: Date.parse(from), until: null });
  } else if (event.type === 'pack.deactivated') {
    end(activations, event.data.sha256, Date.parse(event.data.at));
  }
}

const PAGE = 500;

function end(activations: Activation[], sha256: string, atMs: number): void {
  for (const one of activations)
    if (one.sha256 === sha256 && one.until === null) one.until = Math.max(atMs, one.from);
}

/** The activations that stand in a data folder's ledger, whether or not a gateway is writing it. Needs no key. */
export function readActivations({ data }: Pick<Config, 'data'>): Activation[] {
  if (!existsSync(join(data, 'ledger.sqlite'))) return [];
  const copy = openSqliteCopy(data, null);
  const found: Activation[] = [];
  try {
    for (const { text, hash } of copy.events(GATEWAY_CHAIN)) take(found, parseEvent(text, 0, hash));
  } finally {
    copy.close();
  }
  return found;
}

/**
 * The packs that judge: those of the configuration, those put in force in the ledger, and the project's own as configured.
 * @throws ViaducError `packs.kept-missing`, `packs.kept-altered` for one that is in force, or will be, and no longer kept as it was
 */
export function rulesInForce(
  config: Config,
  activations: readonly Activation[],
  nowMs: number,
): RulebookSetup {
  const open = activations.filter(({ from, until }) => until === null || (until > nowMs && until > from));
  const packs: ActivePack[] = [
    ...config.packs.map(always),
    ...open.map((one) => ({ folder: keptOrFail(config, one), from: one.from, until: one.until })),
  ];
  packs.push(...ownPack(config, packs, nowMs));
  const { cache, checks } = config;
  return { packs, cache, problems: checks.packProblems };
}

/**
 * Outside the sandbox the packs that a configuration names are kept by their hash before they judge: what a verdict names
 * can be read again when the folder has changed. The judges use the folder itself.
 */
export function keepConfigured({ environment, packs, data, cache }: Config): void {
  if (environment === 'sandbox') return;
  for (const folder of packs) noteJudging(data, keepPack(folder, data, cache));
}

/** The project's own pack judges while no other does, unless the configuration says otherwise. */
function ownPack({ ownPack: when }: Config, others: readonly ActivePack[], nowMs: number): ActivePack[] {
  if (when === 'never' || !existsSync(OWN_PACK)) return [];
  const starts = others.map(({ from }) => from ?? 0);
  if (when === 'always' || starts.length === 0) return [always(OWN_PACK)];
  const first = Math.min(...starts);
  return first > nowMs ? [{ folder: OWN_PACK, from: null, until: first }] : [];
}

function always(folder: string): ActivePack {
  return { folder, from: null, until: null };
}

/** Folder of a pack that the ledger put in force: what it holds must still be what was put in force. */
function keptOrFail({ data, cache }: Config, { id, sha256 }: Pick<PackManifest, 'id' | 'sha256'>): string {
  const folder = keptFolder(data, { id, sha256 });
  if (!existsSync(folder)) throw gatewayError('packs.kept-missing', { pack: id, sha256 });
  const found = readManifest(folder, cache).sha256;
  if (found !== sha256) throw gatewayError('packs.kept-altered', { pack: id, sha256, found });
  return folder;
}

/** Names and hashes of the packs of a setup. */
export function editionsOf({ packs, cache }: RulebookSetup): PackInForce[] {
  return packs.map(({ folder, from, until }) => {
    const { id, sha256, problems, choices } = readManifest(folder, cache);
    const models = choices.models.length;
    return { id, sha256, from: instant(from), until: instant(until), models, problems: problems.length };
  });
}

function instant(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
