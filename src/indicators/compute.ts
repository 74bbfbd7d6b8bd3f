import { instant } from '../words/clock.ts';
import { type Environment, TEST_DATA_MARK } from '../words/environment.ts';
import type { Establishment } from '../words/establishment.ts';
import { acceptedIn, type DepositTally, mailCoverage, tallyDeposits } from './coverage.ts';
import type { DefinedIndicator, Definition, Reading, Target } from './definitions.ts';
import { type Counting, type Denominator, denominatorOf } from './denominators.ts';
import { indicatorError } from './errors.ts';
import type { IndicatorFacts } from './facts.ts';
import { type Figure, guarded, isMet, NOT_COMPUTABLE, notComputable, truncatedPercent } from './figure.ts';
import type { Observation } from './live.ts';
import { mailCheck, mailFeedingOf, mailFigures } from './mail-feeding.ts';
import { type Feeding, feedingOf, tally } from './numerators.ts';
import { type Counted, openIndicator, openNothing } from './open.ts';
import { type PreparedFacts, prepareFacts } from './prepare.ts';
import type {
  Coverage,
  IndicatorFigures,
  IndicatorReport,
  IndicatorResult,
  MailFigures,
  ReadingFigure,
  Scope,
  Variant,
} from './report.ts';
import { audienceOf, awaitedFacts } from './rules.ts';
import { checkOverlay, type Settings, type SettingsOverlay, withOverlays } from './settings.ts';
import { judgingWindow, observationInstant, type Period, type PeriodRequest, resolvePeriod } from './time.ts';
import { readInstant, type Zone } from './zone.ts';

/** What figures are asked for, and the facts they are made of: one of `window`, `period`, or `from` and `to`. */
export type IndicatorInput = PeriodRequest & {
  definition: Definition;
  /** The geographic FINESS may be left out when the establishment has one site, the legal one always. */
  scope: { level: 'EJ' | 'EG'; finess?: string | undefined };
  variant: Variant;
  /** Whole local days; the setting of the definition when absent. Heard in the variant `official` only. */
  graceDays?: number | undefined;
  /** Instant of knowledge, ISO 8601: what happened later is not known. */
  asOf: string;
  environment: Environment;
  /** IANA zone; the establishment's when absent. */
  zone?: string | undefined;
  establishment: Establishment;
  facts: IndicatorFacts | PreparedFacts;
  /** The tenant's own settings, over those of the definition. */
  settings?: SettingsOverlay | undefined;
  /** Also computes each figure under each named reading of the definition. */
  acrossVariants?: boolean | undefined;
};

/**
 * The figures of a definition over a period, computed from facts alone: the same facts give the same figures, whatever
 * their order and whenever it is done. Linear in the facts; give `PreparedFacts` when asking more than once.
 * Source: the rules of the definition.
 * @throws ViaducError indicators.window-unknown, period-invalid, scope-unknown, scope-needs-site, instant-invalid,
 *   setting-invalid, zone-unknown
 */
export function computeIndicators(input: IndicatorInput): IndicatorReport {
  const frame = frameOf(input);
  const results = input.definition.indicators.map((indicator) => computeOne(frame, indicator));
  if (input.acrossVariants) addReadings(frame, results);
  const indicators = results.map(({ result }) => result);
  return { ...headOf(frame), indicators, open: (code, options) => openResult(frame, results, code, options) };
}

/** What is the same for all indicators of a report. */
interface Frame {
  definition: Definition;
  facts: PreparedFacts;
  zone: Zone;
  period: Period;
  judgedBy: string | null;
  scope: Scope;
  variant: Variant;
  asOfMs: number;
  overlay: SettingsOverlay;
  settings: Settings;
  /** Rows of the versions accepted within the period. */
  deposits: readonly number[];
  coverage(settings: Settings): DepositTally;
  denominator(indicator: DefinedIndicator, settings: Settings): Denominator;
}

function frameOf(input: IndicatorInput): Frame {
  const { definition, environment, establishment, variant } = input;
  const facts = prepareFacts(input.facts, environment, input.zone ?? establishment.zone);
  const { zone } = facts;
  const asOfMs = asOfInstant(input.asOf, zone);
  const period = resolvePeriod(input, definition, zone, asOfMs);
  const scope = resolveScope(input.scope, establishment);
  const grace = input.graceDays === undefined ? {} : { graceDays: input.graceDays };
  const overlay = checkOverlay({ ...input.settings, ...grace });
  const settings = withOverlays(definition.settings, overlay);
  const accepted = { accepted: facts.versions.delivered, sites: facts.deposits.sites() };
  const deposits = acceptedIn(accepted, facts.codes, period, scope, asOfMs + 1);
  return {
    ...{ definition, facts, zone, period, scope, variant, asOfMs, overlay, settings, deposits },
    judgedBy: judgingWindow(definition, period),
    coverage: coverageByLinking(facts, deposits),
    denominator: denominatorsByRule({ facts, period, scope, unknownFromMs: asOfMs + 1 }),
  };
}

