import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFacts } from '../../../src/cda/facts.ts';
import type { DocumentFacts } from '../../../src/words/document.ts';
import type { SubmissionRequest } from '../../../src/words/request.ts';
import { authorStructures } from '../../../src/xds/people.ts';
import type { ArchiveInput } from '../../../src/xds/xdm/archive.ts';
import { parseXml } from '../../../src/xml/parse.ts';
import { DEPOSIT, lotOf } from '../discharge-letter.ts';

export interface Given {
  facts: DocumentFacts;
  bytes: Buffer;
}

export function given(bytes: Buffer): Given {
  return { bytes, facts: readFacts(parseXml(bytes), bytes).facts! };
}

export function sample(file: string): Given {
  return given(readFileSync(join(import.meta.dirname, '..', '..', '..', 'samples', 'documents', file)));
}

export const ISSUER = {
  name: 'Médecine interne',
  organization: 'Hôpital d’essai R&D',
  address: '1 rue de l’Essai, 01000 Ville',
  phone: '01 99 00 00 00',
};

export const PRODUCT = {
  name: 'Viaduc',
  version: '1.0',
  vendor: 'Équipe Viaduc',
  homologation: 'H-1',
  nil: 'NIL-1',
};

/** An archive of documents by the structure of the first author, with what a test changes around it. */
export function archiveOf(
  documents: Given[],
  operation: SubmissionRequest['operation'] = 'deposit',
  around: Partial<ArchiveInput> = {},
): ArchiveInput {
  const [id = '1010000017'] = documents.flatMap(({ facts }) => authorStructures(facts));
  const { documents: _, ...context } = lotOf();
  const request = { ...DEPOSIT, operation };
  const structure = { id, name: ISSUER.organization };
  return { ...context, request, structure, documents, issuer: ISSUER, product: PRODUCT, ...around };
}
