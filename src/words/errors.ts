/**
 * What an error means for what was being done:
 * - `invalid`: the input is wrong; sending it again unchanged gives the same answer
 * - `not-judged`: a check could not run; the operator's problem, never the sender's fault
 * - `transient`: the same attempt may succeed later
 * - `ambiguous`: it is not known whether the effect took place; ask before doing it again
 * - `permanent`: the destination or the gateway refuses for good
 * - `configuration`: somebody has to change a setting, a certificate or a right first
 */
export type ErrorClass = 'invalid' | 'not-judged' | 'transient' | 'ambiguous' | 'permanent' | 'configuration';

/** A sentence in both languages; `{name}` stands for a value given when the error is raised. */
export interface Words {
  fr: string;
  en: string;
}

/** One row of a room's catalogue. `status` is the HTTP status when the error answers a request. */
export interface ErrorEntry {
  class: ErrorClass;
  status?: number;
  message: Words;
  remedy: Words;
}

/** Every error a room can raise, by stable code (`room.what-is-wrong`). */
export type ErrorCatalogue = Readonly<Record<string, ErrorEntry>>;

/** Keeps the codes of a catalogue as literal types, so that a misspelt code does not compile. */
export function catalogue<const C extends ErrorCatalogue>(entries: C): C {
  return entries;
}

/** What varies in a sentence: the same in both languages, or words of each. */
export type Values = Readonly<Record<string, string | number | Words>>;

/** Puts values in the place of `{name}`; a name without a value stays, so that a mistake is seen. */
export function fill(text: string, values: Values = {}, language: keyof Words = 'en'): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name] ?? whole;
    return typeof value === 'object' ? value[language] : String(value);
  });
}

/** An error of the catalogue. Its message is the English one; it never holds patient data. */
export class ViaducError extends Error {
  override readonly name = 'ViaducError';
  readonly code: string;
  readonly entry: ErrorEntry;
  readonly values: Values;

  constructor(code: string, entry: ErrorEntry, values: Values = {}, options?: ErrorOptions) {
    super(fill(entry.message.en, values), options);
    this.code = code;
    this.entry = entry;
    this.values = values;
  }

  get class(): ErrorClass {
    return this.entry.class;
  }

  /** Its message in both languages: what another sentence quotes. */
  get words(): Words {
    return { fr: fill(this.entry.message.fr, this.values, 'fr'), en: this.message };
  }
}

/** Makes the function by which a room raises its own errors: `const raise = raiser(catalogue)`. */
export function raiser<C extends ErrorCatalogue>(entries: C) {
  return (code: keyof C & string, values?: Values, cause?: unknown): ViaducError =>
    new ViaducError(code, entries[code]!, values, cause === undefined ? undefined : { cause });
}

/** Whether an error is one of the catalogue, with the given code when one is given. */
export function isViaducError(error: unknown, code?: string): error is ViaducError {
  return error instanceof ViaducError && (code === undefined || error.code === code);
}