/** Indicators over the same units share one pass over the stays or exams. */
function denominatorsByRule(counting: Omit<Counting, 'settings'>): Frame['denominator'] {
  const known = new Map<string, Denominator>();
  return (indicator, settings) => {
    const { denominator, date, unit, examKind } = indicator;
    const key = JSON.stringify([denominator, date, unit, examKind, settings]);
    const found = known.get(key) ?? denominatorOf(indicator, { ...counting, settings });
    known.set(key, found);
    return found;
  };
}

/** Only the variant `official` has a cut-off, which no knowledge of later days can put off. */
function observationOf({ period, variant, zone, asOfMs }: Frame, { graceDays }: Settings): Observation {
  const unknownFromMs = asOfMs + 1;
  if (variant === 'live') return { beforeMs: unknownFromMs, unknownFromMs };
  return { beforeMs: Math.min(observationInstant(period, graceDays, zone), unknownFromMs), unknownFromMs };
}

function asOfInstant(text: string, zone: Zone): number {
  const ms = readInstant(text, zone);
  if (ms === null) throw indicatorError('indicators.instant-invalid', { name: 'asOf' });
  return ms;
}

function resolveScope({ level, finess }: IndicatorInput['scope'], establishment: Establishment): Scope {
  const sites = establishment.sites.map((site) => site.finessEg);
  const known = level === 'EJ' ? [establishment.finessEj] : sites;
  if (finess === undefined && known.length !== 1)
    throw indicatorError('indicators.scope-needs-site', { sites: sites.length });
  const chosen = finess ?? known[0]!;
  if (!known.includes(chosen)) throw indicatorError('indicators.scope-unknown', { finess: chosen, level });
  return { level, finess: chosen };
}

/** Indicators that link alike share one pass over the deposits. */
function coverageByLinking(facts: PreparedFacts, deposits: readonly number[]): Frame['coverage'] {
  const tallies = new Map<Uint8Array, DepositTally>();
  return (settings) => {
    const stay = facts.deposits.stayLinks(settings).links;
    const links = { stay, exam: facts.examLinks.links };
    const tallied = tallies.get(stay) ?? tallyDeposits(facts.deposits.kinds, links, deposits);
    tallies.set(stay, tallied);
    return tallied;
  };
}

function headOf(frame: Frame): Omit<IndicatorFigures, 'indicators'> {
  const { definition, facts, period, settings } = frame;
  const { beforeMs } = observationOf(frame, settings);
  const { id, version, sha256, status } = definition;
  return {
    [period.kind]: period.id,
    from: period.from,
    to: period.to,
    judgedBy: frame.judgedBy,
    zone: frame.zone.name,
    scope: frame.scope,
    asOf: instant(frame.asOfMs),
    observedUntil: instant(Math.min(beforeMs, frame.asOfMs)),
    variant: frame.variant,
    graceDays: settings.graceDays,
    definition: { id, version, sha256, status },
    settings,
    environment: facts.environment,
    mark: facts.environment === 'production' ? null : TEST_DATA_MARK,
    frozen: false,
    facts: {
      stays: facts.stays.stays.length,
      exams: facts.exams.exams.length,
      documents: facts.versions.documents.length,
      mails: facts.facts.mails?.length ?? null,
      otherEnvironment: facts.versions.otherEnvironment,
      repeated: facts.stays.repeated + facts.exams.repeated,
    },
  };
}

interface Result {
  result: IndicatorResult;
  /** What it was counted from; null when it was not counted. */
  counted: Counted | null;
}

/** One indicator, its rules and settings changed by a reading when one is given. */
function computeOne(frame: Frame, defined: DefinedIndicator, reading?: Reading): Result {
  const indicator = { ...defined, ...reading?.indicators?.[defined.code] };
  const settings = withOverlays(
    frame.definition.settings,
    defined.settings,
    frame.overlay,
    reading?.settings,
  );
  const target = targetOf(indicator, frame.judgedBy);
  const obstacle = obstacleTo(frame, indicator, settings);
  if (obstacle) return { result: resultOf(indicator, target, obstacle, settings), counted: null };
  const { facts } = frame;
  const observation = observationOf(frame, settings);
  const denominator = frame.denominator(indicator, settings);
  const fed = fedBy(frame, indicator, denominator, settings, observation);
  const { numerator, inferred } = tally(indicator, denominator, fed.feeding);
  const { known, units, excluded, beside } = denominator;
  const figure = known ? guarded(numerator, units.length) : notComputable('denominator-unknown');
  const { code, unit } = indicator;
  const { feeding, deposits, coverage, mails } = fed;
  return {
    result: {
      ...{ ...resultOf(indicator, target, figure, settings), coverage, inferred, excluded, beside },
      ...(mails && known ? { mails } : {}),
    },
    counted: { code, unit, facts, denominator, feeding, deposits },
  };
}

