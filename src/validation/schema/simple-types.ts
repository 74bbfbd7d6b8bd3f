import type { Words } from '../../words/errors.ts';
import type { XmlElement } from '../../xml/tree.ts';
import type { SchemaFindingCode } from './errors.ts';
import type { Primitive } from './primitives.ts';
import { spaced, type WhiteSpace } from './space.ts';

/** Why a value is not one of its type, and what was expected. */
export interface Fault {
  code: SchemaFindingCode;
  expected: Words;
}

/** What a restriction asks of a value beside its base: null when the value has it. */
export type Facet = (text: string, at: XmlElement, type: SimpleType) => Fault | null;

export type Method = 'extension' | 'restriction' | 'list' | 'union' | 'substitution';

/** What all kinds of simple types are told when they are made. */
export interface SimpleTypeAbout {
  /** How findings call it: `xs:int`, `NullFlavor`; for a type without a name, as its base. */
  label: string;
  base: SimpleType | null;
  whiteSpace: WhiteSpace;
  /** Kinds of derivation that its definition rules out. */
  final?: ReadonlySet<Method>;
  facets?: readonly Facet[];
}

/** Takes the identifiers and references that values hold. */
export interface Identifiers {
  identifier(value: string): void;
  reference(value: string): void;
}

const NONE: ReadonlySet<Method> = new Set();

/** A simple type (XML Schema 1.0 part 1, section 3.14). */
export abstract class SimpleType {
  readonly kind = 'simple';
  readonly label: string;
  readonly base: SimpleType | null;
  readonly whiteSpace: WhiteSpace;
  readonly final: ReadonlySet<Method>;
  readonly facets: readonly Facet[];
  /** Values may be identifiers or references to them. */
  readonly identifies: boolean;
  /** The texts that a facet lists, when the type is one of strings: most values of a document are such codes. */
  readonly codes: ReadonlySet<string> | null;

  constructor(about: SimpleTypeAbout, identifies: boolean, codes: ReadonlySet<string> | null = null) {
    this.label = about.label;
    this.base = about.base;
    this.whiteSpace = about.whiteSpace;
    this.final = about.final ?? NONE;
    this.facets = about.facets ?? [];
    this.identifies = identifies;
    this.codes = codes;
  }

  abstract readonly variety: 'any' | 'atomic' | 'list' | 'union';

  /** What is wrong with a value as it stands in the document, null when nothing is. */
  faultOf(raw: string, at: XmlElement): Fault | null {
    if (this.codes?.has(raw)) return null;
    return this.faultOfSpaced(spaced(raw, this.whiteSpace), at);
  }

  /** The same for a text whose white space has been dealt with. */
  faultOfSpaced(text: string, at: XmlElement): Fault | null {
    const fault = this.lexicalFault(text, at);
    if (fault) return this.codes ? codesFault(this.codes) : fault;
    const whole = this.facets.length > 0 ? this.facetText(text) : text;
    for (const facet of this.facets) {
      const found = facet(whole, at, this);
      if (found) return found;
    }
    return null;
  }

  /** A text that is the same for equal values; for a value of the type only. */
  keyOf(raw: string, at: XmlElement): string {
    return this.keyOfSpaced(spaced(raw, this.whiteSpace), at);
  }

  abstract keyOfSpaced(text: string, at: XmlElement): string;

  /** Hands over the identifiers and references in a value of the type. */
  abstract identify(raw: string, at: XmlElement, to: Identifiers): void;

  /** What facets look at. */
  protected facetText(text: string): string {
    return text;
  }

  protected abstract lexicalFault(text: string, at: XmlElement): Fault | null;

  protected wrongType(expected = this.label): Fault {
    return { code: 'xsd.value-wrong-type', expected: { fr: expected, en: expected } };
  }
}

/** anySimpleType: every text. */
export class AnySimpleType extends SimpleType {
  readonly variety = 'any';

  constructor(about: SimpleTypeAbout) {
    super(about, false);
  }

  keyOfSpaced(text: string): string {
    return text;
  }

  identify(): void {}

  protected lexicalFault(): null {
    return null;
  }
}

/** What an atomic type is made of. */
export interface Atom {
  primitive: Primitive;
  /** Form beyond that of the primitive type: the built-in types derived from it have one. */
  form?: RegExp | null;
  role?: 'identifier' | 'reference' | null;
  codes?: ReadonlySet<string> | null;
}

