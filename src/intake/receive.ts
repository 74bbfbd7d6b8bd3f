import type { Checked, Checks, Question } from '../checks/checked.ts';
import { type PersonalRecord, personalBytes } from '../delivery/job.ts';
import { type Ended, noticeDue, noticesAtEnd, receptionDue } from '../delivery/notices/due.ts';
import type { Ledger, NewBody, NewEvent, Subject } from '../ledger/ledger.ts';
import type { LedgerView } from '../ledger/view.ts';
import type { DeliveryRow, DocumentRow, SubmissionRow } from '../ledger/views.ts';
import { judgeDisclosure } from '../routing/disclosure.ts';
import { routingError, routingErrors } from '../routing/errors.ts';
import { holdOf } from '../routing/holding.ts';
import { laneOf } from '../routing/lane.ts';
import { judgeLeftOut } from '../routing/original-recipients.ts';
import { type Plan, plan } from '../routing/plan.ts';
import { judgeRecipients, type MailPatient } from '../routing/recipients.ts';
import type { Clock } from '../words/clock.ts';
import { type Destination, type DestinationKind, destinationId } from '../words/delivery.ts';
import type { DocumentFacts } from '../words/document.ts';
import type { Environment } from '../words/environment.ts';
import { isViaducError, type ViaducError } from '../words/errors.ts';
import type { DocumentEntry, EventData } from '../words/events.ts';
import { type Finding, finding } from '../words/findings.ts';
import type { Hold, HoldRule } from '../words/hold.ts';
import { newId } from '../words/ids.ts';
import { sameVisibility } from '../words/request.ts';
import { sendingStructure } from '../xds/sending.ts';
import type { Arrival, Reception } from './arrival.ts';
import { chooseDestinations, mailPatient, type OpenMail } from './destinations.ts';
import { documentEntry, parentsOf } from './entries.ts';
import { intakeError } from './errors.ts';
import { intakeLimits } from './limits.ts';
import {
  localIdOf,
  recordRefusal,
  refusalOf,
  requestWarnings,
  storedAnswer,
  subjectOfRefused,
} from './refusal.ts';

export interface Receiver {
  ledger: Ledger;
  checks: Pick<Checks, 'judge'>;
  clock: Clock;
  environment: Environment;
  /** Absent while MSSanté is not open. */
  mail?: OpenMail;
  /** Rules that hold what arrives. */
  holds?: readonly HoldRule[];
  /** Told after new work was made durable; `destinations`: identifiers of those that new deliveries go to. */
  onAccepted(submission: string, destinations?: readonly string[]): void;
}

/** A document that was judged and whose facts are known. */
interface Judged {
  checked: Checked;
  facts: DocumentFacts;
  entry: DocumentEntry;
  body: NewBody;
}

/**
 * Takes a request in, the same way for every door: known request, checks, rules of sending again, plan, one durable
 * append. What it resolves to is what the sender may be told; nothing has been told before it is on disk.
 * @throws ViaducError `document.not-judged`, what else may pass by itself, and the ledger's errors: then nothing was recorded
 */
export async function receive(receiver: Receiver, arrival: Arrival): Promise<Reception> {
  const view = receiver.ledger.of(arrival.establishment.id);
  const stored = await storedAnswer(view, arrival);
  if (stored) return stored;
  const checked = await Promise.all(
    arrival.documents.map((bytes) => receiver.checks.judge(questionOf(arrival, bytes))),
  );
  if (checked.some(({ verdict }) => verdict.judgement === 'not-judged'))
    throw intakeError('document.not-judged');
  await arrival.turn;
  return new Receiving(receiver, arrival, view, checked).decide();
}

function questionOf({ request, establishment, sender }: Arrival, bytes: Uint8Array): Question {
  const { structures, policy } = sender;
  const rules = policy.rules ? { rules: policy.rules } : {};
  return { bytes, brought: { request, establishment, structures, ...rules } };
}

