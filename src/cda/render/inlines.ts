import type { Block, Inline, Link } from './model.ts';

/** How the text at hand looks and what it is part of. */
export interface Manner {
  look: number;
  link: Link | null;
  revised: 'insert' | 'delete' | null;
}

export const PLAIN: Manner = { look: 0, link: null, revised: null };

/** Gathers what stands in one place of the narrative: text becomes paragraphs, between the blocks that interrupt it. */
export class Gathering {
  readonly blocks: Block[] = [];
  #inlines: Inline[] = [];
  /** Whether a blank would be the second in a row, or the first of a line. */
  #blank = true;

  /** White space is folded as a browser does; a no-break space stays. */
  text(value: string, { look, link, revised }: Manner): void {
    let text = value.replace(/[ \t\r\n]+/g, ' ');
    if (this.#blank && text.startsWith(' ')) text = text.slice(1);
    if (text === '') return;
    this.#blank = text.endsWith(' ');
    this.#inlines.push({ kind: 'text', text, look, link, revised });
  }

  add(inline: Inline): void {
    this.#inlines.push(inline);
    this.#blank = inline.kind === 'break';
  }

  block(block: Block): void {
    this.flush();
    this.blocks.push(block);
  }

  /** Ends the paragraph at hand; one that holds nothing is none. */
  flush(): void {
    const inlines = this.take();
    if (inlines.length > 0) this.blocks.push({ kind: 'paragraph', inlines, caption: null });
  }

  /** What was gathered since the last block, without blanks and breaks at its ends. */
  take(): Inline[] {
    const inlines = this.#inlines;
    this.#inlines = [];
    this.#blank = true;
    while (isEmpty(inlines.at(-1))) inlines.pop();
    while (isEmpty(inlines[0])) inlines.shift();
    const last = inlines.at(-1);
    if (last?.kind === 'text') last.text = last.text.trimEnd();
    return inlines;
  }
}

function isEmpty(inline: Inline | undefined): boolean {
  if (!inline) return false;
  return inline.kind === 'break' || (inline.kind === 'text' && inline.text === ' ');
}

/** The text of inlines, for who cannot show more. */
export function plainText(inlines: readonly Inline[]): string {
  return inlines
    .map((one) => (one.kind === 'text' ? one.text : one.kind === 'break' ? ' ' : ''))
    .join('')
    .trim();
}
