import { type Static, Type } from 'typebox';
import { reasonText } from '../words/reason.ts';
import { AlarmsSchema } from './alarms/config.ts';
import { MssanteSchema } from './mssante-schema.ts';
import { RetentionSchema } from './retention-config.ts';
import { WitnessSchema } from './witnesses/config.ts';

const closed = { additionalProperties: false };
const port = Type.Integer({ minimum: 0, maximum: 65535 });
const optional = <T extends Type.TSchema>(schema: T) => Type.Optional(schema);
const finess = Type.String({ pattern: '^[0-9A-Z]{9}$' });
const name = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' });
const oid = Type.String({ pattern: '^[0-2](\\.(0|[1-9][0-9]*))+$', maxLength: 64 });

const Tls = Type.Object(
  {
    certificate: Type.String({ description: 'file, PEM' }),
    key: Type.String({ description: 'file, PEM' }),
    passphraseFile: optional(Type.String()),
    clientAuthorities: optional(
      Type.String({ description: 'file, PEM: clients must show a certificate of these authorities' }),
    ),
  },
  closed,
);

const Http = Type.Object(
  {
    host: optional(Type.String()),
    port: optional(port),
    tls: optional(Tls),
    behindProxy: optional(Type.Boolean({ description: 'a proxy in front terminates TLS' })),
    requestsPerMinute: optional(Type.Integer({ minimum: 1 })),
  },
  closed,
);

const Mllp = Type.Object(
  {
    host: optional(Type.String()),
    port: optional(Type.Union([port, Type.Null()], { description: 'without TLS; null opens none' })),
    tls: optional(Type.Object({ ...Tls.properties, port: optional(port) }, closed)),
    protectedNetwork: optional(
      Type.Boolean({ description: 'plain connections from other machines cross a protected network only' }),
    ),
    receivers: optional(
      Type.Array(
        Type.Object(
          { application: Type.String(), facility: optional(Type.String()) },
          { ...closed, description: 'MSH-5 and MSH-6 of messages for this gateway' },
        ),
      ),
    ),
    idleSeconds: optional(Type.Integer({ minimum: 1 })),
    frameSeconds: optional(Type.Integer({ minimum: 1 })),
    closedMail: optional(
      Type.Union([Type.Literal('refuse'), Type.Literal('later'), Type.Literal('leave-out')]),
    ),
    profiles: optional(Type.String({ description: 'folder of sender profiles' })),
  },
  closed,
);

const SenderMllp = Type.Object(
  {
    application: optional(Type.String({ description: 'MSH-3' })),
    facility: optional(Type.String({ description: 'MSH-4' })),
    addresses: optional(Type.Array(Type.String({ description: 'address or network' }))),
    certificate: optional(Type.String({ description: 'SHA-256 fingerprint or common name' })),
    profile: optional(Type.String({ description: 'file of profiles/senders, by its id' })),
  },
  closed,
);

const Establishment = Type.Object(
  {
    id: name,
    name: Type.String(),
    finessEj: finess,
    sector: Type.String({ pattern: '^SA[0-9]{2}$' }),
    zone: optional(Type.String()),
    ippRoot: optional(oid),
    sites: Type.Array(Type.Object({ finessEg: finess, name: Type.String() }, closed)),
    consentNotCollected: optional(
      Type.Union([Type.Literal('deposit'), Type.Literal('hold'), Type.Literal('refuse')], {
        description:
          'documents for the DMP while it is not known whether the patient opposes; to be chosen in production',
      }),
    ),
    closedDmpHours: optional(
      Type.Number({
        ...{ minimum: 0, maximum: 8760 },
        description:
          'how long a message that says the DMP is closed or does not exist (ZFA-1) spares the call',
      }),
    ),
  },
  closed,
);

const Policy = Type.Object(
  {
    visibility: optional(
      Type.Object(
        {
          maskedToProfessionals: Type.Boolean(),
          hiddenFromPatient: Type.Boolean(),
          hiddenFromRepresentatives: Type.Boolean(),
        },
        closed,
      ),
    ),
    identity: optional(Type.Literal('qualified-only')),
    consent: optional(Type.Literal('informed-without-opposition')),
    destinations: optional(Type.Object({ dmp: Type.Boolean() }, closed)),
    mailMatrix: optional(
      Type.Union([Type.Literal('strict'), Type.Literal('lenient')], {
        description: 'matrix of MSSanté that judges its flags (profiles/mssante/matrix.yaml)',
      }),
    ),
    unchanged: optional(Type.Union([Type.Literal('warn'), Type.Literal('refuse')])),
    historicAfterDays: optional(
      Type.Number({
        minimum: 0,
        description: 'age of documents from which their deposits leave in the historic lane',
      }),
    ),
    rules: optional(
      Type.Object(
        {
          packs: optional(Type.Array(Type.String({ description: 'pack allowed, by id' }))),
          editions: optional(Type.Array(Type.String({ description: 'edition allowed, such as 2024.01' }))),
          mode: optional(Type.Union([Type.Literal('observe'), Type.Literal('enforce')])),
          notEvaluated: optional(Type.Union([Type.Literal('accept'), Type.Literal('refuse')])),
        },
        closed,
      ),
    ),
  },
  closed,
);

