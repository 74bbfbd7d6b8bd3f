import type { Cell, Table } from './model.ts';
import { type Piece, piecesOf, textPieces } from './pdf-blocks.ts';
import { type Columns, columnsOf } from './pdf-columns.ts';
import { PAGE, type Paper, type Tag, TEXT_HEIGHT, TEXT_WIDTH } from './pdf-paper.ts';

const PADDING = 3;
const LEAST_ROW = 12;
/** A table begins where so many points are left: its head and a row of one line. */
export const TABLE_LEAD = 4 * LEAST_ROW;
const RULE_INK = '#c3ccd5';
const HEAD_FILL = '#eef1f4';

/** A cell that has begun and not ended: its pieces, the next of them, and where that goes on this page. */
interface Live {
  cell: Cell;
  x: number;
  width: number;
  pieces: Piece[];
  next: number;
  pen: number;
  /** Where its part on this page begins. */
  top: number;
  lastRow: number;
}

/**
 * Draws a table. A row goes to the next page as a whole when it fits there, and is divided when it is higher than a page;
 * the rows that head the table are repeated. Rows are laid out one after the other: a long table is never held as a whole.
 */
export class TablePainter {
  readonly #paper: Paper;
  readonly #table: Table;
  readonly #columns: Columns;
  readonly #tag: Tag | null;
  #live: Live[] = [];
  #repeated = false;
  /** Where the rows begin on this page. */
  #top = 0;

  constructor(table: Table, tag: Tag | null, paper: Paper) {
    this.#table = table;
    this.#paper = paper;
    this.#columns = columnsOf(table, TEXT_WIDTH, PADDING, paper.fonts);
    if (table.caption)
      for (const piece of textPieces(table.caption, { width: TEXT_WIDTH, size: 9, tag }, paper))
        place(piece, paper);
    this.#tag = paper.tag('Table', tag);
  }

  draw(): void {
    const { rows, headRows } = this.#table;
    this.#paper.reserve(TABLE_LEAD);
    this.#top = this.#paper.y;
    rows.forEach((row, index) => {
      this.#row(row, index);
      if (index === headRows - 1) this.#repeated = this.#paper.y - this.#top < TEXT_HEIGHT / 3;
    });
    this.#tag?.end();
  }

  #row(row: readonly Cell[], index: number): void {
    const tag = this.#paper.tag('TR', this.#tag);
    const begun = row.map((cell) => this.#begin(cell, index, tag));
    this.#live.push(...begun);
    let moved = false;
    for (;;) {
      const bottom = this.#bottomOf(index);
      if (bottom <= this.#paper.bottom) {
        this.#end(index, bottom);
        if (row.every(({ rowSpan }) => rowSpan === 1)) tag?.end();
        return;
      }
      if (!moved && this.#paper.y > this.#top && bottom - this.#paper.y < TEXT_HEIGHT * 0.6) {
        moved = true;
        this.#turn(
          this.#paper.y,
          this.#live.filter((one) => !begun.includes(one)),
        );
      } else this.#turn(this.#paper.bottom, this.#live);
    }
  }

  #begin(cell: Cell, row: number, tag: Tag | null): Live {
    const { widths, size } = this.#columns;
    const sum = (from: number, to: number) =>
      widths.slice(from, to).reduce((total, width) => total + width, 0);
    const width = sum(cell.column, cell.column + cell.columnSpan);
    const own = this.#paper.tag(cell.head ? 'TH' : 'TD', tag);
    return {
      cell,
      x: PAGE.margin + sum(0, cell.column),
      width,
      pieces: piecesOf(
        cell.blocks,
        { width: width - 2 * PADDING, size, tag: own, align: cell.align },
        this.#paper,
      ),
      next: 0,
      pen: this.#paper.y + PADDING,
      top: this.#paper.y,
      lastRow: row + cell.rowSpan - 1,
    };
  }

  /** Where a row ends: under the last piece of every cell that ends in it. */
  #bottomOf(row: number): number {
    const ends = this.#live
      .filter(({ lastRow }) => lastRow === row)
      .map((one) => one.pen + left(one) + PADDING);
    return Math.max(this.#paper.y + LEAST_ROW, ...ends);
  }

  #end(row: number, bottom: number): void {
    const ending = this.#live.filter(({ lastRow }) => lastRow === row);
    this.#frames(ending, bottom);
    for (const one of ending) this.#pieces(one, Number.POSITIVE_INFINITY);
    this.#live = this.#live.filter(({ lastRow }) => lastRow !== row);
    this.#paper.y = bottom;
  }

  /** Draws what fits above `bottom` of cells whose part on this page ends there, and goes on with all on the next page. */
  #turn(bottom: number, parts: readonly Live[]): void {
    this.#frames(
      parts.filter(({ top }) => top < bottom),
      bottom,
    );
    const before = parts.reduce((sum, { next }) => sum + next, 0);
    for (const one of parts) this.#pieces(one, bottom - PADDING);
    const stuck = this.#paper.y === this.#top && parts.reduce((sum, { next }) => sum + next, 0) === before;
    if (stuck) for (const one of parts) this.#one(one);
    this.#paper.turn();
    this.#repeatHead();
    this.#top = this.#paper.y;
    for (const one of this.#live) Object.assign(one, { top: this.#paper.y, pen: this.#paper.y + PADDING });
  }

  #pieces(one: Live, bottom: number): void {
    while (one.next < one.pieces.length && one.pen + one.pieces[one.next]!.height <= bottom) this.#one(one);
  }

  #one(one: Live): void {
    const piece = one.pieces[one.next];
    if (!piece) return;
    piece.draw(one.x + PADDING, one.pen);
    one.pen += piece.height;
    one.next += 1;
  }

  #frames(parts: readonly Live[], bottom: number): void {
    const shown = parts.filter(({ cell }) => this.#table.ruled || cell.head);
    if (shown.length === 0) return;
    const { doc } = this.#paper;
    this.#paper.draw(null, () => {
      for (const { cell, x, width, top } of shown) {
        if (cell.head) doc.rect(x, top, width, bottom - top).fill(HEAD_FILL);
        doc
          .lineWidth(0.5)
          .rect(x, top, width, bottom - top)
          .stroke(RULE_INK);
      }
    });
  }

  /** The rows that head the table once more, as ornaments: a screen reader has read them. */
  #repeatHead(): void {
    if (!this.#repeated) return;
    const live = this.#live;
    this.#live = [];
    this.#table.rows.slice(0, this.#table.headRows).forEach((row, index) => {
      this.#live.push(...row.map((cell) => this.#begin(cell, index, null)));
      const bottom = this.#bottomOf(index);
      const ending = this.#live.filter(({ lastRow }) => lastRow === index);
      this.#frames(ending, bottom);
      for (const one of ending) while (one.next < one.pieces.length) this.#one(one);
      this.#live = this.#live.filter(({ lastRow }) => lastRow !== index);
      this.#paper.y = bottom;
    });
    this.#live = live;
  }
}

function left({ pieces, next }: Live): number {
  let height = 0;
  for (let index = next; index < pieces.length; index += 1) height += pieces[index]!.height;
  return height;
}

/** Draws a piece under the last one, on the next page when there is no room. */
export function place(piece: Piece, paper: Paper): void {
  paper.reserve(piece.height);
  piece.draw(PAGE.margin, paper.y);
  paper.y += piece.height;
}