export class AtomicType extends SimpleType {
  readonly variety = 'atomic';
  readonly primitive: Primitive;
  readonly form: RegExp | null;
  readonly role: 'identifier' | 'reference' | null;

  constructor(about: SimpleTypeAbout, { primitive, form = null, role = null, codes = null }: Atom) {
    super(about, role !== null, codes);
    this.primitive = primitive;
    this.form = form;
    this.role = role;
  }

  keyOfSpaced(text: string, at: XmlElement): string {
    return `${this.primitive.name} ${this.primitive.key(text, at)}`;
  }

  identify(raw: string, _at: XmlElement, to: Identifiers): void {
    if (this.role) to[this.role](spaced(raw, this.whiteSpace));
  }

  protected lexicalFault(text: string, at: XmlElement): Fault | null {
    const taken = (this.form === null || this.form.test(text)) && this.primitive.takes(text, at);
    return taken ? null : this.wrongType();
  }
}

/** What a list type is made of. */
export interface List {
  item: SimpleType;
  /** Holds one item at least: the built-in list types do. */
  atLeastOne?: boolean;
}

export class ListType extends SimpleType {
  readonly variety = 'list';
  readonly item: SimpleType;
  readonly atLeastOne: boolean;

  constructor(about: SimpleTypeAbout, { item, atLeastOne = false }: List) {
    super(about, item.identifies);
    this.item = item;
    this.atLeastOne = atLeastOne;
  }

  keyOfSpaced(text: string, at: XmlElement): string {
    return itemsOf(text)
      .map((item) => this.item.keyOfSpaced(item, at))
      .join(', ');
  }

  identify(raw: string, at: XmlElement, to: Identifiers): void {
    const items = new Set(itemsOf(spaced(raw, this.whiteSpace)));
    for (const item of items) this.item.identify(item, at, to);
  }

  protected lexicalFault(text: string, at: XmlElement): Fault | null {
    if (text === '') return this.atLeastOne ? this.wrongType() : null;
    for (const item of itemsOf(text)) {
      const fault = this.item.faultOf(item, at);
      if (fault) return fault.code === 'xsd.value-wrong-type' ? this.wrongType() : fault;
    }
    return null;
  }
}

/** The items of a list whose white space is collapsed. */
export function itemsOf(text: string): string[] {
  return text === '' ? [] : text.split(' ');
}

const MOST_CODES = 20;

export class UnionType extends SimpleType {
  readonly variety = 'union';
  readonly members: readonly SimpleType[];

  constructor(about: SimpleTypeAbout, members: readonly SimpleType[]) {
    super(
      about,
      members.some(({ identifies }) => identifies),
      facetless(about) ? allCodes(members) : null,
    );
    this.members = members;
  }

  keyOfSpaced(text: string, at: XmlElement): string {
    return this.#memberOf(text, at)?.keyOf(text, at) ?? text;
  }

  identify(raw: string, at: XmlElement, to: Identifiers): void {
    this.#memberOf(raw, at)?.identify(raw, at, to);
  }

  /** The members are given the value as it stands, the facets of the union see its white space collapsed, as in Xerces. */
  protected override facetText(text: string): string {
    return spaced(text, 'collapse');
  }

  #memberOf(text: string, at: XmlElement): SimpleType | undefined {
    return this.members.find((member) => member.faultOf(text, at) === null);
  }

  protected lexicalFault(text: string, at: XmlElement): Fault | null {
    if (this.#memberOf(text, at)) return null;
    return this.wrongType(this.#describe());
  }

  /** `uid (oid, uuid, ruid)`. */
  #describe(): string {
    const labels = new Set(this.members.map(({ label }) => label));
    labels.delete(this.label);
    return labels.size === 0 ? this.label : `${this.label} (${[...labels].slice(0, MOST_CODES).join(', ')})`;
  }
}

function facetless({ facets }: SimpleTypeAbout): boolean {
  return facets === undefined || facets.length === 0;
}

/** All codes of the members when all members are lists of codes. */
function allCodes(members: readonly SimpleType[]): ReadonlySet<string> | null {
  const all = new Set<string>();
  for (const { codes } of members) {
    if (!codes) return null;
    for (const code of codes) all.add(code);
  }
  return all;
}

/** A value that is none of a list of codes. */
export function codesFault(codes: ReadonlySet<string>): Fault {
  const first = [...codes].slice(0, MOST_CODES).join(', ');
  const expected = codes.size > MOST_CODES ? `${first}…` : first;
  return { code: 'xsd.value-not-in-list', expected: { fr: expected, en: expected } };
}
