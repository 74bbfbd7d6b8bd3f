import { XmlError } from '../../xml/errors.ts';
import { parseXml } from '../../xml/parse.ts';
import { attribute, isElement } from '../../xml/select.ts';
import type { XmlDocument, XmlElement } from '../../xml/tree.ts';
import { clinicalDocument, readHeader, sameInstant } from './cda.ts';
import { headOf } from './cda-head.ts';
import type { CheckContext } from './check.ts';
import { identifierOf, type RegistryObject, slotValues } from './ebxml.ts';
import { FORMATS, parseInsCx } from './formats.ts';
import { XMLDSIG_NS } from './names.ts';
import { DICOM, ENTRY_PATIENT } from './profile.ts';
import { locate, type Report } from './report.ts';
import { type AttachedFile, isSignature, type Submission, uniqueIdOf } from './submission.ts';
import { checkCdaTraits, knownTraits } from './trait-checks.ts';

/** Every entry has its document and every document its entry; hash and size, when declared, are those of the bytes. */
export function checkFiles(submission: Submission, { report, switches }: CheckContext): void {
  for (const entry of submission.documents) {
    const file = submission.fileOf.get(entry.id);
    if (file) checkFile(entry, file, switches.maxDocumentBytes, report);
    else report.refuse('sandbox.document-missing', entry.element, { id: entry.id });
  }
  for (const { id, element } of submission.files) {
    if (!submission.entries.has(id)) report.refuse('sandbox.metadata-missing', element, { id });
  }
}

function checkFile(entry: RegistryObject, file: AttachedFile, limit: number | null, report: Report): void {
  const [hash] = slotValues(entry, 'hash');
  const [size] = slotValues(entry, 'size');
  if (hash !== undefined && hash.toLowerCase() !== file.hash)
    report.refuse('sandbox.hash-differs', entry.element);
  if (size !== undefined && size !== String(file.bytes.length)) {
    report.refuse('sandbox.size-differs', entry.element, { received: file.bytes.length });
  }
  if (limit !== null && file.bytes.length > limit) {
    report.refuse('sandbox.document-too-large', entry.element, { limit });
  }
}

/** What the documents themselves say, against their entries. */
export function checkContents(submission: Submission, context: CheckContext): void {
  for (const entry of submission.documents) {
    const file = submission.fileOf.get(entry.id);
    if (file) checkContent(entry, file, context);
  }
}

function checkContent(entry: RegistryObject, file: AttachedFile, context: CheckContext): void {
  const { report } = context;
  const type = attribute(entry.element, 'mimeType');
  if (isSignature(entry)) checkSignatureFile(file, report);
  else if (type === DICOM) checkDicom(file, report);
  else checkCda(entry, file, context);
}

const DICOM_PREAMBLE_BYTES = 128;

/** A DICOM file has `DICM` after its preamble (DICOM PS3.10, section 7.1). */
function checkDicom({ bytes, element }: AttachedFile, report: Report): void {
  if (bytes.toString('latin1', DICOM_PREAMBLE_BYTES, DICOM_PREAMBLE_BYTES + 4) === 'DICM') return;
  report.refuse('sandbox.content-unreadable', element, { expected: 'DICOM', line: '-', column: '-' });
}

/** The document without its body, or null when only the whole of it can say what is wrong. */
function parseHead({ bytes }: AttachedFile): XmlDocument | null {
  const head = headOf(bytes);
  try {
    return head && parseXml(head);
  } catch {
    return null;
  }
}

function checkSignatureFile(file: AttachedFile, report: Report): void {
  const document = parse(file, 'XML', report);
  if (document && !isElement(document.root, 'Signature', XMLDSIG_NS))
    unreadable(document, 'ds:Signature', report);
}

function parse({ bytes, element }: AttachedFile, expected: string, report: Report): XmlDocument | null {
  try {
    return parseXml(bytes);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    report.refuse('sandbox.content-unreadable', element, {
      expected,
      line: error.line,
      column: error.column,
    });
    return null;
  }
}

function unreadable(document: XmlDocument, expected: string, report: Report): void {
  const values = { expected, ...document.placeOf(document.root.start) };
  report.refuseAt('sandbox.content-unreadable', locate(document.root), values);
}

function checkCda(entry: RegistryObject, file: AttachedFile, context: CheckContext): void {
  const { report, switches } = context;
  const selfPresenting = attribute(entry.element, 'mimeType') === 'application/xslt+xml';
  const document = (switches.contents === 'header' && parseHead(file)) || parse(file, 'XML', report);
  if (!document) return;
  const root = clinicalDocument(document, selfPresenting);
  if (!root) {
    unreadable(document, 'ClinicalDocument', report);
    return;
  }
  const header = readHeader(root);
  const uniqueId = uniqueIdOf(entry);
  if (uniqueId && (header.id?.root !== uniqueId || header.id.extension)) {
    report.refuse('sandbox.cda-id', header.id?.element ?? root);
  }
  checkCdaPatient(entry, header.patients, root, report);
  const known = knownTraits(entry, context);
  if (known) checkCdaTraits(root, known, context);
  const [created] = slotValues(entry, 'creationTime');
  if (created !== undefined && FORMATS.dtm.matches(created) && !sameInstant(created, header.effectiveTime)) {
    report.refuse('sandbox.cda-time', root);
  }
}

function checkCdaPatient(
  entry: RegistryObject,
  patients: { matricule: string; root: string }[],
  root: XmlElement,
  report: Report,
): void {
  const ins = parseInsCx(identifierOf(entry, ENTRY_PATIENT) ?? '');
  if (!ins || patients.some((one) => one.matricule === ins.matricule && one.root === ins.root)) return;
  report.refuse('sandbox.cda-patient', root);
}
