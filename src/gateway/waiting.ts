import { HoldWatch } from '../delivery/hold-watch.ts';
import { Previews } from '../delivery/retries/preview.ts';
import type { RetryTools } from '../delivery/retries/retries.ts';
import { RetryRunner } from '../delivery/retries/runner.ts';
import type { Scheduler } from '../delivery/scheduler.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Clock } from '../words/clock.ts';
import type { Incidents } from '../words/incident.ts';
import { raiseFailure } from './alarms/raising.ts';
import type { Config } from './config.ts';

/** What makes deliveries that wait go on: holds at their date, and runs of retries. */
export interface Waiting {
  retries: RetryTools;
  start(): void;
  stop(): Promise<void>;
}

export function openWaiting(
  { establishments }: Config,
  clock: Clock,
  ledger: Ledger,
  scheduler: Scheduler,
  incidents: Incidents,
): Waiting {
  const parts = {
    ...{ ledger, clock, establishments: establishments.map(({ id }) => id) },
    interrupt: (delivery: string) => scheduler.interrupt(delivery),
    onError: (error: unknown) => raiseFailure(incidents, 'delivery', error),
  };
  const holds = new HoldWatch({ ...parts, incidents, onEnded: () => scheduler.poke() });
  const runner = new RetryRunner({ ...parts, onOpened: () => scheduler.poke() });
  return {
    retries: { ...parts, previews: new Previews(ledger, clock), onRunning: () => runner.poke() },
    start() {
      holds.start();
      runner.poke();
    },
    async stop() {
      await Promise.all([holds.stop(), runner.stop()]);
    },
  };
}
