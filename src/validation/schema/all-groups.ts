import type { Name } from '../../xml/names.ts';
import type { Compiling } from './automaton.ts';
import type { ElementDeclaration, GroupParticle } from './model.ts';

/** Elements that may stand in any order, each once at the most (XML Schema 1.0 part 1, section 3.8). */
export interface AllGroup {
  /** By name: the declaration, and which member of the group it is. */
  readonly elements: ReadonlyMap<Name, { declaration: ElementDeclaration; member: number }>;
  /** For each member, what is expected when it is missing; null when it may be. */
  readonly required: readonly (Name | null)[];
  /** The group may be left out as a whole. */
  readonly optional: boolean;
}

export function compileAll({ items, min }: GroupParticle, compiling: Compiling): AllGroup {
  const elements = new Map<Name, { declaration: ElementDeclaration; member: number }>();
  const required: (Name | null)[] = [];
  for (const item of items) {
    if (item.kind !== 'element') continue;
    const member = required.length;
    required.push(item.min > 0 ? item.declaration.name : null);
    for (const declaration of compiling.expand(item.declaration)) {
      if (elements.has(declaration.name))
        compiling.problem(item.at, 'it competes with another particle for the same element');
      elements.set(declaration.name, { declaration, member });
    }
  }
  return { elements, required, optional: min === 0 };
}
