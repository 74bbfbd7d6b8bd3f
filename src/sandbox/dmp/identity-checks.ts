import { NAME } from '../../xml/characters.ts';
import { attribute, descendants } from '../../xml/select.ts';
import type { XmlElement } from '../../xml/tree.ts';
import type { CheckContext } from './check.ts';
import { identifierOf } from './ebxml.ts';
import { parseInsCx } from './formats.ts';
import { ENTRY_PATIENT, LOT_PATIENT, LOT_UNIQUE_ID, SUBMISSION_SET_NODE } from './profile.ts';
import type { Report } from './report.ts';
import { type Submission, uniqueIdOf } from './submission.ts';

const UUID_URN = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Objects whose id the registry replaces by its own: in a submission they bear symbolic names only. */
const SYMBOLIC = ['ExtrinsicObject', 'RegistryPackage'];

/** Every id stands once in the message; those of documents and lot are symbolic (IHE ITI TF-3, 4.1.12.3). */
export function checkIds(submission: Submission, { report }: CheckContext): void {
  const seen = new Set<string>();
  for (const element of descendants(submission.list)) {
    const id = attribute(element, 'id');
    if (id === null || element.name.local === 'ObjectRef') continue;
    checkShape(element, id, report);
    if (seen.has(id)) report.refuse('sandbox.id-repeated', element, { id });
    seen.add(id);
  }
  checkFileIds(submission, report);
}

function checkShape(element: XmlElement, id: string, report: Report): void {
  const { local } = element.name;
  if (NAME.test(id) || (UUID_URN.test(id) && !SYMBOLIC.includes(local))) return;
  report.refuse('sandbox.id-shape', element, { element: local });
}

function checkFileIds(submission: Submission, report: Report): void {
  const seen = new Set<string>();
  for (const { id, element } of submission.files) {
    if (seen.has(id)) report.refuse('sandbox.id-repeated', element, { id });
    seen.add(id);
  }
}

/** A message holds one lot, classified once as such, inside it or beside it. */
export function checkLot(submission: Submission, { report }: CheckContext): void {
  const { lot, list } = submission;
  if (submission.packages.length !== 1 || !lot) {
    report.refuse('sandbox.lot-count', list);
    return;
  }
  const inside = lot.classifications.filter((one) => one.node !== '');
  const nodes = [...inside, ...submission.classifications];
  const [node] = nodes;
  if (nodes.length !== 1 || node!.node !== SUBMISSION_SET_NODE) {
    report.refuse('sandbox.lot-not-classified', lot.element);
  } else if (node!.owner !== lot.id) {
    report.refuse('sandbox.owner-mismatch', node!.element, { attribute: 'classifiedObject' });
  }
}

/** No uniqueId stands twice in the message, the lot's own included. */
export function checkUniqueIds(submission: Submission, { report }: CheckContext): void {
  const lotId = submission.lot && identifierOf(submission.lot, LOT_UNIQUE_ID);
  const seen = new Set(lotId ? [lotId] : []);
  for (const entry of submission.documents) {
    const uniqueId = uniqueIdOf(entry);
    if (uniqueId && seen.has(uniqueId))
      report.refuse('sandbox.unique-id-repeated', entry.element, { uniqueId });
    seen.add(uniqueId);
  }
}

/** One patient everywhere, known by an INS that counts here, with an open DMP. */
export function checkPatient(submission: Submission, { report, switches, patients }: CheckContext): void {
  const { lot } = submission;
  const patient = lot && identifierOf(lot, LOT_PATIENT);
  if (!lot || !patient) return;
  for (const entry of submission.documents) {
    const own = identifierOf(entry, ENTRY_PATIENT);
    if (own !== null && own !== patient)
      report.refuse('sandbox.patient-mismatch', entry.element, { what: 'DocumentEntry' });
  }
  const ins = parseInsCx(patient);
  if (!ins) return;
  if (!switches.insRoots.includes(ins.root)) {
    report.refuse('sandbox.ins-root', lot.element);
    return;
  }
  const dmp = patients.stateOf(ins, switches);
  if (dmp.state === 'absent') report.refuse('sandbox.patient-absent', lot.element);
  if (dmp.state === 'closed') report.refuse('sandbox.patient-closed', lot.element, { reason: dmp.reason });
}
