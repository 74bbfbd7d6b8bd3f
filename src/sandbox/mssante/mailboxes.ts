import type { Clock } from '../../words/clock.ts';
import { isPatient, matriculeOf, plainAddress } from './addresses.ts';
import { mailSandboxLimits } from './limits.ts';
import { Mailbox, type MailboxKind, type MailboxOptions } from './mailbox.ts';

/** What became of the mailbox of a patient; all others are open. */
export interface PatientStates {
  /** Matricules whose holder closed the mailbox. */
  closed?: readonly string[];
  /** Matricules that nobody has. */
  unknown?: readonly string[];
}

const SECOND_MS = 1000;

/** All mailboxes of the world, by address. Those of patients are made when a first mail comes. */
export class Mailboxes {
  readonly #clock: Clock;
  readonly #boxes = new Map<string, Mailbox>();
  readonly #states: PatientStates;
  #patients: { closed: Set<string>; unknown: Set<string> };
  readonly domains: ReadonlySet<string>;

  constructor(
    clock: Clock,
    options: readonly MailboxOptions[],
    domains: readonly string[],
    patients: PatientStates,
  ) {
    this.#clock = clock;
    this.domains = new Set(domains.map((one) => one.toLowerCase()));
    this.#states = patients;
    this.#patients = setsOf(patients);
    for (const one of options) this.#add(one);
  }

  #add(options: MailboxOptions): Mailbox {
    const box = new Mailbox(options, Math.floor(this.#clock.now() / SECOND_MS));
    this.#boxes.set(plainAddress(options.address), box);
    return box;
  }

  list(): Mailbox[] {
    return [...this.#boxes.values()];
  }

  get(address: string): Mailbox | undefined {
    return this.#boxes.get(plainAddress(address));
  }

  /** Mailbox of a patient in whichever state, made when it is not there yet. */
  patient(address: string): Mailbox | 'closed' | 'unknown' {
    const matricule = matriculeOf(address);
    if (this.#patients.unknown.has(matricule)) return 'unknown';
    if (this.#patients.closed.has(matricule)) return 'closed';
    return this.get(address) ?? this.#add({ address, kind: 'patient' });
  }

  setPatient(matricule: string, state: 'open' | 'closed' | 'unknown'): void {
    this.#patients.closed.delete(matricule);
    this.#patients.unknown.delete(matricule);
    if (state !== 'open') this.#patients[state].add(matricule);
  }

  kindOf(address: string): MailboxKind | null {
    return isPatient(address) ? 'patient' : (this.get(address)?.kind ?? null);
  }

  /** Puts a mail into a mailbox; where memory is used up, the oldest mails of correspondents go first. */
  deliver(box: Mailbox, raw: Buffer): void {
    box.receive(raw, this.#clock.now());
    const last = (one: Mailbox) => (one.kind === 'gateway' ? 1 : 0);
    for (const one of this.list().toSorted((a, b) => last(a) - last(b)))
      while (this.#isFull() && one.dropOldest());
  }

  #isFull(): boolean {
    const boxes = this.list();
    const count = boxes.reduce((sum, box) => sum + box.count(), 0);
    const bytes = boxes.reduce((sum, box) => sum + box.bytes(), 0);
    return count > mailSandboxLimits.mailsKept.value || bytes > mailSandboxLimits.bytesKept.value;
  }

  /** Empties all, and lets the mailboxes of patients be as at the start. */
  clear(): void {
    this.#patients = setsOf(this.#states);
    for (const box of this.list()) {
      box.empty();
      if (box.kind === 'patient') this.#boxes.delete(plainAddress(box.address));
    }
  }
}

function setsOf({ closed, unknown }: PatientStates): { closed: Set<string>; unknown: Set<string> } {
  return { closed: new Set(closed), unknown: new Set(unknown) };
}
