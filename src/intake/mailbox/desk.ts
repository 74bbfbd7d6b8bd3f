import { MllpClient, type Where } from '../../delivery/notices/connection.ts';
import type { NoticePolicy } from '../../delivery/notices/queue.ts';
import { Turns } from '../../delivery/turns.ts';
import type { ClaimedMailbox } from '../../ledger/ledger.ts';
import type { IntegrationRow } from '../../ledger/view-integrations.ts';
import { isViaducError } from '../../words/errors.ts';
import { type AnsweringMailbox, type AnswerTools, decideAnswer, sendAnswer } from './answer.ts';
import { eventOf, messageOf } from './integrate.ts';
import { mailboxLimits } from './limits.ts';
import type { MdmAddress, MdmMailbox } from './mdm.ts';
import { type SortTools, sortMail } from './sort.ts';

/** The software that takes the documents of a mailbox. */
export interface Consumer {
  /** Null: it has no address, and what waits for it is parked. */
  where: Where | null;
  address: MdmAddress;
}

export interface MailboxDeskOptions extends SortTools, AnswerTools {
  establishment: string;
  mailbox: MdmMailbox & AnsweringMailbox & { id: string };
  /** Null: mails with documents are set aside. */
  consumer: Consumer | null;
  policy: NoticePolicy;
  /** An integration was parked: somebody must look. */
  onParked(integration: { id: string; mailbox: string; establishment: string; code: string }): void;
  /** Neither the ledger nor anything else could be worked with for now. */
  onError(error: unknown): void;
}

/**
 * Works off what came into one mailbox: mails are sorted, their documents handed to the consumer one after the other in the
 * order of arrival, and mails whose documents have ended are answered. All of it stands in the ledger and nothing here, under
 * a lease on the mailbox: whoever starts again goes on where it stands.
 */
export class MailboxDesk {
  readonly #options: MailboxDeskOptions;
  readonly #client: MllpClient | null;
  /** Ends an answer that is being sent. */
  readonly #stopping = new AbortController();
  readonly #turns: Turns;

  constructor(options: MailboxDeskOptions) {
    this.#options = options;
    const { consumer, clock, onError } = options;
    this.#client = consumer?.where ? new MllpClient(consumer.where, clock) : null;
    this.#turns = new Turns({
      ...{ clock, pollMs: mailboxLimits.pollMs.value, pauseMs: mailboxLimits.pauseMs.value, onError },
      turn: () => this.#turn(),
    });
  }

  /** Something may have become due: looks now instead of at the next turn of the clock. */
  poke(): void {
    this.#turns.poke();
  }

  /** Begins nothing more; what waits for an answer is repeated by the next start. */
  stop(): Promise<void> {
    return this.#turns.stop(() => {
      this.#stopping.abort();
      this.#client?.close();
    });
  }

  /** Sorts what came in and was not sorted; ends when it is. */
  async sort(): Promise<void> {
    const { ledger, establishment, mailbox } = this.#options;
    const view = ledger.of(establishment).integrations;
    for (const mail of await view.unsorted(mailbox.id, mailboxLimits.mailsPerTurn.value))
      if (!this.#turns.isStopped) await sortMail(this.#options, establishment, mail);
  }

  async #turn(): Promise<void> {
    const { ledger, clock, establishment, mailbox } = this.#options;
    const leaseMs = mailboxLimits.leaseMs.value;
    const claim = { establishment, mailbox: mailbox.id, nowMs: clock.now(), leaseMs };
    const claimed = await ledger.claimMailbox(claim);
    if (!claimed) return;
    try {
      await this.sort();
      while (!this.#turns.isStopped && (await this.#handOn(claimed)));
      await this.#answer();
    } finally {
      await ledger.giveBack(claimed).catch(() => {});
    }
  }

  /** @returns whether another document may follow at once */
  async #handOn(lease: ClaimedMailbox): Promise<boolean> {
    const { ledger, clock, establishment, mailbox, policy, random } = this.#options;
    const row = await ledger.of(establishment).integrations.next(mailbox.id);
    if (!row || (row.dueAtMs ?? 0) > clock.now()) return false;
    const answer = await this.#send(row);
    if (this.#turns.isStopped && answer.result === 'none') return false;
    const event = eventOf(row, answer, { policy, nowMs: clock.now(), random: random() });
    try {
      await ledger.append({ establishment, nowMs: clock.now(), lease, keepLease: true, events: [event] });
    } catch (error) {
      if (isViaducError(error, 'ledger.fenced') || isViaducError(error, 'ledger.illegal-move')) return false;
      throw error;
    }
    if (event.type === 'integration.parked')
      this.#options.onParked({ id: row.id, mailbox: mailbox.id, establishment, code: event.data.code });
    return event.type !== 'integration.deferred';
  }

  async #send(row: IntegrationRow): ReturnType<MllpClient['send']> {
    const { ledger, establishment, mailbox, consumer, policy } = this.#options;
    if (!this.#client || !consumer) return { result: 'refused', code: 'integration.no-address', answer: '' };
    const message = await messageOf(ledger.of(establishment), row, { mailbox, address: consumer.address });
    return this.#client.send(message, row.controlId, policy.answerMs);
  }

  async #answer(): Promise<void> {
    const { ledger, clock, establishment, mailbox } = this.#options;
    const view = ledger.of(establishment).integrations;
    const most = mailboxLimits.mailsPerTurn.value;
    for (const mail of await view.unanswered(mailbox.id, most))
      if (!this.#turns.isStopped) await decideAnswer(this.#options, establishment, mail, mailbox);
    for (const row of await view.answersDue(mailbox.id, clock.now(), most))
      if (!this.#turns.isStopped)
        await sendAnswer(this.#options, establishment, row, mailbox, this.#stopping.signal);
  }
}
