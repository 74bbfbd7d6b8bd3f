import { XmlError } from '../../xml/errors.ts';
import type { XmlDocument } from '../../xml/tree.ts';
import { XPathError } from '../xpath/error.ts';
import { type Item, isNode, stringOf } from '../xpath/runtime/values.ts';
import type { PackFiles } from './pack-files.ts';

/** The documents of a pack that expressions ask for, each parsed once. */
export class PackDocuments {
  readonly files: PackFiles;
  readonly #parsed = new Map<string, XmlDocument | null>();

  constructor(files: PackFiles) {
    this.files = files;
  }

  /** The document at a path of the pack, or null when there is none or it is not well formed. */
  at(path: string): XmlDocument | null {
    const known = this.#parsed.get(path);
    if (known !== undefined) return known;
    if (!this.files.has(path)) return null;
    const document = this.#parse(path);
    this.#parsed.set(path, document);
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

  /** The functions doc, doc-available and document, for expressions of one file of the pack. */
  functionsFor(base: string): DocumentFunctions {
    const find = (address: string) => {
      const path = this.files.resolve(base, address);
      return path === null ? null : this.at(path);
    };
    const doc = (address: string | null) => {
      if (address === null) return null;
      const found = find(address);
      if (!found)
        throw new XPathError('FODC0002', 'a document that the expression asks for is not in the pack');
      return found;
    };
    return {
      doc,
      docAvailable: (address) => address !== null && find(address) !== null,
      documents: (items) => [...new Set(items.map((item) => doc(addressOf(item))!))],
    };
  }
}

export interface DocumentFunctions {
  doc(address: string | null): XmlDocument | null;
  docAvailable(address: string | null): boolean;
  documents(items: readonly Item[]): XmlDocument[];
}

function addressOf(item: Item): string {
  if (isNode(item)) throw new XPathError('FODC0002', 'an address in a document is never followed');
  return stringOf(item);
}
