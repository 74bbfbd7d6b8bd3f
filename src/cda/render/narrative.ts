import { attribute } from '../../xml/select.ts';
import { ELEMENT, TEXT, type XmlDocument, type XmlElement } from '../../xml/tree.ts';
import { cdaLimits } from '../limits.ts';
import { Gathering, type Manner, PLAIN } from './inlines.ts';
import { Media } from './media.ts';
import { type Block, type Footnote, type Inline, type Link, SUBSCRIPT, SUPERSCRIPT } from './model.ts';
import { lookOf, marksOf } from './styles.ts';
import { readTable, type TableReader } from './table.ts';

type Handler = (element: XmlElement, into: Gathering, manner: Manner, depth: number) => void;

/**
 * Reads the narrative blocks of one document (CDA R2, section 4.3.5). Nothing that is said is left out: the text of an
 * element that is unknown, or stands where it may not, is shown as text.
 */
export class Narrative implements TableReader {
  readonly media: Media;
  readonly footnotes: Footnote[] = [];
  readonly #anchors: Map<string, string>;
  readonly #notes = new Map<string, Footnote>();
  readonly #budget = { cells: cdaLimits.cells.value };
  readonly #handlers: Readonly<Record<string, Handler>> = {
    br: (_, into) => into.add({ kind: 'break' }),
    sub: (element, into, manner, depth) =>
      this.#inside(element, into, { ...manner, look: manner.look | SUBSCRIPT }, depth),
    sup: (element, into, manner, depth) =>
      this.#inside(element, into, { ...manner, look: manner.look | SUPERSCRIPT }, depth),
    linkHtml: (element, into, manner, depth) => this.#link(element, into, manner, depth),
    footnote: (element, into) => this.#footnote(element, into),
    footnoteRef: (element, into) => this.#footnoteRef(element, into),
    renderMultiMedia: (element, into) => this.#multimedia(element, into),
    paragraph: (element, into, manner, depth) => this.#paragraph(element, into, manner, depth),
    list: (element, into, manner, depth) => this.#list(element, into, manner, depth),
    table: (element, into, manner, depth) => this.#table(element, into, manner, depth),
  };

  constructor(document: XmlDocument) {
    this.media = new Media(document);
    this.#anchors = anchorsOf(document);
  }

  /** The blocks of a `text`, or of any element that stands for one. */
  blocks(element: XmlElement, manner: Manner = PLAIN, depth = 1): Block[] {
    const into = new Gathering();
    this.#inside(element, into, manner, depth);
    into.flush();
    return into.blocks;
  }

  /** What a caption says; it has no blocks. */
  caption(element: XmlElement | null, manner: Manner = PLAIN): Inline[] | null {
    if (!element) return null;
    const into = new Gathering();
    this.#inside(element, into, manner, cdaLimits.nesting.value);
    const inlines = into.take();
    return inlines.length > 0 ? inlines : null;
  }

  cell(): boolean {
    this.#budget.cells -= 1;
    return this.#budget.cells >= 0;
  }

  #inside(element: XmlElement, into: Gathering, manner: Manner, depth: number): void {
    const own = this.#mannerOf(element, manner);
    this.#anchor(element, into);
    for (const node of element.children) {
      if (node.kind === TEXT) into.text(node.value, own);
      else if (node.kind === ELEMENT) this.#element(node, into, own, depth);
    }
  }

  #element(element: XmlElement, into: Gathering, manner: Manner, depth: number): void {
    const handler = this.#handlers[element.name.local];
    if (handler) handler(element, into, manner, depth);
    else this.#inside(element, into, manner, depth);
  }

  #mannerOf(element: XmlElement, manner: Manner): Manner {
    const look = lookOf(attribute(element, 'styleCode'));
    const revised = attribute(element, 'revised');
    if (look === 0 && revised !== 'insert' && revised !== 'delete') return manner;
    return {
      ...manner,
      look: manner.look | look,
      revised: revised === 'insert' || revised === 'delete' ? revised : manner.revised,
    };
  }

  #anchor(element: XmlElement, into: Gathering): void {
    const id = attribute(element, 'ID');
    const anchor = id === null ? undefined : this.#anchors.get(id);
    if (anchor) into.add({ kind: 'anchor', anchor });
  }

  #link(element: XmlElement, into: Gathering, manner: Manner, depth: number): void {
    const link = this.#linkOf(attribute(element, 'href'));
    this.#inside(element, into, link ? { ...manner, link } : manner, depth);
  }

  #linkOf(href: string | null): Link | null {
    const address = href?.trim() ?? '';
    if (address === '') return null;
    const anchor = address.startsWith('#') ? this.#anchors.get(address.slice(1)) : undefined;
    if (anchor) return { kind: 'inside', anchor };
    return { kind: isWeb(address) ? 'web' : 'other', address };
  }

  #footnote(element: XmlElement, into: Gathering): void {
    const note = this.#note();
    const id = attribute(element, 'ID');
    if (id !== null) this.#notes.set(id, note);
    note.blocks = this.blocks(element);
    into.add({ kind: 'note', number: note.number, anchor: note.anchor });
  }

  #note(): Footnote {
    const number = this.footnotes.length + 1;
    const note = { number, anchor: `note-${number}`, blocks: [] };
    this.footnotes.push(note);
    return note;
  }

  #footnoteRef(element: XmlElement, into: Gathering): void {
    const note = this.#notes.get(attribute(element, 'IDREF') ?? '');
    if (note) into.add({ kind: 'note', number: note.number, anchor: note.anchor });
  }

  #multimedia(element: XmlElement, into: Gathering): void {
    const caption = this.caption(element);
    for (const block of this.media.shown(attribute(element, 'referencedObject'), caption)) into.block(block);
  }

  #paragraph(element: XmlElement, into: Gathering, manner: Manner, depth: number): void {
    into.flush();
    this.#inside(element, into, manner, depth);
    into.flush();
  }

  #list(element: XmlElement, into: Gathering, manner: Manner, depth: number): void {
    if (depth >= cdaLimits.nesting.value) {
      this.#paragraph(element, into, manner, depth);
      return;
    }
    const own = this.#mannerOf(element, manner);
    const marks = marksOf(attribute(element, 'listType'), attribute(element, 'styleCode'));
    const items: Block[][] = [];
    let caption: Inline[] | null = null;
    for (const node of element.children) {
      if (node.kind === TEXT && !node.blank) items.push(textBlocks(node.value, own));
      if (node.kind !== ELEMENT) continue;
      if (node.name.local === 'caption') caption = this.caption(node, own);
      else items.push(this.blocks(node, own, depth + 1));
    }
    into.block({ kind: 'list', marks, items, caption });
  }

  #table(element: XmlElement, into: Gathering, manner: Manner, depth: number): void {
    if (depth >= cdaLimits.nesting.value) {
      this.#paragraph(element, into, manner, depth);
      return;
    }
    for (const block of readTable(element, this, this.#mannerOf(element, manner), depth)) into.block(block);
  }
}

function textBlocks(value: string, manner: Manner): Block[] {
  const into = new Gathering();
  into.text(value, manner);
  into.flush();
  return into.blocks;
}

/** Whether an address may be followed: one that a URL parser reads as http or https, whatever stands around it. */
function isWeb(address: string): boolean {
  return /^https?:\/\//i.test(address) && URL.canParse(address);
}

/** The IDs to which the links of a document lead, each with the name of its anchor. */
function anchorsOf(document: XmlDocument): Map<string, string> {
  const anchors = new Map<string, string>();
  for (const element of document.elements) {
    if (element.name.local !== 'linkHtml') continue;
    const href = attribute(element, 'href')?.trim() ?? '';
    const id = href.slice(1);
    if (href.startsWith('#') && id !== '' && !anchors.has(id)) anchors.set(id, `lieu-${anchors.size + 1}`);
  }
  return anchors;
}
