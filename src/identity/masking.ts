import { normaliseMatricule, partsOf } from './matricule.ts';

/** A matricule as screens and messages show it: sex and year of birth only, nothing of one that is not well formed. */
export function maskMatricule(matricule: string): string {
  const parts = partsOf(normaliseMatricule(matricule));
  return parts ? `${parts.sex} ${parts.year} ** ** *** *** **` : '* ** ** ** *** *** **';
}
