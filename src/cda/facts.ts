import { createHash } from 'node:crypto';
import type { DocumentFacts, InstanceIdentifier } from '../words/document.ts';
import type { Finding } from '../words/findings.ts';
import { isOid } from '../words/ids.ts';
import { attribute, child, children, descend, foldedText } from '../xml/select.ts';
import type { XmlDocument, XmlElement } from '../xml/tree.ts';
import { bodiesOf, describeBody, levelOf } from './body.ts';
import { checkHeader } from './check.ts';
import { contentSha256 } from './content.ts';
import { readEncounter, readOrders, readRelated, readServiceEvents } from './context.ts';
import { readCoded, readId, readOrganization } from './datatypes.ts';
import { findClinicalDocument } from './find.ts';
import { readAssigned, readAuthor } from './participants.ts';
import { readPatient } from './patient.ts';

export interface HeaderReading {
  /** Null only when the document has no usable id: an OID in `id/@root`. */
  facts: DocumentFacts | null;
  /** Source `cda`, codes of cda/errors.ts. */
  findings: Finding[];
  clinicalDocument: XmlElement | null;
}

/**
 * Reads what the gateway must know of a CDA R2 document. Throws nothing on any tree: what is wrong is in `findings`, all of
 * it, and what could be read is in `facts` all the same.
 * @param bytes the document as it was received, of which `document` is the tree
 */
export function readFacts(document: XmlDocument, bytes: Uint8Array): HeaderReading {
  const clinicalDocument = findClinicalDocument(document);
  const findings = checkHeader(document, clinicalDocument);
  const id = clinicalDocument && usableId(clinicalDocument);
  const facts = id && {
    id,
    ...headerFacts(clinicalDocument),
    ...bodyFacts(document, clinicalDocument),
    ...byteFacts(bytes),
  };
  return { facts, findings, clinicalDocument };
}

function usableId(clinicalDocument: XmlElement): InstanceIdentifier | null {
  const element = child(clinicalDocument, 'id');
  const id = attribute(element, 'nullFlavor') === null ? readId(element) : null;
  return id && isOid(id.root) ? id : null;
}

type HeaderFacts = Omit<DocumentFacts, 'id' | keyof BodyFacts | keyof ByteFacts>;
type BodyFacts = Pick<DocumentFacts, 'level' | 'body' | 'contentSha256' | 'selfPresenting' | 'encoding'>;
type ByteFacts = Pick<DocumentFacts, 'size' | 'sha256' | 'sha1'>;

function headerFacts(header: XmlElement): HeaderFacts {
  return {
    setId: readId(child(header, 'setId')),
    versionNumber: readVersion(child(header, 'versionNumber')),
    related: readRelated(header),
    templateIds: children(header, 'templateId').flatMap((one) => readId(one) ?? []),
    code: readCoded(child(header, 'code')),
    title: foldedText(child(header, 'title')),
    languageCode: attribute(child(header, 'languageCode'), 'code'),
    confidentiality: readCoded(child(header, 'confidentialityCode')),
    effectiveTime: attribute(child(header, 'effectiveTime'), 'value'),
    patient: readPatient(header),
    authors: children(header, 'author').map(readAuthor),
    custodian: readOrganization(
      descend(header, 'custodian', 'assignedCustodian', 'representedCustodianOrganization'),
    ),
    legalAuthenticator: readAssigned(child(header, 'legalAuthenticator')),
    serviceEvents: readServiceEvents(header),
    orders: readOrders(header),
    encounter: readEncounter(header),
  };
}

function readVersion(element: XmlElement | null): number | null {
  const value = attribute(element, 'value');
  return value !== null && /^[0-9]{1,9}$/.test(value) ? Number(value) : null;
}

function bodyFacts(document: XmlDocument, clinicalDocument: XmlElement): BodyFacts {
  const body = bodiesOf(clinicalDocument)[0] ?? null;
  return {
    level: levelOf(body),
    body: describeBody(document, body),
    contentSha256: contentSha256(document, body),
    selfPresenting: clinicalDocument !== document.root,
    encoding: document.encoding,
  };
}

function byteFacts(bytes: Uint8Array): ByteFacts {
  const digest = (algorithm: string) => createHash(algorithm).update(bytes).digest('hex');
  return { size: bytes.length, sha256: digest('sha256'), sha1: digest('sha1') };
}
