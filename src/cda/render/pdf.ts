import PDFDocument from 'pdfkit';
import { instantsIn, parseTime } from '../times.ts';
import { type Block, BOLD, type Group, MUTED, type Presentation, type Section, type Table } from './model.ts';
import { gap, pictureHeight, piecesOf, said, textPieces } from './pdf-blocks.ts';
import { breakLines } from './pdf-lines.ts';
import { ACCENT, LEADING, MUTED_INK, PAGE, Paper, type Tag, TEXT_HEIGHT, TEXT_WIDTH } from './pdf-paper.ts';
import { place, TABLE_LEAD, TablePainter } from './pdf-table.ts';

export interface WrittenPdf {
  bytes: Buffer;
  pages: number;
  /** Characters that the fonts lack, each drawn as U+FFFD; empty for nearly every document. */
  missing: string[];
}

const SIZE = 9.5;

/**
 * A document as a PDF that claims PDF/A-1b: fonts inside, sRGB, no transparency, no action, tagged for screen readers. The
 * same bytes for the same document: its date is that of the document.
 * @throws `cda.render-too-many-pages`
 */
export async function writePdf(page: Presentation): Promise<WrittenPdf> {
  const doc = new PDFDocument({ ...SETTINGS, lang: page.language, info: infoOf(page) });
  const bytes = gathered(doc);
  const root = doc.struct('Document') as unknown as Tag;
  doc.addStructure(root as unknown as PDFKit.PDFStructureElement);
  const paper = new Paper(doc);
  new Writer(paper, root).write(page);
  feet(page, paper);
  doc.end();
  return { bytes: await bytes, pages: paper.pages, missing: [...paper.fonts.missing] };
}

const SETTINGS = {
  pdfVersion: '1.4',
  subset: 'PDF/A-1b',
  tagged: true,
  displayTitle: true,
  autoFirstPage: false,
  bufferPages: true,
  size: 'A4',
  margins: { top: 0, bottom: 0, left: 0, right: 0 },
} as const satisfies PDFKit.PDFDocumentOptions;

/** What the file says of itself; pdfkit writes it into XML as it stands. No trait of the patient. */
function infoOf(page: Presentation) {
  const time = page.effectiveTime === null ? null : parseTime(page.effectiveTime);
  const date = new Date(time ? instantsIn(time, 'Europe/Paris').fromMs : 0);
  const title = (page.type ?? page.title).replace(/[&<>\p{Cc}]+/gu, ' ');
  return { Title: title, Producer: 'Viaduc', Creator: 'Viaduc', CreationDate: date };
}

function gathered(doc: PDFKit.PDFDocument): Promise<Buffer> {
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk));
    doc.once('end', () => resolve(Buffer.concat(chunks)));
    doc.once('error', reject);
  });
}

/** Sizes of the headings of sections, by depth. */
const HEADINGS = [13, 11, 10];

class Writer {
  readonly #paper: Paper;
  readonly #root: Tag;

  constructor(paper: Paper, root: Tag) {
    this.#paper = paper;
    this.#root = root;
  }

  write(page: Presentation): void {
    this.#text(page.title, 17, 'H1', ACCENT);
    if (page.type) this.#text(page.type, 10, 'P', MUTED_INK);
    this.#space(6);
    this.#groups(page.header);
    for (const section of page.sections) this.#section(section, this.#root);
    if (page.footnotes.length > 0) this.#heading('Notes', 1, this.#root);
    for (const { number, blocks } of page.footnotes) this.#blocks(numbered(number, blocks), this.#root);
    if (page.mentions.length > 0) this.#heading('Autres mentions du document', 1, this.#root);
    this.#groups(page.mentions);
  }

