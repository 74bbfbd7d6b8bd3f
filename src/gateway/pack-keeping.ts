import type { Checks } from '../checks/checked.ts';
import type { PackListed, Packs } from '../console/api/packs.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { GATEWAY_CHAIN } from '../ledger/sqlite/store.ts';
import { PackError } from '../validation/errors.ts';
import { dropPack, hasJudged, type KeptPack, keptPacks } from '../validation/packs/kept.ts';
import type { RulebookSetup } from '../validation/packs/rulebook.ts';
import type { Clock } from '../words/clock.ts';
import type { Config } from './config.ts';
import { gatewayError } from './errors.ts';
import { type Activation, activationsOf, rulesInForce } from './packs.ts';

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
  #rules: RulebookSetup;

  constructor(parts: KeepingParts) {
    this.#parts = parts;
    this.#rules = parts.rules;
  }

  /** By what documents are judged now. */
  get rules(): RulebookSetup {
    return this.#rules;
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
    return this.#one(sha256);
  }

  async deactivate(name: string, by: string): Promise<PackListed> {
    const { clock } = this.#parts;
    const { id, sha256 } = this.#find(name);
    const activations = await this.#activations();
    if (!activations.some((one) => one.sha256 === sha256 && one.until === null))
      throw gatewayError('packs.not-active', { name });
    await this.#follow(
      name,
      activations.filter((one) => one.sha256 !== sha256 || one.until !== null),
    );
    const data = { id, sha256, at: new Date(clock.now()).toISOString(), by };
    await this.#append({ type: 'pack.deactivated', data });
    return this.#one(sha256);
  }

  /** Deletes a pack that never judged. */
  async remove(name: string): Promise<KeptPack> {
    const pack = this.#find(name);
    const activations = await this.#activations();
    const judged = hasJudged(this.#parts.config.data, pack);
    if (judged || activations.some(({ sha256 }) => sha256 === pack.sha256))
      throw gatewayError('packs.in-use', { name });
    dropPack(this.#parts.config.data, pack);
    return pack;
  }

  async #follow(name: string, activations: readonly Activation[]): Promise<void> {
    const { config, checks, clock } = this.#parts;
    const rules = rulesInForce(config, activations, clock.now());
    await checks?.renew(rules).catch((error: unknown) => {
      throw error instanceof PackError
        ? gatewayError('packs.unusable', { name, why: error.message }, error)
        : error;
    });
    this.#rules = rules;
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

  async #one(sha256: string): Promise<PackListed> {
    return (await this.list()).find((one) => one.sha256 === sha256)!;
  }
}

/**
 * A kept pack by its id, or by the beginning of its hash.
 * @throws ViaducError `packs.unknown`, `packs.ambiguous`
 */
export function findKept(kept: readonly KeptPack[], name: string): KeptPack {
  const found = kept.filter(({ id, sha256 }) => id === name || (name.length >= 8 && sha256.startsWith(name)));
  const [first, second] = found;
  if (!first) throw gatewayError('packs.unknown', { name });
  if (second)
    throw gatewayError('packs.ambiguous', {
      name,
      found: found.map(({ sha256 }) => sha256.slice(0, 12)).join(', '),
    });
  return first;
}

export function listed(pack: KeptPack, activations: readonly Activation[]): PackListed {
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
