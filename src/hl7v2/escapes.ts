import { type Charset, decode } from './charset.ts';

/** The separators that a message declares in MSH-1 and MSH-2, each one character. */
export interface Delimiters {
  field: string;
  component: string;
  repetition: string;
  escape: string;
  subcomponent: string;
}

export const DELIMITERS: Delimiters = {
  field: '|',
  component: '^',
  repetition: '~',
  escape: '\\',
  subcomponent: '&',
};

/** Undoes the escape sequences of a text; what is none stays as it is. */
export function unescapeText(text: string, delimiters: Delimiters, charset: Charset): string {
  const { escape: sign } = delimiters;
  if (!text.includes(sign)) return text;
  let result = '';
  for (let at = 0; at < text.length; ) {
    const open = text.indexOf(sign, at);
    const close = open < 0 ? -1 : text.indexOf(sign, open + 1);
    if (close < 0) return result + text.slice(at);
    const meant = meaningOf(text.slice(open + 1, close), delimiters, charset);
    result += text.slice(at, open) + (meant ?? sign);
    at = meant === null ? open + 1 : close + 1;
  }
  return result;
}

/** What stands between two escape signs; null when it is no sequence. */
function meaningOf(inner: string, delimiters: Delimiters, charset: Charset): string | null {
  switch (inner) {
    case 'F':
      return delimiters.field;
    case 'S':
      return delimiters.component;
    case 'T':
      return delimiters.subcomponent;
    case 'R':
      return delimiters.repetition;
    case 'E':
      return delimiters.escape;
    case '.br':
      return '\n';
    case 'H':
    case 'N':
      return '';
  }
  const hexadecimal = /^X((?:[0-9A-Fa-f]{2})+)$/.exec(inner);
  return hexadecimal ? decode(Buffer.from(hexadecimal[1]!, 'hex'), charset) : null;
}

const ESCAPED: Readonly<Record<string, string>> = {
  '|': '\\F\\',
  '^': '\\S\\',
  '&': '\\T\\',
  '~': '\\R\\',
  '\\': '\\E\\',
  '\n': '\\.br\\',
};

/** Writes a text so that no separator and no line break stands in it, for the standard delimiters. */
export function escapeText(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[|^&~\\\n]/g, (sign) => ESCAPED[sign]!)
    .replace(/\p{Cc}/gu, ' ');
}
