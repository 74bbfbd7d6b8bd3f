import { acceptsRoot } from '../identity/roots.ts';
import { instant } from '../words/clock.ts';
import type { Environment } from '../words/environment.ts';
import type { MailedDocument } from '../words/figures.ts';
import { type Hospital, LinkedDocuments } from './linked-documents.ts';
import { endedBy, type Observation } from './live.ts';
import { type MailInstants, mailInstants, REACHES, type Reach } from './mail-reach.ts';
import type { OpenedMail } from './report.ts';
import type { Settings } from './settings.ts';
import { type Adjacency, adjacency } from './tables.ts';

/** Where a document that was mailed stands at an observation, taken that a mail must have come so far. */
const STANDINGS = ['live', 'late', 'replaced', 'deleted', 'bounced', 'not-reached'] as const;
export type MailStanding = (typeof STANDINGS)[number];

/** How far a document that was mailed is live, and what it lacks to have come further. */
export interface MailProgress {
  /** Null when it does not stand even as accepted. */
  reach: Reach | null;
  /** Place of the reach in `REACHES`, from 1; 0 for none. */
  steps: number;
  standing: MailStanding;
  unconfirmed: boolean;
}

/** Every progress there is, each once: millions of rows share them. By steps, standing, and whether it is unconfirmed. */
const PROGRESSES: readonly (readonly (readonly MailProgress[])[])[] = [null, ...REACHES].map((reach, steps) =>
  STANDINGS.map((standing) =>
    [false, true].map((unconfirmed) => Object.freeze({ reach, steps, standing, unconfirmed })),
  ),
);

/**
 * The documents of all mails, in rows: one for each document of each mail. What was mailed to one recipient never replaces or
 * deletes what was mailed to another.
 */
export class MailTable {
  readonly linked: LinkedDocuments<MailedDocument>;
  /** Instants at which each row was accepted by its operator. */
  readonly accepted: Float64Array;
  /** Number of the document and recipient of each row, the same for all versions and repetitions. */
  readonly sendings: Int32Array;
  readonly #instants: Readonly<Record<keyof MailInstants, Float64Array>>;
  /** Whether each row is a document under an identity of the environment, or under none at all. */
  readonly #mayCount: readonly ('yes' | 'without-ins' | 'no')[];
  /** Rows of the mails that replace or delete the document of a row. */
  readonly #enders: Adjacency;

