import { parkOfStay, type Reassessing, reassessPerson } from '../../../delivery/reassess.ts';
import type { Segment } from '../../../hl7v2/message.ts';
import type { NewEvent, Subject } from '../../../ledger/ledger.ts';
import type { LedgerView } from '../../../ledger/view.ts';
import { isViaducError } from '../../../words/errors.ts';
import type { Consent, IdentityStatement, Movement, Visit } from '../../../words/movement.ts';
import { intakeError } from '../../errors.ts';
import { findingOf } from '../../refusal.ts';
import type { Answer, Handler, Incoming } from '../handler.ts';
import { Remarks } from '../remarks.ts';
import { readConsent } from './consent.ts';
import { readMovement, readVisit, statedAt } from './movement.ts';
import {
  type Identifiers,
  mergedFrom,
  readIdentifiers,
  readStatement,
  subjectsOf,
  traitsOf,
} from './person.ts';
import { TRIGGERS, type Trigger } from './triggers.ts';

/**
 * Takes ADT of PAM France: movements make stays, PID-32 and MRG say what becomes of identities, ZFA whether the patient
 * opposes. Everything of a message is one append; what waits for its patient is assessed again before it is acknowledged.
 * Events that nobody here uses are acknowledged and leave nothing.
 */
export function adtHandler(tools: Reassessing): Handler {
  return async (incoming) => {
    await incoming.turn;
    const { trigger } = incoming.head;
    const meaning = Object.hasOwn(TRIGGERS, trigger) ? TRIGGERS[trigger]! : null;
    const reading = new Reading(tools, incoming, meaning);
    return meaning ? reading.take() : reading.answer('AA');
  };
}

class Reading {
  readonly #tools: Reassessing;
  readonly #incoming: Incoming;
  readonly #trigger: Trigger | null;
  readonly #view: LedgerView;
  readonly #remarks = new Remarks();
  /** Names the message and its content. */
  readonly #message: string;
  readonly #statedAt: string;

  constructor(tools: Reassessing, incoming: Incoming, trigger: Trigger | null) {
    const { establishment, message, requestKey, requestSha256, receivedAtMs } = incoming;
    this.#tools = tools;
    this.#incoming = incoming;
    this.#trigger = trigger;
    this.#view = tools.ledger.of(establishment.id);
    this.#message = `${requestKey} ${requestSha256}`;
    this.#statedAt = statedAt(message, establishment.zone) ?? new Date(receivedAtMs).toISOString();
  }

