import { validationLimits } from '../limits.ts';

/** Puts the values of an abstract pattern's parameters into an expression. */
export type Substitute = (text: string) => string;

export const unchanged: Substitute = (text) => text;

/**
 * As the reference implementation does it: one parameter after the other in the order in which they are given, wherever
 * `$name` stands, whatever follows it.
 */
export function substitution(parameters: readonly { name: string; value: string }[]): Substitute {
  return (text) =>
    parameters.reduce(
      (done, { name, value }) =>
        done.length > validationLimits.expressionCharacters.value
          ? done
          : done.replaceAll(`$${name}`, () => value),
      text,
    );
}
