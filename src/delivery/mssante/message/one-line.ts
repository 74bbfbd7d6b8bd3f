/**
 * A text as a value of a header or a file name can hold it: on one line, without control and invisible formatting
 * characters (line ends, NUL, reversed writing), blanks folded.
 */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
}

/** The first characters of a text, never half a character, without a blank at the end. */
export function cut(text: string, most: number): string {
  return [...text].slice(0, most).join('').trimEnd();
}
