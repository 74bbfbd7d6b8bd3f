import type { Establishment, Sender } from '../../words/establishment.ts';
import type { Operation, SubmissionRequest } from '../../words/request.ts';
import type { Metadata } from './flags.ts';
import type { Participants } from './participants.ts';
import type { PatientSegment } from './patient.ts';
import type { Remarks } from './remarks.ts';
import type { DocumentMessage } from './structure.ts';
import { readStay } from './visit.ts';

/** What a document message asks for, as every door says it. */
export function requestOf(
  said: {
    operation: Operation;
    parts: DocumentMessage;
    patient: PatientSegment;
    metadata: Metadata;
    participants: Participants;
  },
  { sender, establishment }: { sender: Sender; establishment: Establishment },
  remarks: Remarks,
): SubmissionRequest {
  const { operation, parts, patient, metadata, participants } = said;
  const { flags } = metadata;
  const structure = participants.requester?.structure?.id;
  const structures = [structure, sender.site].filter((one) => one != null);
  return {
    operation,
    destinations: {
      dmp: flags.DESTDMP,
      mssante: participants.recipients,
      patient: participants.recipients.some((one) => one.class === 'patient'),
      patientMayAnswer: metadata.patientMayAnswer,
    },
    visibility: {
      maskedToProfessionals: flags.MASQUE_PS,
      hiddenFromPatient: flags.INVISIBLE_PATIENT,
      hiddenFromRepresentatives: flags.INVISIBLE_REP_LEGAUX,
      change: flags.MODIF_CONF_CODE,
    },
    secretConnection: flags.CONNEXION_SECRETE,
    identity: { status: patient.status, evidenceDate: null, method: 'PID-32' },
    consent: sender.policy.consent ?? null,
    stay: readStay({ pid: parts.pid, pv1: parts.pv1, structures }, establishment, remarks),
    exam: null,
    requester: participants.requester,
    replyTo: participants.replyTo,
    bodies: metadata.bodies,
    notices: { reception: flags.ACK_RECEPTION, reading: flags.ACK_LECTURE_MSS },
    hold: null,
  };
}
