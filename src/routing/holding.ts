import { instant } from '../words/clock.ts';
import { type AskedHold, type Hold, type HoldRule, wholeHold } from '../words/hold.ts';
import type { Operation } from '../words/request.ts';

/** What rules that hold look at. */
export interface Holdable {
  establishment: string;
  sender: string;
  operation: Operation;
  /** Type codes of its documents. */
  types: readonly string[];
  /** Responsible unit and site of its stay, as far as they are known. */
  units: readonly string[];
}

/**
 * The hold of a submission at its arrival: of the one asked for and those of the rules that concern it, the one that lasts
 * longest. A deletion is held by its own request only: it is what takes a wrong document away.
 */
export function holdOf(
  asked: AskedHold | null,
  rules: readonly HoldRule[],
  about: Holdable,
  nowMs: number,
): Hold | null {
  const ruled = about.operation === 'delete' ? [] : rules.filter((rule) => concerns(rule, about));
  const holds = [...(asked ? [wholeHold(asked)] : []), ...ruled.map((rule) => placed(rule, nowMs))];
  const [longest = null] = holds
    .filter(({ until }) => Date.parse(until) > nowMs)
    .toSorted((a, b) => Date.parse(b.until) - Date.parse(a.until));
  return longest;
}

function concerns({ establishment, sender, type, unit }: HoldRule, about: Holdable): boolean {
  return (
    (establishment ?? about.establishment) === about.establishment &&
    (sender ?? about.sender) === about.sender &&
    (type === undefined || about.types.includes(type)) &&
    (unit === undefined || about.units.includes(unit))
  );
}

function placed({ reason, forMs, until, atEnd }: HoldRule, nowMs: number): Hold {
  return { reason, until: until ?? instant(nowMs + forMs!), atEnd, origin: 'rule', by: null };
}
