import { isAmbiguous, type Transitions } from './ambiguity.ts';

/**
 * Matching in time proportional to the text, whatever the regular expression: for those that a backtracking engine may
 * take an exponential time over. Takes what `translated` writes, apart from back-references and look-arounds.
 */
export class LinearMatcher {
  readonly #states: State[] = [];
  readonly #start: number;

  private constructor(node: Node) {
    this.#start = this.#compile(node, this.#add({ kind: 'match' }));
  }

  /** @returns null when the expression has something in it that is not regular, or is too large */
  static of(pattern: RegExp): LinearMatcher | null {
    try {
      return new LinearMatcher(new PatternReader(pattern).read());
    } catch (error) {
      if (error instanceof NotRegular) return null;
      throw error;
    }
  }

  /** Whether some part of a text matches. */
  test(text: string): boolean {
    const characters = Array.from(text);
    let current = new Set<number>();
    for (let at = 0; at <= characters.length; at += 1) {
      const place = { first: at === 0, last: at === characters.length };
      const open = new Set<number>();
      for (const state of [...current, this.#start]) if (this.#follow(state, place, open)) return true;
      current = new Set();
      const character = characters[at];
      if (character === undefined) break;
      for (const state of open) {
        const { kind, takes, next } = this.#states[state]!;
        if (kind === 'take' && takes!(character)) current.add(next!);
      }
    }
    return false;
  }

  /** The states that take a character, what each takes, and in how many ways (one, or more) each is followed by others. */
  transitions(): Transitions {
    const taking = this.#states.flatMap(({ kind }, index) => (kind === 'take' ? [index] : []));
    const numbers = new Map(taking.map((state, number) => [state, number]));
    const next = taking.map((state) => {
      const ways = new Map<number, number>();
      this.#count(this.#states[state]!.next!, new Set(), (found) => {
        const number = numbers.get(found)!;
        ways.set(number, (ways.get(number) ?? 0) + 1);
      });
      return ways;
    });
    return { takes: taking.map((state) => this.#states[state]!.takes!), next };
  }

  /** Tells every way without a character from a state to one that takes a character. */
  #count(from: number, passed: ReadonlySet<number>, tell: (state: number) => void): void {
    if (passed.has(from)) return;
    const { kind, next, other } = this.#states[from]!;
    if (kind === 'take') tell(from);
    if (kind === 'take' || kind === 'match') return;
    const inner = new Set([...passed, from]);
    if (inner.size > MOST_SPLITS) throw new NotRegular();
    this.#count(next!, inner, tell);
    if (kind === 'split' && other !== next) this.#count(other!, inner, tell);
  }

  /** Adds the states that are reached without a character; whether the match is among them. */
  #follow(from: number, place: Place, open: Set<number>): boolean {
    const waiting = [from];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (open.has(at)) continue;
      open.add(at);
      const { kind, next, other } = this.#states[at]!;
      if (kind === 'match') return true;
      if (kind === 'split') waiting.push(next!, other!);
      if ((kind === 'first' && place.first) || (kind === 'last' && place.last)) waiting.push(next!);
    }
    return false;
  }

  #add(state: State): number {
    if (this.#states.length > MOST_STATES) throw new NotRegular();
    return this.#states.push(state) - 1;
  }

  /** The first state of a part of the expression that goes on to another state. */
  #compile(node: Node, next: number): number {
    switch (node.kind) {
      case 'take':
        return this.#add({ kind: 'take', takes: node.takes, next });
      case 'first':
      case 'last':
        return this.#add({ kind: node.kind, next });
      case 'sequence':
        return node.parts.reduceRight((after, part) => this.#compile(part, after), next);
      case 'choice':
        return node.parts
          .map((part) => this.#compile(part, next))
          .reduce((a, b) => this.#add({ kind: 'split', next: a, other: b }));
      case 'repeat':
        return this.#repeat(node, next);
    }
  }

  #repeat({ part, least, most }: Node & { kind: 'repeat' }, next: number): number {
    let start = next;
    if (most === Infinity) {
      start = this.#add({ kind: 'split', next, other: next });
      this.#states[start]!.other = this.#compile(part, start);
    } else {
      for (let count = least; count < most; count += 1)
        start = this.#add({ kind: 'split', next, other: this.#compile(part, start) });
    }
    for (let count = 0; count < least; count += 1) start = this.#compile(part, start);
    return start;
  }
}

/** States of one expression: beyond, the counted repetitions in it would cost more than they are worth. */
const MOST_STATES = 20_000;

/** Splits between two characters: beyond, counting the ways would itself take long. */
const MOST_SPLITS = 40;

interface Place {
  first: boolean;
  last: boolean;
}

interface State {
  kind: 'take' | 'split' | 'first' | 'last' | 'match';
  takes?: (character: string) => boolean;
  next?: number;
  other?: number;
}

