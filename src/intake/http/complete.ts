import { type Static, Type } from 'typebox';
import { routingError } from '../../routing/errors.ts';
import type { Sender } from '../../words/establishment.ts';
import {
  ExamReferenceSchema,
  IdentitySchema,
  StayReferenceSchema,
  type SubmissionRequest,
  SubmissionRequestSchema,
  VisibilitySchema,
} from '../../words/request.ts';
import { intakeError } from '../errors.ts';
import { checkTimes } from '../times.ts';

const members = SubmissionRequestSchema.properties;
const closed = { additionalProperties: false };

/** What an HTTP request may say of a submission; what it leaves out comes from the sender's policy or means "nothing". */
export const RequestInputSchema = Type.Object(
  {
    operation: Type.Optional(members.operation),
    destinations: Type.Optional(Type.Partial(members.destinations, closed)),
    visibility: Type.Optional(Type.Partial(VisibilitySchema, closed)),
    secretConnection: Type.Optional(Type.Boolean()),
    identity: Type.Optional(Type.Partial(IdentitySchema, closed)),
    consent: Type.Optional(members.consent),
    stay: Type.Optional(Type.Union([Type.Partial(StayReferenceSchema, closed), Type.Null()])),
    exam: Type.Optional(Type.Union([Type.Partial(ExamReferenceSchema, closed), Type.Null()])),
    requester: Type.Optional(members.requester),
    replyTo: Type.Optional(members.replyTo),
    bodies: Type.Optional(Type.Partial(members.bodies, closed)),
    notices: Type.Optional(Type.Partial(members.notices, closed)),
    hold: Type.Optional(members.hold),
  },
  closed,
);

export type RequestInput = Static<typeof RequestInputSchema>;

/**
 * A request with every member, from what was said and what the sender's policy declares once for all.
 * @throws ViaducError `request.member-missing` naming the first member that neither says, `request.malformed`, `routing.no-destination`
 */
export function completeRequest(said: RequestInput, sender: Sender): SubmissionRequest {
  const request: SubmissionRequest = {
    operation: said.operation ?? 'deposit',
    destinations: destinations(said, sender),
    visibility: visibility(said, sender),
    secretConnection: said.secretConnection ?? false,
    identity: identity(said, sender),
    consent: said.consent ?? sender.policy.consent ?? null,
    stay: stay(said),
    exam: exam(said),
    requester: said.requester ?? null,
    replyTo: said.replyTo ?? null,
    bodies: { professional: null, patient: null, ...said.bodies },
    notices: { reception: false, reading: false, ...said.notices },
    hold: said.hold ?? null,
  };
  checkTimes(request);
  return request;
}

function destinations(
  { destinations: said }: RequestInput,
  sender: Sender,
): SubmissionRequest['destinations'] {
  const declared = said ?? sender.policy.destinations;
  if (!declared) throw routingError('routing.no-destination');
  return { dmp: false, mssante: [], patient: false, patientMayAnswer: false, ...declared };
}

function visibility({ visibility: said }: RequestInput, sender: Sender): SubmissionRequest['visibility'] {
  const all = { ...sender.policy.visibility, ...said };
  const need = (flag: 'maskedToProfessionals' | 'hiddenFromPatient' | 'hiddenFromRepresentatives') =>
    all[flag] ?? missing(`visibility.${flag}`, sender);
  return {
    maskedToProfessionals: need('maskedToProfessionals'),
    hiddenFromPatient: need('hiddenFromPatient'),
    hiddenFromRepresentatives: need('hiddenFromRepresentatives'),
    change: said?.change ?? false,
  };
}

function identity({ identity: said }: RequestInput, sender: Sender): SubmissionRequest['identity'] {
  if (said?.status) return { evidenceDate: null, method: null, ...said, status: said.status };
  if (sender.policy.identity === 'qualified-only')
    return { evidenceDate: null, ...said, status: 'QUAL', method: 'sender-policy' };
  return missing('identity.status', sender);
}

function stay({ stay: said }: RequestInput): SubmissionRequest['stay'] {
  if (!said) return null;
  if (!said.finessEg)
    throw intakeError('request.malformed', {
      where: 'stay.finessEg',
      what: {
        fr: 'manque : un séjour est connu par son site',
        en: 'is missing: a stay is known by its site',
      },
    });
  return {
    number: null,
    visit: null,
    class: null,
    admittedAt: null,
    dischargedAt: null,
    ...said,
    finessEg: said.finessEg,
  };
}

function exam({ exam: said }: RequestInput): SubmissionRequest['exam'] {
  if (!said) return null;
  const { kind, id } = said;
  if (!kind || !id)
    throw intakeError('request.malformed', {
      where: 'exam',
      what: { fr: 'doit avoir kind et id', en: 'needs kind and id' },
    });
  return { accession: null, studyUid: null, ...said, kind, id };
}

function missing(member: string, sender: Sender): never {
  throw intakeError('request.member-missing', { member, sender: sender.id });
}
