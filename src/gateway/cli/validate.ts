import { readFileSync } from 'node:fs';
import type { Checked } from '../../checks/checked.ts';
import type { Finding } from '../../words/findings.ts';
import { type Command, choice, EXIT, UsageError } from './command.ts';
import { filesOf, openJudge } from './judging.ts';

export const validate: Command = {
  summary: 'judge CDA documents without keeping or sending them',
  usage: `validate [--pack DIR]… [--format text|json] [--lang fr|en] FILE…

  --pack DIR      folder of a rule pack, instead of the configured ones
  --format        text for people (default), json for machines: one object a file and line
  --lang          language of our own findings (default fr)`,
  options: {
    pack: { type: 'string', multiple: true },
    format: { type: 'string' },
    lang: { type: 'string' },
  },
  async run(values, positionals) {
    if (positionals.length === 0) throw new UsageError('no file was named');
    const format = choice(values, 'format', ['text', 'json'], 'text');
    const english = choice(values, 'lang', ['fr', 'en'], 'fr') === 'en';
    const judge = await openJudge(values);
    let status: number = EXIT.done;
    for (const file of filesOf(positionals)) {
      const checked = await judge.judge({ bytes: readFileSync(file), brought: null });
      console.log(format === 'json' ? JSON.stringify(asJson(file, checked)) : asText(file, checked, english));
      status = Math.max(status, statusOf(checked));
    }
    return status;
  },
};

function statusOf({ verdict: { judgement } }: Checked): number {
  if (judgement === 'not-judged') return EXIT.notJudged;
  return judgement === 'valid' ? EXIT.done : EXIT.invalid;
}

/** One line of `--format json` (design, Command line). */
export function asJson(file: string, { verdict, facts, ms }: Checked) {
  const { judgement, findings, notEvaluated, packs } = verdict;
  const profile = facts && {
    typeCode: facts.code?.code ?? null,
    templateIds: facts.templateIds.map(({ root }) => root),
    level: facts.level,
    packs: packs.map(({ id }) => id),
  };
  return {
    file,
    judgement,
    valid: judgement === 'not-judged' ? null : judgement === 'valid',
    profile: profile ?? {},
    findings: findings.map(({ code, severity, source, schema, message, location, line, column }) => ({
      code,
      severity,
      source,
      schema,
      message,
      location,
      line,
      column,
    })),
    notEvaluated,
    ms: Math.round(ms * 1000) / 1000,
  };
}

function asText(file: string, { verdict, ms }: Checked, english: boolean): string {
  const words = english
    ? { valid: 'valid', invalid: 'invalid', 'not-judged': 'not judged' }
    : { valid: 'valide', invalid: 'invalide', 'not-judged': 'non jugé' };
  const head = `${file}: ${words[verdict.judgement]} (${ms.toFixed(1)} ms)`;
  const unchecked = verdict.notEvaluated.map(
    ({ rule, reason }) => `  ${english ? 'not evaluated' : 'non évalué'}: ${rule} (${reason})`,
  );
  return [head, ...verdict.findings.map((one) => findingLine(one, english)), ...unchecked].join('\n');
}

function findingLine(
  { severity, line, column, code, message, detail, location, source, remedy }: Finding,
  english: boolean,
): string {
  const place = line === null ? '' : `${line}:${column} `;
  const said = english && source !== 'schematron' ? detail : message;
  const mend = remedy ? `\n      → ${english ? remedy.en : remedy.fr}` : '';
  return `  ${severity} ${place}${said} [${code}]${location ? `\n      ${location}` : ''}${mend}`;
}
