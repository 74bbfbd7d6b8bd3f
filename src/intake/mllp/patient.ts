import type { Repetition, Segment } from '../../hl7v2/message.ts';
import { isDeleted } from '../../hl7v2/message.ts';
import { normaliseMatricule } from '../../identity/matricule.ts';
import { insKindOf } from '../../identity/roots.ts';
import type { RequestIdentity } from '../../words/request.ts';
import type { SenderProfile } from './profile.ts';
import type { Remarks } from './remarks.ts';
import { Tolerant } from './required-fields.ts';

/** The patient as PID describes it. Personal data. */
export interface PatientSegment {
  pid: Segment;
  ins: { matricule: string; root: string; repetition: number } | null;
  birthName: string | null;
  firstName: string | null;
  /** Digits of PID-7, a day or less. */
  birthDate: string | null;
  sex: string | null;
  birthPlace: string | null;
  status: RequestIdentity['status'];
}

/** Status of PID-32 as a request has it; what is none of these is provisional: it never qualifies. */
const STATUS: Readonly<Record<string, RequestIdentity['status']>> = {
  VALI: 'VALI',
  RECUP: 'RECUP',
  QUAL: 'QUAL',
};

/** Attributes of PID-32 under which no identity is qualified. */
const DOUBTFUL: readonly string[] = ['FICT', 'DOUT', 'ANOM', 'CACH'];

export function readPatient(pid: Segment, profile: SenderProfile, remarks: Remarks): PatientSegment {
  const ins = insOf(pid);
  const status = statusOf(pid, ins !== null, remarks);
  if (ins && (status === 'VALI' || status === 'QUAL')) requiredTraits(pid, new Tolerant(profile, remarks));
  const name = nameOf(pid);
  return {
    pid,
    ins,
    birthName: name ? valued(name.text(1, 1)) : null,
    firstName: name ? valued(name.text(2)) : null,
    birthDate: valued(pid.text(7).replace(/\D.*$/, '').slice(0, 8)),
    sex: valued(pid.text(8).toUpperCase()),
    birthPlace: birthPlaceOf(pid),
    status,
  };
}

/** Traits without which no INS is qualified. */
function requiredTraits(pid: Segment, traits: Tolerant): void {
  traits.need(pid, 7, 'PID-7');
  traits.oneOf(pid, 8, 'PID-8', ['F', 'M']);
}

function valued(text: string): string | null {
  return text === '' || isDeleted(text) ? null : text;
}

/** The INS of PID-3: by its OID and its type, never by its name; a NIR goes before a NIA. */
function insOf(pid: Segment): PatientSegment['ins'] {
  const found = pid.field(3).repetitions.flatMap((one, index) => {
    const root = one.text(4, 2);
    const matricule = normaliseMatricule(one.text(1));
    const isIns = one.text(5).toUpperCase() === 'INS' && insKindOf(root) !== null;
    return isIns && valued(matricule) !== null ? [{ matricule, root, repetition: index + 1 }] : [];
  });
  return found.find(({ root }) => insKindOf(root) !== 'NIA') ?? found[0] ?? null;
}

/** The name of birth, or the first one when none is called so. */
function nameOf(pid: Segment): Repetition | null {
  const names = pid.field(5).repetitions;
  return names.find((one) => one.text(7).toUpperCase() === 'L') ?? names[0] ?? null;
}

function birthPlaceOf(pid: Segment): string | null {
  const birth = pid.field(11).repetitions.find((one) => one.text(7).toUpperCase() === 'BDL');
  return birth ? valued(birth.text(9).toUpperCase()) : null;
}

function statusOf(pid: Segment, carriesIns: boolean, remarks: Remarks): RequestIdentity['status'] {
  const codes = pid.field(32).repetitions.map((one) => one.text().toUpperCase());
  const attribute = codes.find((code) => DOUBTFUL.includes(code));
  if (attribute) remarks.add('message.identity-attribute', pid.place(32), { attribute }, 'warning');
  const status = codes.map((code) => STATUS[code]).find((one) => one !== undefined) ?? 'PROV';
  const qualified = status === 'VALI' || status === 'QUAL';
  if (carriesIns && !qualified) remarks.add('message.ins-not-validated', pid.place(32), {}, 'warning');
  return attribute ? 'PROV' : status;
}
