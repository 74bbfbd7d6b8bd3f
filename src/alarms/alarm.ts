import type { Role } from '../words/establishment.ts';
import type { IncidentKind, Severity } from '../words/incident.ts';

/** One incident, from when it was first seen until it had been over for long enough. Instants in ms since 1970, UTC. */
export interface Alarm {
  id: string;
  kind: IncidentKind;
  subject: string;
  /** Null for the whole installation. */
  establishment: string | null;
  severity: Severity;
  role: Role;
  code: string | null;
  facts: Record<string, string | number>;
  /** How far it has come, where its source says so; told again when it changes. */
  step: string | null;
  openedAtMs: number;
  lastSeenAtMs: number;
  /** How often it was seen. */
  observations: number;
  /** How often it came back soon after it had been closed: each time it must be over for longer. */
  returns: number;
  /** Since when nothing is wrong any more; null while something is. */
  calmSinceMs: number | null;
  closedAtMs: number | null;
  /** When it was last told; null when it never was. */
  toldAtMs: number | null;
  acknowledged: { by: string; atMs: number } | null;
  silenced: Silence | null;
}

/** Nothing is told of an incident until then. */
export interface Silence {
  by: string;
  untilMs: number;
  reason: string;
}

/** What is told of an alarm: it opened, grew worse or went a step on, is still there, is over. */
export type AlarmEvent = 'opened' | 'worse' | 'still-open' | 'closed';

export const SEVERITIES: readonly Severity[] = ['information', 'morning', 'call-now'];

/** Under which an incident is one: a thousand observations with the same key are one alarm. */
export function keyOf({ kind, subject, establishment }: Pick<Alarm, 'kind' | 'subject' | 'establishment'>) {
  return JSON.stringify([kind, establishment, subject]);
}

export function isSilent({ silenced }: Alarm, nowMs: number): boolean {
  return silenced !== null && silenced.untilMs > nowMs;
}
