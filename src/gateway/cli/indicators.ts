import { join } from 'node:path';
import { Definitions } from '../../indicators/catalog.ts';
import { computeIndicators } from '../../indicators/compute.ts';
import { truncatedPercent } from '../../indicators/figure.ts';
import { factsOf } from '../../indicators/ledger-facts.ts';
import { REACHES, type Reach } from '../../indicators/mail-reach.ts';
import type { IndicatorReport, MailFigures } from '../../indicators/report.ts';
import { readConfig } from '../config.ts';
import { root } from '../product.ts';
import { type Command, choice, EXIT, text, UsageError, type Values } from './command.ts';
import { establishmentOf, readLedger } from './ledgers.ts';
import { textTable } from './table.ts';

export const indicators: Command = {
  summary: 'the figures of a window, computed from the ledger',
  usage: `indicators [--window F2 | --period 2022-06 | --from DAY --to DAY] [--open CODE]
           [--scope EJ|EG] [--finess FINESS] [--definition ID] [--variant live|official]
           [--grace-days N] [--as-of INSTANT] [--establishment ID] [--format table|json|csv]`,
  options: Object.fromEntries(
    [
      'window',
      'period',
      'from',
      'to',
      'open',
      'scope',
      'finess',
      'definition',
      'variant',
      'grace-days',
      'as-of',
      'establishment',
      'format',
    ].map((name) => [name, { type: 'string' as const }]),
  ),
  async run(values) {
    const format = choice(values, 'format', ['table', 'json', 'csv'], 'table');
    const report = await compute(values);
    const code = text(values, 'open');
    if (code !== undefined) console.log(JSON.stringify(report.open(code), null, 2));
    else if (format === 'json') console.log(JSON.stringify(report, null, 2));
    else console.log(format === 'csv' ? asCsv(report) : asTable(report));
    return EXIT.done;
  },
};

async function compute(values: Values): Promise<IndicatorReport> {
  const config = readConfig();
  const establishment = establishmentOf(config, values);
  const reader = readLedger(config);
  const facts = await factsOf(reader.of(establishment.id)).finally(() => reader.close());
  const asked = periodOf(values);
  const definitions = await Definitions.load(join(root, 'profiles', 'indicators'));
  return computeIndicators({
    ...asked,
    definition: definitions.pick(text(values, 'definition'), 'window' in asked ? asked.window : undefined),
    scope: { level: choice(values, 'scope', ['EJ', 'EG'], 'EJ'), finess: text(values, 'finess') },
    variant: choice(values, 'variant', ['live', 'official'], 'live'),
    graceDays: graceDaysOf(values),
    asOf: text(values, 'as-of') ?? new Date().toISOString(),
    environment: config.environment,
    establishment,
    facts,
  });
}

function graceDaysOf(values: Values): number | undefined {
  const days = text(values, 'grace-days');
  if (days === undefined) return undefined;
  if (!/^\d{1,3}$/.test(days)) throw new UsageError('--grace-days is a number of days');
  return Number(days);
}

function periodOf(values: Values): { window: string } | { period: string } | { from: string; to: string } {
  const [window, period, from, to] = ['window', 'period', 'from', 'to'].map((name) => text(values, name));
  if ([window, period, from ?? to].filter((way) => way !== undefined).length > 1)
    throw new UsageError('give one of --window, --period, or --from and --to');
  if (period !== undefined) return { period };
  if (from !== undefined && to !== undefined) return { from, to };
  if (from !== undefined || to !== undefined) throw new UsageError('--from and --to go together');
  return { window: window ?? 'current' };
}

/** The figures as a table for people: French first, as everything the hospital reads. */
export function asTable(report: IndicatorReport): string {
  const rows = report.indicators.map(
    ({ code, label, numerator, denominator, target, met, notComputableBecause }) => [
      code,
      label,
      notComputableBecause === undefined ? `${numerator}/${denominator}` : '—',
      notComputableBecause ?? `${percent(numerator, denominator)} %`,
      target === null ? '—' : `${target}`,
      met === null ? '—' : met ? 'oui' : 'non',
    ],
  );
  const mark = report.mark ? `${report.mark} · ` : '';
  const head = `${mark}${report.from} → ${report.to} · ${report.scope.level} ${report.scope.finess} · définition ${report.definition.id} ${report.definition.version}${report.definition.status === 'working' ? ' (définition de travail)' : ''}`;
  const table = textTable([['', 'Indicateur', 'Valeur', '%', 'Cible', 'Atteinte'], ...rows]);
  return [head, '', table, ...mailLines(report), ...reasons(report)].join('\n');
}

const REACH_FR: Readonly<Record<Reach, string>> = {
  accepted: "acceptés par l'opérateur",
  relayed: 'relayés',
  delivered: 'remis',
};

/** The three facts of each figure of mails, whichever of them counts. */
function mailLines({ indicators }: IndicatorReport): string[] {
  const lines = indicators.flatMap(({ code, mails }) => (mails ? [`${code} : ${mailLine(mails)}`] : []));
  return lines.length === 0 ? [] : ['', ...lines];
}

function mailLine({ counts, units, sendings, unconfirmed, bounced }: MailFigures): string {
  const three = (figures: Record<Reach, number>) =>
    REACHES.map((reach) => `${REACH_FR[reach]} ${figures[reach]}`).join(', ');
  const failures = `sans accusé ${unconfirmed}, en échec ${bounced}`;
  return `compte ce qui est « ${REACH_FR[counts]} » · séjours : ${three(units)} · envois : ${three(sendings)}, ${failures}`;
}

/** Each reason that stands in a table, once, in words. */
function reasons({ indicators }: IndicatorReport): string[] {
  const said = indicators.flatMap(({ notComputableBecause: code, notComputableMessage: words }) =>
    code === undefined ? [] : [`${code} : ${words}`],
  );
  return said.length === 0 ? [] : ['', ...new Set(said)];
}

function percent(numerator: number | null, denominator: number | null): string {
  return numerator === null || denominator === null ? '—' : (truncatedPercent(numerator, denominator) ?? '—');
}

function asCsv(report: IndicatorReport): string {
  const head =
    'code;label;numerator;denominator;target;met;not_computable_because;from;to;scope;finess;variant;as_of;definition;definition_version;environment;mails_counts;mails_accepted;mails_relayed;mails_delivered;sendings_accepted;sendings_relayed;sendings_delivered;sendings_unconfirmed;sendings_bounced';
  const tail = [
    report.from,
    report.to,
    report.scope.level,
    report.scope.finess,
    report.variant,
    report.asOf,
    report.definition.id,
    report.definition.version,
    report.environment,
  ];
  const lines = report.indicators.map((one) =>
    [
      one.code,
      one.label,
      one.numerator,
      one.denominator,
      one.target,
      one.met,
      one.notComputableBecause,
      ...tail,
      ...mailCells(one.mails),
    ]
      .map((cell) => quoted(cell))
      .join(';'),
  );
  return [head, ...lines].join('\n');
}

/** Empty for a figure that is not of mails. */
function mailCells(mails: MailFigures | undefined): unknown[] {
  const three = (figures: Record<Reach, number> | undefined) => REACHES.map((reach) => figures?.[reach]);
  return [
    mails?.counts,
    ...three(mails?.units),
    ...three(mails?.sendings),
    mails?.unconfirmed,
    mails?.bounced,
  ];
}

function quoted(cell: unknown): string {
  const plain = cell === null || cell === undefined ? '' : String(cell);
  return /[";\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
