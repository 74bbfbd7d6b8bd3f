import type { DefinedIndicator } from './definitions.ts';
import type { Denominator } from './denominators.ts';
import { TAKEN, takenKinds } from './document-kinds.ts';
import type { Observation } from './live.ts';
import { REACHES, type Reach } from './mail-reach.ts';
import type { MailProgress, MailTable } from './mails.ts';
import {
  described,
  dischargeCheck,
  type Feeding,
  gather,
  type Judgement,
  stayLinksOf,
} from './numerators.ts';
import type { PreparedFacts } from './prepare.ts';
import type { MailFigures } from './report.ts';
import { audienceOf } from './rules.ts';
import type { Settings } from './settings.ts';

/** How far a mail must have come where a definition does not say: a positive receipt of any kind (sheet, 6.1). */
const DEFAULT_COUNTS: Reach = 'relayed';

/** What an indicator of mails is fed by: documents mailed, each to one recipient. */
export interface MailFeeding extends Feeding {
  counts: Reach;
  /** Where a document stands that may feed the unit; null for one that may not, however far it came. */
  progressOf(row: number, unit: number): MailProgress | null;
  /** One name for all versions and repetitions of one document to one recipient. */
  sendingOf(row: number): string;
}

/** As `feedingOf`, of mails. */
export function mailFeedingOf(
  indicator: DefinedIndicator,
  denominator: Pick<Denominator, 'grouping'>,
  facts: PreparedFacts,
  settings: Settings,
  observation: Observation,
): MailFeeding {
  const { mails } = facts;
  const { documents, kinds } = mails.linked;
  const { counts = DEFAULT_COUNTS } = indicator;
  const taken = takenKinds(kinds.kinds, indicator, settings);
  const { rowsOf, linkOf, isInferred } = stayLinksOf(mails.linked, settings);
  const nearDischarge = dischargeCheck(facts, settings);
  const isOf = mailCheck(indicator, mails, settings);
  const relevant = (row: number) =>
    taken[kinds.kindOf[row]!] !== TAKEN.no && mails.accepted[row]! < observation.unknownFromMs && isOf(row);
  const leftOut = (row: number, unit: number): 'dated-elsewhere' | 'inferred' | null => {
    const dated = taken[kinds.kindOf[row]!] === TAKEN.aroundDischarge;
    if (dated && !nearDischarge(mails.linked.datedRange(row), unit)) return 'dated-elsewhere';
    return isInferred(row) && !settings.inferredCounts ? 'inferred' : null;
  };
  const progress = (row: number) => mails.progressOf(row, observation, settings);
  return {
    ...{ taken, kindOf: kinds.kindOf, linkOf, counts },
    documentsOf: (unit) => (documents.length === 0 ? [] : gather(denominator, rowsOf, unit, relevant)),
    judge: (row, unit) => whyNot(progress(row), counts) ?? leftOut(row, unit) ?? 'counts',
    describe(row) {
      const mail = mails.openedMail(row, observation.unknownFromMs);
      return { ...described({ ...documents[row]!, deliveredAt: mail.relayedAt }, linkOf(row)), mail };
    },
    siteOf: (row) => documents[row]!.stay?.finessEg ?? null,
    progressOf: (row, unit) => (leftOut(row, unit) ? null : progress(row)),
    sendingOf: (row) => `${documents[row]!.chain} ${documents[row]!.recipient}`,
  };
}

/** Whether a row is a document that went to those whom an indicator is about. */
export function mailCheck(
  { numerator }: Pick<DefinedIndicator, 'numerator'>,
  mails: MailTable,
  settings: Settings,
): (row: number) => boolean {
  const audience = audienceOf(numerator) ?? [];
  return (row) => {
    const { class: of } = mails.linked.documents[row]!;
    return of !== null && audience.includes(of) && mails.mayCount(row, settings);
  };
}

/** Why a document did not come far enough, null when it did. */
function whyNot({ reach, standing, unconfirmed }: MailProgress, counts: Reach): Judgement | null {
  if (stepsOf(reach) >= stepsOf(counts)) return null;
  if (standing === 'unknown-yet') return 'late';
  if (standing !== 'not-reached' && standing !== 'live') return standing;
  if (unconfirmed) return 'unconfirmed';
  return reach === 'relayed' ? 'relayed-only' : 'receipt-awaited';
}

/** 0 for what did not even reach its operator. */
function stepsOf(reach: Reach | null): number {
  return reach === null ? 0 : REACHES.indexOf(reach) + 1;
}

/** The three facts of an indicator's mails beside one another, of its units and of what was sent, once for each recipient. */
export function mailFigures(denominator: Pick<Denominator, 'units'>, feeding: MailFeeding): MailFigures {
  const units: number[] = [];
  const sendings = new Map<string, { steps: number; unconfirmed: boolean; bounced: boolean }>();
  for (const unit of denominator.units) {
    let furthest = 0;
    for (const row of feeding.documentsOf(unit)) {
      const progress = feeding.progressOf(row, unit);
      if (!progress) continue;
      const steps = stepsOf(progress.reach);
      furthest = Math.max(furthest, steps);
      const name = feeding.sendingOf(row);
      const known = sendings.get(name) ?? { steps: 0, unconfirmed: false, bounced: false };
      sendings.set(name, {
        steps: Math.max(known.steps, steps),
        unconfirmed: known.unconfirmed || progress.unconfirmed,
        bounced: known.bounced || progress.standing === 'bounced',
      });
    }
    units.push(furthest);
  }
  const sent = [...sendings.values()];
  const waiting = sent.filter(({ steps }) => steps < stepsOf('relayed'));
  return {
    counts: feeding.counts,
    units: atLeast(units),
    sendings: atLeast(sent.map(({ steps }) => steps)),
    unconfirmed: waiting.filter(({ unconfirmed }) => unconfirmed).length,
    bounced: waiting.filter(({ unconfirmed, bounced }) => bounced && !unconfirmed).length,
  };
}

/** How many came at least so far. */
function atLeast(steps: readonly number[]): Record<Reach, number> {
  const reached = (reach: Reach) => steps.filter((one) => one >= stepsOf(reach)).length;
  return { accepted: reached('accepted'), relayed: reached('relayed'), delivered: reached('delivered') };
}
