import type { XmlDocument, XmlElement, XmlNode } from '../../../xml/tree.ts';
import { ELEMENT } from '../../../xml/tree.ts';

/** Tells the keys of an element: what two namesakes must share. */
export type KeysOf = (element: XmlElement, emit: (key: string) => void) => void;

/** The elements that have a key: of more than two it only matters that there are two. */
interface Holders {
  first: XmlElement;
  another: boolean;
}

type ByKey = Map<string, Holders>;

/** Indexes over the siblings of the same local name in one document, made when first asked for. */
export class Namesakes {
  readonly #indexes = new Map<KeysOf, Map<XmlElement | XmlDocument, Map<string, ByKey>>>();

  /** Whether an element other than this one, of the same parent and local name, has a key. */
  share(keysOf: KeysOf, element: XmlElement, key: string): boolean {
    const holders = this.#among(keysOf, element).get(key);
    return holders !== undefined && (holders.another || holders.first !== element);
  }

  #among(keysOf: KeysOf, { parent, name: { local } }: XmlElement): ByKey {
    let parents = this.#indexes.get(keysOf);
    if (!parents) {
      parents = new Map();
      this.#indexes.set(keysOf, parents);
    }
    let names = parents.get(parent);
    if (!names) {
      names = new Map();
      parents.set(parent, names);
    }
    let keys = names.get(local);
    if (!keys) {
      keys = byKey(keysOf, parent.children, local);
      names.set(local, keys);
    }
    return keys;
  }
}

function byKey(keysOf: KeysOf, siblings: readonly XmlNode[], local: string): ByKey {
  const keys: ByKey = new Map();
  for (const one of siblings)
    if (one.kind === ELEMENT && one.name.local === local) keysOf(one, (key) => note(keys, key, one));
  return keys;
}

function note(keys: ByKey, key: string, element: XmlElement): void {
  const known = keys.get(key);
  if (!known) keys.set(key, { first: element, another: false });
  else if (known.first !== element) known.another = true;
}
