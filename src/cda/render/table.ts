import { raiser } from '../../words/errors.ts';
import { attribute, child } from '../../xml/select.ts';
import { ELEMENT, TEXT, type XmlElement } from '../../xml/tree.ts';
import { renderErrors } from '../errors.ts';
import { cdaLimits } from '../limits.ts';
import { Gathering, type Manner } from './inlines.ts';
import { type Block, BOLD, type Cell, type Inline, type Table } from './model.ts';
import { lookOf } from './styles.ts';

const raise = raiser(renderErrors);

/** What a table needs of the narrative around it. */
export interface TableReader {
  blocks(element: XmlElement, manner: Manner, depth: number): Block[];
  caption(element: XmlElement | null, manner: Manner): Inline[] | null;
  /** Counts a cell; false when there are too many. */
  cell(): boolean;
}

/** A row as the document has it, with what its group and itself say of it. */
interface Line {
  element: XmlElement;
  manner: Manner;
  align: Cell['align'];
  head: boolean;
}

/**
 * A table, and after it the text that stood between its parts, where no cell holds it.
 * @param manner that of the table
 */
export function readTable(element: XmlElement, reader: TableReader, manner: Manner, depth: number): Block[] {
  const stray = new Gathering();
  const groups = linesOf(element, manner, stray);
  const rows = groups.flatMap((lines) => placed(lines.map((line) => cellsOf(line, reader, depth, stray))));
  const table: Table = {
    kind: 'table',
    caption: reader.caption(child(element, 'caption'), manner),
    columns: rows.reduce(
      (most, row) => row.reduce((end, cell) => Math.max(end, cell.column + cell.columnSpan), most),
      0,
    ),
    ruled: attribute(element, 'border') !== '0' || groups.some((lines) => lines.some(({ head }) => head)),
    headRows: groups.flat().findIndex(({ head }) => !head),
    rows,
  };
  if (table.headRows < 0) table.headRows = rows.length;
  stray.flush();
  return rows.length > 0 ? [table, ...stray.blocks] : stray.blocks;
}

/** The rows in the order in which they are shown: those of `thead`, then the others, then those of `tfoot`. */
function linesOf(table: XmlElement, manner: Manner, stray: Gathering): Line[][] {
  const groups: Record<'thead' | 'tbody' | 'tfoot', Line[][]> = { thead: [], tbody: [], tfoot: [] };
  for (const node of table.children) {
    if (node.kind === TEXT) stray.text(node.value, manner);
    if (node.kind !== ELEMENT) continue;
    const { local } = node.name;
    if (local === 'thead' || local === 'tbody' || local === 'tfoot')
      groups[local].push(linesIn(node, manner, stray));
    else if (local === 'tr') groups.tbody.push([lineOf(node, manner, 'left', false)]);
  }
  return [...groups.thead, ...groups.tbody, ...groups.tfoot].filter((lines) => lines.length > 0);
}

function linesIn(group: XmlElement, manner: Manner, stray: Gathering): Line[] {
  const own = withLook(group, manner);
  const head = group.name.local === 'thead';
  const align = alignOf(group, 'left');
  return group.children.flatMap((node) => {
    if (node.kind === TEXT) stray.text(node.value, own);
    return node.kind === ELEMENT ? [lineOf(node, own, align, head)] : [];
  });
}

function lineOf(element: XmlElement, manner: Manner, align: Cell['align'], head: boolean): Line {
  return { element, manner: withLook(element, manner), align: alignOf(element, align), head };
}

function cellsOf(line: Line, reader: TableReader, depth: number, stray: Gathering): Cell[] {
  return line.element.children.flatMap((node) => {
    if (node.kind === TEXT) stray.text(node.value, line.manner);
    return node.kind === ELEMENT ? [cellOf(node, line, reader, depth)] : [];
  });
}

function cellOf(element: XmlElement, line: Line, reader: TableReader, depth: number): Cell {
  if (!reader.cell()) throw raise('cda.render-too-many-cells', { most: cdaLimits.cells.value });
  const head = line.head || element.name.local === 'th';
  const manner = head ? { ...line.manner, look: line.manner.look | BOLD } : line.manner;
  return {
    head,
    blocks: reader.blocks(element, manner, depth + 1),
    column: 0,
    columnSpan: spanOf(element, 'colspan'),
    rowSpan: spanOf(element, 'rowspan'),
    align: alignOf(element, line.align),
  };
}

/** Gives each cell of a group of rows its column, past those that rows above still hold (HTML, "forming a table"). */
function placed(rows: Cell[][]): Cell[][] {
  /** By column, how many rows below are still held. */
  let held: number[] = [];
  rows.forEach((row, index) => {
    const below = held.map((count) => Math.max(0, count - 1));
    let column = 0;
    for (const cell of row) {
      while ((held[column] ?? 0) > 0) column += 1;
      if (column >= cdaLimits.columns.value)
        throw raise('cda.render-too-many-columns', { most: cdaLimits.columns.value });
      cell.column = column;
      cell.columnSpan = Math.min(cell.columnSpan, cdaLimits.columns.value - column);
      cell.rowSpan = Math.min(cell.rowSpan, rows.length - index);
      for (let one = column; one < column + cell.columnSpan; one += 1) below[one] = cell.rowSpan - 1;
      column += cell.columnSpan;
    }
    held = Array.from(below, (count) => count ?? 0);
  });
  return rows;
}

function spanOf(element: XmlElement, local: string): number {
  const written = attribute(element, local) ?? '';
  return /^[1-9][0-9]{0,5}$/.test(written) ? Number(written) : 1;
}

function alignOf(element: XmlElement, inherited: Cell['align']): Cell['align'] {
  const written = attribute(element, 'align');
  return written === 'left' || written === 'center' || written === 'right' ? written : inherited;
}

function withLook(element: XmlElement, manner: Manner): Manner {
  const look = lookOf(attribute(element, 'styleCode'));
  return look === 0 ? manner : { ...manner, look: manner.look | look };
}
