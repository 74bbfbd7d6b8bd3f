import type { ErrorEntry, Words } from '../words/errors.ts';
import { CODE_MEANINGS } from './dmp/codes.ts';
import { dmpErrors } from './dmp/errors.ts';
import { deliveryErrors } from './errors.ts';
import { directoryErrors } from './mssante/directory/errors.ts';
import { DIRECTORY_TRACES } from './mssante/directory/traces.ts';
import { mailErrors, wireErrors } from './mssante/errors.ts';
import { messageErrors } from './mssante/message/errors.ts';
import { whiteListErrors } from './mssante/white-list/errors.ts';

/** What the code of a delivery means, and what to do next where that is known. */
export interface Sentence {
  message: Words;
  remedy: Words | null;
}

const CATALOGUE: Readonly<Record<string, ErrorEntry>> = {
  ...{ ...deliveryErrors, ...dmpErrors },
  ...{ ...mailErrors, ...wireErrors, ...messageErrors, ...whiteListErrors, ...directoryErrors },
};

/**
 * The code of a delivery in words; null for one without any, such as `delivered`. A delivery keeps its code alone, so what
 * varied in the sentence is left out of it.
 */
export function sentenceOf(code: string): Sentence | null {
  const entry = Object.hasOwn(CATALOGUE, code) ? CATALOGUE[code]! : null;
  if (entry) return { message: general(entry.message), remedy: general(entry.remedy) };
  const meaning = Object.hasOwn(CODE_MEANINGS, code) ? CODE_MEANINGS[code]! : null;
  if (meaning) return { message: meaning.words, remedy: null };
  const trace = Object.hasOwn(DIRECTORY_TRACES, code) ? DIRECTORY_TRACES[code]! : null;
  return trace && { message: trace, remedy: null };
}

function general({ fr, en }: Words): Words {
  return { fr: withoutValues(fr), en: withoutValues(en) };
}

/** `HTTP {status}: down ({reason}): {why}.` is `HTTP …: down.` */
function withoutValues(text: string): string {
  return text.replace(/ \(\{\w+\}\)| ?: \{\w+\}(?=\.)/g, '').replace(/\{\w+\}/g, '…');
}
