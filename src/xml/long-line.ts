/** A mark along a line: an offset in bytes, and how many UTF-16 code units stand before it in the line. */
interface Mark {
  offset: number;
  units: number;
}

/** Bytes between two marks: what is decoded at most to find one column. */
const STEP_BYTES = 4_096;

/**
 * Counts the columns of a line in UTF-16 code units from marks that it sets as it goes: many documents are one line, and
 * each place in it would cost decoding all that stands before.
 */
export class LongLine {
  readonly #utf8: Buffer;
  readonly #marks: Mark[];

  /** @param start offset of the first byte of the line */
  constructor(utf8: Buffer, start: number) {
    this.#utf8 = utf8;
    this.#marks = [{ offset: start, units: 0 }];
  }

  /** The UTF-16 code units of the line before an offset. */
  unitsBefore(offset: number): number {
    let last = this.#marks.at(-1)!;
    while (last.offset + STEP_BYTES <= offset) {
      last = this.#after(last);
      this.#marks.push(last);
    }
    const { offset: from, units } = this.#markBefore(offset);
    return units + this.#utf8.toString('utf8', from, offset).length;
  }

  /** The next mark, at the beginning of a character. */
  #after({ offset, units }: Mark): Mark {
    let next = offset + STEP_BYTES;
    while ((this.#utf8[next]! & 0xc0) === 0x80) next -= 1;
    return { offset: next, units: units + this.#utf8.toString('utf8', offset, next).length };
  }

  #markBefore(offset: number): Mark {
    let low = 0;
    let high = this.#marks.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#marks[middle]!.offset <= offset) low = middle;
      else high = middle;
    }
    return this.#marks[low]!;
  }
}
