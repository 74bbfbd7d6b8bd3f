import { Type } from 'typebox';

const closed = { additionalProperties: false };
const optional = <T extends Type.TSchema>(schema: T) => Type.Optional(schema);
const name = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' });
const texts = (description: string) =>
  optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1, description }));

const Auth = Type.Union(
  [
    Type.Object({ kind: Type.Literal('none'), user: optional(Type.String()) }, closed),
    Type.Object({ kind: Type.Literal('password'), user: Type.String(), passwordFile: Type.String() }, closed),
    Type.Object(
      {
        kind: Type.Literal('oauth2'),
        user: Type.String(),
        tokenUrl: Type.String({ description: 'https address of the authorisation server' }),
        clientId: Type.String(),
        clientSecretFile: Type.String(),
        scope: optional(Type.String()),
        authorities: optional(
          Type.String({ description: 'file, PEM: who certifies the authorisation server' }),
        ),
      },
      closed,
    ),
  ],
  { description: 'how the mailbox is entered once TLS stands; none: by its certificate alone' },
);

const server = {
  host: Type.String({ minLength: 1 }),
  port: Type.Integer({ minimum: 1, maximum: 65535 }),
  tls: optional(
    Type.Union([Type.Literal('starttls'), Type.Literal('implicit'), Type.Literal('none')], {
      description: 'none: on loopback only',
    }),
  ),
  authorities: optional(Type.String({ description: 'file, PEM: who certifies the server (IGC-Santé)' })),
  certificate: optional(Type.String({ description: 'file, PEM: client certificate of the mailbox' })),
  key: optional(Type.String({ description: 'file, PEM' })),
  passphraseFile: optional(Type.String()),
  serverName: optional(Type.String({ description: 'name that its certificate bears; the host when absent' })),
  auth: optional(Auth),
};

const Consumer = Type.Object(
  {
    sender: Type.String({ description: 'id of the sender that takes them, at the address of its notices' }),
    application: optional(Type.String({ minLength: 1, description: 'MSH-5; that of its own messages' })),
    facility: optional(Type.String({ minLength: 1, description: 'MSH-6; that of its own messages' })),
    from: optional(
      Type.Object(
        { application: Type.String({ minLength: 1 }), facility: Type.String({ minLength: 1 }) },
        { ...closed, description: 'MSH-3 and MSH-4; the first of mllp.receivers' },
      ),
    ),
    unit: optional(
      Type.Object(
        {
          id: Type.String({ minLength: 1 }),
          name: Type.String({ minLength: 1 }),
          structure: Type.String({ minLength: 1, description: 'FINESS' }),
        },
        { ...closed, description: 'ward that the mailbox stands for (PRT-8 of the recipient)' },
      ),
    ),
    errorBox: optional(
      Type.String({
        ...{ pattern: '^[^\\s@<>]+@[^\\s@<>]+$', maxLength: 254 },
        description: 'address that is told of a failure where no MDN may be sent',
      }),
    ),
    nullSender: optional(
      Type.Boolean({
        description: 'MDN leave without envelope sender; false for an operator that refuses it',
      }),
    ),
  },
  { ...closed, description: 'to whom documents that come into this mailbox go' },
);

const Mailbox = Type.Object(
  {
    id: name,
    establishment: name,
    address: Type.String({ pattern: '^[^\\s@<>]+@[^\\s@<>]+$', maxLength: 254 }),
    displayName: Type.String({ minLength: 1, description: 'functional entity, as recipients see it' }),
    senders: texts('whose documents leave from it; all when absent'),
    structures: texts('in whose name they leave (1 + FINESS); all when absent'),
    units: texts('responsible unit or site of the stay; all when absent'),
    phone: optional(Type.String({ description: 'of the sender, for INDEX.HTM and README.TXT' })),
    postalAddress: optional(Type.String()),
    smtp: Type.Object(
      {
        ...server,
        sizeLimit: optional(
          Type.Integer({
            minimum: 1,
            description: 'largest mail by contract, bytes; the server may announce less',
          }),
        ),
      },
      closed,
    ),
    imap: optional(
      Type.Object(
        {
          ...server,
          folder: optional(Type.String({ minLength: 1 })),
          pollSeconds: optional(Type.Number({ exclusiveMinimum: 0, maximum: 3600 })),
          folders: optional(
            Type.Object(
              {
                done: optional(Type.String({ minLength: 1 })),
                refused: optional(Type.String({ minLength: 1 })),
                human: optional(Type.String({ minLength: 1 })),
              },
              closed,
            ),
          ),
        },
        {
          ...closed,
          description: 'where receipts and documents come back; without it no delivery is ever confirmed',
        },
      ),
    ),
    receives: optional(Consumer),
  },
  closed,
);

const Action = Type.Object(
  {
    name: optional(Type.String({ pattern: '^urn:(?!ihe:).*action$' })),
    on: optional(Type.Union([Type.Literal('document'), Type.Literal('submission-set')])),
  },
  { ...closed, description: 'slot of METADATA.XML that says C or D; the volet leaves its name open' },
);

/** `mssante` of `viaduc.yaml`. */
export const MssanteSchema = Type.Object(
  {
    mailboxes: Type.Array(Mailbox, { minItems: 1 }),
    whiteList: optional(
      Type.Object(
        {
          source: Type.String({ description: 'file, or https address of the national list' }),
          authorities: optional(Type.String({ description: 'file, PEM (IGC-Santé)' })),
          refreshHours: optional(Type.Number({ exclusiveMinimum: 0, maximum: 720 })),
          maxShrinkPercent: optional(Type.Number({ minimum: 0, maximum: 100 })),
        },
        closed,
      ),
    ),
    directory: optional(
      Type.Object(
        {
          url: Type.String(),
          keyFile: Type.String({ description: 'file of the ESANTE-API-KEY' }),
          authorities: optional(Type.String({ description: 'file, PEM' })),
          cacheHours: optional(Type.Number({ exclusiveMinimum: 0, maximum: 8760 })),
        },
        { ...closed, description: 'Annuaire Santé; what it does not know is sent all the same' },
      ),
    ),
    expiryHours: optional(
      Type.Number({ exclusiveMinimum: 0, maximum: 720, description: 'without a DSN: unconfirmed' }),
    ),
    warnHours: optional(
      Type.Number({ exclusiveMinimum: 0, maximum: 720, description: 'without a DSN: an alarm' }),
    ),
    doubtMinutes: optional(
      Type.Number({
        ...{ exclusiveMinimum: 0, maximum: 1440 },
        description:
          'how long a DSN is awaited of a mail that may or may not have been taken, before a person decides',
      }),
    ),
    action: optional(Action),
    accents: optional(
      Type.Boolean({ description: 'accents in subjects, which some rules on raw headers then miss' }),
    ),
    texts: optional(Type.String({ description: 'folder of the texts of mails that take the place of ours' })),
    patientDomain: optional(Type.String()),
    patientSizeLimit: optional(
      Type.Integer({ minimum: 1, description: 'bytes; Mon espace santé takes 25 MB' }),
    ),
    concurrency: optional(Type.Integer({ minimum: 1, maximum: 64 })),
    perMinute: optional(Type.Integer({ minimum: 1 })),
    failuresToOpen: optional(Type.Integer({ minimum: 1 })),
    schedules: optional(
      Type.Object({ retry: optional(Type.String()), outage: optional(Type.String()) }, closed),
    ),
  },
  closed,
);
