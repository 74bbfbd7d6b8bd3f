import type { Values } from '../words/errors.ts';
import { type Finding, finding } from '../words/findings.ts';
import { isOid } from '../words/ids.ts';
import { attribute, child, children, descend, placeOf } from '../xml/select.ts';
import type { XmlDocument, XmlElement } from '../xml/tree.ts';
import { bodiesOf } from './body.ts';
import { cdaErrors } from './errors.ts';
import { clinicalDocumentsOf } from './find.ts';
import { cdaLimits } from './limits.ts';
import { parseTime } from './times.ts';

type Code = keyof typeof cdaErrors;
/** Reports a problem at an element. */
type Report = (code: Code, at: XmlElement, values?: Values) => void;

/**
 * What is wrong with the header of a document, everything at once, each finding with line, column and XPath. Says nothing
 * of what the schemas say better; only of what the gateway itself cannot do without (CDA R2; CI-SIS minimal structure).
 */
export function checkHeader(document: XmlDocument, clinicalDocument: XmlElement | null): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (code, at, values) => {
    findings.push(
      finding(cdaErrors, code, { source: 'cda', place: placeOf(document, at), values: values ?? {} }),
    );
  };
  if (!clinicalDocument) {
    report('cda.not-a-cda', document.root, { root: rootName(document.root) });
    return findings;
  }
  checkAlone(document, clinicalDocument, report);
  for (const check of CHECKS) check(clinicalDocument, report);
  return findings;
}

const CHECKS = [checkId, checkCode, checkEffectiveTime, checkReplacements, checkPatient, checkBody];

function rootName({ name }: XmlElement): string {
  return quoted(name.ns === '' ? name.local : `${name.local} (${name.ns})`);
}

/** A value of the document as a message may quote it. */
function quoted(text: string): string {
  const most = cdaLimits.quoted.value;
  return text.length > most ? `${text.slice(0, most - 1).toWellFormed()}…` : text;
}

function checkAlone(document: XmlDocument, clinicalDocument: XmlElement, report: Report): void {
  if (clinicalDocument === document.root) return;
  const [, second, ...more] = clinicalDocumentsOf(document);
  if (second) report('cda.several-documents', second, { count: more.length + 2 });
}

function checkId(clinicalDocument: XmlElement, report: Report): void {
  const ids = children(clinicalDocument, 'id');
  const [id, second] = ids;
  if (second) report('cda.id-repeated', second, { count: ids.length });
  if (id && attribute(id, 'nullFlavor') === null) checkIdForm(id, report);
  else report('cda.id-missing', id ?? clinicalDocument);
}

function checkIdForm(id: XmlElement, report: Report): void {
  const root = attribute(id, 'root');
  if (root === null) report('cda.id-without-root', id);
  else if (!isOid(root)) report('cda.id-not-oid', id, { root: quoted(root) });
  if (attribute(id, 'extension') !== null) report('cda.id-with-extension', id);
}

function checkCode(clinicalDocument: XmlElement, report: Report): void {
  const code = child(clinicalDocument, 'code');
  if (!attribute(code, 'code')) report('cda.code-missing', code ?? clinicalDocument);
}

function checkEffectiveTime(clinicalDocument: XmlElement, report: Report): void {
  const time = child(clinicalDocument, 'effectiveTime');
  const value = attribute(time, 'value');
  if (!time || !value) report('cda.effective-time-missing', time ?? clinicalDocument);
  else if (!parseTime(value)) report('cda.effective-time-malformed', time, { value: quoted(value) });
}

function checkReplacements(clinicalDocument: XmlElement, report: Report): void {
  for (const related of children(clinicalDocument, 'relatedDocument')) {
    if (attribute(related, 'typeCode') !== 'RPLC') continue;
    if (!attribute(descend(related, 'parentDocument', 'id'), 'root'))
      report('cda.replacement-without-id', child(related, 'parentDocument') ?? related);
  }
}

function checkPatient(clinicalDocument: XmlElement, report: Report): void {
  const targets = children(clinicalDocument, 'recordTarget');
  const [target, second] = targets;
  if (second) report('cda.record-target-repeated', second, { count: targets.length });
  if (!child(target ?? null, 'patientRole')) report('cda.record-target-missing', target ?? clinicalDocument);
}

function checkBody(clinicalDocument: XmlElement, report: Report): void {
  const bodies = bodiesOf(clinicalDocument);
  if (bodies.length === 0) report('cda.body-missing', clinicalDocument);
  if (bodies.length > 1) report('cda.body-repeated', bodies[1]!, { count: bodies.length });
}
