/** Which namespaces a wildcard lets in: any, all but one, or those listed; '' is no namespace. */
export type Namespaces =
  | { kind: 'any' }
  | { kind: 'not'; ns: string }
  | { kind: 'list'; list: ReadonlySet<string> };

/** How strictly what a wildcard lets in is judged. */
export type Processing = 'strict' | 'lax' | 'skip';

export interface Wildcard {
  namespaces: Namespaces;
  processing: Processing;
}

export const ANYTHING_LAX: Wildcard = { namespaces: { kind: 'any' }, processing: 'lax' };

/** `not` a namespace is not "no namespace" either (XML Schema 1.0 part 1, section 3.10.4). */
export function allows({ namespaces }: Wildcard, ns: string): boolean {
  if (namespaces.kind === 'any') return true;
  return namespaces.kind === 'not' ? ns !== namespaces.ns && ns !== '' : namespaces.list.has(ns);
}

/** The value of a `namespace` attribute in a schema with this target namespace; null when it is none. */
export function readNamespaces(text: string, target: string): Namespaces | null {
  const items = text.split(/[\t\n\r ]+/).filter((item) => item !== '');
  if (items.length === 1 && items[0] === '##any') return { kind: 'any' };
  if (items.length === 1 && items[0] === '##other') return { kind: 'not', ns: target };
  if (items.some((item) => item === '##any' || item === '##other')) return null;
  const named = items.map((item) => (item === '##targetNamespace' ? target : item === '##local' ? '' : item));
  return { kind: 'list', list: new Set(named) };
}

/** Attribute Wildcard Union (section 3.10.6); null when it cannot be expressed. */
export function union(a: Namespaces, b: Namespaces): Namespaces | null {
  if (a.kind === 'any' || b.kind === 'any') return { kind: 'any' };
  if (a.kind === 'list' && b.kind === 'list') return { kind: 'list', list: new Set([...a.list, ...b.list]) };
  if (a.kind === 'not' && b.kind === 'not') return a.ns === b.ns ? a : { kind: 'not', ns: '' };
  const [not, list] = a.kind === 'not' ? [a, (b as ListOf).list] : [b as Not, (a as ListOf).list];
  const hasNot = list.has(not.ns);
  const hasNone = list.has('');
  if (hasNot && hasNone) return { kind: 'any' };
  if (hasNot) return { kind: 'not', ns: '' };
  return hasNone ? null : not;
}

/** Attribute Wildcard Intersection (section 3.10.6); null when it cannot be expressed. */
export function intersection(a: Namespaces, b: Namespaces): Namespaces | null {
  if (a.kind === 'any') return b;
  if (b.kind === 'any') return a;
  if (a.kind === 'list' && b.kind === 'list')
    return { kind: 'list', list: new Set([...a.list].filter((ns) => b.list.has(ns))) };
  if (a.kind === 'not' && b.kind === 'not') {
    if (a.ns === b.ns || b.ns === '') return a;
    return a.ns === '' ? b : null;
  }
  const [not, list] = a.kind === 'not' ? [a, (b as ListOf).list] : [b as Not, (a as ListOf).list];
  return { kind: 'list', list: new Set([...list].filter((ns) => ns !== not.ns && ns !== '')) };
}

type Not = Extract<Namespaces, { kind: 'not' }>;
type ListOf = Extract<Namespaces, { kind: 'list' }>;

/** Whether some namespace is let in by both: two wildcards of one content model must not compete. */
export function overlap(a: Namespaces, b: Namespaces): boolean {
  if (a.kind === 'list') return [...a.list].some((ns) => allows({ namespaces: b, processing: 'skip' }, ns));
  if (b.kind === 'list') return overlap(b, a);
  return true;
}
