import { parseXml } from '../../src/xml/parse.ts';
import { descendants, pathOf } from '../../src/xml/select.ts';
import type { XmlDocument, XmlElement } from '../../src/xml/tree.ts';
import { type Change, schemaChanges } from './changes.ts';
import { type Draw, Edit, isWellFormed, spliced } from './edit.ts';
import { ruleChanges } from './rule-changes.ts';

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Mutant {
  bytes: Buffer;
  what: string;
}

/** A document changed in one place, in a way that keeps it well-formed; null when the change drawn is not possible. */
export function mutate(document: XmlDocument, random: () => number): Mutant | null {
  const draw = drawing(random);
  return change(document, draw, draw([...descendants(document)]), schemaChanges);
}

/** Most changes of one mutant made for rules. */
const MOST_CHANGES = 3;

/** A document changed in one to three places where rules look; null when a change drawn is not possible. */
export function mutateForRules(document: XmlDocument, random: () => number): Mutant | null {
  const draw = drawing(random);
  const changes = { ...ruleChanges, ...(random() < 0.3 && schemaChanges) };
  const rounds = 1 + Math.floor(random() ** 3 * MOST_CHANGES);
  const made: string[] = [];
  let changed = document;
  for (let round = 0; round < rounds; round += 1) {
    const mutant = change(changed, draw, target(changed, draw, random), changes);
    if (!mutant) return null;
    made.push(mutant.what);
    changed = parseXml(mutant.bytes);
  }
  return { bytes: changed.utf8, what: made.join('; ') };
}

function drawing(random: () => number): Draw {
  return (from) => from[Math.floor(random() * from.length)]!;
}

/** An element of the document: half of the time one that is no narrative, so that tables do not take most of the changes. */
function target(document: XmlDocument, draw: Draw, random: () => number): XmlElement {
  const all = [...descendants(document)];
  const coded = all.filter(({ attributes }) => attributes.some(({ name }) => CODED.has(name.local)));
  return draw(random() < 0.5 && coded.length > 0 ? coded : all);
}

const CODED = new Set(['root', 'code', 'value', 'unit', 'type', 'nullFlavor', 'typeCode', 'classCode']);

function change(
  document: XmlDocument,
  draw: Draw,
  element: XmlElement,
  changes: Readonly<Record<string, Change>>,
): Mutant | null {
  const name = draw(Object.keys(changes));
  const splices = changes[name]!(new Edit(document, element, draw));
  if (!splices) return null;
  const bytes = spliced(document.utf8, splices);
  return isWellFormed(bytes) ? { bytes, what: `${name} at ${pathOf(element)}` } : null;
}
