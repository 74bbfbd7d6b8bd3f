const WORDS: Readonly<Record<string, string>> = {
  œ: 'oe',
  Œ: 'OE',
  æ: 'ae',
  Æ: 'AE',
  ß: 'ss',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  '€': 'EUR',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '«': '"',
  '»': '"',
  '–': '-',
  '—': '-',
  '…': '...',
};

/** A text in US-ASCII, on one line: letters without accents, what has no like becomes `?`. */
export function ascii(text: string): string {
  const bare = text.normalize('NFKD').replace(/\p{M}/gu, '');
  const line = bare.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return line.replace(/[^ -~]/gu, (character) => WORDS[character] ?? '?');
}
