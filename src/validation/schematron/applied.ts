import { ATTRIBUTE, DOCUMENT, ELEMENT, TEXT } from '../../xml/tree.ts';
import type { Node } from '../xpath/runtime/values.ts';
import type { Schema } from './schema.ts';

/**
 * What stands beside the node that a rule is about, for its `position()` and `last()`. The reference implementation
 * applies its rules to the children of a node together, and which children these are it reads from the contexts of the
 * whole Schematron: attributes only when some context names one, comments and instructions only when no context has a
 * parenthesis.
 */
export interface Company {
  attributes: boolean;
  onlyElements: boolean;
}

/** The company in which the reference implementation applies the rules of the active patterns of a Schematron. */
export function companyOf({ patterns }: Pick<Schema, 'patterns'>): Company {
  const contexts = patterns.flatMap(({ rules }) => rules.map(({ context }) => context));
  return {
    attributes: contexts.some((one) => one.includes('@') || one.includes('attribute')),
    onlyElements: contexts.some((one) => one.includes('(')),
  };
}

/** The places of the nodes below one, from 1. */
type Places = ReadonlyMap<Node, number>;

/** Places by parent, for each company: asking about every node of a long list stays linear. */
const known = new Map<string, WeakMap<Node, Places>>();

function placesOf(node: Node, parent: Node, { attributes, onlyElements }: Company): Places {
  // Below the document itself the template that XSLT has built in applies the rules: to all children.
  const company = { attributes, onlyElements: onlyElements && parent.kind !== DOCUMENT };
  const besides = isApplied(node, company) ? company : null;
  const key = besides ? `${besides.attributes} ${besides.onlyElements}` : 'all';
  const byParent = known.get(key) ?? new WeakMap<Node, Places>();
  known.set(key, byParent);
  const found = byParent.get(parent) ?? numbered(nodesBelow(parent, besides));
  byParent.set(parent, found);
  return found;
}

/** Texts, and comments that the reference leaves out, are counted among all children. */
function isApplied({ kind }: Node, { attributes, onlyElements }: Company): boolean {
  if (kind === ELEMENT) return true;
  return kind === ATTRIBUTE ? attributes : kind !== TEXT && !onlyElements;
}

function nodesBelow(parent: Node, company: Company | null): Node[] {
  const attributes = parent.kind === ELEMENT && (company?.attributes ?? true) ? parent.attributes : [];
  const children = parent.kind === ELEMENT || parent.kind === DOCUMENT ? parent.children : [];
  return [...attributes, ...children.filter((one) => company === null || isApplied(one, company))];
}

function numbered(nodes: readonly Node[]): Places {
  return new Map(nodes.map((node, index) => [node, index + 1]));
}

/** `position()` of the node that a rule is about. */
export function placeOf(node: Node, attributes: boolean, onlyElements: boolean): number {
  if (node.parent === null) return 1;
  return placesOf(node, node.parent, { attributes, onlyElements }).get(node)!;
}

/** `last()` of the node that a rule is about. */
export function lastPlace(node: Node, attributes: boolean, onlyElements: boolean): number {
  if (node.parent === null) return 1;
  return placesOf(node, node.parent, { attributes, onlyElements }).size;
}

/** What generated code calls. */
export const appliedFunctions = { placeOf, lastPlace };
