import { canonicalText, canonicalValue } from '../../xml/canonical.ts';
import { Markup, xmlCharacters } from '../../xml/writer.ts';

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
  if (typeof value === 'string') return canonicalValue(xmlCharacters(value));
  return value instanceof Markup ? value.text : value.map(({ text }) => text).join('');
}

/** A value of an element; a plain string in a template is the value of an attribute. */
export function text(value: string): Markup {
  return new Markup(canonicalText(xmlCharacters(value)));
}
