import { elementsOf } from '../../xml/select.ts';
import { TEXT, type XmlElement } from '../../xml/tree.ts';
import { XSD_NS } from './documents.ts';
import type { Problems, Source } from './registry.ts';

/** The attributes and the children that an element of a schema document may have. */
interface Shape {
  attributes: ReadonlySet<string>;
  /** Over the names of the children, each followed by a blank. */
  content: RegExp;
}

const MODEL = '(?:group |all |choice |sequence )?';
const ATTRIBUTES = '(?:attribute |attributeGroup )*(?:anyAttribute )?';
const FACETS = [
  ...['length', 'minLength', 'maxLength', 'pattern', 'enumeration', 'whiteSpace', 'totalDigits'],
  ...['fractionDigits', 'minInclusive', 'maxInclusive', 'minExclusive', 'maxExclusive'],
];
const FACET = `(?:${FACETS.map((one) => `${one} `).join('|')})`;
const GLOBAL = '(?:simpleType |complexType |group |attributeGroup |element |attribute |notation )';

/** XML Schema 1.0 part 1, "XML Representation Summary" of each element, and part 2 for the facets. */
const SHAPES: ReadonlyMap<string, Shape> = new Map(
  Object.entries({
    schema: shape(
      'targetNamespace version finalDefault blockDefault attributeFormDefault elementFormDefault',
      `(?:include |import |redefine |annotation )*(?:${GLOBAL}(?:annotation )*)*`,
    ),
    include: annotated('schemaLocation'),
    redefine: annotated('schemaLocation', `(?:annotation |${GLOBAL})*`),
    import: annotated('namespace schemaLocation'),
    element: annotated(
      'name ref type substitutionGroup nillable default fixed final abstract block form minOccurs maxOccurs',
      '(?:simpleType |complexType )?(?:unique |key |keyref )*',
    ),
    attribute: annotated('name ref type use default fixed form', '(?:simpleType )?'),
    complexType: annotated(
      'name mixed abstract final block',
      `(?:simpleContent |complexContent |${MODEL}${ATTRIBUTES})`,
    ),
    simpleContent: annotated('', '(?:restriction |extension )'),
    complexContent: annotated('mixed', '(?:restriction |extension )'),
    extension: annotated('base', MODEL + ATTRIBUTES),
    restriction: annotated('base', `(?:${MODEL}|(?:simpleType )?${FACET}*)${ATTRIBUTES}`),
    group: annotated('name ref minOccurs maxOccurs', '(?:all |choice |sequence )?'),
    all: annotated('minOccurs maxOccurs', '(?:element )*'),
    choice: annotated('minOccurs maxOccurs', '(?:element |group |choice |sequence |any )*'),
    sequence: annotated('minOccurs maxOccurs', '(?:element |group |choice |sequence |any )*'),
    any: annotated('namespace processContents minOccurs maxOccurs'),
    anyAttribute: annotated('namespace processContents'),
    attributeGroup: annotated('name ref', ATTRIBUTES),
    simpleType: annotated('name final', '(?:restriction |list |union )'),
    list: annotated('itemType', '(?:simpleType )?'),
    union: annotated('memberTypes', '(?:simpleType )*'),
    ...Object.fromEntries(FACETS.map((facet) => [facet, annotated('value fixed')])),
    unique: annotated('name', 'selector (?:field )+'),
    key: annotated('name', 'selector (?:field )+'),
    keyref: annotated('name refer', 'selector (?:field )+'),
    selector: annotated('xpath'),
    field: annotated('xpath'),
    notation: annotated('name public system'),
    annotation: shape('', '(?:appinfo |documentation )*'),
  }),
);

function shape(attributes: string, content: string): Shape {
  return { attributes: new Set(['id', ...attributes.split(' ')]), content: new RegExp(`^${content}$`) };
}

function annotated(attributes: string, content = ''): Shape {
  return shape(attributes, `(?:annotation )?${content}`);
}

/** Notes every element of a schema document that is not as XML Schema writes it: misspelt, misplaced or unknown. */
export function checkShape(source: Source, problems: Problems): void {
  checkElement(source.document.tree.root, source, problems);
}

function checkElement(element: XmlElement, source: Source, problems: Problems): void {
  const known = SHAPES.get(element.name.local)!;
  for (const { name } of element.attributes) {
    if (name.ns === '' && !known.attributes.has(name.local))
      problems.add(element, source, `xs:${element.name.local} has no attribute ${name.local}`);
  }
  if (element.children.some((node) => node.kind === TEXT && !node.blank))
    problems.add(element, source, `xs:${element.name.local} holds text`);
  const children = elementsOf(element);
  for (const child of children) {
    if (isUnknown(child)) {
      problems.add(child, source, `${child.name.local} is no element of XML Schema`);
      return;
    }
  }
  if (!known.content.test(children.map(({ name }) => `${name.local} `).join('')))
    problems.add(element, source, `the children of xs:${element.name.local} are not those that it may have`);
  if (element.name.local === 'annotation') return;
  for (const child of children) checkElement(child, source, problems);
}

function isUnknown({ name, parent }: XmlElement): boolean {
  if (name.ns !== XSD_NS) return true;
  const documents = name.local === 'appinfo' || name.local === 'documentation';
  return documents ? (parent as XmlElement).name.local !== 'annotation' : !SHAPES.has(name.local);
}