  answer(code: Answer['code']): Answer {
    const { findings } = this.#remarks;
    return { code, findings, reference: null, atMs: this.#incoming.receivedAtMs };
  }

  async take(): Promise<Answer> {
    const pid = this.#incoming.message.first('PID');
    if (!pid) this.#remarks.add('message.segment-missing', null, { segment: 'PID', where: '' });
    for (let tries = 1; pid && !this.#remarks.refuses; tries += 1) {
      const known = await this.#known();
      if (known) return known;
      try {
        const persons = await this.#record(pid);
        if (this.#remarks.refuses) break;
        await this.#reassess(persons);
        return this.answer('AA');
      } catch (error) {
        if (!isViaducError(error, 'ledger.conflict') || tries > 3) throw error;
      }
    }
    return this.answer('AE');
  }

  /** The same message again changes nothing and is answered alike; another content under its MSH-10 is refused. */
  async #known(): Promise<Answer | null> {
    const events = await this.#view.timeline([`message:${this.#incoming.requestKey}`]);
    const [first] = events;
    if (!first) return null;
    const stored = (first.data as { message: string }).message;
    if (stored !== this.#message) {
      const [, before] = stored.split(' ');
      const values = { stored: before!, received: this.#incoming.requestSha256 };
      this.#remarks.findings.push(findingOf(intakeError('request.key-conflict', values)));
      return this.answer('AE');
    }
    await this.#reassess(events.flatMap(({ person }) => (person === null ? [] : [person])));
    return this.answer('AA');
  }

  async #record(pid: Segment): Promise<string[]> {
    const { establishment, message } = this.#incoming;
    const identifiers = readIdentifiers(pid, 3, establishment);
    const before = mergedFrom(message, establishment);
    const joins = await this.#joins(pid, identifiers, before);
    const statement = this.#statement(pid, identifiers, before);
    const known = { ...identifiers, ins: identifiers.ins ?? before?.ins ?? null };
    const qualified = statement?.qualified ?? false;
    const subjects = await subjectsOf(this.#tools.ledger, this.#view, known, qualified);
    const identified = await this.#isIdentified(subjects[0]!, identifiers, qualified);
    const movements = await this.#movements(pid, identified);
    const consent = this.#consent(movements[0]?.visit ?? null);
    if (this.#remarks.refuses) return [];
    const events: NewEvent[] = movements.map((data) => ({ type: 'stay.moved', data, subject: subjects[0]! }));
    for (const subject of subjects) {
      if (statement)
        events.push({
          type: 'identity.assessed',
          data: statement,
          subject,
          personal: traitsOf(pid, identifiers),
        });
      if (consent) events.push({ type: 'consent.recorded', data: consent, subject });
    }
    return this.#append([...events, ...joins]);
  }

  #statement(pid: Segment, identifiers: Identifiers, before: Identifiers | null): IdentityStatement | null {
    const takesAway = this.#trigger!.identity === 'change-id' && before?.ins != null;
    return readStatement(
      { pid, identifiers, removed: takesAway && identifiers.ins === null },
      { message: this.#message, statedAt: this.#statedAt },
    );
  }

  /** The person behind a local identifier, made known by a statement that says nothing when nobody is. */
  async #personOf(ipp: string): Promise<string> {
    const known = await this.#view.personOf(this.#hash('ipp', ipp));
    if (known !== null) return known;
    const { requestKey, requestSha256 } = this.#incoming;
    const data: IdentityStatement = {
      ...{ message: `${requestKey}-person ${requestSha256}`, statedAt: this.#statedAt },
      ...{ status: [], qualified: false, insRoot: null },
    };
    const { ledger, clock } = this.#tools;
    const [appended] = await ledger.append({
      ...{ establishment: this.#view.establishment, nowMs: clock.now() },
      events: [{ type: 'identity.assessed', data, subject: { ins: null, ipp } }],
    });
    return appended!.person!;
  }

  /** The movement of the message; of a file that was moved to another patient, one for each of its visits. */
  async #movements(pid: Segment, identified: boolean): Promise<Movement[]> {
    if (this.#trigger!.identity === 'move-file') return this.#movedFile(pid, identified);
    if (!this.#trigger!.inserts && this.#trigger!.cancels.length === 0) return [];
    const movement = readMovement(this.#incoming, this.#message, identified, this.#remarks);
    if (movement) await this.#tellOfStay(movement, pid);
    return movement ? [movement] : [];
  }

  /** Whether a subject is surely the patient: an INS that is not qualified finds people and vouches for none of them. */
  async #isIdentified(subject: Subject, { ipp, ins }: Identifiers, qualified: boolean): Promise<boolean> {
    if (!('person' in subject)) return ipp !== null || subject.ins !== null;
    if (ipp === null) return qualified && ins !== null;
    return (await this.#view.personOf(this.#hash('ipp', ipp))) === subject.person;
  }

  /**
   * Tells what a sender may not expect: that the stay of which a movement is corrected or taken back is not known, and that
   * an empty PV1-51 takes more than the visit.
   */
  async #tellOfStay({ visit, action, ofFile }: Movement, pid: Segment): Promise<void> {
    if (visit.stayNo === null || action === 'INSERT') return;
    const known = await this.#view.visitsOfFile(visit.finessEg, visit.stayNo);
    if (known.length === 0) return this.#tellUnknown(pid);
    const pv1 = this.#incoming.message.first('PV1')!;
    const others = known.filter(({ visitNo }) => visitNo !== visit.visitNo).length;
    if (ofFile && others > 0 && pv1.isEmpty(51))
      this.#remarks.add('message.file-cancelled', pv1.place(51), { others }, 'warning');
  }

  #tellUnknown(pid: Segment): void {
    this.#remarks.add('message.stay-unknown', pid.place(18), { field: 'PID-18' }, 'warning');
  }

  async #movedFile(pid: Segment, identified: boolean): Promise<Movement[]> {
    const { establishment, message } = this.#incoming;
    const file = readVisit(this.#incoming, pid, message.first('PV1'), null, this.#remarks);
    if (!file) return [];
    const known = file.stayNo === null ? [] : await this.#view.visitsOfFile(file.finessEg, file.stayNo);
    if (known.length === 0) this.#tellUnknown(pid);
    const visits: Visit[] = known.length === 0 ? [file] : known;
    return visits.map((visit) => ({
      ...{ message: this.#message, finessEj: establishment.finessEj, visit, identified },
      ...{
        movement: `A44 ${this.#incoming.requestKey}`,
        action: 'INSERT',
        trigger: 'A44',
        historical: false,
      },
      ...{ effectiveAt: this.#statedAt, recordedAt: this.#statedAt, class: null, admittedAt: null },
      ...{ dischargedAt: null, dischargeMode: null, unit: null, session: false, ofFile: false },
    }));
  }

  /** A consent is collected for the stay of its message; that of an identity message is of the patient. */
  #consent(visit: Visit | null): Consent | null {
    const { establishment, message } = this.#incoming;
    const about = { message: this.#message, statedAt: this.#statedAt, visit, zone: establishment.zone };
    return readConsent(message, about, this.#remarks);
  }

  /** What the message does to whoever PID replaces (MRG-1): the event is about them, and names who is kept. */
  async #joins(pid: Segment, identifiers: Identifiers, before: Identifiers | null): Promise<NewEvent[]> {
    const { identity } = this.#trigger!;
    if (identity === 'state' || identity === 'move-file') return [];
    const mrg = this.#incoming.message.first('MRG');
    if (!before) {
      this.#remarks.add('message.segment-missing', null, { segment: 'MRG', where: '' });
      return [];
    }
    if (identity !== 'change-id' && before.ipp === null)
      this.#remarks.add('message.field-missing', mrg!.place(1), { field: 'MRG-1' });
    if (identity !== 'change-id' && identifiers.ipp === null)
      this.#remarks.add('message.field-missing', pid.place(3), { field: 'PID-3' });
    if (before.ipp === null || identifiers.ipp === null || before.ipp === identifiers.ipp) return [];
    if (this.#remarks.refuses) return [];
    const kept = await this.#personOf(identifiers.ipp);
    const data = { message: this.#message, kept, at: this.#statedAt };
    const subject = { ins: null, ipp: before.ipp };
    if (identity === 'unlink') return [{ type: 'identity.unlinked', data, subject }];
    const kind = identity === 'link' ? 'link' : 'merge';
    return [{ type: 'identity.merged', data: { ...data, kind }, subject }];
  }

  async #append(events: NewEvent[]): Promise<string[]> {
    if (events.length === 0) return [];
    const { ledger, clock } = this.#tools;
    const appended = await ledger.append({
      establishment: this.#view.establishment,
      nowMs: clock.now(),
      expect: { [`message:${this.#incoming.requestKey}`]: 0 },
      events,
    });
    return [...new Set(appended.flatMap(({ person }) => (person === null ? [] : [person])))];
  }

  async #reassess(persons: readonly string[]): Promise<void> {
    const { establishment } = this.#view;
    for (const person of new Set(persons)) await reassessPerson(this.#tools, establishment, person);
    if (this.#trigger?.identity !== 'move-file') return;
    const events = await this.#view.timeline([`message:${this.#incoming.requestKey}`]);
    const same = (await Promise.all(persons.map((person) => this.#view.samePersons(person)))).flat();
    for (const { type, data } of events)
      if (type === 'stay.moved') await parkOfStay(this.#tools, establishment, data.visit, same);
  }

  #hash(kind: 'ins' | 'ipp', value: string): string {
    return this.#tools.ledger.searchHash(this.#view.establishment, kind, value);
  }
}
