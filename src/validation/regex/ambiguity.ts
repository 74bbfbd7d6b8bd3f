/** An automaton without empty moves: what each state takes, and in how many ways it is followed by each other state. */
export interface Transitions {
  takes: readonly ((character: string) => boolean)[];
  next: readonly ReadonlyMap<number, number>[];
}

/** Larger automata are not looked at: pairs of their states are gone through. */
const MOST_STATES = 400;

/** Characters that stand for all others: the first blocks of Unicode, and some of those beyond. */
const SAMPLES = [
  ...Array.from({ length: 0x180 }, (_, code) => String.fromCodePoint(code)),
  ...'\u0301\u0660\u2028\u20ac\u4e00\u{1f600}',
];

/**
 * Whether some text leads from a state back to itself in two ways: then a backtracking engine doubles its work with every
 * repetition of that text. In the graph of pairs of states that take the same characters, this is a pair of one state
 * twice that lies on a circle with a pair of two different states, or with a move that can be made in two ways.
 */
export function isAmbiguous({ takes, next }: Transitions): boolean {
  if (takes.length > MOST_STATES) return true;
  const characters = takes.map((take) => SAMPLES.map(take));
  const meet = (a: number, b: number) =>
    a === b || characters[a]!.some((taken, index) => taken && characters[b]![index]);
  const after = (pair: number): number[] => {
    const [a, b] = [Math.floor(pair / takes.length), pair % takes.length];
    const found: number[] = [];
    for (const x of next[a]!.keys())
      for (const y of next[b]!.keys()) if (meet(x, y)) found.push(x * takes.length + y);
    return found;
  };
  return takes.some((_, state) => isOnTwoCircles(state, takes.length, next, after));
}

function isOnTwoCircles(
  state: number,
  size: number,
  next: Transitions['next'],
  after: (pair: number) => number[],
): boolean {
  const start = state * size + state;
  const reached = reach([start], after);
  if (!reached.has(start)) return false;
  const before = reversed(reached, after);
  const circle = reach([start], (pair) => before.get(pair) ?? []);
  for (const pair of circle) {
    if (!reached.has(pair)) continue;
    const [a, b] = [Math.floor(pair / size), pair % size];
    if (a !== b) return true;
    for (const [to, ways] of next[a]!) if (ways > 1 && circle.has(to * size + to)) return true;
  }
  return false;
}

/** What is reached from some pairs in one move or more. */
function reach(from: readonly number[], after: (pair: number) => readonly number[]): Set<number> {
  const found = new Set<number>();
  const waiting = [...from];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop())
    for (const to of after(at)) {
      if (found.has(to)) continue;
      found.add(to);
      waiting.push(to);
    }
  return found;
}

function reversed(
  pairs: ReadonlySet<number>,
  after: (pair: number) => readonly number[],
): Map<number, number[]> {
  const before = new Map<number, number[]>();
  for (const pair of pairs) for (const to of after(pair)) before.set(to, [...(before.get(to) ?? []), pair]);
  return before;
}
