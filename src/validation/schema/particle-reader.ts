import { attribute, elementsOf } from '../../xml/select.ts';
import type { XmlElement } from '../../xml/tree.ts';
import type { AttributeReader } from './attribute-reader.ts';
import type { ElementReader } from './element-reader.ts';
import type { GroupParticle, Particle } from './model.ts';
import type { Component, Registry } from './registry.ts';
import { written } from './registry.ts';

const MODELS: ReadonlySet<string> = new Set(['sequence', 'choice', 'all', 'group']);

/** The child that says what may stand in an element: a sequence, a choice, an all or a reference to a group. */
export function modelIn({ node, source }: Component): Component | null {
  const model = elementsOf(node).find(({ name }) => MODELS.has(name.local));
  return model ? { node: model, source } : null;
}

/** Reads what may stand in an element; groups once each. */
export class ParticleReader {
  readonly #registry: Registry;
  readonly #attributes: AttributeReader;
  readonly #elements: ElementReader;
  /** Null while a group is being read: a group that needs itself is an error. */
  readonly #groups = new Map<string, GroupParticle | null>();

  constructor(registry: Registry, attributes: AttributeReader, elements: ElementReader) {
    this.#registry = registry;
    this.#attributes = attributes;
    this.#elements = elements;
  }

  /** Null when it may not occur, or has nothing in it. */
  read(component: Component): Particle | null {
    const { min, max } = this.#occurrences(component);
    if (max === 0) return null;
    switch (component.node.name.local) {
      case 'element': {
        const declaration = this.#elements.inModel(component);
        return declaration && { kind: 'element', declaration, min, max, at: component };
      }
      case 'any':
        return { kind: 'any', wildcard: this.#attributes.wildcard(component), min, max, at: component };
      case 'group': {
        const group = this.#group(component);
        return group && { ...group, min, max };
      }
      default:
        return this.#model(component, min, max);
    }
  }

  #model(component: Component, min: number, max: number): GroupParticle {
    const kind = component.node.name.local as GroupParticle['kind'];
    const items: Particle[] = [];
    for (const node of elementsOf(component.node)) {
      if (node.name.local === 'annotation') continue;
      const item = this.read({ node, source: component.source });
      if (item && kind === 'all' && item.max > 1)
        this.#problem({ node, source: component.source }, 'an element of xs:all may stand once at the most');
      if (item?.kind === 'all')
        this.#problem({ node, source: component.source }, 'xs:all may not stand in a group');
      if (item) items.push(item);
    }
    if (kind === 'all' && max > 1) this.#problem(component, 'xs:all may stand once at the most');
    return { kind, items, min, max, at: component };
  }

  #group(reference: Component): GroupParticle | null {
    const ref = attribute(reference.node, 'ref');
    if (ref === null) this.#problem(reference, 'xs:group needs ref here');
    const found = ref === null ? null : this.#registry.referred('group', reference, ref);
    if (!found) return null;
    const key = written(found.name);
    const known = this.#groups.get(key);
    if (known === null) this.#problem(reference, `the group ${key} is made of itself`);
    if (known !== undefined) return known;
    this.#groups.set(key, null);
    const model = modelIn(found.component);
    const group = model ? (this.read(model) as GroupParticle | null) : null;
    if (group) this.#groups.set(key, group);
    else this.#groups.delete(key);
    return group;
  }

  #occurrences(component: Component): { min: number; max: number } {
    const { node } = component;
    const min = occurrence(node, 'minOccurs');
    const max = occurrence(node, 'maxOccurs');
    if (Number.isNaN(min) || min === Number.POSITIVE_INFINITY || Number.isNaN(max) || max < min) {
      this.#problem(component, 'minOccurs and maxOccurs do not go together');
      return { min: 0, max: Number.POSITIVE_INFINITY };
    }
    return { min, max };
  }

  #problem({ node, source }: Component, what: string): void {
    this.#registry.problems.add(node, source, what);
  }
}

function occurrence(node: XmlElement, name: 'minOccurs' | 'maxOccurs'): number {
  const text = attribute(node, name)?.trim() ?? '1';
  if (text === 'unbounded') return Number.POSITIVE_INFINITY;
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}
