import { queuedAhead } from '../ledger/ahead.ts';
import type { NewEvent } from '../ledger/ledger.ts';
import type { DeliveryRow } from '../ledger/views.ts';
import { instant } from '../words/clock.ts';
import { type Commands, decide } from './commands.ts';
import { deliveryLimits } from './limits.ts';

/** Decided side by side, so that their appends share a sync. */
const AT_ONCE = 50;

/**
 * Brings back what was put off by a clock that was ahead and has been set back: each leaves when it would have by the clock as
 * it is now. What was put off before or since keeps its instant.
 * @param byMs how far the clock was set back
 * @returns how many were brought back
 */
export async function bringBack(commands: Commands, establishment: string, byMs: number): Promise<number> {
  const view = commands.ledger.of(establishment);
  const ids = await queuedAhead(view, commands.clock.now(), deliveryLimits.clockSlackMs.value);
  for (let from = 0; from < ids.length; from += AT_ONCE)
    await Promise.all(
      ids
        .slice(from, from + AT_ONCE)
        .map((id) => decide(commands, establishment, id, (now) => earlier(now, byMs, commands.clock.now()))),
    );
  return ids.length;
}

function earlier(now: DeliveryRow, byMs: number, nowMs: number): NewEvent[] {
  const { id: delivery, state, dueAtMs, accepted, doubt } = now;
  if ((state !== 'due' && state !== 'ambiguous') || accepted || dueAtMs === null || dueAtMs <= nowMs)
    return [];
  if (state === 'due' && doubt) return [];
  const code = now.code ?? 'delivery.clock-set-back';
  const why = { code, class: 'transient' as const, charged: false, receipt: null };
  const data = { delivery, ...why, dueAt: instant(Math.max(nowMs, dueAtMs - byMs)) };
  return [{ type: state === 'due' ? 'delivery.deferred' : 'delivery.in-doubt', data }];
}
