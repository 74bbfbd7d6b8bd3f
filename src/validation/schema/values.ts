import type { Name } from '../../xml/names.ts';
import { attribute, elementsOf } from '../../xml/select.ts';
import { PatternError, patternOf } from '../regex.ts';
import { type Component, type Components, referred } from './components.ts';
import { XSD_NS } from './documents.ts';
import { listItems, trimSpace } from './space.ts';
import { isAnyUri } from './uri.ts';

/** Says yes only to a value that is certainly of the type. */
export type Accepts = (value: string) => boolean;

/** A simple type, and whether its white space is taken off before it is looked at. */
export interface ValueType {
  accepts: Accepts;
  space: 'preserve' | 'collapse';
  list: boolean;
}

const NEVER: Accepts = () => false;

const text = (accepts: Accepts): ValueType => ({ accepts, space: 'preserve', list: false });
const token = (accepts: Accepts | RegExp): ValueType => ({
  accepts: accepts instanceof RegExp ? (value) => accepts.test(value) : accepts,
  space: 'collapse',
  list: false,
});
const listOf = (item: Accepts): ValueType => ({ accepts: item, space: 'collapse', list: true });

/** Of the letters of Latin-1 both editions of XML 1.0 and all processors think the same. */
const NCNAME = /^[A-Za-z_À-ÖØ-öø-ÿ][\w.\-À-ÖØ-öø-ÿ]*$/;
const NMTOKEN = /^[\w.:-]+$/;
/** So short that JavaScript's numbers order them rightly. */
const DECIMAL = /^[+-]?(?:\d{1,15}|\d{1,9}\.\d{0,6}|\.\d{1,6})$/;

const integer = (least: number, most: number) =>
  token((value) => /^[+-]?\d{1,15}$/.test(value) && Number(value) >= least && Number(value) <= most);

/**
 * The built-in types that are known here (XML Schema 1.0 part 2, section 3), some only in the forms that documents use: a
 * value that is not accepted is not thereby wrong.
 */
const BUILT_IN: Readonly<Record<string, ValueType>> = {
  anySimpleType: text(() => true),
  string: text(() => true),
  token: token(() => true),
  anyURI: token(isAnyUri),
  boolean: token(/^(?:true|false|0|1)$/),
  decimal: token(DECIMAL),
  double: token(DECIMAL),
  integer: integer(-1e15, 1e15),
  nonNegativeInteger: integer(0, 1e15),
  positiveInteger: integer(1, 1e15),
  int: integer(-(2 ** 31), 2 ** 31 - 1),
  language: token(/^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/),
  NMTOKEN: token(NMTOKEN),
  NMTOKENS: listOf((value) => NMTOKEN.test(value)),
  NCName: token(NCNAME),
  ID: token(NCNAME),
  IDREF: token(NCNAME),
  IDREFS: listOf((value) => NCNAME.test(value)),
};

/** The simple types of a schema, each turned into a test once. */
export class ValueTypes {
  readonly #components: Components;
  readonly #named = new Map<Name, Accepts | null>();

  constructor(components: Components) {
    this.#components = components;
  }

  /** The test that a declaration of an attribute or element asks for; null when it is not known here. */
  of(declaration: Component): Accepts | null {
    const type = this.#typeOf(declaration, 'type');
    return type && whole(type);
  }

  /** The same for a definition. */
  defined(definition: Component): Accepts | null {
    const type = this.#definition(definition);
    return type && whole(type);
  }

  /** The same for a named type. */
  named(name: Name): Accepts | null {
    let accepts = this.#named.get(name);
    if (accepts === undefined) {
      const type = this.#byName(name);
      accepts = type && whole(type);
      this.#named.set(name, accepts);
    }
    return accepts;
  }

