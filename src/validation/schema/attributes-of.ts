import { HL7_NS, type Name } from '../../xml/names.ts';
import { attribute } from '../../xml/select.ts';
import { type Component, written } from './registry.ts';
import type { Method } from './simple-types.ts';

/** How findings call a type: names of HL7 v3 without their namespace. */
export function labelOf(name: Name): string {
  return name.ns === HL7_NS ? name.local : written(name);
}

/** The value of a boolean attribute of a schema element. */
export function flag(component: Component, local: string): boolean {
  const value = attribute(component.node, local)?.trim();
  return value === 'true' || value === '1';
}

const ALL: readonly Method[] = ['extension', 'restriction', 'list', 'union', 'substitution'];

/** The kinds of derivation in `block` or `final`, or in the default that the schema document gives. */
export function methods(
  { node, source }: Component,
  own: 'block' | 'final',
  byDefault: 'blockDefault' | 'finalDefault',
): ReadonlySet<Method> {
  const text = attribute(node, own) ?? attribute(source.document.tree.root, byDefault) ?? '';
  const items = text.split(/[\t\n\r ]+/);
  return new Set(ALL.filter((method) => items.includes(method) || items.includes('#all')));
}
