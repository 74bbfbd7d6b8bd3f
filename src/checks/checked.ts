import type { InsAssessment } from '../identity/assess.ts';
import type { DocumentFacts } from '../words/document.ts';
import type { Establishment } from '../words/establishment.ts';
import type { Verdict } from '../words/findings.ts';
import type { SubmissionRequest } from '../words/request.ts';

/** What brings a document: with it, the identity must be qualified and the metadata for its destinations must be there. */
export interface Bringing {
  request: SubmissionRequest;
  establishment: Establishment;
  /** Structures in whose name the sender may send. */
  structures: readonly string[] | '*';
}

/** What is to be judged: a document alone, or a document with what brings it. */
export interface Question {
  bytes: Uint8Array;
  brought: Bringing | null;
}

/** A judged document. `facts` is null when the document could not be read so far. */
export interface Checked {
  verdict: Verdict;
  facts: DocumentFacts | null;
  identity: InsAssessment | null;
  /** Lower-case hexadecimal SHA-256 of the bytes. */
  sha256: string;
  /** Milliseconds of checking, without waiting for a worker. */
  ms: number;
}

/** Judges documents away from the caller's thread. */
export interface Checks {
  /** Never rejects for what is in a document: what could not be judged is a verdict too. */
  judge(question: Question): Promise<Checked>;
  close(): Promise<void>;
}
