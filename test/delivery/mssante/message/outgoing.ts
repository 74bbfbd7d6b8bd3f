import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFacts } from '../../../../src/cda/facts.ts';
import type { OutgoingMail } from '../../../../src/delivery/mssante/message/compose.ts';
import type { DocumentFacts } from '../../../../src/words/document.ts';
import { parseXml } from '../../../../src/xml/parse.ts';

export const ID = '0f8e1c52-7d1b-4c6e-9a3f-2b6d5e4c1a90';
export const AT_MS = Date.UTC(2026, 10, 25, 9, 30, 5);
export const PATIENT_BOX = '236066322083656@patient.mssante.fr';

export function factsOf(file: string): DocumentFacts {
  const bytes = readFileSync(join(import.meta.dirname, '..', '..', '..', '..', 'samples', 'documents', file));
  return readFacts(parseXml(bytes), bytes).facts!;
}

export const LETTER = factsOf('discharge-letter.xml');

/** A mail about the sample letter to a professional, with what a test changes. Archive and PDF are a few bytes. */
export function outgoing(change: Partial<OutgoingMail> = {}): OutgoingMail {
  return {
    id: ID,
    atMs: AT_MS,
    mailbox: { address: 'viaduc@ch-essai.mssante.fr', displayName: 'Hôpital d’essai' },
    recipient: { address: 'cabinet@medecin.mssante.fr', class: 'professional' },
    replyTo: null,
    operation: 'deposit',
    documents: [{ facts: LETTER, pdf: Buffer.from('%PDF-1.4 essai') }],
    archive: Buffer.from('PK archive'),
    body: null,
    patientMayAnswer: true,
    readingReceipt: false,
    inReplyTo: null,
    nil: 'NIL-1',
    limits: { setting: null, operator: null, patient: null },
    ...change,
  };
}

/** A mail to the patient of the letter. */
export function toPatient(change: Partial<OutgoingMail> = {}): OutgoingMail {
  return outgoing({ recipient: { address: PATIENT_BOX, class: 'patient' }, ...change });
}
