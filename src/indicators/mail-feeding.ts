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
  /** Number of the document and recipient of each row. */
  sendings: Int32Array;
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
  const known = new Array<MailProgress | undefined>(documents.length);
  const progress = (row: number) => {
    known[row] ??= mails.progressOf(row, observation, settings);
    return known[row];
  };
  return {
    ...{ taken, kindOf: kinds.kindOf, linkOf, counts, sendings: mails.sendings },
    documentsOf: (unit) => (documents.length === 0 ? [] : gather(denominator, rowsOf, unit, relevant)),
    judge: (row, unit) => whyNot(progress(row), counts) ?? leftOut(row, unit) ?? 'counts',
    describe(row) {
      const mail = mails.openedMail(row, observation.unknownFromMs);
      return { ...described({ ...documents[row]!, deliveredAt: mail.relayedAt }, linkOf(row)), mail };
    },
    siteOf: (row) => documents[row]!.stay?.finessEg ?? null,
    progressOf: (row, unit) => (leftOut(row, unit) ? null : progress(row)),
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
function whyNot({ reach, steps, standing, unconfirmed }: MailProgress, counts: Reach): Judgement | null {
  if (steps >= stepsOf(counts)) return null;
  if (standing !== 'not-reached' && standing !== 'live') return standing;
  if (unconfirmed) return 'unconfirmed';
  return reach === 'relayed' ? 'relayed-only' : 'receipt-awaited';
}

function stepsOf(reach: Reach): number {
  return REACHES.indexOf(reach) + 1;
}

/** What is known of one sending that has not come as far as `relayed`. */
const UNCONFIRMED = 1;
const BOUNCED = 2;

/** The three facts of an indicator's mails beside one another, of its units and of what was sent, once for each recipient. */
export function mailFigures({ units }: Pick<Denominator, 'units'>, feeding: MailFeeding): MailFigures {
  const { sendings, counts } = feeding;
  const ofUnits = new Uint8Array(units.length);
  const ofSendings = new Uint8Array(sendings.length);
  const marks = new Uint8Array(sendings.length);
  units.forEach((unit, at) => {
    for (const row of feeding.documentsOf(unit)) {
      const progress = feeding.progressOf(row, unit);
      if (!progress) continue;
      const { steps, standing, unconfirmed } = progress;
      const sending = sendings[row]!;
      ofUnits[at] = Math.max(ofUnits[at]!, steps);
      ofSendings[sending] = Math.max(ofSendings[sending]!, steps);
      if (unconfirmed) marks[sending]! |= UNCONFIRMED;
      else if (standing === 'bounced') marks[sending]! |= BOUNCED;
    }
  });
  const waiting = marks.filter((_, sending) => ofSendings[sending]! < stepsOf('relayed'));
  return {
    ...{ counts, units: atLeast(ofUnits), sendings: atLeast(ofSendings) },
    unconfirmed: waiting.filter((mark) => (mark & UNCONFIRMED) !== 0).length,
    bounced: waiting.filter((mark) => mark === BOUNCED).length,
  };
}

/** How many came at least so far. */
function atLeast(steps: Uint8Array): Record<Reach, number> {
  const reached = { accepted: 0, relayed: 0, delivered: 0 };
  for (const one of steps) for (let step = 0; step < one; step += 1) reached[REACHES[step]!] += 1;
  return reached;
}
