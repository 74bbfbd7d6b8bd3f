import type { ParseArgsConfig } from 'node:util';

/** Exit statuses of every command (design, Command line). */
export const EXIT = { done: 0, invalid: 1, usage: 2, notJudged: 3 } as const;

export type Options = NonNullable<ParseArgsConfig['options']>;
export type Values = Record<string, string | boolean | (string | boolean)[] | undefined>;

/** A subcommand: a few lines that call a room below. */
export interface Command {
  summary: string;
  /** Lines after `usage: viaduc`, as `--help` prints them. */
  usage: string;
  options: Options;
  /** @returns an exit status */
  run(values: Values, positionals: string[]): Promise<number>;
}

/** Wrong use of a command; the message says what was expected. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A text option, or undefined. */
export function text(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

/** A text option that may stand several times. */
export function texts(values: Values, name: string): string[] {
  const value = values[name];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/** A text option that must be one of a list. */
export function choice<const C extends string>(
  values: Values,
  name: string,
  allowed: readonly C[],
  otherwise: C,
): C {
  const value = text(values, name) ?? otherwise;
  const found = allowed.find((one) => one === value);
  if (!found) throw new UsageError(`--${name} is one of ${allowed.join(', ')}, not '${value}'`);
  return found;
}
