import type { Segment } from '../../hl7v2/message.ts';
import { PATIENT_DOMAIN } from '../../routing/recipients.ts';
import type { MssanteRecipient, SubmissionRequest } from '../../words/request.ts';
import { nationalProfessionalId, nationalStructureId } from '../../xds/national-ids.ts';
import type { Metadata } from './flags.ts';
import type { PatientSegment } from './patient.ts';
import type { SenderProfile } from './profile.ts';
import type { Remarks } from './remarks.ts';
import type { Observation } from './structure.ts';

/** Who asks, who receives, who may be answered. */
export interface Participants {
  requester: SubmissionRequest['requester'];
  recipients: MssanteRecipient[];
  replyTo: string | null;
}

/** Reads the PRT segments of the document (first document of two): senders, recipients and the address of answers. */
export function readParticipants(
  observation: Observation,
  about: { metadata: Metadata; patient: PatientSegment; profile: SenderProfile },
  remarks: Remarks,
): Participants {
  const { participants } = observation;
  const { flags } = about.metadata;
  const roles = (code: string) => participants.filter((prt) => prt.text(4).toUpperCase() === code);
  const sender = onlyRole('SB', roles('SB'), remarks);
  const requester = sender ? requesterOf(sender) : null;
  if (flags.DESTDMP) checkRequester(requester, sender ?? observation.obx, remarks);
  const reply = onlyRole('REPLY', roles('REPLY'), remarks);
  const recipients = recipientsOf(roles('RCT'), about, remarks);
  checkDestinations(recipients, observation.obx, about.metadata, remarks);
  return {
    requester,
    recipients: recipients.filter((one) =>
      one.class === 'patient' ? flags.DESTMSSANTEPAT : flags.DESTMSSANTEPS,
    ),
    replyTo: reply ? addressOf(reply) || null : null,
  };
}

/** The only PRT of a role; a second one is refused, since nothing says which of them counts. */
function onlyRole(
  role: 'SB' | 'REPLY',
  [first, second, ...more]: Segment[],
  remarks: Remarks,
): Segment | null {
  const values = { what: `PRT ${role}`, count: more.length + 2, most: 1 };
  if (second) remarks.add('message.cardinality', second.place(4), values);
  return first ?? null;
}

function requesterOf(prt: Segment): NonNullable<SubmissionRequest['requester']> {
  const person = prt.text(5, 1);
  const device = prt.text(10, 1);
  const structure = prt.text(8, 10);
  return {
    person:
      person === ''
        ? null
        : {
            id: nationalProfessionalId(person).slice(0, 64),
            family: prt.text(5, 2, 1),
            given: prt.text(5, 3),
            specialty: null,
          },
    device: device === '' ? null : { id: device.slice(0, 64), name: prt.text(10, 2) || device },
    structure:
      structure === '' ? null : { id: nationalStructureId(structure).slice(0, 64), name: prt.text(8, 1) },
  };
}

/** What a deposit in the DMP must know of who asks for it. */
function checkRequester(requester: SubmissionRequest['requester'], at: Segment, remarks: Remarks): void {
  if (!requester) {
    const what = { fr: 'aucun PRT « SB »', en: "no PRT 'SB'" };
    remarks.add('message.requester-missing', at.place(), { what });
    return;
  }
  if (!requester.person && !requester.device) {
    const what = { fr: 'ni professionnel ni automate', en: 'neither professional nor device' };
    remarks.add('message.requester-missing', at.place(5), { what });
  }
  if (!requester.structure) {
    const what = { fr: 'aucune structure', en: 'no structure' };
    remarks.add('message.requester-missing', at.place(8, 10), { what });
  }
}

function recipientsOf(
  segments: readonly Segment[],
  { patient, profile }: { patient: PatientSegment; profile: SenderProfile },
  remarks: Remarks,
): MssanteRecipient[] {
  return segments.flatMap((prt) => {
    const address = addressOf(prt);
    const fault = faultOf(address, profile.mailDomains);
    if (fault) {
      remarks.add('message.recipient-address', prt.place(15, 4), { why: fault });
      return [];
    }
    const recipient = classified(prt, address);
    if (recipient.class !== 'patient' || isOwn(address, patient)) return [recipient];
    const refuse = profile.patientAddress === 'refuse';
    remarks.add('message.patient-address', prt.place(15, 4), {}, refuse ? 'error' : 'warning');
    return [];
  });
}

function addressOf(prt: Segment): string {
  return prt.text(15, 4);
}

function faultOf(address: string, domains: readonly string[]): { fr: string; en: string } | null {
  const [, domain] = /^[^\s@<>]+@([^\s@<>]+)$/.exec(address) ?? [];
  if (address === '') return { fr: 'PRT-15.4 est vide', en: 'PRT-15.4 is empty' };
  if (domain === undefined || address.length > 254)
    return { fr: 'elle est mal formée', en: 'it is malformed' };
  const lower = domain.toLowerCase();
  if (domains.some((one) => lower === one || lower.endsWith(`.${one}`))) return null;
  return { fr: 'son domaine n’est pas MSSanté', en: 'its domain is none of MSSanté' };
}

function classified(prt: Segment, address: string): MssanteRecipient {
  const person = prt.text(5, 1);
  if (prt.text(5, 13).toUpperCase() === 'INS' || address.toLowerCase().endsWith(`@${PATIENT_DOMAIN}`))
    return { address, class: 'patient', id: null };
  const application = prt.text(10, 1);
  const organization = prt.text(8, 10);
  if (application !== '' || (organization !== '' && person === ''))
    return { address, class: 'organization', id: (application || organization).slice(0, 64) };
  return {
    address,
    class: 'professional',
    id: person === '' ? null : nationalProfessionalId(person).slice(0, 64),
  };
}

/** Whether an address of the patient is the matricule of PID-3. */
function isOwn(address: string, { ins }: PatientSegment): boolean {
  const [local, domain] = address.toLowerCase().split('@') as [string, string];
  return domain === PATIENT_DOMAIN && ins !== null && local === ins.matricule.toLowerCase();
}

/** A flag without an address is refused; an address without its flag is not written to, and it is told. */
function checkDestinations(
  recipients: readonly MssanteRecipient[],
  obx: Segment,
  { flags }: Metadata,
  remarks: Remarks,
): void {
  const patients = recipients.some((one) => one.class === 'patient');
  const others = recipients.some((one) => one.class !== 'patient');
  const told = remarks.findings.some(({ code }) => code === 'message.patient-address');
  const check = (flag: 'DESTMSSANTEPS' | 'DESTMSSANTEPAT', there: boolean) => {
    if (flags[flag] && !there) remarks.add('message.recipient-missing', obx.place(), { flag });
    if (!flags[flag] && there) remarks.add('message.recipient-unasked', obx.place(), { flag }, 'warning');
  };
  check('DESTMSSANTEPS', others);
  if (!told) check('DESTMSSANTEPAT', patients);
}
