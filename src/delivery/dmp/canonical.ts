import { Markup } from '../../xml/writer.ts';

/**
 * Writes XML that is already in canonical form (W3C Canonical XML 1.0, Exclusive XML Canonicalization 1.0), so that what is
 * digested is the very text that is sent. The template must itself be canonical: no empty-element tags, namespace
 * declarations first where they are first used, attributes in order of namespace and name, double quotes.
 */
export function canonical(parts: TemplateStringsArray, ...values: CanonicalValue[]): Markup {
  let text = parts[0]!;
  for (let index = 0; index < values.length; index += 1) text += write(values[index]!) + parts[index + 1]!;
  return new Markup(text);
}

type CanonicalValue = Markup | string | readonly Markup[];

function write(value: CanonicalValue): string {
  if (typeof value === 'string') return attributeValue(value);
  return value instanceof Markup ? value.text : value.map(({ text }) => text).join('');
}

/** `"` is escaped in attributes only and `>` in text only; values that hold either stand in one of the two places, see `text`. */
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};

/** A value of an attribute. */
function attributeValue(value: string): string {
  return characters(value).replace(/[&<"\t\n\r]/g, (character) => ESCAPES[character]!);
}

/** A value of an element. */
export function text(value: string): Markup {
  const escaped = characters(value).replace(/[&<>\r]/g, (character) =>
    character === '>' ? '&gt;' : ESCAPES[character]!,
  );
  return new Markup(escaped);
}

/** Characters that XML cannot hold become U+FFFD. */
function characters(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML cannot hold
  return value.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd').toWellFormed();
}
