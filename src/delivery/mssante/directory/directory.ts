import { type Clock, systemClock } from '../../../words/clock.ts';
import { isViaducError, type ViaducError } from '../../../words/errors.ts';
import { directoryError } from './errors.ts';
import type { Holder, Mailbox } from './holder.ts';
import { directoryLimits } from './limits.ts';
import { DirectorySearch } from './search.ts';

export interface DirectoryOptions {
  /** FHIR base address, such as `https://gateway.api.esante.gouv.fr/fhir/v2`. */
  url: string;
  keyFile: string;
  /** PEM; those of the platform when not given. */
  authorities?: string;
  cacheHours: number;
  /** Domain of the patients' addresses, which hold an INS: the directory is never asked about one. */
  patientDomain: string;
  clock?: Clock;
  /** Told when it no longer answers, why; and, with null, when it does again. Carries no patient data. */
  onStanding?(problem: ViaducError | null): void;
}

/** It was not asked, or did not answer: nothing is known, nothing is refused. */
export interface Unavailable {
  standing: 'unavailable';
  problem: ViaducError;
}

/** Nothing is published of it; a mailbox of the red list is not, and takes mail all the same. */
export interface NotPublished {
  standing: 'not-published';
}

export type AddressAnswer =
  | {
      standing: 'known';
      mailbox: Mailbox;
      /** Whoever holds it: a person, their activity, a structure. */
      holders: readonly Holder[];
    }
  | NotPublished
  | Unavailable;

export type PersonAnswer =
  | {
      standing: 'known';
      /** With the mailboxes that follow them wherever they work. */
      person: Holder;
      /** Each with its own mailboxes and its structure. */
      activities: readonly { activity: Holder; structure: Holder | null }[];
    }
  | NotPublished
  | Unavailable;

type Answer = AddressAnswer | PersonAnswer;

/**
 * Who holds an address, and which addresses somebody holds, by the Annuaire Santé. Answers are kept for hours; while it
 * does not answer, it is not asked for a while, so that nothing waits for it.
 */
export class Directory {
  readonly #options: DirectoryOptions;
  readonly #clock: Clock;
  readonly #search: DirectorySearch;
  readonly #kept = new Map<string, { answer: Answer; untilMs: number }>();
  readonly #asked = new Map<string, Promise<Answer>>();
  #failed: { problem: ViaducError; untilMs: number } | null = null;

  /** @throws ViaducError `mssante.directory-address` */
  constructor(options: DirectoryOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#search = new DirectorySearch({ ...options, clock: this.#clock });
  }

  /** Who holds an address. Never fails. */
  async byAddress(address: string): Promise<AddressAnswer> {
    const asked = address.toLowerCase();
    if (asked.endsWith(`@${this.#options.patientDomain.toLowerCase()}`)) return { standing: 'not-published' };
    const ask = (signal: AbortSignal) => this.#askAddress(asked, signal);
    return (await this.#answer(`address ${asked}`, ask)) as AddressAnswer;
  }

  /**
   * The mailboxes of a person.
   * @throws ViaducError `mssante.rpps-malformed`
   */
  async byRpps(rpps: string): Promise<PersonAnswer> {
    if (!/^\d{11}$/.test(rpps)) throw directoryError('mssante.rpps-malformed');
    const ask = (signal: AbortSignal) => this.#askPerson(rpps, signal);
    return (await this.#answer(`rpps ${rpps}`, ask)) as PersonAnswer;
  }

  close(): Promise<void> {
    return this.#search.close();
  }

  /** What is known of a question, or one asking of it however many wait. */
  async #answer(question: string, ask: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
    const kept = this.#kept.get(question);
    if (kept && this.#clock.now() < kept.untilMs) return kept.answer;
    if (this.#failed && this.#clock.now() < this.#failed.untilMs) return unavailable(this.#failed.problem);
    const asked = this.#asked.get(question) ?? this.#ask(question, ask);
    this.#asked.set(question, asked);
    return asked;
  }

  async #ask(question: string, ask: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
    const deadline = new AbortController();
    const late = () => deadline.abort(new DOMException('late', 'TimeoutError'));
    const cancel = this.#clock.after(directoryLimits.waitMs.value, late);
    try {
      const answer = await ask(deadline.signal);
      this.#stand(null);
      this.#keep(question, answer);
      return answer;
    } catch (error) {
      const problem = problemOf(error);
      this.#stand(problem);
      return unavailable(problem);
    } finally {
      cancel();
      this.#asked.delete(question);
    }
  }

  async #askAddress(address: string, signal: AbortSignal): Promise<AddressAnswer> {
    const kinds = ['Practitioner', 'PractitionerRole', 'Organization'] as const;
    const parameters = { 'mailbox-mss:exact': address };
    const found = await Promise.all(kinds.map((kind) => this.#search.find(kind, parameters, signal)));
    const holders = found.flat().filter((holder) => mailboxOf(holder, address));
    const [first] = holders;
    if (!first) return { standing: 'not-published' };
    return { standing: 'known', mailbox: mailboxOf(first, address)!, holders };
  }

  async #askPerson(rpps: string, signal: AbortSignal): Promise<PersonAnswer> {
    const found = await this.#search.find('Practitioner', { identifier: rpps }, signal);
    const person = found.find((one) => isNumbered(one, rpps));
    if (!person) return { standing: 'not-published' };
    const activities = await this.#search.find('PractitionerRole', { practitioner: person.id }, signal);
    const structures = await this.#structuresOf(activities, signal);
    const told = activities.map((activity) => ({
      activity,
      structure: structures.find(({ id }) => id === activity.organization) ?? null,
    }));
    return { standing: 'known', person, activities: told };
  }

  async #structuresOf(activities: readonly Holder[], signal: AbortSignal): Promise<Holder[]> {
    const ids = new Set(activities.flatMap(({ organization }) => organization ?? []));
    if (ids.size === 0) return [];
    return this.#search.find('Organization', { _id: [...ids].join(',') }, signal);
  }

  #stand(problem: ViaducError | null): void {
    const before = this.#failed?.problem.code;
    this.#failed = problem && { problem, untilMs: this.#clock.now() + directoryLimits.restMs.value };
    if (before !== problem?.code) this.#options.onStanding?.(problem);
  }

  /** The oldest answer makes room. */
  #keep(question: string, answer: Answer): void {
    this.#kept.delete(question);
    this.#kept.set(question, { answer, untilMs: this.#clock.now() + this.#options.cacheHours * HOUR_MS });
    if (this.#kept.size > directoryLimits.kept.value) this.#kept.delete(this.#kept.keys().next().value!);
  }
}

const HOUR_MS = 3_600_000;

/** A fault of ours is an answer that cannot be used: no sending waits for the directory. */
function problemOf(error: unknown): ViaducError {
  if (isViaducError(error)) return error;
  return directoryError('mssante.directory-answer', { reason: (error as Error).name }, error);
}

function unavailable(problem: ViaducError): Unavailable {
  return { standing: 'unavailable', problem };
}

function mailboxOf({ mailboxes }: Holder, address: string): Mailbox | undefined {
  return mailboxes.find((one) => one.address.toLowerCase() === address);
}

/** By the number itself, or by the national identifier that is made of an 8 and the number. */
function isNumbered({ identifiers }: Holder, rpps: string): boolean {
  return identifiers.some(({ value }) => value === rpps || value === `8${rpps}`);
}
