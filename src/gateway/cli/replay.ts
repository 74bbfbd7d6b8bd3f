import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Checked } from '../../checks/checked.ts';
import type { Judge } from '../../checks/judge.ts';
import { readConfig } from '../config.ts';
import { type Command, EXIT, UsageError } from './command.ts';
import { filesOf, openJudge } from './judging.ts';
import { ProgressBar } from './progress.ts';
import { replayExport, replayLedger } from './replay-ledger.ts';

export const replay: Command = {
  summary: 'judge documents, or what a ledger accepted, again; sends nothing',
  usage: `replay [--pack DIR]… PATH…

PATH is a document, a folder of documents, a data folder or an exported ledger (.jsonl): of the last two every document that
is still kept, accepted or refused for its content, is judged again by the rules of its sender, and what differs from the
recorded verdict is told: the judgement, the kinds of findings, the edition that judged, rules that are no longer evaluated.
An export holds no documents: they are read from the configured data folder.`,
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
    checked.push([
      file,
      await judge.judge({ bytes: readFileSync(file), brought: null, fileName: basename(file) }),
    ]);
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
