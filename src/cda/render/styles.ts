import { BOLD, ITALIC, type Marks, UNDERLINE } from './model.ts';

/** Words of `styleCode` (CDA R2, section 4.3.5.11) that change how a text looks, in lower case. */
const LOOKS: Readonly<Record<string, number>> = {
  bold: BOLD,
  emphasis: ITALIC,
  italics: ITALIC,
  italic: ITALIC,
  underline: UNDERLINE,
  bolditalics: BOLD | ITALIC,
  bolditalic: BOLD | ITALIC,
  boldunderline: BOLD | UNDERLINE,
  italicsunderline: ITALIC | UNDERLINE,
  bolditalicsunderline: BOLD | ITALIC | UNDERLINE,
};

/** What a `styleCode` adds to the look of a text; words that mean nothing here add nothing. */
export function lookOf(styleCode: string | null): number {
  return words(styleCode).reduce((look, word) => look | (LOOKS[word] ?? 0), 0);
}

const MARKS: Readonly<Record<string, Marks>> = {
  disc: 'disc',
  circle: 'circle',
  square: 'square',
  arabic: 'arabic',
  littleroman: 'roman',
  bigroman: 'ROMAN',
  littlealpha: 'alpha',
  bigalpha: 'ALPHA',
};

/** The marks of a list; without a word that names some, numbers when it is ordered and discs when not. */
export function marksOf(listType: string | null, styleCode: string | null): Marks {
  const named = words(styleCode).flatMap((word) => MARKS[word] ?? [])[0];
  return named ?? (listType === 'ordered' ? 'arabic' : 'disc');
}

function words(styleCode: string | null): string[] {
  return (styleCode ?? '').toLowerCase().split(/\s+/);
}

/** The mark before the item of a rank, from 1, as text. */
export function markOf(marks: Marks, rank: number): string {
  switch (marks) {
    case 'disc':
      return '•';
    case 'circle':
      return '◦';
    case 'square':
      return '▪';
    case 'arabic':
      return `${rank}.`;
    case 'roman':
      return `${roman(rank).toLowerCase()}.`;
    case 'ROMAN':
      return `${roman(rank)}.`;
    case 'alpha':
      return `${letters(rank)}.`;
    case 'ALPHA':
      return `${letters(rank).toUpperCase()}.`;
  }
}

const ROMAN: readonly (readonly [number, string])[] = [
  [1000, 'M'],
  [900, 'CM'],
  [500, 'D'],
  [400, 'CD'],
  [100, 'C'],
  [90, 'XC'],
  [50, 'L'],
  [40, 'XL'],
  [10, 'X'],
  [9, 'IX'],
  [5, 'V'],
  [4, 'IV'],
  [1, 'I'],
];

const MOST_ROMAN = 3999;

function roman(rank: number): string {
  if (rank > MOST_ROMAN) return String(rank);
  let rest = rank;
  let text = '';
  for (const [value, letter] of ROMAN) for (; rest >= value; rest -= value) text += letter;
  return text;
}

function letters(rank: number): string {
  let text = '';
  for (let rest = rank; rest > 0; rest = Math.floor((rest - 1) / 26))
    text = String.fromCharCode(97 + ((rest - 1) % 26)) + text;
  return text;
}
