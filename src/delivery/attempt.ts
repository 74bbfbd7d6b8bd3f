import { sha256 } from '../ledger/cipher.ts';
import type { Claimed, Ledger, NewBody, NewEvent } from '../ledger/ledger.ts';
import type { DeliveryRow } from '../ledger/views.ts';
import { type Clock, instant } from '../words/clock.ts';
import type { DeliveryOutcome } from '../words/delivery.ts';
import { type ErrorClass, isViaducError } from '../words/errors.ts';
import type { FeedingPolicy } from '../words/establishment.ts';
import type { BodyReference, EventData, StoodBefore } from '../words/events.ts';
import { newId } from '../words/ids.ts';
import {
  type AttemptOutcome,
  contactOf,
  contactOfResolution,
  type DestinationPort,
  isUnasked,
  type Prepared,
  type Resolution,
  type Unasked,
} from './destination.ts';
import type { Contact } from './destination-state.ts';
import type { Destinations } from './destinations.ts';
import { escalation } from './holds.ts';
import { type Job, readJob } from './job.ts';
import { deliveryLimits } from './limits.ts';
import { knownPatient } from './patient.ts';
import { type Permission, permissionFor } from './permission.ts';
import { followingEnd } from './release.ts';
import { type Schedule, waitAfter } from './schedule.ts';
import { isUnreadable, parkUnreadable } from './unreadable.ts';

/** When a delivery is tried again. */
export interface RetryPolicy {
  /** After an answer about the document that said "not now". */
  retry: Schedule;
  /** While the destination cannot be reached: charged to nobody. */
  outage: Schedule;
  /** Between two questions whether a document has arrived. */
  doubt: Schedule;
}

export interface AttemptTools {
  ledger: Ledger;
  port: DestinationPort;
  policy: RetryPolicy;
  clock: Clock;
  /** Is told how the destination behaved, and says what that means for the delivery. */
  destinations: Pick<Destinations, 'observe' | 'left' | 'parked'>;
  /** What an establishment does while it is not known whether a patient opposes. */
  feeding(establishment: string): FeedingPolicy;
  /** A number from 0 to 1. */
  random(): number;
}

type Sent = Exclude<AttemptOutcome, { result: 'failed' }>;

/**
 * One turn of a claimed delivery, from what the ledger says of it to what the ledger is told: everything is written
 * before the first byte leaves and after the answer came, under the lease.
 * @returns whether something has become due at once by it
 */
export async function attempt(tools: AttemptTools, claimed: Claimed, signal: AbortSignal): Promise<boolean> {
  const view = tools.ledger.of(claimed.establishment);
  const job = await readJob(view, claimed.delivery);
  if (!job) {
    await parkUnreadable(tools, claimed);
    return false;
  }
  const turn = new Turn(tools, claimed, job, signal);
  try {
    await turn.run();
  } catch (error) {
    if (isUnreadable(error)) await turn.giveUp(error.code, 'permanent');
    else {
      if (isViaducError(error) && error.code.startsWith('ledger.')) throw error;
      await turn.giveUp('delivery.unexpected', 'not-judged');
      throw error;
    }
  }
  return turn.awakens;
}

class Turn {
  readonly #tools: AttemptTools;
  readonly #claimed: Claimed;
  readonly #job: Job;
  readonly #signal: AbortSignal;
  #mayHaveLeft: boolean;
  /** Codes of what a setting permitted that nobody stated. */
  #traces: string[] = [];
  /** The failure says nothing of the document. */
  #spared = false;
  /** What the attempt showed of its destination, to be appended with what comes next. */
  #beside: NewEvent[] = [];
  /** A delivery, this one or another, has become due at once. */
  awakens = false;

  constructor(tools: AttemptTools, claimed: Claimed, job: Job, signal: AbortSignal) {
    this.#tools = tools;
    this.#claimed = claimed;
    this.#job = job;
    this.#signal = signal;
    this.#mayHaveLeft = job.delivery.doubt;
  }

  run(): Promise<void> {
    const { state } = this.#job.delivery;
    if (state === 'sending')
      return this.#doubt({ code: 'delivery.gateway-stopped', charged: true, askNow: true, raw: null });
    if (state === 'ambiguous') return this.#ask();
    if (state === 'waiting') return this.#release();
    return this.#first();
  }

