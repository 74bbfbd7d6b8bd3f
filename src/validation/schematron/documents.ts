import { XmlError } from '../../xml/errors.ts';
import type { XmlDocument } from '../../xml/tree.ts';
import { XPathError } from '../xpath/error.ts';
import { type Item, isNode, stringOf } from '../xpath/runtime/values.ts';
import type { CompiledForms } from './cache.ts';
import type { PackFiles } from './pack-files.ts';

/** What an index over a document holds: the keys that its nodes have. */
export type Keys = ReadonlySet<string>;

/** Walks a document and tells every key. */
export type BuildIndex = (document: XmlDocument, emit: (key: string) => void) => void;

/** The functions of generated code that reach for documents of the pack, for expressions of one file of it. */
export interface DocumentFunctions {
  doc(address: string | null): XmlDocument | null;
  docAvailable(address: string | null): boolean;
  documents(items: readonly Item[]): XmlDocument[];
  /**
   * An index: finds the keys of a document by its address. `spec` says what it holds; the same everywhere. `must` says
   * that a document which is not there is an error, as for doc(), and not an empty one, as for document().
   */
  index(spec: string, build: BuildIndex): (address: string | null, must: boolean) => Keys;
}

/** Addresses remembered by each rule set: those of a document may differ without end. */
const MOST_ADDRESSES = 2_000;

const NO_KEYS: Keys = new Set();

/** The keys of a document that is not there. */
const ABSENT: Keys = new Set();

/** The documents of a pack that expressions ask for, and the indexes over them. */
export class PackDocuments {
  readonly files: PackFiles;
  readonly #forms: CompiledForms;
  readonly #kept = new Map<string, XmlDocument | null>();
  /** Documents that were read for an index only. */
  readonly #passing = new Map<string, WeakRef<XmlDocument>>();
  readonly #available = new Map<string, boolean>();
  readonly #indexes = new Map<string, Keys>();

  constructor(files: PackFiles, forms: CompiledForms) {
    this.files = files;
    this.#forms = forms;
  }

  /** The document at a path of the pack, kept from then on; null when there is none or it is not well formed. */
  at(path: string): XmlDocument | null {
    const known = this.#kept.get(path);
    if (known !== undefined) return known;
    const document = this.#read(path);
    this.#kept.set(path, document);
    return document;
  }

  #read(path: string): XmlDocument | null {
    const passing = this.#passing.get(path)?.deref();
    if (passing) return passing;
    const document = this.files.has(path) ? this.#parse(path) : null;
    this.#available.set(path, document !== null);
    if (document) this.#passing.set(path, new WeakRef(document));
    return document;
  }

  #parse(path: string): XmlDocument | null {
    try {
      return this.files.parse(path);
    } catch (error) {
      if (error instanceof XmlError) return null;
      throw error;
    }
  }

  #isAvailable(path: string): boolean {
    return this.#available.get(path) ?? (this.files.has(path) && this.#read(path) !== null);
  }

  /** The keys of an index over one document, made when first asked for; null when there is no such document. */
  #keys(path: string, spec: string, build: BuildIndex): Keys | null {
    const name = `${path}\n${spec}`;
    const known = this.#indexes.get(name);
    if (known) return known;
    const keys = this.#indexFromCache(path, name) ?? this.#indexNow(path, name, build);
    if (keys) this.#indexes.set(name, keys);
    return keys;
  }

  #indexFromCache(path: string, name: string): Keys | null {
    const kept = this.files.has(path) ? this.#forms.get<string[]>(name) : null;
    return kept && new Set(kept);
  }

  #indexNow(path: string, name: string, build: BuildIndex): Keys | null {
    const document = this.#kept.get(path) ?? this.#read(path);
    if (!document) return null;
    const keys = new Set<string>();
    build(document, (key) => keys.add(key));
    this.#forms.keep(name, [...keys]);
    return keys;
  }

  functionsFor(base: string): DocumentFunctions {
    const pathOf = remembered((address) => this.files.resolve(base, address));
    const doc = (address: string | null) => {
      if (address === null) return null;
      const path = pathOf(address);
      return (path === null ? null : this.at(path)) ?? missing();
    };
    return {
      doc,
      docAvailable: remembered((address) => {
        const path = this.files.resolve(base, address);
        return path !== null && this.#isAvailable(path);
      }, false),
      // document() of a file that is not there is no error in XSLT 2.0 (section 16.1, XTRE1160 recovered): it gives nothing.
      documents: (items) => [
        ...new Set(items.flatMap((item) => this.at(pathOf(addressOf(item)) ?? missing()) ?? [])),
      ],
      index: (spec, build) => {
        const keysAt = remembered(
          (address) => this.#keys(pathOf(address) ?? missing(), spec, build) ?? ABSENT,
          NO_KEYS,
        );
        return (address, must) => {
          const keys = keysAt(address);
          return must && keys === ABSENT ? missing() : keys;
        };
      },
    };
  }
}

/** Also for an address that leads out of the pack: nobody looks there. */
function missing(): never {
  throw new XPathError('FODC0002', 'a document that the expression asks for is not in the pack');
}

function addressOf(item: Item): string {
  if (isNode(item)) throw new XPathError('FODC0002', 'an address in a document is never followed');
  return stringOf(item);
}

/** A function of an address that remembers what it said; nothing for no address. */
function remembered<T>(find: (address: string) => T, none: T | null = null): (address: string | null) => T {
  const known = new Map<string, T>();
  return (address) => {
    if (address === null) return none as T;
    let found = known.get(address);
    if (found === undefined) {
      found = find(address);
      if (known.size >= MOST_ADDRESSES) known.clear();
      known.set(address, found);
    }
    return found;
  };
}
