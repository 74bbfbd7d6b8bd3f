import { acceptsRoot } from '../identity/roots.ts';
import { instant } from '../words/clock.ts';
import type { Environment } from '../words/environment.ts';
import type { MailedDocument } from '../words/figures.ts';
import { type Hospital, LinkedDocuments } from './linked-documents.ts';
import { endedBy, type Observation, type Standing } from './live.ts';
import { type MailInstants, mailInstants, REACHES, type Reach } from './mail-reach.ts';
import type { OpenedMail } from './report.ts';
import type { Settings } from './settings.ts';
import { type Adjacency, adjacency } from './tables.ts';

/** Where a document that was mailed stands at an observation, taken that a mail must have come so far. */
export type MailStanding = Standing | 'bounced' | 'not-reached';

/** How far a document that was mailed is live, and what it lacks to have come further. */
export interface MailProgress {
  /** Null when it does not stand even as accepted. */
  reach: Reach | null;
  standing: MailStanding;
  unconfirmed: boolean;
}

/** Whose identity a document bears: of the environment, of another one, or none at all. */
type Identity = 'own' | 'other' | 'none';

/**
 * The documents of all mails, in rows: one for each document of each mail. What was mailed to one recipient never replaces or
 * deletes what was mailed to another.
 */
export class MailTable {
  readonly linked: LinkedDocuments<MailedDocument>;
  /** Deletions are rows, but no documents that count. */
  readonly identities: readonly Identity[];
  /** Instants at which each row was accepted by its operator. */
  readonly accepted: Float64Array;
  readonly #instants: readonly MailInstants[];
  /** Rows of the mails that replace or delete the document of a row. */
  readonly #enders: Adjacency;

  constructor(mails: readonly MailedDocument[], environment: Environment, hospital: Hospital) {
    this.linked = new LinkedDocuments(mails, hospital);
    this.identities = mails.map(({ identityRoot: root }) =>
      root === null ? 'none' : acceptsRoot(environment, root) ? 'own' : 'other',
    );
    this.#instants = mails.map(mailInstants);
    this.accepted = Float64Array.from(this.#instants, ({ accepted }) => accepted);
    this.#enders = endersOf(mails);
  }

  /** Whether a row is a document that a figure may count. */
  mayCount(row: number, { mailsWithoutIns }: Settings): boolean {
    const identity = this.identities[row]!;
    const { operation } = this.linked.documents[row]!;
    return operation !== 'delete' && (identity === 'own' || (identity === 'none' && mailsWithoutIns));
  }

  progressOf(row: number, observation: Observation, settings: Settings): MailProgress {
    const standings = REACHES.map((reach) => this.#standingAt(row, reach, observation, settings));
    const last = standings.lastIndexOf('live');
    return {
      reach: REACHES[last] ?? null,
      standing: standings[last + 1] ?? 'live',
      unconfirmed: this.#isUnconfirmed(row, observation.unknownFromMs),
    };
  }

  /** What is shown of the mail of a row, as it is known before an instant. */
  openedMail(row: number, unknownFromMs: number): OpenedMail {
    const { class: audience, outcome, finishedAt, receipts } = this.linked.documents[row]!;
    const { accepted, relayed, delivered, failed } = this.#instants[row]!;
    const known = (ms: number) => (ms < unknownFromMs ? instant(ms) : null);
    return {
      class: audience,
      ...{ acceptedAt: known(accepted), relayedAt: known(relayed), deliveredAt: known(delivered) },
      failedAt: known(failed),
      outcome: finishedAt !== null && Date.parse(finishedAt) < unknownFromMs ? outcome : null,
      receipts: receipts.filter(({ at }) => Date.parse(at) < unknownFromMs),
    };
  }

  /** It ended, and nobody ever said what became of it. */
  #isUnconfirmed(row: number, unknownFromMs: number): boolean {
    const { outcome, finishedAt } = this.linked.documents[row]!;
    return outcome === 'unconfirmed' && finishedAt !== null && Date.parse(finishedAt) < unknownFromMs;
  }

  #standingAt(row: number, reach: Reach, seen: Observation, settings: Settings): MailStanding {
    const instants = this.#instants[row]!;
    const at = instants[reach];
    if (at === Number.POSITIVE_INFINITY) return 'not-reached';
    if (instants.failed < seen.beforeMs) return 'bounced';
    if (at >= seen.beforeMs) return at >= seen.unknownFromMs ? 'unknown-yet' : 'late';
    return this.#endAt(row, reach, seen, settings) ?? 'live';
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
      const ender = this.#instants[rows[at]!]!;
      if (ender.failed < beforeMs) continue;
      const deletes = this.linked.documents[rows[at]!]!.operation === 'delete';
      if (!deletes && ender[reach] < replacedBefore) return 'replaced';
      if (deletes && !deletedCounts && ender.relayed < beforeMs) end = 'deleted';
    }
    return end;
  }
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
