import type { LedgerEvent } from '../words/events.ts';
import type { ReceiptFacts } from '../words/mail.ts';
import { openWork } from './project-work.ts';
import { type Projection, type Row, type Statement, statement } from './statements.ts';
import type { SubmissionRow } from './views.ts';

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

export function* recordReceipt(event: LedgerEvent<'receipt.recorded'>): Projection {
  yield keepReceipt(event);
  yield* workOfReceipt(event);
}

function keepReceipt(event: LedgerEvent<'receipt.recorded'>): Statement {
  const { establishment, seq, at, data, personal } = event;
  const { id, delivery, mail, ...facts } = data;
  return statement(
    `INSERT INTO p_receipts (establishment, id, delivery, seq, at, mail, facts, personal_ref) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[establishment, id, delivery, seq, at, mail, JSON.stringify(facts), personal?.ref ?? null],
  );
}

/** A receipt that contradicts an outcome, or tells of a failure of which nobody else will be told, is work for a person. */
function* workOfReceipt(event: LedgerEvent<'receipt.recorded'>): Projection {
  const { establishment, at, data } = event;
  const { delivery, code } = data;
  const rows = yield statement(
    `SELECT d.state, d.outcome, d.submission, b.facts FROM p_deliveries d
       JOIN p_submission_deliveries s ON s.establishment = d.establishment AND s.delivery = d.id
       JOIN p_submissions b ON b.establishment = s.establishment AND b.id = s.submission
     WHERE d.establishment = ? AND d.id = ?`,
    ...[establishment, delivery],
  );
  if (!rows[0]) return;
  const submission = String(rows[0].submission);
  const cause = contradicts(rows[0], data)
    ? 'mail-contradicted'
    : isUntold(rows, data)
      ? 'mail-not-integrated'
      : null;
  if (cause) yield openWork(event, { id: `${cause}:${delivery}`, cause, code, submission, delivery, at });
}

/** The end that a receipt brings stands after it: what has its outcome here had it before. */
function contradicts({ state, outcome }: Row, { kind, action, failed }: ReceiptFacts): boolean {
  if (state !== 'final') return false;
  if (kind === 'bounce') return outcome !== 'refused';
  if (kind !== 'dsn' || action === 'delayed' || outcome === 'unconfirmed') return false;
  return outcome !== (failed ? 'refused' : 'delivered');
}

function isUntold(rows: readonly Row[], { kind, failed }: ReceiptFacts): boolean {
  if (!failed || (kind !== 'mdn' && kind !== 'ko')) return false;
  const told = rows.some(({ facts }) => {
    const { notices } = JSON.parse(String(facts)) as SubmissionRow['facts'];
    return notices?.reading === true && notices.origin !== null;
  });
  return kind === 'ko' || !told;
}
