import type { Markup } from '../../xml/writer.ts';
import { readAnswer } from './answer.ts';
import type { DmpConnection } from './connection.ts';
import { type DmpOutcome, outcomeOf } from './outcome.ts';
import { plainSoap } from './plain-soap.ts';
import { newMessageId } from './soap.ts';

const ACTION = 'urn:ihe:iti:2010:UpdateDocumentSet';

export interface UpdateDocumentSet {
  /** `lcm:SubmitObjectsRequest` of a lot that holds only an UpdateAvailabilityStatus association. */
  metadata: Markup;
  /** The whole `wsse:Security` element, made afresh for every attempt. */
  security: Markup | null;
  messageId?: string;
}

/**
 * TD3.3c, deletion: ITI-57 Update Document Set (IHE ITI TF-2 supplement Metadata Update, section 3.57; DMP: status Deleted).
 * Plain SOAP to the registry; no document and no signature travel with it.
 */
export async function updateDocumentSet(
  connection: DmpConnection,
  { metadata, security, messageId = newMessageId() }: UpdateDocumentSet,
  signal?: AbortSignal,
): Promise<DmpOutcome> {
  const to = connection.urlOf('registry');
  const body = plainSoap({ action: ACTION, messageId, to, security, body: metadata });
  return outcomeOf(readAnswer(await connection.exchange('registry', body, signal), messageId), 'changes');
}
