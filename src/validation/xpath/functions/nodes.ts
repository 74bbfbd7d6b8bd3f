import { XML_NS } from '../../../xml/names.ts';
import { ELEMENT, type XmlElement } from '../../../xml/tree.ts';
import { XPathError } from '../error.ts';
import { attributesOf, descendantsOf, namespaceOf, namespacesAt, rootOf } from '../runtime/axes.ts';
import { trimmed } from '../runtime/numbers.ts';
import { type Atomic, type Node, nameOfNode, QNameValue, stringOf, Uri } from '../runtime/values.ts';
import type { FunctionTable } from './row.ts';

function nodeName(node: Node | null): string {
  const name = node && nameOfNode(node);
  return name ? (name.prefix ? `${name.prefix}:${name.local}` : name.local) : '';
}

const QNAME = /^(?:([^\s:]+):)?([^\s:]+)$/;

function qname(ns: string | null, lexical: string): QNameValue {
  const found = QNAME.exec(trimmed(lexical));
  if (!found) throw new XPathError('FOCA0002', 'a qualified name is not well formed');
  if (found[1] && !ns) throw new XPathError('FOCA0002', 'a qualified name has a prefix and no namespace');
  return new QNameValue(ns ?? '', found[1] ?? '', found[2]!);
}

function resolveQName(lexical: string | null, node: Node | null): QNameValue | null {
  if (lexical === null) return null;
  const found = QNAME.exec(trimmed(lexical));
  if (!found) throw new XPathError('FOCA0002', 'a qualified name is not well formed');
  if (node?.kind !== ELEMENT) throw new XPathError('XPTY0004', 'an element is required');
  const [, prefix = '', local = ''] = found;
  const ns = namespaceOf(node, prefix);
  if (ns === undefined && prefix) throw new XPathError('FONS0004', 'a prefix is not bound in the document');
  return new QNameValue(ns ?? '', prefix, local);
}

function asQName(value: Atomic | null): QNameValue | null {
  if (value === null || value instanceof QNameValue) return value;
  throw new XPathError('XPTY0004', 'a qualified name is required');
}

function isLang(wanted: string | null, node: Node | null): boolean {
  for (let at = node; at; at = at.parent) {
    const lang = attributesOf(at).find(({ name }) => name.local === 'lang' && name.ns === XML_NS)?.value;
    if (lang !== undefined) return `${lang.toLowerCase()}-`.startsWith(`${(wanted ?? '').toLowerCase()}-`);
  }
  return false;
}

const identities = new WeakMap<Node, string>();
let identified = 0;

function identity(node: Node | null): string {
  if (!node) return '';
  let id = identities.get(node);
  if (!id) {
    identified += 1;
    id = `d${identified}`;
    identities.set(node, id);
  }
  return id;
}

function prefixes(node: Node | null): string[] {
  if (node?.kind !== ELEMENT) throw new XPathError('XPTY0004', 'an element is required');
  return [...namespacesAt(node)].filter(([, uri]) => uri !== '').map(([prefix]) => prefix);
}

function namespaceForPrefix(prefix: string | null, node: Node | null): Uri | null {
  if (node?.kind !== ELEMENT) throw new XPathError('XPTY0004', 'an element is required');
  const uri = namespaceOf(node, prefix ?? '');
  return uri ? new Uri(uri) : null;
}

function withIds(wanted: readonly Atomic[], node: Node | null): XmlElement[] {
  const ids = new Set(wanted.flatMap((value) => trimmed(stringOf(value)).split(/[ \t\r\n]+/)));
  const isWanted = (one: Node): one is XmlElement =>
    attributesOf(one).some(
      ({ name, value }) => name.ns === XML_NS && name.local === 'id' && ids.has(trimmed(value)),
    );
  return node ? descendantsOf(rootOf(node)).filter(isWanted) : [];
}

export const nodes: FunctionTable = {
  id: { params: ['atoms', 'node?'], least: 1, contextLast: true, gives: ['node', '*'], run: withIds },
  nilled: {
    params: ['node?'],
    gives: ['boolean', '?'],
    run: (node: Node | null) => (node?.kind === ELEMENT ? false : null),
  },
  name: { params: ['node?'], ofContext: true, gives: ['string', '1'], run: nodeName },
  'local-name': {
    params: ['node?'],
    ofContext: true,
    gives: ['string', '1'],
    run: (node: Node | null) => (node && nameOfNode(node)?.local) ?? '',
  },
  'namespace-uri': {
    params: ['node?'],
    ofContext: true,
    gives: ['item', '1'],
    run: (node: Node | null) => new Uri((node && nameOfNode(node)?.ns) ?? ''),
  },
  'node-name': {
    params: ['node?'],
    ofContext: true,
    gives: ['item', '?'],
    run: (node: Node | null) => {
      const name = node && nameOfNode(node);
      return name ? new QNameValue(name.ns, name.prefix, name.local) : null;
    },
  },
  root: {
    params: ['node?'],
    ofContext: true,
    gives: ['node', '?'],
    run: (node: Node | null) => node && rootOf(node),
  },
  lang: { params: ['string?', 'node?'], least: 1, contextLast: true, gives: ['boolean', '1'], run: isLang },
  'generate-id': { params: ['node?'], ofContext: true, gives: ['string', '1'], run: identity },
  QName: { params: ['string?', 'string'], gives: ['item', '1'], run: qname },
  'resolve-QName': { params: ['string?', 'node?'], gives: ['item', '?'], run: resolveQName },
  'local-name-from-QName': {
    params: ['atom?'],
    gives: ['string', '?'],
    run: (value: Atomic | null) => asQName(value)?.local ?? null,
  },
  'prefix-from-QName': {
    params: ['atom?'],
    gives: ['string', '?'],
    run: (value: Atomic | null) => asQName(value)?.prefix || null,
  },
  'namespace-uri-from-QName': {
    params: ['atom?'],
    gives: ['item', '?'],
    run: (value: Atomic | null) => {
      const name = asQName(value);
      return name && new Uri(name.ns);
    },
  },
  'in-scope-prefixes': { params: ['node?'], gives: ['item', '*'], run: prefixes },
  'namespace-uri-for-prefix': { params: ['string?', 'node?'], gives: ['item', '?'], run: namespaceForPrefix },
  error: {
    params: ['atom?', 'string', 'items'],
    least: 0,
    gives: ['item', '*'],
    run: (code: Atomic | null = null) => {
      throw new XPathError(code === null ? 'FOER0000' : stringOf(code), 'the expression raises an error');
    },
  },
};
