/** A name without colon (Namespaces in XML 1.0, production 4: NCName). */
export const NAME =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: the class lists code points as the grammar does
  /^[A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\u{10000}-\u{effff}][-.0-9A-Z_a-z\u00b7\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u037d\u037f-\u1fff\u200c\u200d\u203f\u2040\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\u{10000}-\u{effff}]*$/u;

/**
 * Offset of the first character of a valid UTF-8 text that XML 1.0 (section 2.2) forbids anywhere, or -1: control
 * characters other than tab and line ends, U+FFFE, U+FFFF. Looks at four bytes at a time: this runs over every document.
 */
export function forbiddenCharacter(utf8: Buffer): number {
  const skew = (4 - (utf8.byteOffset & 3)) & 3;
  const words = new Uint32Array(utf8.buffer, utf8.byteOffset + skew, Math.max(0, (utf8.length - skew) >> 2));
  for (let at = 0; at < Math.min(skew, utf8.length); at += 1) if (isForbidden(utf8[at]!)) return at;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index]!;
    if (((word - 0x20202020) & ~word & 0x80808080) === 0) continue;
    const found = inWord(utf8, skew + index * 4);
    if (found >= 0) return found;
  }
  for (let at = skew + words.length * 4; at < utf8.length; at += 1) if (isForbidden(utf8[at]!)) return at;
  return nonCharacter(utf8);
}

function inWord(utf8: Buffer, start: number): number {
  for (let at = start; at < start + 4; at += 1) if (isForbidden(utf8[at]!)) return at;
  return -1;
}

function isForbidden(byte: number): boolean {
  return byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d;
}

const NON_CHARACTERS = [Buffer.of(0xef, 0xbf, 0xbe), Buffer.of(0xef, 0xbf, 0xbf)];

function nonCharacter(utf8: Buffer): number {
  const found = NON_CHARACTERS.map((bytes) => utf8.indexOf(bytes)).filter((at) => at >= 0);
  return found.length > 0 ? Math.min(...found) : -1;
}
