import type { LedgerEvent } from '../words/events.ts';
import { type Projection, type Statement, statement } from './statements.ts';

/** By what a receipt names a mail of ours, remembered when the mail is about to leave. */
export function* keepEnvelope({ establishment, data }: LedgerEvent<'delivery.sending'>): Projection {
  if (!data.lot) return;
  yield statement(
    'INSERT OR IGNORE INTO p_envelopes (establishment, envelope, delivery) VALUES (?, ?, ?)',
    ...[establishment, data.lot.uniqueId, data.delivery],
  );
}

export function keepMail({ establishment, seq, at, data, person }: LedgerEvent<'mail.received'>): Statement {
  const { mail, mailbox, position, sha256, kind, reason, body } = data;
  return statement(
    `INSERT INTO p_mails (establishment, id, seq, received_at, mailbox, uid_validity, uid, sha256, kind, reason, body, person)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[establishment, mail, seq, at, mailbox, position.uidValidity, position.uid],
    ...[sha256, kind, reason, JSON.stringify(body), person],
  );
}

export function keepReceipt({
  establishment,
  seq,
  at,
  data: { id, delivery, mail, ...facts },
  personal,
}: LedgerEvent<'receipt.recorded'>): Statement {
  return statement(
    `INSERT INTO p_receipts (establishment, id, delivery, seq, at, mail, facts, personal_ref) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[establishment, id, delivery, seq, at, mail, JSON.stringify(facts), personal?.ref ?? null],
  );
}
