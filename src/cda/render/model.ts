/**
 * A document as a person reads it: what both the HTML and the PDF are written from. Texts are those of the document, white
 * space folded; nothing in here is markup, and no address in here is ever called.
 */
export interface Presentation {
  /** BCP 47, `fr` where the document does not say. */
  language: string;
  title: string;
  /** Type of the document in words, null when the title says the same. */
  type: string | null;
  /** One line that names the patient, at the foot of each page. */
  patient: string;
  /** HL7 time stamp of the document as written, null when it has none. */
  effectiveTime: string | null;
  /** What is looked for first: patient, document, authors, recipients, encounter. */
  header: Group[];
  /** The rest of the header, which stands after the sections. */
  mentions: Group[];
  sections: Section[];
  footnotes: Footnote[];
}

/** A part of the header: the patient, an author, the recipients. */
export interface Group {
  title: string;
  rows: Row[];
}

export interface Row {
  label: string;
  value: string;
}

export interface Section {
  title: string | null;
  /** From 1. */
  depth: number;
  blocks: Block[];
  sections: Section[];
}

export interface Footnote {
  number: number;
  /** Anchor of the note, and of the place that calls it. */
  anchor: string;
  blocks: Block[];
}

/** How a text looks: a sum of these. */
export const BOLD = 1;
export const ITALIC = 2;
export const UNDERLINE = 4;
export const STRIKE = 8;
export const SUBSCRIPT = 16;
export const SUPERSCRIPT = 32;
/** What the gateway says of itself: labels, remarks. */
export const MUTED = 64;

export type Inline =
  | { kind: 'text'; text: string; look: number; link: Link | null; revised: 'insert' | 'delete' | null }
  | { kind: 'break' }
  /** Where a link of the narrative leads to. */
  | { kind: 'anchor'; anchor: string }
  | { kind: 'note'; number: number; anchor: string };

export type Link =
  /** Inside the document. */
  | { kind: 'inside'; anchor: string }
  /** An http or https address: the only ones that may be followed. */
  | { kind: 'web'; address: string }
  /** Anything else: shown as text, never active. */
  | { kind: 'other'; address: string };

export type Block =
  | { kind: 'paragraph'; inlines: Inline[]; caption: Inline[] | null }
  | { kind: 'list'; marks: Marks; items: Block[][]; caption: Inline[] | null }
  | Table
  | { kind: 'picture'; picture: Picture; caption: Inline[] | null }
  /** What the gateway says, not the document: a file that is not shown, and why. */
  | { kind: 'remark'; text: string };

/** What stands before the items of a list. */
export type Marks = 'disc' | 'circle' | 'square' | 'arabic' | 'roman' | 'ROMAN' | 'alpha' | 'ALPHA';

export interface Table {
  kind: 'table';
  caption: Inline[] | null;
  columns: number;
  ruled: boolean;
  /** All columns are of one width. */
  even?: true;
  /** Rows that head the table come first: so many. */
  headRows: number;
  rows: Cell[][];
}

export interface Cell {
  head: boolean;
  blocks: Block[];
  /** From 0; rows and columns that are spanned are inside the table. */
  column: number;
  columnSpan: number;
  rowSpan: number;
  align: 'left' | 'center' | 'right';
}

export interface Picture {
  type: 'png' | 'jpeg' | 'gif';
  bytes: Buffer;
  /** Pixels. */
  width: number;
  height: number;
  /** What is said in its place. */
  alternative: string;
}
