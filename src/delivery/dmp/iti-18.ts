import { attribute, child, elementsOf } from '../../xml/select.ts';
import type { XmlElement } from '../../xml/tree.ts';
import { type Markup, xml } from '../../xml/writer.ts';
import { readAnswer } from './answer.ts';
import type { DmpConnection } from './connection.ts';
import { type DmpOutcome, isSuccess, outcomeOf } from './outcome.ts';
import { plainSoap } from './plain-soap.ts';
import { QUERY_NS, RIM_NS, readRegistryResponse } from './registry-response.ts';
import { newMessageId } from './soap.ts';

const ACTION = 'urn:ihe:iti:2007:RegistryStoredQuery';
const GET_DOCUMENTS = 'urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4';

/** A document that the registry holds. */
export interface RegisteredEntry {
  /** `urn:uuid:…`, of the present version of its metadata. */
  entryUuid: string;
  /** Last part of the status URI when the registry gave more than references; else null. */
  status: string | null;
}

/** `answered` with an empty list says that the registry holds no such document that we may see. */
export type DmpSearch =
  | { kind: 'answered'; entries: RegisteredEntry[]; raw: Uint8Array }
  | { kind: 'failed'; outcome: DmpOutcome };

export interface FindDocument {
  uniqueId: string;
  /** The whole `wsse:Security` element; the patient stands in the VIHF. */
  security: Markup | null;
  messageId?: string;
}

/**
 * TD3.1b, the registry's own identifier of a document: ITI-18 Registry Stored Query, GetDocuments by uniqueId, object
 * references only (IHE ITI TF-2, section 3.18). A query has no effect: whatever goes wrong, it may be asked again.
 */
export async function findDocument(
  connection: DmpConnection,
  { uniqueId, security, messageId = newMessageId() }: FindDocument,
  signal?: AbortSignal,
): Promise<DmpSearch> {
  const to = connection.urlOf('registry');
  const body = plainSoap({ action: ACTION, messageId, to, security, body: writeQuery(uniqueId) });
  const answer = readAnswer(await connection.exchange('registry', body, signal), messageId);
  const entries = answer.kind === 'content' && isSuccess(answer.status) ? entriesOf(answer.content) : null;
  if (answer.kind === 'content' && entries) return { kind: 'answered', entries, raw: answer.raw };
  return { kind: 'failed', outcome: outcomeOf(answer, 'reads') };
}

function writeQuery(uniqueId: string): Markup {
  const list = `('${uniqueId.replaceAll("'", "''")}')`;
  return xml`<query:AdhocQueryRequest xmlns:query="${QUERY_NS}" xmlns:rim="${RIM_NS}"><query:ResponseOption returnComposedObjects="false" returnType="ObjectRef"/><rim:AdhocQuery id="${GET_DOCUMENTS}"><rim:Slot name="$XDSDocumentEntryUniqueId"><rim:ValueList><rim:Value>${list}</rim:Value></rim:ValueList></rim:Slot></rim:AdhocQuery></query:AdhocQueryRequest>`;
}

/** The entries of a successful answer, of one that is partial but names some, or null. */
function entriesOf(content: XmlElement): RegisteredEntry[] | null {
  const response = readRegistryResponse(content, 'AdhocQueryResponse');
  if (!response) return null;
  const entries = readEntries(child(content, 'RegistryObjectList', RIM_NS));
  if (response.status === 'Success' && response.errors.every(({ severity }) => severity === 'warning'))
    return entries;
  return response.status === 'PartialSuccess' && entries.length > 0 ? entries : null;
}

function readEntries(list: XmlElement | null): RegisteredEntry[] {
  if (!list) return [];
  return elementsOf(list).flatMap((element) => {
    const id = attribute(element, 'id');
    const { ns, local } = element.name;
    if (id === null || ns !== RIM_NS || !['ObjectRef', 'ExtrinsicObject'].includes(local)) return [];
    const status = attribute(element, 'status');
    return [{ entryUuid: id, status: status === null ? null : status.slice(status.lastIndexOf(':') + 1) }];
  });
}
