import { instantsIn, parseTime } from '../../cda/times.ts';
import type { Resolution } from '../destination.ts';
import type { Job } from '../job.ts';

/** How long the receipt of a mail is waited for. Milliseconds. */
export interface MailWaits {
  /** Until it is told that none came. */
  warnMs: number;
  /** Until the delivery ends unconfirmed. */
  expiryMs: number;
  /** When it is not known whether the operator took the mail: until a person decides. */
  doubtMs: number;
}

/**
 * How a mail goes on whose receipt has not come when it was due. Taken over by the operator: it waits on, then ends
 * unconfirmed. Perhaps taken over, or bounced in no known form: a DSN may still say so, then a person decides; sent again by
 * that person it leaves with the same identifiers. Of a restored ledger: only a document that is younger than the restore cannot have left before.
 */
export async function receiptAwaited(job: Job, waits: MailWaits, nowMs: number): Promise<Resolution> {
  const { accepted, lot, sentAt, code } = job.delivery;
  const bounced = code === 'mssante.bounce';
  if (accepted && !bounced) return afterAcceptance(Date.parse(accepted.at) + waits.expiryMs, nowMs);
  if (await isReopened(job)) return { found: false };
  if (!lot) return mayHaveLeftBefore(job);
  const untilMs = Date.parse(sentAt!) + waits.doubtMs;
  return untilMs > nowMs
    ? { found: 'awaited', code: 'mssante.in-doubt', dueAtMs: untilMs }
    : { found: 'unknown', code: 'mssante.in-doubt' };
}

function afterAcceptance(untilMs: number, nowMs: number): Resolution {
  return untilMs > nowMs
    ? { found: 'awaited', code: 'mssante.receipt-late', dueAtMs: untilMs }
    : { found: 'unconfirmed', code: 'mssante.no-receipt' };
}

/** A person looked at it and said that it is to be sent again. */
async function isReopened({ view, delivery }: Job): Promise<boolean> {
  const events = await view.timeline([`delivery:${delivery.id}`]);
  return events.findLast(({ type }) => type.startsWith('delivery.'))?.type === 'delivery.reopened';
}

async function mayHaveLeftBefore({ view, personal }: Job): Promise<Resolution> {
  const restore = (await view.restores()).at(-1);
  const youngest = personal.facts.map(({ effectiveTime }) => timeOf(effectiveTime));
  const after = restore !== undefined && youngest.every((ms) => ms !== null && ms >= Date.parse(restore.at));
  return after ? { found: false } : { found: 'unknown', code: 'mssante.may-have-left' };
}

function timeOf(stamp: string | null): number | null {
  const time = stamp === null ? null : parseTime(stamp);
  return time ? instantsIn(time, 'Europe/Paris').fromMs : null;
}
