import { createPublicKey, type KeyObject } from 'node:crypto';
import type { EventData, LedgerEvent, LostSeals } from '../words/events.ts';
import { bodiesIn } from './bodies-of.ts';
import { chainHash, eventText, GENESIS, parseEvent } from './chain.ts';
import type { Kept, LedgerCopy, StoredEvent } from './copy.ts';
import { KeySuccession } from './key-change.ts';
import { keyId } from './keys.ts';
import { merkleRoot } from './merkle.ts';
import type { GoneKind } from './project-gone.ts';
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
  /** What restores from a backup lost, as the chain itself declares it. */
  restores: { event: number; at: string; lost: LostSeals | null }[];
  /** Values and bodies that are gone by an erasure or at the end of their retention, all of them by decision. */
  erased: number;
  /** The same by decision: the rule of retention with its time, or the erasure of a person. */
  decisions: { decision: string; events: number; erased: number }[];
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
  readonly #succession: KeySuccession;
  readonly #witness: Seal[] | null;
  readonly #report: ChainReport;
  #lastSeq = 0;
  /** Hashes of the events from `#sealedFrom` on, for the Merkle roots. */
  readonly #hashes: string[] = [];
  /** What each event decided to destroy, in words, and how much is gone by it. */
  readonly #decided = new Map<number, string>();
  readonly #gone = new Map<number, number>();

  constructor(
    copy: LedgerCopy,
    establishment: string,
    keys: Map<string, KeyObject>,
    witness: readonly Seal[] | null,
  ) {
    this.#copy = copy;
    this.#establishment = establishment;
    this.#succession = new KeySuccession(keys);
    this.#witness = witness?.filter(({ content }) => content.establishment === establishment) ?? null;
    const nothing = { events: 0, seals: 0, sealedTo: 0, witnessedTo: null, erased: 0, notChecked: 0 };
    this.#report = {
      establishment,
      environment: null,
      ...nothing,
      restores: [],
      decisions: [],
      problems: [],
    };
  }

  run(): ChainReport {
    this.#events();
    this.#decisions();
    this.#index();
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
    this.#decision(event);
    const wrong = event.type === 'key.changed' ? this.#succession.take(event) : null;
    if (wrong) this.#problem('verify.key-change', { event: stored.seq }, wrong);
    if (event.type === 'ledger.opened') this.#report.environment = event.data.environment;
    if (event.type === 'ledger.restored')
      this.#report.restores.push({ event: event.seq, at: event.at, lost: event.data.lost });
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

  /** What an event decided to destroy must be destroyed. */
  #decision({ seq, type, person, data }: LedgerEvent): void {
    const decided = destroyedBy(type, person, data);
    if (!decided) return;
    this.#decided.set(seq, decided.words);
    const left = decided.ids.filter(([kind, id]) => !this.#copy.isDestroyed(this.#establishment, kind, id));
    if (left.length > 0)
      this.#problem(
        'verify.not-destroyed',
        { event: seq },
        `${left.length} of what it destroyed can still be read`,
      );
  }

  /** What is gone must be gone by an event of this chain that says so. */
  #decisions(): void {
    for (const event of this.#gone.keys())
      if (!this.#decided.has(event))
        this.#problem(
          'verify.kept-altered',
          { event },
          'something is gone by this event, which decided nothing',
        );
    const events = [...this.#decided].map(([seq, decision]) => ({
      decision,
      erased: this.#gone.get(seq) ?? 0,
    }));
    this.#report.decisions = [...Map.groupBy(events, ({ decision }) => decision)].map(([decision, all]) => ({
      ...{ decision, events: all.length },
      erased: all.reduce((sum, { erased }) => sum + erased, 0),
    }));
  }

  #index(): void {
    const strange = this.#copy.strangeIndexRows(this.#establishment);
    if (strange === null) this.#report.notChecked += 1;
    for (const row of strange ?? [])
      this.#problem(
        'verify.index-differs',
        { reading: 'person_index' },
        `row '${row}…' leads to nobody, or to another person than it was made for`,
      );
  }

  #kept(kept: Kept, event: number, what: string): void {
    if (kept.state === 'gone') {
      this.#report.erased += 1;
      this.#gone.set(kept.decision, (this.#gone.get(kept.decision) ?? 0) + 1);
    } else if (kept.state === 'not-checked') this.#report.notChecked += 1;
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
      number: Math.max(previous?.content.number ?? 0, this.#lostBefore(content.last)) + 1,
      first: (previous?.content.last ?? 0) + 1,
      previous: previous ? sealDigest(previous) : GENESIS,
    };
    const place = { seal: content.number };
    const key = this.#succession.trusted().get(content.key);
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
    const complaint = this.#succession.complaint(seal, previous);
    if (complaint) return this.#problem('verify.key-not-in-force', place, complaint);
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

  /** Last seal that restores up to an event declare lost. */
  #lostBefore(event: number): number {
    const before = this.#report.restores.filter((restore) => restore.event <= event);
    return Math.max(0, ...before.map(({ lost }) => lost?.toSeal ?? 0));
  }

  #againstWitness(seals: readonly Seal[], witness: readonly Seal[]): void {
    this.#report.witnessedTo = 0;
    const held = new Map(seals.map((seal) => [seal.content.number, seal]));
    this.#lostAreWitnessed(witness);
    for (const outside of witness.toSorted((a, b) => a.content.number - b.content.number)) {
      const { number, last } = outside.content;
      const inside = held.get(number);
      if (!inside && this.#declaredLost(outside)) continue;
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

  #declaredLost({ content: { number } }: Seal): boolean {
    return this.#report.restores.some(
      ({ lost }) => lost !== null && lost.fromSeal <= number && number <= lost.toSeal,
    );
  }

  /** What a restore declares lost must be what the witness holds: a declaration hides nothing else. */
  #lostAreWitnessed(witness: readonly Seal[]): void {
    const known = new Map(witness.map((seal) => [seal.content.number, sealDigest(seal)]));
    for (const { lost } of this.#report.restores) {
      const found = lost === null ? undefined : known.get(lost.toSeal);
      if (found !== undefined && found !== lost!.digest)
        this.#problem(
          'verify.witness-differs',
          { seal: lost!.toSeal },
          `seal ${lost!.toSeal}, declared lost by a restore, is not the one the witness holds`,
        );
    }
  }

  #problem(code: Problem['code'], at: Problem['at'], message: string): false {
    if (this.#report.problems.length < MOST_PROBLEMS) this.#report.problems.push({ code, at, message });
    return false;
  }
}

/** What an event decided to destroy, and in words by which decision; null for other events. */
function destroyedBy(
  type: string,
  person: string | null,
  data: unknown,
): { words: string; ids: [GoneKind, string][] } | null {
  if (type === 'person.erased') {
    const { bodies } = data as EventData['person.erased'];
    return {
      words: 'erasure',
      ids: [['person', person ?? ''], ...bodies.map((id): [GoneKind, string] => ['body', id])],
    };
  }
  if (type !== 'bodies.expired') return null;
  const { rule, after, submissions } = data as EventData['bodies.expired'];
  const ids = submissions.flatMap(({ bodies, values }) => [
    ...bodies.map((id): [GoneKind, string] => ['body', id]),
    ...values.map((ref): [GoneKind, string] => ['value', ref]),
  ]);
  return { words: `${rule} ${after}`, ids };
}
