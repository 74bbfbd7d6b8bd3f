import { fileURLToPath } from 'node:url';
import { BOLD, ITALIC } from './model.ts';

/** The four faces of DejaVu Sans Condensed: Latin, Greek, Cyrillic, arrows, mathematical signs, ballot boxes. */
const FACES = ['', '-Bold', '-Oblique', '-BoldOblique'] as const;

export type Face = 0 | 1 | 2 | 3;

export function faceOf(look: number): Face {
  return ((look & BOLD ? 1 : 0) + (look & ITALIC ? 2 : 0)) as Face;
}

export function fontFile(face: Face): string {
  return fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/DejaVuSansCondensed${FACES[face]}.ttf`));
}

/** What pdfkit keeps of an open font, as far as it is asked here. */
interface OpenFont {
  ascender: number;
  descender: number;
  font: { hasGlyphForCodePoint(point: number): boolean };
  widthOfString(text: string, size: number): number;
}

/** Measures text in the fonts of one PDF. Widths are kept by word: a report repeats a few hundred. */
export class Fonts {
  readonly #doc: PDFKit.PDFDocument;
  readonly #open = new Map<Face, { font: OpenFont; widths: Map<string, number> }>();
  /** Characters that no face has, each shown as U+FFFD. */
  readonly missing = new Set<string>();

  constructor(doc: PDFKit.PDFDocument) {
    this.#doc = doc;
  }

  use(face: Face, size: number): void {
    this.#doc.font(fontFile(face), size);
  }

  /** Points. */
  width(text: string, face: Face, size: number): number {
    const { font, widths } = this.#face(face);
    let thousandths = widths.get(text);
    if (thousandths === undefined) {
      thousandths = font.widthOfString(text, 1000);
      widths.set(text, thousandths);
    }
    return (thousandths * size) / 1000;
  }

  /** A text in characters that the fonts can draw. */
  drawable(text: string): string {
    if (/^[\x20-\x7e\u00a0-\u017f]*$/.test(text)) return text;
    const { font } = this.#face(0);
    return Array.from(text, (character) => {
      if (font.font.hasGlyphForCodePoint(character.codePointAt(0)!)) return character;
      this.missing.add(character);
      return '\ufffd';
    }).join('');
  }

  #face(face: Face): { font: OpenFont; widths: Map<string, number> } {
    let open = this.#open.get(face);
    if (!open) {
      this.use(face, 1);
      open = { font: (this.#doc as unknown as { _font: OpenFont })._font, widths: new Map() };
      this.#open.set(face, open);
    }
    return open;
  }
}
