import { attribute, child, children, descend, foldedText, textOf } from '../../xml/select.ts';
import type { XmlElement } from '../../xml/tree.ts';
import type { CheckContext } from './check.ts';
import { FORMATS, INS, type Ins } from './formats.ts';
import type { DmpPatient } from './patients.ts';
import type { Report } from './report.ts';

/** What TD0.2 asks: about whom, and the identifiers that the answer repeats. */
export interface ExistenceQuery {
  message: XmlElement;
  messageId: Id;
  queryId: Id;
  /** Who asks: identifier of the software. */
  sender: Id;
  processingCode: string;
  ins: Ins | null;
}

export interface Id {
  root: string;
  extension: string;
}

/** What the DMP knows of the patient asked for. */
export interface Existence {
  query: ExistenceQuery;
  ins: Ins;
  dmp: DmpPatient['dmp'];
  traits: DmpPatient['traits'];
}

/** Identifier of the DMP as a receiver of HL7 v3 messages (sheet dmp-xds, 6.1). */
export const DMP_DEVICE = '1.2.250.1.213.4.1.1.1';
export const INTERACTIONS = '2.16.840.1.113883.1.6';
const REASONS = '1.2.250.1.213.1.1.4.11';

interface Fixed {
  path: readonly string[];
  name: string;
  value: string;
}

/** Attributes that TD0.2 fixes (sheet dmp-xds, 6.1). */
const FIXED: readonly Fixed[] = [
  { path: ['interactionId'], name: 'root', value: INTERACTIONS },
  { path: ['interactionId'], name: 'extension', value: 'PRPA_IN201307UV02' },
  { path: ['processingModeCode'], name: 'code', value: 'T' },
  { path: ['acceptAckCode'], name: 'code', value: 'AL' },
  { path: ['receiver', 'device', 'id'], name: 'root', value: DMP_DEVICE },
  { path: ['controlActProcess', 'reasonCode'], name: 'code', value: 'TEST_EXST' },
  { path: ['controlActProcess', 'reasonCode'], name: 'codeSystem', value: REASONS },
  { path: ['controlActProcess', 'queryByParameter', 'statusCode'], name: 'code', value: 'new' },
];

/** Reads a PRPA_IN201307UV02 and reports everything that TD0.2 does not take. */
export function readExistenceQuery(message: XmlElement, report: Report): ExistenceQuery {
  const wrong = (what: string, expected: string, at: XmlElement | null = message) =>
    report.refuse('sandbox.existence-field', at ?? message, { what, expected });
  for (const { path, name, value } of FIXED) {
    const element = descend(message, ...path);
    if (attribute(element, name) !== value) wrong(`${path.join('/')}/@${name}`, value, element);
  }
  const created = attribute(child(message, 'creationTime'), 'value') ?? '';
  if (!FORMATS.second.matches(created)) wrong('creationTime/@value', FORMATS.second.shape);
  const processingCode = attribute(child(message, 'processingCode'), 'code') ?? '';
  if (!/^[DTP]$/.test(processingCode)) wrong('processingCode/@code', 'D, T, P');
  const query = descend(message, 'controlActProcess', 'queryByParameter');
  const id = (element: XmlElement | null, what: string): Id => {
    const [root, extension] = [attribute(element, 'root') ?? '', attribute(element, 'extension') ?? ''];
    if (!FORMATS.oid.matches(root)) wrong(`${what}/@root`, FORMATS.oid.shape, element);
    return { root, extension };
  };
  return {
    message,
    processingCode,
    messageId: id(child(message, 'id'), 'id'),
    sender: id(descend(message, 'sender', 'device', 'id'), 'sender/device/id'),
    queryId: id(child(query, 'queryId'), 'queryId'),
    ins: readIns(query, wrong),
  };
}

type Wrong = (what: string, expected: string, at?: XmlElement | null) => void;

/** One patient, by the INS alone. */
function readIns(query: XmlElement | null, wrong: Wrong): Ins | null {
  const parameters = child(query, 'parameterList');
  const [identifier, ...others] = children(parameters, 'patientIdentifier');
  const [value, ...more] = children(identifier ?? null, 'value');
  const what = 'parameterList/patientIdentifier';
  if (!identifier || others.length > 0 || !value || more.length > 0) {
    wrong(`${what}/value`, '1', parameters);
    return null;
  }
  if (foldedText(child(identifier, 'semanticsText')) !== 'Patient.id')
    wrong(`${what}/semanticsText`, 'Patient.id', identifier);
  const ins = { matricule: attribute(value, 'extension') ?? '', root: attribute(value, 'root') ?? '' };
  if (INS.test(ins.matricule) && FORMATS.oid.matches(ins.root) && textOf(value).trim() === '') return ins;
  wrong(`${what}/value`, 'root="1.2.250.1.213.1.4.…" extension="INS"', value);
  return null;
}

/** What is known of the patient asked for; null when the question was refused. */
export function lookUp(query: ExistenceQuery, context: CheckContext): Existence | null {
  const { ins, message } = query;
  const { report, switches, patients, vihf } = context;
  if (ins && !switches.insRoots.includes(ins.root)) report.refuse('sandbox.ins-root', message);
  if (ins && vihf && vihf.patient !== `${ins.matricule}^^^&${ins.root}&ISO^NH`)
    report.refuse('sandbox.vihf-patient', message);
  if (!ins || report.failed) return null;
  return { query, ins, dmp: patients.stateOf(ins, switches), traits: patients.traitsOf(ins) };
}
