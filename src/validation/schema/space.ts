const BLANK = 0x20;

/** A text without the XML white space at its ends: blank, tab and line ends, not the no-break space that `trim` takes too. */
export function trimSpace(text: string): string {
  if (text.charCodeAt(0) > BLANK && text.charCodeAt(text.length - 1) > BLANK) return text;
  return text.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
}

/** The items of a list type: texts between XML white space. */
export function listItems(text: string): string[] {
  return text.split(/[\t\n\r ]+/).filter((item) => item !== '');
}
