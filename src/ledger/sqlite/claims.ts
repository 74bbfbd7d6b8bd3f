import type { Claim, Claimed, Queue, Serving } from '../ledger.ts';
import { ledgerLimits } from '../limits.ts';
import type { Row } from '../project.ts';
import type { Database } from './database.ts';
import { type Leases, NOT_LEASED } from './leases.ts';

const QUEUES: readonly Queue[] = ['live', 'retried', 'late', 'historic'];

/** Identifiers of the destinations for which something may be due, each found by one look into the index. */
const DESTINATIONS = `WITH RECURSIVE found(id) AS (
    SELECT (${next('?')}) UNION ALL SELECT (${next('found.id')}) FROM found WHERE found.id IS NOT NULL)
  SELECT id FROM found WHERE id IS NOT NULL`;

function next(after: string): string {
  return `SELECT destination_id FROM p_deliveries WHERE state IN ('due', 'ambiguous') AND destination_id > ${after}
    AND destination_id < ? ORDER BY destination_id LIMIT 1`;
}

const OF_QUEUE = `SELECT establishment, id, state, destination_id FROM p_deliveries WHERE state IN ('due', 'ambiguous')
  AND destination_id = ? AND lane = ? AND due_at_ms > ? AND due_at_ms <= ? AND ${NOT_LEASED} ORDER BY due_at_ms, seq LIMIT ?`;

/** Holds that have ended: free to go by themselves. */
const HELD = `SELECT establishment, id, state, destination_id FROM p_deliveries WHERE kind = ? AND state = 'waiting'
  AND waits_for IS NULL AND due_at_ms <= ? AND ${NOT_LEASED} ORDER BY due_at_ms LIMIT ?`;

/** What was being sent by a worker that did not come back. */
const ABANDONED = `SELECT establishment, id, state, destination_id FROM p_deliveries WHERE establishment = ? AND state = 'sending'
  AND kind = ? AND ${NOT_LEASED} ORDER BY seq LIMIT ?`;

/** Takes deliveries whose time has come, destination by destination and queue by queue. */
export class Claims {
  readonly #database: Database;
  readonly #leases: Leases;
  readonly #establishments: readonly string[];
  /** When abandoned work of each kind was last looked for; absent: it must be looked for at the next claim. */
  readonly #lookedAtMs = new Map<Claim['kind'], number>();

  constructor(database: Database, leases: Leases, establishments: readonly string[]) {
    this.#database = database;
    this.#leases = leases;
    this.#establishments = establishments;
  }

  take(claim: Claim): Claimed[] {
    const taken = this.#toWriteDown(claim);
    for (const destination of this.#destinations(claim)) {
      const serving = servingOf(claim, destination);
      if (serving) this.#serve(claim, destination, serving, taken);
    }
    return taken;
  }

  /** Work was given back as it stood: it may be found at once. */
  gaveBack(): void {
    this.#lookedAtMs.clear();
  }

  /** What needs no destination comes first: nothing leaves by it. */
  #toWriteDown({ kind, nowMs, leaseMs, limit }: Claim): Claimed[] {
    const rows = this.#database.all(HELD, kind, nowMs, nowMs, limit);
    if (rows.length < limit) rows.push(...this.#abandoned(kind, nowMs, limit - rows.length));
    return rows.map((row) => this.#lease(row, null, nowMs + leaseMs));
  }

  /** Only the end of a lease makes it: looking for it at every claim would go through all that is under way each time. */
  #abandoned(kind: Claim['kind'], nowMs: number, limit: number): Row[] {
    const since = nowMs - (this.#lookedAtMs.get(kind) ?? Number.NEGATIVE_INFINITY);
    if (since >= 0 && since < ledgerLimits.abandonedMs.value) return [];
    const rows: Row[] = [];
    for (const establishment of this.#establishments)
      if (rows.length < limit)
        rows.push(...this.#database.all(ABANDONED, establishment, kind, nowMs, limit - rows.length));
    if (rows.length < limit) this.#lookedAtMs.set(kind, nowMs);
    else this.#lookedAtMs.delete(kind);
    return rows;
  }

  #destinations({ kind, after = '' }: Claim): string[] {
    const [from, to] = [`${kind}.`, `${kind}/`];
    const ids = this.#database.all(DESTINATIONS, from, to, to).map(({ id }) => String(id));
    const first = ids.findIndex((id) => id > after);
    return first <= 0 ? ids : [...ids.slice(first), ...ids.slice(0, first)];
  }

  #serve(claim: Claim, destination: string, serving: Serving, taken: Claimed[]): void {
    let left = Math.min(serving.limit, claim.limit - taken.length);
    let kept = serving.keptForLive ?? 0;
    for (const { queue, limit } of serving.queues) {
      const room = queue === 'live' ? left : left - kept;
      const rows = this.#rowsOf(destination, queue, claim.nowMs, Math.min(room, limit));
      for (const row of rows) taken.push(this.#lease(row, queue, claim.nowMs + claim.leaseMs));
      left -= rows.length;
      if (queue === 'live') kept = Math.max(0, kept - rows.length);
    }
  }

  #rowsOf(destination: string, queue: Queue, nowMs: number, limit: number): Row[] {
    if (limit <= 0) return [];
    const lateMs = nowMs - ledgerLimits.lateMs.value;
    const lane = queue === 'late' ? 'live' : queue;
    const [from, to] = [queue === 'live' ? lateMs : -1, queue === 'late' ? lateMs : nowMs];
    return this.#database.all(OF_QUEUE, destination, lane, from, to, nowMs, limit);
  }

  #lease(row: Row, queue: Queue | null, untilMs: number): Claimed {
    const [establishment, delivery] = [String(row.establishment), String(row.id)];
    const token = this.#leases.take(establishment, { delivery }, untilMs);
    const state = row.state as Claimed['state'];
    return { establishment, state, delivery, token, destination: String(row.destination_id), queue };
  }
}

function servingOf({ serve, others, limit }: Claim, destination: string): Serving | null {
  const named = serve?.[destination];
  if (named !== undefined) return named;
  return others ?? { limit, queues: QUEUES.map((queue) => ({ queue, limit })) };
}
