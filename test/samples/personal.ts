/** Elements of a header that say who a patient is or where they live. */
const TEXTS =
  /<(family|given|houseNumber|streetName|streetAddressLine|city|county|prefix)\b[^>]*>([^<]{3,})</g;
const VALUES = /<(?:id[^>]*\bextension|telecom\s+value|birthTime\s+value)="([^"]{4,})"/g;

/**
 * Everything that a document says of its patient: identifiers, names, birth, addresses; also as parts, where a name has
 * several. What may stand in no log, message, metric or file name.
 */
export function personalValues(document: Buffer | string): string[] {
  const header = /<recordTarget>[\s\S]*?<\/recordTarget>/.exec(document.toString())?.[0] ?? '';
  const texts = [...header.matchAll(TEXTS)].map((found) => found[2]!.trim());
  const values = [...header.matchAll(VALUES)].map((found) => found[1]!.replace(/^(tel|mailto):/, ''));
  const parts = texts.flatMap((text) => text.split(/[\s-]+/)).filter((part) => part.length > 3);
  return [...new Set([...texts, ...values, ...parts])].filter((one) => !COMMON.has(one.toLowerCase()));
}

/** Words of addresses that any text may use, and the whole documents' country. */
const COMMON = new Set(['chemin', 'ville', 'demonstration', 'france', 'des', 'rue', 'test', 'essais']);

/** Which of the values stand in a text; a short one as a word of its own, since an identifier may hold it by chance. */
export function personalIn(text: string, values: readonly string[]): string[] {
  return values.filter((value) =>
    value.length < 8 ? new RegExp(`(?<![\\w])${value}(?![\\w])`).test(text) : text.includes(value),
  );
}
