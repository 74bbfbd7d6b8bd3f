/** A name without colon (Namespaces in XML 1.0, production 4: NCName). */
export const NAME =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: the class lists code points as the grammar does
  /^[A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\u{10000}-\u{effff}][-.0-9A-Z_a-z\u00b7\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u037d\u037f-\u1fff\u200c\u200d\u203f\u2040\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\u{10000}-\u{effff}]*$/u;

const BLOCK_BYTES = 16;

/**
 * Offset of the first character of a valid UTF-8 text that XML 1.0 (section 2.2) forbids anywhere, or -1: control
 * characters other than tab and line ends, U+FFFE, U+FFFF. Looks at blocks of four words, and only into those that hold
 * a control character: this runs over every document.
 */
export function forbiddenCharacter(utf8: Buffer): number {
  if (utf8.length < BLOCK_BYTES) return firstOf(forbiddenIn(utf8, 0, utf8.length), nonCharacter(utf8));
  const skew = (4 - (utf8.byteOffset & 3)) & 3;
  const words = new Int32Array(utf8.buffer, utf8.byteOffset + skew, (utf8.length - skew) >> 2);
  const blocks = words.length >> 2;
  const before = forbiddenIn(utf8, 0, skew);
  if (before >= 0) return before;
  for (let block = 0; block < blocks; block += 1) {
    const at = block * 4;
    const marks =
      controls(words[at]!) | controls(words[at + 1]!) | controls(words[at + 2]!) | controls(words[at + 3]!);
    if (marks === 0) continue;
    const start = skew + block * BLOCK_BYTES;
    const found = forbiddenIn(utf8, start, start + BLOCK_BYTES);
    if (found >= 0) return found;
  }
  return firstOf(forbiddenIn(utf8, skew + blocks * BLOCK_BYTES, utf8.length), nonCharacter(utf8));
}

function firstOf(found: number, otherwise: number): number {
  return found >= 0 ? found : otherwise;
}

/** Not 0 when one of the four bytes is below 0x20; a byte above one that is may be marked too. */
function controls(word: number): number {
  return (word - 0x20202020) & ~word & 0x80808080;
}

/** Control characters that are not allowed, by code. */
const FORBIDDEN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d ? 1 : 0,
);

function forbiddenIn(utf8: Buffer, start: number, end: number): number {
  for (let at = start; at < end; at += 1) if (FORBIDDEN[utf8[at]!] === 1) return at;
  return -1;
}

const NON_CHARACTERS = [Buffer.of(0xef, 0xbf, 0xbe), Buffer.of(0xef, 0xbf, 0xbf)];

function nonCharacter(utf8: Buffer): number {
  const found = NON_CHARACTERS.map((bytes) => utf8.indexOf(bytes)).filter((at) => at >= 0);
  return found.length > 0 ? Math.min(...found) : -1;
}
