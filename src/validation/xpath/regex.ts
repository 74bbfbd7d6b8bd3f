import { PatternError, translated } from '../regex/translate.ts';
import { XPathError } from './error.ts';

/**
 * Translates a regular expression of XPath (XML Schema's, with anchors, reluctant quantifiers and back-references) into
 * one of JavaScript.
 * @param flags of fn:matches: s, m, i, x, q
 * @throws XPathError FORX0001 or FORX0002
 */
export function translateRegex(pattern: string, flags: string): RegExp {
  if (!/^[smixq]*$/.test(flags)) throw new XPathError('FORX0001', `unknown flags ${flags}`);
  const text = flags.includes('q') ? quoted(pattern) : flags.includes('x') ? withoutSpaces(pattern) : pattern;
  const ignoreCase = flags.includes('i');
  const modes = { dotAll: flags.includes('s'), multiline: flags.includes('m'), ignoreCase };
  try {
    return new RegExp(translated(text, 'xpath', modes), ignoreCase ? 'vi' : 'v');
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new XPathError('FORX0002', `invalid regular expression: ${error.message}`);
  }
}

function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** With flag x, white space outside classes means nothing. */
function withoutSpaces(text: string): string {
  let depth = 0;
  let out = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    if (character === '\\') {
      out += character + (text[at + 1] ?? '');
      at += 1;
      continue;
    }
    if (character === '[') depth += 1;
    if (character === ']') depth -= 1;
    if (depth > 0 || !/[ \t\r\n]/.test(character)) out += character;
  }
  return out;
}
