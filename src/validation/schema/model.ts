import type { Name } from '../../xml/names.ts';

/** One place in a content model at which a child may stand. */
interface Position<T> {
  takes(name: Name): boolean;
  what: T;
}

/** A part of a content model: whether it may be empty, the positions at which it begins and ends. */
export interface Part {
  empty: boolean;
  first: readonly number[];
  last: readonly number[];
}

const NOTHING: Part = { empty: true, first: [], last: [] };

/**
 * Makes an automaton of a content model from the positions of its particles (Glushkov). Schemas that compile are
 * deterministic (XML Schema 1.0 part 1, Unique Particle Attribution): of several positions that take a name, all are copies
 * of one particle and mean the same.
 */
export class ModelMaker<T> {
  readonly #positions: Position<T>[] = [];
  readonly #follow: Set<number>[] = [];

  element(name: Name, what: T): Part {
    return this.wildcard((other) => other === name, what);
  }

  wildcard(takes: (name: Name) => boolean, what: T): Part {
    const at = this.#positions.push({ takes, what }) - 1;
    this.#follow.push(new Set());
    return { empty: false, first: [at], last: [at] };
  }

  sequence(parts: readonly Part[]): Part {
    return parts.reduce((before, after) => this.#joined(before, after), NOTHING);
  }

  choice(parts: readonly Part[]): Part {
    return {
      empty: parts.length === 0 || parts.some(({ empty }) => empty),
      first: parts.flatMap(({ first }) => first),
      last: parts.flatMap(({ last }) => last),
    };
  }

  optional(part: Part): Part {
    return { ...part, empty: true };
  }

  /** Once or any number of times more. */
  repeated(part: Part): Part {
    this.#link(part.last, part.first);
    return part;
  }

  finish(whole: Part): State<T> {
    const last = new Set(whole.last);
    return new State(
      { positions: this.#positions, follow: this.#follow, last, states: new Map() },
      null,
      whole,
    );
  }

  #joined(before: Part, after: Part): Part {
    this.#link(before.last, after.first);
    return {
      empty: before.empty && after.empty,
      first: before.empty ? [...before.first, ...after.first] : before.first,
      last: after.empty ? [...before.last, ...after.last] : after.last,
    };
  }

  #link(from: readonly number[], to: readonly number[]): void {
    for (const one of from) for (const other of to) this.#follow[one]!.add(other);
  }
}

interface Model<T> {
  positions: readonly Position<T>[];
  follow: readonly ReadonlySet<number>[];
  last: ReadonlySet<number>;
  states: Map<string, State<T>>;
}

/** What a child is, and the state behind it. */
export interface Step<T> {
  what: T;
  state: State<T>;
}

/** A state of the automaton; the states behind it are made when first reached. */
export class State<T> {
  /** Whether the content may end here. */
  readonly final: boolean;
  readonly #model: Model<T>;
  readonly #candidates: readonly number[];
  readonly #steps = new Map<Name, Step<T>>();

  /** @param at positions of the child before; null at the start of the content */
  constructor(
    model: Model<T>,
    at: readonly number[] | null,
    { empty, first }: Pick<Part, 'empty' | 'first'>,
  ) {
    this.#model = model;
    this.final = at ? at.some((one) => model.last.has(one)) : empty;
    this.#candidates = at ? [...new Set(at.flatMap((one) => [...model.follow[one]!]))] : first;
  }

  /** Null when no child of this name may stand here. */
  next(name: Name): Step<T> | null {
    return this.#steps.get(name) ?? this.#reach(name);
  }

  #reach(name: Name): Step<T> | null {
    const { positions, states } = this.#model;
    const at = this.#candidates.filter((one) => positions[one]!.takes(name)).toSorted((a, b) => a - b);
    const [first] = at;
    if (first === undefined) return null;
    const key = at.join(' ');
    const state = states.get(key) ?? new State(this.#model, at, NOTHING);
    states.set(key, state);
    const step = { what: positions[first]!.what, state };
    this.#steps.set(name, step);
    return step;
  }
}
