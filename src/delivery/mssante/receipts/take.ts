import { sha256 } from '../../../ledger/cipher.ts';
import type { Ledger, NewBody, NewEvent, Subject } from '../../../ledger/ledger.ts';
import type { LedgerView } from '../../../ledger/view.ts';
import type { DeliveryRow } from '../../../ledger/views.ts';
import { normalAddress } from '../../../routing/recipients.ts';
import type { Clock } from '../../../words/clock.ts';
import { isViaducError } from '../../../words/errors.ts';
import type { BodyReference, EventData } from '../../../words/events.ts';
import { newId } from '../../../words/ids.ts';
import { type MailKind, RECEIPT_KINDS, type ReceiptKind } from '../../../words/mail.ts';
import { readingDue } from '../../notices/due.ts';
import { followingEnd } from '../../release.ts';
import { type ReadMail, type ReadOptions, readMail } from '../message/read.ts';
import type { MailboxPosition } from '../wire/imap.ts';
import { type Aside, aside, forged } from './aside.ts';
import { receiptLimits } from './limits.ts';
import { ended, meaningOf, toBeRead } from './meaning.ts';
import { type Report, reportOf, type Said } from './said.ts';

export interface MailTaking extends ReadOptions {
  ledger: Ledger;
  clock: Clock;
}

/** A mail as it lay in a mailbox. `mailbox`: its id in the configuration. */
export interface IncomingMail {
  mailbox: string;
  position: MailboxPosition;
  raw: Uint8Array;
}

export interface TakenMail {
  /** Its identifier in the ledger. */
  mail: string;
  kind: MailKind;
  reason: string | null;
  /** These very bytes were taken from this mailbox before: nothing was written. */
  repeated: boolean;
  /** What was read in it; null for one that was taken before or could not be read. */
  read: ReadMail | null;
  /** The delivery that it speaks of, and whether that ended or was parked by it. */
  receipt: { delivery: string; settled: boolean } | null;
}

/**
 * Takes in one mail: kept whole before anything else, with what it is, and when it is a receipt of one of ours, what it says
 * and what follows from that, all in one append. The same bytes again change nothing.
 * @throws ViaducError `ledger.…`; the mail is then handed over again
 */
export async function takeMail(
  taking: MailTaking,
  establishment: string,
  incoming: IncomingMail,
): Promise<TakenMail> {
  const digest = sha256(incoming.raw);
  const read = await readable(incoming.raw, taking);
  for (;;) {
    try {
      return await new Taking(taking, establishment, incoming, digest, read).run();
    } catch (error) {
      if (!isViaducError(error, 'ledger.conflict')) throw error;
    }
  }
}

async function readable(raw: Uint8Array, options: ReadOptions): Promise<ReadMail | null> {
  try {
    return await readMail(raw, options);
  } catch (error) {
    if (isViaducError(error, 'mssante.mail-too-long') || isViaducError(error, 'mssante.mail-malformed'))
      return null;
    throw error;
  }
}

/** A delivery that a receipt is about, and what it says of it. */
interface Found {
  delivery: DeliveryRow;
  said: Said;
  subject: Subject | null;
}

/** One try at taking a mail in; what came in between is seen by the next. */
class Taking {
  readonly #taking: MailTaking;
  readonly #view: LedgerView;
  readonly #incoming: IncomingMail;
  readonly #digest: string;
  readonly #read: ReadMail | null;
  readonly #now: number;
  /** Its identifier in the ledger. */
  readonly #mail: string;
  readonly #expect: Record<string, number> = {};

  constructor(
    taking: MailTaking,
    establishment: string,
    incoming: IncomingMail,
    digest: string,
    read: ReadMail | null,
  ) {
    this.#taking = taking;
    this.#view = taking.ledger.of(establishment);
    this.#incoming = incoming;
    this.#digest = digest;
    this.#read = read;
    this.#now = taking.clock.now();
    this.#mail = newId(this.#now);
  }

  async run(): Promise<TakenMail> {
    await this.#rely(`mail-bytes:${this.#digest}`);
    const known = await this.#view.mails.known(this.#incoming.mailbox, this.#digest);
    if (known) {
      const { id: mail, kind, reason } = known;
      return { mail, kind, reason, repeated: true, read: null, receipt: null };
    }
    const about = await this.#about();
    return 'said' in about ? this.#keepReceipt(about) : this.#keep(about, null, []);
  }

  /** What the mail is about: a delivery, or nothing that is ours. */
  async #about(): Promise<Found | { kind: MailKind; reason: string }> {
    const read = this.#read;
    if (!read) return aside('mail-unreadable');
    if (!isReceipt(read.kind)) return { kind: read.kind, reason: read.reason };
    const doubt = forged(read, this.#taking);
    if (doubt) return aside(doubt);
    const report = reportOf(read.kind, read.mail);
    return report ? this.#find(report) : aside('report-unreadable');
  }

