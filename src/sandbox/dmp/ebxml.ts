import { attribute, child, children, elementsOf, textOf } from '../../xml/select.ts';
import type { XmlElement } from '../../xml/tree.ts';
import { RIM_NS } from './names.ts';

/** A Slot: a named list of values. */
export interface Slot {
  element: XmlElement;
  name: string;
  values: string[];
}

/** A Classification: a code, an author, or the node that says that a package is a submission set. */
export interface Classification {
  element: XmlElement;
  scheme: string;
  node: string;
  code: string;
  owner: string;
  slots: Slot[];
  /** Label, empty when there is none. */
  name: string;
}

export interface ExternalIdentifier {
  element: XmlElement;
  scheme: string;
  owner: string;
  value: string;
  name: string;
}

/** A RegistryPackage or an ExtrinsicObject. */
export interface RegistryObject {
  element: XmlElement;
  id: string;
  slots: Slot[];
  classifications: Classification[];
  identifiers: ExternalIdentifier[];
  name: string;
}

export interface Association {
  element: XmlElement;
  type: string;
  source: string;
  target: string;
  slots: Slot[];
}

/** The objects of a SubmitObjectsRequest, read without judging them. */
export interface RegistryObjects {
  list: XmlElement;
  packages: RegistryObject[];
  documents: RegistryObject[];
  associations: Association[];
  /** Classifications that stand in the list itself, beside what they classify. */
  classifications: Classification[];
}

/** Reads a RegistryObjectList (ebRIM 3.0); what is missing is read as empty text. */
export function readRegistryObjects(list: XmlElement): RegistryObjects {
  return {
    list,
    packages: children(list, 'RegistryPackage', RIM_NS).map(registryObject),
    documents: children(list, 'ExtrinsicObject', RIM_NS).map(registryObject),
    associations: children(list, 'Association', RIM_NS).map(association),
    classifications: children(list, 'Classification', RIM_NS).map(classification),
  };
}

function registryObject(element: XmlElement): RegistryObject {
  return {
    element,
    id: attribute(element, 'id') ?? '',
    slots: slotsOf(element),
    classifications: children(element, 'Classification', RIM_NS).map(classification),
    identifiers: children(element, 'ExternalIdentifier', RIM_NS).map(externalIdentifier),
    name: labelOf(element),
  };
}

function classification(element: XmlElement): Classification {
  return {
    element,
    scheme: attribute(element, 'classificationScheme') ?? '',
    node: attribute(element, 'classificationNode') ?? '',
    code: attribute(element, 'nodeRepresentation') ?? '',
    owner: attribute(element, 'classifiedObject') ?? '',
    slots: slotsOf(element),
    name: labelOf(element),
  };
}

function externalIdentifier(element: XmlElement): ExternalIdentifier {
  return {
    element,
    scheme: attribute(element, 'identificationScheme') ?? '',
    owner: attribute(element, 'registryObject') ?? '',
    value: attribute(element, 'value') ?? '',
    name: labelOf(element),
  };
}

function association(element: XmlElement): Association {
  return {
    element,
    type: attribute(element, 'associationType') ?? '',
    source: attribute(element, 'sourceObject') ?? '',
    target: attribute(element, 'targetObject') ?? '',
    slots: slotsOf(element),
  };
}

/** The slots of an element, in order. */
export function slotsOf(element: XmlElement): Slot[] {
  return children(element, 'Slot', RIM_NS).map((slot) => ({
    element: slot,
    name: attribute(slot, 'name') ?? '',
    values: children(child(slot, 'ValueList', RIM_NS), 'Value', RIM_NS).map(textOf),
  }));
}

/** The text of `Name/LocalizedString`, the first when there are several languages. */
function labelOf(element: XmlElement): string {
  const name = child(element, 'Name', RIM_NS);
  return (name && attribute(elementsOf(name)[0] ?? null, 'value')) ?? '';
}

/** The values of a slot, empty when there is no such slot. */
export function slotValues(owner: { slots: readonly Slot[] }, name: string): string[] {
  return owner.slots.find((slot) => slot.name === name)?.values ?? [];
}

/** The value of the identifier of a scheme, or null. */
export function identifierOf(object: RegistryObject, scheme: string): string | null {
  return object.identifiers.find((one) => one.scheme === scheme)?.value ?? null;
}

/** The classifications of a scheme. */
export function classificationsOf(object: RegistryObject, scheme: string): Classification[] {
  return object.classifications.filter((one) => one.scheme === scheme);
}
