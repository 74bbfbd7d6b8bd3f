import { type Name, nameOf } from '../../xml/names.ts';
import { NAME_CHARACTER, NAME_START } from '../regex/name-characters.ts';
import { XSD_NS } from './documents.ts';
import { boundFacet } from './facets.ts';
import { PRIMITIVES } from './primitives.ts';
import {
  AnySimpleType,
  type Atom,
  AtomicType,
  type Facet,
  ListType,
  type SimpleType,
  type SimpleTypeAbout,
} from './simple-types.ts';

export const ANY_SIMPLE_TYPE = new AnySimpleType({
  label: 'xs:anySimpleType',
  base: null,
  whiteSpace: 'preserve',
});

const types = new Map<string, SimpleType>([['anySimpleType', ANY_SIMPLE_TYPE]]);

function built(): Map<Name, SimpleType> {
  for (const name of PRIMITIVES.keys()) addPrimitive(name);
  addStrings();
  addIntegers();
  addList('NMTOKENS', 'NMTOKEN');
  addList('IDREFS', 'IDREF');
  addList('ENTITIES', 'ENTITY');
  return new Map([...types].map(([local, type]) => [nameOf(XSD_NS, local), type]));
}

function addPrimitive(name: string): void {
  const whiteSpace = name === 'string' ? 'preserve' : 'collapse';
  const about: SimpleTypeAbout = { label: `xs:${name}`, base: ANY_SIMPLE_TYPE, whiteSpace };
  types.set(name, new AtomicType(about, { primitive: PRIMITIVES.get(name)! }));
}

function addStrings(): void {
  addDerived('normalizedString', 'string', { whiteSpace: 'replace' });
  addDerived('token', 'normalizedString', { whiteSpace: 'collapse' });
  addDerived('language', 'token', {}, { form: /^[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*$/ });
  addDerived('NMTOKEN', 'token', {}, { form: new RegExp(`^[:${NAME_CHARACTER}]+$`) });
  addDerived('Name', 'token', {}, { form: new RegExp(`^[:${NAME_START}][:${NAME_CHARACTER}]*$`) });
  addDerived('NCName', 'Name', {}, { form: new RegExp(`^[${NAME_START}][${NAME_CHARACTER}]*$`) });
  addDerived('ID', 'NCName', {}, { role: 'identifier' });
  addDerived('IDREF', 'NCName', {}, { role: 'reference' });
  // An entity would have to be declared in a DTD, which no document has here.
  addDerived('ENTITY', 'NCName', {}, { form: /^(?!)/ });
}

const INTEGERS: readonly [name: string, base: string, minimum: string | null, maximum: string | null][] = [
  ['nonPositiveInteger', 'integer', null, '0'],
  ['negativeInteger', 'nonPositiveInteger', null, '-1'],
  ['long', 'integer', '-9223372036854775808', '9223372036854775807'],
  ['int', 'long', '-2147483648', '2147483647'],
  ['short', 'int', '-32768', '32767'],
  ['byte', 'short', '-128', '127'],
  ['nonNegativeInteger', 'integer', '0', null],
  ['unsignedLong', 'nonNegativeInteger', '0', '18446744073709551615'],
  ['unsignedInt', 'unsignedLong', '0', '4294967295'],
  ['unsignedShort', 'unsignedInt', '0', '65535'],
  ['unsignedByte', 'unsignedShort', '0', '255'],
  ['positiveInteger', 'nonNegativeInteger', '1', null],
];

function addIntegers(): void {
  addDerived('integer', 'decimal', {}, { form: /^[+-]?\d+$/ });
  for (const [name, base, minimum, maximum] of INTEGERS) {
    const facets: Facet[] = [];
    if (minimum !== null) facets.push(boundFacet('minInclusive', minimum, types.get(base)!)!);
    if (maximum !== null) facets.push(boundFacet('maxInclusive', maximum, types.get(base)!)!);
    addDerived(name, base, { facets });
  }
}

function addDerived(
  name: string,
  from: string,
  about: Partial<SimpleTypeAbout>,
  atom: Partial<Atom> = {},
): void {
  const base = types.get(from) as AtomicType;
  const { primitive, form } = base;
  const { whiteSpace } = base;
  types.set(
    name,
    new AtomicType({ whiteSpace, ...about, label: `xs:${name}`, base }, { primitive, form, ...atom }),
  );
}

function addList(name: string, item: string): void {
  const about: SimpleTypeAbout = { label: `xs:${name}`, base: ANY_SIMPLE_TYPE, whiteSpace: 'collapse' };
  types.set(name, new ListType(about, { item: types.get(item)!, atLeastOne: true }));
}

/** The built-in simple types of XML Schema 1.0 part 2, by name. */
export const BUILT_INS: ReadonlyMap<Name, SimpleType> = built();
