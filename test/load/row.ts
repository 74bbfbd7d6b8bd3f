/** A line of the table that `npm run bench` prints. */
export interface Row {
  what: string;
  figure: number;
  unit: string;
  /** The number to reach, from the plan; null where none is set. */
  goal: { at: 'least' | 'most'; figure: number } | null;
  note?: string;
}

export function least(figure: number): Row['goal'] {
  return { at: 'least', figure };
}

export function most(figure: number): Row['goal'] {
  return { at: 'most', figure };
}

export function reached({ figure, goal }: Row): boolean | null {
  if (!goal) return null;
  return goal.at === 'least' ? figure >= goal.figure : figure <= goal.figure;
}
