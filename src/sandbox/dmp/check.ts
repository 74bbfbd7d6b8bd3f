import type { Patients } from './patients.ts';
import type { Report } from './report.ts';
import type { Store } from './store.ts';
import type { Submission } from './submission.ts';
import type { Switches } from './switches.ts';
import type { Vihf } from './vihf.ts';

/** What a check may consult. */
export interface CheckContext {
  switches: Switches;
  patients: Patients;
  store: Store;
  report: Report;
  /** Milliseconds since 1970. */
  nowMs: number;
  /** Who speaks, as the VIHF says; null where it is not judged. */
  vihf: Vihf | null;
}

/** Judges one aspect of a submission and reports every problem; never throws over what the sender wrote. */
export type SubmissionCheck = (submission: Submission, context: CheckContext) => void;
