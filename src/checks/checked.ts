import type { InsAssessment } from '../identity/assess.ts';
import type { RulebookSetup } from '../validation/packs/rulebook.ts';
import type { DocumentFacts } from '../words/document.ts';
import type { Establishment, RulesPolicy } from '../words/establishment.ts';
import type { Verdict } from '../words/findings.ts';
import type { SubmissionRequest } from '../words/request.ts';
import type { PublishedSet } from '../xds/published-set.ts';

/** What brings a document: with it, the identity must be qualified and the metadata for its destinations must be there. */
export interface Bringing {
  request: SubmissionRequest;
  establishment: Establishment;
  /** Structures in whose name the sender may send. */
  structures: readonly string[] | '*';
  /** By which rules the sender's documents are judged; every rule of every pack in force when absent. */
  rules?: RulesPolicy;
}

/** What is to be judged: a document alone, or a document with what brings it. */
export interface Question {
  bytes: Uint8Array;
  brought: Bringing | null;
  /** Name of the file that held it, which may say its model when the document does not. */
  fileName?: string;
  /** Paths of Schematrons in the pack that replace the automatic choice of rules. */
  schematrons?: readonly string[];
  /** By which rules to judge a document that is alone, as if its sender brought it. */
  rules?: RulesPolicy;
  /** Whether `ms` must not count what is loaded once, by judging the first document of a kind twice. */
  warm?: boolean;
  /** Whether findings are to carry the rule behind them. */
  explain?: boolean;
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
  /** For the operator: name and frames of the error by which a check failed. Carries no patient data. */
  failure?: string;
}

/** Judges documents away from the caller's thread. */
export interface Checks {
  /** Never rejects for what is in a document: what could not be judged is a verdict too. */
  judge(question: Question): Promise<Checked>;
  /**
   * Takes other packs from now on; what is being judged ends by the former ones.
   * @throws PackError when they are not usable: then the former ones stay
   */
  renew(rules: RulebookSetup): Promise<void>;
  /** Takes other value sets of the DMP, from the next document on. */
  takeValueSets(valueSets: readonly PublishedSet[]): void;
  close(): Promise<void>;
}
