import { globSync } from 'node:fs';
import { join } from 'node:path';
import type { Kind } from '../../src/alarms/kind.ts';
import { KINDS } from '../../src/alarms/kinds.ts';
import { DEFAULT_SETTINGS, type SettingName, SettingsSchema } from '../../src/indicators/settings.ts';
import type { ErrorCatalogue, ErrorEntry } from '../../src/words/errors.ts';
import type { LimitTable } from '../../src/words/limits.ts';

export const root = join(import.meta.dirname, '..', '..');

/** What one file of a room exports of one kind. */
export interface Table<T> {
  /** Folder below src/, such as `delivery/dmp`. */
  room: string;
  file: string;
  name: string;
  rows: T;
}

/** Every error catalogue of the house, found by its form in the files that may hold one. */
export function errorTables(): Promise<Table<ErrorCatalogue>[]> {
  return tables('src/**/{errors,refusals}.ts', isCatalogue);
}

/** Every table of limits of the house. */
export function limitTables(): Promise<Table<LimitTable>[]> {
  return tables('src/**/limits.ts', isLimits);
}

async function tables<T>(pattern: string, fits: (value: unknown) => value is T): Promise<Table<T>[]> {
  const files = globSync(pattern, { cwd: root }).toSorted();
  const found = files.map(async (file) => {
    const exported = (await import(join(root, file))) as Record<string, unknown>;
    const room = file.split('/').slice(1, -1).join('/');
    const sorted = Object.entries(exported).toSorted(([a], [b]) => compare(a, b));
    return sorted.flatMap(([name, rows]) => (fits(rows) ? [{ room, file, name, rows }] : []));
  });
  return (await Promise.all(found)).flat();
}

function isCatalogue(value: unknown): value is ErrorCatalogue {
  return isTable(value, (row) => 'class' in row && 'message' in row && 'remedy' in row);
}

function isLimits(value: unknown): value is LimitTable {
  return isTable(value, (row) => 'value' in row && 'unit' in row && 'why' in row);
}

function isTable(value: unknown, fits: (row: object) => boolean): boolean {
  const rows = typeof value === 'object' && value !== null ? Object.values(value) : [];
  return rows.length > 0 && rows.every((row) => typeof row === 'object' && row !== null && fits(row));
}

const NOTE = '<!-- Made by `npm run docs` from the source. Do not edit. -->';

/** The text of docs/errors.md. */
export function errorsPage(found: readonly Table<ErrorCatalogue>[]): string {
  const sections = found.map(({ room, file, rows }) => {
    const lines = Object.entries(rows)
      .toSorted(([a], [b]) => compare(a, b))
      .map(([code, entry]) => errorLine(code, entry));
    return `## ${room}\n\n\`${file}\`\n\n${ERROR_HEAD}\n${lines.join('\n')}`;
  });
  return `${NOTE}\n\n${ERROR_PREFACE}\n\n${sections.join('\n\n')}\n`;
}

const ERROR_PREFACE = `# Error codes

Every code that Viaduc and its simulators give, as a problem+json answer, a finding in a verdict, the result of a delivery
or a message of the command line. A code is stable; its words are not. \`{name}\` stands for a value of the case.

| Class | Meaning |
|---|---|
| invalid | the input is wrong; sending it again unchanged gives the same answer |
| not-judged | a check could not run: the operator's problem, never the sender's fault |
| transient | the same attempt may succeed later |
| ambiguous | it is not known whether the effect took place; Viaduc asks before doing it again |
| permanent | the destination or the gateway refuses for good |
| configuration | somebody has to change a setting, a certificate or a right first |

HTTP is the status when the error answers a request, where the room gives one; a dash says that it never does so by
itself. Under each sentence, after the arrow, stands what to do next.`;

const ERROR_HEAD = '| Code | Class | HTTP | Français | English |\n|---|---|---|---|---|';

