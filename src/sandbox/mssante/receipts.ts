import { randomUUID } from 'node:crypto';
import { encoded, headerBlock, mailDate, multipart, type Part } from './mime.ts';

/** A delivery that a DSN speaks of. */
export interface DsnFacts {
  action: 'delivered' | 'relayed' | 'expanded' | 'delayed' | 'failed';
  status: string;
  /** What the other side said, `smtp; NNN …`; null where it said nothing. */
  diagnostic: string | null;
  recipient: string;
  /** ORCPT as it came, `rfc822;address`. */
  originalRecipient: string | null;
  envid: string | null;
  /** Where the DSN goes: the sender of the envelope. */
  to: string;
  /** The mail it is about; whole when `whole`, else its headers. */
  raw: Buffer;
  whole: boolean;
  nowMs: number;
}

/** Domain of the simulated operator. */
export const OPERATOR = 'operateur.bac-a-sable.mssante.fr';

const SUBJECTS = {
  delivered: 'Successful Mail Delivery Report',
  relayed: 'Successful Mail Delivery Report',
  expanded: 'Successful Mail Delivery Report',
  delayed: 'Delayed Mail (still being retried)',
  failed: 'Undelivered Mail Returned to Sender',
} as const;

/** A DSN (RFC 3464) as operators write it. */
export function writeDsn(facts: DsnFacts): Buffer {
  const { action, status, diagnostic, recipient, originalRecipient, envid, raw, whole, nowMs } = facts;
  const message = [
    `Reporting-MTA: dns; ${OPERATOR}`,
    ...(envid === null ? [] : [`Original-Envelope-Id: ${envid}`]),
    `Arrival-Date: ${mailDate(nowMs)}`,
  ];
  const about = [
    ...(originalRecipient === null ? [] : [`Original-Recipient: ${originalRecipient}`]),
    `Final-Recipient: rfc822; ${recipient}`,
    `Action: ${action}`,
    `Status: ${status}`,
    ...(diagnostic === null ? [] : [`Diagnostic-Code: ${diagnostic}`]),
  ];
  const words = `This is the mail system at host ${OPERATOR}.\r\n\r\n<${recipient}>: ${action} (${status})\r\n`;
  return multipart(daemonHeaders(SUBJECTS[action], facts), 'report; report-type=delivery-status', [
    text(words),
    fields('message/delivery-status', [...message, '', ...about]),
    whole
      ? { headers: ['Content-Type: message/rfc822'], body: raw }
      : { headers: ['Content-Type: text/rfc822-headers'], body: headerBlock(raw).toString('latin1') },
  ]);
}

/** A bounce of no form, as services write that know no DSN. */
export function writeBounce(facts: Pick<DsnFacts, 'recipient' | 'to' | 'nowMs' | 'raw'>): Buffer {
  const id = /^message-id:\s*(<[^>]+>)/im.exec(headerBlock(facts.raw).toString('latin1'))?.[1];
  const headers = daemonHeaders('Message non distribué', facts);
  const threading = id === undefined ? [] : [`In-Reply-To: ${id}`, `References: ${id}`];
  const body = `Votre message n’a pas pu être remis à <${facts.recipient}>.\r\nLa boîte n’est pas disponible.\r\n`;
  const type = [
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=UTF-8',
    'Content-Transfer-Encoding: 8bit',
  ];
  return Buffer.from([...headers, ...threading, ...type, '', body].join('\r\n'));
}

function daemonHeaders(subject: string, { to, nowMs }: Pick<DsnFacts, 'to' | 'nowMs'>): string[] {
  return [
    'Return-Path: <>',
    `Date: ${mailDate(nowMs)}`,
    `From: Mail Delivery System <MAILER-DAEMON@${OPERATOR}>`,
    `To: <${to}>`,
    `Subject: ${encoded(subject)}`,
    'Auto-Submitted: auto-replied',
    `Message-ID: <${randomUUID()}@${OPERATOR}>`,
  ];
}

export interface MdnFacts {
  /** The mailbox that answers. */
  from: string;
  to: string;
  subject: string;
  originalMessageId: string;
  /** Whole value of Disposition. */
  disposition: string;
  /** Values of Error, one a field. */
  errors: readonly string[];
  raw: Buffer;
  nowMs: number;
}

/** An MDN (RFC 8098) as application mailboxes and Mon espace santé write it. */
export function writeMdn(facts: MdnFacts): Buffer {
  const { from, to, subject, originalMessageId, disposition, errors, raw, nowMs } = facts;
  const headers = [
    'Return-Path: <>',
    `Date: ${mailDate(nowMs)}`,
    `From: <${from}>`,
    `To: <${to}>`,
    `Subject: ${encoded(subject)}`,
    'Auto-Submitted: auto-replied',
    'X-MSS-NIL: SANDBOX',
    `Message-ID: <${randomUUID()}@${from.slice(from.lastIndexOf('@') + 1)}>`,
  ];
  return multipart(headers, 'report; report-type=disposition-notification', [
    text(
      errors.length > 0 ? `Message non intégré : ${errors.join(', ')}.\r\n` : 'Message pris en compte.\r\n',
    ),
    fields('message/disposition-notification', [
      `Reporting-UA: ${OPERATOR}; bac-a-sable`,
      `Final-Recipient: rfc822;${from}`,
      `Original-Message-ID: ${originalMessageId}`,
      `Disposition: ${disposition}`,
      ...errors.map((error) => `Error: ${error}`),
    ]),
    { headers: ['Content-Type: message/rfc822'], body: raw },
  ]);
}

function text(body: string): Part {
  return { headers: ['Content-Type: text/plain; charset=UTF-8', 'Content-Transfer-Encoding: 8bit'], body };
}

function fields(type: string, lines: readonly string[]): Part {
  return { headers: [`Content-Type: ${type}`], body: `${lines.join('\r\n')}\r\n` };
}
