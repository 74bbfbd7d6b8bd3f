import { type Static, Type } from 'typebox';
import type { HoldEnd } from '../../words/hold.ts';
import { intakeError } from '../errors.ts';
import type { RequestInput } from './complete.ts';

const text = (description: string, more: Type.TSchemaOptions = {}) =>
  Type.Optional(Type.String({ description, maxLength: 255, ...more }));
const flag = (description: string) =>
  Type.Optional(Type.Union([Type.Literal('true'), Type.Literal('false')], { description }));

/** What may be said in the address when the body is the bare document. Never traits: addresses end up in logs. */
export const SubmissionQuerySchema = Type.Object(
  {
    establishment: text('establishment, when the token is good for several'),
    sender: text('sender to act as, when the token is not bound to one'),
    to: text("destinations, separated by commas: 'dmp', and 'patient' for the patient's MSSanté box"),
    operation: text('deposit (default), replace or delete', { enum: ['deposit', 'replace', 'delete'] }),
    maskedToProfessionals: flag('MASQUE_PS'),
    hiddenFromPatient: flag('INVISIBLE_PATIENT'),
    hiddenFromRepresentatives: flag('INVISIBLE_REPRESENTANTS_LEGAUX'),
    changeVisibility: flag('a replacement that changes the flags on purpose'),
    secretConnection: flag('secret connection of a minor'),
    identity: text('identity status', { enum: ['PROV', 'RECUP', 'VALI', 'QUAL'] }),
    consent: text('opposition to feeding the DMP', {
      enum: ['informed-without-opposition', 'opposed', 'not-collected'],
    }),
    site: text('geographic FINESS of the stay'),
    stay: text('administrative file number of the stay'),
    visit: text('visit number'),
    class: text('patient class: I, O, E, R or N'),
    admittedAt: text('ISO 8601'),
    dischargedAt: text('ISO 8601'),
    examKind: text('BIO or IMG', { enum: ['BIO', 'IMG'] }),
    exam: text('exam identifier'),
    accession: text('accession number'),
    studyUid: text('DICOM study instance UID'),
    holdUntil: text('ISO 8601: nothing leaves before'),
    holdReason: text('why it is held'),
    holdAtEnd: text('at that date: release (default) or escalate', { enum: ['release', 'escalate'] }),
  },
  { additionalProperties: false },
);

export type SubmissionQuery = Static<typeof SubmissionQuerySchema>;

/** The members of a request that the address gives. */
export function fromQuery(query: SubmissionQuery): RequestInput {
  return {
    ...(query.operation ? { operation: query.operation as 'deposit' | 'replace' | 'delete' } : {}),
    ...(query.to === undefined ? {} : { destinations: destinations(query.to) }),
    ...some('visibility', {
      maskedToProfessionals: truth(query.maskedToProfessionals),
      hiddenFromPatient: truth(query.hiddenFromPatient),
      hiddenFromRepresentatives: truth(query.hiddenFromRepresentatives),
      change: truth(query.changeVisibility),
    }),
    ...(query.secretConnection ? { secretConnection: query.secretConnection === 'true' } : {}),
    ...some('identity', { status: query.identity }),
    ...(query.consent ? { consent: query.consent as RequestInput['consent'] } : {}),
    ...some('stay', {
      finessEg: query.site,
      number: query.stay,
      visit: query.visit,
      class: query.class,
      admittedAt: query.admittedAt,
      dischargedAt: query.dischargedAt,
    }),
    ...some('exam', {
      kind: query.examKind,
      id: query.exam,
      accession: query.accession,
      studyUid: query.studyUid,
    }),
    ...hold(query),
  } as RequestInput;
}

function destinations(to: string): RequestInput['destinations'] {
  const asked = to.split(',').map((one) => one.trim());
  const unknown = asked.find((one) => one !== 'dmp' && one !== 'patient');
  if (unknown !== undefined)
    throw intakeError('request.malformed', {
      where: 'to',
      what: {
        fr: `nomme « ${unknown.slice(0, 40)} », qui n'est pas une destination`,
        en: `names '${unknown.slice(0, 40)}', which is no destination`,
      },
    });
  return { dmp: asked.includes('dmp'), ...(asked.includes('patient') && { patient: true }) };
}

function truth(value: 'true' | 'false' | undefined): boolean | undefined {
  return value === undefined ? undefined : value === 'true';
}

/** A member with those of its parts that were given, or nothing when none was. */
function some(member: string, parts: Record<string, string | boolean | undefined>): Record<string, unknown> {
  const given = Object.entries(parts).filter(([, value]) => value !== undefined);
  return given.length > 0 ? { [member]: Object.fromEntries(given) } : {};
}

function hold({ holdUntil, holdReason, holdAtEnd }: SubmissionQuery): RequestInput {
  if (holdUntil === undefined && holdReason === undefined && holdAtEnd === undefined) return {};
  if (holdUntil === undefined || holdReason === undefined)
    throw intakeError('request.malformed', {
      where: 'hold',
      what: { fr: 'doit avoir holdUntil et holdReason', en: 'needs holdUntil and holdReason' },
    });
  const atEnd = holdAtEnd === undefined ? {} : { atEnd: holdAtEnd as HoldEnd };
  return { hold: { until: holdUntil, reason: holdReason, ...atEnd } };
}
