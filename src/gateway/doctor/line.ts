import { fill, isViaducError, type Values, type Words } from '../../words/errors.ts';
import { type doctorErrors, entryOf } from './errors.ts';

/** What the doctor looked at, in the order in which an operator would. */
export type Topic =
  | 'configuration'
  | 'certificates'
  | 'network'
  | 'dmp'
  | 'mssante'
  | 'clock'
  | 'packs'
  | 'metadata'
  | 'storage'
  | 'ports';

/** One thing that was looked at. */
export interface Line {
  topic: Topic;
  level: 'ok' | 'warning' | 'error';
  /** Null when all is well. */
  code: string | null;
  message: Words;
  remedy: Words | null;
}

export function ok(topic: Topic, fr: string, en: string): Line {
  return { topic, level: 'ok', code: null, message: { fr, en }, remedy: null };
}

/** A problem of the doctor's own catalogue. */
export function found(
  topic: Topic,
  level: 'warning' | 'error',
  code: keyof typeof doctorErrors,
  values: Values = {},
): Line {
  return named(topic, level, code, values);
}

/** A problem of any catalogue that the doctor knows. */
export function named(topic: Topic, level: 'warning' | 'error', code: string, values: Values = {}): Line {
  const entry = entryOf(code);
  const both = ({ fr, en }: Words) => ({ fr: fill(fr, values, 'fr'), en: fill(en, values) });
  return { topic, level, code, message: both(entry.message), remedy: both(entry.remedy) };
}

/** Runs a look that may throw: the error then is what was found. One look that fails never hides the others. */
export async function looking(topic: Topic, look: () => Promise<Line[]> | Line[]): Promise<Line[]> {
  try {
    return await look();
  } catch (error) {
    if (!isViaducError(error))
      return [found(topic, 'error', 'doctor.look-failed', { reason: (error as Error).message })];
    const { message, remedy } = error.entry;
    const both = ({ fr, en }: Words) => ({ fr: fill(fr, error.values, 'fr'), en: fill(en, error.values) });
    return [{ topic, level: 'error', code: error.code, message: both(message), remedy: both(remedy) }];
  }
}
