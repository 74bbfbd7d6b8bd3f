import type { Ledger } from '../../ledger/ledger.ts';
import type { Clock } from '../../words/clock.ts';
import { isViaducError } from '../../words/errors.ts';
import type { Establishment } from '../../words/establishment.ts';
import type { LedgerEvent } from '../../words/events.ts';
import { sameName } from '../../words/person-name.ts';
import { consoleError } from '../errors.ts';
import { type ErasurePlan, planErasure } from './plan.ts';
import { findPerson, lookUpPerson, type SubjectInput } from './subject.ts';

export interface PersonTools {
  ledger: Ledger;
  clock: Clock;
}

/** A person of the establishment, by name and by token. */
export interface Actor {
  by: string;
  token: string;
}

/** How long an erasure that was asked for waits for its second person. */
const WAIT_MS = 7 * 86_400_000;

/** What is shown before anything is destroyed. `confirm` is what the second person gives. */
export interface AskedErasure {
  state: 'asked';
  confirm: string;
  persons: number;
  submissions: number;
  bodies: number;
  bytes: number;
  stays: number;
  exams: number;
}

export interface DoneErasure extends Omit<AskedErasure, 'state' | 'confirm'> {
  state: 'erased';
  /** Events of the chain that say so. */
  events: number[];
}

/**
 * Asks that everything about a person be destroyed; a second person confirms. Nothing is destroyed yet.
 * @throws ViaducError `console.person-unknown`, `console.person-not-ended`
 */
export async function askErasure(
  tools: PersonTools,
  establishment: Establishment,
  subject: SubjectInput,
  { by, token, reason }: Actor & { reason: string },
): Promise<AskedErasure> {
  const { ledger, clock } = tools;
  const found = await lookUpPerson(tools, establishment, subject, { by, reason });
  const plan = endedPlan(await planErasure(ledger.of(establishment.id), found));
  const [person] = found.persons;
  const data = { by, token, reason, digest: plan.digest };
  const [asked] = await ledger.append({
    ...{ establishment: establishment.id, nowMs: clock.now() },
    events: [{ type: 'person.erasure-asked', data, subject: { person: person! } }],
  });
  return { state: 'asked', confirm: `${asked!.seq}-${plan.digest}`, ...counts(plan) };
}

/**
 * The second person confirms: the keys are destroyed in the commit of the events that say so.
 * @throws ViaducError `console.erasure-unknown`, `console.erasure-same-person`, `console.erasure-changed`, `console.person-not-ended`
 */
export async function confirmErasure(
  tools: PersonTools,
  establishment: Establishment,
  subject: SubjectInput,
  { by, token, confirm }: Actor & { confirm: string },
): Promise<DoneErasure> {
  const { ledger, clock } = tools;
  const view = ledger.of(establishment.id);
  const found = await findPerson(ledger, view, establishment, subject);
  const asked = await askedUnder(tools, establishment.id, confirm, found.persons);
  if (sameName(asked.data.by, by) || asked.data.token === token)
    throw consoleError('console.erasure-same-person');
  const plan = endedPlan(await planErasure(view, found));
  if (plan.digest !== asked.data.digest) throw consoleError('console.erasure-changed');
  const { by: askedBy, reason } = asked.data;
  const events = [...plan.persons].map(([person, erased]) => ({
    ...{ type: 'person.erased' as const, subject: { person } },
    data: { by: askedBy, confirmedBy: by, reason, ...erased },
  }));
  try {
    const done = await ledger.append({
      ...{ establishment: establishment.id, nowMs: clock.now(), expect: plan.expect },
      events,
    });
    return { state: 'erased', events: done.map(({ seq }) => seq), ...counts(plan) };
  } catch (error) {
    if (isViaducError(error, 'ledger.conflict') || isViaducError(error, 'ledger.not-ended'))
      throw consoleError('console.erasure-changed');
    throw error;
  }
}

/** Nothing is destroyed of a person of whom something is under way. */
function endedPlan(plan: ErasurePlan): ErasurePlan {
  const [first] = plan.notEnded;
  if (first) throw consoleError('console.person-not-ended', { count: plan.notEnded.length, first });
  return plan;
}

async function askedUnder(
  { ledger, clock }: PersonTools,
  establishment: string,
  confirm: string,
  persons: readonly string[],
): Promise<LedgerEvent<'person.erasure-asked'>> {
  const seq = Number(/^(\d{1,15})-/.exec(confirm)?.[1] ?? 0);
  const [event] = seq === 0 ? [] : await ledger.of(establishment).events(seq, 1);
  const isAsked = event?.type === 'person.erasure-asked' && confirm === `${seq}-${event.data.digest}`;
  const holds =
    isAsked && persons.includes(event.person ?? '') && clock.now() - Date.parse(event.at) < WAIT_MS;
  if (!holds) throw consoleError('console.erasure-unknown');
  return event;
}

function counts({ persons, submissions }: ErasurePlan): Omit<AskedErasure, 'state' | 'confirm'> {
  const all = [...persons.values()];
  const sum = (of: (erased: (typeof all)[number]) => number) =>
    all.reduce((total, one) => total + of(one), 0);
  return {
    ...{
      persons: persons.size,
      submissions,
      bodies: sum(({ bodies }) => bodies.length),
      bytes: sum(({ bytes }) => bytes),
    },
    ...{ stays: sum(({ stays }) => stays.length), exams: sum(({ exams }) => exams.length) },
  };
}
