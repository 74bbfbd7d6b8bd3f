import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Keeping, type Swept } from '../ledger/keeping.ts';
import type { Ledger, Reclaimed } from '../ledger/ledger.ts';
import type { Clock } from '../words/clock.ts';
import type { Incidents } from '../words/incident.ts';
import { raiseFailure } from './alarms/raising.ts';
import type { Config } from './config.ts';

/** Between two steps of a sweep, so that it takes a small part of the processor only. Milliseconds. */
const PAUSE_MS = 20;

/** Before the first sweep after a start: one that is started again each night sweeps too. */
const FIRST_MS = 600_000;

/** The sweeps of a ledger by the times that are configured. */
export function keepingOf(config: Config, clock: Clock, ledger: Ledger, pauseMs = PAUSE_MS): Keeping {
  return new Keeping({
    ...{ ledger, clock, policy: config.retention.policy },
    establishments: config.establishments.map(({ id }) => id),
    pause: () => wait(pauseMs),
  });
}

/** Sweeps at its hours while the gateway runs. @returns a function that ends it after the step under way */
export function keepRegularly(
  config: Config,
  clock: Clock,
  ledger: Ledger,
  log: Logger,
  incidents: Incidents,
): () => Promise<void> {
  const keeping = keepingOf(config, clock, ledger);
  let cancel = () => {};
  let stopped = false;
  const next = (afterMs = config.retention.sweepMs) => {
    if (stopped) return;
    cancel = clock.after(afterMs, async () => {
      await keeping.sweep().then(
        (done) => tell(log, done),
        (error: unknown) => raiseFailure(incidents, 'ledger', error),
      );
      next();
    });
  };
  next(Math.min(config.retention.sweepMs, FIRST_MS));
  return async () => {
    stopped = true;
    cancel();
    await keeping.stop();
  };
}

function tell(log: Logger, { swept, reclaimed }: { swept: Swept[]; reclaimed: Reclaimed }): void {
  for (const one of swept) log.info(one, 'destroyed at the end of its retention');
  if (reclaimed.files > 0) log.info(reclaimed, 'space freed');
}
