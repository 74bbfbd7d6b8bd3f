import { trimSpace } from './space.ts';

/** Nothing, or a reference into the document: most values by far. */
const PLAIN = /^#?[A-Za-z0-9_.-]*$/;
const NOT_IN_PATH = /[^A-Za-z0-9\-_.!~*'();/:@&=+$,]/;
const NOT_IN_URI = /[^A-Za-z0-9\-_.!~*'();/?:@&=+$,[\]]/;

/**
 * Whether a text is an anyURI: after escaping what XLink 5.4 escapes (blanks, characters beyond ASCII, `<>"{}|\^` and
 * the like) it must be a URI or a relative reference (XML Schema 1.0 part 2, section 3.2.17; RFC 2396 with RFC 2732).
 * Where these leave a choice, it is Xerces', the reference of the agency's tools: a scheme alone, such as `tel:`, and
 * `//` alone are refused; a port may be anything that a path may hold.
 */
export function isAnyUri(text: string): boolean {
  if (PLAIN.test(text)) return true;
  const uri = escaped(trimSpace(text));
  const scheme = /^([^:/?#]*):/.exec(uri)?.[1] ?? null;
  if (scheme === null) return isHierarchical(uri);
  if (!/^[A-Za-z][A-Za-z0-9+.-]*$/.test(scheme)) return false;
  const specific = uri.slice(scheme.length + 1);
  if (specific === '' || specific.startsWith('#')) return false;
  return specific.startsWith('/') ? isHierarchical(specific) : isOpaque(specific);
}

function escaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XLink 5.4 escapes
  return text.replace(/[\u0000-\u0020<>"{}|\\^`\u007f]|[^\u0000-\u007f]/g, '%20');
}

function isHierarchical(text: string): boolean {
  const { main, query, fragment } = split(text);
  const after = afterAuthority(main, main.length === text.length);
  return after !== null && isMadeOf(NOT_IN_PATH, after, query, fragment);
}

function isOpaque(text: string): boolean {
  const { main, query, fragment } = split(text);
  return isMadeOf(NOT_IN_URI, main, query, fragment);
}

/** Tested by what must not be there: values of megabytes are met, and a repeated group would exhaust the regular expression's stack. */
function isMadeOf(notInMain: RegExp, main: string, query: string, fragment: string): boolean {
  const rest = [query, fragment].map(withoutEscapes);
  return !notInMain.test(withoutEscapes(main)) && !rest.some((part) => NOT_IN_URI.test(part));
}

function withoutEscapes(text: string): string {
  return text.replace(/%[0-9A-Fa-f]{2}/g, '-');
}

function split(text: string): { main: string; query: string; fragment: string } {
  const found = /^([^?#]*)(?:\?([^#]*))?(?:#([\s\S]*))?$/.exec(text)!;
  return { main: found[1]!, query: found[2] ?? '', fragment: found[3] ?? '' };
}

/**
 * What a path must be made of: all of it, but for an authority with an address of IPv6, the only part that may hold
 * brackets. Null when `//` stands alone.
 */
function afterAuthority(main: string, alone: boolean): string | null {
  if (main === '//' && alone) return null;
  const found =
    /^\/\/(?:(?:[A-Za-z0-9\-_.!~*'();:&=+$,]|%[0-9A-Fa-f]{2})*@)?\[([0-9A-Fa-f:.]+)\](?::[0-9]*)?(?=\/|$)/.exec(
      main,
    );
  return found && isIpv6(found[1]!) ? main.slice(found[0].length) : main;
}

function isIpv6(text: string): boolean {
  const [before, after, more] = text.split('::');
  if (more !== undefined) return false;
  const words = [before!, after ?? ''].flatMap((part) => (part === '' ? [] : part.split(':')));
  const last = words.at(-1) ?? '';
  const hasIpv4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(last);
  const count = words.length + (hasIpv4 ? 1 : 0);
  const plain = hasIpv4 ? words.slice(0, -1) : words;
  return (
    plain.every((word) => /^[0-9A-Fa-f]{1,4}$/.test(word)) && (after === undefined ? count === 8 : count < 8)
  );
}