const NoticeTls = Type.Object(
  {
    authorities: optional(Type.String({ description: 'file, PEM; those of the system when absent' })),
    certificate: optional(Type.String({ description: 'file, PEM: for a mutual connection' })),
    key: optional(Type.String({ description: 'file, PEM' })),
    passphraseFile: optional(Type.String()),
    serverName: optional(
      Type.String({ description: 'name that its certificate bears; the host when absent' }),
    ),
  },
  closed,
);

const NoticeEndpoint = Type.Object(
  {
    host: Type.String(),
    port: Type.Integer({ minimum: 1, maximum: 65535 }),
    charset: optional(Type.Union([Type.Literal('utf-8'), Type.Literal('iso-8859-15')])),
    tls: optional(NoticeTls),
  },
  { ...closed, description: 'MLLP server of the sender, to which ZAM messages go' },
);

const Notices = Type.Object(
  {
    schedule: optional(Type.String()),
    answerSeconds: optional(Type.Integer({ minimum: 1, maximum: 600 })),
    parkAfterHours: optional(Type.Number({ exclusiveMinimum: 0 })),
  },
  closed,
);

const Sender = Type.Object(
  {
    id: name,
    establishment: name,
    structures: Type.Union([Type.Array(Type.String()), Type.Literal('*')]),
    policy: optional(Policy),
    notices: optional(NoticeEndpoint),
    site: optional(finess),
    expectEveryMinutes: optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 44_640,
        description: 'longest silence that is normal; beyond, an alarm',
      }),
    ),
    tokenFile: optional(Type.String({ description: 'file that holds the bearer token of this sender' })),
    mllp: optional(SenderMllp),
  },
  closed,
);

const Schedules = Type.Object(
  { retry: optional(Type.String()), outage: optional(Type.String()), doubt: optional(Type.String()) },
  closed,
);

const Credential = Type.Union(
  [
    Type.Object(
      {
        certificate: Type.String({ description: 'file, PEM, with those above it' }),
        key: Type.String({ description: 'file, PEM' }),
        passphraseFile: optional(Type.String()),
      },
      closed,
    ),
    Type.Object(
      { pkcs12: Type.String({ description: 'file, PKCS#12' }), passphraseFile: optional(Type.String()) },
      closed,
    ),
  ],
  { description: 'a certificate of IGC-Santé and its key' },
);

const Digest = Type.Union([Type.Literal('sha256'), Type.Literal('sha1')]);

const Revocation = Type.Object(
  {
    mode: optional(Type.Union([Type.Literal('off'), Type.Literal('soft'), Type.Literal('hard')])),
    lists: optional(Type.Array(Type.String({ description: 'file or address of a list, DER or PEM' }))),
    ocsp: optional(Type.Boolean()),
    graceHours: optional(Type.Number({ minimum: 0, maximum: 8760 })),
  },
  { ...closed, description: 'whether the certificate of the DMP server was revoked' },
);

const Role = Type.Object(
  { code: Type.String({ minLength: 1 }), system: oid, label: Type.String() },
  { ...closed, description: 'a code of JDV_J65-SubjectRole-DMP' },
);

const RoleRow = Type.Object(
  {
    requester: Type.String({
      ...{ minLength: 1 },
      description:
        'specialty as it comes with requests, code^OID; or person: those whose specialty says nothing',
    }),
    roles: Type.Array(Role, { minItems: 1, maxItems: 2 }),
  },
  closed,
);

const Dmp = Type.Object(
  {
    mode: optional(
      Type.Union([Type.Literal('INDIRECTE'), Type.Literal('INDIRECTE_RENFORCEE'), Type.Literal('DIRECTE')]),
    ),
    roles: optional(Type.Array(RoleRow)),
    revocation: optional(Revocation),
    anchors: optional(
      Type.String({
        description: 'file, PEM: authorities that certify the server of the DMP, and no others',
      }),
    ),
    credentials: optional(
      Type.Array(
        Type.Object(
          { finess: Type.String({ pattern: '^[0-9A-Z]{9}$' }), client: Credential, seal: Credential },
          { ...closed, description: 'certificates of a legal entity or of a site' },
        ),
      ),
    ),
    vihf: optional(
      Type.Object(
        {
          version: optional(Type.Union([Type.Literal('3.0'), Type.Literal('4.0')])),
          modeAttribute: optional(
            Type.Union([Type.Literal('Authentification_Mode'), Type.Literal('Authentification_mode')]),
          ),
          digest: optional(Digest),
          authnContext: optional(Type.String()),
        },
        closed,
      ),
    ),
    signatureDigest: optional(Digest),
    url: optional(
      Type.String({ description: 'base address of the services, without the path of a transaction' }),
    ),
    valueSets: optional(
      Type.Array(
        Type.String({ description: 'file or folder of value sets that the ANS publishes for the DMP' }),
      ),
    ),
    precheck: optional(
      Type.Union([Type.Literal('never'), Type.Literal('before-deposit'), Type.Literal('cached')]),
    ),
    timeoutSeconds: optional(Type.Integer({ minimum: 1, maximum: 290 })),
    concurrency: optional(
      Type.Integer({ minimum: 1, maximum: 256, description: 'deliveries of a structure under way at once' }),
    ),
    perMinute: optional(
      Type.Integer({
        minimum: 1,
        description: 'attempts of a structure begun in a minute; no limit when absent',
      }),
    ),
    failuresToOpen: optional(
      Type.Integer({
        minimum: 1,
        maximum: 1000,
        description: 'contacts in a row after which the DMP is down',
      }),
    ),
    schedules: optional(Schedules),
  },
  closed,
);

