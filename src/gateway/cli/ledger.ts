import { existsSync, readFileSync, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { LedgerCopy } from '../../ledger/copy.ts';
import { exportLines, openExport } from '../../ledger/export.ts';
import { openSqliteCopy } from '../../ledger/sqlite/copy.ts';
import { keysInForce } from '../../ledger/sqlite/settle-keys.ts';
import { GATEWAY_CHAIN } from '../../ledger/sqlite/store.ts';
import { type StampReport, verifyStamps } from '../../ledger/stamps.ts';
import { type ChainReport, type Problem, verifyLedger } from '../../ledger/verify.ts';
import { readWitness } from '../../ledger/witnesses/file.ts';
import { type Config, readConfig } from '../config.ts';
import { type Command, EXIT, text, texts, UsageError, type Values } from './command.ts';
import { establishmentOf, openLedgerFor, readLedger } from './ledgers.ts';
import { rotateKey } from './rotate-key.ts';
import { textTable } from './table.ts';

export const ledger: Command = {
  summary: 'verify, export, show or rebuild the ledger',
  usage: `ledger verify [PATH] [--witness FILE]... [--tsa-authorities PEM] [--public-key FILE] [--format text|json]
       viaduc ledger export [--establishment ID] > FILE
       viaduc ledger show [--establishment ID] [--from N] [--limit N]
       viaduc ledger rebuild
       viaduc ledger rotate-key [--only seal|master]

--establishment @gateway names the chain of the gateway itself: packs put in force and out of it, tokens.
PATH is a data folder or an exported file; the configured data folder when absent. A witness finds what a chain alone
cannot show: that everything was written again with the key, or that its end was cut off; it is a file, a log, an attachment
that was saved. With the authorities of a time stamping service, its stamps in these files are verified too. Rebuild makes the tables that are
read again from the events, while no gateway runs. Rotate-key puts new keys in the place of\nthose of the key file, while no gateway runs either: docs/operations.md says what to keep of the old ones.`,
  options: {
    witness: { type: 'string', multiple: true },
    'tsa-authorities': { type: 'string' },
    'public-key': { type: 'string' },
    format: { type: 'string' },
    establishment: { type: 'string' },
    from: { type: 'string' },
    limit: { type: 'string' },
    only: { type: 'string' },
  },
  async run(values, [verb, path]) {
    const config = readConfig();
    if (verb === 'verify') return verify(config, values, path);
    if (verb === 'export') return exportAll(config, values);
    if (verb === 'show') return show(config, values);
    if (verb === 'rebuild') return rebuild(config);
    if (verb === 'rotate-key') return rotateKey(config, values);
    throw new UsageError('ledger verify, export, show, rebuild or rotate-key');
  },
};

async function verify(config: Config, values: Values, path = config.data): Promise<number> {
  const witnesses = witnessesOf(config, values, path);
  const copy = openCopy(config, path);
  const publicKey = text(values, 'public-key');
  const options = {
    ...(witnesses.length === 0 ? {} : { witness: witnesses.flatMap(readWitness) }),
    ...(publicKey === undefined ? {} : { publicPem: readFileSync(publicKey, 'utf8') }),
  };
  const reports = verifyLedger(copy, options);
  copy.close();
  const authorities = text(values, 'tsa-authorities');
  const stamps =
    authorities === undefined ? null : await verifyStamps(witnesses, readFileSync(authorities, 'utf8'));
  if (text(values, 'format') === 'json')
    console.log(JSON.stringify(stamps ? { chains: reports, stamps } : reports, null, 2));
  else console.log([asText(reports), ...(stamps ? [stampText(stamps)] : [])].join('\n'));
  const wrong = reports.some(({ problems }) => problems.length > 0) || stamps?.some(({ problem }) => problem);
  return wrong ? EXIT.invalid : EXIT.done;
}

/** The files that are named, or those of the configured witnesses for the configured ledger. */
function witnessesOf(config: Config, values: Values, path: string): string[] {
  const named = texts(values, 'witness');
  const missing = named.find((file) => !existsSync(file));
  if (missing !== undefined) throw new UsageError(`there is no witness file ${missing}`);
  if (named.length > 0 || path !== config.data) return named;
  return config.evidenceFiles.filter((file) => existsSync(file));
}

function stampText(stamps: readonly StampReport[]): string {
  const wrong = stamps.filter(({ problem }) => problem !== null);
  const holding = stamps.filter(({ problem }) => problem === null);
  const newest = new Map(holding.map((stamp) => [stamp.establishment, stamp]));
  return [
    `${holding.length} time stamp(s) hold, ${wrong.length} do not`,
    ...[...newest.values()].map(
      ({ establishment, seal, event, at }) =>
        `  ${establishment}: events up to ${event} (seal ${seal}) existed on ${at}`,
    ),
    ...wrong.map(({ establishment, seal, problem }) => `  ${establishment}, seal ${seal}: ${problem}`),
  ].join('\n');
}

function openCopy(config: Config, path: string): LedgerCopy {
  if (existsSync(path) && statSync(path).isFile()) return openExport(path);
  return openSqliteCopy(path, existsSync(config.keyFile) ? keysInForce(path, config.keyFile) : null);
}

function asText(reports: readonly ChainReport[]): string {
  const rows = reports.map(
    ({ establishment, environment, events, seals, sealedTo, witnessedTo, erased, notChecked, problems }) => [
      ...[
        establishment,
        environment ?? '?',
        String(events),
        String(seals),
        String(sealedTo),
        witnessedTo === null ? 'no witness' : String(witnessedTo),
      ],
      ...[String(erased), String(notChecked), verdictOf(problems.length, witnessedTo, events)],
    ],
  );
  const head = [
    'chain',
    'environment',
    'events',
    'seals',
    'sealed to',
    'witnessed to',
    'erased',
    'not checked',
    '',
  ];
  const problems = reports.flatMap(({ establishment, problems: found }) =>
    found.map(({ code, at, message }) => `  ${establishment}, ${placeOf(at)}: ${message} [${code}]`),
  );
  const gone = reports.flatMap(({ establishment, decisions }) =>
    decisions.map(
      ({ decision, events, erased }) =>
        `  ${establishment}: ${erased} erased by decision '${decision}' (${events} event(s))`,
    ),
  );
  const restores = reports.flatMap(({ establishment, restores: found }) =>
    found.map((restore) => `  ${establishment}, event ${restore.event}: ${restoreText(restore)}`),
  );
  return [textTable([head, ...rows]), ...gone, ...restores, ...problems].join('\n');
}

function restoreText({ at, lost }: ChainReport['restores'][number]): string {
  const what = lost
    ? `seals ${lost.fromSeal} to ${lost.toSeal}, of events up to ${lost.toEvent}, were lost`
    : 'no witness said that anything was lost';
  return `restored from a backup on ${at}; ${what}`;
}

function placeOf(at: Problem['at']): string {
  if ('event' in at) return `event ${at.event}`;
  return 'seal' in at ? `seal ${at.seal}` : `table ${at.reading}`;
}

/** What may be said of a chain, and what may not. */
function verdictOf(problems: number, witnessedTo: number | null, events: number): string {
  if (problems > 0) return 'NOT COHERENT';
  if (witnessedTo === null) return 'coherent, not witnessed';
  return witnessedTo < events
    ? `coherent, witnessed; nothing proves the last ${events - witnessedTo} event(s) yet`
    : 'coherent, witnessed';
}

/** Writes no faster than the reader of the output reads; that it stops reading is no failure. */
async function exportAll(config: Config, values: Values): Promise<number> {
  const copy = openSqliteCopy(config.data, null);
  try {
    await pipeline(Readable.from(exportLines(copy, text(values, 'establishment'))), process.stdout, {
      end: false,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  } finally {
    copy.close();
  }
  return EXIT.done;
}

async function rebuild(config: Config): Promise<number> {
  const opened = await openLedgerFor(config);
  try {
    await opened.rebuild();
  } finally {
    await opened.close();
  }
  console.log('rebuilt from the events');
  return EXIT.done;
}

async function show(config: Config, values: Values): Promise<number> {
  const reader = readLedger(config);
  const from = number(values, 'from', 1);
  const limit = number(values, 'limit', 50);
  for (const event of await reader.of(chainOf(config, values)).events(from, limit))
    console.log(JSON.stringify(event));
  reader.close();
  return EXIT.done;
}

/** The chain of an establishment, or that of the gateway itself. */
function chainOf(config: Config, values: Values): string {
  const ofGateway = text(values, 'establishment') === GATEWAY_CHAIN;
  return ofGateway ? GATEWAY_CHAIN : establishmentOf(config, values).id;
}

function number(values: Values, name: string, otherwise: number): number {
  const given = text(values, name);
  if (given !== undefined && !/^[1-9]\d{0,8}$/.test(given))
    throw new UsageError(`--${name} is a number from 1 on`);
  return given === undefined ? otherwise : Number(given);
}
