import { existsSync, statSync } from 'node:fs';
import { Judge } from '../../checks/judge.ts';
import type { LedgerView } from '../../ledger/view.ts';
import { keptPacks } from '../../validation/packs/kept.ts';
import type { DocumentEntry } from '../../words/events.ts';
import type { Config } from '../config.ts';
import { findKept } from '../pack-keeping.ts';
import { EXIT, text, UsageError, type Values } from './command.ts';
import { cacheFolder, rulesOf } from './judging.ts';
import { type KeptDocument, keptDocuments } from './kept-documents.ts';
import { establishmentOf, readLedger } from './ledgers.ts';

interface Tally {
  judged: number;
  gone: number;
  refused: number;
  notJudged: number;
}

/** Judges kept documents again by one pack alone; sends and records nothing. */
export async function tryPack(config: Config, values: Values, name: string): Promise<number> {
  const sinceMs = Date.now() - durationMs(text(values, 'since') ?? '7d');
  const judge = await openWith(config, name);
  const reader = readLedger(config);
  const tally: Tally = { judged: 0, gone: 0, refused: 0, notJudged: 0 };
  const establishments =
    text(values, 'establishment') === undefined ? config.establishments : [establishmentOf(config, values)];
  for (const { id } of establishments) await tryChain(judge, reader.of(id), sinceMs, config, tally);
  reader.close();
  const { judged, gone, refused, notJudged } = tally;
  console.log(`${judged} documents judged again, ${refused} would newly be refused, ${gone} no longer kept`);
  if (notJudged > 0) return EXIT.notJudged;
  return refused > 0 ? EXIT.invalid : EXIT.done;
}

async function openWith(config: Config, name: string): Promise<Judge> {
  const isFolder = existsSync(name) && statSync(name).isDirectory();
  const folder = isFolder ? name : findKept(keptPacks(config.data, config.cache), name).folder;
  const { environment, oidRoot, product } = config;
  const packs = [{ folder, from: null, until: null }];
  return Judge.open({
    environment,
    installation: { sourceId: oidRoot, product },
    rules: { packs, cache: cacheFolder(config), problems: 'report' },
  });
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `90m`, `12h`, `7d`, `2w` in milliseconds. */
export function durationMs(given: string): number {
  const found = /^(\d{1,6})([mhdw])$/.exec(given);
  if (!found) throw new UsageError(`--since is a duration such as 12h, 7d or 2w, not '${given}'`);
  return Number(found[1]) * UNITS[found[2]!]!;
}

async function tryChain(
  judge: Judge,
  view: LedgerView,
  sinceMs: number,
  config: Config,
  tally: Tally,
): Promise<void> {
  for await (const { event, entry, bytes } of keptDocuments(view, sinceMs)) {
    if (!entry) continue;
    if (bytes) await tryDocument(judge, event, entry, bytes, config, tally);
    else tally.gone += 1;
  }
}

async function tryDocument(
  judge: Judge,
  { data: { sender }, at }: KeptDocument['event'],
  document: DocumentEntry,
  bytes: Buffer,
  config: Config,
  tally: Tally,
): Promise<void> {
  const { notEvaluated = 'accept', mode = 'enforce' } = rulesOf(config, sender);
  const { verdict } = await judge.judge({ bytes, brought: null, rules: { notEvaluated, mode } });
  tally.judged += 1;
  if (verdict.judgement === 'not-judged') tally.notJudged += 1;
  if (verdict.judgement === document.verdict.judgement || verdict.judgement !== 'invalid') return;
  tally.refused += 1;
  const errors = verdict.findings.filter(({ severity }) => severity === 'error');
  const { model, edition } = verdict.profile ?? { model: null, edition: null };
  const kind = model ? `${model} ${edition}` : document.typeCode;
  console.log(`${at} ${sender} ${document.uniqueId} ${kind}: ${errors.length} error(s)`);
  for (const { line, column, schema, code, message } of errors.slice(0, 3))
    console.log(`    ${line ?? '-'}:${column ?? '-'} ${schema ?? code}: ${message}`);
}
