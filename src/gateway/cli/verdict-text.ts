import { styleText } from 'node:util';
import type { Checked } from '../../checks/checked.ts';
import { Excerpts } from '../../checks/excerpt.ts';
import type { Finding, Profile, Severity } from '../../words/findings.ts';

/** What a verdict says in each language. */
const WORDS = {
  fr: {
    judgement: { valid: 'valide', invalid: 'invalide', 'not-judged': 'non jugé' },
    severity: { error: 'erreur', warning: 'avertissement', info: 'information' },
    unchecked: 'non évalué',
    lines: 'lignes',
    tried: 'essayé',
    errors: 'erreur(s)',
    satisfied: 'satisfait',
  },
  en: {
    judgement: { valid: 'valid', invalid: 'invalid', 'not-judged': 'not judged' },
    severity: { error: 'error', warning: 'warning', info: 'info' },
    unchecked: 'not evaluated',
    lines: 'lines',
    tried: 'tried',
    errors: 'error(s)',
    satisfied: 'satisfied',
  },
};

export type Language = keyof typeof WORDS;

/** How a text is shown: in a language, with the rule behind each finding or without. */
export interface Showing {
  language: Language;
  explain: boolean;
}

type Style = Parameters<typeof styleText>[0];

/** Colours only on a terminal that wants them (NO_COLOR, FORCE_COLOR). */
function paint(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

const COLOURS: Readonly<Record<Severity, Style>> = { error: 'red', warning: 'yellow', info: 'cyan' };

/** A verdict for people: identical findings are told once, with how often and where. */
export function asText(file: string, bytes: Uint8Array, { verdict, ms }: Checked, showing: Showing): string {
  const words = WORDS[showing.language];
  const { judgement, findings, notEvaluated, profile } = verdict;
  const colour = judgement === 'valid' ? 'green' : judgement === 'invalid' ? 'red' : 'magenta';
  const rules = profile ? ` · ${profileText(profile)}` : '';
  const head = `${paint('bold', file)}: ${paint(colour, words.judgement[judgement])}${rules} (${ms.toFixed(1)} ms)`;
  const excerpts = new Excerpts(findings.length > 0 ? bytes : new Uint8Array());
  return [
    head,
    ...triedLines(profile, showing.language),
    ...folded(findings).map((same) => findingText(same, excerpts, showing)),
    ...notEvaluated.map(({ rule, reason }) => `  ${paint('magenta', words.unchecked)}: ${rule} (${reason})`),
  ].join('\n');
}

function profileText({ model, edition, pack }: Profile): string {
  return model === null ? pack : `${model} ${edition}, ${pack}`;
}

function triedLines(profile: Profile | null, language: Language): string[] {
  const words = WORDS[language];
  return (profile?.tried ?? []).map(({ pack, edition, errors }) => {
    const result = errors === 0 ? words.satisfied : `${errors} ${words.errors}`;
    return `  ${words.tried}: ${[edition, pack].filter(Boolean).join(', ')}: ${result}`;
  });
}

/** Findings that say the same of different places, in the order of the first. */
export function folded(findings: readonly Finding[]): Finding[][] {
  const groups = new Map<string, Finding[]>();
  for (const one of findings) {
    const key = JSON.stringify([one.code, one.severity, one.schema, one.message]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

/** Lines named of a finding that stands in many places. */
const MOST_LINES = 8;

function findingText(same: readonly Finding[], excerpts: Excerpts, { language, explain }: Showing): string {
  const [one] = same;
  const { severity, schema, code, location, remedy, message, detail, source, explained } = one!;
  const words = WORDS[language];
  const said = language === 'en' && source !== 'schematron' ? detail : message;
  const place = one!.line === null ? '' : ` ${one!.line}:${one!.column}`;
  const by = schema === null ? '' : ` ${paint('dim', `[${schema}]`)}`;
  const lines = [
    `  ${paint(COLOURS[severity], words.severity[severity])}${place}${by} ${said} ${paint('dim', `[${code}]`)}${times(same, language)}`,
    ...caretLines(one!, excerpts),
  ];
  if (location) lines.push(paint('dim', `      ${location}`));
  if (explain && explained)
    lines.push(
      `      ${explained.file}:${explained.line}`,
      `      context ${explained.context}`,
      `      ${explained.kind} ${explained.test}`,
    );
  if (remedy) lines.push(`      → ${remedy[language]}`);
  return lines.join('\n');
}

function times(same: readonly Finding[], language: Language): string {
  if (same.length === 1) return '';
  const lines = same.map(({ line }) => line).filter((line) => line !== null);
  const more = lines.length > MOST_LINES ? ', …' : '';
  return ` × ${same.length} (${WORDS[language].lines} ${lines.slice(0, MOST_LINES).join(', ')}${more})`;
}

function caretLines(one: Finding, excerpts: Excerpts): string[] {
  const excerpt = excerpts.at(one);
  if (!excerpt) return [];
  const number = String(excerpt.line).padStart(8);
  const bar = paint('dim', '│');
  return [
    `${number} ${bar} ${excerpt.text}`,
    `${' '.repeat(8)} ${bar} ${' '.repeat(excerpt.caret)}${paint('bold', '^')}`,
  ];
}
