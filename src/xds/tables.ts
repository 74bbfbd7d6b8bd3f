import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { raise } from './errors.ts';

/** Which official set a table was written from, and of when. */
export interface Source {
  set: string;
  oid: string;
  /** ISO 8601 date. */
  version: string;
}

interface Sourced {
  sources: Source[];
}

interface Labelled {
  scheme: string;
  labels: Record<string, string>;
  /** Codes of the set that have no label of ours. */
  others?: string[];
}

/** The tables of `profiles/xds`, as written there. */
export interface Tables {
  types: Sourced & { codes: { scheme: string; types: Record<string, DocumentType> }[] };
  classes: Sourced & { scheme: string; codes: Record<string, string> };
  formats: Sourced & {
    schemes: Record<string, string>;
    unknownTemplate: string;
    mediaTypes: Record<string, string>;
    templates: Record<string, string>;
    notAccepted: string[];
    labels: Record<string, string>;
  };
  practiceSettings: Sourced & { codes: Labelled[] };
  facilities: Sourced & { codes: Labelled[] };
  confidentiality: Sourced & { base: Labelled; visibility: Labelled };
  contentTypes: Sourced & {
    scheme: string;
    byPatientClass: Record<string, string>;
    otherwise: string;
    labels: Record<string, string>;
  };
  referenceIds: Sourced & { kinds: { accession: string; order: string; study: string } };
}

export interface DocumentType {
  class: string;
  label: string;
  /** False when the CI-SIS knows the type but the DMP does not list it. */
  dmp?: boolean;
}

const FOLDER = join(import.meta.dirname, '..', '..', 'profiles', 'xds');

const FILES: Readonly<Record<keyof Tables, string>> = {
  types: 'types.yaml',
  classes: 'classes.yaml',
  formats: 'formats.yaml',
  practiceSettings: 'practice-settings.yaml',
  facilities: 'facilities.yaml',
  confidentiality: 'confidentiality.yaml',
  contentTypes: 'content-types.yaml',
  referenceIds: 'reference-ids.yaml',
};

/**
 * Reads the tables of a folder, the one of the product unless another is given.
 * @throws ViaducError `xds.profile-unreadable` when a file is missing, is no YAML or names no source
 */
export function readTables(folder = FOLDER): Tables {
  const read = Object.entries(FILES).map(([name, file]) => [name, readTable(folder, file)]);
  return Object.fromEntries(read) as Tables;
}

function readTable(folder: string, file: string): unknown {
  try {
    const table = parse(readFileSync(join(folder, file), 'utf8')) as Partial<Sourced> | null;
    if (!Array.isArray(table?.sources)) throw new Error('the table names no source');
    return table;
  } catch (error) {
    throw raise('xds.profile-unreadable', { file, reason: (error as Error).message }, error);
  }
}
