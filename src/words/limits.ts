/** A named cap with its unit and its reason. `docs/limits.md` is made of these tables; tests stand at cap and cap + 1. */
export interface Limit {
  value: number;
  unit: string;
  why: string;
}

export type LimitTable = Readonly<Record<string, Limit>>;

/** Keeps the names of a room's limits as literal types. */
export function limits<const L extends LimitTable>(table: L): L {
  return table;
}
