import type { Coded } from '../words/document.ts';
import { type Codes, openCodes } from './codes.ts';
import { withCorrespondences } from './correspondences.ts';
import type { PublishedSet } from './published-set.ts';
import { readTables } from './tables.ts';
import { officialSets, ownValueSets } from './value-sets.ts';

/** What an establishment decides about its metadata. */
export interface XdsSettings {
  codes: Codes;
  /** Code of JDV_J61 for a document that gives no facility type; null refuses such documents. */
  facilityType: Coded | null;
  /** Code of JDV_J62 for a document that gives no practice setting; null refuses such documents. */
  practiceSetting: Coded | null;
  /** IANA zone of times without an offset. */
  zone: string;
  /** Whether the DMP takes MASQUE_PS and INVISIBLE_PATIENT together (its parameter cumul-invisible_patient-masque_ps). */
  combinedMasking: boolean;
  /** What PID-8 says for a patient of unknown sex. */
  unknownSex: 'UN' | 'U';
}

/** Our own tables, no default for what the document should say, metropolitan time. */
export function defaultSettings(codes = openCodes()): XdsSettings {
  return {
    codes,
    facilityType: null,
    practiceSetting: null,
    zone: 'Europe/Paris',
    combinedMasking: false,
    unknownSex: 'UN',
  };
}

/** The same with what the operator loaded: official sets for ours, correspondences over ours. */
export function publishedSettings(published: readonly PublishedSet[]): XdsSettings {
  const tables = readTables();
  const valueSets = { ...ownValueSets(tables), ...officialSets(published) };
  return defaultSettings(openCodes(withCorrespondences(tables, published), valueSets));
}