  /** The hold is at its date: a person decides, or it ends, and whether it may leave is asked when it is taken next. */
  #release(): Promise<void> {
    const { id: delivery, hold } = this.#job.delivery;
    if (hold?.atEnd === 'escalate') return this.#write(escalation(this.#job.delivery));
    const lifted: NewEvent = {
      type: 'hold.lifted',
      data: { delivery, by: null, reason: 'its date has come' },
    };
    const released: NewEvent = { type: 'delivery.released', data: { delivery, dueAt: instant(this.#now) } };
    return this.#append(hold ? [lifted, released] : [released], [], false);
  }

  /** A defect of ours is the operator's problem: the delivery waits for a person instead of coming back for ever. */
  giveUp(code: string, cause: ErrorClass): Promise<void> {
    return this.#park(code, cause, this.#mayHaveLeft, null);
  }

  get #now(): number {
    return this.#tools.clock.now();
  }

  /** A delivery of which the destination holds nothing. */
  async #first(): Promise<void> {
    if (await this.#mayHaveLeftBefore()) return this.#askFirst();
    if (!(await this.#permitted())) return;
    const { lot } = this.#job.delivery;
    if (lot) return this.#send(lot, null);
    const prepared = await this.#tools.port.prepare(this.#job, this.#signal);
    if ('nothing' in prepared) return this.#finish('delivered', prepared.nothing, {}, null);
    if ('failed' in prepared) return this.#unprepared(prepared.failed);
    return this.#send(null, prepared.ready);
  }

  /** After a restore senders send again what was lost, and some of it had left. */
  async #mayHaveLeftBefore(): Promise<boolean> {
    const { delivery, submission, view } = this.#job;
    return !delivery.asked && (await view.mayHaveLeftBefore(submission.receivedAt));
  }

  #askFirst(): Promise<void> {
    const { code } = this.#job.delivery;
    const dueAt = instant(this.#now);
    const was = { state: 'due' as const, code, dueAt };
    return this.#write({ type: 'delivery.restored', data: { delivery: this.#id, was, dueAt } });
  }

  /** What an interrupted attempt met says nothing of its destination, and costs the delivery nothing. */
  #observe(contact: Contact, code: string): { alone: boolean } {
    if (this.#signal.aborted) {
      this.#spared = true;
      return { alone: false };
    }
    const { spared, alone, events } = this.#tools.destinations.observe(this.#claimed, contact, code);
    this.#spared = spared;
    this.#beside = events;
    return { alone };
  }

  /** Permissions are read again before the first byte of every attempt; what is not permitted is ended, held or parked. */
  async #permitted(): Promise<boolean> {
    const permission = await this.#permission();
    if (permission.allowed) this.#traces = permission.traces;
    else await this.#withhold(permission);
    return permission.allowed;
  }

