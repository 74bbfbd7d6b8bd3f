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

type Columns = Readonly<Record<string, string | number | null>>;

/** Sets columns of the rows whose other columns are as given. */
export function update(table: string, set: Columns, where: Columns): Statement {
  const equals = (columns: Columns) => Object.keys(columns).map((column) => `${column} = ?`);
  const sql = `UPDATE ${table} SET ${equals(set).join(', ')} WHERE ${equals(where).join(' AND ')}`;
  return statement(sql, ...Object.values(set), ...Object.values(where));
}

/** Deliveries to the DMP that have not ended, of the submissions `b` that meet a condition. */
export function openDeliveries(condition: string): string {
  return `SELECT * FROM p_deliveries WHERE establishment = ? AND kind = 'dmp' AND state <> 'final' AND id IN
    (SELECT delivery FROM p_submission_deliveries WHERE establishment = ? AND joined = 0 AND submission IN
      (SELECT b.id FROM p_submissions b WHERE b.establishment = ? AND ${condition}))`;
}
