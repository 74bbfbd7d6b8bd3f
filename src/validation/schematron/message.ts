import { ELEMENT, TEXT } from '../../xml/tree.ts';
import { attributeOf, kindOf, type Placed } from './include.ts';
import type { Substitute } from './parameters.ts';
import type { MessagePart } from './schema.ts';

/**
 * The message of an assertion as text and expressions. Markup inside it counts for its text only, and a text of nothing
 * but white space for nothing: the reference implementation puts messages into a style sheet, where such texts are stripped.
 */
export function readMessage(of: Placed, substitute: Substitute): MessagePart[] {
  const parts: MessagePart[] = [];
  for (const node of of.element.children) {
    if (node.kind === TEXT && !BLANK.test(node.value)) parts.push(node.value);
    if (node.kind === ELEMENT) parts.push(...inner({ ...of, element: node }, substitute));
  }
  return parts;
}

const BLANK = /^[ \t\r\n]*$/;

function inner(one: Placed, substitute: Substitute): MessagePart[] {
  const kind = kindOf(one);
  if (kind === 'value-of') return [{ select: substitute(attributeOf(one, 'select') ?? '.') }];
  if (kind === 'name') return [{ select: `name(${substitute(attributeOf(one, 'path') ?? '.')})` }];
  return readMessage(one, substitute);
}
