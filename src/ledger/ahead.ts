import type { LedgerView } from './view.ts';

/**
 * Deliveries that were put in a queue for an instant to come by a clock that was ahead of ours: what was last written of them
 * is dated later than now, and they are due no sooner than that, but for `slackMs`.
 */
export async function queuedAhead(view: LedgerView, nowMs: number, slackMs: number): Promise<string[]> {
  const found = await view.ask(QUEUED_AHEAD, nowMs);
  return found
    .filter(
      ({ at, due }) => Date.parse(String(at)) > nowMs && Number(due) >= Date.parse(String(at)) - slackMs,
    )
    .map(({ id }) => String(id));
}

const QUEUED_AHEAD = `SELECT d.id, d.due_at_ms AS due, (SELECT e.at FROM event_streams s
    JOIN events e ON e.establishment = s.establishment AND e.seq = s.seq
    WHERE s.establishment = d.establishment AND s.stream = 'delivery:' || d.id ORDER BY s.seq DESC LIMIT 1) AS at
  FROM p_deliveries d WHERE d.establishment = ? AND d.state IN ('due', 'ambiguous') AND d.accepted IS NULL AND d.due_at_ms > ?`;

/** By how many milliseconds the clock stands behind what was last written; 0 when it does not. */
export async function clockBehindMs(view: LedgerView, nowMs: number): Promise<number> {
  const [last] = await view.ask('SELECT at FROM events WHERE establishment = ? ORDER BY seq DESC LIMIT 1');
  return last === undefined ? 0 : Math.max(0, Date.parse(String(last.at)) - nowMs);
}