class Receiving {
  readonly #receiver: Receiver;
  readonly #arrival: Arrival;
  readonly #view: LedgerView;
  readonly #checked: Checked[];
  readonly #submission: string;
  /** What was found in the request itself. */
  readonly #own: Finding[];

  constructor(receiver: Receiver, arrival: Arrival, view: LedgerView, checked: Checked[]) {
    this.#receiver = receiver;
    this.#arrival = arrival;
    this.#view = view;
    this.#checked = checked;
    this.#submission = newId(receiver.clock.now());
    const coherence = checked.flatMap(
      ({ facts }, index) => (facts && arrival.coherence?.(facts, index)) ?? [],
    );
    this.#own = [
      ...(arrival.findings ?? []),
      ...coherence,
      ...this.#disclosure(),
      ...judgeRecipients(arrival.request, this.#mailPatient()),
    ];
  }

  #disclosure(): Finding[] {
    const { request, sender } = this.#arrival;
    const { environment, clock } = this.#receiver;
    const matrix = sender.policy.mailMatrix ?? 'lenient';
    const birthTime = this.#checked[0]!.facts?.patient?.birthTime ?? null;
    return judgeDisclosure({ request, birthTime, environment, matrix, nowMs: clock.now() });
  }

  #mailPatient(): MailPatient {
    return mailPatient(this.#checked[0]!.identity?.matricule ?? null, this.#receiver.mail);
  }

  /** Decides on what the ledger says now; again when something came in between. */
  async decide(): Promise<Reception> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#decideOnce();
      } catch (error) {
        if (!isViaducError(error, 'ledger.conflict') || tries >= intakeLimits.decisions.value) throw error;
        const stored = await storedAnswer(this.#view, this.#arrival);
        if (stored) return stored;
      }
    }
  }

  async #decideOnce(): Promise<Reception> {
    const found = [...this.#own, ...this.#checked.flatMap(({ verdict }) => verdict.findings)];
    const errors = found.filter((one) => one.severity === 'error');
    if (errors.length > 0) return this.#refuse(intakeError('document.invalid', { errors: errors.length }));
    try {
      return await this.#accept(this.#checked.map((one, index) => this.#judged(one, index)));
    } catch (error) {
      if (!isViaducError(error) || error.code.startsWith('ledger.') || error.class === 'transient')
        throw error;
      return this.#refuse(error);
    }
  }

  #judged(checked: Checked, index: number): Judged {
    const facts = checked.facts!;
    const id = newId(this.#receiver.clock.now());
    const body: NewBody = { id, bytes: this.#arrival.documents[index]!, retention: 'accepted' };
    return { checked, facts, entry: documentEntry(checked, facts, id), body };
  }

  async #accept(judged: Judged[]): Promise<Reception> {
    const { request } = this.#arrival;
    this.#refuseMixture(judged);
    const target = this.#target(judged[0]!);
    const { expect, known } = await this.#read(judged, target);
    const units = await this.#units();
    const hold = this.#hold(judged, units);
    const { destinations, warnings: routed } = chooseDestinations(this.#receiver, this.#arrival, {
      ...{ patient: this.#mailPatient(), structure: this.#structure(judged[0]!).id, units },
    });
    const planned = this.#plan(judged, { target, known, hold, destinations });
    const missed = target === null ? [] : judgeLeftOut(destinations, known);
    const findings = await this.#warnings(judged, [...routed, ...missed]);
    const subject = subjectOf(judged[0]!);
    const record: PersonalRecord = { request, facts: judged.map(({ facts }) => facts), findings };
    const accepted: Extract<NewEvent, { type: 'submission.accepted' }> = {
      type: 'submission.accepted',
      data: this.#data(judged, target, planned, hold),
      subject,
      personal: personalBytes(record),
    };
    const notices = await this.#notices(accepted.data, planned, known, expect);
    await this.#receiver.ledger.append({
      establishment: this.#view.establishment,
      nowMs: this.#receiver.clock.now(),
      expect,
      events: [accepted, ...planned.consequences, ...notices],
      bodies: judged.map(({ body }) => ({ ...body, subject })),
    });
    this.#receiver.onAccepted(this.#submission, this.#destinationIds(accepted.data));
    const warnings = requestWarnings(findings);
    return { accepted: true, submission: this.#submission, repeated: false, warnings };
  }

  #destinationIds({ deliveries, structure }: EventData['submission.accepted']): string[] {
    const { establishment } = this.#view;
    const made = deliveries.filter(({ joined }) => !joined);
    return made.map(({ destination: { kind, via = structure.id } }) =>
      destinationId(kind, establishment, via),
    );
  }

  /** Notices of what ends by this acceptance: other deliveries, and its own when nothing of it is left to be done. */
  async #notices(
    data: EventData['submission.accepted'],
    { consequences }: Plan,
    known: readonly DeliveryRow[],
    expect: Record<string, number>,
  ): Promise<NewEvent[]> {
    const nowMs = this.#receiver.clock.now();
    const ended = consequences.flatMap((event) => (event.type === 'delivery.finished' ? [event.data] : []));
    const following = await noticesAtEnd(this.#view, ended, nowMs);
    Object.assign(expect, { ...following.expect, ...expect });
    return [...following.events, ...ownNotices(data, ended, known, nowMs)];
  }

  #refuseMixture(judged: Judged[]): void {
    const { sender } = this.#arrival;
    const ids = judged.map(({ entry }) => entry.uniqueId);
    if (new Set(ids).size < ids.length)
      throw intakeError('request.same-document-twice', { uniqueId: ids[0]! });
    if (new Set(judged.map(({ checked }) => checked.identity?.matricule ?? null)).size > 1)
      throw intakeError('request.two-patients');
    for (const { entry } of judged) {
      const allowed =
        sender.structures === '*' ||
        entry.structures.some((structure) => sender.structures.includes(structure));
      if (!allowed)
        throw intakeError('request.structure-not-allowed', {
          sender: sender.id,
          structures: entry.structures.join(', ') || '-',
        });
    }
  }

  /** The document the request is aimed at: its operation comes from the request, never from the document. */
  #target({ facts, entry }: Judged): string | null {
    const { operation } = this.#arrival.request;
    if (operation === 'deposit') return null;
    if (operation === 'delete') return entry.uniqueId;
    const [parent] = parentsOf(facts);
    if (!parent) throw routingError('routing.target-missing');
    return parent;
  }

  /** Everything the decision rests on, with the versions at which it was read. */
  async #read(
    judged: Judged[],
    target: string | null,
  ): Promise<{ expect: Record<string, number>; known: DeliveryRow[] }> {
    const { requestKey } = this.#arrival;
    const named = [...judged.map(({ entry }) => entry.uniqueId), ...(target === null ? [] : [target])];
    const expect: Record<string, number> = requestKey === null ? {} : { [`request:${requestKey}`]: 0 };
    for (const stream of new Set(named.map((uniqueId) => `document:${uniqueId}`)))
      expect[stream] = await this.#view.version(stream);
    const known = new Map<string, DeliveryRow>();
    for (const { entry } of judged) await this.#history(entry, known);
    if (target !== null) await this.#chain(target, known);
    for (const id of known.keys()) expect[`delivery:${id}`] = await this.#view.version(`delivery:${id}`);
    const rows = await Promise.all([...known.keys()].map((id) => this.#view.delivery(id)));
    return { expect, known: rows.filter((row) => row !== null).toSorted((a, b) => a.seq - b.seq) };
  }

  /** Earlier deliveries of a document; refuses what contradicts its earlier acceptance. */
  async #history(entry: DocumentEntry, known: Map<string, DeliveryRow>): Promise<void> {
    for (const earlier of await this.#view.documentHistory(entry.uniqueId)) {
      const submission = (await this.#view.submission(earlier.submission))!;
      this.#refuseContradiction(entry, earlier, submission);
      for (const delivery of await this.#view.deliveriesOf(earlier.submission))
        known.set(delivery.id, delivery);
    }
  }

  #refuseContradiction(entry: DocumentEntry, earlier: DocumentRow, submission: SubmissionRow): void {
    const { request } = this.#arrival;
    const { uniqueId } = entry;
    // A deletion sends no bytes: it names what is to be taken away, and a system may write that document anew.
    if (request.operation === 'delete' || submission.operation === 'delete') return;
    if (earlier.body.sha256 !== entry.body.sha256) {
      throw routingError('routing.id-conflict', {
        uniqueId,
        accepted: earlier.body.sha256,
        received: entry.body.sha256,
      });
    }
    if (submission.operation !== request.operation) {
      throw routingError('routing.operation-differs', {
        uniqueId,
        accepted: submission.operation!,
        asked: request.operation,
      });
    }
    if (!sameFlags(submission, request)) throw routingError('routing.flags-differ', { uniqueId });
  }

  async #chain(target: string, known: Map<string, DeliveryRow>): Promise<void> {
    const [first] = await this.#view.documentHistory(target);
    const deliveries = first ? await this.#view.deliveriesOf(first.submission) : [];
    if (first) this.#refuseSilentChange(target, (await this.#view.submission(first.submission))!);
    const chains = new Set([target, ...deliveries.map((delivery) => delivery.chain)]);
    for (const chain of chains)
      for (const delivery of await this.#view.chain(chain)) known.set(delivery.id, delivery);
  }

  /** A replacement may change who sees the document, and must say so. */
  #refuseSilentChange(target: string, replaced: SubmissionRow): void {
    const { request } = this.#arrival;
    if (request.operation === 'replace' && !request.visibility.change && !sameFlags(replaced, request))
      throw routingError('routing.change-not-announced', { target });
  }

  /** Until when the request, or a rule, keeps it from leaving. */
  #hold(judged: Judged[], units: readonly string[]): Hold | null {
    const { request, sender, establishment } = this.#arrival;
    const { holds = [], clock } = this.#receiver;
    const about = {
      ...{ establishment: establishment.id, sender: sender.id, operation: request.operation },
      types: judged.map(({ entry }) => entry.typeCode),
      units,
    };
    return holdOf(request.hold, holds, about, clock.now());
  }

  /** Responsible unit and site of the stay, when a rule asks for them. */
  async #units(): Promise<string[]> {
    const { stay } = this.#arrival.request;
    const { holds = [], mail } = this.#receiver;
    const asked = holds.some(({ unit }) => unit !== undefined) || mail?.mailboxes.some((one) => one.units);
    return asked && stay ? this.#view.holds.unitsOf(stay) : [];
  }

  #plan(
    judged: Judged[],
    decided: { target: string | null; known: DeliveryRow[]; hold: Hold | null; destinations: Destination[] },
  ): Plan {
    const { request } = this.#arrival;
    const { target, known, hold, destinations } = decided;
    const documents = judged.map(({ entry }) => entry.uniqueId);
    const nowMs = this.#receiver.clock.now();
    return plan({
      operation: request.operation,
      documents,
      target,
      destinations,
      holdUntil: hold?.until ?? null,
      lane: laneOf({
        ...{ operation: request.operation, nowMs },
        dates: judged.map(({ facts }) => facts.effectiveTime),
        historicAfterDays: this.#arrival.sender.policy.historicAfterDays,
      }),
      nowMs,
      known,
    });
  }

  /** Findings of each document, with what only the request or the ledger can tell. */
  async #warnings(judged: Judged[], routed: readonly Finding[]): Promise<Finding[][]> {
    return Promise.all(
      judged.map(async ({ checked, facts, entry }, index) => [
        ...checked.verdict.findings,
        ...(index === 0 ? [...this.#own, ...routed] : []),
        ...this.#linkWarning(facts),
        ...(await this.#unchanged(entry)),
      ]),
    );
  }

  #linkWarning(facts: DocumentFacts): Finding[] {
    const [target] = parentsOf(facts);
    if (this.#arrival.request.operation !== 'deposit' || !target) return [];
    return [
      finding(routingErrors, 'routing.replacement-link-in-deposit', {
        source: 'request',
        severity: 'warning',
        values: { target },
      }),
    ];
  }

  async #unchanged(entry: DocumentEntry): Promise<Finding[]> {
    if (entry.setId === null || this.#arrival.request.operation === 'delete') return [];
    const previous = await this.#view.lastOfSeries(entry.setId, entry.uniqueId);
    const { sender } = this.#arrival;
    if (previous?.contentSha256 !== entry.contentSha256 || previous.sender !== sender.id) return [];
    const values = { previous: previous.uniqueId };
    if (sender.policy.unchanged === 'refuse') throw routingError('routing.unchanged', values);
    return [finding(routingErrors, 'routing.unchanged', { source: 'request', severity: 'warning', values })];
  }

  #data(
    judged: Judged[],
    target: string | null,
    planned: Plan,
    hold: Hold | null,
  ): EventData['submission.accepted'] {
    const { sender, door, request, requestKey, requestSha256 } = this.#arrival;
    const { operation, visibility, secretConnection, consent, stay, exam } = request;
    const identity = { ...request.identity, environmentRoot: judged[0]!.checked.identity?.oid ?? null };
    return {
      ...{
        submission: this.#submission,
        sender: sender.id,
        door,
        requestKey,
        requestSha256,
        operation,
        target,
      },
      ...{
        structure: this.#structure(judged[0]!),
        visibility,
        secretConnection,
        identity,
        consent,
        stay,
        exam,
        hold,
      },
      documents: judged.map(({ entry }) => entry),
      deliveries: planned.deliveries,
      notices: { ...request.notices, origin: this.#arrival.origin ?? null },
    };
  }

  /** The structure in whose name the documents leave: that of the first, as both are of one report. */
  #structure({ facts }: Judged): EventData['submission.accepted']['structure'] {
    const { request, establishment, sender } = this.#arrival;
    return sendingStructure(facts, request, establishment, sender.structures);
  }

  #refuse(error: ViaducError): Promise<Reception> {
    return recordRefusal(this.#receiver, this.#arrival, {
      ...{ submission: this.#submission, refusal: refusalOf(error, this.#checked, this.#own) },
      ...{ bytes: this.#arrival.documents[0]!, sha256: this.#checked[0]!.sha256 },
      subject: subjectOfRefused(this.#checked),
    });
  }
}

/** What a submission is told as soon as it is accepted: of each mail that has ended, and of the DMP when all has ended there. */
function ownNotices(
  data: EventData['submission.accepted'],
  ended: readonly Ended[],
  known: readonly DeliveryRow[],
  nowMs: number,
): NewEvent[] {
  if (!data.notices?.reception || !data.notices.origin) return [];
  const told = { id: data.submission, sender: data.sender, facts: data };
  const endsOf = (kind: DestinationKind) =>
    data.deliveries
      .filter(({ destination }) => destination.kind === kind)
      .map(
        ({ id }) =>
          ended.find(({ delivery }) => delivery === id) ?? endOf(known.find((one) => one.id === id)),
      );
  const deposits = endsOf('dmp');
  const mails = endsOf('mssante').flatMap((one) => (one && receptionDue(told, one, nowMs)) ?? []);
  const all = deposits.filter((one) => one !== null);
  return all.length > 0 && all.length === deposits.length ? [noticeDue(told, all, nowMs), ...mails] : mails;
}

function endOf(row: DeliveryRow | undefined): Ended | null {
  if (row?.state !== 'final') return null;
  return { delivery: row.id, outcome: row.outcome!, code: row.code!, results: row.results };
}

function sameFlags({ facts }: SubmissionRow, request: Arrival['request']): boolean {
  return (
    sameVisibility(facts.visibility, request.visibility) &&
    facts.secretConnection === request.secretConnection
  );
}

function subjectOf({ checked, facts }: Judged): Subject {
  return { ins: checked.identity?.matricule ?? null, ipp: localIdOf(facts, checked.identity?.oid ?? null) };
}
