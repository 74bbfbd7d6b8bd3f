import type { LedgerEvent } from '../../src/words/events.ts';

/** What the events tell of one mail. */
export interface MailFate {
  delivery: string;
  submission: string;
  /** Envelope identifiers under which it left: one, when every repetition sends the same bytes. */
  envelopes: Set<string>;
  /** How often it began to be sent. */
  begun: number;
  /** The gateway was killed before an answer to it was recorded. */
  killed: boolean;
  receipts: number;
  /** Outcome, `parked` with its code, or null while it goes on. */
  end: string | null;
}

/** A mail as the operator took it. */
interface Taken {
  to: string;
  messageId: string;
  envid: string | null;
}

export interface MailFates {
  /** Acknowledged, and neither delivered nor left in doubt to a person. */
  lost: string[];
  /** Mails of one delivery, or under one Message-ID to one recipient, that the operator took more than once. */
  twice: string[];
  /** Mails that the operator took and the ledger does not know. */
  strays: string[];
  /** Delivered, as the ledger says, and never taken. */
  unfounded: string[];
  /** In doubt though the operator took it, whose receipt settles that; or though it never began to leave, or nothing was killed while it left. */
  doubtWithoutReason: string[];
  /** Receipts recorded more than once for a mail that has one. */
  receiptsTwice: string[];
  delivered: number;
  /** In doubt, begun, and not taken by the operator: what SMTP cannot tell. */
  inDoubt: number;
  /** Taken by the operator, whose answer was not recorded, for the gateway was killed in between. */
  takenAndKilled: number;
  taken: number;
}

/** Takes up what an event says of a mail. */
export function follow(fates: Map<string, MailFate>, event: LedgerEvent): void {
  if (event.type === 'submission.accepted')
    for (const { id } of event.data.deliveries) fates.set(id, begin(id, event.data.submission));
  const fate = 'delivery' in event.data ? fates.get(event.data.delivery) : undefined;
  if (!fate) return;
  if (event.type === 'delivery.sending') {
    fate.begun += 1;
    if (event.data.lot) fate.envelopes.add(event.data.lot.uniqueId);
  }
  if (event.type === 'delivery.in-doubt' && event.data.code === 'delivery.gateway-stopped')
    fate.killed = true;
  if (event.type === 'receipt.recorded') fate.receipts += 1;
  if (event.type === 'delivery.parked') fate.end = `parked ${event.data.code}`;
  if (event.type === 'delivery.finished') fate.end = event.data.outcome;
}

function begin(delivery: string, submission: string): MailFate {
  return {
    ...{ delivery, submission, envelopes: new Set<string>() },
    ...{ begun: 0, killed: false, receipts: 0, end: null },
  };
}

const IN_DOUBT = 'parked mssante.in-doubt';

/** Compares what the ledger says with what the operator took. */
export function matchMails(
  fates: readonly MailFate[],
  mails: readonly Taken[],
  sent: readonly { submission: string | null; uniqueId: string }[],
): MailFates {
  const takenOf = new Map(
    fates.map((one) => [one, mails.filter(({ envid }) => one.envelopes.has(envid ?? ''))]),
  );
  const known = new Set([...takenOf.values()].flat());
  const taken = (one: MailFate) => takenOf.get(one)!.length;
  const ids = mails.map(({ to, messageId }) => `${messageId} to ${to}`);
  const named = (those: MailFate[]) =>
    those.map((one) => `${one.delivery}: ${one.end}, begun ${one.begun}, taken ${taken(one)}`);
  const doubtful = fates.filter(({ end }) => end === IN_DOUBT);
  const rests = (submission: string | null) =>
    fates.some((one) => one.submission === submission && (one.end === 'delivered' || one.end === IN_DOUBT));
  return {
    lost: sent.filter(({ submission }) => !rests(submission)).map(({ uniqueId }) => uniqueId),
    twice: [
      ...named(fates.filter((one) => taken(one) > 1)),
      ...ids.filter((id, index) => ids.indexOf(id) !== index),
    ],
    strays: mails.filter((one) => !known.has(one)).map(({ messageId }) => messageId),
    unfounded: named(fates.filter((one) => one.end === 'delivered' && taken(one) === 0)),
    doubtWithoutReason: named(doubtful.filter((one) => taken(one) > 0 || one.begun === 0 || !one.killed)),
    receiptsTwice: named(fates.filter(({ receipts }) => receipts > 1)),
    delivered: fates.filter(({ end }) => end === 'delivered').length,
    inDoubt: doubtful.filter((one) => taken(one) === 0).length,
    takenAndKilled: fates.filter((one) => taken(one) > 0 && one.killed).length,
    taken: mails.length,
  };
}

/** Whether the gateway kept its promises. */
export function isKept(fates: MailFates & { problems: string[] }): boolean {
  const { lost, twice, strays, doubtWithoutReason, receiptsTwice, problems } = fates;
  return [lost, twice, strays, doubtWithoutReason, receiptsTwice, problems].every(
    ({ length }) => length === 0,
  );
}
