import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseXml } from '../../xml/parse.ts';
import type { XmlDocument } from '../../xml/tree.ts';
import { packError } from '../errors.ts';
import { validationLimits } from '../limits.ts';

/** The files of a pack folder: nothing outside it and nothing on the network can be named. Links are not followed. */
export class PackFiles {
  readonly folder: string;
  readonly #paths = new Set<string>();

  constructor(folder: string) {
    this.folder = folder;
    this.#walk('');
  }

  #walk(at: string): void {
    for (const entry of readdirSync(join(this.folder, at), { withFileTypes: true })) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`;
      if (entry.isDirectory()) this.#walk(path);
      else if (entry.isFile()) this.#paths.add(path);
      const { value, unit } = validationLimits.packFolderEntries;
      if (this.#paths.size > value)
        throw packError('validation.pack-too-large', { folder: this.folder, limit: value, unit });
    }
  }

  has(path: string): boolean {
    return this.#paths.has(path);
  }

  /**
   * The path in the pack that a relative address names, seen from a file of the pack; null when it leads outside or is
   * no relative address.
   */
  resolve(from: string, address: string): string | null {
    if (/^[a-zA-Z][a-zA-Z0-9+.-]*:|^\/|\\/.test(address)) return null;
    const plain = decoded(address.replace(/[?#].*$/s, ''));
    if (plain === null || plain === '') return null;
    const path = posix.normalize(posix.join(posix.dirname(from), plain));
    return path === '..' || path.startsWith('../') ? null : path;
  }

  bytes(path: string): Buffer {
    return readFileSync(join(this.folder, path));
  }

  /** @throws XmlError when it is not well formed */
  parse(path: string): XmlDocument {
    return parseXml(this.bytes(path));
  }
}

function decoded(address: string): string | null {
  try {
    return decodeURIComponent(address);
  } catch {
    return null;
  }
}