function errorLine(code: string, { class: kind, status, message, remedy }: ErrorEntry): string {
  const said = (['fr', 'en'] as const).map((one) => `${cell(message[one])}<br>→ ${cell(remedy[one])}`);
  return `| <a id="${code}"></a>\`${code}\` | ${kind} | ${status ?? '—'} | ${said.join(' | ')} |`;
}

/** The text of docs/limits.md. */
export function limitsPage(found: readonly Table<LimitTable>[]): string {
  const lines = found.flatMap(({ room, rows }) =>
    Object.entries(rows).map(
      ([name, { value, unit, why }]) =>
        `| ${room} | \`${name}\` | ${grouped(value)} | ${cell(unit)} | ${cell(why)} |`,
    ),
  );
  return `${NOTE}\n\n${LIMIT_PREFACE}\n\n| Room | Name | Value | Unit | Why |\n|---|---|---|---|---|\n${lines.join('\n')}\n`;
}

const LIMIT_PREFACE = `# Limits

Every cap of Viaduc and its simulators. They are constants of the source, one \`limits.ts\` a room; what an operator may
change stands in [operations.md](operations.md).`;

function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ' ');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The text of docs/indicator-settings.md. */
export function settingsPage(): string {
  const lines = Object.entries(SettingsSchema.properties).map(([name, schema]) => {
    const { description = '' } = schema as { description?: string };
    const standard = JSON.stringify(DEFAULT_SETTINGS[name as SettingName]);
    return `| \`${name}\` | ${cell(valuesOf(schema))} | \`${standard}\` | ${cell(description)} |`;
  });
  return `${NOTE}\n\n${SETTINGS_PREFACE}\n\n| Setting | Values | Default | Meaning |\n|---|---|---|---|\n${lines.join('\n')}\n`;
}

const SETTINGS_PREFACE = `# Settings of an indicator definition

Each may stand in a definition file, in one indicator of it or in a named reading ([indicators.md](indicators.md)).`;

function valuesOf(schema: object): string {
  const { type, enum: choices, minimum, maximum } = schema as Record<string, unknown>;
  if (Array.isArray(choices)) return choices.map((choice) => `\`${choice}\``).join(', ');
  if (type === 'boolean') return '`true`, `false`';
  return type === 'integer' ? `${minimum} to ${maximum}` : 'list of texts';
}

/** The text of docs/alarms.md. */
export function alarmsPage(): string {
  const sections = Object.entries(KINDS).map(([name, kind]) => alarmSection(name, kind));
  return `${NOTE}\n\n${ALARMS_PREFACE}\n\n${sections.join('\n\n')}\n`;
}

const ALARMS_PREFACE = `# Alarmes · Alarms

Une alarme par incident : dite à l'ouverture, tant qu'il dure, et à la fin. Réglages, canaux et lecture :
[operations.md](operations.md#alarms). De nuit : \`viaduc alarms\`, \`viaduc destinations\`, \`viaduc holds\`
([comment les appeler](operations.md#at-night)).

One alarm for each incident: told when it opens, while it lasts, and when it is over. Settings, channels and how to read
them: [operations.md](operations.md#alarms). At night: \`viaduc alarms\`, \`viaduc destinations\`, \`viaduc holds\`
([how to call them](operations.md#at-night)).`;

function alarmSection(name: string, { title, means, steps, ends }: Kind): string {
  const told = (['fr', 'en'] as const).map((language) => {
    const list = steps.map((step, index) => `${index + 1}. ${step[language]}`).join('\n');
    return `**${title[language].replaceAll('{subject}', '…')}** ${means[language]}\n\n${list}`;
  });
  return `## ${name}\n\n${told.join('\n\n')}\n\n*${endWords(ends)}*`;
}

function endWords(ends: Kind['ends']): string {
  if (ends === 'source') return "Se ferme d'elle-même quand c'est fini. · Closes by itself when it is over.";
  const minutes = ends.calmMs / 60_000;
  return `Se ferme ${minutes} minutes après la dernière fois. · Closes ${minutes} minutes after it was last seen.`;
}