  #text(text: string, size: number, type: string, ink: string): void {
    const column = { width: TEXT_WIDTH, size, tag: this.#root };
    const look = type === 'P' ? 0 : BOLD;
    for (const piece of textPieces([said(text, look)], column, this.#paper, { type, ink }))
      place(piece, this.#paper);
  }

  #space(height: number): void {
    if (!this.#paper.atTop) this.#paper.y += height;
  }

  #section(section: Section, parent: Tag): void {
    const { title, depth, blocks, sections } = section;
    const tag = this.#paper.tag('Sect', parent)!;
    this.#paper.reserve(Math.min(beginningOf(section), TEXT_HEIGHT * 0.7));
    if (title) this.#heading(title, depth, tag);
    this.#blocks(blocks, tag);
    for (const inner of sections) this.#section(inner, tag);
    tag.end();
  }

  #heading(title: string, depth: number, tag: Tag): void {
    const size = headingSize(depth);
    const type = `H${Math.min(depth + 1, 6)}`;
    this.#paper.reserve(size * 5);
    this.#space(size * 0.7);
    for (const piece of textPieces([said(title, BOLD)], { width: TEXT_WIDTH, size, tag }, this.#paper, {
      type,
      ink: ACCENT,
    }))
      place(piece, this.#paper);
    if (depth === 1) this.#rule();
    this.#space(3);
  }

  #rule(): void {
    const { doc, y } = this.#paper;
    this.#paper.draw(null, () => {
      doc
        .lineWidth(1)
        .strokeColor(ACCENT)
        .moveTo(PAGE.margin, y)
        .lineTo(PAGE.margin + TEXT_WIDTH, y)
        .stroke();
    });
  }

  #blocks(blocks: readonly Block[], tag: Tag): void {
    for (const block of blocks) {
      if (block.kind === 'table') new TablePainter(block, tag, this.#paper).draw();
      else
        for (const piece of piecesOf([block], { width: TEXT_WIDTH, size: SIZE, tag }, this.#paper))
          place(piece, this.#paper);
      place(gap(4), this.#paper);
    }
  }

  /** The groups of the header, side by side; that of the patient alone, across the page. */
  #groups(groups: readonly Group[]): void {
    const patient = groups.filter(({ title }) => title === 'Patient');
    const others = groups.filter(({ title }) => title !== 'Patient');
    for (const one of patient) this.#blocks([patientTable(one)], this.#root);
    if (others.length > 0) this.#blocks([groupTable(others)], this.#root);
  }
}

function headingSize(depth: number): number {
  return HEADINGS[Math.min(depth, HEADINGS.length) - 1]!;
}

/** Height in points of what may not be parted: the headings that follow one another and the beginning of what they head. */
function beginningOf({ title, depth, blocks, sections }: Section): number {
  const heading = title ? headingSize(depth) * 2.5 : 0;
  const [first] = blocks;
  if (first) return heading + leadOf(first);
  return heading + (sections[0] ? beginningOf(sections[0]) : 0);
}

/** How much of a block stands together at least. */
function leadOf(block: Block): number {
  if (block.kind === 'table') return TABLE_LEAD;
  return block.kind === 'picture' ? pictureHeight(block.picture) : SIZE * LEADING * 2;
}

function numbered(number: number, blocks: readonly Block[]): Block[] {
  const label: Block = { kind: 'paragraph', inlines: [said(`[${number}] `, 0)], caption: null };
  const [first, ...others] = blocks;
  if (first?.kind !== 'paragraph') return [label, ...blocks];
  return [{ ...first, inlines: [...label.inlines, ...first.inlines] }, ...others];
}

const ACROSS = 3;

function patientTable({ title, rows }: Group): Table {
  const lines = rows.map(rowBlock);
  const each = Math.ceil(lines.length / ACROSS);
  const columns = Array.from({ length: ACROSS }, (_, column) =>
    lines.slice(column * each, (column + 1) * each),
  );
  return table([
    [cell([titleBlock(title)], 0, ACROSS)],
    columns.map((blocks, column) => cell(blocks, column)),
  ]);
}

function groupTable(groups: readonly Group[]): Table {
  const rows = Array.from({ length: Math.ceil(groups.length / ACROSS) }, (_, row) =>
    Array.from({ length: ACROSS }, (_, column) => {
      const one = groups[row * ACROSS + column];
      return cell(one ? [titleBlock(one.title), ...one.rows.map(rowBlock)] : [], column);
    }),
  );
  return table(rows);
}

function table(rows: Table['rows']): Table {
  return { kind: 'table', caption: null, columns: ACROSS, even: true, ruled: true, headRows: 0, rows };
}

function cell(blocks: Block[], column: number, columnSpan = 1): Table['rows'][number][number] {
  return { head: columnSpan > 1, blocks, column, columnSpan, rowSpan: 1, align: 'left' };
}

function titleBlock(title: string): Block {
  return { kind: 'paragraph', inlines: [said(title.toUpperCase(), BOLD)], caption: null };
}

function rowBlock({ label, value }: Group['rows'][number]): Block {
  return { kind: 'paragraph', inlines: [said(`${label} : `, MUTED), said(value, 0)], caption: null };
}

const FOOT_SIZE = 7;

/** Writes at the foot of each page whose document it is, which page, and what it is worth. */
function feet(page: Presentation, paper: Paper): void {
  const { doc, fonts } = paper;
  const worth = 'Mise en page du document CDA, dont le fichier XML seul fait foi.';
  for (let number = 1; number <= paper.pages; number += 1) {
    doc.switchToPage(number - 1);
    const count = `page ${number} / ${paper.pages}`;
    const end = PAGE.margin + TEXT_WIDTH - fonts.width(count, 0, FOOT_SIZE);
    const [who] = breakLines([said(page.patient, 0)], TEXT_WIDTH - 80, FOOT_SIZE, fonts);
    const y = PAGE.height - PAGE.margin - 18;
    paper.draw(null, () => {
      doc
        .lineWidth(0.5)
        .strokeColor(MUTED_INK)
        .moveTo(PAGE.margin, y - 3)
        .lineTo(PAGE.margin + TEXT_WIDTH, y - 3)
        .stroke();
      paper.line(who!, PAGE.margin, y, FOOT_SIZE, MUTED_INK);
      for (const [text, x, below] of [
        [count, end, 0],
        [worth, PAGE.margin, 9],
      ] as const)
        paper.line(
          breakLines([said(text, 0)], TEXT_WIDTH, FOOT_SIZE, fonts)[0]!,
          x,
          y + below,
          FOOT_SIZE,
          MUTED_INK,
        );
    });
  }
}
