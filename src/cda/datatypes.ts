import type { Coded, InstanceIdentifier, Interval, Organization, PersonName } from '../words/document.ts';
import { attribute, child, children, elementsOf, foldedText } from '../xml/select.ts';
import type { XmlElement } from '../xml/tree.ts';

/** An II with a root, or null. */
export function readId(element: XmlElement | null): InstanceIdentifier | null {
  const root = attribute(element, 'root');
  return root === null ? null : { root, extension: attribute(element, 'extension') };
}

/** The `id` children that have a root, in document order. */
export function readIds(parent: XmlElement | null): InstanceIdentifier[] {
  return children(parent, 'id').flatMap((one) => readId(one) ?? []);
}

/** A coded value, or null when the element is absent or only says why there is none (nullFlavor). */
export function readCoded(element: XmlElement | null): Coded | null {
  const code = attribute(element, 'code');
  if (!code) return null;
  return {
    code,
    codeSystem: attribute(element, 'codeSystem'),
    displayName: attribute(element, 'displayName'),
  };
}

/** An IVL_TS. A single instant, `@value`, is given as `low`. */
export function readInterval(element: XmlElement | null): Interval {
  return {
    low: attribute(child(element, 'low'), 'value') ?? attribute(element, 'value'),
    high: attribute(child(element, 'high'), 'value'),
  };
}

/** A PN; white space, which is how the XML is laid out, is folded. Every `family` and `given` has its entry, empty or not. */
export function readName(element: XmlElement | null): PersonName {
  const parts = (local: string) =>
    children(element, local).map((one) => ({
      value: foldedText(one) ?? '',
      qualifier: attribute(one, 'qualifier'),
    }));
  const words = (local: string) =>
    parts(local)
      .map((one) => one.value)
      .filter(Boolean)
      .join(' ') || null;
  return { family: parts('family'), given: parts('given'), prefix: words('prefix'), suffix: words('suffix') };
}

export function readOrganization(element: XmlElement | null): Organization | null {
  if (!element) return null;
  return {
    ids: readIds(element),
    name: foldedText(child(element, 'name')),
    industry: readCoded(child(element, 'standardIndustryClassCode')),
  };
}

/** Each `addr` as one line, its parts in document order; those without any text are left out. */
export function readAddresses(parent: XmlElement): string[] {
  return children(parent, 'addr').flatMap((addr) => addressLine(addr) ?? []);
}

function addressLine(addr: XmlElement): string | null {
  const parts = elementsOf(addr);
  if (parts.length === 0) return foldedText(addr);
  return parts.flatMap((part) => foldedText(part) ?? []).join(' ') || null;
}
