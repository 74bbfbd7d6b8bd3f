import { HL7_NS } from '../../xml/names.ts';
import { attribute, descendants, elementsOf } from '../../xml/select.ts';
import type { XmlDocument, XmlElement } from '../../xml/tree.ts';
import { SCHEMATRON_NS } from './sources.ts';

/** What the rules of a Schematron require of the header of a document. */
export interface Demands {
  /** Roots of templateId of the ClinicalDocument, in the order of the rules. */
  templates: string[];
  /** Document codes, any of which will do. */
  codes: string[];
}

/**
 * Reads from the tests of a complete Schematron which templateId and code the header must have. Only rules about the
 * ClinicalDocument itself count: their context is `ClinicalDocument`, or an element that carries a templateId
 * (`*[templateId/@root="…"]` in the main file: the agency's own way to say whom a model is for).
 */
export function demandsOf(files: readonly { path: string; tree: XmlDocument }[]): Demands {
  const prefix = prefixOf(files);
  const templates = new Set<string>();
  const codes = new Set<string>();
  for (const [index, { tree }] of files.entries()) {
    for (const rule of rulesOf(tree)) {
      const context = (attribute(rule, 'context') ?? '').trim();
      if (index === 0) for (const root of carriers(context, prefix)) templates.add(root);
      if (!isHeader(context, prefix)) continue;
      for (const test of testsOf(rule)) {
        for (const root of valuesOf(test, prefix, 'templateId', 'root')) templates.add(root);
        for (const code of valuesOf(test, prefix, 'code', 'code')) codes.add(code);
      }
    }
  }
  return { templates: [...templates], codes: [...codes] };
}

/** The prefix that a Schematron binds to HL7 v3 by its `ns` elements. */
function prefixOf(files: readonly { tree: XmlDocument }[]): string {
  const [main] = files;
  const bindings = main ? elementsOf(main.tree.root).filter((one) => isSchematron(one, 'ns')) : [];
  const found = bindings.find((one) => attribute(one, 'uri') === HL7_NS);
  return attribute(found ?? null, 'prefix') ?? 'cda';
}

function isSchematron(element: XmlElement, local: string): boolean {
  return element.name.ns === SCHEMATRON_NS && element.name.local === local;
}

function rulesOf(tree: XmlDocument): XmlElement[] {
  return [...descendants(tree)].filter((one) => isSchematron(one, 'rule'));
}

function testsOf(rule: XmlElement): string[] {
  return elementsOf(rule)
    .filter((one) => isSchematron(one, 'assert'))
    .map((one) => (attribute(one, 'test') ?? '').replace(/\s+/g, ' '));
}

function isHeader(context: string, prefix: string): boolean {
  return new RegExp(`^(//?)?${prefix}:ClinicalDocument$`).test(context);
}

/** Roots in a context that says nothing but that an element carries them. */
function carriers(context: string, prefix: string): string[] {
  const found = new RegExp(
    `^(?://)?\\*\\[\\s*${prefix}:templateId/@root\\s*=\\s*(["'])([^"']+)\\1\\s*\\]$`,
  ).exec(context);
  return found ? [found[2]!] : [];
}

/**
 * Values that a test wants of an attribute of a child of the ClinicalDocument: of `code`, those in
 * `cda:code[@code="…" and …]`, not those in a longer path that ends in a code.
 */
function valuesOf(test: string, prefix: string, element: string, name: string): string[] {
  const step = `(?<![\\w:/\\]-])(?:\\./)?${prefix}:${element}\\s*`;
  const path = new RegExp(`${step}(?:\\[([^\\]]*)\\]|/(@${name}\\s*=\\s*["'][^"']+["']))`, 'g');
  const value = new RegExp(`@${name}\\s*=\\s*(["'])([^"']+)\\1`, 'g');
  if (/\bnot\s*\(/.test(test)) return [];
  return [...test.matchAll(path)].flatMap((one) =>
    [...(one[1] ?? one[2]!).matchAll(value)].map((found) => found[2]!),
  );
}
