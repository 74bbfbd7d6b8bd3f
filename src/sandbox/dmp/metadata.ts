import { isOid } from '../../words/ids.ts';
import { attribute } from '../../xml/select.ts';
import type { XmlElement } from '../../xml/tree.ts';
import type { Classification, ExternalIdentifier, RegistryObject, Slot } from './ebxml.ts';
import { slotValues } from './ebxml.ts';
import { FORMATS, type FormatName } from './formats.ts';
import { dmpSandboxLimits } from './limits.ts';
import {
  AUTHOR_SLOTS,
  type ClassificationRule,
  CODE_SLOTS,
  type IdentifierRule,
  NAMED_SYSTEMS,
  type ObjectRule,
  type SlotRule,
} from './profile.ts';
import type { Report } from './report.ts';
import type { Switches } from './switches.ts';

/** Judges an object against its table: attributes, title, slots, classifications and external identifiers. */
export function checkObject(
  object: RegistryObject,
  rule: ObjectRule,
  switches: Switches,
  report: Report,
): void {
  checkObjectType(object, rule, report);
  if (rule.titleRequired && !object.name.trim())
    report.refuse('sandbox.name-missing', object.element, { owner: rule.name });
  checkSlots(object, rule.slots, rule.name, report);
  checkClassifications(object, rule, switches, report);
  checkIdentifiers(object, rule, report);
}

function checkObjectType(object: RegistryObject, rule: ObjectRule, report: Report): void {
  const found = attribute(object.element, 'objectType');
  if (found === rule.objectType || (found === null && !rule.objectTypeRequired)) return;
  report.refuse('sandbox.attribute-value', object.element, {
    attribute: 'objectType',
    element: object.element.name.local,
    expected: rule.objectType,
  });
}

/** Judges the slots of an object or of a classification against a table. */
export function checkSlots(
  owner: { element: XmlElement; slots: readonly Slot[] },
  rules: Readonly<Record<string, SlotRule>>,
  ownerName: string,
  report: Report,
): void {
  const seen = new Set<string>();
  for (const slot of owner.slots) {
    if (seen.has(slot.name))
      report.refuse('sandbox.slot-repeated', slot.element, { slot: slot.name, owner: ownerName });
    seen.add(slot.name);
    const rule = Object.hasOwn(rules, slot.name) ? rules[slot.name] : undefined;
    if (rule) checkSlot(slot, rule, report);
    else checkStranger(slot, ownerName, report);
  }
  for (const [slot, rule] of Object.entries(rules)) {
    if (rule.required && !seen.has(slot))
      report.refuse('sandbox.slot-missing', owner.element, { slot, owner: ownerName });
  }
}

/** A slot beyond the profile: IHE takes those whose name is a URN as extra metadata, and need not keep them. */
function checkStranger(slot: Slot, owner: string, report: Report): void {
  if (slot.name.startsWith('urn:')) report.warn('sandbox.slot-extra', slot.element, { slot: slot.name });
  else report.refuse('sandbox.slot-unknown', slot.element, { slot: slot.name, owner });
}

function checkSlot(slot: Slot, rule: SlotRule, report: Report): void {
  const limit = dmpSandboxLimits.slotValueCharacters.value;
  if (slot.values.length === 0 || (slot.values.length > 1 && !rule.many)) {
    report.refuse('sandbox.slot-values', slot.element, { slot: slot.name, count: rule.many ? '1..n' : '1' });
  }
  for (const value of slot.values) {
    if (value.length > limit)
      report.refuse('sandbox.value-too-long', slot.element, { what: slot.name, limit });
    else checkFormat(value, rule.format, slot.name, slot.element, report);
  }
}

function checkFormat(value: string, format: FormatName, what: string, at: XmlElement, report: Report): void {
  const { shape, matches } = FORMATS[format];
  if (!matches(value)) report.refuse('sandbox.value-format', at, { what, format: shape });
}

