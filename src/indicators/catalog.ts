import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Definition, loadDefinition } from './definitions.ts';
import { indicatorError } from './errors.ts';

/** The definition that answers when none is named and the window belongs to no programme. */
const DEFAULT_DEFINITION = 'suivi-continu';

/** The definitions of a folder, by their identifier. */
export class Definitions {
  readonly #all: readonly Definition[];

  constructor(all: readonly Definition[]) {
    this.#all = all;
  }

  /** @throws DefinitionError naming file, line and path of what is wrong */
  static async load(folder: string): Promise<Definitions> {
    const files = readdirSync(folder)
      .filter((file) => file.endsWith('.yaml'))
      .toSorted();
    return new Definitions(await Promise.all(files.map((file) => loadDefinition(join(folder, file)))));
  }

  list(): readonly Definition[] {
    return this.#all;
  }

  /** The definition named, or the programme that has the window, or the continuous one. */
  pick(id: string | undefined, window: string | undefined): Definition {
    const named = this.#all.find((one) => one.id === id);
    const programme = this.#all.find((one) => one.windows.some((defined) => defined.id === window));
    const found =
      id === undefined ? (programme ?? this.#all.find((one) => one.id === DEFAULT_DEFINITION)) : named;
    if (!found)
      throw indicatorError('indicators.definition-unknown', {
        definition: id ?? DEFAULT_DEFINITION,
        known: this.#all.map((one) => one.id).join(', '),
      });
    return found;
  }
}
