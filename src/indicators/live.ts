import { acceptsRoot } from '../identity/roots.ts';
import type { Environment } from '../words/environment.ts';
import type { CountedDocument, DeliveredDocument } from '../words/figures.ts';
import { indicatorError } from './errors.ts';

/**
 * Every version of a document that the DMP accepted under an identity of the environment, once, with what happened to it
 * since. A row is a version; instants are milliseconds since 1970-01-01T00:00:00Z.
 */
export interface Versions {
  /** The first delivery of the version: what a second one says is not heard. */
  documents: readonly DeliveredDocument[];
  delivered: Float64Array;
  /** When a replacement of it was accepted; Infinity when none was. */
  superseded: Float64Array;
  /** When its deletion was accepted; Infinity when none was. */
  deleted: Float64Array;
  /** Row of the first accepted version of its series of replacements. */
  origin: Int32Array;
  /** Deliveries to the DMP left out because their INS is not of this environment. */
  otherEnvironment: number;
}

/** From deliveries in any order to versions. A version once replaced or deleted is never in force again. */
export function documentVersions(
  deliveries: readonly DeliveredDocument[],
  environment: Environment,
): Versions {
  const rows = new Map<string, number>();
  const documents: DeliveredDocument[] = [];
  const instants: number[] = [];
  const counts = rootCheck(environment);
  let otherEnvironment = 0;
  for (const delivery of deliveries) {
    if (delivery.destination !== 'dmp' || delivery.operation === 'delete') continue;
    if (counts(delivery.identityRoot)) keepFirst(delivery, rows, documents, instants);
    else otherEnvironment += 1;
  }
  const delivered = Float64Array.from(instants);
  const ends = endsOf(deliveries, rows);
  return { documents, delivered, ...ends, origin: originsOf(documents, delivered, rows), otherEnvironment };
}

/** Few roots stand on millions of documents: each is judged once. */
function rootCheck(environment: Environment): (root: string | null) => boolean {
  const known = new Map<string | null, boolean>([[null, false]]);
  return (root) => {
    let accepted = known.get(root);
    if (accepted === undefined) {
      accepted = acceptsRoot(environment, root!);
      known.set(root, accepted);
    }
    return accepted;
  };
}

function keepFirst(
  delivery: DeliveredDocument,
  rows: Map<string, number>,
  documents: DeliveredDocument[],
  instants: number[],
): void {
  const at = deliveredMs(delivery);
  const row = rows.get(delivery.uniqueId);
  if (row === undefined) {
    rows.set(delivery.uniqueId, documents.length);
    documents.push(delivery);
    instants.push(at);
  } else if (isEarlier(at, delivery, instants[row]!, documents[row]!)) {
    documents[row] = delivery;
    instants[row] = at;
  }
}

function deliveredMs(delivery: DeliveredDocument): number {
  const at = Date.parse(delivery.deliveredAt);
  if (!Number.isNaN(at)) return at;
  throw indicatorError('indicators.fact-invalid', {
    kind: 'delivery',
    key: delivery.delivery,
    member: 'deliveredAt',
  });
}

function isEarlier(at: number, a: DeliveredDocument, otherAt: number, b: DeliveredDocument): boolean {
  if (at !== otherAt) return at < otherAt;
  return a.delivery === b.delivery ? JSON.stringify(a) < JSON.stringify(b) : a.delivery < b.delivery;
}

/** A replacement or a deletion ends its target whatever identity it bears itself: no doubt ever adds to a figure. */
function endsOf(
  deliveries: readonly DeliveredDocument[],
  rows: ReadonlyMap<string, number>,
): Pick<Versions, 'superseded' | 'deleted'> {
  const superseded = new Float64Array(rows.size).fill(Number.POSITIVE_INFINITY);
  const deleted = new Float64Array(rows.size).fill(Number.POSITIVE_INFINITY);
  for (const delivery of deliveries) {
    if (delivery.destination !== 'dmp' || delivery.operation === 'deposit') continue;
    const row = rows.get(endedBy(delivery) ?? '');
    if (row === undefined) continue;
    const ends = delivery.operation === 'delete' ? deleted : superseded;
    ends[row] = Math.min(ends[row]!, deliveredMs(delivery));
  }
  return { superseded, deleted };
}

/** uniqueId of the version that a replacement or deletion ends. A deletion without target is of the document it carries. */
export function endedBy({
  operation,
  target,
  uniqueId,
}: Pick<CountedDocument, 'operation' | 'target' | 'uniqueId'>): string | null {
  if (operation === 'delete') return target ?? uniqueId;
  return target === uniqueId ? null : target;
}

function originsOf(
  documents: readonly DeliveredDocument[],
  delivered: Float64Array,
  rows: ReadonlyMap<string, number>,
): Int32Array {
  const origin = Int32Array.from(documents, (document, row) => {
    const parent = document.operation === 'replace' ? rows.get(document.target ?? '') : undefined;
    return parent !== undefined && precedes(parent, row, documents, delivered) ? parent : row;
  });
  for (let row = 0; row < origin.length; row += 1) origin[row] = firstOf(origin, row);
  return origin;
}

/** A strict order, so that hostile replacement links make no circle. */
function precedes(
  a: number,
  b: number,
  documents: readonly DeliveredDocument[],
  delivered: Float64Array,
): boolean {
  if (delivered[a] !== delivered[b]) return delivered[a]! < delivered[b]!;
  return documents[a]!.uniqueId < documents[b]!.uniqueId;
}

/** Follows a series to its first version and shortens the way for those that follow it later. */
function firstOf(origin: Int32Array, row: number): number {
  let first = row;
  while (origin[first] !== first) first = origin[first]!;
  for (let at = row; at !== first; ) {
    const next = origin[at]!;
    origin[at] = first;
    at = next;
  }
  return first;
}

/** What can be known at an observation. Both instants are exclusive. */
export interface Observation {
  /** What was accepted before this counts: the observation instant. */
  beforeMs: number;
  /** What happened from here on is not known yet. */
  unknownFromMs: number;
}

/** Where a version stands at an observation; only `live` may count. */
export type Standing = 'live' | 'late' | 'replaced' | 'deleted' | 'unknown-yet';

export function standingOf(
  versions: Versions,
  row: number,
  { beforeMs, unknownFromMs }: Observation,
  settings: { replacementDate: 'first' | 'last'; deletedCounts: boolean },
): Standing {
  const delivered = versions.delivered[row]!;
  if (delivered >= beforeMs) return delivered >= unknownFromMs ? 'unknown-yet' : 'late';
  const replacedBefore = settings.replacementDate === 'last' ? unknownFromMs : beforeMs;
  if (versions.superseded[row]! < replacedBefore) return 'replaced';
  return versions.deleted[row]! < beforeMs && !settings.deletedCounts ? 'deleted' : 'live';
}
