import type { Name } from '../../xml/names.ts';
import type { NamePath, NameStep } from '../xpath/codegen/pattern.ts';

/** Paths kept for a choice of rule sets: documents of the official models have some hundreds. */
const MOST_PATHS = 20_000;

/**
 * The names from the document down to an element. Elements of the same path share one of these, in all documents, with
 * what was found out about it.
 */
export class ElementPath<T> {
  readonly name: Name | null;
  readonly parent: ElementPath<T> | null;
  found: T | null = null;
  /** Where the last one asked for was: siblings often have the same name. */
  #last: ElementPath<T> | null = null;
  readonly #below = new Map<Name, ElementPath<T>>();
  readonly #count: { paths: number };

  private constructor(name: Name | null, parent: ElementPath<T> | null, count: { paths: number }) {
    this.name = name;
    this.parent = parent;
    this.#count = count;
  }

  /** The path of the document itself. */
  static top<T>(): ElementPath<T> {
    return new ElementPath<T>(null, null, { paths: 0 });
  }

  /** Whether so many paths are kept that a fresh top should be begun: hostile names do not fill memory. */
  get isFull(): boolean {
    return this.#count.paths > MOST_PATHS;
  }

  below(name: Name): ElementPath<T> {
    if (this.#last?.name === name) return this.#last;
    const path = this.#below.get(name) ?? this.#added(name);
    this.#last = path;
    return path;
  }

  #added(name: Name): ElementPath<T> {
    const path = new ElementPath<T>(name, this, this.#count);
    if (this.isFull) return path;
    this.#count.paths += 1;
    this.#below.set(name, path);
    return path;
  }
}

/** Whether the path of an element is like that of a pattern. */
export function isLike({ rooted, steps }: NamePath, path: ElementPath<unknown>): boolean {
  return stepsMatch(rooted, steps, steps.length - 1, path);
}

function stepsMatch(
  rooted: boolean,
  steps: readonly NameStep[],
  at: number,
  path: ElementPath<unknown>,
): boolean {
  const step = steps[at]!;
  const { name, parent } = path;
  if (!name || !parent) return false;
  if ((step.ns !== null && step.ns !== name.ns) || (step.local !== null && step.local !== name.local))
    return false;
  if (at === 0) return !rooted || step.deep || parent.name === null;
  if (!step.deep) return stepsMatch(rooted, steps, at - 1, parent);
  for (let above: ElementPath<unknown> | null = parent; above; above = above.parent)
    if (stepsMatch(rooted, steps, at - 1, above)) return true;
  return false;
}
