import type { Judge } from '../../checks/judge.ts';
import { parseEvent } from '../../ledger/chain.ts';
import { openExport } from '../../ledger/export.ts';
import type { DocumentEntry, VerdictSummary } from '../../words/events.ts';
import type { Finding, Verdict } from '../../words/findings.ts';
import type { Config } from '../config.ts';
import { EXIT } from './command.ts';
import { rulesOf } from './judging.ts';
import { documentsOf, type KeptDocument, keptDocuments } from './kept-documents.ts';
import { readLedger } from './ledgers.ts';

/** What became of the documents judged again. */
interface Total {
  judged: number;
  gone: number;
  differ: number;
}

/** Judges what a ledger keeps again and tells what differs; records nothing. */
export async function replayLedger(judge: Judge, config: Config): Promise<number> {
  const reader = readLedger(config);
  const total = { judged: 0, gone: 0, differ: 0 };
  for (const { id } of config.establishments)
    for await (const kept of keptDocuments(reader.of(id))) await replayDocument(judge, config, kept, total);
  reader.close();
  return told(total);
}

/** Judges what an exported chain says came in; its bytes come from the data folder. */
export async function replayExport(judge: Judge, config: Config, file: string): Promise<number> {
  const copy = openExport(file);
  const reader = readLedger(config);
  const total = { judged: 0, gone: 0, differ: 0 };
  for (const establishment of copy.establishments()) {
    for (const { text, hash } of copy.events(establishment))
      for await (const kept of documentsOf(reader.of(establishment), parseEvent(text, 0, hash)))
        await replayDocument(judge, config, kept, total);
  }
  reader.close();
  return told(total);
}

function told({ judged, gone, differ: different }: Total): number {
  console.log(`${judged} documents judged again, ${different} differ, ${gone} no longer kept`);
  return different > 0 ? EXIT.invalid : EXIT.done;
}

async function replayDocument(
  judge: Judge,
  config: Config,
  { event, entry, bytes, recorded }: KeptDocument,
  total: Total,
): Promise<void> {
  if (!bytes) {
    total.gone += 1;
    return;
  }
  const { verdict } = await judge.judge({ bytes, brought: null, rules: rulesOf(config, event.data.sender) });
  const differences = entry ? differ(entry.verdict, verdict) : differFromRefusal(recorded, verdict);
  total.judged += 1;
  if (differences.length === 0) return;
  total.differ += 1;
  console.log(`${name(entry, event.data.submission)}: ${differences.join('; ')}`);
}

function name(entry: DocumentEntry | null, submission: string): string {
  return entry?.uniqueId ?? `refused ${submission}`;
}

/** Codes of what the request that brought a document, or its destination, is found to lack; a document has the others alone. */
const BROUGHT = /^(ins|dmp|xds|mssante|request|routing|document|checks)\./;

function isAlone(code: string): boolean {
  return !BROUGHT.test(code);
}

/** How a verdict differs from the one recorded when the document was accepted. */
export function differ(then: VerdictSummary, now: Verdict): string[] {
  const found: string[] = [];
  if (then.judgement !== now.judgement) found.push(`${then.judgement} when accepted, ${now.judgement} now`);
  const before = new Set(then.codes.filter(isAlone));
  const after = new Set(now.findings.map(({ code }) => code).filter(isAlone));
  found.push(...changes('findings', before, after));
  // Of what could not be evaluated only what is new counts: some of the recorded ones are about the request.
  const known = new Set(then.notEvaluated.map(({ rule }) => rule));
  const unknown = now.notEvaluated.filter(({ rule }) => !known.has(rule)).map(({ rule }) => rule);
  if (unknown.length > 0) found.push(`no longer evaluated: ${[...new Set(unknown)].join(', ')}`);
  const profile = editionOf(now.profile);
  if (then.profile !== undefined && editionOf(then.profile) !== profile)
    found.push(`judged as ${editionOf(then.profile)} then, as ${profile} now`);
  return found;
}

/** A refusal compares by the errors that the document has alone; without its record nothing can be said. */
export function differFromRefusal(recorded: readonly Finding[] | null, now: Verdict): string[] {
  if (recorded === null) return [];
  const errors = (list: readonly Finding[]) =>
    list.filter(({ code, severity }) => severity === 'error' && isAlone(code)).length;
  const before = errors(recorded);
  const after = errors(now.findings);
  if (before === after) return [];
  return [`refused with ${before} error(s) of its own, ${after} now`];
}

function changes(what: string, before: ReadonlySet<string>, after: ReadonlySet<string>): string[] {
  const gone = [...before].filter((one) => !after.has(one));
  const come = [...after].filter((one) => !before.has(one));
  const told = [...come.map((one) => `+ ${one}`), ...gone.map((one) => `- ${one}`)];
  return told.length === 0 ? [] : [`${what} ${told.join(', ')}`];
}

function editionOf(profile: VerdictSummary['profile']): string {
  if (!profile) return 'no pack';
  return [profile.model, profile.edition, profile.pack].filter(Boolean).join(' ');
}
