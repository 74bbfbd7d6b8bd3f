import type { Checked } from '../../checks/checked.ts';
import type { Excerpts } from '../../checks/excerpt.ts';
import type { Finding } from '../../words/findings.ts';

/**
 * One line of `--format json` (design, Command line). Explained findings carry more: the rule behind them, what stands at
 * the place, the English detail and the remedy.
 */
export function asJson(file: string, { verdict, facts, ms }: Checked, explain: Excerpts | null) {
  const { judgement, findings, notEvaluated, profile } = verdict;
  return {
    file,
    judgement,
    valid: judgement === 'not-judged' ? null : judgement === 'valid',
    profile: {
      ...(facts && {
        typeCode: facts.code?.code ?? null,
        templateIds: facts.templateIds.map(({ root }) => root),
        level: facts.level,
      }),
      ...profile,
    },
    findings: findings.map((one) => ({ ...plain(one), ...(explain && more(one, explain)) })),
    notEvaluated,
    ms: Math.round(ms * 1000) / 1000,
  };
}

function plain({ code, severity, source, schema, message, location, line, column }: Finding) {
  return { code, severity, source, schema, message, location, line, column };
}

function more(one: Finding, excerpts: Excerpts) {
  return {
    detail: one.detail,
    remedy: one.remedy,
    rule: one.explained ?? null,
    excerpt: excerpts.at(one)?.text ?? null,
  };
}
