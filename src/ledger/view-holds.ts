import { visitKey } from '../words/movement.ts';
import type { StayReference } from '../words/request.ts';
import type { Stay } from '../words/stay.ts';
import * as rows from './rows.ts';
import type { Row } from './statements.ts';
import type { DeliveryRow } from './views.ts';

/** The readings about holds, of one establishment. */
export class HoldView {
  readonly #establishment: string;
  readonly #all: (sql: string, ...values: (string | number | null)[]) => Promise<Row[]>;

  /** @param all reads rows by a statement whose first value, the establishment, it gives itself */
  constructor(
    establishment: string,
    all: (sql: string, ...values: (string | number | null)[]) => Promise<Row[]>,
  ) {
    this.#establishment = establishment;
    this.#all = all;
  }

  /** Deliveries under a hold whose date has come, those excepted that the scheduler takes. */
  async due(nowMs: number): Promise<DeliveryRow[]> {
    const sql = `SELECT * FROM p_deliveries WHERE establishment = ? AND hold IS NOT NULL AND hold_until_ms <= ?
      AND state NOT IN ('final', 'sending') AND NOT (state = 'waiting' AND waits_for IS NULL) ORDER BY hold_until_ms LIMIT 500`;
    return (await this.#all(sql, nowMs)).map(rows.delivery);
  }

  /** Codes of the unit that is responsible for a stay, as movements and files last said, and its site. */
  async unitsOf({ finessEg, number, visit }: StayReference): Promise<string[]> {
    const here = this.#establishment;
    const found = await this.#all(
      `SELECT row FROM p_visits WHERE establishment = ? AND visit IN
         (SELECT visit FROM p_visits WHERE establishment = ? AND finess_eg = ? AND stay_no = ?
          UNION ALL SELECT ?)
       UNION ALL SELECT row FROM p_stays WHERE establishment = ? AND finess_eg = ? AND stay_no = ?`,
      ...[here, finessEg, number, visitKey({ finessEg, stayNo: number, visitNo: visit })],
      ...[here, finessEg, number],
    );
    const units = found.flatMap(({ row }) =>
      row === null ? [] : [(JSON.parse(String(row)) as Stay).specialty],
    );
    return [finessEg, ...units.filter((unit) => unit !== null)];
  }
}
