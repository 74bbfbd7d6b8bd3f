const SPACE = 0x20;
const LF = 0x0a;
const CR = 0x0d;

/**
 * A schema file with its DOCTYPE written over by blanks, line ends kept, so that no DTD reaches a parser: the schema for
 * schemas has one, which only repeats that its identifiers are identifiers. A file without DOCTYPE is returned as it is.
 */
export function withoutDoctype(file: Buffer): Buffer {
  const text = file.toString('latin1');
  const start = doctypeStart(text);
  if (start < 0) return file;
  const end = doctypeEnd(text, start);
  const blanked = Buffer.from(file);
  for (let at = start; at < end; at += 1) {
    if (blanked[at] !== LF && blanked[at] !== CR) blanked[at] = SPACE;
  }
  return blanked;
}

/** A DOCTYPE stands before the root element: after a byte order mark, a declaration, comments and instructions. */
function doctypeStart(text: string): number {
  const before = /^(?:\u00ef\u00bb\u00bf)?(?:\s+|<\?[\s\S]*?\?>|<!--[\s\S]*?-->)*/.exec(text)![0].length;
  return text.startsWith('<!DOCTYPE', before) ? before : -1;
}

/** Offset after the `>` that closes a DOCTYPE; what has no end is left to the parser to refuse. */
function doctypeEnd(text: string, start: number): number {
  const pieces = /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|"[^"]*"|'[^']*'|[[\]>]/g;
  pieces.lastIndex = start;
  let inSubset = false;
  for (let piece = pieces.exec(text); piece; piece = pieces.exec(text)) {
    if (piece[0] === '[') inSubset = true;
    else if (piece[0] === ']') inSubset = false;
    else if (piece[0] === '>' && !inSubset) return pieces.lastIndex;
  }
  return start;
}
