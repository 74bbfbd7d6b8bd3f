import type { ErrorEntry } from '../../words/errors.ts';

/** A reason for which the registry refuses, with the code it puts in `RegistryError/@errorCode`. */
export interface RefusalRow extends ErrorEntry {
  /** IHE ITI TF-3, table 4.2.4.1-2; the switch `errorCodes` overrides those of the business cases. */
  errorCode: string;
}

/** A row, with the usual remedy for metadata unless it has its own. */
export function row(
  errorCode: string,
  fr: string,
  en: string,
  remedy?: [fr: string, en: string],
): RefusalRow {
  const [remedyFr, remedyEn] = remedy ?? CORRECT;
  return { errorCode, class: 'invalid', message: { fr, en }, remedy: { fr: remedyFr, en: remedyEn } };
}

const CORRECT: [string, string] = [
  "Corriger la métadonnée à l'endroit indiqué.",
  'Mend the metadata at the place given.',
];
/** The remedy where an entryUUID or a status is not what the registry has. */
export const LOOK_UP: [string, string] = [
  "Relire l'entryUUID courant par TD3.1b avant de remplacer ou supprimer.",
  'Read the current entryUUID again with TD3.1b before replacing or deleting.',
];
