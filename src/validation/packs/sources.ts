import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import type { Values, ViaducError } from '../../words/errors.ts';
import { XmlError } from '../../xml/errors.ts';
import { parseXml } from '../../xml/parse.ts';
import { attribute, descendants } from '../../xml/select.ts';
import type { XmlDocument, XmlElement } from '../../xml/tree.ts';
import { type ValidationErrorCode, validationError } from '../errors.ts';

export const SCHEMATRON_NS = 'http://purl.oclc.org/dsdl/schematron';

/** A file that a Schematron includes, with the place of the include. */
interface Include {
  path: string;
  line: number;
}

/**
 * The Schematron files of a pack, each read once, with everything that is wrong with how they hang together: an include
 * that is missing, leads outside or to the network, or comes back to itself; a file that is no XML to its end.
 */
export class SchematronSources {
  readonly problems: ViaducError[] = [];
  /** Paths of the complete Schematrons in which something is missing. */
  readonly incomplete = new Set<string>();
  /** Those of them that lack half of what they include, or more: what is left says little of a document. */
  readonly hollow = new Set<string>();
  readonly #folder: string;
  readonly #trees = new Map<string, XmlDocument | null>();
  readonly #includes = new Map<string, readonly Include[]>();

  constructor(folder: string) {
    this.#folder = realpathSync(folder);
  }

  /** The tree of a file, or null when it cannot be read, which is a problem noted. */
  tree(path: string): XmlDocument | null {
    const known = this.#trees.get(path);
    if (known !== undefined) return known;
    const tree = this.#read(path);
    this.#trees.set(path, tree);
    return tree;
  }

  /** A complete Schematron and all that it includes, itself first; what is wrong on the way is noted once. */
  closure(path: string): { path: string; tree: XmlDocument }[] {
    const reached = new Map<string, XmlDocument>();
    if (!this.#visit(path, [], reached)) this.incomplete.add(path);
    const tree = this.tree(path);
    if (!tree || 2 * (this.#includes.get(path)?.length ?? 0) < includesOf(tree).length) this.hollow.add(path);
    return [...reached].map(([at, tree]) => ({ path: at, tree }));
  }

  /** @returns whether everything below was there */
  #visit(path: string, above: readonly string[], reached: Map<string, XmlDocument>): boolean {
    const tree = this.tree(path);
    if (!tree) return false;
    if (reached.has(path)) return true;
    reached.set(path, tree);
    const links = this.#linksOf(path, tree);
    const chain = [...above, path];
    let whole = links.whole;
    for (const link of links.includes) {
      if (chain.includes(link.path)) {
        const loop = [...chain.slice(chain.indexOf(link.path)), link.path].join(' → ');
        this.#problem('validation.rules-include-loop', { file: path, line: link.line, loop });
        whole = false;
      } else if (!this.#visit(link.path, chain, reached)) whole = false;
    }
    return whole;
  }

  #linksOf(path: string, tree: XmlDocument): { includes: readonly Include[]; whole: boolean } {
    const known = this.#includes.get(path);
    const asked = includesOf(tree);
    if (known) return { includes: known, whole: known.length === asked.length };
    const includes = asked.flatMap((element) => this.#resolved(path, tree, element));
    this.#includes.set(path, includes);
    return { includes, whole: includes.length === asked.length };
  }

  #resolved(path: string, tree: XmlDocument, element: XmlElement): Include[] {
    const href = (attribute(element, 'href') ?? '').replace(/#.*$/, '').trim();
    const about = { file: path, line: tree.placeOf(element.start).line, target: href || '(empty)' };
    const target = this.#target(path, href, about);
    return target === null ? [] : [{ path: target, line: about.line }];
  }

  #target(path: string, href: string, about: Values): string | null {
    if (/^(?!file:)[a-z][a-z0-9+.-]+:|^\/\//i.test(href)) {
      return this.#problem('validation.rules-on-network', about);
    }
    const target = posix.join(posix.dirname(path), unescaped(href));
    if (/^(file:|\/|\\)/i.test(href) || leadsOut(target))
      return this.#problem('validation.rules-outside', about);
    const file = join(this.#folder, target);
    if (!existsSync(file) || !statSync(file).isFile())
      return this.#problem('validation.rules-include-missing', about);
    if (leadsOut(relative(this.#folder, realpathSync(file)).split(sep).join('/')))
      return this.#problem('validation.rules-outside', about);
    return target;
  }

  #read(path: string): XmlDocument | null {
    try {
      const tree = parseXml(readFileSync(join(this.#folder, path)));
      if (tree.root.name.ns === SCHEMATRON_NS) return tree;
      const { local } = tree.root.name;
      const what = {
        fr: `sa racine est ${local}, hors de l'espace de noms de Schematron`,
        en: `its root is ${local}, not of the namespace of Schematron`,
      };
      return this.#problem('validation.rules-unreadable', {
        file: path,
        ...tree.placeOf(tree.root.start),
        what,
      });
    } catch (error) {
      if (!(error instanceof XmlError)) throw error;
      const { line, column, words: what } = error;
      return this.#problem('validation.rules-unreadable', { file: path, line, column, what });
    }
  }

  #problem(code: ValidationErrorCode, values: Values): null {
    const said = JSON.stringify([code, values]);
    if (!this.problems.some((one) => JSON.stringify([one.code, one.values]) === said))
      this.problems.push(validationError(code, values));
    return null;
  }
}

function includesOf(tree: XmlDocument): XmlElement[] {
  return [...descendants(tree)]
    .filter(({ name }) => name.ns === SCHEMATRON_NS && (name.local === 'include' || name.local === 'extends'))
    .filter((element) => element.name.local === 'include' || attribute(element, 'href') !== null);
}

function leadsOut(path: string): boolean {
  return path === '..' || path.startsWith('../');
}

function unescaped(href: string): string {
  try {
    return decodeURIComponent(href);
  } catch {
    return href;
  }
}
