import { existsSync, statSync } from 'node:fs';
import { PackError, validationError } from '../../validation/errors.ts';
import {
  type InstalledPack,
  isDamage,
  openInstalledPack,
  openRulesAlone,
  problemsOf,
  silentModels,
} from '../../validation/packs/installed.ts';
import { keptPacks } from '../../validation/packs/kept.ts';
import { loadSchema } from '../../validation/schema/validate.ts';
import { RuleSets } from '../../validation/schematron/rule-sets.ts';
import type { ViaducError } from '../../words/errors.ts';
import type { NotEvaluated } from '../../words/findings.ts';
import type { Config } from '../config.ts';
import { findKept } from '../pack-keeping.ts';
import { EXIT } from './command.ts';
import { cacheFolder } from './judging.ts';
import { textTable } from './table.ts';

/**
 * Every problem of a pack folder, told as lines: the damaged, then what is missing or cannot be evaluated.
 * @throws PackError when it is no pack, or its XML Schema is not whole; what is wrong with its rules is told before
 */
export function examine(folder: string, cache: string | null): { missing: number; damaged: number } {
  const { problems, schema } = problemsIn(folder, cache);
  const lines = (damaged: boolean) => problems.filter(({ code }) => isDamage(code) === damaged).map(line);
  const [damaged, missing] = [lines(true), lines(false)];
  for (const one of [...damaged, ...missing]) console.log(one);
  if (schema) throw schema;
  return { missing: missing.length, damaged: damaged.length };
}

function line({ code, message }: ViaducError): string {
  return `${message} [${code}]`;
}

interface Examined {
  problems: ViaducError[];
  /** What is wrong with the XML Schema. */
  schema: PackError | null;
}

/**
 * All that can be told of a pack before it judges: its files, its XML Schema compiled, every Schematron compiled.
 * @throws PackError when it is no pack at all
 */
function problemsIn(folder: string, cache: string | null): Examined {
  try {
    const pack = openInstalledPack(folder, cache);
    if (pack.xsd) loadSchema(pack.xsd);
    return { problems: ruleProblems(pack), schema: null };
  } catch (error) {
    if (!(error instanceof PackError) || !error.problems.every(isOfSchema)) throw error;
    return { problems: ruleProblems(openRulesAlone(folder)), schema: error };
  }
}

function isOfSchema({ code }: ViaducError): boolean {
  return code.startsWith('validation.schema-');
}

function ruleProblems(pack: InstalledPack): ViaducError[] {
  const found = [...problemsOf(pack), ...silentModels(pack)];
  const { profiles, models } = pack.choices;
  for (const path of [...profiles, ...models.map((one) => one.path)]) {
    if (!pack.damaged.includes(path)) found.push(...compiled(pack, path));
  }
  return unique(found.filter((one) => !isTold(one, found)));
}

/** What does not compile in one Schematron; a file that cannot be read at all is a problem like the others. */
function compiled({ folder, id }: { folder: string; id: string }, path: string): ViaducError[] {
  try {
    const { sets } = RuleSets.open({ folder, pack: id, cache: null }, [path]);
    return sets.flatMap((set) => set.notEvaluated.map((one) => notEvaluated(path, set.schema, one)));
  } catch (error) {
    if (!(error instanceof PackError)) throw error;
    return [...error.problems];
  }
}

/** What the engine says cannot be evaluated, where it is neither a rule, nor an assertion of one. */
const KINDS: Readonly<Record<string, string>> = {
  document: 'value set',
  let: 'variable',
  message: 'message',
};

/** The engine names a rule by its Schematron, then file and line. */
function notEvaluated(path: string, schema: string, { rule, reason }: NotEvaluated): ViaducError {
  const found = /^(.*):(\d+)(?: (\w+))?$/.exec(rule.slice(schema.length + 1));
  const [, file = path, line = 1, kind = ''] = found ?? [];
  return validationError('validation.rules-not-evaluated', {
    file,
    line,
    rule: [schema, KINDS[kind] ?? kind].filter(Boolean).join(', '),
    reason,
  });
}

/** Includes that are missing are told once: by the files themselves. */
function isTold({ code, values }: ViaducError, others: readonly ViaducError[]): boolean {
  if (code !== 'validation.rules-not-evaluated') return false;
  return others.some(
    (other) =>
      other.code !== code && other.values.file === values.file && other.values.line === Number(values.line),
  );
}

function unique(problems: readonly ViaducError[]): ViaducError[] {
  return [...new Map(problems.map((one) => [line(one), one])).values()];
}

/** Which Schematron of a pack answers for which document. */
export async function showPack(config: Config, json: boolean, name: string): Promise<number> {
  const isFolder = existsSync(name) && statSync(name).isDirectory();
  const cache = cacheFolder(config);
  const folder = isFolder ? name : findKept(keptPacks(config.data, config.cache), name).folder;
  const { xsd, ...manifest } = openInstalledPack(folder, cache);
  if (json) {
    console.log(JSON.stringify(manifest, null, 2));
    return EXIT.done;
  }
  const { id, sha256, files, size, choices, problems } = manifest;
  console.log(
    `${id}\n${sha256}\n${files} files, ${(size / 1e6).toFixed(1)} MB; ${problems.length} problem(s)`,
  );
  console.log(`XML Schema: ${xsd ? xsd.schema.main : 'none'}\n\nfor every document:`);
  for (const path of choices.profiles) console.log(`  ${path}`);
  const rows = choices.models.map((one) => [
    ...[one.model, one.edition, [...one.templates, ...one.exampleTemplates].join(' '), one.codes.join(' ')],
    one.path,
  ]);
  console.log(`\n${textTable([['model', 'edition', 'templateId', 'code', 'Schematron'], ...rows])}`);
  return EXIT.done;
}
