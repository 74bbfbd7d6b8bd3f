import type { Logger } from 'pino';
import type { Ledger } from '../ledger/ledger.ts';
import { ledgerLimits } from '../ledger/limits.ts';
import type { Clock } from '../words/clock.ts';
import type { Incidents } from '../words/incident.ts';
import { raiseFailure, raiseWitnesses } from './alarms/raising.ts';
import { nameOf } from './log.ts';
import type { Couriers } from './witnesses/couriers.ts';

/** Seals what is not sealed yet, each minute, and tells when that or a witness fails. */
export function sealRegularly(
  ledger: Ledger,
  couriers: Couriers,
  clock: Clock,
  log: Logger,
  incidents: Incidents,
  onSealed: () => void,
): () => void {
  let cancel = () => {};
  let stopped = false;
  const next = () => {
    if (stopped) return;
    cancel = clock.after(ledgerLimits.sealSeconds.value * 1000, async () => {
      await ledger.seal(clock.now()).then(onSealed, (error: unknown) => {
        log.error({ error: nameOf(error) }, 'sealing failed');
        raiseFailure(incidents, 'ledger', error);
      });
      const failures = [...(await ledger.witnessFailures().catch(() => [])), ...(await couriers.run())];
      for (const why of failures) log.error({ why }, 'a witness could not be written');
      raiseWitnesses(incidents, failures);
      next();
    });
  };
  next();
  return () => {
    stopped = true;
    cancel();
  };
}
