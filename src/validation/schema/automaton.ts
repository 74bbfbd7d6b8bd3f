import type { Name } from '../../xml/names.ts';
import { validationLimits } from '../limits.ts';
import type { ElementDeclaration, ElementParticle, Particle } from './model.ts';
import type { Component } from './registry.ts';
import { ANYTHING_LAX, allows, overlap, type Wildcard } from './wildcards.ts';

/** Where reading the children of an element stands: which may come next. */
export interface State {
  /** The parent may end here. */
  accepting: boolean;
  /** Steps by the name of the child. */
  readonly elements: Map<Name, Step>;
  readonly wildcards: { wildcard: Wildcard; next: State }[];
}

/** What a child is taken for, and what may come after it. */
export interface Step {
  declaration: ElementDeclaration;
  next: State;
}

type Leaf = Exclude<Particle, { kind: 'sequence' | 'choice' | 'all' }>;

/** An occurrence of a leaf in the model, as in Glushkov's construction. */
interface Position {
  leaf: Leaf;
  /** Which may come after it. */
  follow: Set<Position>;
}

interface Fragment {
  nullable: boolean;
  first: Set<Position>;
  last: Set<Position>;
}

const EMPTY: Fragment = { nullable: true, first: new Set(), last: new Set() };

/** What an automaton is compiled with. */
export interface Compiling {
  /** The declarations that may stand where an element is declared: itself and those that substitute it. */
  expand(declaration: ElementDeclaration): readonly ElementDeclaration[];
  problem(at: Component, what: string): void;
}

/**
 * Compiles a content model into a deterministic automaton. XML Schema asks that each child be attributed to one particle
 * without looking ahead (Unique Particle Attribution, part 1, section 3.8.6): a model where two compete is a problem noted.
 */
export function compileModel(particle: Particle | null, at: Component, compiling: Compiling): State {
  const positions = new Positions(at, compiling);
  const whole = particle ? positions.fragment(particle) : EMPTY;
  return new Determinizer(positions, whole, compiling).run();
}

/** The only state of anyType. */
export function anything(): State {
  const state: State = { accepting: true, elements: new Map(), wildcards: [] };
  state.wildcards.push({ wildcard: ANYTHING_LAX, next: state });
  return state;
}

class Positions {
  readonly numbers = new Map<Position, number>();
  readonly #at: Component;
  readonly #compiling: Compiling;
  #isFull = false;

  constructor(at: Component, compiling: Compiling) {
    this.#at = at;
    this.#compiling = compiling;
  }

  fragment(particle: Particle): Fragment {
    const { min, max } = particle;
    const many = max === Number.POSITIVE_INFINITY;
    const copies: Fragment[] = [];
    for (let copy = 1; copy <= (many ? Math.max(min, 1) : max) && !this.#isFull; copy += 1)
      copies.push(this.#once(particle));
    const last = copies.at(-1);
    if (many && last) link(last.last, last.first);
    const required = copies.slice(0, min).reduce(sequence, EMPTY);
    return sequence(required, copies.slice(min).reduceRight(optionalThen, EMPTY));
  }

  #once(particle: Particle): Fragment {
    if (particle.kind === 'element' || particle.kind === 'any') return this.#leaf(particle);
    const parts = particle.items.map((item) => this.fragment(item));
    return particle.kind === 'choice' ? choice(parts) : parts.reduce(sequence, EMPTY);
  }

  #leaf(leaf: Leaf): Fragment {
    const position: Position = { leaf, follow: new Set() };
    if (this.numbers.size >= validationLimits.modelPositions.value) this.#refuse();
    else this.numbers.set(position, this.numbers.size);
    return { nullable: false, first: new Set([position]), last: new Set([position]) };
  }

  #refuse(): void {
    if (this.#isFull) return;
    this.#isFull = true;
    const { value } = validationLimits.modelPositions;
    this.#compiling.problem(this.#at, `its content model is larger than ${value} positions`);
  }
}

function link(from: Set<Position>, to: Set<Position>): void {
  for (const { follow } of from) for (const position of to) follow.add(position);
}

