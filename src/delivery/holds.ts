import type { NewEvent } from '../ledger/ledger.ts';
import type { DeliveryRow } from '../ledger/views.ts';
import { reopened } from '../routing/plan.ts';
import { instant, isInstant } from '../words/clock.ts';
import { type Hold, type HoldEnd, keeps } from '../words/hold.ts';
import { type Commands, decide } from './commands.ts';
import { deliveryError } from './errors.ts';
import { deliveryLimits } from './limits.ts';

/** Who asks for a hold or its end, and whether they may lift what an operator or a rule has placed. */
export interface Holder {
  name: string;
  operator: boolean;
}

/**
 * Keeps what has not ended of a submission from leaving until a date. What is being sent, or may have arrived, is not called
 * back: the hold counts from its next attempt on. What becomes of it at its date stays as it was when nothing else is asked
 * for; of a new one, a person must decide.
 * @throws ViaducError `delivery.hold-date`, `delivery.nothing-to-hold`, `delivery.hold-of-other`
 */
export async function holdSubmission(
  commands: Commands,
  establishment: string,
  submission: string,
  { reason, until, atEnd }: Pick<Hold, 'reason' | 'until'> & { atEnd?: HoldEnd | undefined },
  holder: Holder,
): Promise<void> {
  const nowMs = commands.clock.now();
  const days = deliveryLimits.holdDays.value;
  const untilMs = isInstant(until) ? Date.parse(until) : Number.NaN;
  if (!(untilMs > nowMs && untilMs <= nowMs + days * 86_400_000))
    throw deliveryError('delivery.hold-date', { until: until.slice(0, 40), days });
  const hold = { reason, until: instant(untilMs), origin: 'person' as const, by: holder.name };
  const open = await openOf(commands, establishment, submission);
  if (open.length === 0) throw deliveryError('delivery.nothing-to-hold');
  for (const { id } of open)
    await decide(commands, establishment, id, (now, before) => {
      refuseOther(now, holder);
      const end = atEnd ?? holdOf(now)?.atEnd ?? 'escalate';
      return now.state === 'final' ? [] : placed(now, before, { ...hold, atEnd: end }, nowMs);
    });
}

/**
 * Ends the hold of a submission: what waits for nothing else may leave at once, what was escalated is opened again.
 * @throws ViaducError `delivery.not-held`, `delivery.hold-of-other`
 */
export async function releaseSubmission(
  commands: Commands,
  establishment: string,
  submission: string,
  reason: string,
  holder: Holder,
): Promise<void> {
  const held = (await openOf(commands, establishment, submission)).filter(
    (one) => one.hold !== null || isEscalated(one),
  );
  if (held.length === 0) throw deliveryError('delivery.not-held');
  for (const { id } of held)
    await decide(commands, establishment, id, (now, before) => {
      refuseOther(now, holder);
      const act = { by: holder.name, reason, nowMs: commands.clock.now() };
      const opened = isEscalated(now) ? [reopened(now, before, { ...act, lane: 'retried' })] : [];
      return [...lifted(now, act), ...opened];
    });
}

/**
 * Ends the holds whose date has come where the scheduler does not: of what waits for a predecessor, is parked or in doubt.
 * What is being sent is left alone, as it is the next attempt that a hold is about.
 */
export async function endDueHolds(commands: Commands, establishment: string): Promise<void> {
  const nowMs = commands.clock.now();
  for (const { id } of await commands.ledger.of(establishment).holds.due(nowMs))
    await decide(commands, establishment, id, (now) =>
      now.hold && Date.parse(now.hold.until) <= nowMs ? ended(now, now.hold, nowMs) : [],
    );
}

async function openOf(
  { ledger }: Commands,
  establishment: string,
  submission: string,
): Promise<DeliveryRow[]> {
  return (await ledger.of(establishment).deliveriesOf(submission)).filter(({ state }) => state !== 'final');
}

/** A sender moves its own holds only: an operator, or a rule, had a reason of theirs. */
function refuseOther(now: DeliveryRow, { name, operator }: Holder): void {
  const hold = holdOf(now);
  if (operator || !hold || hold.origin === 'request' || hold.by === name) return;
  throw deliveryError('delivery.hold-of-other');
}

/** The hold that keeps it, or that has brought it before a person. */
function holdOf({ hold, escalated }: DeliveryRow): Hold | null {
  return hold ?? escalated;
}

/** Whether it is parked because its hold came to its date undecided. */
function isEscalated({ state, code }: DeliveryRow): boolean {
  return state === 'parked' && code === 'delivery.hold-escalated';
}

/** Whether it waits for the end of its hold and for nothing else. */
function waitsForDate({ state, waitsFor }: DeliveryRow): boolean {
  return state === 'waiting' && waitsFor === null;
}

function placed(now: DeliveryRow, before: DeliveryRow | null, hold: Hold, nowMs: number): NewEvent[] {
  const { id: delivery, state } = now;
  const events: NewEvent[] = [{ type: 'hold.placed', data: { delivery, ...hold } }];
  const held = { delivery, reason: 'delivery.held', dueAt: hold.until };
  if (isEscalated(now)) {
    // Put off, it waits for its date again and no longer for a person.
    const opened = reopened(now, before, { by: hold.by!, reason: hold.reason, nowMs, lane: now.lane });
    events.push(opened);
    if (opened.type === 'delivery.reopened' && opened.data.to === 'due')
      events.push({ type: 'delivery.held', data: held });
  } else if (state === 'due' || waitsForDate(now)) events.push({ type: 'delivery.held', data: held });
  return events;
}

/** What the end of a hold brings: due at once, asked for at once, or only no longer held. */
export function lifted(
  now: DeliveryRow,
  {
    by,
    reason,
    nowMs,
    lane,
  }: { by: string | null; reason: string; nowMs: number; lane?: DeliveryRow['lane'] },
): NewEvent[] {
  if (!now.hold) return [];
  const { id: delivery, hold } = now;
  const end: NewEvent = { type: 'hold.lifted', data: { delivery, by, reason } };
  const dueAt = instant(nowMs);
  if (waitsForDate(now))
    return [end, { type: 'delivery.released', data: { delivery, dueAt, ...(lane ? { lane } : {}) } }];
  const putOff = now.state === 'ambiguous' && now.dueAtMs === Date.parse(hold.until);
  return putOff ? [end, { type: 'delivery.in-doubt', data: { ...doubtOf(now), dueAt } }] : [end];
}

function doubtOf({ id: delivery, code }: DeliveryRow) {
  return { delivery, code: code!, class: 'ambiguous' as const, charged: false, receipt: null };
}

function ended(now: DeliveryRow, hold: Hold, nowMs: number): NewEvent[] {
  if (now.state === 'sending') return [];
  if (!keeps(hold, nowMs)) return lifted(now, { by: null, reason: 'its date has come', nowMs });
  if (now.state !== 'parked') return [escalation(now)];
  // It waits for a person already, for another reason.
  return [{ type: 'hold.lifted', data: { delivery: now.id, by: null, reason: 'its date has come' } }];
}

/** The event by which a hold at its date becomes work for a person. */
export function escalation({ id: delivery, doubt }: Pick<DeliveryRow, 'id' | 'doubt'>): NewEvent {
  const why = { code: 'delivery.hold-escalated', class: 'permanent' as const, charged: false, receipt: null };
  return { type: 'delivery.parked', data: { delivery, ...why, doubt, by: null } };
}