type Node =
  | { kind: 'take'; takes: (character: string) => boolean }
  | { kind: 'first' | 'last' }
  | { kind: 'sequence' | 'choice'; parts: Node[] }
  | { kind: 'repeat'; part: Node; least: number; most: number };

class NotRegular extends Error {}

/** What takes one character, apart from a class. */
const ONE = /\\[pPu]\{[^}]*\}|\\u[0-9A-Fa-f]{4}|\\[^1-9]|[^\\()[\]|?*+{}^$]/suy;
const QUANTIFIER = /(?:([?*+])|\{(\d+)(,?)(\d*)\})\??/y;

/** Reads an expression as `translated` writes it. */
class PatternReader {
  readonly #source: string;
  readonly #flags: string;
  #at = 0;

  constructor({ source, flags }: RegExp) {
    this.#source = source;
    this.#flags = flags;
  }

  read(): Node {
    const node = this.#choice();
    if (this.#at < this.#source.length) throw new NotRegular();
    return node;
  }

  #choice(): Node {
    const parts = [this.#sequence()];
    while (this.#take('|')) parts.push(this.#sequence());
    return parts.length === 1 ? parts[0]! : { kind: 'choice', parts };
  }

  #sequence(): Node {
    const parts: Node[] = [];
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at]!))
      parts.push(this.#repeated());
    return { kind: 'sequence', parts };
  }

  #repeated(): Node {
    const part = this.#part();
    QUANTIFIER.lastIndex = this.#at;
    const found = QUANTIFIER.exec(this.#source);
    if (!found) return part;
    this.#at += found[0].length;
    const [, mark, least, comma, most] = found;
    if (mark) return { kind: 'repeat', part, least: mark === '+' ? 1 : 0, most: mark === '?' ? 1 : Infinity };
    const from = Number(least);
    return { kind: 'repeat', part, least: from, most: comma ? (most ? Number(most) : Infinity) : from };
  }

  #part(): Node {
    if (this.#take('(?:')) return this.#group();
    if (this.#source.startsWith('(?', this.#at)) throw new NotRegular();
    if (this.#take('(')) return this.#group();
    if (this.#take('^')) return { kind: 'first' };
    if (this.#take('$')) return { kind: 'last' };
    const end = endOfOne(this.#source, this.#at);
    if (end === null) throw new NotRegular();
    const one = this.#source.slice(this.#at, end);
    this.#at = end;
    return { kind: 'take', takes: remembering(new RegExp(`^${one}$`, this.#flags)) };
  }

  #group(): Node {
    const node = this.#choice();
    if (!this.#take(')')) throw new NotRegular();
    return node;
  }

  #take(text: string): boolean {
    const there = this.#source.startsWith(text, this.#at);
    if (there) this.#at += text.length;
    return there;
  }
}

/** Where what takes one character ends, or null when something else begins there. */
function endOfOne(source: string, at: number): number | null {
  if (source[at] === '[') return endOfClass(source, at);
  ONE.lastIndex = at;
  return ONE.test(source) ? ONE.lastIndex : null;
}

/** Where a class ends, with the classes in it. */
function endOfClass(source: string, from: number): number {
  let depth = 0;
  for (let at = from; at < source.length; at += 1) {
    if (source[at] === '\\') at += 1;
    else if (source[at] === '[') depth += 1;
    else if (source[at] === ']') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return source.length;
}

function remembering(one: RegExp): (character: string) => boolean {
  const known = new Map<string, boolean>();
  return (character) => {
    let takes = known.get(character);
    if (takes === undefined) {
      takes = one.test(character);
      if (known.size < 1_000) known.set(character, takes);
    }
    return takes;
  };
}

/** Whether a repetition without end holds another, or a choice: where there is none, no expression takes long. */
export function mayBeRisky({ source }: RegExp): boolean {
  const groups: boolean[] = [];
  for (let at = 0; at < source.length; at += 1) {
    const character = source[at]!;
    if (character === '\\' || character === '[') at = (endOfOne(source, at) ?? at + 2) - 1;
    if (character === '(') groups.push(false);
    if ('|*+{'.includes(character)) groups.fill(true);
    if (character === ')' && groups.pop() && /^(?:[*+]|\{\d+,\})/.test(source.slice(at + 1, at + 12)))
      return true;
  }
  return false;
}

/**
 * Whether a backtracking engine may take an exponential time over an expression: some text leads from a state back to
 * itself in two ways. Expressions that cannot be told are taken for risky.
 */
export function isRisky(pattern: RegExp): boolean {
  if (!mayBeRisky(pattern)) return false;
  const matcher = LinearMatcher.of(pattern);
  try {
    return !matcher || isAmbiguous(matcher.transitions());
  } catch (error) {
    if (error instanceof NotRegular) return true;
    throw error;
  }
}
