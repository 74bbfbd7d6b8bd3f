import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false };
const either = <const A extends string, const B extends string>(first: A, second: B, description: string) =>
  Type.Union([Type.Literal(first), Type.Literal(second)], { description });
const errorCode = (description: string) => Type.String({ minLength: 1, maxLength: 128, description });

/** Both are found in sources (sheet dmp-xds, 4.2). */
export const MODE_SPELLINGS = ['Authentification_Mode', 'Authentification_mode'] as const;

const ErrorCodesSchema = Type.Object(
  {
    patientClosed: errorCode('the DMP of the patient is closed'),
    patientAbsent: errorCode('the patient has no DMP'),
    lotKnown: errorCode('the uniqueId of the lot was used before'),
    documentKnown: errorCode('same document, same bytes, another lot'),
    documentTooLarge: errorCode('the document is larger than maxDocumentBytes'),
    authorNotCaller: errorCode('the structure of the VIHF is no author of the document'),
    codeUnknown: errorCode('a code that is in no list'),
  },
  { ...closed, description: 'RegistryError/@errorCode of cases for which the real code is not known' },
);

/** What the simulator does where the behaviour of the national DMP is not known for sure (specification sheet, 20). */
export const SwitchesSchema = Type.Object(
  {
    unknownCodes: either('refuse', 'accept', 'codes that our own lists do not hold'),
    maskedAndHidden: either('refuse', 'accept', 'MASQUE_PS with INVISIBLE_PATIENT on a clinical document'),
    sameDocument: either('duplicate-error', 'silent-duplicate', 'same document, same bytes, another lot'),
    unlistedPatients: either('open', 'absent', 'an INS that is not in the list of patients'),
    traits: either('refuse', 'accept', 'traits that are not those of a listed patient'),
    signature: either('optional', 'required', 'the signature object of the lot'),
    vihf: either(
      'optional',
      'required',
      'the VIHF of every request; it is judged where there are certificates',
    ),
    vihfVersions: Type.Array(Type.Union([Type.Literal('3.0'), Type.Literal('4.0')]), {
      description: 'values of VIHF_Version that are taken',
    }),
    vihfSeconds: Type.Integer({
      minimum: 1,
      description: 'how far IssueInstant may be from the clock here, in seconds',
    }),
    lotDays: Type.Integer({
      minimum: 1,
      description: 'how old submissionTime and SigningTime of a lot may be, in days',
    }),
    vihfReuse: either('refuse', 'accept', 'a VIHF whose ID was used before'),
    modeSpellings: Type.Array(
      Type.Union([Type.Literal(MODE_SPELLINGS[0]), Type.Literal(MODE_SPELLINGS[1])]),
      {
        description: 'names of the attribute Authentification_Mode that are taken',
      },
    ),
    secretConnection: either(
      'hidden-only',
      'any',
      'documents of a secret connection: INVISIBLE_REPRESENTANTS_LEGAUX, or any',
    ),
    hashAndSize: either('optional', 'required', 'hash and size of a document entry'),
    sourcePatientInfo: either('optional', 'required', 'sourcePatientInfo of a document entry'),
    uuidOids: either('accept', 'refuse', 'uniqueIds that are a UUID as an OID, below 2.25'),
    issuerOrder: either('any', 'last-first', 'order of the parts of Issuer'),
    digests: Type.Array(Type.Union([Type.Literal('sha1'), Type.Literal('sha256')]), {
      description: 'digests of signatures that are taken',
    }),
    loginHours: Type.Integer({
      minimum: 1,
      description: 'how long ago AuthnInstant, the local login, may be, in hours',
    }),
    automateNameId: either('any', 'job', 'NameID of an AUTOMATE: a professional too, or a job alone'),
    homologatedProducts: Type.Array(Type.String(), {
      maxItems: 64,
      description: 'LPS_Nom, a blank and LPS_Version of the products that are known; none for any',
    }),
    homologations: Type.Array(Type.String(), {
      maxItems: 64,
      description: 'numbers of homologation that are known',
    }),
    manifest: either('verify', 'ignore', 'digests of the documents in the signature of the lot'),
    replyTo: either('optional', 'required', 'the header wsa:ReplyTo'),
    actionMustUnderstand: either('optional', 'required', 'mustUnderstand on wsa:Action'),
    deprecatedInQueries: either('hide', 'show', 'replaced documents in the answer to TD3.1b'),
    contents: either('header', 'whole', 'how much of a CDA is parsed: its header, or its body too'),
    insRoots: Type.Array(Type.String({ pattern: '^[0-9.]+$' }), {
      maxItems: 16,
      description: 'OIDs under which a patientId counts as an INS',
    }),
    maxDocumentBytes: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], {
      description: 'greatest document, in bytes; null for no limit but that of the message',
    }),
    errorCodes: ErrorCodesSchema,
  },
  closed,
);

export type Switches = Static<typeof SwitchesSchema>;
export type BusinessCase = keyof Switches['errorCodes'];

/** Some of the switches: what a person changes. */
export const SwitchChangesSchema = Type.Partial(
  Type.Object({ ...SwitchesSchema.properties, errorCodes: Type.Partial(ErrorCodesSchema, closed) }),
  closed,
);

export type SwitchChanges = Static<typeof SwitchChangesSchema>;

export const DEFAULT_SWITCHES: Switches = {
  unknownCodes: 'refuse',
  maskedAndHidden: 'refuse',
  sameDocument: 'duplicate-error',
  unlistedPatients: 'open',
  traits: 'refuse',
  signature: 'optional',
  vihf: 'required',
  vihfVersions: ['3.0', '4.0'],
  vihfSeconds: 300,
  lotDays: 365,
  vihfReuse: 'refuse',
  modeSpellings: [...MODE_SPELLINGS],
  secretConnection: 'hidden-only',
  hashAndSize: 'optional',
  sourcePatientInfo: 'optional',
  uuidOids: 'accept',
  issuerOrder: 'any',
  digests: ['sha1', 'sha256'],
  loginHours: 24,
  automateNameId: 'any',
  homologatedProducts: [],
  homologations: ['VIADUC-SANDBOX'],
  manifest: 'verify',
  replyTo: 'optional',
  actionMustUnderstand: 'required',
  deprecatedInQueries: 'hide',
  contents: 'header',
  insRoots: ['8', '9', '10', '11'].map((arc) => `1.2.250.1.213.1.4.${arc}`),
  maxDocumentBytes: null,
  errorCodes: {
    patientClosed: 'DMPClosed',
    patientAbsent: 'XDSUnknownPatientId',
    lotKnown: 'XDSDuplicateUniqueIdInRegistry',
    documentKnown: 'XDSRegistryMetadataError',
    documentTooLarge: 'InvalidDocumentContent',
    authorNotCaller: 'XDSRegistryMetadataError',
    codeUnknown: 'XDSRegistryMetadataError',
  },
};

/** The switches after a change; members that the change does not name stay. */
export function changed(switches: Switches, changes: SwitchChanges): Switches {
  return { ...switches, ...changes, errorCodes: { ...switches.errorCodes, ...changes.errorCodes } };
}
