import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { TLocalizedValidationError } from 'typebox/error';
import { Value } from 'typebox/value';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { checkDefinition } from './definition-checks.ts';
import { type DefinitionFile, DefinitionSchema } from './definition-schema.ts';
import { DefinitionError, type DefinitionProblem, indicatorError } from './errors.ts';
import { indicatorLimits } from './limits.ts';

export type { DefinedIndicator, DefinedWindow, DocumentType, Reading, Target } from './definition-schema.ts';

/**
 * How the indicators of a programme are counted: one version of one file. It is `official` when the wording of every
 * indicator is; figures of a working definition are marked so wherever they are shown.
 */
export interface Definition extends DefinitionFile {
  /** Lower-case hexadecimal SHA-256 of the bytes of the file. */
  sha256: string;
  status: 'official' | 'working';
}

/**
 * Reads a definition file from disk.
 * @throws ViaducError indicators.definition-unreadable
 * @throws DefinitionError with every problem, its line and its path
 */
export async function loadDefinition(path: string): Promise<Definition> {
  const file = basename(path);
  try {
    return readDefinition(await readFile(path), file);
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause;
    throw indicatorError('indicators.definition-unreadable', { file, why: cause.message }, cause);
  }
}

/** As `loadDefinition`, from the bytes; `file` is the name in messages. */
export function readDefinition(bytes: Uint8Array, file: string): Definition {
  const { value: most } = indicatorLimits.definitionBytes;
  if (bytes.length > most)
    throw indicatorError('indicators.definition-unreadable', { file, why: `more than ${most} bytes` });
  const source = parseYaml(Buffer.from(bytes).toString('utf8'), file);
  const value = plainValue(source);
  if (!Value.Check(DefinitionSchema, value))
    throw new DefinitionError(shapeProblems(source, Value.Errors(DefinitionSchema, value)));
  const wrong = checkDefinition(value);
  if (wrong.length > 0)
    throw new DefinitionError(wrong.map(([path, message]) => problem(source, path, message)));
  const official = value.indicators.every((indicator) => indicator.status === 'official');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { ...value, sha256, status: official ? 'official' : 'working' };
}

interface Source {
  file: string;
  document: Document;
  lines: LineCounter;
}

function parseYaml(text: string, file: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length === 0) return { file, document, lines };
  throw new DefinitionError(
    document.errors.map((error) => {
      const { line, col } = lines.linePos(error.pos[0]);
      return {
        file,
        line,
        column: col,
        path: '/',
        message: { fr: `YAML : ${error.message}`, en: error.message },
      };
    }),
  );
}

/** Aliases are resolved here; ones that multiply beyond reason are refused by the library. */
function plainValue(source: Source): unknown {
  try {
    return source.document.toJS() as unknown;
  } catch (error) {
    const what = (error as Error).message;
    throw new DefinitionError([problem(source, '', { fr: `YAML : ${what}`, en: what })]);
  }
}

/** One problem for each place. A union says once for each of its members why it does not fit: they become one sentence. */
function shapeProblems(source: Source, errors: readonly TLocalizedValidationError[]): DefinitionProblem[] {
  const told = errors.flatMap(sayings);
  const places = Map.groupBy(told, ([path]) => path);
  return [...places].map(([path, sentences]) => {
    const what = [...new Set(sentences.map(([, sentence]) => sentence))].join('; or ');
    return problem(source, path, { fr: `forme inattendue (${what})`, en: what });
  });
}

/** Path and sentence of an error; none for those that only repeat that a union or an object does not fit. */
function sayings(error: TLocalizedValidationError): [path: string, sentence: string][] {
  const path = error.instancePath;
  switch (error.keyword) {
    case 'anyOf':
    case 'boolean':
      return [];
    case 'const':
      return [[path, `must be ${error.params.allowedValue}`]];
    case 'enum':
      return [[path, `must be one of ${error.params.allowedValues.join(', ')}`]];
    case 'additionalProperties':
      return error.params.additionalProperties.map((name) => [
        `${path}/${name}`,
        'there is no member of this name',
      ]);
    case 'required':
      return error.params.requiredProperties.map((name) => [path, `${name} is missing`]);
    default:
      return [[path, error.message]];
  }
}

function problem(source: Source, path: string, message: DefinitionProblem['message']): DefinitionProblem {
  const { line, col } = source.lines.linePos(offsetOf(source.document, path));
  return { file: source.file, line, column: col, path: path || '/', message };
}

/** Offset of the node at a path; of the nearest one above it when it is not there. */
function offsetOf(document: Document, path: string): number {
  const keys = path
    .split('/')
    .slice(1)
    .map((key) => (/^\d+$/.test(key) ? Number(key) : key));
  for (let depth = keys.length; depth > 0; depth -= 1) {
    const node = document.getIn(keys.slice(0, depth), true) as
      | { range?: [number, number, number] }
      | undefined;
    if (node?.range) return node.range[0];
  }
  return 0;
}
