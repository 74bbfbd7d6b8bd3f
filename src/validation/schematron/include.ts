import { XmlError } from '../../xml/errors.ts';
import { attribute } from '../../xml/select.ts';
import { ELEMENT, type XmlDocument, type XmlElement } from '../../xml/tree.ts';
import { validationLimits } from '../limits.ts';
import type { PackFiles } from './pack-files.ts';
import type { Place, Problem } from './schema.ts';

const NAMESPACES = new Set(['http://purl.oclc.org/dsdl/schematron', 'http://www.ascc.net/xml/schematron']);

/** An element of a Schematron and the file that it stands in. */
export interface Placed {
  element: XmlElement;
  document: XmlDocument;
  file: string;
  /** Files being included around it, the innermost last. */
  chain: readonly string[];
}

/** The local name of an element of Schematron, or null for an element of another vocabulary. */
export function kindOf({ element }: Placed): string | null {
  return NAMESPACES.has(element.name.ns) ? element.name.local : null;
}

export function placeOf({ element, document, file }: Placed): Place {
  return { file, line: document.placeOf(element.start).line };
}

export function attributeOf({ element }: Placed, name: string): string | null {
  return attribute(element, name);
}

/** Reads Schematron elements, replacing every include by what it names. */
export class Includes {
  readonly problems: Problem[] = [];
  readonly files = new Set<string>();
  readonly #files: PackFiles;
  readonly #parsed = new Map<string, XmlDocument | null>();
  #included = 0;

  constructor(files: PackFiles) {
    this.#files = files;
  }

  /** The root of the main file. @throws XmlError when it is not well formed */
  root(path: string): Placed {
    this.files.add(path);
    const document = this.#files.parse(path);
    return { element: document.root, document, file: path, chain: [path] };
  }

  /** The Schematron elements inside one, those of included files in the place of their include. */
  children(of: Placed): Placed[] {
    const inside = of.element.children.filter((node) => node.kind === ELEMENT);
    return inside.flatMap((element) => this.#expanded({ ...of, element }));
  }

  #expanded(one: Placed): Placed[] {
    if (kindOf(one) !== 'include') return [one];
    const target = this.#target(one);
    if (!target) return [];
    const root = kindOf(target) === 'schema' ? this.children(target) : this.#expanded(target);
    return root;
  }

  #target(include: Placed): Placed | null {
    const href = attributeOf(include, 'href') ?? '';
    const path = this.#files.resolve(include.file, href);
    if (path === null) return this.#problem(include, `the include of ${href} leads out of the pack`);
    if (!this.#files.has(path))
      return this.#problem(include, `the included file ${href} is missing from the pack`);
    if (include.chain.includes(path)) return this.#problem(include, `the include of ${href} is a loop`);
    this.#included += 1;
    if (
      this.#included > validationLimits.schematronIncludes.value ||
      include.chain.length > validationLimits.schematronIncludeDepth.value
    )
      return this.#problem(include, 'too many includes');
    const document = this.#parse(path, include);
    if (!document) return null;
    const placed = { element: document.root, document, file: path, chain: [...include.chain, path] };
    return this.#fragment(placed, href, include);
  }

  #fragment(placed: Placed, href: string, include: Placed): Placed | null {
    const id = href.split('#')[1];
    if (!id) return placed;
    const element = withId(placed.element, id);
    return element ? { ...placed, element } : this.#problem(include, `${href} names no element`);
  }

  #parse(path: string, include: Placed): XmlDocument | null {
    this.files.add(path);
    const known = this.#parsed.get(path);
    if (known !== undefined) return known;
    let document: XmlDocument | null = null;
    try {
      document = this.#files.parse(path);
    } catch (error) {
      if (!(error instanceof XmlError)) throw error;
      this.#problem(
        include,
        `the included file ${path} is not well formed: ${error.message} (line ${error.line})`,
      );
    }
    this.#parsed.set(path, document);
    return document;
  }

  #problem(at: Placed, what: string): null {
    this.problems.push({ ...placeOf(at), what });
    return null;
  }
}

function withId(element: XmlElement, id: string): XmlElement | null {
  if (element.attributes.some(({ name, value }) => name.local === 'id' && value === id)) return element;
  for (const one of element.children) {
    const found = one.kind === ELEMENT ? withId(one, id) : null;
    if (found) return found;
  }
  return null;
}