function sequence(a: Fragment, b: Fragment): Fragment {
  link(a.last, b.first);
  return {
    nullable: a.nullable && b.nullable,
    first: a.nullable ? new Set([...a.first, ...b.first]) : a.first,
    last: b.nullable ? new Set([...a.last, ...b.last]) : b.last,
  };
}

/** A choice of nothing cannot be satisfied. */
function choice(parts: readonly Fragment[]): Fragment {
  const whole: Fragment = { nullable: false, first: new Set(), last: new Set() };
  for (const part of parts) {
    whole.nullable ||= part.nullable;
    for (const position of part.first) whole.first.add(position);
    for (const position of part.last) whole.last.add(position);
  }
  return whole;
}

/** `(one rest)?`: a copy that may be left out takes those after it with it. */
function optionalThen(rest: Fragment, one: Fragment): Fragment {
  return { ...sequence(one, rest), nullable: true };
}

/** Sets of positions as states: copies of one particle may compete with each other, different particles may not. */
class Determinizer {
  readonly #positions: Positions;
  readonly #whole: Fragment;
  readonly #states = new Map<string, State>();
  readonly #waiting: { state: State; positions: ReadonlySet<Position> }[] = [];
  readonly #compiling: Compiling;

  constructor(positions: Positions, whole: Fragment, compiling: Compiling) {
    this.#positions = positions;
    this.#whole = whole;
    this.#compiling = compiling;
  }

  run(): State {
    const start = this.#state(this.#whole.first, this.#whole.nullable);
    for (let next = this.#waiting.pop(); next; next = this.#waiting.pop()) {
      this.#checkUnique(next.positions);
      for (const [leaf, alike] of byLeaf(next.positions)) this.#addSteps(next.state, leaf, alike);
    }
    return start;
  }

  /** The state in which any of `positions` may come next. */
  #state(positions: ReadonlySet<Position>, accepting: boolean): State {
    const key = `${accepting} ${[...positions].map((one) => this.#positions.numbers.get(one)!).sort(numeric)}`;
    const known = this.#states.get(key);
    if (known) return known;
    const state: State = { accepting, elements: new Map(), wildcards: [] };
    this.#states.set(key, state);
    this.#waiting.push({ state, positions });
    return state;
  }

  #addSteps(state: State, leaf: Leaf, alike: readonly Position[]): void {
    const follow = new Set(alike.flatMap((one) => [...one.follow]));
    const next = this.#state(
      follow,
      alike.some((one) => this.#whole.last.has(one)),
    );
    if (leaf.kind === 'any') {
      state.wildcards.push({ wildcard: leaf.wildcard, next });
      return;
    }
    for (const declaration of this.#compiling.expand(leaf.declaration))
      state.elements.set(declaration.name, { declaration, next });
  }

  #checkUnique(positions: ReadonlySet<Position>): void {
    const taken = new Map<Name, Leaf>();
    const wildcards: Extract<Leaf, { kind: 'any' }>[] = [];
    for (const { leaf } of positions) {
      if (leaf.kind === 'any') {
        if (wildcards.some((other) => other !== leaf && overlaps(other.wildcard, leaf.wildcard)))
          this.#compete(leaf.at);
        wildcards.push(leaf);
      } else this.#checkElement(leaf, taken);
    }
    for (const [name, { at }] of taken)
      if (wildcards.some(({ wildcard }) => allows(wildcard, name.ns))) this.#compete(at);
  }

  #checkElement(leaf: ElementParticle, taken: Map<Name, Leaf>): void {
    for (const { name } of this.#compiling.expand(leaf.declaration)) {
      const other = taken.get(name);
      if (other && other !== leaf) this.#compete(leaf.at);
      taken.set(name, leaf);
    }
  }

  #compete(at: Component): void {
    this.#compiling.problem(at, 'it competes with another particle for the same element');
  }
}

function overlaps(a: Wildcard, b: Wildcard): boolean {
  return overlap(a.namespaces, b.namespaces);
}

function numeric(a: number, b: number): number {
  return a - b;
}

function byLeaf(positions: ReadonlySet<Position>): Map<Leaf, Position[]> {
  const groups = new Map<Leaf, Position[]>();
  for (const position of positions) {
    const group = groups.get(position.leaf);
    if (group) group.push(position);
    else groups.set(position.leaf, [position]);
  }
  return groups;
}
