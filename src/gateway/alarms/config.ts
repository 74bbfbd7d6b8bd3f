import { type Static, Type } from 'typebox';
import type { Wanted } from '../../alarms/channels/channel.ts';
import type { Relay } from '../../alarms/channels/mail.ts';
import type { AlarmPolicy } from '../../alarms/desk.ts';
import { ROLES } from '../../words/establishment.ts';

const closed = { additionalProperties: false };
const optional = <T extends Type.TSchema>(schema: T) => Type.Optional(schema);
const minutes = optional(Type.Union([Type.Number({ exclusiveMinimum: 0, maximum: 44_640 }), Type.Null()]));
const authorities = optional(Type.String({ description: 'file, PEM; those of the system when absent' }));
const address = Type.String({ pattern: '^[^\\s@<>,;]+@[^\\s@<>,;]+$', maxLength: 254 });
const severity = Type.Union([Type.Literal('call-now'), Type.Literal('morning'), Type.Literal('information')]);

const wanted = {
  severities: optional(Type.Array(severity, { minItems: 1 })),
  roles: optional(Type.Array(Type.Union(ROLES.map((role) => Type.Literal(role))), { minItems: 1 })),
  establishments: optional(Type.Array(Type.String(), { minItems: 1 })),
};

const Webhook = Type.Object(
  {
    url: Type.String({ pattern: '^https?://' }),
    secretFile: Type.String({ description: 'file that holds the secret of its signatures' }),
    authorities,
    ...wanted,
  },
  closed,
);

const Mail = Type.Object(
  {
    host: Type.String(),
    port: optional(Type.Integer({ minimum: 1, maximum: 65535 })),
    security: optional(Type.Union([Type.Literal('tls'), Type.Literal('starttls'), Type.Literal('none')])),
    auth: optional(Type.Object({ user: Type.String(), passwordFile: Type.String() }, closed)),
    authorities,
    from: Type.String({ minLength: 3, maxLength: 320 }),
    to: Type.Array(Type.Object({ addresses: Type.Array(address, { minItems: 1 }), ...wanted }, closed), {
      minItems: 1,
    }),
  },
  closed,
);

const Heartbeat = Type.Object(
  {
    url: Type.String({ pattern: '^https?://' }),
    everySeconds: optional(Type.Integer({ minimum: 1, maximum: 86_400 })),
    authorities,
  },
  { ...closed, description: 'a monitor outside, that notices when it is not called any more' },
);

/** `alarms` of viaduc.yaml. */
export const AlarmsSchema = Type.Object(
  {
    name: optional(Type.String({ minLength: 1, maxLength: 80 })),
    pages: optional(Type.String({ description: 'address of the pages of what to do' })),
    calmMinutes: optional(Type.Number({ minimum: 0, maximum: 1440 })),
    remindMinutes: optional(
      Type.Object(
        { callNow: minutes, morning: minutes, information: minutes },
        { ...closed, description: 'between two reminders; null: none' },
      ),
    ),
    queueAgeMinutes: optional(
      Type.Union([Type.Number({ exclusiveMinimum: 0, maximum: 44_640 }), Type.Null()], {
        description: 'how long a document may be due; null: no alarm',
      }),
    ),
    stoppedHours: optional(
      Type.Number({
        ...{ minimum: 0, maximum: 744 },
        description: 'how long a person may keep a destination stopped before it is told for the morning',
      }),
    ),
    diskDays: optional(
      Type.Object(
        {
          morning: optional(Type.Number({ minimum: 0, maximum: 3650 })),
          callNow: optional(Type.Number({ minimum: 0, maximum: 3650 })),
        },
        { ...closed, description: 'days before the disk is full at the measured rate' },
      ),
    ),
    webhooks: optional(Type.Array(Webhook)),
    mail: optional(Mail),
    heartbeat: optional(Heartbeat),
  },
  closed,
);

type Given = Static<typeof AlarmsSchema>;
type From = (path: string) => string;

export interface AlarmsConfig {
  /** Which installation speaks. */
  name: string;
  /** Address of the pages of what to do. */
  pages: string;
  policy: AlarmPolicy;
  /** How long a document may be due; null: no alarm. */
  queueAgeMs: number | null;
  /** How long a person may keep a destination stopped before it is told for the morning. */
  stoppedMs: number;
  /** Days before the disk is full. */
  diskDays: { morning: number; callNow: number };
  webhooks: (Wanted & { url: string; secretFile: string; authorities: string | null })[];
  mail: MailConfig | null;
  heartbeat: { url: string; everyMs: number; authorities: string | null } | null;
}

export interface MailConfig {
  relay: Omit<Relay, 'auth'>;
  auth: { user: string; passwordFile: string } | null;
  to: (Wanted & { addresses: string[] })[];
}

const MINUTE_MS = 60_000;
const SUBMISSION_PORT = 587;

export function alarmsOf(given: Given = {}, from: From): AlarmsConfig {
  const { name = 'viaduc', pages = 'docs/alarms.md', calmMinutes = 5, webhooks = [] } = given;
  const { queueAgeMinutes = 30, stoppedHours = 4 } = given;
  return {
    ...{ name, pages },
    policy: { remindMs: remindersOf(given), calmMs: calmMinutes * MINUTE_MS },
    queueAgeMs: queueAgeMinutes && queueAgeMinutes * MINUTE_MS,
    stoppedMs: stoppedHours * 60 * MINUTE_MS,
    diskDays: { morning: 14, callNow: 3, ...given.diskDays },
    webhooks: webhooks.map(({ secretFile, authorities: file, ...one }) => ({
      ...one,
      ...{ secretFile: from(secretFile), authorities: file === undefined ? null : from(file) },
    })),
    mail: given.mail ? mailOf(given.mail, from) : null,
    heartbeat: given.heartbeat ? heartbeatOf(given.heartbeat, from) : null,
  };
}

function remindersOf({ remindMinutes = {} }: Given): AlarmPolicy['remindMs'] {
  const { callNow = 60, morning = 1440, information = null } = remindMinutes;
  const ms = (one: number | null) => one && one * MINUTE_MS;
  return { 'call-now': ms(callNow), morning: ms(morning), information: ms(information) };
}

function mailOf(
  { to, auth, authorities: file, ...relay }: NonNullable<Given['mail']>,
  from: From,
): MailConfig {
  return {
    relay: {
      ...{ port: SUBMISSION_PORT, security: 'starttls' as const },
      ...relay,
      authorities: file === undefined ? null : from(file),
    },
    auth: auth ? { user: auth.user, passwordFile: from(auth.passwordFile) } : null,
    to,
  };
}

function heartbeatOf(
  { url, everySeconds = 60, authorities: file }: NonNullable<Given['heartbeat']>,
  from: From,
): NonNullable<AlarmsConfig['heartbeat']> {
  return { url, everyMs: everySeconds * 1000, authorities: file === undefined ? null : from(file) };
}

/** Every host that alarms leave for. */
export function alarmHosts({ webhooks, mail, heartbeat }: AlarmsConfig): string[] {
  const urls = [...webhooks.map(({ url }) => url), ...(heartbeat ? [heartbeat.url] : [])];
  return [...urls.map((url) => URL.parse(url)?.hostname ?? url), ...(mail ? [mail.relay.host] : [])];
}
