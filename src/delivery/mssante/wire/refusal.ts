import type { WireErrorCode } from '../errors.ts';

/** Where in a conversation a server refused. `connect`: its greeting or its answer to EHLO. */
export type Step = 'connect' | 'tls' | 'auth' | 'mail' | 'rcpt' | 'data';

/**
 * What a refusal is about:
 * - `mailbox`: how the mailbox is entered, or what it may send: nothing leaves from it before somebody changes that
 * - `mail`: this mail or its recipient, for good
 * - `size`: this mail is too large
 * - `moment`: the same may be taken later
 */
export type About = 'mailbox' | 'mail' | 'size' | 'moment';

/** A reply of an SMTP server that is not the one that was hoped for. */
export interface Reply {
  at: Step;
  smtpCode: number;
  /** Enhanced status (RFC 3463), such as `5.1.1`; null without one. */
  status: string | null;
  /** The whole reply. It may repeat the address of a patient: kept with the delivery, never logged. */
  text: string;
}

interface Row {
  about: About;
  code: WireErrorCode;
  at: readonly Step[];
  fits(reply: Reply): boolean;
}

const ANY: readonly Step[] = ['connect', 'tls', 'auth', 'mail', 'rcpt', 'data'];
const ENTRANCE: readonly Step[] = ['connect', 'tls', 'auth'];

/** Who is not let in, or not under this address: asked for TLS or a login, sender of another (RFC 3463; the last two of Exchange). */
const OF_SENDER = /^5\.(1\.[78]|7\.(3|8|9|11|57|60))$/;

/** Postfix judges client and sender when it is told the recipient, and says then of whom it speaks. */
const POSTFIX_OF_SENDER = /: (Sender address|Client host|Helo command) rejected:/;

/** The first row that fits decides. */
const ROWS: readonly Row[] = [
  { about: 'size', code: 'mssante.too-large', at: ANY, fits: isSize },
  // Postfix answers 421 4.7.1 to a client without its certificate, and would do so for ever.
  { about: 'mailbox', code: 'mssante.access-refused', at: ['connect'], fits: statusIs(/^4\.7\.1$/) },
  { about: 'moment', code: 'mssante.refused-for-now', at: ANY, fits: ({ smtpCode }) => smtpCode < 500 },
  { about: 'mailbox', code: 'mssante.access-refused', at: ENTRANCE, fits: () => true },
  { about: 'mailbox', code: 'mssante.access-refused', at: ANY, fits: codeIs(530, 535, 538) },
  { about: 'mailbox', code: 'mssante.sender-refused', at: ['mail'], fits: () => true },
  { about: 'mailbox', code: 'mssante.sender-refused', at: ANY, fits: statusIs(OF_SENDER) },
  { about: 'mailbox', code: 'mssante.sender-refused', at: ['rcpt'], fits: textIs(POSTFIX_OF_SENDER) },
  { about: 'mail', code: 'mssante.recipient-refused', at: ['rcpt'], fits: () => true },
  { about: 'mail', code: 'mssante.mail-refused', at: ANY, fits: () => true },
];

/** What a refusal is about, and its code. */
export function judgeReply(reply: Reply): { about: About; code: WireErrorCode } {
  const { about, code } = ROWS.find(({ at, fits }) => at.includes(reply.at) && fits(reply))!;
  return { about, code };
}

/** 552 with the status of a full mailbox (5.2.2) is about the recipient. */
function isSize({ smtpCode, status, at }: Reply): boolean {
  if (smtpCode < 500) return false;
  if (status !== null) return /^5\.(2\.3|3\.4)$/.test(status);
  return (smtpCode === 552 || smtpCode === 523) && (at === 'mail' || at === 'data');
}

function codeIs(...codes: number[]): (reply: Reply) => boolean {
  return ({ smtpCode }) => codes.includes(smtpCode);
}

function statusIs(pattern: RegExp): (reply: Reply) => boolean {
  return ({ status }) => status !== null && pattern.test(status);
}

function textIs(pattern: RegExp): (reply: Reply) => boolean {
  return ({ text }) => pattern.test(text);
}
