import { type Block, type Cell, type Inline, ITALIC, MUTED, type Picture, type Table } from './model.ts';
import { breakLines } from './pdf-lines.ts';
import { LEADING, type Paper, type Tag, TEXT_HEIGHT, TEXT_WIDTH } from './pdf-paper.ts';
import { pictureForPdf } from './pdf-picture.ts';
import { markOf } from './styles.ts';

/** What is not divided by the end of a page: a line of text, a picture. Height in points. */
export interface Piece {
  height: number;
  draw(x: number, y: number): void;
}

/** Where pieces are laid out: how wide, in what size of text, under which element of the structure (none: an ornament). */
export interface Column {
  width: number;
  size: number;
  tag: Tag | null;
  align?: Cell['align'];
}

const GAP = 3;
const INDENT = 16;
const MOST_PICTURE_HEIGHT = TEXT_HEIGHT * 0.6;
const POINTS_PER_PIXEL = 0.75;

/** The pieces of some blocks, one under the other. */
export function piecesOf(blocks: readonly Block[], column: Column, paper: Paper): Piece[] {
  return blocks.flatMap((block, index) => {
    const pieces = blockPieces(block, column, paper);
    return index === 0 ? pieces : [gap(GAP), ...pieces];
  });
}

export function gap(height: number): Piece {
  return { height, draw: () => {} };
}

function blockPieces(block: Block, column: Column, paper: Paper): Piece[] {
  switch (block.kind) {
    case 'paragraph':
      return textPieces([...titled(block.caption), ...block.inlines], column, paper);
    case 'remark':
      return textPieces([said(`[${block.text}]`, ITALIC | MUTED)], column, paper);
    case 'list':
      return listPieces(block, column, paper);
    case 'picture':
      return picturePieces(block.picture, block.caption, column, paper);
    case 'table':
      return piecesOf(asText(block), column, paper);
  }
}

function titled(caption: Inline[] | null): Inline[] {
  return caption ? [...caption, said(' ', 0)] : [];
}

export function said(text: string, look: number): Inline {
  return { kind: 'text', text, look, link: null, revised: null };
}

/** A paragraph; `type` is the name of its element in the structure. */
export function textPieces(
  inlines: readonly Inline[],
  { width, size, tag, align = 'left' }: Column,
  paper: Paper,
  { type = 'P', ink }: { type?: string; ink?: string } = {},
): Piece[] {
  const own = paper.tag(type, tag);
  return breakLines(inlines, width, size, paper.fonts).map((line): Piece => {
    const indent = (width - line.width) * SHARE[align];
    const paint = (x: number, y: number) => paper.draw(own, () => paper.line(line, x + indent, y, size, ink));
    return { height: size * LEADING, draw: line.runs.length > 0 ? paint : () => {} };
  });
}

/** How much of the room beside a line stands before it. */
const SHARE = { left: 0, center: 0.5, right: 1 } as const;

function listPieces(
  { marks, items, caption }: Extract<Block, { kind: 'list' }>,
  column: Column,
  paper: Paper,
): Piece[] {
  const title = caption ? textPieces(caption, column, paper) : [];
  const tag = paper.tag('L', column.tag);
  const all = items.map((item, index) => {
    const own = paper.tag('LI', tag);
    const mark = textPieces(
      [said(markOf(marks, index + 1), 0)],
      { ...column, align: 'left', tag: own },
      paper,
      { type: 'Lbl' },
    );
    const inner = { ...column, width: column.width - INDENT, tag: paper.tag('LBody', own) };
    return marked(mark[0]!, piecesOf(item, inner, paper));
  });
  return [...title, ...all.flat()];
}

/** Pieces moved to the right, the first with its mark before it. */
function marked(mark: Piece, pieces: Piece[]): Piece[] {
  const [first = mark, ...others] = pieces.map(
    (piece): Piece => ({
      height: piece.height,
      draw: (x, y) => piece.draw(x + INDENT, y),
    }),
  );
  if (first === mark) return [mark];
  const draw: Piece['draw'] = (x, y) => {
    mark.draw(x, y);
    first.draw(x, y);
  };
  return [{ height: first.height, draw }, ...others];
}

function picturePieces(picture: Picture, caption: Inline[] | null, column: Column, paper: Paper): Piece[] {
  const piece = drawnPicture(picture, column, paper);
  const under = caption ? textPieces(caption, column, paper) : [];
  if (piece) return [piece, ...under];
  return [
    ...textPieces([said(`[image illisible : ${picture.alternative}]`, ITALIC | MUTED)], column, paper),
    ...under,
  ];
}

/** Points a pixel: as large as the picture says, no wider than its column, no higher than a part of a page. */
function pictureScale(picture: Picture, width: number): number {
  return Math.min(POINTS_PER_PIXEL, width / picture.width, MOST_PICTURE_HEIGHT / picture.height);
}

/** Height in points of a picture that stands across the page. */
export function pictureHeight(picture: Picture): number {
  return picture.height * pictureScale(picture, TEXT_WIDTH) + GAP;
}

function drawnPicture(picture: Picture, { width, tag }: Column, paper: Paper): Piece | null {
  const bytes = pictureForPdf(picture);
  const image = bytes && opened(bytes, paper);
  if (!image) return null;
  const scale = pictureScale(picture, width);
  const size = { width: picture.width * scale, height: picture.height * scale };
  const own = paper.tag('Figure', tag, { alt: picture.alternative });
  return {
    height: size.height + GAP,
    draw: (x, y) => paper.draw(own, () => paper.doc.image(image as unknown as Buffer, x, y, size)),
  };
}

/** A picture as pdfkit holds it, null when it finds it damaged. */
function opened(bytes: Buffer, paper: Paper): object | null {
  try {
    return (paper.doc as unknown as { openImage(bytes: Buffer): object }).openImage(bytes);
  } catch {
    return null;
  }
}

/** A table inside another or inside a list: a line of text for each row. */
function asText({ caption, rows }: Table): Block[] {
  const title: Block[] = caption ? [{ kind: 'paragraph', inlines: caption, caption: null }] : [];
  return [...title, ...rows.flatMap((row) => joined(row.map((cell) => cell.blocks)))];
}

/** The blocks of a row; cells that are mere text share one paragraph. */
function joined(cells: readonly Block[][]): Block[] {
  const blocks: Block[] = [];
  let inlines: Inline[] = [];
  const flush = () => {
    if (inlines.length > 0) blocks.push({ kind: 'paragraph', inlines, caption: null });
    inlines = [];
  };
  for (const block of cells.flat()) {
    if (block.kind === 'paragraph' && !block.caption)
      inlines = inlines.length > 0 ? [...inlines, said(' | ', MUTED), ...block.inlines] : block.inlines;
    else {
      flush();
      blocks.push(block);
    }
  }
  flush();
  return blocks;
}
