import { attribute, elementsOf } from '../../xml/select.ts';
import type { XmlElement } from '../../xml/tree.ts';
import { dmpSandboxLimits } from './limits.ts';
import { RIM_NS, STATUS } from './names.ts';
import type { Report } from './report.ts';

/** How often a child may stand: any number of times, at most once, exactly once, at least once. */
type Count = '*' | '?' | '1' | '+';

/** What an element of ebRIM may hold in a submission. */
interface ElementRule {
  required: readonly string[];
  /** Required attributes that may be empty. */
  mayBeEmpty?: readonly string[];
  optional: readonly string[];
  /** Children by name; their order is that of the schema unless `anyOrder`. */
  children: Readonly<Record<string, Count>>;
  anyOrder?: true;
}

/** Children of every RegistryObject, in the order of the schema (rim.xsd, RegistryObjectType). */
const OBJECT_CHILDREN = {
  Slot: '*',
  Name: '?',
  Description: '?',
  VersionInfo: '?',
  Classification: '*',
  ExternalIdentifier: '*',
} as const;

/**
 * The subset of ebRIM 3.0 that a French submission uses (IHE ITI TF-3, 4.2; CI-SIS). `lid` is given by the registry and
 * refused in a first submission.
 */
const RULES: Readonly<Record<string, ElementRule>> = {
  RegistryObjectList: {
    required: [],
    optional: [],
    children: {
      ExtrinsicObject: '*',
      RegistryPackage: '*',
      Association: '*',
      Classification: '*',
      ObjectRef: '*',
    },
    anyOrder: true,
  },
  ExtrinsicObject: {
    required: ['id', 'mimeType', 'objectType'],
    optional: ['status', 'isOpaque', 'home'],
    children: OBJECT_CHILDREN,
  },
  RegistryPackage: {
    required: ['id'],
    optional: ['objectType', 'status', 'home'],
    children: OBJECT_CHILDREN,
  },
  Association: {
    required: ['id', 'associationType', 'sourceObject', 'targetObject'],
    optional: ['objectType', 'status', 'home'],
    children: OBJECT_CHILDREN,
  },
  Classification: {
    required: ['id', 'classifiedObject'],
    optional: [
      'classificationScheme',
      'classificationNode',
      'nodeRepresentation',
      'objectType',
      'status',
      'home',
    ],
    children: OBJECT_CHILDREN,
  },
  ExternalIdentifier: {
    required: ['id', 'registryObject', 'identificationScheme', 'value'],
    optional: ['objectType', 'status', 'home'],
    children: OBJECT_CHILDREN,
  },
  ObjectRef: { required: ['id'], optional: ['home', 'createReplica'], children: { Slot: '*' } },
  Slot: { required: ['name'], optional: ['slotType'], children: { ValueList: '1' } },
  ValueList: { required: [], optional: [], children: { Value: '*' } },
  Value: { required: [], optional: [], children: {} },
  Name: { required: [], optional: [], children: { LocalizedString: '+' } },
  Description: { required: [], optional: [], children: { LocalizedString: '+' } },
  LocalizedString: { required: ['value'], mayBeEmpty: ['value'], optional: ['charset'], children: {} },
  VersionInfo: { required: [], optional: ['versionName', 'comment'], children: {} },
};

/** Refuses whatever in a RegistryObjectList is not of the grammar: names, attributes, order, number and length. */
export function checkGrammar(list: XmlElement, report: Report): void {
  const waiting = [list];
  for (let element = waiting.pop(); element; element = waiting.pop()) {
    const rule = RULES[element.name.local]!;
    checkAttributes(element, rule, report);
    waiting.push(...checkChildren(element, rule, report).reverse());
  }
}

function checkAttributes(element: XmlElement, rule: ElementRule, report: Report): void {
  for (const name of rule.required) {
    const value = attribute(element, name);
    const present = rule.mayBeEmpty?.includes(name) ? value !== null : Boolean(value?.trim());
    if (!present)
      report.refuse('sandbox.attribute-missing', element, { attribute: name, element: element.name.local });
  }
  for (const { name } of element.attributes) {
    if (name.ns !== '' || rule.required.includes(name.local) || rule.optional.includes(name.local)) continue;
    report.refuse('sandbox.attribute-refused', element, {
      attribute: name.local,
      element: element.name.local,
    });
  }
  checkStatus(element, report);
  checkLength(element, report);
}

/** The registry gives the status: what is submitted is Approved, or says nothing. */
function checkStatus(element: XmlElement, report: Report): void {
  const status = attribute(element, 'status');
  const { local } = element.name;
  if (status !== null && status !== STATUS.Approved)
    report.refuse('sandbox.attribute-value', element, {
      ...{ attribute: 'status', element: local, expected: STATUS.Approved },
    });
}

function checkLength(element: XmlElement, report: Report): void {
  const limit = dmpSandboxLimits.localizedCharacters.value;
  if (element.name.local === 'LocalizedString' && (attribute(element, 'value') ?? '').length > limit) {
    report.refuse('sandbox.value-too-long', element, { what: 'LocalizedString', limit });
  }
}

/** Judges the children of an element and gives those that the grammar knows. */
function checkChildren(element: XmlElement, rule: ElementRule, report: Report): XmlElement[] {
  const order = Object.keys(rule.children);
  const counts = new Map<string, number>();
  let reached = 0;
  const known = elementsOf(element).filter((one) => {
    const place = one.name.ns === RIM_NS ? order.indexOf(one.name.local) : -1;
    if (place < 0 || (place < reached && !rule.anyOrder)) {
      report.refuse('sandbox.element-refused', one, { element: one.name.local });
    }
    reached = Math.max(reached, place);
    counts.set(one.name.local, (counts.get(one.name.local) ?? 0) + 1);
    return place >= 0;
  });
  for (const name of order) checkCount(element, name, counts.get(name) ?? 0, rule.children[name]!, report);
  return known;
}

function checkCount(parent: XmlElement, element: string, found: number, count: Count, report: Report): void {
  const enough = count === '*' || count === '?' || found > 0;
  const few = count === '*' || count === '+' || found <= 1;
  if (enough && few) return;
  const expected = { '?': '0..1', '1': '1', '+': '1..n', '*': '0..n' }[count];
  report.refuse('sandbox.element-count', parent, { element, count: expected, parent: parent.name.local });
}
