import type { Values } from '../../words/errors.ts';
import { HL7_NS, nameOf } from '../../xml/names.ts';
import { attributeNode, textOf } from '../../xml/select.ts';
import {
  ELEMENT,
  TEXT,
  type XmlAttribute,
  type XmlDocument,
  type XmlElement,
  type XmlNode,
} from '../../xml/tree.ts';
import type { SchemaFindingCode } from '../errors.ts';
import { validationLimits } from '../limits.ts';
import type { Complaint } from './libxml2.ts';
import { elementAt, whereIs, writtenName } from './places.ts';
import type { SchemaReport } from './report.ts';
import { type TypedResult, watchedAttribute } from './typed-checks.ts';
import type { SchemaTypes } from './types.ts';

/** Codes of libxml2 (xmlerror.h, XML_SCHEMAV_…), named after the rules of XML Schema part 1 that they stand for. */
const CODE = {
  atomicType: 1824,
  listType: 1825,
  unionType: 1826,
  length: 1830,
  fractionDigits: 1838,
  pattern: 1839,
  enumeration: 1840,
  contentOfEmpty: 1841,
  textBetweenElements: 1843,
  noRootDeclaration: 1845,
  typeUnknown: 1851,
  typeNotDerived: 1852,
  fixedElement: 1858,
  fixedAttribute: 1864,
  attributeNotAllowed: 1866,
  attributeNotInWildcard: 1867,
  attributeMissing: 1868,
  elementContent: 1871,
  fixedAttributeUse: 1874,
  typeAbstract: 1876,
  noDeclarationForWildcard: 1878,
};

/** A complaint with the nodes of our tree that it is about. */
interface Located {
  complaint: Complaint;
  element: XmlElement;
  attribute: XmlAttribute | null;
  /** The sentence of libxml2 after `Element '…', attribute '…': `. */
  body: string;
}

/** What a finding is made of. */
interface Said {
  code: SchemaFindingCode;
  at: XmlNode | XmlAttribute;
  values: Values;
}

/** What is known of the document beside its tree. */
interface Known {
  types: SchemaTypes;
  typed: TypedResult;
}

/**
 * Turns the complaints of libxml2 about a document into findings: French sentence, exact place, libxml2's text as detail.
 * Left out: what our own checks judge in its place, what it says twice, and one thing that it gets wrong.
 */
export function reportComplaints(
  complaints: readonly Complaint[],
  document: XmlDocument,
  known: Known,
  report: SchemaReport,
): void {
  let last: Located | null = null;
  for (const complaint of complaints) {
    const located = locate(complaint, document);
    if (!located) {
      reportUnplaced(complaint, document, report);
      continue;
    }
    if (isJudgedElsewhere(located, known) || isEmptyText(located) || isConsequence(located, last)) continue;
    last = located;
    const { code, at, values } = sentence(located);
    report.add(code, at, values, complaint.text);
  }
}

function reportUnplaced({ line, text }: Complaint, document: XmlDocument, report: SchemaReport): void {
  report.addAt('xsd.not-valid', { line }, { element: writtenName(document.root), what: text }, text);
}

function locate(complaint: Complaint, document: XmlDocument): Located | null {
  const element = complaint.path === null ? null : elementAt(document, complaint.path);
  if (!element) return null;
  const found = /^Element '[^']*'(?:, attribute '([^']*)')?: ([\s\S]*)$/.exec(complaint.text);
  const attribute = found?.[1] === undefined ? null : attributeOf(element, found[1]);
  return { complaint, element, attribute, body: found?.[2] ?? complaint.text };
}

/** `{namespace}local` or `local`, as libxml2 writes names. */
function attributeOf(element: XmlElement, clark: string): XmlAttribute | null {
  const [, ns, local] = /^(?:\{([^}]*)\})?(.*)$/.exec(clark)!;
  return attributeNode(element, nameOf(ns ?? '', local!));
}

/** libxml2 is stricter with some anyURI and laxer with others, and does not say where an identifier stood first. */
function isJudgedElsewhere({ complaint, element, attribute }: Located, { types, typed }: Known): boolean {
  if (complaint.code === CODE.elementContent) return typed.reported.has(element);
  if (complaint.code !== CODE.atomicType || !attribute) return false;
  return typed.reported.has(attribute) || watchedAttribute(types, attribute)?.kind === 'uri';
}

/** An empty CDATA section is no text (XPath data model and XML Information Set), but libxml2 takes it for some. */
function isEmptyText({ complaint, element }: Located): boolean {
  return (
    complaint.code === CODE.contentOfEmpty &&
    element.children.every(({ kind }) => kind !== TEXT && kind !== ELEMENT)
  );
}

/** After a facet, libxml2 says again that the value is not of its type. */
function isConsequence(located: Located, last: Located | null): boolean {
  if (!last) return false;
  const { code, path } = located.complaint;
  const typed = code === CODE.atomicType || code === CODE.listType || code === CODE.unionType;
  const facet = last.complaint.code >= CODE.length && last.complaint.code <= CODE.enumeration;
  return typed && facet && path === last.complaint.path && located.attribute === last.attribute;
}

