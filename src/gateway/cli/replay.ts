import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Checked } from '../../checks/checked.ts';
import type { Judge } from '../../checks/judge.ts';
import { parseEvent } from '../../ledger/chain.ts';
import { openExport } from '../../ledger/export.ts';
import type { LedgerView } from '../../ledger/view.ts';
import { isViaducError } from '../../words/errors.ts';
import type { DocumentEntry } from '../../words/events.ts';
import { type Config, readConfig } from '../config.ts';
import { type Command, EXIT, UsageError } from './command.ts';
import { filesOf, openJudge } from './judging.ts';
import { readLedger } from './ledgers.ts';
import { ProgressBar } from './progress.ts';

export const replay: Command = {
  summary: 'judge documents, or what a ledger accepted, again; sends nothing',
  usage: `replay [--pack DIR]… PATH…

PATH is a document, a folder of documents, a data folder or an exported ledger (.jsonl): of the last two every accepted
document that is still kept is judged again, and what differs from the recorded verdict is told. An export holds no
documents: they are read from the configured data folder.`,
  options: { pack: { type: 'string', multiple: true } },
  async run(values, positionals) {
    if (positionals.length === 0) throw new UsageError('no path was named');
    const judge = await openJudge(values);
    const ledgers = positionals.filter((path) => existsSync(join(path, 'ledger.sqlite')));
    const exports = positionals.filter((path) => path.endsWith('.jsonl'));
    const files = filesOf(positionals.filter((path) => !ledgers.includes(path) && !exports.includes(path)));
    let status = files.length > 0 ? await replayFiles(judge, files) : EXIT.done;
    for (const data of ledgers)
      status = Math.max(status, await replayLedger(judge, { ...readConfig(), data }));
    for (const file of exports) status = Math.max(status, await replayExport(judge, readConfig(), file));
    return status;
  },
};

async function replayFiles(judge: Judge, files: string[]): Promise<number> {
  const bar = new ProgressBar(files.length);
  const checked: [string, Checked][] = [];
  for (const file of files) {
    checked.push([file, await judge.judge({ bytes: readFileSync(file), brought: null })]);
    bar.step();
  }
  bar.end();
  return summarise(checked);
}

function summarise(checked: [string, Checked][]): number {
  for (const [file, { verdict }] of checked) {
    if (verdict.judgement === 'valid') continue;
    const errors = verdict.findings.filter(({ severity }) => severity === 'error');
    console.log(`${verdict.judgement.padEnd(10)} ${file}`);
    for (const { line, column, code, detail } of errors.slice(0, 5))
      console.log(`             ${line ?? '-'}:${column ?? '-'} ${code}: ${detail}`);
    if (errors.length > 5) console.log(`             and ${errors.length - 5} more`);
  }
  const of = (judgement: string) =>
    checked.filter(([, { verdict }]) => verdict.judgement === judgement).length;
  const unchecked = new Set(
    checked.flatMap(([, { verdict }]) => verdict.notEvaluated.map(({ rule }) => rule)),
  );
  const mean = checked.reduce((sum, [, { ms }]) => sum + ms, 0) / checked.length;
  console.log(
    `${checked.length} documents: ${of('valid')} valid, ${of('invalid')} invalid, ${of('not-judged')} not judged; mean ${mean.toFixed(1)} ms`,
  );
  if (unchecked.size > 0) console.log(`not evaluated: ${[...unchecked].join('; ')}`);
  if (of('not-judged') > 0) return EXIT.notJudged;
  return of('invalid') > 0 ? EXIT.invalid : EXIT.done;
}

async function replayLedger(judge: Judge, config: Config): Promise<number> {
  const reader = readLedger(config);
  const total = { judged: 0, gone: 0, differ: 0 };
  for (const { id } of config.establishments) await replayChain(judge, reader.of(id), total);
  reader.close();
  return told(total);
}

/** Judges what an exported chain says was accepted; its bytes come from the data folder. */
async function replayExport(judge: Judge, config: Config, file: string): Promise<number> {
  const copy = openExport(file);
  const reader = readLedger(config);
  const total = { judged: 0, gone: 0, differ: 0 };
  for (const establishment of copy.establishments()) {
    for (const { text, hash } of copy.events(establishment)) {
      const event = parseEvent(text, 0, hash);
      if (event.type !== 'submission.accepted') continue;
      for (const document of event.data.documents)
        await replayDocument(judge, reader.of(establishment), document, total);
    }
  }
  reader.close();
  return told(total);
}

function told(total: { judged: number; gone: number; differ: number }): number {
  console.log(`${total.judged} documents judged again, ${total.differ} differ, ${total.gone} no longer kept`);
  return total.differ > 0 ? EXIT.invalid : EXIT.done;
}

async function replayChain(
  judge: Judge,
  view: LedgerView,
  total: { judged: number; gone: number; differ: number },
): Promise<void> {
  const bar = new ProgressBar(await view.lastSeq());
  for (let from = 1; ; ) {
    const events = await view.events(from, 200);
    if (events.length === 0) break;
    for (const event of events) {
      bar.step();
      if (event.type === 'submission.accepted')
        for (const document of event.data.documents) await replayDocument(judge, view, document, total);
    }
    from = events.at(-1)!.seq + 1;
  }
  bar.end();
}

async function replayDocument(
  judge: Judge,
  view: LedgerView,
  document: DocumentEntry,
  total: { judged: number; gone: number; differ: number },
): Promise<void> {
  const bytes = await view.body(document.body.id).catch((error: unknown) => {
    if (!isViaducError(error, 'ledger.body-missing')) throw error;
    return null;
  });
  if (!bytes) {
    total.gone += 1;
    return;
  }
  const { verdict } = await judge.judge({ bytes, brought: null });
  total.judged += 1;
  if (verdict.judgement === document.verdict.judgement) return;
  total.differ += 1;
  console.log(`${document.uniqueId}: ${document.verdict.judgement} when accepted, ${verdict.judgement} now`);
}
