import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { SubmissionRequest } from '../../src/words/request.ts';

export const ROOT = join(import.meta.dirname, '..', '..');
export const SAMPLES = join(ROOT, 'samples');

/** A finding that the sandbox must have; the place is given when it is the point of the sample. */
export interface ExpectedFinding {
  codePrefix: string;
  severity: 'error' | 'warning';
  line?: number;
  column?: number;
}

/** One entry of samples.json: a document, the request that goes with it and what the sandbox answers. */
export interface Sample {
  file: string;
  title: { fr: string; en: string };
  /** The sample that must have been delivered before this one. */
  after: string | null;
  request: SubmissionRequest;
  expected: {
    door: 'accepted' | 'refused';
    findings: ExpectedFinding[];
    delivery: 'delivered' | 'refused' | null;
    codePrefix: string | null;
  };
  /** Indicators of the half-year that the document counts for once delivered. */
  indicators: string[];
}

export interface Figures {
  from: string;
  to: string;
  scope: 'EJ' | 'EG';
  finess: string;
  indicators: Record<string, { numerator: number; denominator: number }>;
}

interface SampleList {
  establishment: { finessEj: string; sites: { finessEg: string }[] };
  samples: Sample[];
  figures: Figures[];
}

export type Row = Record<string, string>;

export const list = JSON.parse(readFileSync(join(SAMPLES, 'samples.json'), 'utf8')) as SampleList;

export const documents = readdirSync(join(SAMPLES, 'documents')).map((name) => `documents/${name}`);

export function bytesOf(file: string): Buffer {
  return readFileSync(join(SAMPLES, file));
}

/** The column names of a CSV file as its first line gives them. */
export function headerOf(file: string): string {
  return bytesOf(file).toString('utf8').split('\n', 1)[0]!;
}

export function rowsOf(file: string): Row[] {
  return parse(bytesOf(file), { columns: true, delimiter: ';' }) as Row[];
}
