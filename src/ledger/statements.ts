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
