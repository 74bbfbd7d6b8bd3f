import { XPathSyntaxError } from './error.ts';

export type TokenKind = 'name' | 'wildcard' | 'string' | 'integer' | 'decimal' | 'double' | 'symbol' | 'end';

export interface Token {
  kind: TokenKind;
  /** As written; for a string, its value. A name may hold one colon. */
  text: string;
  at: number;
}

const START =
  'A-Z_a-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c\\u200d\\u2070-\\u218f\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd\\u{10000}-\\u{effff}';
const NCNAME = `[${START}][-.0-9\\u00b7\\u0300-\\u036f\\u203f\\u2040${START}]*`;

const SPACE = /[ \t\r\n]+/y;
const NAME = new RegExp(`${NCNAME}(?::(?!:)(?:${NCNAME}|\\*))?`, 'uy');
const ANY_NAMESPACE = new RegExp(`\\*:${NCNAME}`, 'uy');
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"]|"")*"|'(?:[^']|'')*'/y;
const SYMBOL = /::|\/\/|\.\.|<<|>>|<=|>=|!=|\|\||:=|=>|[()[\],/@.$*+\-=<>|!?]/y;

/** Cuts an XPath expression into tokens; comments `(: … :)`, which may be nested, are left out. */
export function tokens(text: string): Token[] {
  const found: Token[] = [];
  for (let at = skip(text, 0); at < text.length; ) {
    const token = tokenAt(text, at);
    found.push(token.token);
    at = skip(text, token.end);
  }
  found.push({ kind: 'end', text: '', at: text.length });
  return found;
}

function tokenAt(text: string, at: number): { token: Token; end: number } {
  const number = match(NUMBER, text, at);
  if (number !== null) return made(numberKind(number), number, at, at + number.length);
  const string = match(STRING, text, at);
  if (string !== null) return made('string', unquoted(string), at, at + string.length);
  const any = match(ANY_NAMESPACE, text, at);
  if (any !== null) return made('wildcard', any, at, at + any.length);
  const name = match(NAME, text, at);
  if (name !== null) return made(name.endsWith('*') ? 'wildcard' : 'name', name, at, at + name.length);
  const symbol = match(SYMBOL, text, at);
  if (symbol !== null) return made('symbol', symbol, at, at + symbol.length);
  const quoted = /["']/.test(text[at]!) ? 'a string is not closed' : `unexpected character ${text[at]}`;
  throw new XPathSyntaxError(quoted, at);
}

function made(kind: TokenKind, text: string, at: number, end: number): { token: Token; end: number } {
  return { token: { kind, text, at }, end };
}

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

function numberKind(text: string): TokenKind {
  if (/[eE]/.test(text)) return 'double';
  return text.includes('.') ? 'decimal' : 'integer';
}

function unquoted(text: string): string {
  const quote = text[0]!;
  return text.slice(1, -1).replaceAll(quote + quote, quote);
}

function skip(text: string, from: number): number {
  let at = from;
  for (;;) {
    at += match(SPACE, text, at)?.length ?? 0;
    if (!text.startsWith('(:', at)) return at;
    at = afterComment(text, at);
  }
}

function afterComment(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text.startsWith('(:', at)) depth += 1;
    else if (text.startsWith(':)', at)) depth -= 1;
    else continue;
    at += 1;
    if (depth === 0) return at + 1;
  }
  throw new XPathSyntaxError('a comment is not closed', from);
}
