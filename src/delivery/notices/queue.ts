import type { Charset } from '../../hl7v2/charset.ts';
import type { ClaimedNotice, Ledger, NewEvent } from '../../ledger/ledger.ts';
import type { NoticeRow } from '../../ledger/views.ts';
import { type Clock, instant } from '../../words/clock.ts';
import { isViaducError } from '../../words/errors.ts';
import type { NamedRecipient } from '../mssante/recipient.ts';
import { type Schedule, waitAfter } from '../schedule.ts';
import { Turns } from '../turns.ts';
import { type Acknowledged, MllpClient, type Where } from './connection.ts';
import type { noticeErrors } from './errors.ts';
import { noticeLimits } from './limits.ts';
import { noticeMessage } from './message.ts';

export interface NoticePolicy {
  /** Between two repetitions of a notice. */
  schedule: Schedule;
  /** How long an acknowledgement is waited for. */
  answerMs: number;
  /** How long a notice is repeated before it is parked, with an alarm. */
  parkAfterMs: number;
}

export interface NoticeQueueOptions {
  ledger: Ledger;
  clock: Clock;
  establishment: string;
  sender: string;
  /** Null: this sender takes none, and what it asked to be told is parked. */
  where: Where | null;
  charset: Charset;
  /** Whom a notice about a mail names; null when that is no longer kept. */
  recipientOf(notice: NoticeRow): Promise<NamedRecipient | null>;
  policy: NoticePolicy;
  random(): number;
  /** A notice was parked: somebody must look. Carries no patient data. */
  onAlarm(notice: { id: string; sender: string; establishment: string; code: string }): void;
  onError(error: unknown): void;
}

/**
 * Sends the notices of one sender, one after the other, in the order of the ledger: the next leaves when the one before is
 * acknowledged or parked. Each is sent under a lease on all notices of the sender, so that of several processes one sends
 * at a time. It keeps nothing itself: a gateway that starts again goes on where the ledger stands.
 */
export class NoticeQueue {
  readonly #options: NoticeQueueOptions;
  readonly #client: MllpClient | null;
  readonly #turns: Turns;

  constructor(options: NoticeQueueOptions) {
    this.#options = options;
    const { where, clock, onError } = options;
    this.#client = where && new MllpClient(where, clock);
    this.#turns = new Turns({
      ...{ clock, pollMs: noticeLimits.pollMs.value, pauseMs: noticeLimits.pauseMs.value, onError },
      turn: async () => {
        while (!this.#turns.isStopped && (await this.#turn()));
      },
    });
  }

  /** A notice may have become due: looks now instead of at the next turn of the clock. */
  poke(): void {
    this.#turns.poke();
  }

  /** Sends nothing more; what waits for an answer is repeated by the next start. */
  stop(): Promise<void> {
    return this.#turns.stop(() => this.#client?.close());
  }

  /** @returns whether another notice may follow at once */
  async #turn(): Promise<boolean> {
    const { ledger, clock, establishment, sender } = this.#options;
    const next = await ledger.of(establishment).nextNotice(sender);
    if (!next || (next.dueAtMs ?? 0) > clock.now()) return false;
    const claimed = await this.#claim();
    if (!claimed) return false;
    try {
      const notice = (await ledger.of(establishment).notice(claimed.notice))!;
      const answer = await this.#send(notice);
      return this.#turns.isStopped && answer.result === 'none'
        ? false
        : await this.#record(notice, claimed, answer);
    } finally {
      // What was written gave it back already.
      await ledger.giveBack(claimed).catch(() => {});
    }
  }

  #claim(): Promise<ClaimedNotice | null> {
    const { ledger, clock, establishment, sender, policy } = this.#options;
    const leaseMs = policy.answerMs + noticeLimits.leaseMarginMs.value;
    return ledger.claimNotice({ establishment, sender, nowMs: clock.now(), leaseMs });
  }

  async #send(notice: NoticeRow): Promise<Acknowledged> {
    const { charset, policy, recipientOf } = this.#options;
    if (!this.#client) return impossible('notice.no-address');
    const recipient = notice.kind === 'Z01' ? null : await recipientOf(notice);
    if (notice.kind !== 'Z01' && !recipient) return impossible('notice.recipient-gone');
    return this.#client.send(noticeMessage(notice, charset, recipient), notice.controlId, policy.answerMs);
  }

  /** That the lease has passed to another, which decides now, is no failure. */
  async #record(notice: NoticeRow, lease: ClaimedNotice, answer: Acknowledged): Promise<boolean> {
    const { ledger, clock, establishment, sender, onAlarm } = this.#options;
    const event = this.#eventOf(notice, answer);
    try {
      await ledger.append({ establishment, nowMs: clock.now(), lease, events: [event] });
    } catch (error) {
      if (isViaducError(error, 'ledger.fenced') || isViaducError(error, 'ledger.illegal-move')) return true;
      throw error;
    }
    if (event.type === 'notice.parked')
      onAlarm({ id: notice.id, sender, establishment, code: event.data.code });
    return event.type !== 'notice.deferred';
  }

  #eventOf(row: NoticeRow, answer: Acknowledged): NewEvent {
    const { policy, clock, random } = this.#options;
    const attempt = row.attempts + 1;
    const data = { notice: row.id, submission: row.submission, attempt };
    if (answer.result === 'taken')
      return { type: 'notice.acknowledged', data: { ...data, answer: answer.answer.slice(0, 199) } };
    const { code } = answer;
    const since = Date.parse(row.resumedAt ?? row.createdAt);
    const wait = waitAfter(policy.schedule, attempt, random());
    const over = wait === null || clock.now() - since >= policy.parkAfterMs;
    if (answer.result === 'refused' || over) return { type: 'notice.parked', data: { ...data, code } };
    return { type: 'notice.deferred', data: { ...data, code, dueAt: instant(clock.now() + wait) } };
  }
}

function impossible(code: keyof typeof noticeErrors): Acknowledged {
  return { result: 'refused', code, answer: '' };
}
