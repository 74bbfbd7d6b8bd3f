import { HoldWatch } from '../delivery/hold-watch.ts';
import { deliveryLimits } from '../delivery/limits.ts';
import { Previews } from '../delivery/retries/preview.ts';
import type { RetryTools } from '../delivery/retries/retries.ts';
import { RetryRunner } from '../delivery/retries/runner.ts';
import type { Sending } from '../delivery/scheduler.ts';
import { bringBack } from '../delivery/set-back.ts';
import { clockBehindMs } from '../ledger/ahead.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Clock } from '../words/clock.ts';
import type { Incidents } from '../words/incident.ts';
import { raiseFailure } from './alarms/raising.ts';
import type { Config } from './config.ts';

/** What makes deliveries that wait go on: holds at their date, runs of retries, and the clock that was ahead. */
export interface Waiting {
  retries: RetryTools;
  /** The clock was set back by so many milliseconds: what it put off while it was ahead is brought back. */
  setBack(byMs: number): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

export function openWaiting(
  { establishments }: Config,
  clock: Clock,
  ledger: Ledger,
  scheduler: Sending,
  incidents: Incidents,
): Waiting {
  const parts = {
    ...{ ledger, clock, establishments: establishments.map(({ id }) => id) },
    interrupt: (delivery: string) => scheduler.interrupt(delivery),
    onError: (error: unknown) => raiseFailure(incidents, 'delivery', error),
  };
  const holds = new HoldWatch({ ...parts, incidents, onEnded: () => scheduler.poke() });
  const runner = new RetryRunner({ ...parts, onOpened: () => scheduler.poke() });
  const setBack = async (byMs: number) => {
    for (const id of parts.establishments) await bringBack(parts, id, byMs);
    scheduler.poke();
  };
  /** While nothing ran nobody saw the clock go back; what was written last tells of it. */
  const setBackMeanwhile = async () => {
    for (const id of parts.establishments) {
      const byMs = await clockBehindMs(ledger.of(id), clock.now());
      if (byMs >= deliveryLimits.clockSlackMs.value) await bringBack(parts, id, byMs);
    }
    scheduler.poke();
  };
  let starting: Promise<void> = Promise.resolve();
  return {
    setBack,
    retries: { ...parts, previews: new Previews(ledger, clock), onRunning: () => runner.poke() },
    start() {
      starting = setBackMeanwhile().catch(parts.onError);
      holds.start();
      runner.poke();
    },
    async stop() {
      await Promise.all([starting, holds.stop(), runner.stop()]);
    },
  };
}
