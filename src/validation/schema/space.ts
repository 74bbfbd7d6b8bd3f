const BLANK = 0x20;

/** What a type does to the white space of a value before it looks at it (XML Schema 1.0 part 2, section 4.3.6). */
export type WhiteSpace = 'preserve' | 'replace' | 'collapse';

/** A text without the XML white space at its ends: blank, tab and line ends, not the no-break space that `trim` takes too. */
export function trimSpace(text: string): string {
  if (text.charCodeAt(0) > BLANK && text.charCodeAt(text.length - 1) > BLANK) return text;
  return text.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
}

/** A text with its white space dealt with. */
export function spaced(text: string, whiteSpace: WhiteSpace): string {
  if (whiteSpace === 'preserve' || !hasSpace(text)) return text;
  if (whiteSpace === 'replace') return text.replace(/[\t\n\r]/g, ' ');
  return trimSpace(text).replace(/[\t\n\r ]+/g, ' ');
}

function hasSpace(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) <= BLANK) return true;
  return false;
}
