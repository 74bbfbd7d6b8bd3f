import { type Finding, finding } from '../words/findings.ts';
import type { MssanteRecipient, SubmissionRequest } from '../words/request.ts';
import { readAddress } from './address.ts';
import { routingErrors } from './errors.ts';

/** Of the boxes of patients (ECO.2.2.6), unless an installation is told otherwise. */
export const PATIENT_DOMAIN = 'patient.mssante.fr';

/** A box that a request is to be mailed to. */
export type Recipient = Pick<MssanteRecipient, 'address' | 'class'>;

/** What is known of the patient of a request when its recipients are judged. */
export interface MailPatient {
  /** Of the INS of the documents, 15 characters; null without a sound one. */
  matricule: string | null;
  /** Domain of the boxes of patients: `patient.mssante.fr`. */
  domain: string;
}

/** The boxes of a request, each once, in the form in which two spellings of one address are equal. */
export function recipientsOf({ destinations }: SubmissionRequest, patient: MailPatient): Recipient[] {
  const { mssante, patient: toPatient } = destinations;
  const named = mssante.map(({ address, class: audience }) => ({
    address: normalAddress(address),
    class: audience,
  }));
  const own = ownAddress(patient);
  if (toPatient && own !== null && !named.some((one) => one.class === 'patient'))
    named.push({ address: own, class: 'patient' });
  return [...new Map(named.map((one) => [one.address, one])).values()];
}

/**
 * What is wrong with the recipients of a request: an address that is none, a patient's box without an INS, or of somebody
 * else, or called that of a professional (sheet MSSanté, sections 2 and 12). An address never stands in a finding.
 */
export function judgeRecipients(request: SubmissionRequest, patient: MailPatient): Finding[] {
  const { mssante, patient: toPatient } = request.destinations;
  const findings = mssante.flatMap((recipient, index) => {
    const position = index + 1;
    const found = readAddress(recipient.address);
    const [code, values] =
      'fault' in found
        ? (['routing.address-malformed', { position, why: found.fault }] as const)
        : [faultOf(recipient, patient), { position }];
    return code ? [finding(routingErrors, code, { source: 'request', values })] : [];
  });
  const needsIns = toPatient && patient.matricule === null;
  if (needsIns) findings.push(finding(routingErrors, 'routing.patient-without-ins', { source: 'request' }));
  return findings;
}

/** Lower case throughout: MSSanté has no two boxes that differ by case. */
export function normalAddress(address: string): string {
  const found = readAddress(address);
  return ('read' in found ? found.read.address : address).toLowerCase();
}

function faultOf({ address, class: audience }: MssanteRecipient, patient: MailPatient) {
  const normal = normalAddress(address);
  const ofPatient = normal.endsWith(`@${patient.domain}`);
  if (audience !== 'patient') return ofPatient ? ('routing.address-of-patient' as const) : null;
  return normal === ownAddress(patient) ? null : ('routing.patient-address-differs' as const);
}

function ownAddress({ matricule, domain }: MailPatient): string | null {
  return matricule === null ? null : `${matricule.toLowerCase()}@${domain}`;
}