function sentence(located: Located): Said {
  const { complaint, element, attribute, body } = located;
  const { code } = complaint;
  if (code === CODE.elementContent) return aboutElement(element, body);
  if (code === CODE.contentOfEmpty || code === CODE.textBetweenElements) return aboutContent(element, body);
  if (code >= CODE.atomicType && code <= CODE.enumeration) return aboutValue(located);
  const name = writtenName(element);
  switch (code) {
    case CODE.fixedElement:
    case CODE.fixedAttribute:
    case CODE.fixedAttributeUse:
      return aboutValue(located);
    case CODE.noRootDeclaration:
      return { code: 'xsd.root-unknown', at: element, values: { element: name } };
    case CODE.typeAbstract:
      return { code: 'xsd.type-missing', at: element, values: { element: name } };
    case CODE.attributeMissing:
      return {
        code: 'xsd.attribute-missing',
        at: element,
        values: { element: name, attribute: firstQuoted(body) },
      };
    case CODE.noDeclarationForWildcard:
    case CODE.attributeNotAllowed:
    case CODE.attributeNotInWildcard:
      return attribute ? notAllowed(attribute) : unexpected(element, '');
    case CODE.typeUnknown:
    case CODE.typeNotDerived:
      if (attribute) return aboutType(code === CODE.typeUnknown, attribute);
  }
  return { code: 'xsd.not-valid', at: attribute ?? element, values: { element: name, what: body } };
}

function notAllowed(attribute: XmlAttribute): Said {
  const values = { element: writtenName(attribute.parent), attribute: writtenName(attribute) };
  return { code: 'xsd.attribute-not-allowed', at: attribute, values };
}

function aboutType(unknown: boolean, attribute: XmlAttribute): Said {
  const values = { element: writtenName(attribute.parent), type: attribute.value };
  return { code: unknown ? 'xsd.type-unknown' : 'xsd.type-not-allowed', at: attribute, values };
}

/** `This element is not expected. Expected is one of ( … ).` or `Missing child element(s). Expected is ( … ).` */
function aboutElement(element: XmlElement, body: string): Said {
  const expected = names(/Expected is (?:one of )?\( ([\s\S]*) \)/.exec(body)?.[1] ?? '');
  if (!body.startsWith('Missing')) return unexpected(element, expected);
  return { code: 'xsd.element-missing', at: element, values: { element: writtenName(element), expected } };
}

function unexpected(element: XmlElement, expected: string): Said {
  const parent = element.parent.kind === ELEMENT ? writtenName(element.parent) : '/';
  return expected === ''
    ? { code: 'xsd.element-not-allowed', at: element, values: { element: writtenName(element), parent } }
    : { code: 'xsd.element-unexpected', at: element, values: { element: writtenName(element), expected } };
}

/** A list of names of libxml2 as people write them; what it writes for a wildcard ends with a star. */
function names(list: string): string {
  const items = list.split(', ').map((item) => (item.endsWith('*') ? 'un élément quelconque' : named(item)));
  return [...new Set(items)].join(', ');
}

/** A name of HL7 v3 without its namespace. */
function named(name: string): string {
  return name.replace(`{${HL7_NS}}`, '');
}

function aboutContent(element: XmlElement, body: string): Said {
  const name = writtenName(element);
  const child = element.children.find((node) => node.kind === ELEMENT);
  if (body.startsWith('Element content') && child)
    return {
      code: 'xsd.element-not-allowed',
      at: child,
      values: { element: writtenName(child), parent: name },
    };
  const text = element.children.find((node) => node.kind === TEXT && node.value.trim() !== '');
  return { code: 'xsd.text-not-allowed', at: text ?? element, values: { element: name } };
}

function aboutValue({ complaint, element, attribute, body }: Located): Said {
  const at = attribute ?? element;
  const value = attribute ? attribute.value : textOf(element);
  const { code, expected } = expectation(complaint.code, body);
  return { code, at, values: { expected, value, where: whereIs(at) } };
}

function expectation(code: number, body: string): { code: SchemaFindingCode; expected: string } {
  if (code === CODE.enumeration)
    return { code: 'xsd.value-not-in-list', expected: firstItems(after(body, ' of the set {')) };
  if (code === CODE.pattern)
    return { code: 'xsd.value-wrong-form', expected: lastQuoted(body, " by the pattern '") };
  if (code >= CODE.length && code <= CODE.fractionDigits)
    return { code: 'xsd.value-out-of-bounds', expected: bound(body) };
  if (code >= CODE.atomicType && code <= CODE.unionType)
    return { code: 'xsd.value-wrong-type', expected: named(lastQuoted(body, " type '")) };
  return { code: 'xsd.value-not-fixed', expected: lastQuoted(body, " constraint '") };
}

const MOST_ITEMS = 20;

/** `'A', 'B'}.` as `A, B`. */
function firstItems(list: string): string {
  const items = list
    .replace(/\}\.$/, '')
    .split(', ')
    .map((item) => item.replace(/^'|'$/g, ''));
  return items.length > MOST_ITEMS ? `${items.slice(0, MOST_ITEMS).join(', ')}…` : items.join(', ');
}

const FACETS: Readonly<Record<string, string>> = {
  length: 'longueur',
  minLength: 'longueur minimale',
  maxLength: 'longueur maximale',
  minInclusive: 'minimum',
  maxInclusive: 'maximum',
  minExclusive: 'strictement plus de',
  maxExclusive: 'strictement moins de',
  totalDigits: 'chiffres au plus',
  fractionDigits: 'décimales au plus',
};

/** `[facet 'minLength'] The value … of '1'.` as `longueur minimale 1`. */
function bound(body: string): string {
  const facet = /^\[facet '(\w+)'\]/.exec(body)?.[1] ?? '';
  const value = /'([^']*)'[^']*$/.exec(body)?.[1] ?? '';
  return `${FACETS[facet] ?? facet} ${value}`.trim();
}

function firstQuoted(body: string): string {
  return named(/'([^']*)'/.exec(body)?.[1] ?? '');
}

/** What follows the last time that a mark occurs: a value quoted before it may hold anything. */
function after(body: string, mark: string): string {
  const at = body.lastIndexOf(mark);
  return at < 0 ? '' : body.slice(at + mark.length);
}

function lastQuoted(body: string, mark: string): string {
  return after(body, mark).replace(/'\.?$/, '').slice(0, validationLimits.quotedCharacters.value);
}
