import { type Static, Type } from 'typebox';
import { plainAddress } from './addresses.ts';
import { raise } from './errors.ts';
import { mailSandboxLimits } from './limits.ts';
import type { MailboxKind } from './mailbox.ts';

/** When a fault may be played: steps of a submission, the making of receipts, an IMAP session. */
export type Step = 'connect' | 'mail' | 'rcpt' | 'data' | 'end' | 'dsn' | 'mdn' | 'imap-login' | 'imap-fetch';

/** What a scripted fault does, by name. A step in brackets may be chosen by `step`: connect, mail, rcpt or end. */
export const MAIL_FAULTS = {
  reply: '[rcpt] not done; answered with code and text of the rule (451 4.3.0)',
  cut: '[rcpt] the connection breaks off',
  hang: '[rcpt] never answered',
  slow: '[rcpt] done, answered delayMs later',
  'certificate-refused': 'connect: the client certificate is refused after the handshake (421 4.7.1)',
  'mailbox-full': 'rcpt: 452 4.2.2',
  'cut-before-dot': 'data: the connection breaks off in the middle of the content; nothing is kept',
  'cut-after-dot': 'end: the mail is taken and goes out, then the connection breaks off before the answer',
  'cut-after-dot-lost':
    'end: the mail came whole and is forgotten, then the connection breaks off before the answer',
  'slow-after-dot': 'end: the mail is taken and goes out, answered delayMs later',
  'no-dsn': 'dsn: delivered, and no DSN ever comes',
  'dsn-late': 'dsn: delivered, its DSN comes delayMs later',
  'dsn-twice': 'dsn: delivered, its DSN comes twice',
  'dsn-expanded': 'dsn: delivered to a list, Action: expanded',
  'dsn-relayed': 'dsn: delivered, Action: relayed',
  'dsn-delayed': 'dsn: a DSN with Action: delayed, then delivered delayMs later',
  'dsn-failed': 'dsn: not delivered, Action: failed with status of the rule (5.2.2)',
  'dsn-failed-after-relayed': 'dsn: Action: relayed, then failed delayMs later',
  'bounce-text': 'dsn: not delivered, said by a text of no form from MAILER-DAEMON',
  'no-mdn': 'mdn: none comes',
  'mdn-error': 'mdn: processed/error with a field Error: 902^…',
  'mdn-error-old-form': 'mdn: processed/Error: 902^… in the field Disposition',
  'mdn-deleted': 'mdn: deleted',
  'mdn-twice': 'mdn: comes twice',
  'imap-login-refused': 'imap-login: NO [AUTHENTICATIONFAILED]',
  'imap-cut': 'imap-fetch: the connection breaks off in the middle of an answer',
  'imap-uidvalidity': 'imap-login: INBOX has a new UIDVALIDITY from now on',
} as const;

export type MailFaultName = keyof typeof MAIL_FAULTS;

const closed = { additionalProperties: false };
const NAMES = Object.keys(MAIL_FAULTS) as MailFaultName[];
const KINDS = ['gateway', 'person', 'organisation', 'application', 'patient'] as const;
const ANY_STEP = ['connect', 'mail', 'rcpt', 'end'] as const;

export const MailFaultSchema = Type.Object(
  {
    match: Type.Optional(
      Type.Object(
        {
          recipient: Type.Optional(Type.String({ maxLength: 320 })),
          class: Type.Optional(Type.Enum([...KINDS])),
        },
        { ...closed, description: 'whom a mail goes to; at connect and mail nobody is known yet' },
      ),
    ),
    fault: Type.Enum(NAMES),
    step: Type.Optional(Type.Enum([...ANY_STEP])),
    times: Type.Optional(Type.Integer({ minimum: 1, description: 'the next n; 1 when every is absent' })),
    every: Type.Optional(Type.Integer({ minimum: 1, description: 'each n-th that matches' })),
    delayMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 3_600_000 })),
    code: Type.Optional(Type.Integer({ minimum: 400, maximum: 599 })),
    status: Type.Optional(Type.String({ pattern: '^[45]\\.\\d{1,3}\\.\\d{1,3}$' })),
  },
  closed,
);

export type MailFault = Static<typeof MailFaultSchema>;

export interface ScriptedMailFault extends MailFault {
  seen: number;
  fired: number;
}

export interface FaultSubject {
  recipient?: string;
  class?: MailboxKind | null;
}

/** The scripted faults of a running world, in the order given: of those whose turn it is the first is played. */
export class MailFaults {
  #rules: ScriptedMailFault[] = [];

  /** @throws ViaducError `sandbox.mail-too-many-faults` */
  add(rules: readonly MailFault[]): void {
    const limit = mailSandboxLimits.faultRules.value;
    if (this.#rules.length + rules.length > limit) throw raise('sandbox.mail-too-many-faults', { limit });
    this.#rules.push(...rules.map((rule) => ({ ...rule, seen: 0, fired: 0 })));
  }

  list(): readonly ScriptedMailFault[] {
    return this.#rules;
  }

  clear(): void {
    this.#rules = [];
  }

  /** The fault of a step, or null. Every rule that matches counts it. */
  next(step: Step, subject: FaultSubject = {}): ScriptedMailFault | null {
    const matching = this.#rules.filter((rule) => stepOf(rule) === step && matches(rule, subject));
    for (const rule of matching) rule.seen += 1;
    const chosen = matching.find(isDue) ?? null;
    if (chosen) chosen.fired += 1;
    return chosen;
  }
}

/** When the fault of a rule is played. */
function stepOf({ fault, step }: MailFault): Step {
  const words = MAIL_FAULTS[fault];
  if (words.startsWith('[')) return step ?? 'rcpt';
  return words.slice(0, words.indexOf(':')) as Step;
}

function matches({ match }: MailFault, subject: FaultSubject): boolean {
  if (match?.recipient && plainAddress(match.recipient) !== plainAddress(subject.recipient ?? '@'))
    return false;
  return match?.class === undefined || match.class === subject.class;
}

function isDue(rule: ScriptedMailFault): boolean {
  const left = rule.fired < (rule.times ?? (rule.every ? Number.POSITIVE_INFINITY : 1));
  return left && (rule.every === undefined || rule.seen % rule.every === 0);
}
