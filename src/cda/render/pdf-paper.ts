import { raiser } from '../../words/errors.ts';
import { renderErrors } from '../errors.ts';
import { cdaLimits } from '../limits.ts';
import { STRIKE, UNDERLINE } from './model.ts';
import { Fonts } from './pdf-fonts.ts';
import { isMuted, type Run, type TextLine } from './pdf-lines.ts';

const raise = raiser(renderErrors);

/** An element of the structure tree, by which a screen reader goes through the document. */
export type Tag = PDFKit.PDFStructureElement;

/** Points. A4, margins of 15 mm, room for two lines at the foot. */
export const PAGE = { width: 595.28, height: 841.89, margin: 42.5, foot: 30 };
export const TEXT_WIDTH = PAGE.width - 2 * PAGE.margin;
const BOTTOM = PAGE.height - PAGE.margin - PAGE.foot;
export const TEXT_HEIGHT = BOTTOM - PAGE.margin;

export const INK = '#1b1f24';
export const MUTED_INK = '#4a5560';
export const ACCENT = '#10375c';

/** Line height over font size. */
export const LEADING = 1.3;
const BASE_LINE = 0.98;

/** The pages of one PDF: what is drawn on them, and where the pen is. */
export class Paper {
  readonly doc: PDFKit.PDFDocument;
  readonly fonts: Fonts;
  readonly bottom = BOTTOM;
  y = PAGE.margin;
  #pages = 0;

  constructor(doc: PDFKit.PDFDocument) {
    this.doc = doc;
    this.fonts = new Fonts(doc);
    this.turn();
  }

  get pages(): number {
    return this.#pages;
  }

  get atTop(): boolean {
    return this.y === PAGE.margin;
  }

  /** Goes on at the top of a new page. */
  turn(): void {
    if (this.#pages >= cdaLimits.pages.value)
      throw raise('cda.render-too-many-pages', { most: cdaLimits.pages.value });
    this.#pages += 1;
    this.doc.addPage();
    this.y = PAGE.margin;
  }

  /** Begins a new page unless so many points are left on this one. */
  reserve(height: number): void {
    if (this.y + height > this.bottom && !this.atTop) this.turn();
  }

  /** A new element at the end of another; none below none, for what is drawn as an ornament. */
  tag(type: string, parent: Tag | null, options: { alt?: string } = {}): Tag | null {
    if (!parent) return null;
    const tag = this.doc.struct(type, options) as unknown as Tag;
    parent.add(tag);
    return tag;
  }

  /** Draws what belongs to an element of the structure; without one, an ornament that nobody reads out. */
  draw(tag: Tag | null, paint: () => void): void {
    const { doc } = this;
    if (tag) tag.add(doc.markStructureContent('Span'));
    else doc.markContent('Artifact', { type: 'Layout' });
    paint();
    doc.endMarkedContent();
  }

  line({ runs }: TextLine, x: number, y: number, size: number, ink = INK): void {
    let at = x;
    for (const run of runs) {
      this.#run(run, at, y + size * BASE_LINE - run.rise, isMuted(run) ? MUTED_INK : ink);
      at += run.width;
    }
  }

  #run(run: Run, x: number, baseLine: number, ink: string): void {
    this.fonts.use(run.face, run.size);
    this.doc.fillColor(ink).text(run.text, x, baseLine, { lineBreak: false, baseline: 'alphabetic' });
    const wide = run.text.endsWith(' ') ? run.width - this.fonts.width(' ', run.face, run.size) : run.width;
    if (run.look & UNDERLINE) this.#rule(x, baseLine + run.size * 0.12, wide, ink);
    if (run.look & STRIKE) this.#rule(x, baseLine - run.size * 0.28, wide, ink);
  }

  #rule(x: number, y: number, width: number, ink: string): void {
    this.doc
      .lineWidth(0.5)
      .strokeColor(ink)
      .moveTo(x, y)
      .lineTo(x + width, y)
      .stroke();
  }
}
