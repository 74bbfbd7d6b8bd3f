import { createPublicKey, type KeyObject } from 'node:crypto';
import type { BodyReference, LedgerEvent } from '../words/events.ts';
import { chainHash, eventText, GENESIS, parseEvent } from './chain.ts';
import type { Kept, LedgerCopy, StoredEvent } from './copy.ts';
import { keyId } from './keys.ts';
import { merkleRoot } from './merkle.ts';
import { type Seal, sealDigest, sealHolds } from './seal.ts';

/** Something that is not as it was recorded, and where. */
export interface Problem {
  code: `verify.${string}`;
  /** Event (`seq`) or seal (`number`) at which it shows first, or the table that is read. */
  at: { event: number } | { seal: number } | { reading: string };
  message: string;
}

/** What was found of one establishment's chain. */
export interface ChainReport {
  establishment: string;
  environment: string | null;
  events: number;
  seals: number;
  /** Last event under a seal whose signature holds. */
  sealedTo: number;
  /** Last event under a seal that a witness outside confirms; null when no witness was given. */
  witnessedTo: number | null;
  /** Values and bodies that are gone by an erasure or at the end of their retention. */
  erased: number;
  /** Values, bodies and tables that could not be checked because no key was given, or what they rest on is gone. */
  notChecked: number;
  problems: Problem[];
}

export interface VerifyOptions {
  /** Seals held outside, all establishments mixed. */
  witness?: readonly Seal[];
  /** Public key handed over apart (PEM); without it the keys that the copy names are used. */
  publicPem?: string;
  /** Only this chain; all of them otherwise. */
  establishment?: string;
}

/** Most problems listed for one chain: a chain that is broken once is broken everywhere behind. */
const MOST_PROBLEMS = 20;

/**
 * Verifies every chain of a ledger: hashes, order, seals and their signatures, what is kept beside the chain, and, with a
 * witness, that nothing was altered, re-sealed or cut off up to the last seal known outside.
 */
export function verifyLedger(copy: LedgerCopy, options: VerifyOptions = {}): ChainReport[] {
  const keys = keysOf(copy, options.publicPem);
  const witnessed = new Set(options.witness?.map(({ content }) => content.establishment));
  const { establishment: only } = options;
  const names = only === undefined ? new Set([...copy.establishments(), ...witnessed]) : new Set([only]);
  return [...names]
    .toSorted()
    .map((establishment) => new ChainVerification(copy, establishment, keys, options.witness ?? null).run());
}

function keysOf(copy: LedgerCopy, publicPem: string | undefined): Map<string, KeyObject> {
  if (publicPem) {
    const key = createPublicKey(publicPem);
    return new Map([[keyId(key), key]]);
  }
  return new Map([...copy.publicKeys()].map(([id, pem]) => [id, createPublicKey(pem)]));
}

class ChainVerification {
  readonly #copy: LedgerCopy;
  readonly #establishment: string;
  readonly #keys: Map<string, KeyObject>;
  readonly #witness: Seal[] | null;
  readonly #report: ChainReport;
  #lastSeq = 0;
  /** Hashes of the events from `#sealedFrom` on, for the Merkle roots. */
  readonly #hashes: string[] = [];

  constructor(
    copy: LedgerCopy,
    establishment: string,
    keys: Map<string, KeyObject>,
    witness: readonly Seal[] | null,
  ) {
    this.#copy = copy;
    this.#establishment = establishment;
    this.#keys = keys;
    this.#witness = witness?.filter(({ content }) => content.establishment === establishment) ?? null;
    const nothing = { events: 0, seals: 0, sealedTo: 0, witnessedTo: null, erased: 0, notChecked: 0 };
    this.#report = { establishment, environment: null, ...nothing, problems: [] };
  }

