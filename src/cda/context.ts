import type { Encounter, InstanceIdentifier, RelatedDocument, ServiceEvent } from '../words/document.ts';
import { attribute, child, children, descend } from '../xml/select.ts';
import type { XmlElement } from '../xml/tree.ts';
import { readCoded, readId, readIds, readInterval, readOrganization } from './datatypes.ts';
import { readAssigned } from './participants.ts';

/** The acts that the document documents; the first is the main one (CI-SIS minimal structure). */
export function readServiceEvents(clinicalDocument: XmlElement): ServiceEvent[] {
  return below(clinicalDocument, 'documentationOf', 'serviceEvent').map((event) => ({
    ids: readIds(event),
    code: readCoded(child(event, 'code')),
    ...translationsOf(child(event, 'code')),
    effectiveTime: readInterval(child(event, 'effectiveTime')),
    performer: readAssigned(child(event, 'performer')),
  }));
}

function translationsOf(code: XmlElement | null): Pick<ServiceEvent, 'translations'> {
  const translations = children(code, 'translation').flatMap((one) => readCoded(one) ?? []);
  return translations.length > 0 ? { translations } : {};
}

export function readEncounter(clinicalDocument: XmlElement): Encounter | null {
  const encounter = descend(clinicalDocument, 'componentOf', 'encompassingEncounter');
  if (!encounter) return null;
  const facility = descend(encounter, 'location', 'healthCareFacility');
  return {
    ids: readIds(encounter),
    code: readCoded(child(encounter, 'code')),
    effectiveTime: readInterval(child(encounter, 'effectiveTime')),
    facility: readCoded(child(facility, 'code')),
    facilityOrganization: readOrganization(child(facility, 'serviceProviderOrganization')),
  };
}

/** Identifiers of the orders that the document answers. */
export function readOrders(clinicalDocument: XmlElement): InstanceIdentifier[] {
  return below(clinicalDocument, 'inFulfillmentOf', 'order').flatMap(readIds);
}

export function readRelated(clinicalDocument: XmlElement): RelatedDocument[] {
  return children(clinicalDocument, 'relatedDocument').map((related) => {
    const parents = children(related, 'parentDocument');
    return {
      typeCode: attribute(related, 'typeCode') ?? '',
      ids: parents.flatMap(readIds),
      setId: readId(child(parents[0] ?? null, 'setId')),
    };
  });
}

function below(from: XmlElement, outer: string, inner: string): XmlElement[] {
  return children(from, outer).flatMap((one) => children(one, inner));
}
