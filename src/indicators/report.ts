import type { Environment, TEST_DATA_MARK } from '../words/environment.ts';
import type { MailedDocument } from '../words/figures.ts';
import type { Stay } from '../words/stay.ts';
import type { Target } from './definitions.ts';
import type { Exclusion } from './denominators.ts';
import type { ExamLink } from './exam-linking.ts';
import type { Figure } from './figure.ts';
import type { StayLink } from './linking.ts';
import type { Reach } from './mail-reach.ts';
import type { MailStanding } from './mails.ts';
import type { Unit } from './rules.ts';
import type { Settings } from './settings.ts';

export interface Scope {
  level: 'EJ' | 'EG';
  finess: string;
}

/** `live` has no cut-off; `official` counts what was accepted before the end of the period and its grace. */
export type Variant = 'live' | 'official';

/**
 * How many deposits (or mails) of the indicator's document types, accepted within the period, are linked to a known stay (or
 * exam): what is not linked is counted nowhere.
 */
export interface Coverage {
  linked: number;
  inferred: number;
  unlinked: number;
  total: number;
  /** Share linked, one decimal, truncated; null when there was no deposit. */
  percent: string | null;
  /** Below the setting `coverageWarnPercent`. */
  low: boolean;
}

/** An indicator's figure in one reading of the programme. */
export interface ReadingFigure extends Figure {
  reading: string;
  label: string;
  met: boolean | null;
}

/** One indicator of a report, as in the public interface. */
export interface IndicatorResult extends Figure {
  code: string;
  /** French; `labelEn` for the English screen. */
  label: string;
  labelEn: string;
  status: 'official' | 'working';
  bonus: boolean;
  unit: Unit;
  /** Percent, or true for an indicator that is done or not; null where not measured or not set. */
  target: Target | null;
  /** `notComputableBecause` in words, in French as the label. */
  notComputableMessage?: string;
  /** Null when it cannot be judged. */
  met: boolean | null;
  /** The figure with one decimal, cut and never rounded up. */
  percent: string | null;
  coverage: Coverage | null;
  /** Units that only documents of an inferred stay would add to the numerator. */
  inferred: number;
  /** Units of the period that the settings leave out of the denominator, by reason. */
  excluded: Partial<Record<Exclusion, number>>;
  /** Units in the denominator that are worth a figure of their own, such as newborns. */
  beside: Partial<Record<Exclusion, number>>;
  /** Of a figure of mails that could be counted: all three facts, whichever counts. */
  mails?: MailFigures;
  /** The figure under each named reading of the definition, when asked for. */
  acrossVariants?: ReadingFigure[];
}

/** How far the mails of an indicator came. What came further is in the figures before it too. */
export interface MailFigures {
  /** Which of the three is the numerator. */
  counts: Reach;
  /** Units of the denominator. */
  units: Record<Reach, number>;
  /** Documents of these units, once for each recipient, whatever was repeated or replaced. */
  sendings: Record<Reach, number>;
  /** Sendings that ended without any receipt: in `accepted` alone. */
  unconfirmed: number;
  /** Sendings that failed: in none of the three. */
  bounced: number;
}

/** A report without what opens it: what the public interface answers. */
export interface IndicatorFigures {
  window?: string;
  period?: string;
  /** First and last local day. */
  from: string;
  to: string;
  /** The window whose targets judge the period, or null. */
  judgedBy: string | null;
  zone: string;
  scope: Scope;
  /** Instants, ISO 8601 UTC. What happened after `asOf` is not known; what was accepted from `observedUntil` on does not count. */
  asOf: string;
  observedUntil: string;
  variant: Variant;
  graceDays: number;
  definition: { id: string; version: string; sha256: string; status: 'official' | 'working' };
  settings: Settings;
  environment: Environment;
  /** The words that stand on figures outside production. */
  mark: typeof TEST_DATA_MARK | null;
  frozen: false;
  facts: {
    stays: number;
    exams: number;
    documents: number;
    /** Documents mailed, once for each mail; null when nothing is known of mails. */
    mails: number | null;
    otherEnvironment: number;
    repeated: number;
  };
  indicators: IndicatorResult[];
}

/** A document that stands behind a unit, or would if it counted. */
export interface OpenedDocument {
  uniqueId: string;
  submission: string;
  delivery: string;
  /** Of a mail the instant of its positive receipt; null before one came. */
  deliveredAt: string | null;
  typeCode: string;
  level: 1 | 2 | 3;
  link: StayLink | ExamLink;
  counts: boolean;
  /** Why it does not count. */
  because:
    | Exclude<MailStanding, 'live' | 'not-reached'>
    | 'dated-elsewhere'
    | 'inferred'
    | 'receipt-awaited'
    | 'unconfirmed'
    | 'relayed-only'
    | null;
  /** How it was mailed; absent for a deposit in the DMP. */
  mail?: OpenedMail;
}

/** The way of one mail, with the receipts that say so. Instants are ISO 8601 UTC, null for what did not happen. */
export interface OpenedMail extends Pick<MailedDocument, 'class' | 'outcome' | 'receipts'> {
  acceptedAt: string | null;
  relayedAt: string | null;
  deliveredAt: string | null;
  failedAt: string | null;
  /** An answer in no known form came: somebody must read what it means. */
  bouncedAt: string | null;
}

/** A stay or an exam of the denominator. Keys are natural keys; nothing here says who the patient is. */
export interface OpenedUnit {
  key: string;
  /** Keys of all members when several stays or exams are one unit. */
  members: string[];
  /** Instant that places it in the period, ISO 8601 UTC. */
  at: string;
  specialty: Stay['specialty'];
  documents: OpenedDocument[];
}

/** A deposit of the period that is linked to no stay or exam: the work queue. */
export interface UnlinkedDocument extends Omit<OpenedDocument, 'counts' | 'because'> {
  finessEg: string | null;
}

/** An indicator opened: its figure is the length of `counted` over that of the three lists of units together. */
export interface OpenedIndicator {
  code: string;
  unit: Unit;
  counted: OpenedUnit[];
  /** Fed only by documents whose stay was inferred. */
  inferred: OpenedUnit[];
  lacking: OpenedUnit[];
  unlinked: UnlinkedDocument[];
}

/** Which part of each list to open; all when absent. */
export interface OpenOptions {
  lists?: readonly ('counted' | 'inferred' | 'lacking' | 'unlinked')[];
  offset?: number;
  limit?: number;
}

/** Figures, and the way down to what they are made of. `JSON.stringify` gives the figures alone. */
export interface IndicatorReport extends IndicatorFigures {
  /**
   * The units and documents behind one indicator, in the order of their date.
   * @throws ViaducError indicators.indicator-unknown
   */
  open(code: string, options?: OpenOptions): OpenedIndicator;
}
