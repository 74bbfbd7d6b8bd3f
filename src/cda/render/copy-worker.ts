import { parentPort } from 'node:worker_threads';
import { isViaducError, raiser, type ViaducError } from '../../words/errors.ts';
import { parseXml } from '../../xml/parse.ts';
import { cdaErrors } from '../errors.ts';
import { findClinicalDocument } from '../find.ts';
import { enclosedPdf } from '../pdf-copy.ts';
import type { PdfCopy } from './copies.ts';
import { writeHtml } from './html.ts';
import { writePdf } from './pdf.ts';
import { present } from './presentation.ts';

/** One document and the form in which it is wanted. */
export interface CopyQuestion {
  form: 'pdf' | 'html';
  bytes: Uint8Array;
}

/** An error does not survive the way between threads: what it is made of does. */
export type CopyAnswer =
  | { pdf: PdfCopy }
  | { html: string }
  | { error: Pick<ViaducError, 'code' | 'entry' | 'values'> };

// Says first that it is ready; then one document at a time: the next comes when this one is answered.
const port = parentPort!;
port.on('message', async (question: CopyQuestion) => {
  const answer = await answerTo(question).catch((error: unknown): CopyAnswer => {
    if (!isViaducError(error)) throw error;
    const { code, entry, values } = error;
    return { error: { code, entry, values } };
  });
  port.postMessage(answer, 'pdf' in answer ? handedOver(answer.pdf.bytes) : []);
});

port.postMessage('ready');

/** Bytes that own their memory change hands without a copy. */
function handedOver({ buffer, byteLength }: Uint8Array): ArrayBuffer[] {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}

async function answerTo({ form, bytes }: CopyQuestion): Promise<CopyAnswer> {
  const document = parseXml(bytes);
  const found = findClinicalDocument(document);
  if (!found) throw raiser(cdaErrors)('cda.not-a-cda', { root: document.root.name.local });
  if (form === 'html') return { html: writeHtml(present(document, found)) };
  const enclosed = enclosedPdf(document, found);
  if (enclosed) return { pdf: { ...enclosed, missing: [] } };
  const { bytes: pdf, missing } = await writePdf(present(document, found));
  return { pdf: { from: 'rendered', bytes: pdf, claim: RENDERED_CLAIM, missing } };
}

/** What `writePdf` writes. */
const RENDERED_CLAIM = '1B';
