import { randomUUID } from 'node:crypto';
import { personalBytes } from '../../../../src/delivery/job.ts';
import { type MailTaking, takeMail } from '../../../../src/delivery/mssante/receipts/take.ts';
import type { Ledger, NewEvent } from '../../../../src/ledger/ledger.ts';
import type { MessageOrigin } from '../../../../src/words/notice.ts';
import type { SubmissionRequest } from '../../../../src/words/request.ts';
import { accepted, acceptedEvent, appendOf, bodyOf, fresh, T0 } from '../../../ledger/making.ts';
import { dsn, OPTIONS } from '../message/incoming.ts';
import { LETTER } from '../message/outgoing.ts';

export const CABINET = 'Cabinet@medecin.mssante.fr';

const ORIGIN: MessageOrigin = {
  ...{ controlId: 'DPI-1', application: 'DPI', facility: 'HOP' },
  ...{ receivingApplication: 'PFI', receivingFacility: 'HOP', processingId: 'T' },
};

export interface Mailed {
  submission: string;
  delivery: string;
  envelope: string;
}

export interface Asked {
  reception?: boolean;
  reading?: boolean;
  /** Also to the DMP. */
  dmp?: boolean;
}

/** A submission of which a mail to one recipient is being sent. */
export async function mailed(ledger: Ledger, asked: Asked = {}): Promise<Mailed> {
  const made = await due(ledger, asked);
  const envelope = randomUUID();
  const { reference, body } = bodyOf(fresh(), Buffer.from(`mail ${envelope}`));
  const lot = { uniqueId: envelope, metadata: reference };
  const sending: NewEvent = { type: 'delivery.sending', data: { delivery: made.delivery, attempt: 1, lot } };
  await ledger.append(appendOf(sending, { bodies: [body] }));
  return { ...made, envelope };
}

/** A submission of which a mail to one recipient is to be sent. */
export async function due(ledger: Ledger, asked: Asked = {}): Promise<Omit<Mailed, 'envelope'>> {
  const { reception = true, reading = true, dmp = false } = asked;
  const base = accepted();
  const recipient = ledger.searchHash('one', 'address', CABINET.toLowerCase());
  const destination = { kind: 'mssante', class: 'professional', recipient, via: 'labo' } as const;
  const [toDmp] = base.deliveries;
  const toBox = { ...toDmp!, id: fresh(), destination };
  const notices = { reception, reading, origin: ORIGIN };
  const data = accepted({
    ...{ door: 'mllp', notices, documents: base.documents },
    deliveries: dmp ? [toDmp!, toBox] : [toBox],
  });
  const request = {
    destinations: { dmp, mssante: [{ address: CABINET, class: 'professional', id: '810000000001' }] },
  } as unknown as SubmissionRequest;
  const personal = personalBytes({ request, facts: [LETTER], findings: [[]] });
  await ledger.append(appendOf({ ...acceptedEvent(data), subject: { ins: fresh(), ipp: null }, personal }));
  return { submission: data.submission, delivery: toBox.id };
}

/** The same, taken over by the operator. */
export async function awaited(ledger: Ledger, asked: Asked = {}): Promise<Mailed> {
  const mail = await mailed(ledger, asked);
  await ledger.append(appendOf(takenOver(mail.delivery)));
  return mail;
}

export function takenOver(delivery: string): NewEvent {
  const data = { delivery, code: '250', size: 1000, dueAt: new Date(T0 + 1).toISOString() };
  return { type: 'delivery.accepted', data };
}

/** What ends a mail without confirmation, or leaves it to a person. */
export function unconfirmed(delivery: string): NewEvent {
  const end = { outcome: 'unconfirmed', code: 'mssante.no-receipt', results: [], entries: {} } as const;
  return { type: 'delivery.finished', data: { delivery, ...end, results: [], receipt: null, by: null } };
}

export function parkedInDoubt(delivery: string): NewEvent {
  const why = { code: 'mssante.in-doubt', class: 'ambiguous', charged: false, receipt: null } as const;
  return { type: 'delivery.parked', data: { delivery, ...why, doubt: true, by: null } };
}

let uid = 0;

/** Takes mails in at one mailbox. */
export function mailbox(ledger: Ledger, changes: Partial<MailTaking> = {}) {
  const taking: MailTaking = {
    ledger,
    clock: { now: () => T0 + 1000, after: () => () => {} },
    ...OPTIONS,
    ...changes,
  };
  return (raw: Uint8Array) => {
    uid += 1;
    return takeMail(taking, 'one', { mailbox: 'labo', position: { uidValidity: '1', uid }, raw });
  };
}

/** A DSN about a mail, in the form of Postfix, to the recipient unless told otherwise. */
export function report(
  { envelope }: Pick<Mailed, 'envelope'>,
  action: string,
  fields: readonly string[] = [],
  address = CABINET,
): Buffer {
  const recipient = [`Final-Recipient: rfc822; ${address}`, `Original-Recipient: rfc822;${address}`];
  return dsn([...recipient, `Action: ${action}`, ...fields], { envelope });
}
