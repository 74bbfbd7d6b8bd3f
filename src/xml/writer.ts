/**
 * Writes XML by hand-made templates: `xml` escapes every value that is not itself written by `xml`, so that a value can
 * never become markup. Arrays are written one after the other, null and undefined as nothing.
 */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

type Value = Markup | string | number | null | undefined | readonly Value[];

/** `xml\`<id root="${oid}"/>\`` */
export function xml(parts: TemplateStringsArray, ...values: Value[]): Markup {
  let text = parts[0]!;
  for (let index = 0; index < values.length; index += 1) text += write(values[index]) + parts[index + 1]!;
  return new Markup(text);
}

function write(value: Value): string {
  if (value instanceof Markup) return value.text;
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(write).join('');
  return escapeXml(String(value));
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/**
 * A text made safe for element content and double-quoted attributes; tabs and line ends survive attribute normalisation.
 * Characters that XML cannot hold become U+FFFD.
 */
export function escapeXml(text: string): string {
  return xmlCharacters(text.replace(/[&<>"\t\n\r]/g, (character) => ESCAPES[character]!));
}

/** A text in which characters that XML cannot hold have become U+FFFD. */
export function xmlCharacters(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML cannot hold
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd').toWellFormed();
}
