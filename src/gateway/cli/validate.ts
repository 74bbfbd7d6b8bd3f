import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import type { Checked, Question } from '../../checks/checked.ts';
import { Excerpts } from '../../checks/excerpt.ts';
import type { JudgeSetup } from '../../checks/judge.ts';
import { openChecks } from '../../checks/pool.ts';
import { svrl } from '../../checks/svrl.ts';
import { type Command, choice, EXIT, text, UsageError, type Values } from './command.ts';
import { judgeSetup, readableFiles, STANDARD_INPUT, schematronPaths } from './judging.ts';
import { asJson } from './verdict-json.ts';
import { asText } from './verdict-text.ts';

export const validate: Command = {
  summary: 'judge CDA documents without keeping or sending them',
  usage: `validate [--pack DIR]… [--schematron PATH]… [--format text|json|svrl] [--explain] [--lang fr|en] FILE…

  --pack DIR         folder of a rule pack, instead of those in force
  --schematron PATH  path of a Schematron in the pack, instead of the automatic choice of rules
  --format           text for people (default); json for machines, one object a file and line; svrl (ISO/IEC 19757-3)
  --output DIR       with svrl: a report of its own for each file, DIR/FILE.svrl
  --budget SECONDS   longest time for one document (default 120); beyond, it is not judged
  --explain          also the context and test of the rule behind each finding, and what stands at its place
  --lang             language of our own findings (default fr)

FILE may be a folder: then its *.xml; - is the standard input. What cannot be read is told, the rest is judged, and
the status is 2. Compiled rules are kept in the cache folder of the data folder (VIADUC_CACHE), or
in ~/.cache/viaduc when there is no data folder.`,
  options: {
    pack: { type: 'string', multiple: true },
    schematron: { type: 'string', multiple: true },
    format: { type: 'string' },
    output: { type: 'string' },
    budget: { type: 'string' },
    explain: { type: 'boolean' },
    lang: { type: 'string' },
  },
  async run(values, positionals) {
    if (positionals.length === 0) throw new UsageError('no file was named');
    const { files, unreadable } = readableFiles(positionals);
    const show = shower(values, files.length);
    const asked = questionOf(values);
    for (const { path, why } of unreadable) console.error(`viaduc: ${path} cannot be read: ${why}`);
    if (files.length === 0) return EXIT.usage;
    let status: number = unreadable.length > 0 ? EXIT.usage : EXIT.done;
    const judging = await openJudging(await judgeSetup(values), files.length, budgetMs(values));
    show.begin();
    for await (const { file, bytes, checked } of judged(judging, files, asked)) {
      show.one(file, bytes, checked);
      if (asked.explain && checked.failure) console.error(`${file}: ${checked.failure}`);
      status = Math.max(status, statusOf(checked));
    }
    show.end();
    await judging.close();
    return status;
  },
};

type Asked = Omit<Question, 'bytes' | 'fileName'>;

function questionOf(values: Values): Asked {
  const schematrons = schematronPaths(values);
  return {
    brought: null,
    warm: true,
    explain: values.explain === true || text(values, 'format') === 'svrl',
    ...(schematrons.length > 0 ? { schematrons } : {}),
  };
}

interface Judging {
  /** How many documents are judged at once. */
  width: number;
  judge(question: Question): Promise<Checked>;
  close(): Promise<void>;
}

/** Files from which a worker for each processor pays: each takes a while to load the rules. */
const MANY_FILES = 16;

/** @throws ViaducError `validation.rules-unknown` for a Schematron that no pack holds */
async function openJudging(setup: JudgeSetup, files: number, budgetMs: number): Promise<Judging> {
  const workers = files < MANY_FILES ? 1 : availableParallelism();
  if (workers > 1) await fillCaches(setup);
  const checks = await openChecks({ ...setup, workers, budgetMs });
  return { width: workers * 2, judge: (question) => checks.judge(question), close: () => checks.close() };
}

/** What several workers then read. With one of them, the engine is not even loaded here. */
async function fillCaches(setup: JudgeSetup): Promise<void> {
  const { Judge } = await import('../../checks/judge.ts');
  await Judge.open(setup);
}

const BUDGET_SECONDS = 120;

/** Longest time for one document, milliseconds. @throws UsageError */
function budgetMs(values: Values): number {
  const given = text(values, 'budget') ?? String(BUDGET_SECONDS);
  const seconds = Number(given);
  if (!(seconds > 0 && seconds <= 86_400))
    throw new UsageError(`--budget is a number of seconds up to a day, not '${given}'`);
  return seconds * 1000;
}

/** Judges files, several at a time, and gives them back in their order. */
async function* judged({ judge, width }: Judging, files: readonly string[], asked: Asked) {
  const running: Promise<{ file: string; bytes: Uint8Array; checked: Checked }>[] = [];
  let next = 0;
  const start = (file: string) => {
    const bytes = readFileSync(file === STANDARD_INPUT ? process.stdin.fd : file);
    return judge({ ...asked, bytes, fileName: basename(file) }).then((checked) => ({ file, bytes, checked }));
  };
  while (next < files.length || running.length > 0) {
    while (next < files.length && running.length < width) running.push(start(files[next++]!));
    yield await running.shift()!;
  }
}

interface Shower {
  begin(): void;
  one(file: string, bytes: Uint8Array, checked: Checked): void;
  end(): void;
}

function shower(values: Values, files: number): Shower {
  const format = choice(values, 'format', ['text', 'json', 'svrl'], 'text');
  const language = choice(values, 'lang', ['fr', 'en'], 'fr');
  const explain = values.explain === true;
  const nothing = { begin() {}, end() {} };
  if (format === 'svrl') return svrlShower(text(values, 'output'), files);
  if (format === 'json')
    return {
      ...nothing,
      one: (file, bytes, checked) =>
        console.log(JSON.stringify(asJson(file, checked, explain ? new Excerpts(bytes) : null))),
    };
  return {
    ...nothing,
    one: (file, bytes, checked) => console.log(asText(file, bytes, checked, { language, explain })),
  };
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';

/** A report for each file; on the standard output several of them stand in one element, so that it is one document. */
function svrlShower(folder: string | undefined, files: number): Shower {
  if (folder !== undefined) {
    mkdirSync(folder, { recursive: true });
    const one = (file: string, _bytes: Uint8Array, checked: Checked) =>
      writeFileSync(join(folder, `${basename(file)}.svrl`), `${DECLARATION}\n${svrl(file, checked).text}`);
    return { begin() {}, one, end() {} };
  }
  return {
    begin: () => console.log(files > 1 ? `${DECLARATION}\n<reports>` : DECLARATION),
    one: (file, _bytes, checked) => process.stdout.write(svrl(file, checked).text),
    end: () => files > 1 && console.log('</reports>'),
  };
}

function statusOf({ verdict: { judgement } }: Checked): number {
  if (judgement === 'not-judged') return EXIT.notJudged;
  return judgement === 'valid' ? EXIT.done : EXIT.invalid;
}
