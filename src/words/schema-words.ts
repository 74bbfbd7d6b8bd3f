import type { Words } from './errors.ts';
import { reasonExpected } from './reason.ts';

/** What a schema validator says of one place, as far as it is used here. */
export interface SchemaError {
  keyword: string;
  /** JSON pointer of the value. */
  instancePath: string;
  params: object;
  message?: string;
}

/** A value that a schema refuses, in words: where it stands (`stay.finessEg`) and what was expected, in both languages. */
export interface Complaint {
  place: string;
  what: Words;
}

/**
 * The first complaint of a validator in words, or null when it has none. Alternatives are told together: which values are
 * allowed, not that the first of them is not the one.
 */
export function schemaComplaint(errors: readonly SchemaError[]): Complaint | null {
  const telling = errors.filter((one) => !SILENT.has(one.keyword) && !isNull(one));
  const first = misspelt(telling) ?? telling[0] ?? errors[0];
  if (!first) return null;
  const beside = telling.filter(
    ({ keyword, instancePath }) => keyword === first.keyword && instancePath === first.instancePath,
  );
  return {
    place: first.instancePath.slice(1).replaceAll('/', '.'),
    what: WORDS[first.keyword]?.(beside.map(({ params }) => params as Params)) ?? asTold(first),
  };
}

/** A member that nobody knows, beside one that is missing: the first is how the second was written. */
function misspelt([first, ...others]: readonly SchemaError[]): SchemaError | undefined {
  if (first?.keyword !== 'required') return undefined;
  const folder = first.instancePath;
  return others.find(({ keyword, instancePath }) => keyword === 'boolean' && isWithin(instancePath, folder));
}

function isWithin(path: string, folder: string): boolean {
  return path.slice(0, path.lastIndexOf('/')) === folder;
}

/** What follows from the other complaints: that no alternative fits, that a closed object has a member too many. */
const SILENT = new Set(['anyOf', 'additionalProperties']);

function isNull({ keyword, params }: SchemaError): boolean {
  return keyword === 'type' && (params as Params).type === 'null';
}

type Params = Readonly<Record<string, unknown>>;

const WORDS: Readonly<Record<string, (params: Params[]) => Words>> = {
  boolean: () => ({ fr: "n'est pas un membre connu", en: 'is no known member' }),
  const: (all) => oneOf(all.map(({ allowedValue }) => allowedValue)),
  enum: ([one]) => oneOf(one!.allowedValues as unknown[]),
  type: (all) => {
    const types = all.map(({ type }) => String(type)).join(', ');
    return { fr: `doit être de type ${types}`, en: `must be of type ${types}` };
  },
  required: ([one]) => {
    const names = (one!.requiredProperties as string[]).join(', ');
    return { fr: `doit avoir ${names}`, en: `must have ${names}` };
  },
  pattern: ([one]) =>
    reasonExpected(one!.pattern) ?? {
      fr: `n'a pas la forme attendue (${String(one!.pattern)})`,
      en: `has not the expected form (${String(one!.pattern)})`,
    },
  minLength: ([one]) => bound('caractères', 'characters', 'au moins', 'at least', one!),
  maxLength: ([one]) => bound('caractères', 'characters', 'au plus', 'at most', one!),
  minItems: ([one]) => bound('éléments', 'items', 'au moins', 'at least', one!),
  maxItems: ([one]) => bound('éléments', 'items', 'au plus', 'at most', one!),
  minimum: ([one]) => ({ fr: `est inférieur à ${one!.limit}`, en: `is less than ${one!.limit}` }),
  maximum: ([one]) => ({ fr: `est supérieur à ${one!.limit}`, en: `is more than ${one!.limit}` }),
};

function oneOf(values: readonly unknown[]): Words {
  const list = values.map(String).join(', ');
  return { fr: `doit être l'un de : ${list}`, en: `must be one of: ${list}` };
}

function bound(fr: string, en: string, limitFr: string, limitEn: string, { limit }: Params): Words {
  return { fr: `doit avoir ${limitFr} ${limit} ${fr}`, en: `must have ${limitEn} ${limit} ${en}` };
}

function asTold({ message = '' }: SchemaError): Words {
  return { fr: message, en: message };
}
