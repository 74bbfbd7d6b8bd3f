import { type Static, Type } from 'typebox';
import { reasonText } from './reason.ts';

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const closed = { additionalProperties: false };

export const VisibilitySchema = Type.Object(
  {
    maskedToProfessionals: Type.Boolean({ description: 'MASQUE_PS' }),
    hiddenFromPatient: Type.Boolean({ description: 'INVISIBLE_PATIENT' }),
    hiddenFromRepresentatives: Type.Boolean({ description: 'INVISIBLE_REPRESENTANTS_LEGAUX' }),
    change: Type.Boolean({
      description: 'a replacement that changes the flags on purpose (MODIF_CONF_CODE)',
    }),
  },
  closed,
);

export const IdentitySchema = Type.Object(
  {
    status: Type.Union(
      [Type.Literal('PROV'), Type.Literal('RECUP'), Type.Literal('VALI'), Type.Literal('QUAL')],
      {
        description: 'identity status of the patient (RNIV)',
      },
    ),
    evidenceDate: nullable(Type.String({ description: 'date of the INSi query, ISO 8601' })),
    method: nullable(
      Type.String({
        maxLength: 32,
        description: 'how the status was obtained, such as INSI or sender-policy',
      }),
    ),
  },
  closed,
);

export const StayReferenceSchema = Type.Object(
  {
    finessEg: Type.String({ pattern: '^[0-9A-Z]{9}$', description: 'geographic FINESS' }),
    number: nullable(Type.String({ maxLength: 64, description: 'administrative file number (PID-18)' })),
    visit: nullable(Type.String({ maxLength: 64, description: 'visit number (PV1-19)' })),
    class: nullable(Type.String({ maxLength: 4, description: 'patient class (PV1-2)' })),
    admittedAt: nullable(Type.String({ description: 'ISO 8601' })),
    dischargedAt: nullable(Type.String({ description: 'ISO 8601' })),
  },
  closed,
);

export const ExamReferenceSchema = Type.Object(
  {
    kind: Type.Union([Type.Literal('BIO'), Type.Literal('IMG')]),
    id: Type.String({ maxLength: 128 }),
    accession: nullable(Type.String({ maxLength: 128 })),
    studyUid: nullable(Type.String({ maxLength: 128 })),
  },
  closed,
);

const RecipientSchema = Type.Object(
  {
    address: Type.String({ maxLength: 254 }),
    class: Type.Union([Type.Literal('professional'), Type.Literal('organization'), Type.Literal('patient')]),
    id: nullable(Type.String({ maxLength: 64 })),
  },
  closed,
);

const DestinationsSchema = Type.Object(
  {
    dmp: Type.Boolean(),
    mssante: Type.Array(RecipientSchema, { maxItems: 50 }),
    patient: Type.Boolean({ description: "to the patient's MSSanté box" }),
    patientMayAnswer: Type.Boolean(),
  },
  closed,
);

/** Who asks for the sending: PRT "SB" in HL7 v2. */
const RequesterSchema = Type.Object(
  {
    person: nullable(
      Type.Object(
        {
          id: Type.String({ maxLength: 64 }),
          family: Type.String(),
          given: Type.String(),
          specialty: nullable(Type.String()),
        },
        closed,
      ),
    ),
    device: nullable(Type.Object({ id: Type.String({ maxLength: 64 }), name: Type.String() }, closed)),
    structure: nullable(Type.Object({ id: Type.String({ maxLength: 64 }), name: Type.String() }, closed)),
  },
  closed,
);

const HoldSchema = Type.Object(
  {
    reason: reasonText(200),
    until: Type.String({ description: 'ISO 8601' }),
    atEnd: Type.Optional(
      Type.Union([Type.Literal('release'), Type.Literal('escalate')], {
        description: 'at its date: leave by itself (default), or wait for a person',
      }),
    ),
  },
  closed,
);

/**
 * What every door fills: one request by a sender about one document, or two in an ORU (design.md, "The request").
 * Times are ISO 8601 with an offset. `null` says that the sender gave nothing.
 */
export const SubmissionRequestSchema = Type.Object(
  {
    operation: Type.Union([Type.Literal('deposit'), Type.Literal('replace'), Type.Literal('delete')]),
    destinations: DestinationsSchema,
    visibility: VisibilitySchema,
    secretConnection: Type.Boolean(),
    identity: IdentitySchema,
    consent: nullable(
      Type.Union(
        [Type.Literal('informed-without-opposition'), Type.Literal('opposed'), Type.Literal('not-collected')],
        {
          description: 'opposition to the feeding of the DMP: ZFA-9 INO, IO, NA',
        },
      ),
    ),
    stay: nullable(StayReferenceSchema),
    exam: nullable(ExamReferenceSchema),
    requester: nullable(RequesterSchema),
    replyTo: nullable(Type.String({ maxLength: 254 })),
    bodies: Type.Object(
      {
        professional: nullable(Type.String({ maxLength: 20_000 })),
        patient: nullable(Type.String({ maxLength: 20_000 })),
      },
      { ...closed, description: 'texts of the MSSanté mails' },
    ),
    notices: Type.Object({ reception: Type.Boolean(), reading: Type.Boolean() }, closed),
    hold: nullable(HoldSchema),
  },
  closed,
);

export type SubmissionRequest = Static<typeof SubmissionRequestSchema>;
export type Operation = SubmissionRequest['operation'];
export type Visibility = SubmissionRequest['visibility'];
/** What a document may be hidden from, without the announcement of a change. */
export type VisibilityFlags = Omit<Visibility, 'change'>;

export const VISIBILITY_FLAGS = [
  'maskedToProfessionals',
  'hiddenFromPatient',
  'hiddenFromRepresentatives',
] as const satisfies readonly (keyof VisibilityFlags)[];

export function sameVisibility(one: VisibilityFlags, other: VisibilityFlags): boolean {
  return VISIBILITY_FLAGS.every((flag) => one[flag] === other[flag]);
}

export type RequestIdentity = SubmissionRequest['identity'];
export type StayReference = Static<typeof StayReferenceSchema>;
export type ExamReference = Static<typeof ExamReferenceSchema>;
export type MssanteRecipient = Static<typeof RecipientSchema>;

/** The doors a submission can come through. */
export type Door = 'http' | 'mllp' | 'fhir' | 'mailbox';
