import type { Movement } from '../words/movement.ts';
import type { Stay } from '../words/stay.ts';

/** Movements that open a stay. A05 and A14 announce one: until it is opened there is none. */
const OPENS = ['A01', 'A04', 'A06', 'A07'];

/** A movement and the person of its event, when that is surely the patient of the stay. */
export type PersonMovement = Movement & { person: string | null };

/** A stay computed from its movements, and whether its admission was never told. */
export interface MovedStay {
  /** Null while announced only, or once cancelled. */
  stay: Stay | null;
  admissionMissing: boolean;
}

/**
 * The stay that the movements of one visit make, in whatever order they came: of each movement (ZBE-1) the latest word
 * counts, cancelled ones are out, and what remains is taken in the order in which it took place.
 */
export function stayFrom(all: readonly PersonMovement[]): MovedStay {
  const latest = latestOfEach(all);
  const standing = withoutCancelled(all, latest).toSorted(
    (a, b) => compare(a.effectiveAt, b.effectiveAt) || compare(a.recordedAt, b.recordedAt),
  );
  const opening = standing.find(({ trigger }) => OPENS.includes(trigger)) ?? null;
  const discharge = standing.findLast(({ trigger }) => trigger === 'A03') ?? null;
  const neverOpened = !latest.some((one) => one.action === 'CANCEL' && OPENS.includes(one.trigger));
  if (!opening && !(discharge && neverOpened)) return { stay: null, admissionMissing: false };
  return { stay: stayOf(standing, opening, discharge), admissionMissing: opening === null };
}

function stayOf(
  standing: readonly PersonMovement[],
  opening: PersonMovement | null,
  discharge: PersonMovement | null,
): Stay {
  const last = <T>(read: (movement: PersonMovement) => T | null): T | null =>
    standing.map(read).findLast((value) => value !== null) ?? null;
  const { finessEj, visit } = standing[0]!;
  const visitNo = last((one) => one.visit.visitNo);
  return {
    finessEj,
    finessEg: visit.finessEg,
    stayNo: last((one) => one.visit.stayNo) ?? visitNo ?? '',
    visitNo,
    patient: last(({ person }) => person),
    class: last((one) => one.class) ?? 'N',
    admittedAt: opening ? (opening.admittedAt ?? opening.effectiveAt) : last(({ admittedAt }) => admittedAt),
    dischargedAt: discharge && (discharge.dischargedAt ?? discharge.effectiveAt),
    dischargeMode: discharge?.dischargeMode ?? null,
    specialty: last(({ unit }) => unit),
    hasSurgery: false,
    isSession: standing.some(({ session }) => session),
    motherStayNo: null,
  };
}

/** Of each movement the latest word: an update over what it updates, a cancellation over both. */
function latestOfEach(all: readonly PersonMovement[]): PersonMovement[] {
  const latest = new Map<string, PersonMovement>();
  for (const one of all) {
    const other = latest.get(one.movement);
    if (!other || isLater(one, other)) latest.set(one.movement, one);
  }
  return [...latest.values()];
}

const RANK = { INSERT: 0, UPDATE: 1, CANCEL: 2 } as const;

function isLater(a: Movement, b: Movement): boolean {
  const order = compare(a.recordedAt, b.recordedAt) || RANK[a.action] - RANK[b.action];
  return (order || compare(a.message, b.message)) > 0;
}

/**
 * Movements without those that were cancelled. A cancellation that names no movement we know takes the last one of its
 * event that was told before it: some senders number their cancellations. That of a whole file takes back everything told
 * before it.
 */
function withoutCancelled(
  all: readonly PersonMovement[],
  latest: readonly PersonMovement[],
): PersonMovement[] {
  let standing = latest.filter(({ action }) => action !== 'CANCEL');
  for (const cancel of latest.filter(({ action }) => action === 'CANCEL')) {
    if (cancel.ofFile) {
      standing = standing.filter(({ recordedAt }) => recordedAt > cancel.recordedAt);
      continue;
    }
    if (all.some(({ action, movement }) => action !== 'CANCEL' && movement === cancel.movement)) continue;
    const cancelled = standing.findLastIndex(
      (one) => sameEvent(one.trigger, cancel.trigger) && one.recordedAt <= cancel.recordedAt,
    );
    if (cancelled >= 0) standing.splice(cancelled, 1);
  }
  return standing;
}

/** A11 cancels an admission of either kind, and does not always say which. */
function sameEvent(a: string, b: string): boolean {
  const admission = (trigger: string) => (trigger === 'A04' ? 'A01' : trigger);
  return admission(a) === admission(b);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
