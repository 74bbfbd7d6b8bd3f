import type { Hl7Message, Segment } from '../../hl7v2/message.ts';
import type { InterfaceProfile, SenderProfile } from './profile.ts';
import type { Remarks } from './remarks.ts';

/** An observation with the segments that belong to it. */
export interface Observation {
  obx: Segment;
  participants: Segment[];
  notes: Segment[];
}

/** A document message cut into its parts. */
export interface DocumentMessage {
  pid: Segment;
  pv1: Segment | null;
  orc: Segment | null;
  obr: Segment | null;
  txa: Segment | null;
  documents: Observation[];
  /** Observations of table MetaDMPMSS by their code, aliases undone. */
  flags: Map<string, Observation[]>;
}

/** Codes of table MetaDMPMSS, in the order of the interface. */
export const FLAG_CODES = [
  'MASQUE_PS',
  'INVISIBLE_PATIENT',
  'INVISIBLE_REP_LEGAUX',
  'CONNEXION_SECRETE',
  'MODIF_CONF_CODE',
  'DESTDMP',
  'DESTMSSANTEPS',
  'DESTMSSANTEPAT',
  'ACK_RECEPTION',
  'ACK_LECTURE_MSS',
] as const;

export type FlagCode = (typeof FLAG_CODES)[number];

const BODY_CODES: readonly string[] = ['CORPSMAIL_PS', 'CORPSMAIL_PATIENT'];

/** Third step: segments and required fields of an ORU or MDM. Null when the message is too incomplete to be read on. */
export function readStructure(
  message: Hl7Message,
  type: string,
  about: { profile: SenderProfile; face: InterfaceProfile },
  remarks: Remarks,
): DocumentMessage | null {
  const { profile, face } = about;
  const pid = only(message, 'PID', remarks);
  const pv1 = only(message, 'PV1', remarks);
  const orc = only(message, 'ORC', remarks);
  const obr = only(message, 'OBR', remarks);
  const txa = only(message, 'TXA', remarks);
  const mdm = type === 'MDM';
  if (!pid) missing('PID', remarks);
  if (mdm && !message.first('EVN')) missing('EVN', remarks);
  if (mdm && !txa) missing('TXA', remarks);
  if (!mdm && txa) remarks.add('message.segment-unexpected', txa.place(), ORU_HAS_NO_TXA);
  if (face.orders === 'required') {
    if (!orc) missing('ORC', remarks);
    if (!obr) missing('OBR', remarks);
  }
  const { documents, flags } = sortObservations(message, profile, remarks);
  const most = mdm ? 1 : face.documents;
  if (documents.length === 0) missing('OBX', remarks);
  if (documents.length > most) {
    const what = { fr: 'des OBX de document', en: 'OBX with a document' };
    remarks.add('message.cardinality', documents[most]!.obx.place(), { what, count: documents.length, most });
  }
  if (message.continuations > 0)
    remarks.add('message.continued-lines', null, { count: message.continuations }, 'warning');
  if (!pid) return null;
  requiredFields({ pid, pv1, orc, obr, txa, documents, flags }, face, remarks);
  return { pid, pv1, orc, obr, txa, documents, flags };
}

const ORU_HAS_NO_TXA = {
  segment: 'TXA',
  why: { fr: 'un ORU n’en a pas', en: 'an ORU has none' },
};

function missing(segment: string, remarks: Remarks): void {
  remarks.add('message.segment-missing', { segment, occurrence: 1 }, { segment, where: '' });
}

/** The only segment of a name; a second one is refused, since nothing says which of them counts. */
function only(message: Hl7Message, name: string, remarks: Remarks): Segment | null {
  const [first, second] = message.all(name);
  if (second) {
    const count = message.all(name).length;
    remarks.add('message.cardinality', second.place(), { what: name, count, most: 1 });
  }
  return first ?? null;
}

/** Cuts observations into documents and flags; participants and notes belong to the one before them. */
function sortObservations(
  message: Hl7Message,
  profile: SenderProfile,
  remarks: Remarks,
): Pick<DocumentMessage, 'documents' | 'flags'> {
  const documents: Observation[] = [];
  const flags: DocumentMessage['flags'] = new Map();
  let current: Observation | null = null;
  for (const segment of message.segments) {
    if (segment.name === 'PRT') current?.participants.push(segment);
    if (segment.name === 'NTE') current?.notes.push(segment);
    if (segment.name !== 'OBX') continue;
    current = { obx: segment, participants: [], notes: [] };
    const code = flagCodeOf(segment, profile);
    if (code !== null) flags.set(code, [...(flags.get(code) ?? []), current]);
    else if (carriesDocument(segment, profile)) documents.push(current);
    else if (!profile.ignored.includes(segment.text(3)))
      remarks.add(
        'message.observation-ignored',
        segment.place(3),
        { code: segment.text(3).slice(0, 40) || '-' },
        'warning',
      );
  }
  return { documents, flags };
}

/** Whether an observation is a document: encapsulated data that is of no code of table MetaDMPMSS. */
export function carriesDocument(obx: Segment, profile: SenderProfile): boolean {
  return obx.text(2).toUpperCase() === 'ED' && flagCodeOf(obx, profile) === null;
}

/** The code of table MetaDMPMSS that an observation is of; null when it is of none. */
function flagCodeOf(obx: Segment, { aliases }: SenderProfile): string | null {
  const written = obx.text(3).toUpperCase().replace(/\s+/g, '');
  const code = Object.hasOwn(aliases, written) ? aliases[written]! : written;
  return [...FLAG_CODES, ...BODY_CODES].includes(code) ? code : null;
}

function requiredFields(parts: DocumentMessage, face: InterfaceProfile, remarks: Remarks): void {
  const { pid, pv1, orc, obr, txa, documents } = parts;
  need(pid, 3, 'PID-3', remarks);
  need(pid, 5, 'PID-5', remarks);
  if (pv1) requiredVisit(pv1, remarks);
  if (orc && face.orders === 'required') need(orc, 1, 'ORC-1', remarks);
  if (obr && face.orderType) need(obr, 4, 'OBR-4', remarks);
  if (txa) {
    need(txa, 2, 'TXA-2', remarks);
    need(txa, 12, 'TXA-12', remarks);
    oneOf(txa, 17, 'TXA-17', face.authenticated, remarks);
  }
  for (const { obx } of documents) {
    need(obx, 3, 'OBX-3', remarks);
    need(obx, 5, 'OBX-5', remarks);
    oneOf(obx, 11, 'OBX-11', ['F', 'C', 'D'], remarks);
  }
}

/** Classes of stays that have a visit number. */
const WITH_VISIT = ['E', 'I', 'O', 'R'];
const CLASSES = [...WITH_VISIT, 'N', 'V'];

function requiredVisit(pv1: Segment, remarks: Remarks): void {
  oneOf(pv1, 2, 'PV1-2', CLASSES, remarks);
  if (WITH_VISIT.includes(pv1.text(2).toUpperCase())) need(pv1, 19, 'PV1-19', remarks);
}

function need(segment: Segment, number: number, field: string, remarks: Remarks): void {
  if (segment.isEmpty(number)) remarks.add('message.field-missing', segment.place(number), { field });
}

function oneOf(
  segment: Segment,
  number: number,
  field: string,
  allowed: readonly string[],
  remarks: Remarks,
): void {
  const value = segment.text(number).toUpperCase();
  if (value === '') need(segment, number, field, remarks);
  else if (!allowed.includes(value))
    remarks.add('message.value-unknown', segment.place(number), {
      field,
      value: value.slice(0, 20),
      expected: allowed.join(', '),
    });
}
