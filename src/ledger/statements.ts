/** One statement of portable SQL with its values; whoever runs it gives back the rows. */
export interface Statement {
  sql: string;
  values: readonly (string | number | null)[];
}

export type Row = Readonly<Record<string, unknown>>;

/** Statements, and the rows they gave, in turn: the same projection is driven by a synchronous and an asynchronous store. */
export type Projection = Generator<Statement, void, Row[]>;

export function statement(sql: string, ...values: (string | number | null)[]): Statement {
  return { sql, values };
}

/** Deliveries to the DMP that have not ended, of the submissions `b` that meet a condition. */
export function openDeliveries(condition: string): string {
  return `SELECT * FROM p_deliveries WHERE establishment = ? AND kind = 'dmp' AND state <> 'final' AND id IN
    (SELECT delivery FROM p_submission_deliveries WHERE establishment = ? AND joined = 0 AND submission IN
      (SELECT b.id FROM p_submissions b WHERE b.establishment = ? AND ${condition}))`;
}
