import type { Words } from '../../words/errors.ts';
import { HL7_NS, type Name } from '../../xml/names.ts';
import type { AllGroup } from './all-groups.ts';
import type { State } from './automaton.ts';

const MOST_NAMES = 20;

/** What may come next, as findings list it. */
export function expectedIn(state: State): Words {
  const names = [...state.elements]
    .filter(([, { declaration }]) => !declaration.abstract)
    .map(([name]) => name);
  return listed(names, state.wildcards.length > 0);
}

/** Those members of a group in any order that have not been seen. */
export function expectedInAll(all: AllGroup, seen: ReadonlySet<number>): Words {
  const left = [...all.elements].filter(
    ([, { member, declaration }]) => !seen.has(member) && !declaration.abstract,
  );
  return listed(
    left.map(([name]) => name),
    false,
  );
}

function listed(names: readonly Name[], hasWildcard: boolean): Words {
  const shown = [...new Set(names.map(shortName))];
  const first = shown.slice(0, MOST_NAMES);
  const more = shown.length > MOST_NAMES ? ['…'] : [];
  return {
    fr: [...first, ...more, ...(hasWildcard ? ['un élément quelconque'] : [])].join(', '),
    en: [...first, ...more, ...(hasWildcard ? ['any other element'] : [])].join(', '),
  };
}

/** A name as findings write it: without its namespace when that is of HL7 v3. */
export function shortName({ ns, local }: Name): string {
  return ns === '' || ns === HL7_NS ? local : `{${ns}}${local}`;
}