function checkClassifications(
  object: RegistryObject,
  rule: ObjectRule,
  switches: Switches,
  report: Report,
): void {
  const counts = new Map<string, number>();
  for (const one of object.classifications) {
    checkOwner(one.owner, object, one.element, 'classifiedObject', report);
    counts.set(one.scheme, (counts.get(one.scheme) ?? 0) + 1);
    const known = Object.hasOwn(rule.classifications, one.scheme)
      ? rule.classifications[one.scheme]
      : undefined;
    if (known) checkClassification(one, known, switches, report);
    else if (!one.node) {
      report.refuse('sandbox.classification-unknown', one.element, {
        scheme: one.scheme || '-',
        owner: rule.name,
      });
    }
  }
  for (const [scheme, one] of Object.entries(rule.classifications)) {
    checkNumber(object.element, one, counts.get(scheme) ?? 0, rule.name, report);
  }
}

function checkNumber(
  at: XmlElement,
  rule: ClassificationRule,
  found: number,
  owner: string,
  report: Report,
): void {
  if (found < rule.min) report.refuse('sandbox.classification-missing', at, { what: rule.name, owner });
  if (found > rule.max) {
    report.refuse('sandbox.classification-repeated', at, { what: rule.name, owner, limit: rule.max });
  }
}

function checkOwner(
  owner: string,
  object: RegistryObject,
  at: XmlElement,
  name: string,
  report: Report,
): void {
  if (owner !== object.id) report.refuse('sandbox.owner-mismatch', at, { attribute: name });
}

function checkClassification(
  one: Classification,
  rule: ClassificationRule,
  switches: Switches,
  report: Report,
): void {
  if (rule.kind === 'author') checkSlots(one, AUTHOR_SLOTS, 'author', report);
  else checkCode(one, rule, switches, report);
}

function checkCode(one: Classification, rule: ClassificationRule, switches: Switches, report: Report): void {
  checkSlots(one, CODE_SLOTS, rule.name, report);
  if (!one.code) {
    report.refuse('sandbox.attribute-missing', one.element, {
      attribute: 'nodeRepresentation',
      element: 'Classification',
    });
  }
  if (!one.name.trim()) report.refuse('sandbox.name-missing', one.element, { owner: rule.name });
  const [system] = slotValues(one, 'codingScheme');
  if (system === undefined || !one.code) return;
  if (!isOid(system) && !NAMED_SYSTEMS.includes(system)) {
    report.refuse('sandbox.coding-scheme', one.element, { what: rule.name });
  } else checkListed(one, system, rule, switches, report);
}

function checkListed(
  one: Classification,
  system: string,
  rule: ClassificationRule,
  switches: Switches,
  report: Report,
): void {
  if (!rule.codes) return;
  const expected = rule.codes.systemOf(one.code);
  if (expected === system) return;
  if (expected !== null)
    report.refuse('sandbox.code-system', one.element, { code: one.code, what: rule.name, expected });
  else if (rule.codes.closed || switches.unknownCodes === 'refuse') {
    report.refuse('sandbox.code-unknown', one.element, { code: one.code, what: rule.name });
  }
}

function checkIdentifiers(object: RegistryObject, rule: ObjectRule, report: Report): void {
  const seen = new Set<string>();
  for (const one of object.identifiers) {
    checkOwner(one.owner, object, one.element, 'registryObject', report);
    const known = Object.hasOwn(rule.identifiers, one.scheme) ? rule.identifiers[one.scheme] : undefined;
    if (!known)
      report.refuse('sandbox.identifier-unknown', one.element, { scheme: one.scheme, owner: rule.name });
    else if (seen.has(one.scheme))
      report.refuse('sandbox.identifier-repeated', one.element, { what: known.name });
    else checkIdentifier(one, known, report);
    seen.add(one.scheme);
  }
  for (const [scheme, { name }] of Object.entries(rule.identifiers)) {
    if (!seen.has(scheme)) report.refuse('sandbox.identifier-missing', object.element, { what: name });
  }
}

function checkIdentifier(one: ExternalIdentifier, rule: IdentifierRule, report: Report): void {
  if (one.name !== rule.name) report.refuse('sandbox.identifier-name', one.element, { expected: rule.name });
  if (one.value) checkFormat(one.value, rule.format, rule.name, one.element, report);
}
