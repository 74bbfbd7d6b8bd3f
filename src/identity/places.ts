/** Why two codes may name one place. */
export type Renaming = 'Corse' | 'Algérie' | 'Maroc' | 'Tunisie' | 'arrondissement' | 'Île-de-France 1968';

/**
 * Compares the place in a matricule, set when the person was registered, with the COG code of the traits: the same, the
 * same under another code, or different. Communes that merged or were renumbered count as different: that takes a history
 * of the COG, which is not here. Years are of the birth. Source: INS sheet, 3.2.
 */
export function comparePlaces(
  registered: string,
  trait: string,
  birthYear: number,
): 'same' | 'different' | Renaming {
  if (registered === trait) return 'same';
  return RENAMINGS.find(({ holds }) => holds(registered, trait, birthYear))?.why ?? 'different';
}

type Rule = (registered: string, trait: string, birthYear: number) => boolean;

const ALGERIA_INDEPENDENT = 1962;
const MOROCCO_AND_TUNISIA_INDEPENDENT = 1956;
const ILE_DE_FRANCE_DIVIDED = 1968;

const RENAMINGS: readonly { why: Renaming; holds: Rule }[] = [
  { why: 'Corse', holds: (a, b) => corsican(a, b) || corsican(b, a) },
  { why: 'Algérie', holds: formerTerritory(/^9[1-4]/, '99352', ALGERIA_INDEPENDENT) },
  { why: 'Maroc', holds: formerTerritory(/^95/, '99350', MOROCCO_AND_TUNISIA_INDEPENDENT) },
  { why: 'Tunisie', holds: formerTerritory(/^96/, '99351', MOROCCO_AND_TUNISIA_INDEPENDENT) },
  { why: 'arrondissement', holds: (a, b) => withinCity(a, b) || withinCity(b, a) },
  {
    why: 'Île-de-France 1968',
    holds: (a, b, year) => year <= ILE_DE_FRANCE_DIVIDED && /^7[58]/.test(a) && /^9[1-5]/.test(b),
  },
];

/** Corsica was department 20 until 1976; its communes kept their number within it. */
function corsican(old: string, now: string): boolean {
  return old.startsWith('20') && /^2[AB]/.test(now) && old.slice(2) === now.slice(2);
}

function formerTerritory(department: RegExp, country: string, until: number): Rule {
  return (registered, trait, year) => year <= until && department.test(registered) && trait === country;
}

/** City code, and the codes of its arrondissements. */
const CITIES: readonly [city: string, arrondissement: RegExp][] = [
  ['75056', /^751(?:0[1-9]|1[0-9]|20)$/],
  ['69123', /^6938[1-9]$/],
  ['13055', /^132(?:0[1-9]|1[0-6])$/],
];

function withinCity(part: string, city: string): boolean {
  return CITIES.some(([code, arrondissement]) => city === code && arrondissement.test(part));
}

const CORSICA_DIVIDED = 1976;

/** Whether a department of a matricule was no more at a birth: 20 (Corsica), 96 (Tunisia). */
export function isDepartmentOfThePast(department: string, birthYear: number): boolean {
  if (department === '20') return birthYear >= CORSICA_DIVIDED;
  return department === '96' && birthYear > MOROCCO_AND_TUNISIA_INDEPENDENT;
}