const HoldRule = Type.Object(
  {
    establishment: optional(name),
    sender: optional(name),
    type: optional(Type.String({ maxLength: 64, description: 'type code of a document' })),
    unit: optional(
      Type.String({
        maxLength: 64,
        description: 'code of the responsible unit of the stay, or FINESS of its site',
      }),
    ),
    reason: reasonText(200),
    for: optional(Type.String({ description: 'from the arrival on, such as 2d' })),
    until: optional(Type.String({ description: 'ISO 8601 with offset; after it the rule holds nothing' })),
    atEnd: optional(Type.Union([Type.Literal('release'), Type.Literal('escalate')])),
  },
  { ...closed, description: 'what is held when it arrives' },
);

const Sandbox = Type.Object(
  {
    dmpPort: optional(port),
    start: optional(Type.Boolean()),
    mail: optional(Type.Boolean({ description: 'whether it has an operator of MSSanté too' })),
    smtpPort: optional(port),
    certificates: optional(
      Type.String({
        description: 'folder of the certificates made for the sandbox; in the data folder when absent',
      }),
    ),
  },
  closed,
);

const Product = Type.Object(
  {
    name: Type.String(),
    version: Type.String(),
    homologation: optional(
      Type.String({ description: 'file that holds the number of homologation with the DMP, a secret' }),
    ),
    nil: optional(Type.String({ description: 'reference of the product in MSSanté (X-MSS-NIL)' })),
  },
  { ...closed, description: 'the product as homologated' },
);

const LogLevel = Type.Union(
  (['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const).map((level) =>
    Type.Literal(level),
  ),
);

/** `viaduc.yaml`. Every member may be left out; docs/operations.md gives the defaults. */
export const ConfigSchema = Type.Object(
  {
    environment: optional(
      Type.Union([Type.Literal('sandbox'), Type.Literal('test'), Type.Literal('production')]),
    ),
    data: optional(Type.String({ description: 'data folder' })),
    keyFile: optional(Type.String({ description: 'outside the data folder' })),
    witnesses: optional(Type.Array(WitnessSchema)),
    oidRoot: optional(Type.String({ pattern: '^[0-2](\\.(0|[1-9][0-9]*))+$', maxLength: 34 })),
    product: optional(Product),
    http: optional(Http),
    mllp: optional(Mllp),
    establishments: optional(Type.Array(Establishment, { minItems: 1 })),
    senders: optional(Type.Array(Sender)),
    packs: optional(Type.Array(Type.String({ description: 'folder of a rule pack' }))),
    ownPack: optional(
      Type.Union([Type.Literal('otherwise'), Type.Literal('always'), Type.Literal('never')], {
        description: 'when the pack of the project itself judges; otherwise: while no other pack is in force',
      }),
    ),
    cache: optional(Type.String({ description: 'folder for compiled rules; may be emptied at any time' })),
    checks: optional(
      Type.Object(
        {
          workers: optional(Type.Integer({ minimum: 1, maximum: 64 })),
          budgetSeconds: optional(Type.Number({ exclusiveMinimum: 0 })),
          packProblems: optional(
            Type.Union([Type.Literal('refuse'), Type.Literal('report-missing'), Type.Literal('report')]),
          ),
        },
        closed,
      ),
    ),
    holds: optional(Type.Array(HoldRule)),
    dmp: optional(Dmp),
    mssante: optional(MssanteSchema),
    ntp: optional(
      Type.Object(
        { host: Type.String({ minLength: 1 }), port: optional(port) },
        { ...closed, description: 'server of time that the clock of the machine is compared with' },
      ),
    ),
    notices: optional(Notices),
    retention: optional(RetentionSchema),
    alarms: optional(AlarmsSchema),
    sandbox: optional(Sandbox),
    log: optional(Type.Object({ level: optional(LogLevel) }, closed)),
  },
  closed,
);

export type ConfigFile = Static<typeof ConfigSchema>;