  /** The type that an attribute of a node names, or that stands inside it; any when there is neither. */
  #typeOf({ node, source }: Component, by: string): ValueType | null {
    const name = attribute(node, by);
    if (name !== null) return this.#byName(referred({ node, source }, name));
    const inline = elementsOf(node).find((one) => one.name.local === 'simpleType');
    return inline ? this.#definition({ node: inline, source }) : BUILT_IN.anySimpleType!;
  }

  #byName(name: Name): ValueType | null {
    // A pack may hold the schema of schemas, which defines these in their own terms.
    if (name.ns === XSD_NS) return BUILT_IN[name.local] ?? null;
    const definition = this.#components.type.get(name);
    return definition?.node.name.local === 'simpleType' ? this.#definition(definition) : null;
  }

  #definition({ node, source }: Component): ValueType | null {
    const variety = elementsOf(node).find((one) => one.name.local !== 'annotation');
    if (!variety) return null;
    const component = { node: variety, source };
    if (variety.name.local === 'restriction') return this.#restriction(component);
    if (variety.name.local === 'union') return this.#union(component);
    const item = this.#typeOf(component, 'itemType');
    return item && !item.list ? listOf(whole(item)) : null;
  }

  #union({ node, source }: Component): ValueType | null {
    const named = listItems(attribute(node, 'memberTypes') ?? '').map((name) =>
      this.named(referred({ node, source }, name)),
    );
    const inline = elementsOf(node)
      .filter((one) => one.name.local === 'simpleType')
      .map((one) => this.#definition({ node: one, source }));
    const members = [...named, ...inline.map((type) => type && whole(type))].filter((one) => one !== null);
    return text((value) => members.some((accepts) => accepts(value)));
  }

  #restriction(component: Component): ValueType | null {
    const base = this.#typeOf(component, 'base');
    if (!base) return null;
    const facets = elementsOf(component.node).filter(
      ({ name }) => name.local !== 'annotation' && name.local !== 'simpleType',
    );
    const tests = [
      base.accepts,
      ...facetTests(
        facets.map((one) => [one.name.local, attribute(one, 'value') ?? '']),
        base,
      ),
    ];
    return { ...base, accepts: (value) => tests.every((accepts) => accepts(value)) };
  }
}

/** A test of a value as written, from one of a value whose white space is as the type wants it. */
function whole({ accepts, space, list }: ValueType): Accepts {
  if (list) return (value) => listItems(value).length > 0 && listItems(value).every(accepts);
  if (space === 'preserve') return accepts;
  return (value) => {
    const trimmed = trimSpace(value);
    return !/[\t\n\r]| {2}/.test(trimmed) && accepts(trimmed);
  };
}

type Facet = [name: string, value: string];

/** Enumerations and patterns of one restriction are alternatives, other facets all hold. */
function facetTests(facets: readonly Facet[], base: ValueType): Accepts[] {
  // Of a list they are about the whole, not about its items.
  if (base.list) return facets.length > 0 ? [NEVER] : [];
  const values = (name: string) => facets.filter((one) => one[0] === name).map((one) => one[1]);
  const allowed = new Set(values('enumeration'));
  const patterns = values('pattern').map(regular);
  const others = facets.filter(([name]) => name !== 'enumeration' && name !== 'pattern');
  return [
    ...(allowed.size > 0 ? [(value: string) => allowed.has(value)] : []),
    ...(patterns.length > 0 ? [(value: string) => patterns.some((accepts) => accepts(value))] : []),
    ...others.map((facet) => otherFacet(facet, base)),
  ];
}

function regular(source: string): Accepts {
  try {
    const pattern = patternOf(source);
    return (value) => pattern.test(value);
  } catch (error) {
    if (error instanceof PatternError) return NEVER;
    throw error;
  }
}

function otherFacet([name, value]: Facet, { space }: ValueType): Accepts {
  const limit = Number(value);
  switch (name) {
    case 'minLength':
      return (text) => [...text].length >= limit;
    case 'maxLength':
      return (text) => [...text].length <= limit;
    case 'minInclusive':
      return (text) => Number(text) >= limit;
    case 'maxInclusive':
      return (text) => Number(text) <= limit;
    case 'whiteSpace':
      return value === space ? () => true : NEVER;
    default:
      return NEVER;
  }
}