/** What an indicator is fed by, how much of it a stay or exam is known of, and how far its mails came. */
interface Fed {
  feeding: Feeding;
  deposits: readonly number[];
  coverage: Coverage;
  mails: MailFigures | null;
}

function fedBy(
  frame: Frame,
  indicator: DefinedIndicator,
  denominator: Denominator,
  settings: Settings,
  observation: Observation,
): Fed {
  const { facts, deposits } = frame;
  if (audienceOf(indicator.numerator))
    return fedByMails(frame, indicator, denominator, settings, observation);
  const feeding = feedingOf(indicator, denominator, facts, settings, observation);
  const coverage = frame.coverage(settings).of(denominator.of, feeding.taken, settings);
  return { feeding, deposits, coverage, mails: null };
}

function fedByMails(
  { facts, period, scope, asOfMs }: Frame,
  indicator: DefinedIndicator,
  denominator: Denominator,
  settings: Settings,
  observation: Observation,
): Fed {
  const { accepted, linked } = facts.mails;
  const feeding = mailFeedingOf(indicator, denominator, facts, settings, observation);
  const known = acceptedIn({ accepted, sites: linked.sites() }, facts.codes, period, scope, asOfMs + 1);
  const deposits = known.filter(mailCheck(indicator, facts.mails, settings));
  const { links } = linked.stayLinks(settings);
  const coverage = mailCoverage(linked.kinds, links, deposits, feeding.taken, settings);
  return { feeding, deposits, coverage, mails: mailFigures(denominator, feeding) };
}

/** Why an indicator is not even counted. */
function obstacleTo(frame: Frame, indicator: DefinedIndicator, settings: Settings): Figure | null {
  const { judgedBy, scope } = frame;
  if (judgedBy !== null && indicator.targets && !(judgedBy in indicator.targets))
    return notComputable('not-measured-in-window');
  if (!indicator.scope.includes(scope.level)) return notComputable('scope-not-measured');
  const awaited = awaitedFacts(indicator, (source) => frame.facts.has(source));
  if (awaited.length > 0) return notComputable('facts-missing', awaited);
  const owned = { BIO: settings.ownLaboratory, IMG: settings.ownImaging };
  return indicator.examKind && !owned[indicator.examKind] ? notComputable('not-applicable') : null;
}

function targetOf(indicator: DefinedIndicator, judgedBy: string | null): Target | null {
  const ofWindow = judgedBy === null ? undefined : indicator.targets?.[judgedBy];
  return ofWindow ?? indicator.target ?? null;
}

function resultOf(
  { code, label, status, bonus = false, unit }: DefinedIndicator,
  target: Target | null,
  figure: Figure,
  { targetReached }: Settings,
): IndicatorResult {
  const { numerator, denominator } = figure;
  return {
    ...{ code, label: label.fr, labelEn: label.en, status, bonus, unit, target, ...figure },
    ...saidOf(figure),
    met: isMet(figure, target, targetReached),
    percent: numerator === null || denominator === null ? null : truncatedPercent(numerator, denominator),
    ...{ coverage: null, inferred: 0, excluded: {}, beside: {} },
  };
}

function saidOf({ notComputableBecause: because }: Figure): Pick<IndicatorResult, 'notComputableMessage'> {
  return because ? { notComputableMessage: NOT_COMPUTABLE[because].fr } : {};
}

function addReadings(frame: Frame, results: readonly Result[]): void {
  const readings = frame.definition.readings ?? [];
  frame.definition.indicators.forEach((indicator, at) => {
    results[at]!.result.acrossVariants = readings.map((reading) => readingFigure(frame, indicator, reading));
  });
}

function readingFigure(frame: Frame, indicator: DefinedIndicator, reading: Reading): ReadingFigure {
  const { result } = computeOne(frame, indicator, reading);
  const { numerator, denominator, met, notComputableBecause } = result;
  const because = notComputableBecause ? { notComputableBecause } : {};
  return { reading: reading.id, label: reading.label.fr, numerator, denominator, met, ...because };
}

function openResult(
  frame: Frame,
  results: readonly Result[],
  ...[code, options]: Parameters<IndicatorReport['open']>
) {
  const found = results.find(({ result }) => result.code === code);
  if (!found) throw indicatorError('indicators.indicator-unknown', { code, definition: frame.definition.id });
  return found.counted ? openIndicator(found.counted, options) : openNothing(code, found.result.unit);
}
