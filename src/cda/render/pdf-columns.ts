import type { Block, Cell, Table } from './model.ts';
import type { Fonts } from './pdf-fonts.ts';
import { widthsOf } from './pdf-lines.ts';

/** How the columns of a table share a page: widths and size of text in points. */
export interface Columns {
  widths: number[];
  size: number;
}

/** Sizes that are tried, from the one of the text down to the smallest that is still read. */
const SIZES = [9, 8, 7, 6];

/** What a column would like, padding included: room for its longest word, and for its longest line. */
interface Wish {
  least: number;
  most: number;
}

/** The largest size of text at which no word is cut, or else the smallest. */
export function columnsOf(table: Table, width: number, padding: number, fonts: Fonts): Columns {
  if (table.even) return { size: 8, widths: Array(table.columns).fill(width / table.columns) };
  const narrow = SIZES.map((size) => ({ size, wishes: wishesOf(table, size, padding, fonts) }));
  const chosen = narrow.find(({ wishes }) => sum(wishes, 'least') <= width) ?? narrow.at(-1)!;
  return { size: chosen.size, widths: shared(chosen.wishes, width) };
}

function sum(wishes: readonly Wish[], end: keyof Wish): number {
  return wishes.reduce((total, wish) => total + wish[end], 0);
}

/** What is over goes to each in proportion to what it still would like. */
function shared(wishes: readonly Wish[], width: number): number[] {
  const [least, most] = [sum(wishes, 'least'), sum(wishes, 'most')];
  if (most <= width) return wishes.map((wish) => wish.most * Math.min(width / most, WIDEST));
  if (least >= width) return wishes.map((wish) => (wish.least * width) / least);
  return wishes.map((wish) => wish.least + ((wish.most - wish.least) * (width - least)) / (most - least));
}

/** A small table is not spread over the whole page. */
const WIDEST = 1.5;

function wishesOf(table: Table, size: number, padding: number, fonts: Fonts): Wish[] {
  const wishes = Array.from({ length: table.columns }, () => ({
    least: 2 * padding + 4,
    most: 2 * padding + 4,
  }));
  const cells = table.rows.flat();
  for (const cell of cells)
    if (cell.columnSpan === 1) widen([wishes[cell.column]!], wishOf(cell, size, padding, fonts));
  for (const cell of cells)
    if (cell.columnSpan > 1)
      widen(wishes.slice(cell.column, cell.column + cell.columnSpan), wishOf(cell, size, padding, fonts));
  return wishes;
}

const ENDS = ['least', 'most'] as const;

function widen(wishes: Wish[], wish: Wish): void {
  for (const end of ENDS) {
    const lack = wish[end] - sum(wishes, end);
    if (lack > 0) for (const one of wishes) one[end] += lack / wishes.length;
  }
}

function wishOf(cell: Cell, size: number, padding: number, fonts: Fonts): Wish {
  const wishes = cell.blocks.map((block) => blockWish(block, size, fonts));
  return {
    least: 2 * padding + Math.max(0, ...wishes.map(({ least }) => least)) + 0.01,
    most: 2 * padding + Math.max(0, ...wishes.map(({ most }) => most)) + 0.01,
  };
}

/** A longer word is an address: it is cut rather than that everything else is written small. */
const LONGEST_WORD = 110;

function textWish({ least, most }: Wish): Wish {
  return { least: Math.min(least, LONGEST_WORD), most };
}

const PICTURE_WIDTH = 90;
const REMARK_WIDTH = 120;
const INDENT = 16;

function blockWish(block: Block, size: number, fonts: Fonts): Wish {
  switch (block.kind) {
    case 'paragraph':
      return textWish(widthsOf(block.inlines, size, fonts));
    case 'list': {
      const wishes = block.items.flat().map((one) => blockWish(one, size, fonts));
      return {
        least: INDENT + Math.max(0, ...wishes.map(({ least }) => least)),
        most: INDENT + Math.max(0, ...wishes.map(({ most }) => most)),
      };
    }
    case 'picture':
      return { least: Math.min(PICTURE_WIDTH, block.picture.width), most: block.picture.width * 0.75 };
    case 'remark':
      return { least: 40, most: REMARK_WIDTH };
    case 'table':
      return { least: REMARK_WIDTH, most: 2 * REMARK_WIDTH };
  }
}
