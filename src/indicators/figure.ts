import type { Words } from '../words/errors.ts';
import type { Target } from './definitions.ts';
import type { AwaitedFacts } from './rules.ts';
import type { Settings } from './settings.ts';

/** Why an indicator has no judgement. The names are part of the public interface. */
export type NotComputable =
  | 'not-measured-in-window'
  | 'facts-missing'
  | 'denominator-unknown'
  | 'not-applicable'
  | 'scope-not-measured'
  | 'numerator-above-denominator';

export const NOT_COMPUTABLE: Readonly<Record<NotComputable, Words>> = {
  'not-measured-in-window': {
    fr: 'Non mesuré dans cette fenêtre.',
    en: 'Not measured in this window.',
  },
  'facts-missing': {
    fr: "Les données nécessaires n'ont pas encore de source.",
    en: 'The data it needs have no source yet.',
  },
  'denominator-unknown': {
    fr: "Aucun séjour ou examen n'est connu pour la période : dénominateur inconnu.",
    en: 'No stay or exam is known for the period: the denominator is unknown.',
  },
  'not-applicable': {
    fr: "Sans objet : rien n'entre au dénominateur.",
    en: 'Not applicable: nothing is in the denominator.',
  },
  'scope-not-measured': {
    fr: "L'indicateur n'est pas défini à ce niveau.",
    en: 'The indicator is not defined at this level.',
  },
  'numerator-above-denominator': {
    fr: 'Erreur de configuration : le numérateur dépasse le dénominateur. Export bloqué.',
    en: 'Configuration error: the numerator exceeds the denominator. Export is blocked.',
  },
};

/** An indicator's figure: exact integers, never a rounded value. */
export interface Figure {
  /** Null when there is nothing to count with. */
  numerator: number | null;
  denominator: number | null;
  notComputableBecause?: NotComputable;
  /** Which facts are missing, when that is the reason. */
  missingFacts?: AwaitedFacts[];
}

export function notComputable(because: NotComputable, missingFacts?: AwaitedFacts[]): Figure {
  const figure: Figure = { numerator: null, denominator: null, notComputableBecause: because };
  return missingFacts ? { ...figure, missingFacts } : figure;
}

/** A figure with the guards of the sheet (6.6): nothing over nothing is not applicable, more than all is a mistake. */
export function guarded(numerator: number, denominator: number): Figure {
  if (numerator > denominator)
    return { numerator, denominator, notComputableBecause: 'numerator-above-denominator' };
  if (denominator === 0) return { numerator, denominator, notComputableBecause: 'not-applicable' };
  return { numerator, denominator };
}

/** Whether a figure meets its target, by integers; null when it has no target or cannot be judged. */
export function isMet(
  figure: Figure,
  target: Target | null,
  targetReached: Settings['targetReached'],
): boolean | null {
  const { numerator, denominator } = figure;
  if (figure.notComputableBecause || target === null || numerator === null || denominator === null)
    return null;
  if (target === true) return numerator > 0;
  const [reached, needed] = [numerator * 100, target * denominator];
  return targetReached === 'above' ? reached > needed : reached >= needed;
}

/**
 * A share as a percentage with one decimal, cut and never rounded: 4896 of 10000 is `48.9`. Null when there is nothing to
 * share. Exact for all integers up to 2^53 / 1000.
 */
export function truncatedPercent(numerator: number, denominator: number): string | null {
  if (denominator === 0) return null;
  const scaled = numerator * 1000;
  const tenths = (scaled - (scaled % denominator)) / denominator;
  return `${Math.trunc(tenths / 10)}.${tenths % 10}`;
}
