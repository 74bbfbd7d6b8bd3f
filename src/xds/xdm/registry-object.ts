import { attribute, child, children, elementsOf, textOf } from '../../xml/select.ts';
import type { XmlElement } from '../../xml/tree.ts';
import type { Author, Code } from '../model.ts';
import { RIM_NS } from '../schemes.ts';
import { readCodedText, readXcn, readXon } from './read-types.ts';

/** Reads one ebXML registry object: its slots, classifications and identifiers. */
export class RegistryObject {
  readonly element: XmlElement;

  constructor(element: XmlElement) {
    this.element = element;
  }

  get id(): string {
    return attribute(this.element, 'id') ?? '';
  }

  /** Values of a slot, in order; empty when there is none. */
  slot(name: string): string[] {
    return slotValues(this.element, name);
  }

  first(name: string): string | null {
    return this.slot(name)[0] ?? null;
  }

  /** Every slot whose name fits. */
  slots(fits: (name: string) => boolean): { name: string; values: string[] }[] {
    return children(this.element, 'Slot', RIM_NS)
      .map((slot) => ({ name: attribute(slot, 'name') ?? '', values: valuesOf(slot) }))
      .filter(({ name }) => fits(name));
  }

  text(element: 'Name' | 'Description'): string | null {
    return localized(child(this.element, element, RIM_NS));
  }

  identifier(scheme: string): string | null {
    const found = children(this.element, 'ExternalIdentifier', RIM_NS).find(
      (one) => attribute(one, 'identificationScheme') === scheme,
    );
    return attribute(found ?? null, 'value');
  }

  codes(scheme: string): Code[] {
    return this.#classified(scheme).map(readCode);
  }

  code(scheme: string): Code | null {
    return this.codes(scheme)[0] ?? null;
  }

  authors(scheme: string): Author[] {
    return this.#classified(scheme).map(readAuthor);
  }

  /** Whether it is classified as being of a kind. */
  is(node: string): boolean {
    return children(this.element, 'Classification', RIM_NS).some(
      (one) => attribute(one, 'classificationNode') === node,
    );
  }

  #classified(scheme: string): XmlElement[] {
    return children(this.element, 'Classification', RIM_NS).filter(
      (one) => attribute(one, 'classificationScheme') === scheme,
    );
  }
}

function readCode(element: XmlElement): Code {
  const code = attribute(element, 'nodeRepresentation') ?? '';
  return {
    code,
    scheme: slotValues(element, 'codingScheme')[0] ?? '',
    label: localized(child(element, 'Name', RIM_NS)) ?? code,
  };
}

function readAuthor(element: XmlElement): Author {
  const [person] = slotValues(element, 'authorPerson');
  return {
    person: person === undefined ? null : readXcn(person),
    institutions: slotValues(element, 'authorInstitution').map(readXon),
    roles: slotValues(element, 'authorRole'),
    specialties: slotValues(element, 'authorSpecialty').map(readCodedText),
  };
}

function slotValues(element: XmlElement, name: string): string[] {
  const slot = children(element, 'Slot', RIM_NS).find((one) => attribute(one, 'name') === name);
  return slot ? valuesOf(slot) : [];
}

function valuesOf(slot: XmlElement): string[] {
  return elementsOf(slot).flatMap((list) =>
    children(list, 'Value', RIM_NS).map((value) => textOf(value).trim()),
  );
}

function localized(element: XmlElement | null): string | null {
  return attribute(child(element, 'LocalizedString', RIM_NS), 'value');
}