  /** An INS that is not qualified is not even asked for: it waits, in doubt, for a person. */
  async #mayNotBeNamed(): Promise<boolean> {
    const permission = await this.#permission();
    if (permission.allowed || permission.do !== 'park') return false;
    await this.#withhold(permission);
    return true;
  }

  /** What permits the delivery as of now: patient and hold are read again. */
  async #permission(): Promise<Permission> {
    const { view, submission, personal, establishment } = this.#job;
    const patient = await knownPatient(view, submission, personal.facts);
    const { hold } = (await view.delivery(this.#id))!;
    const job = { submission, delivery: { ...this.#job.delivery, hold } };
    return permissionFor(job, patient, this.#tools.feeding(establishment), this.#now);
  }

  #withhold(permission: Exclude<Permission, { allowed: true }>): Promise<void> {
    if (permission.do === 'refuse') return this.#finish('refused', permission.code, {}, null);
    if (permission.do === 'hold') return this.#hold(permission.code, instant(Date.parse(permission.until)));
    return this.#park(permission.code, 'permanent', this.#job.delivery.doubt, null);
  }

  /** What may have arrived is asked for again at the end of the hold, and only then sent. */
  #hold(reason: string, dueAt: string): Promise<void> {
    const { id: delivery, doubt, code } = this.#job.delivery;
    if (!doubt) return this.#write({ type: 'delivery.held', data: { delivery, reason, dueAt } });
    const kept = this.#tools.port.outdated(this.#job) ? code! : reason;
    const why = { code: kept, class: 'ambiguous' as const, charged: false, receipt: null };
    return this.#write({ type: 'delivery.in-doubt', data: { delivery, ...why, dueAt } });
  }

  async #send(known: DeliveryRow['lot'], prepared: Prepared | null): Promise<void> {
    const { lot, bodies } = prepared ? this.#lotOf(prepared) : { lot: known!, bodies: [] };
    const all = [...this.#traces, ...(prepared?.traces ?? [])];
    const traces = all.length > 0 ? { traces: all } : {};
    const attempt = this.#job.delivery.attempts + 1;
    const data = { delivery: this.#id, attempt, lot: prepared ? lot : null, ...traces };
    await this.#append([{ type: 'delivery.sending', data }], bodies, true);
    this.#mayHaveLeft = true;
    const outcome = await this.#tools.port.send(this.#job, lot, this.#signal, prepared);
    await this.#settle(outcome);
  }

  #lotOf(prepared: Prepared): { lot: NonNullable<DeliveryRow['lot']>; bodies: NewBody[] } {
    const metadata = this.#keep(prepared.metadata);
    const lot = { uniqueId: prepared.lotUniqueId, metadata: metadata.reference };
    if (prepared.signature === undefined) return { lot, bodies: [metadata.body] };
    const signature = this.#keep(prepared.signature);
    return { lot: { ...lot, signature: signature.reference }, bodies: [metadata.body, signature.body] };
  }

  #settle(outcome: AttemptOutcome): Promise<void> {
    const { alone } = this.#observe(contactOf(outcome), outcome.code);
    if (outcome.result === 'failed') return this.#later(outcome);
    const others = outcome.result === 'blocked' && outcome.class === 'configuration' && !alone;
    return others ? this.#putBack(outcome.code, outcome.raw) : this.#settleSent(outcome);
  }

  /** Not the document is wrong, but what is configured: it stays due until the destination may be tried again. */
  #putBack(code: string, raw: Uint8Array | null): Promise<void> {
    return this.#defer({ code, class: 'configuration', charged: false }, deliveryLimits.putBackMs.value, raw);
  }

  #settleSent(outcome: Sent): Promise<void> {
    switch (outcome.result) {
      case 'delivered':
        return this.#finish('delivered', outcome.code, outcome.entries, outcome.raw);
      case 'refused':
        return this.#finish('refused', outcome.code, {}, outcome.raw);
      case 'accepted':
        return this.#accepted(outcome);
      case 'ambiguous':
        return this.#doubt({
          code: outcome.code,
          charged: outcome.aboutDocument || !this.#spared,
          askNow: outcome.askNow ?? false,
          raw: outcome.raw,
        });
      case 'blocked':
        return this.#parkAnswered(outcome.code, outcome.class, false, outcome.raw);
    }
  }

  /**
   * What could not even be prepared has not left: it waits, or a person must act, and is never in doubt. A refusal may come
   * from what was known here, without a call.
   */
  #unprepared(outcome: AttemptOutcome): Promise<void> {
    if (outcome.result === 'refused') return this.#settleSent(outcome);
    if (outcome.result !== 'ambiguous') return this.#settle(outcome);
    this.#observe(contactOf(outcome), outcome.code);
    return this.#later({ result: 'failed', code: outcome.code, aboutDocument: false, raw: outcome.raw });
  }

  /** A delivery of which it is not known whether the destination holds it. */
  async #ask(): Promise<void> {
    // A withdrawal speaks of an identity that may be in doubt: without its permission not even a question leaves.
    const { withdrawal } = this.#job.submission.facts;
    if (withdrawal !== undefined && !(await this.#permitted())) return;
    if (this.#job.delivery.stood && (await this.#mayNotBeNamed())) return;
    const resolution = await this.#tools.port.resolve(this.#job, this.#signal);
    if (isUnasked(resolution)) return this.#unasked(resolution);
    const code = resolution.found === null ? resolution.code : 'delivered';
    this.#observe(contactOfResolution(resolution), code);
    if (resolution.found)
      return this.#finish('delivered', 'delivery.found-at-destination', resolution.entries, resolution.raw);
    if (resolution.found === null) return this.#stillUnknown(resolution);
    if (this.#job.delivery.stood) return this.#return(this.#job.delivery.stood);
    if (!(await this.#permitted())) return;
    return this.#tools.port.outdated(this.#job) ? this.#anew() : this.#send(this.#job.delivery.lot, null);
  }

  /** A mail is never sent again while it may have left: its receipt decides, or a person. */
  #unasked(known: Unasked): Promise<void> {
    if (known.found !== 'awaited')
      return known.found === 'unconfirmed'
        ? this.#finish('unconfirmed', known.code, {}, null)
        : this.#park(known.code, 'ambiguous', true, null);
    const why = { code: known.code, class: 'ambiguous' as const, charged: false, receipt: null };
    const dueAt = instant(known.dueAtMs);
    return this.#write({ type: 'delivery.in-doubt', data: { delivery: this.#id, ...why, dueAt } });
  }

  /** Nothing had left: it goes on as it stood, or at once when what it waited for has ended meanwhile. */
  async #return(stood: StoodBefore): Promise<void> {
    const { view, delivery } = this.#job;
    const { waitsFor } = delivery;
    const stream = `delivery:${this.#id}`;
    for (;;) {
      const expect = { [stream]: await view.version(stream) };
      if (waitsFor !== null) expect[`delivery:${waitsFor}`] = await view.version(`delivery:${waitsFor}`);
      const before = waitsFor === null ? null : await view.delivery(waitsFor);
      const free = stood.state === 'waiting' && before?.state === 'final';
      const data = free
        ? { state: 'due' as const, code: null, dueAt: instant(this.#now), waitsFor: null }
        : { ...stood, waitsFor };
      const event: NewEvent = { type: 'delivery.returned', data: { delivery: this.#id, ...data } };
      try {
        return await this.#append([event], [], false, expect);
      } catch (error) {
        if (!isViaducError(error, 'ledger.conflict')) throw error;
      }
    }
  }

  /** The destination does not hold it, and refused it for a reference that has changed since: another lot, once. */
  async #anew(): Promise<void> {
    const prepared = await this.#tools.port.prepare(this.#job, this.#signal);
    if ('nothing' in prepared) return this.#finish('delivered', prepared.nothing, {}, null);
    if ('ready' in prepared) return this.#send(null, prepared.ready);
    // The code that says why it must be prepared anew is kept until it could be.
    return this.#doubt({ code: this.#job.delivery.code!, charged: true, askNow: false, raw: null });
  }

  #stillUnknown(resolution: Extract<Resolution, { found: null }>): Promise<void> {
    const { port } = this.#tools;
    const code = port.outdated(this.#job) ? this.#job.delivery.code! : resolution.code;
    return this.#doubt({
      code,
      charged: resolution.aboutDocument && !this.#spared,
      askNow: false,
      raw: null,
    });
  }

  #accepted({ code, size, dueAtMs }: Extract<AttemptOutcome, { result: 'accepted' }>): Promise<void> {
    const data = { delivery: this.#id, code, size, dueAt: instant(dueAtMs) };
    return this.#write({ type: 'delivery.accepted', data });
  }

  /** The destination is asked after a wait, or at once; when the schedule has come to its end a person must look. */
  #doubt({
    code,
    charged,
    askNow,
    raw,
  }: {
    code: string;
    charged: boolean;
    askNow: boolean;
    raw: Uint8Array | null;
  }): Promise<void> {
    const wait = waitAfter(this.#tools.policy.doubt, this.#job.delivery.charged + 1, this.#tools.random());
    if (wait === null) return this.#parkAnswered(code, 'ambiguous', true, raw);
    const receipt = raw ? this.#keep(raw) : null;
    const data = {
      delivery: this.#id,
      code,
      class: 'ambiguous' as const,
      charged,
      receipt: receipt?.reference ?? null,
    };
    const dueAt = instant(this.#now + (askNow ? 0 : wait));
    return this.#write(
      { type: 'delivery.in-doubt', data: { ...data, dueAt } },
      receipt ? [receipt.body] : [],
    );
  }

  /** After an answer about the document its own schedule counts; while the destination is down, that of the outage. */
  #later(outcome: Extract<AttemptOutcome, { result: 'failed' }>): Promise<void> {
    const { delivery } = this.#job;
    const charged = outcome.aboutDocument && !this.#spared;
    const schedule = charged ? this.#tools.policy.retry : this.#tools.policy.outage;
    const failure = charged ? delivery.charged + 1 : delivery.attempts + 1;
    const wait = waitAfter(schedule, failure, this.#tools.random());
    if (wait === null) return this.#parkAnswered('delivery.budget-spent', 'transient', false, outcome.raw);
    return this.#defer({ code: outcome.code, class: 'transient', charged }, wait, outcome.raw);
  }

  #defer(
    why: { code: string; class: ErrorClass; charged: boolean },
    waitMs: number,
    raw: Uint8Array | null,
  ): Promise<void> {
    const receipt = raw ? this.#keep(raw) : null;
    const data = { delivery: this.#id, ...why, receipt: receipt?.reference ?? null };
    return this.#write(
      { type: 'delivery.deferred', data: { ...data, dueAt: instant(this.#now + waitMs) } },
      receipt ? [receipt.body] : [],
    );
  }

  /** Parked by what the destination said, or by its silence: others may meet the same. */
  async #parkAnswered(...why: [string, ErrorClass, boolean, Uint8Array | null]): Promise<void> {
    await this.#park(...why);
    this.#tools.destinations.parked(this.#claimed.destination, why[0]);
  }

  #park(code: string, cause: ErrorClass, doubt: boolean, raw: Uint8Array | null): Promise<void> {
    const receipt = raw ? this.#keep(raw) : null;
    const data = {
      delivery: this.#id,
      code,
      class: cause,
      charged: false,
      receipt: receipt?.reference ?? null,
      doubt,
      by: null,
    };
    return this.#write({ type: 'delivery.parked', data }, receipt ? [receipt.body] : []);
  }

  #finish(
    outcome: DeliveryOutcome,
    code: string,
    entries: Record<string, string>,
    raw: Uint8Array | null,
  ): Promise<void> {
    const receipt = raw ? this.#keep(raw) : null;
    const results = this.#job.delivery.documents.map((uniqueId) => ({ uniqueId, outcome, code }));
    const data = {
      delivery: this.#id,
      outcome,
      code,
      results,
      entries,
      receipt: receipt?.reference ?? null,
      by: null,
    };
    return this.#end(data, receipt ? [receipt.body] : []);
  }

  /** Ends the delivery and does, in the same append, what follows from it; what came meanwhile is seen. */
  async #end(data: EventData['delivery.finished'], bodies: NewBody[]): Promise<void> {
    const stream = `delivery:${this.#id}`;
    for (;;) {
      const version = await this.#job.view.version(stream);
      const { events, expect } = await followingEnd(this.#job.view, data, this.#now);
      const all: NewEvent[] = [{ type: 'delivery.finished', data }, ...events];
      try {
        return await this.#append(all, bodies, false, { ...expect, [stream]: version });
      } catch (error) {
        if (!isViaducError(error, 'ledger.conflict')) throw error;
      }
    }
  }

  #write(event: NewEvent, bodies: NewBody[] = []): Promise<void> {
    return this.#append([event], bodies, false);
  }

  async #append(
    events: NewEvent[],
    bodies: NewBody[],
    keepLease: boolean,
    expect: Record<string, number> = {},
  ): Promise<void> {
    const { establishment } = this.#job;
    await this.#tools.ledger.append({
      ...{ establishment, nowMs: this.#now, expect },
      ...{ lease: this.#claimed, keepLease, events: [...events, ...this.#beside], bodies },
    });
    this.#beside = [];
    if (events.some(({ type }) => type === 'delivery.finished'))
      this.#tools.destinations.left(this.#claimed.destination);
    this.awakens ||= events.some((event) => isDue(event, this.#now));
  }

  #keep(bytes: Uint8Array): { reference: BodyReference; body: NewBody } {
    const id = newId(this.#now);
    const { person } = this.#job.submission;
    const body: NewBody = { id, bytes, retention: 'wire', subject: person === null ? null : { person } };
    return { reference: { id, sha256: sha256(bytes), size: bytes.length }, body };
  }

  get #id(): string {
    return this.#job.delivery.id;
  }
}

function isDue({ data }: NewEvent, nowMs: number): boolean {
  return 'dueAt' in data && data.dueAt !== null && Date.parse(data.dueAt) <= nowMs;
}
