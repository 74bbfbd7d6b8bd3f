import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { LineCounter, parseDocument } from 'yaml';
import { packError } from '../errors.ts';
import type { Choices, ModelRules } from './manifest.ts';
import { modelName, newestFirst } from './names.ts';

const closed = { additionalProperties: false };
const strings = Type.Array(Type.String({ minLength: 1 }));

const Model = Type.Object(
  {
    path: Type.String({ description: 'path of the Schematron in the pack' }),
    model: Type.Optional(Type.String()),
    edition: Type.Optional(Type.String()),
    templates: Type.Optional(strings),
    exampleTemplates: Type.Optional(strings),
    extensions: Type.Optional(strings),
    codes: Type.Optional(strings),
    level1: Type.Optional(Type.Boolean()),
  },
  closed,
);

/** `viaduc-pack.yaml` in a pack folder, or `<folder>.viaduc-pack.yaml` beside it: what the pack does not say of itself. */
export const OverrideSchema = Type.Object(
  {
    id: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$' })),
    schema: Type.Optional(Type.Literal('none', { description: 'the pack has no XML Schema' })),
    profiles: Type.Optional(strings),
    models: Type.Optional(Type.Array(Model)),
  },
  closed,
);

export type Override = Static<typeof OverrideSchema>;

export const OVERRIDE_FILE = 'viaduc-pack.yaml';

/** Path of the override of a pack folder, the one beside it first, or null. */
export function overrideFile(folder: string): string | null {
  const beside = join(dirname(folder), `${basename(folder)}.${OVERRIDE_FILE}`);
  return [beside, join(folder, OVERRIDE_FILE)].find((file) => existsSync(file)) ?? null;
}

/** @throws PackError `validation.override-malformed` with file, line and member */
export function readOverride(file: string | null): Override {
  if (file === null) return {};
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: lines });
  const malformed = (what: string) =>
    packError('validation.override-malformed', { file: basename(file), what });
  const [error] = document.errors;
  if (error) throw malformed(error.message.split('\n')[0]!);
  const content: unknown = document.toJS() ?? {};
  for (const { instancePath, message } of Value.Errors(OverrideSchema, content)) {
    const keys = instancePath.split('/').slice(1);
    const node = document.getIn(keys, true) as { range?: [number, number, number] } | undefined;
    const line = node?.range ? `line ${lines.linePos(node.range[0]).line}, ` : '';
    throw malformed(`${line}${keys.join('.') || '(root)'} ${message}`);
  }
  return content as Override;
}

/** The choices with what an override says over them, member by member; a model that it alone names is added. */
export function overridden({ profiles, models }: Choices, override: Override): Choices {
  const given = new Map((override.models ?? []).map((one) => [one.path, one]));
  const changed = models.map((one) => ({ ...one, ...stated(given.get(one.path)) }));
  const added = [...given.values()]
    .filter(({ path }) => !models.some((one) => one.path === path))
    .map(complete);
  const taken = override.profiles ?? profiles;
  return {
    profiles: taken,
    models: [...changed, ...added]
      .filter(({ path }) => !taken.includes(path))
      .sort((a, b) => newestFirst(a.edition, b.edition) || (a.path < b.path ? -1 : 1)),
  };
}

type Given = NonNullable<Override['models']>[number];

/** What an entry states; its templates replace those learned from examples too. */
function stated(given: Given | undefined): Partial<ModelRules> {
  if (!given) return {};
  return given.templates ? { exampleTemplates: [], ...given } : given;
}

function complete(given: Given): ModelRules {
  const { model, edition } = modelName(given.path);
  const own = given.edition ?? edition;
  return {
    ...{ model, edition, templates: [], exampleTemplates: [], codes: [], level1: false },
    extensions: own === '' ? [] : [own],
    ...given,
  };
}
