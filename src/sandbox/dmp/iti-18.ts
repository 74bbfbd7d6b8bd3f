import { attribute, child } from '../../xml/select.ts';
import type { XmlElement } from '../../xml/tree.ts';
import type { CheckContext } from './check.ts';
import { type Slot, slotsOf } from './ebxml.ts';
import { raise } from './errors.ts';
import { dmpSandboxLimits } from './limits.ts';
import { QUERY_NS, RIM_NS } from './names.ts';
import type { Report } from './report.ts';
import type { Entry } from './store.ts';

const GET_DOCUMENTS = 'urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4';

/** Queries of IHE that the DMP knows and a gateway in indirect authentication may not use (specification sheet, 15). */
const DENIED: Readonly<Record<string, string>> = {
  'urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d': 'FindDocuments (TD3.1a)',
  'urn:uuid:f26abbcb-ac74-4422-8a30-edb644bbc1a9': 'FindSubmissionSets',
  'urn:uuid:a7ae438b-4bc2-4642-93e9-be891f7bb155': 'GetAssociations',
  'urn:uuid:bab9529a-4a10-40b3-a01f-f68a615d247a': 'GetDocumentsAndAssociations',
  'urn:uuid:51224314-5390-4169-9b91-b1980040715a': 'GetSubmissionSets',
  'urn:uuid:e8e3cb2c-e39c-46b9-99e4-c12f57260b83': 'GetSubmissionSetAndContents',
  'urn:uuid:d90e5407-b356-4d91-a89f-873917b4b0e6': 'GetRelatedDocuments',
};

const UNIQUE_ID = '$XDSDocumentEntryUniqueId';
const ENTRY_UUID = '$XDSDocumentEntryEntryUUID';

/** A stored query as far as TD3.1b goes: the ids asked for, none when the request was refused. */
export interface DocumentQuery {
  uniqueIds: string[];
  entryUuids: string[];
}

/**
 * Reads Registry Stored Query GetDocuments (IHE ITI TF-2, 3.18.4.1.2.3.7.6), object references only.
 * @throws ViaducError `sandbox.right-denied`, `sandbox.envelope-shape`
 */
export function readQuery(payload: XmlElement, report: Report): DocumentQuery {
  const option = child(payload, 'ResponseOption', QUERY_NS);
  const query = child(payload, 'AdhocQuery', RIM_NS);
  if (!option || !query) throw raise('sandbox.envelope-shape', { expected: 'ResponseOption, AdhocQuery' });
  const id = attribute(query, 'id') ?? '';
  if (Object.hasOwn(DENIED, id)) throw raise('sandbox.right-denied', { operation: DENIED[id]! });
  checkOption(option);
  if (id !== GET_DOCUMENTS) report.refuse('sandbox.query-unknown', query, { id: id || '-' });
  else return readParameters(query, report);
  return { uniqueIds: [], entryUuids: [] };
}

function checkOption(option: XmlElement): void {
  const type = attribute(option, 'returnType') ?? '';
  const composed = attribute(option, 'returnComposedObjects') ?? 'false';
  if (type !== 'ObjectRef') throw raise('sandbox.right-denied', { operation: `returnType=${type}` });
  if (composed !== 'false') throw raise('sandbox.right-denied', { operation: 'returnComposedObjects=true' });
}

function readParameters(query: XmlElement, report: Report): DocumentQuery {
  const slots = slotsOf(query);
  const asked = (name: string): Slot[] => slots.filter((slot) => slot.name === name);
  const found = [...asked(UNIQUE_ID), ...asked(ENTRY_UUID)];
  if (found.length === 0) report.refuse('sandbox.query-parameter-missing', query, { name: UNIQUE_ID });
  if (found.length > 1) report.refuse('sandbox.query-parameter-number', found[1]!.element);
  const read = (name: string): string[] => asked(name).flatMap((slot) => readList(slot, report));
  return { uniqueIds: read(UNIQUE_ID), entryUuids: read(ENTRY_UUID) };
}

const LIST = /^\s*\(\s*('(?:[^']|'')*'(?:\s*,\s*'(?:[^']|'')*')*)\s*\)\s*$/;

/** `('a','b')`: texts in apostrophes, doubled inside; several values of the slot are one list (3.18.4.1.2.3.5). */
function readList(slot: Slot, report: Report): string[] {
  const limit = dmpSandboxLimits.queryValueCharacters.value;
  const lists = slot.values.map((value) => (value.length <= limit ? LIST.exec(value)?.[1] : null) ?? null);
  if (lists.length === 0 || lists.includes(null)) {
    report.refuse('sandbox.query-parameter-syntax', slot.element, { name: slot.name });
    return [];
  }
  const texts = lists.flatMap((list) => list!.match(/'(?:[^']|'')*'/g)!);
  return texts.map((text) => text.slice(1, -1).replaceAll("''", "'"));
}

/**
 * The entries of the patient of the VIHF that a query finds: Approved ones, and replaced ones when the switch shows them;
 * never deleted ones.
 */
export function find(query: DocumentQuery, { store, switches, vihf }: CheckContext): Entry[] {
  const found = [
    ...[...new Set(query.uniqueIds)].flatMap((id) => store.entriesOf(id)),
    ...[...new Set(query.entryUuids)].map((id) => store.entry(id)),
  ];
  const shown = switches.deprecatedInQueries === 'show' ? ['Approved', 'Deprecated'] : ['Approved'];
  return found.filter(
    (one): one is Entry =>
      one !== null && shown.includes(one.status) && (vihf === null || one.patient === vihf.patient),
  );
}
