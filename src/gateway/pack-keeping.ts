import type { Checks } from '../checks/checked.ts';
import type { PackInForce } from '../console/api/conformance.ts';
import type { PackListed, Packs } from '../console/api/packs.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { GATEWAY_CHAIN } from '../ledger/sqlite/store.ts';
import { PackError } from '../validation/errors.ts';
import { dropPack, hasJudged, type KeptPack, keptPacks } from '../validation/packs/kept.ts';
import type { RulebookSetup } from '../validation/packs/rulebook.ts';
import type { Clock } from '../words/clock.ts';
import type { Config } from './config.ts';
import { gatewayError } from './errors.ts';
import { type Activation, activationsOf, editionsOf, rulesInForce } from './packs.ts';

export interface KeepingParts {
  config: Config;
  clock: Clock;
  ledger: Ledger;
  /** What judges and has to follow; null when no gateway runs. */
  checks: Checks | null;
  rules: RulebookSetup;
}

/** Puts packs in force and out of it: an event in the ledger, then the judges follow. */
export class PackKeeping implements Packs {
  readonly #parts: KeepingParts;
  #inForce: readonly PackInForce[];

  constructor(parts: KeepingParts) {
    this.#parts = parts;
    this.#inForce = editionsOf(parts.rules);
  }

  /** By what documents are judged now or will be. */
  get inForce(): readonly PackInForce[] {
    return this.#inForce;
  }

  async list(): Promise<PackListed[]> {
    const activations = await this.#activations();
    const { data, cache } = this.#parts.config;
    return keptPacks(data, cache).map((pack) => listed(pack, activations));
  }

  /** The judges take the pack first: what they cannot use is never put in force. */
  async activate(name: string, from: Date | null, by: string): Promise<PackListed> {
    const { clock } = this.#parts;
    const { id, sha256, problems } = this.#find(name);
    const fromMs = from === null ? clock.now() : Math.max(from.getTime(), clock.now());
    const activations = await this.#activations();
    const next = [
      ...activations.filter((one) => one.sha256 !== sha256 || one.until !== null),
      { id, sha256, from: fromMs, until: null, by },
    ];
    await this.#follow(name, next);
    const data = { id, sha256, from: new Date(fromMs).toISOString(), problems: problems.length, by };
    await this.#append({ type: 'pack.activated', data });
    return this.#one({ id, sha256 });
  }

  /** Known by its activation, not by its copy: what is gone or altered can still be taken out of force. */
  async deactivate(name: string, by: string): Promise<PackListed> {
    const { clock } = this.#parts;
    const activations = await this.#activations();
    const open = activations.filter(({ until }) => until === null);
    const { id, sha256 } = named(open, name) ?? never(gatewayError('packs.not-active', { name }));
    await this.#follow(
      name,
      activations.filter((one) => one.sha256 !== sha256 || one.until !== null),
    );
    const data = { id, sha256, at: new Date(clock.now()).toISOString(), by };
    await this.#append({ type: 'pack.deactivated', data });
    return this.#one({ id, sha256 });
  }

  /** Deletes a pack that never judged. */
  async remove(name: string): Promise<PackListed> {
    const pack = this.#find(name);
    const activations = await this.#activations();
    const judged = hasJudged(this.#parts.config.data, pack);
    if (judged || activations.some(({ sha256 }) => sha256 === pack.sha256))
      throw gatewayError('packs.in-use', { name });
    dropPack(this.#parts.config.data, pack);
    return listed(pack, activations);
  }

  async #follow(name: string, activations: readonly Activation[]): Promise<void> {
    const { config, checks, clock } = this.#parts;
    const rules = rulesInForce(config, activations, clock.now());
    await checks?.renew(rules).catch((error: unknown) => {
      throw error instanceof PackError
        ? gatewayError('packs.unusable', { name, why: error.message }, error)
        : error;
    });
    this.#inForce = editionsOf(rules);
  }

  async #append(event: Parameters<Ledger['append']>[0]['events'][number]): Promise<void> {
    const { ledger, clock } = this.#parts;
    await ledger.append({ establishment: GATEWAY_CHAIN, nowMs: clock.now(), events: [event] });
  }

  #activations(): Promise<Activation[]> {
    return activationsOf(this.#parts.ledger.of(GATEWAY_CHAIN));
  }

  #find(name: string): KeptPack {
    const { data, cache } = this.#parts.config;
    return findKept(keptPacks(data, cache), name);
  }

  async #one({ id, sha256 }: { id: string; sha256: string }): Promise<PackListed> {
    const found = (await this.list()).find((one) => one.sha256 === sha256);
    const gone = { id, sha256, choices: { profiles: [], models: [] }, problems: [] };
    return found ?? listed(gone, await this.#activations());
  }
}

/**
 * A kept pack by its id, or by the beginning of its hash.
 * @throws ViaducError `packs.unknown`, `packs.ambiguous`
 */
export function findKept(kept: readonly KeptPack[], name: string): KeptPack {
  return named(kept, name) ?? never(gatewayError('packs.unknown', { name }));
}

/** The one that a name means; null when none does. @throws ViaducError `packs.ambiguous` */
function named<P extends { id: string; sha256: string }>(packs: readonly P[], name: string): P | null {
  const found = packs.filter(
    ({ id, sha256 }) => id === name || (name.length >= 8 && sha256.startsWith(name)),
  );
  const [first = null, second] = found;
  if (!second) return first;
  const hashes = found.map(({ sha256 }) => sha256.slice(0, 12)).join(', ');
  throw gatewayError('packs.ambiguous', { name, found: hashes });
}

function never(error: Error): never {
  throw error;
}

export function listed(
  pack: Pick<KeptPack, 'id' | 'sha256' | 'choices' | 'problems'>,
  activations: readonly Activation[],
): PackListed {
  const { id, sha256, choices, problems } = pack;
  return {
    ...{
      id,
      sha256,
      models: choices.models.length,
      profiles: choices.profiles.length,
      problems: problems.length,
    },
    activations: activations
      .filter((one) => one.sha256 === sha256)
      .map(({ from, until, by }) => ({
        from: new Date(from).toISOString(),
        until: until === null ? null : new Date(until).toISOString(),
        by,
      })),
  };
}
