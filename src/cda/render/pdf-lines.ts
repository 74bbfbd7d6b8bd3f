import { type Inline, MUTED, STRIKE, SUBSCRIPT, SUPERSCRIPT, UNDERLINE } from './model.ts';
import { type Face, type Fonts, faceOf } from './pdf-fonts.ts';

/** A piece of text drawn in one go. Lengths in points; `rise` lifts it above the base line. */
export interface Run {
  text: string;
  face: Face;
  size: number;
  rise: number;
  look: number;
  width: number;
}

export interface TextLine {
  runs: Run[];
  width: number;
}

/** Runs between which no line may end; null ends the line. */
type Word = Run[] | null;

const SMALL = 0.7;

/**
 * Cuts a paragraph into lines no wider than `width`. Lines end at blanks and after hyphens; a word that is wider than a
 * line is cut where it must.
 */
export function breakLines(
  inlines: readonly Inline[],
  width: number,
  size: number,
  fonts: Fonts,
): TextLine[] {
  const lines: TextLine[] = [{ runs: [], width: 0 }];
  for (const word of wordsOf(inlines, size, fonts)) {
    if (!word) lines.push({ runs: [], width: 0 });
    else for (const part of cut(word, width, fonts)) add(lines, part, width, fonts);
  }
  return trimmed(lines, fonts);
}

/** The width of the widest word, and that of the widest line when none is cut. */
export function widthsOf(
  inlines: readonly Inline[],
  size: number,
  fonts: Fonts,
): { least: number; most: number } {
  let least = 0;
  let most = 0;
  let line = 0;
  for (const word of wordsOf(inlines, size, fonts)) {
    const wide = word ? inked(word, fonts) : 0;
    least = Math.max(least, wide);
    most = Math.max(most, line + wide);
    line = word ? line + widthOf(word) : 0;
  }
  return { least, most };
}

function add(lines: TextLine[], word: Run[], width: number, fonts: Fonts): void {
  let line = lines.at(-1)!;
  if (line.runs.length > 0 && line.width + inked(word, fonts) > width) {
    line = { runs: [], width: 0 };
    lines.push(line);
  }
  for (const run of word) append(line, run);
}

/** Takes the blanks from the ends of lines: they would count where a line is not aligned to the left. */
function trimmed(lines: TextLine[], fonts: Fonts): TextLine[] {
  for (const line of lines) {
    const last = line.runs.at(-1);
    if (!last?.text.endsWith(' ')) continue;
    const blank = fonts.width(' ', last.face, last.size);
    last.text = last.text.slice(0, -1);
    last.width -= blank;
    line.width -= blank;
  }
  return lines;
}

/** Runs that look alike become one: what is drawn in one go is written in one go. */
function append(line: TextLine, run: Run): void {
  const last = line.runs.at(-1);
  line.width += run.width;
  if (last && last.look === run.look && last.size === run.size && last.rise === run.rise) {
    last.text += run.text;
    last.width += run.width;
  } else line.runs.push({ ...run });
}

function widthOf(word: readonly Run[]): number {
  return word.reduce((sum, run) => sum + run.width, 0);
}

/** The width of a word without the blank after it. */
function inked(word: readonly Run[], fonts: Fonts): number {
  const last = word.at(-1);
  if (!last?.text.endsWith(' ')) return widthOf(word);
  return widthOf(word) - fonts.width(' ', last.face, last.size);
}

function cut(word: Run[], width: number, fonts: Fonts): Run[][] {
  if (inked(word, fonts) <= width) return [word];
  return word.flatMap((run) => cutRun(run, width, fonts));
}

function cutRun(run: Run, width: number, fonts: Fonts): Run[][] {
  const parts: Run[][] = [];
  let text = '';
  let wide = 0;
  for (const character of run.text) {
    const one = fonts.width(character, run.face, run.size);
    if (text !== '' && wide + one > width && character !== ' ') {
      parts.push([{ ...run, text, width: wide }]);
      text = '';
      wide = 0;
    }
    text += character;
    wide += one;
  }
  return [...parts, [{ ...run, text, width: wide }]];
}

function* wordsOf(inlines: readonly Inline[], size: number, fonts: Fonts): Generator<Word> {
  let word: Run[] = [];
  for (const inline of inlines) {
    if (inline.kind === 'break') {
      if (word.length > 0) yield word;
      word = [];
      yield null;
    } else if (inline.kind !== 'anchor')
      for (const part of partsOf(inline)) {
        word.push(runOf(part, lookOf(inline), size, fonts));
        if (!mayEnd(part)) continue;
        yield word;
        word = [];
      }
  }
  if (word.length > 0) yield word;
}

function partsOf(inline: Exclude<Inline, { kind: 'break' | 'anchor' }>): string[] {
  if (inline.kind === 'note') return [`[${inline.number}]`];
  const { link } = inline;
  const told = link && link.kind !== 'inside' && link.address !== inline.text.trim();
  const text = told ? `${inline.text} (${link.address})` : inline.text;
  return text.split(/(?<= )|(?<=[^ ][-/])(?=\p{L})/u);
}

function mayEnd(part: string): boolean {
  return /[ /-]$/.test(part);
}

function lookOf(inline: Exclude<Inline, { kind: 'break' | 'anchor' }>): number {
  if (inline.kind === 'note') return SUPERSCRIPT;
  const revised = inline.revised === 'delete' ? STRIKE : inline.revised === 'insert' ? UNDERLINE : 0;
  return inline.look | revised;
}

function runOf(written: string, look: number, size: number, fonts: Fonts): Run {
  const face = faceOf(look);
  const raised = look & (SUBSCRIPT | SUPERSCRIPT);
  const own = raised ? size * SMALL : size;
  const rise = look & SUPERSCRIPT ? size * 0.35 : look & SUBSCRIPT ? -size * 0.15 : 0;
  const text = fonts.drawable(written);
  return {
    text,
    face,
    size: own,
    rise,
    look: look & ~(SUBSCRIPT | SUPERSCRIPT),
    width: fonts.width(text, face, own),
  };
}

export function isMuted(run: Run): boolean {
  return (run.look & MUTED) !== 0;
}
