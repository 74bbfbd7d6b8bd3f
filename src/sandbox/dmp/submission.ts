import { createHash } from 'node:crypto';
import { attribute, child, children, elementsOf } from '../../xml/select.ts';
import type { XmlElement } from '../../xml/tree.ts';
import { SIGNATURE_CLASS, SIGNATURE_TYPE } from './codes.ts';
import {
  type Association,
  type Classification,
  classificationsOf,
  identifierOf,
  type RegistryObject,
  readRegistryObjects,
  slotValues,
} from './ebxml.ts';
import { raise } from './errors.ts';
import { structureOf } from './formats.ts';
import { LCM_NS, RIM_NS, XDSB_NS } from './names.ts';
import {
  ENTRY_AUTHOR,
  ENTRY_CLASS,
  ENTRY_TYPE,
  ENTRY_UNIQUE_ID,
  LOT_AUTHOR,
  LOT_UNIQUE_ID,
} from './profile.ts';
import { included } from './xop.ts';

/** A document that came with the message. */
export interface AttachedFile {
  element: XmlElement;
  id: string;
  bytes: Buffer;
  /** SHA-1 of the bytes in lower-case hexadecimal. */
  hash: string;
}

/** What a provide-and-register request or an update holds, sorted by what it is. */
export interface Submission {
  list: XmlElement;
  packages: RegistryObject[];
  /** The submission set: the first package; null when there is none. */
  lot: RegistryObject | null;
  /** Every document entry, in order. */
  documents: RegistryObject[];
  /** The same by id; the first where an id is repeated. */
  entries: ReadonlyMap<string, RegistryObject>;
  clinical: RegistryObject[];
  signatures: RegistryObject[];
  associations: Association[];
  /** Classifications beside the objects. */
  classifications: Classification[];
  files: AttachedFile[];
  /** Files by the id of their document. */
  fileOf: ReadonlyMap<string, AttachedFile>;
}

/**
 * Reads a ProvideAndRegisterDocumentSetRequest with its attachments.
 * @throws ViaducError when an element of the message's frame is missing, or a document is not attached as XOP demands
 */
export function readSubmission(payload: XmlElement, attachments: ReadonlyMap<string, Buffer>): Submission {
  const request = child(payload, 'SubmitObjectsRequest', LCM_NS);
  const files = children(payload, 'Document', XDSB_NS).map((element) => attachedFile(element, attachments));
  if (!request || elementsOf(payload).length !== files.length + 1) {
    throw raise('sandbox.envelope-shape', { expected: 'SubmitObjectsRequest, Document*' });
  }
  return { ...readObjects(request), files, fileOf: byId(files) };
}

/** Reads a SubmitObjectsRequest that stands alone, without documents. */
export function readUpdate(request: XmlElement): Submission {
  return { ...readObjects(request), files: [], fileOf: new Map() };
}

function byId<T extends { id: string }>(all: readonly T[]): Map<string, T> {
  return new Map(all.toReversed().map((one) => [one.id, one]));
}

function readObjects(request: XmlElement): Omit<Submission, 'files' | 'fileOf'> {
  const list = child(request, 'RegistryObjectList', RIM_NS);
  if (!list) throw raise('sandbox.envelope-shape', { expected: 'RegistryObjectList' });
  const objects = readRegistryObjects(list);
  return {
    ...objects,
    entries: byId(objects.documents),
    lot: objects.packages[0] ?? null,
    clinical: objects.documents.filter((one) => !isSignature(one)),
    signatures: objects.documents.filter(isSignature),
  };
}

function attachedFile(element: XmlElement, attachments: ReadonlyMap<string, Buffer>): AttachedFile {
  const bytes = included(element, attachments);
  return {
    element,
    id: attribute(element, 'id') ?? '',
    bytes,
    hash: createHash('sha1').update(bytes).digest('hex'),
  };
}

/** Whether an entry is the signature of the lot: its type or its class says so. */
export function isSignature(entry: RegistryObject): boolean {
  return codeOf(entry, ENTRY_TYPE) === SIGNATURE_TYPE || codeOf(entry, ENTRY_CLASS) === SIGNATURE_CLASS;
}

/** The first code of a scheme, empty when there is none. */
export function codeOf(entry: RegistryObject, scheme: string): string {
  return classificationsOf(entry, scheme)[0]?.code ?? '';
}

export function uniqueIdOf(entry: RegistryObject): string {
  return identifierOf(entry, ENTRY_UNIQUE_ID) ?? '';
}

export function lotUniqueId(submission: Submission): string {
  return (submission.lot && identifierOf(submission.lot, LOT_UNIQUE_ID)) ?? '';
}

/** National identifiers of the structures that are authors of a document entry. */
export function structuresOf(entry: RegistryObject): string[] {
  return institutions(entry, ENTRY_AUTHOR);
}

/** National identifiers of the structures that are authors of the lot. */
export function lotStructures(submission: Submission): string[] {
  return submission.lot ? institutions(submission.lot, LOT_AUTHOR) : [];
}

function institutions(object: RegistryObject, scheme: string): string[] {
  const values = classificationsOf(object, scheme).flatMap((one) => slotValues(one, 'authorInstitution'));
  return [...new Set(values.map(structureOf).filter((id) => id !== null))];
}