  async #find({ envelopes, said }: Report): Promise<Found | Aside> {
    const delivery = await this.#deliveryOf(envelopes);
    if (!delivery) return aside('report-of-unknown-mail');
    const own = said.filter(
      ({ recipients, facts }) => facts.kind !== 'dsn' || this.#isFor(delivery, recipients),
    );
    const decisive = own.find(({ facts }) => facts.failed) ?? own[0];
    if (!decisive) return aside('report-of-other-recipient');
    const most = receiptLimits.ofOneMail.value;
    if ((await this.#view.mails.receipts(delivery.id)).length >= most) return aside('too-many-reports');
    return { delivery, said: decisive, subject: await this.#subjectOf(delivery) };
  }

  async #deliveryOf(envelopes: readonly string[]): Promise<DeliveryRow | null> {
    for (const envelope of envelopes) {
      const found = await this.#view.mails.deliveryOf(envelope);
      if (!found) continue;
      await this.#rely(`delivery:${found.id}`);
      return this.#view.delivery(found.id);
    }
    return null;
  }

  #isFor({ destination }: DeliveryRow, recipients: readonly string[]): boolean {
    const { ledger } = this.#taking;
    return recipients.some(
      (one) =>
        ledger.searchHash(this.#view.establishment, 'address', normalAddress(one)) === destination.recipient,
    );
  }

  /** Of somebody who was erased since, nothing is kept as theirs. */
  async #subjectOf({ submission: id }: DeliveryRow): Promise<Subject | null> {
    const person = (await this.#view.submission(id))?.person ?? null;
    return person === null || (await this.#view.goneBy('person', person)) ? null : { person };
  }

  async #keepReceipt(found: Found): Promise<TakenMail> {
    const { delivery, said, subject } = found;
    const body = this.#body(subject);
    const recorded = this.#recorded(found);
    const told = await this.#readings(found, recorded.data.id);
    const following = await this.#following(delivery, said, body.reference);
    const events = [withPersonal(recorded, said.address, subject), ...following, ...told];
    const taken = await this.#keep({ kind: said.facts.kind, reason: this.#read!.reason }, body, events);
    return { ...taken, receipt: { delivery: delivery.id, settled: following.length > 0 } };
  }

  #recorded({ delivery, said }: Found): { type: 'receipt.recorded'; data: EventData['receipt.recorded'] } {
    const data = { id: newId(this.#now), delivery: delivery.id, mail: this.#mail, ...said.facts };
    return { type: 'receipt.recorded', data };
  }

  /** What ends by it, and what its end brings with it. */
  async #following(delivery: DeliveryRow, { facts }: Said, receipt: BodyReference): Promise<NewEvent[]> {
    const meaning = meaningOf(delivery, facts);
    if (meaning === null) return [];
    if (meaning === 'parked') return [toBeRead(delivery, receipt)];
    const data = ended(delivery, meaning, facts, receipt);
    const { events, expect } = await followingEnd(this.#view, data, this.#now);
    Object.assign(this.#expect, { ...expect, ...this.#expect });
    return [{ type: 'delivery.finished', data }, ...events];
  }

  /** Notices of the reading, for each submission that wants to be told, once for the same word of the same reader. */
  async #readings({ delivery, said }: Found, id: string): Promise<NewEvent[]> {
    if (!said.tells || (await this.#isSaidBefore(delivery, said))) return [];
    const { failed, code } = said.facts;
    return (await this.#view.submissionsOf(delivery.id))
      .filter(({ facts: { notices } }) => notices?.reading === true && notices.origin !== null)
      .map((submission) => readingDue(submission, { id, delivery: delivery.id, failed, code }, this.#now));
  }

  async #isSaidBefore({ id }: DeliveryRow, { facts, address }: Said): Promise<boolean> {
    for (const earlier of await this.#view.mails.receipts(id)) {
      const same = (['kind', 'disposition', 'failed', 'code'] as const).every(
        (one) => earlier[one] === facts[one],
      );
      if (!same) continue;
      const named = earlier.personalRef === null ? null : await this.#view.personal(earlier.personalRef);
      if ((named?.toString('utf8') ?? null) === address) return true;
    }
    return false;
  }

  async #keep(
    { kind, reason }: { kind: MailKind; reason: string },
    body: Kept | null,
    events: readonly NewEvent[],
  ): Promise<TakenMail> {
    const { mailbox, position } = this.#incoming;
    const { reference, stored } = body ?? this.#body(null);
    const data = { mail: this.#mail, mailbox, position, sha256: this.#digest, kind, reason, body: reference };
    await this.#taking.ledger.append({
      ...{ establishment: this.#view.establishment, nowMs: this.#now, expect: this.#expect },
      events: [{ type: 'mail.received', data, subject: stored.subject ?? null }, ...events],
      bodies: [stored],
    });
    return { mail: this.#mail, kind, reason, repeated: false, read: this.#read, receipt: null };
  }

  #body(subject: Subject | null): Kept {
    const { raw } = this.#incoming;
    const id = newId(this.#now);
    return {
      reference: { id, sha256: this.#digest, size: raw.length },
      stored: { id, bytes: raw, retention: 'wire', subject },
    };
  }

  async #rely(stream: string): Promise<void> {
    this.#expect[stream] = await this.#view.version(stream);
  }
}

interface Kept {
  reference: BodyReference;
  stored: NewBody;
}

function withPersonal(
  event: { type: 'receipt.recorded'; data: EventData['receipt.recorded'] },
  address: string | null,
  subject: Subject | null,
): NewEvent {
  return { ...event, subject, ...(address === null ? {} : { personal: Buffer.from(address) }) };
}

function isReceipt(kind: MailKind): kind is ReceiptKind {
  return (RECEIPT_KINDS as readonly string[]).includes(kind);
}
