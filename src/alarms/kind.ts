import type { Words } from '../words/errors.ts';

/** What an operator is told of a kind of incident, and how it ends. `docs/alarms.md` is made of this table. */
export interface Kind {
  /** One sentence; `{subject}` stands for what it is about. */
  title: Words;
  /** Sentences that are said when all their values are known. */
  details: readonly Words[];
  /** Why it matters. */
  means: Words;
  /** What to do, in order. */
  steps: readonly Words[];
  /** Who says that it is over: its `source`, which goes on looking; or nobody, once it was not seen again for so long. */
  ends: 'source' | { calmMs: number };
}