  constructor(mails: readonly MailedDocument[], environment: Environment, hospital: Hospital) {
    this.linked = new LinkedDocuments(mails, hospital);
    this.#instants = columnsOf(mails.map(mailInstants));
    this.accepted = this.#instants.accepted;
    this.sendings = sendingsOf(mails);
    this.#mayCount = mails.map(({ operation, identityRoot: root }) => {
      if (operation === 'delete') return 'no';
      return root === null ? 'without-ins' : acceptsRoot(environment, root) ? 'yes' : 'no';
    });
    this.#enders = endersOf(mails);
  }

  /** Whether a row is a document that a figure may count. */
  mayCount(row: number, { mailsWithoutIns }: Settings): boolean {
    const may = this.#mayCount[row];
    return may === 'yes' || (may === 'without-ins' && mailsWithoutIns);
  }

  progressOf(row: number, observation: Observation, settings: Settings): MailProgress {
    let standing: MailStanding = 'live';
    let steps = REACHES.length;
    for (; steps > 0; steps -= 1) {
      const found = this.#standingAt(row, REACHES[steps - 1]!, observation, settings);
      if (found === 'live') break;
      standing = found;
    }
    const unconfirmed = this.#instants.unconfirmed[row]! < observation.unknownFromMs;
    return PROGRESSES[steps]![STANDINGS.indexOf(standing)]![unconfirmed ? 1 : 0]!;
  }

  /** What is shown of the mail of a row, as it is known before an instant. */
  openedMail(row: number, unknownFromMs: number): OpenedMail {
    const { class: audience, outcome, finishedAt, receipts } = this.linked.documents[row]!;
    const known = (name: keyof MailInstants) => {
      const ms = this.#instants[name][row]!;
      return ms < unknownFromMs ? instant(ms) : null;
    };
    return {
      class: audience,
      ...{ acceptedAt: known('accepted'), relayedAt: known('relayed'), deliveredAt: known('delivered') },
      ...{ failedAt: known('failed'), bouncedAt: known('bounced') },
      outcome: finishedAt !== null && Date.parse(finishedAt) < unknownFromMs ? outcome : null,
      receipts: receipts.filter(({ at }) => Date.parse(at) < unknownFromMs),
    };
  }

  #standingAt(row: number, reach: Reach, seen: Observation, settings: Settings): MailStanding {
    const at = this.#instants[reach][row]!;
    if (at >= seen.unknownFromMs) return 'not-reached';
    if (this.#hasFailed(row, seen.beforeMs)) return 'bounced';
    if (at >= seen.beforeMs) return 'late';
    return this.#endAt(row, reach, seen, settings) ?? 'live';
  }

  /**
   * A DSN of failure undoes whatever else was said; a bounce in no known form all but that the mail lies in the mailbox. No
   * doubt ever adds to a figure.
   */
  #hasFailed(row: number, beforeMs: number): boolean {
    const { failed, bounced, delivered } = this.#instants;
    return failed[row]! < beforeMs || (bounced[row]! < beforeMs && delivered[row]! >= beforeMs);
  }

  /**
   * What ended a document: a replacement that came as far, or a deletion that was confirmed. One that failed ended nothing.
   */
  #endAt(
    row: number,
    reach: Reach,
    { beforeMs, unknownFromMs }: Observation,
    { replacementDate, deletedCounts }: Settings,
  ): 'replaced' | 'deleted' | null {
    const replacedBefore = replacementDate === 'last' ? unknownFromMs : beforeMs;
    const { starts, rows } = this.#enders;
    let end: 'deleted' | null = null;
    for (let at = starts[row]!; at < starts[row + 1]!; at += 1) {
      const ender = rows[at]!;
      if (this.#hasFailed(ender, beforeMs)) continue;
      const deletes = this.linked.documents[ender]!.operation === 'delete';
      if (!deletes && this.#instants[reach][ender]! < replacedBefore) return 'replaced';
      if (deletes && !deletedCounts && this.#instants.relayed[ender]! < beforeMs) end = 'deleted';
    }
    return end;
  }
}

function columnsOf(instants: readonly MailInstants[]): Record<keyof MailInstants, Float64Array> {
  const column = (name: keyof MailInstants) => Float64Array.from(instants, (one) => one[name]);
  return {
    accepted: column('accepted'),
    relayed: column('relayed'),
    delivered: column('delivered'),
    failed: column('failed'),
    bounced: column('bounced'),
    unconfirmed: column('unconfirmed'),
  };
}

function sendingsOf(mails: readonly MailedDocument[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(mails, ({ chain, recipient }) => {
    const key = `${chain} ${recipient}`;
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
}

/** Of every mail the mails to the same recipient that replace or delete its document. */
function endersOf(mails: readonly MailedDocument[]): Adjacency {
  const rowsOf = new Map<string, number[]>();
  mails.forEach(({ operation, recipient, uniqueId }, row) => {
    if (operation === 'delete') return;
    const key = `${recipient} ${uniqueId}`;
    rowsOf.set(key, [...(rowsOf.get(key) ?? []), row]);
  });
  const [ended, enders]: [number[], number[]] = [[], []];
  mails.forEach((mail, ender) => {
    if (mail.operation === 'deposit') return;
    for (const row of rowsOf.get(`${mail.recipient} ${endedBy(mail)}`) ?? []) {
      ended.push(row);
      enders.push(ender);
    }
  });
  return adjacency(mails.length, ended, (pair) => enders[pair]!);
}
