import { deliveryLimits } from '../delivery/limits.ts';
import { parseSchedule } from '../delivery/schedule.ts';
import { isInstant } from '../words/clock.ts';
import type { HoldRule } from '../words/hold.ts';
import type { Config } from './config.ts';
import type { ConfigFile } from './config-schema.ts';
import { gatewayError } from './errors.ts';

const DAY_MS = 86_400_000;

/** Rules that hold what arrives, as the file names them. */
export function holdsOf({ holds = [] }: ConfigFile): HoldRule[] {
  return holds.map(({ for: lasting, atEnd = 'release', ...rule }) => ({
    ...rule,
    atEnd,
    ...(lasting === undefined
      ? {}
      : { forMs: parseSchedule(lasting).waitsMs.reduce((sum, ms) => sum + ms, 0) }),
  }));
}

/**
 * A rule says what it concerns and for how long, and names what is configured.
 * @throws ViaducError `config.malformed`
 */
export function checkHolds({ holds, establishments, senders }: Config, file: string): void {
  holds.forEach((rule, index) => {
    const what = complaintOf(rule, {
      establishments: new Set(establishments.map(({ id }) => id)),
      senders: new Set(senders.map(({ id }) => id)),
    });
    if (what) throw gatewayError('config.malformed', { file, what: `holds.${index}: ${what}` });
  });
}

function complaintOf(
  { establishment, sender, type, unit, forMs, until }: HoldRule,
  known: { establishments: ReadonlySet<string>; senders: ReadonlySet<string> },
): string | null {
  const days = deliveryLimits.holdDays.value;
  if ([establishment, sender, type, unit].every((one) => one === undefined))
    return 'one of establishment, sender, type, unit is needed';
  if ((forMs === undefined) === (until === undefined)) return 'either for or until is needed';
  if (forMs !== undefined && forMs > days * DAY_MS) return `for is longer than ${days} days`;
  if (until !== undefined && !isInstant(until))
    return `until '${until}' is no ISO 8601 instant with its offset`;
  if (establishment !== undefined && !known.establishments.has(establishment))
    return `establishment '${establishment}' is not configured`;
  if (sender !== undefined && !known.senders.has(sender)) return `sender '${sender}' is not configured`;
  return null;
}