  run(): ChainReport {
    this.#events();
    const seals = this.#copy.seals(this.#establishment);
    this.#report.seals = seals.length;
    this.#seals(seals);
    if (this.#witness) this.#againstWitness(seals, this.#witness);
    if (this.#report.problems.length === 0) this.#readings();
    return this.#report;
  }

  #events(): void {
    let previous = GENESIS;
    let at = '';
    for (const stored of this.#copy.events(this.#establishment)) {
      this.#report.events += 1;
      const inPlace = this.#inPlace(stored);
      if (inPlace && chainHash(previous, stored.text) !== stored.hash) {
        this.#problem(
          'verify.event-altered',
          { event: stored.seq },
          'the hash of the event is not that of its content after the event before',
        );
      }
      if (stored.at < at)
        this.#problem(
          'verify.order',
          { event: stored.seq },
          'the instant is before that of the event before',
        );
      previous = stored.hash;
      at = stored.at;
      this.#hashes.push(stored.hash);
      this.#content(stored);
    }
  }

  /** Whether an event stands where it should; one that is missing is told once, and counting goes on behind it. */
  #inPlace({ seq }: StoredEvent): boolean {
    const expected = this.#lastSeq + 1;
    this.#lastSeq = seq;
    if (seq === expected) return true;
    const what = `event ${seq} stands where event ${expected} should`;
    return this.#problem('verify.event-missing', { event: expected }, what);
  }

  /** What is read and counted must be what a whole chain says: no hash covers the tables that are read. */
  #readings(): void {
    const differing = this.#copy.readings(this.#establishment);
    if (differing === null) this.#report.notChecked += 1;
    for (const { table, key } of differing ?? [])
      this.#problem(
        'verify.reading-differs',
        { reading: table },
        `row '${key}' is not what the events say: stop the gateway, then run viaduc ledger rebuild`,
      );
  }

  #content(stored: StoredEvent): void {
    let event: LedgerEvent;
    try {
      event = parseEvent(stored.text, 0, stored.hash);
    } catch {
      this.#problem('verify.event-altered', { event: stored.seq }, 'the text of the event is no JSON');
      return;
    }
    const columns = event.seq === stored.seq && event.at === stored.at && event.type === stored.type;
    if (!columns || event.establishment !== this.#establishment || eventText(event) !== stored.text) {
      this.#problem(
        'verify.column-differs',
        { event: stored.seq },
        'the columns of the event disagree with its text',
      );
    }
    if (event.type === 'ledger.opened') this.#report.environment = event.data.environment;
    this.#beside(event);
  }

  /** What the event names outside the chain. */
  #beside(event: LedgerEvent): void {
    if (event.personal)
      this.#kept(
        this.#copy.personal(this.#establishment, event.personal.ref, event.personal.commitment),
        event.seq,
        'personal value',
      );
    for (const body of bodiesIn(event.data)) {
      this.#kept(this.#copy.body(this.#establishment, body.id, body.sha256), event.seq, `body ${body.id}`);
    }
  }

  #kept(kept: Kept, event: number, what: string): void {
    if (kept.state === 'gone') this.#report.erased += 1;
    else if (kept.state === 'not-checked') this.#report.notChecked += 1;
    else if (kept.state === 'altered')
      this.#problem('verify.kept-altered', { event }, `${what}: ${kept.what}`);
  }

  #seals(seals: readonly Seal[]): void {
    let previous: Seal | null = null;
    for (const seal of seals) {
      if (!this.#sealFits(seal, previous)) return;
      this.#report.sealedTo = seal.content.last;
      previous = seal;
    }
  }

  #sealFits(seal: Seal, previous: Seal | null): boolean {
    const { content } = seal;
    const expected = {
      number: (previous?.content.number ?? 0) + 1,
      first: (previous?.content.last ?? 0) + 1,
      previous: previous ? sealDigest(previous) : GENESIS,
    };
    const place = { seal: content.number };
    const key = this.#keys.get(content.key);
    if (!key)
      return this.#problem(
        'verify.seal-key-unknown',
        place,
        `signed by key ${content.key}, which is not known`,
      );
    if (!sealHolds(seal, key))
      return this.#problem('verify.seal-signature', place, 'the signature does not hold');
    if (
      content.number !== expected.number ||
      content.first !== expected.first ||
      content.previous !== expected.previous
    ) {
      return this.#problem('verify.seal-order', place, 'the seal does not follow the one before');
    }
    const hashes = this.#hashes.slice(content.first - 1, content.last);
    if (hashes.length !== content.last - content.first + 1)
      return this.#problem(
        'verify.truncated',
        place,
        `events up to ${content.last} were sealed, the ledger ends before`,
      );
    if (merkleRoot(hashes) !== content.root || hashes.at(-1) !== content.head) {
      return this.#problem(
        'verify.seal-root',
        place,
        `events ${content.first} to ${content.last} are not those that were sealed`,
      );
    }
    return true;
  }

  #againstWitness(seals: readonly Seal[], witness: readonly Seal[]): void {
    this.#report.witnessedTo = 0;
    const held = new Map(seals.map((seal) => [seal.content.number, seal]));
    for (const outside of witness.toSorted((a, b) => a.content.number - b.content.number)) {
      const { number, last } = outside.content;
      const inside = held.get(number);
      if (!inside) {
        this.#problem(
          'verify.truncated',
          { seal: number },
          `the witness holds seal ${number}, the ledger does not: it was cut off`,
        );
        return;
      }
      if (inside.text !== outside.text || inside.signature !== outside.signature) {
        this.#problem(
          'verify.witness-differs',
          { seal: number },
          `seal ${number} is not the one the witness holds: the ledger was written again`,
        );
        return;
      }
      if (last <= this.#report.sealedTo) this.#report.witnessedTo = last;
    }
  }

  #problem(code: Problem['code'], at: Problem['at'], message: string): false {
    if (this.#report.problems.length < MOST_PROBLEMS) this.#report.problems.push({ code, at, message });
    return false;
  }
}

/** Every reference to a stored body in the data of an event. */
function bodiesIn(data: unknown): BodyReference[] {
  if (typeof data !== 'object' || data === null) return [];
  const { id, sha256, size } = data as Partial<BodyReference>;
  if (typeof id === 'string' && typeof sha256 === 'string' && typeof size === 'number')
    return [{ id, sha256, size }];
  return Object.values(data).flatMap(bodiesIn);
}
