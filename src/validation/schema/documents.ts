import { createHash } from 'node:crypto';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Values, ViaducError } from '../../words/errors.ts';
import { XmlError } from '../../xml/errors.ts';
import { parseXml } from '../../xml/parse.ts';
import { attribute, elementsOf } from '../../xml/select.ts';
import type { XmlDocument, XmlElement } from '../../xml/tree.ts';
import { type ValidationErrorCode, validationError } from '../errors.ts';
import { validationLimits } from '../limits.ts';
import { withoutDoctype } from './doctype.ts';

export const XSD_NS = 'http://www.w3.org/2001/XMLSchema';

/** One file of a schema. */
export interface SchemaDocument {
  /** Path in the pack, with `/`. */
  path: string;
  /** Of the file as it is, lower-case hexadecimal. */
  sha256: string;
  size: number;
  tree: XmlDocument;
  /** Its includes and imports that name a file, in document order. */
  links: SchemaLink[];
}

export interface SchemaLink {
  kind: 'include' | 'import';
  /** Path in the pack. */
  target: string;
  /** The include or import. */
  node: XmlElement;
}

/** The files of one schema, the main one first, each once, in the order in which they are reached. */
export type SchemaDocuments = ReadonlyMap<string, SchemaDocument>;

/**
 * Reads the schema file `main` of a pack and all that it includes or imports, inside the folder only. Cycles are allowed,
 * as in the official packs (XML Schema 1.0 part 1, section 4.2). A redefine is refused: no pack has one.
 * @param folder absolute real path of the pack
 * @param reach `alone` reads the main file only, without its links
 * @returns the files, with everything that is wrong with them
 */
export function readSchema(
  folder: string,
  main: string,
  reach: 'all' | 'alone' = 'all',
): { documents: SchemaDocuments; problems: ViaducError[] } {
  const reader = new Reader(folder, reach);
  reader.read(main);
  return { documents: reader.documents, problems: reader.problems };
}

class Reader {
  readonly documents = new Map<string, SchemaDocument>();
  readonly problems: ViaducError[] = [];
  readonly #folder: string;
  readonly #reach: 'all' | 'alone';
  readonly #seen = new Set<string>();
  #bytes = 0;

  constructor(folder: string, reach: 'all' | 'alone') {
    this.#folder = folder;
    this.#reach = reach;
  }

  read(main: string): void {
    const waiting = [main];
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      if (this.#seen.has(path)) continue;
      this.#seen.add(path);
      const document = this.#tooLarge(path) ? null : this.#document(path);
      if (!document) continue;
      this.documents.set(path, document);
      waiting.push(...document.links.map((link) => link.target));
    }
  }

  #document(path: string): SchemaDocument | null {
    const file = readFileSync(join(this.#folder, path));
    const tree = this.#tree(path, withoutDoctype(file));
    if (!tree) return null;
    const sha256 = createHash('sha256').update(file).digest('hex');
    const links = this.#reach === 'all' ? this.#links(path, tree) : [];
    return { path, sha256, size: file.length, tree, links };
  }

  #tree(path: string, bytes: Uint8Array): XmlDocument | null {
    try {
      const tree = parseXml(bytes);
      const { ns, local } = tree.root.name;
      if (ns === XSD_NS && local === 'schema') return tree;
      this.#problem('validation.schema-unreadable', {
        file: path,
        ...tree.placeOf(tree.root.start),
        what: { fr: `sa racine est ${local} et non xs:schema`, en: `its root is ${local}, not xs:schema` },
      });
    } catch (error) {
      if (!(error instanceof XmlError)) throw error;
      const { line, column, words: what } = error;
      this.#problem('validation.schema-unreadable', { file: path, line, column, what });
    }
    return null;
  }

  #links(path: string, tree: XmlDocument): SchemaLink[] {
    const links: SchemaLink[] = [];
    for (const element of elementsOf(tree.root)) {
      const about = { file: path, line: tree.placeOf(element.start).line };
      const kind = linkKind(element);
      if (kind === 'redefine')
        this.#problem('validation.schema-invalid', { ...about, what: 'xs:redefine is not supported' });
      const location = kind && attribute(element, 'schemaLocation');
      if (!kind || kind === 'redefine' || location === null) continue;
      const target = this.#resolve(location.trim(), { ...about, target: location.trim() || '(empty)' });
      if (target !== null) links.push({ kind, target, node: element });
    }
    return links;
  }

  /** Path in the pack that a schemaLocation leads to, or null when it leads nowhere or outside, which is a problem noted. */
  #resolve(location: string, about: Values & { file: string }): string | null {
    if (/^([a-z][a-z0-9+.-]*:|\/\/|\\\\)/i.test(location)) {
      this.#problem(isLocal(location) ? 'validation.schema-outside' : 'validation.schema-on-network', about);
      return null;
    }
    if (!/^[!-~]*$/.test(location) || /[<>"{}|\\^`]/.test(location)) {
      this.#problem('validation.schema-invalid', { ...about, what: `${location} is not escaped as a URI` });
      return null;
    }
    const path = join(about.file, '..', decoded(location)).split(sep).join('/');
    if (location.startsWith('/') || leadsOut(path)) {
      this.#problem('validation.schema-outside', about);
      return null;
    }
    return this.#existing(path, about);
  }

  /** The path itself when it is a file of the pack, links of the file system followed. */
  #existing(path: string, about: Values): string | null {
    const file = join(this.#folder, path);
    const real = isFile(file) ? realpathSync(file) : null;
    if (real !== null && !leadsOut(relative(this.#folder, real))) return path;
    this.#problem(real === null ? 'validation.schema-missing' : 'validation.schema-outside', about);
    return null;
  }

  /** Notes the first file that goes beyond a limit; none after it is read. */
  #tooLarge(path: string): boolean {
    this.#bytes += statSync(join(this.#folder, path)).size;
    const { schemaFiles, schemaBytes } = validationLimits;
    const files = this.documents.size + 1;
    const limit =
      files > schemaFiles.value ? schemaFiles : this.#bytes > schemaBytes.value ? schemaBytes : null;
    const code = 'validation.pack-too-large';
    if (limit && !this.problems.some((problem) => problem.code === code))
      this.#problem(code, { folder: this.#folder, limit: limit.value, unit: limit.unit });
    return limit !== null;
  }

  #problem(code: ValidationErrorCode, values: Values): void {
    this.problems.push(validationError(code, values));
  }
}

function linkKind({ name }: XmlElement): SchemaLink['kind'] | 'redefine' | null {
  if (name.ns !== XSD_NS) return null;
  const { local } = name;
  return local === 'include' || local === 'import' || local === 'redefine' ? local : null;
}

function leadsOut(path: string): boolean {
  return path === '..' || path.startsWith(`..${sep}`) || path.startsWith('../');
}

function isLocal(location: string): boolean {
  return /^file:|^[a-z]:[\\/]/i.test(location);
}

function decoded(location: string): string {
  try {
    return decodeURIComponent(location);
  } catch {
    return location;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
