import { isDay, isInstant } from '../words/clock.ts';
import type { SubmissionRequest } from '../words/request.ts';
import { intakeError } from './errors.ts';

/**
 * Refuses a request whose times cannot be read: a hold that nobody can date would hold nothing.
 * @throws ViaducError `request.malformed` with the member
 */
export function checkTimes({ hold, identity, stay }: SubmissionRequest): void {
  if (hold && !isInstant(hold.until)) throw malformed('hold.until', false);
  const days = {
    'identity.evidenceDate': identity.evidenceDate,
    'stay.admittedAt': stay?.admittedAt ?? null,
    'stay.dischargedAt': stay?.dischargedAt ?? null,
  };
  for (const [member, text] of Object.entries(days))
    if (text !== null && !isInstant(text) && !isDay(text)) throw malformed(member, true);
}

function malformed(where: string, dayToo: boolean) {
  const what = {
    fr: `n'est pas un instant ISO 8601 avec son décalage${dayToo ? ', ni un jour' : ''} (2026-11-25T08:30:00+01:00)`,
    en: `is no ISO 8601 instant with its offset${dayToo ? ', and no day' : ''} (2026-11-25T08:30:00+01:00)`,
  };
  return intakeError('request.malformed', { where, what });
}
