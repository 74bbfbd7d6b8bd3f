import { attribute } from '../../xml/select.ts';
import { instantOf } from './cda.ts';
import type { CheckContext } from './check.ts';
import {
  classOfType,
  KOS_FORMAT,
  SIGNATURE_CLASS,
  SIGNATURE_EVENT,
  SIGNATURE_FORMAT,
  SIGNATURE_TYPE,
} from './codes.ts';
import { classificationsOf, type RegistryObject, slotValues } from './ebxml.ts';
import { FORMATS } from './formats.ts';
import { checkGrammar } from './grammar.ts';
import { checkObject } from './metadata.ts';
import {
  DICOM,
  DOCUMENT_ENTRY,
  ENTRY_CLASS,
  ENTRY_CONFIDENTIALITY,
  ENTRY_EVENT,
  ENTRY_FORMAT,
  ENTRY_TYPE,
  MIME_TYPES,
  SUBMISSION_SET,
} from './profile.ts';
import type { Report } from './report.ts';
import { codeOf, lotStructures, type Submission, structuresOf } from './submission.ts';
import { isOfNow } from './xades-checks.ts';

/** Elements and attributes against the grammar of ebRIM. */
export function checkElements(submission: Submission, { report }: CheckContext): void {
  checkGrammar(submission.list, report);
}

/** Lot and documents against the tables of the French profile. */
export function checkMetadata(submission: Submission, context: CheckContext): void {
  const { report, switches } = context;
  if (submission.lot) {
    checkSubmissionTime(submission.lot, context);
    checkObject(submission.lot, SUBMISSION_SET, switches, report);
    checkInstitution(submission.lot, lotStructures(submission), SUBMISSION_SET.name, report);
  }
  for (const entry of submission.documents) {
    checkObject(entry, DOCUMENT_ENTRY, switches, report);
    checkInstitution(entry, structuresOf(entry), DOCUMENT_ENTRY.name, report);
    checkTimes(entry, report);
  }
}

/** A lot is of now, as far as it may have waited. */
function checkSubmissionTime(lot: RegistryObject, { report, switches, nowMs }: CheckContext): void {
  const [time] = slotValues(lot, 'submissionTime');
  if (!time || !FORMATS.second.matches(time)) return;
  if (!isOfNow(instantOf(time), { nowMs, lotDays: switches.lotDays }))
    report.refuse('sandbox.submission-time', lot.element, { days: switches.lotDays });
}

/** In indirect authentication at least one author institution is demanded of each object (EX_2.1-1140). */
function checkInstitution(object: RegistryObject, structures: string[], owner: string, report: Report): void {
  if (structures.length === 0) report.refuse('sandbox.institution-missing', object.element, { owner });
}

function checkTimes(entry: RegistryObject, report: Report): void {
  const [start] = slotValues(entry, 'serviceStartTime');
  const [stop] = slotValues(entry, 'serviceStopTime');
  if (!start || !stop || !FORMATS.dtm.matches(start) || !FORMATS.dtm.matches(stop)) return;
  const digits = Math.min(start.length, stop.length);
  if (stop.slice(0, digits) < start.slice(0, digits)) report.refuse('sandbox.times-order', entry.element);
}

/** What the codes of a clinical document say together: media type, class of its type, confidentiality. */
export function checkClinical(submission: Submission, { report, switches }: CheckContext): void {
  if (submission.clinical.length === 0) report.refuse('sandbox.no-document', submission.list);
  for (const entry of submission.clinical) {
    checkMimeType(entry, report);
    checkClass(entry, report);
    const codes = checkConfidentiality(entry, report);
    const both = codes.includes('MASQUE_PS') && codes.includes('INVISIBLE_PATIENT');
    if (both && switches.maskedAndHidden === 'refuse') {
      report.refuse('sandbox.confidentiality-cumulated', entry.element);
    }
  }
}

function checkMimeType(entry: RegistryObject, report: Report): void {
  const type = attribute(entry.element, 'mimeType') ?? '';
  const isKos = codeOf(entry, ENTRY_FORMAT) === KOS_FORMAT;
  if (!MIME_TYPES.includes(type) || (type === DICOM) !== isKos) {
    report.refuse('sandbox.mime-type', entry.element, { type });
  }
}

function checkClass(entry: RegistryObject, report: Report): void {
  const type = codeOf(entry, ENTRY_TYPE);
  const expected = classOfType(type);
  const found = codeOf(entry, ENTRY_CLASS);
  if (expected !== null && found !== '' && found !== expected) {
    report.refuse('sandbox.class-of-type', entry.element, { type, expected });
  }
}

const BASE_CODES = ['N', 'R', 'V'];

/** One base code, and visibility codes that do not repeat; gives the codes. */
function checkConfidentiality(entry: RegistryObject, report: Report): string[] {
  const codes = classificationsOf(entry, ENTRY_CONFIDENTIALITY).map((one) => one.code);
  if (codes.length > 0 && codes.filter((code) => BASE_CODES.includes(code)).length !== 1) {
    report.refuse('sandbox.confidentiality-base', entry.element);
  }
  for (const code of new Set(codes.filter((one, index) => codes.indexOf(one) !== index))) {
    report.refuse('sandbox.confidentiality-repeated', entry.element, { code });
  }
  return codes;
}

/** What the entry of a signature must be (specification sheet, 13.2). */
const SIGNATURE_CODES: readonly { scheme: string; what: string; expected: string[] }[] = [
  { scheme: ENTRY_CLASS, what: 'classCode', expected: [SIGNATURE_CLASS] },
  { scheme: ENTRY_TYPE, what: 'typeCode', expected: [SIGNATURE_TYPE] },
  { scheme: ENTRY_FORMAT, what: 'formatCode', expected: [SIGNATURE_FORMAT] },
  { scheme: ENTRY_EVENT, what: 'eventCodeList', expected: [SIGNATURE_EVENT] },
  {
    scheme: ENTRY_CONFIDENTIALITY,
    what: 'confidentialityCode',
    expected: ['INVISIBLE_PATIENT', 'MASQUE_PS', 'N'],
  },
];

/** The signature object: there when demanded, once, and of the one form that it may have. */
export function checkSignature(submission: Submission, { report, switches }: CheckContext): void {
  const { signatures, lot } = submission;
  if (signatures.length === 0 && switches.signature === 'required') {
    report.refuse('sandbox.signature-missing', lot?.element ?? submission.list);
  }
  if (signatures.length > 1) report.refuse('sandbox.signature-count', signatures[1]!.element);
  for (const entry of signatures) checkSignatureEntry(entry, report);
}

function checkSignatureEntry(entry: RegistryObject, report: Report): void {
  const refuse = (what: string, expected: string) =>
    report.refuse('sandbox.signature-attribute', entry.element, { what, expected });
  if (attribute(entry.element, 'mimeType') !== 'text/xml') refuse('mimeType', 'text/xml');
  if (slotValues(entry, 'languageCode')[0] !== 'art') refuse('languageCode', 'art');
  if (entry.name !== 'Source') refuse('title', 'Source');
  for (const { scheme, what, expected } of SIGNATURE_CODES) {
    const found = classificationsOf(entry, scheme).map((one) => one.code);
    if (found.sort().join(' ') !== expected.join(' ')) refuse(what, expected.join(' '));
  }
}
