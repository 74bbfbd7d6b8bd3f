import { join } from 'node:path';
import { Definitions } from '../../indicators/catalog.ts';
import { computeIndicators } from '../../indicators/compute.ts';
import { factsOf } from '../../indicators/ledger-facts.ts';
import type { IndicatorReport } from '../../indicators/report.ts';
import { readConfig } from '../config.ts';
import { root } from '../product.ts';
import { type Command, choice, EXIT, text, UsageError, type Values } from './command.ts';
import { asCsv, asTable } from './figures-text.ts';
import { establishmentOf, readLedger } from './ledgers.ts';

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
