import type { Hl7Message, Segment } from '../../hl7v2/message.ts';
import type { Severity } from '../../words/findings.ts';
import type { InterfaceProfile, SenderProfile } from './profile.ts';
import type { Remarks } from './remarks.ts';
import { requiredFields } from './required-fields.ts';

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
  const evn = message.first('EVN');
  const mdm = type === 'MDM';
  if (!pid) missing('PID', remarks);
  if (!pv1) missing('PV1', remarks, mdm ? 'error' : 'warning');
  if (mdm && !evn) missing('EVN', remarks);
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
  const header = { msh: message.header, evn: mdm ? evn : null };
  requiredFields({ ...header, pid, pv1, orc, obr, txa, documents }, { profile, face }, remarks);
  return { pid, pv1, orc, obr, txa, documents, flags };
}

const ORU_HAS_NO_TXA = {
  segment: 'TXA',
  why: { fr: 'un ORU n’en a pas', en: 'an ORU has none' },
};

function missing(segment: string, remarks: Remarks, severity: Severity = 'error'): void {
  remarks.add('message.segment-missing', { segment, occurrence: 1 }, { segment, where: '' }, severity);
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
