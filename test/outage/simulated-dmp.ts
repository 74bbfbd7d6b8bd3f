import type {
  AttemptOutcome,
  DestinationPort,
  Prepared,
  Resolution,
} from '../../src/delivery/destination.ts';
import type { Job } from '../../src/delivery/job.ts';
import type { LotReference } from '../../src/words/events.ts';
import type { HandClock } from '../delivery/scripted.ts';

/** How the destination behaves: answers, cannot be reached, lets requests hang unanswered, says that it is not available. */
export type Weather = 'up' | 'unreachable' | 'hangs' | 'unavailable';

/** Milliseconds until an answer, until a connection fails, and until nobody waits any longer. */
const ANSWER_MS = { least: 500, most: 2500 };
const REFUSED_MS = 250;
const TIMEOUT_MS = 20_000;

const unreachable: AttemptOutcome = {
  ...{ result: 'failed', code: 'delivery.dmp-unreachable', aboutDocument: false, raw: null },
};
const unavailable: AttemptOutcome = { ...unreachable, code: 'delivery.dmp-unavailable' };
const noAnswer: AttemptOutcome = { result: 'ambiguous', code: 'delivery.dmp-no-answer', raw: null };

/** What came of a request: carried out or not, and whether its answer came back. */
type Fate = 'answered' | 'stored-unanswered' | 'refused' | 'unanswered' | 'unavailable';

/** A DMP in this process that keeps what it was given, and remembers everything that should never happen. */
export class SimulatedDmp implements DestinationPort {
  readonly kind = 'dmp';
  readonly held = new Set<string>();
  /** Documents by when they were stored, ms. */
  readonly storedAtMs = new Map<string, number>();
  /** A document that is held was sent again, or one that was held was stored again. */
  readonly doubled: string[] = [];
  /** A version that came after a newer one of its chain. */
  readonly disordered: string[] = [];
  /** Requests that came while nothing was answered. */
  callsInOutage = 0;
  inFlight = 0;
  weather: Weather = 'up';
  readonly #clock: HandClock;
  readonly #random: () => number;
  /** Version of a document in its chain: 0 deposited, 1 replacing, 2 deleted. */
  readonly #versionOf: (uniqueId: string) => { chain: string; version: number } | null;
  readonly #lastVersion = new Map<string, number>();
  #lots = 0;

  constructor(
    clock: HandClock,
    random: () => number,
    versionOf: (uniqueId: string) => { chain: string; version: number } | null,
  ) {
    this.#clock = clock;
    this.#random = random;
    this.#versionOf = versionOf;
  }

  /** Replacements and deletions look their target up; what is not there is not deleted. */
  async prepare(job: Job): ReturnType<DestinationPort['prepare']> {
    this.#lots += 1;
    const ready: Prepared = { lotUniqueId: `2.25.${this.#lots}`, metadata: Buffer.from('<lot/>') };
    if (job.delivery.operation === 'deposit') return { ready };
    const fate = await this.#call();
    if (fate !== 'answered') return { failed: failureOf(fate) };
    const gone = job.delivery.operation === 'delete' && !this.held.has(await deletedBy(job));
    return gone ? { nothing: 'delivery.nothing-to-delete' } : { ready };
  }

  async send(job: Job, _lot: LotReference, signal: AbortSignal): Promise<AttemptOutcome> {
    const fate = await this.#call(signal);
    if (fate === 'answered' || fate === 'stored-unanswered') await this.#carryOut(job);
    if (fate !== 'answered') return failureOf(fate);
    return { result: 'delivered', code: 'delivered', entries: {}, raw: Buffer.from('<ok/>') };
  }

  outdated(): boolean {
    return false;
  }

  async resolve(job: Job): Promise<Resolution> {
    const fate = await this.#call();
    if (fate !== 'answered')
      return { found: null, code: (failureOf(fate) as { code: string }).code, aboutDocument: false };
    const { operation, documents } = job.delivery;
    const there = this.held.has(operation === 'delete' ? await deletedBy(job) : documents[0]!);
    const done = operation === 'delete' ? !there : there;
    return done ? { found: true, entries: {}, raw: null } : { found: false };
  }

  async #call(signal?: AbortSignal): Promise<Fate> {
    const before = this.weather;
    if (before !== 'up') this.callsInOutage += 1;
    this.inFlight += 1;
    await this.#after(
      before === 'up' ? this.#answerMs() : before === 'hangs' ? TIMEOUT_MS : REFUSED_MS,
      signal,
    );
    this.inFlight -= 1;
    if (before === 'unreachable') return 'refused';
    if (before === 'unavailable') return 'unavailable';
    if (before === 'hangs') return 'unanswered';
    // It went down with the request under way.
    if (this.weather !== 'up') return this.#random() < 0.5 ? 'stored-unanswered' : 'unanswered';
    return 'answered';
  }

  #answerMs(): number {
    return ANSWER_MS.least + this.#random() * (ANSWER_MS.most - ANSWER_MS.least);
  }

  #after(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.after(ms, resolve);
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  async #carryOut(job: Job): Promise<void> {
    const { delivery, submission } = job;
    const [uniqueId] = delivery.documents;
    this.#watchOrder(uniqueId!, delivery.operation === 'delete');
    if (delivery.operation === 'delete') {
      this.held.delete(await deletedBy(job));
      return;
    }
    if (this.storedAtMs.has(uniqueId!)) this.doubled.push(uniqueId!);
    this.storedAtMs.set(uniqueId!, this.#clock.now());
    this.held.add(uniqueId!);
    if (delivery.operation === 'replace') this.held.delete(submission.target!);
  }

  #watchOrder(uniqueId: string, deletes: boolean): void {
    const known = this.#versionOf(uniqueId);
    if (!known) return;
    const version = deletes ? 2 : known.version;
    if ((this.#lastVersion.get(known.chain) ?? -1) >= version) this.disordered.push(uniqueId);
    this.#lastVersion.set(known.chain, version);
  }
}

/** The version that a deletion takes away: the last of the chain that arrived, else the one it names. */
async function deletedBy({ delivery, submission, view }: Job): Promise<string> {
  const arrived = (await view.chain(delivery.chain)).findLast(
    ({ operation, outcome }) => operation !== 'delete' && outcome === 'delivered',
  );
  return arrived?.documents[0] ?? submission.target!;
}

function failureOf(fate: Exclude<Fate, 'answered'>): AttemptOutcome {
  if (fate === 'refused') return unreachable;
  return fate === 'unavailable' ? unavailable : noAnswer;
}
