import { validationLimits } from '../limits.ts';
import { someInside } from '../xpath/ast.ts';
import { type Code, literal } from '../xpath/codegen/code.ts';
import {
  constantText,
  type Focus,
  Generator,
  type Scope,
  type Variable,
} from '../xpath/codegen/generator.ts';
import { Module } from '../xpath/codegen/module.ts';
import { areNamesakes } from '../xpath/codegen/namesakes.ts';
import { type Alternative, compilePattern } from '../xpath/codegen/pattern.ts';
import { truth } from '../xpath/codegen/truth.ts';
import { atomList, value } from '../xpath/codegen/value.ts';
import { XPathSyntaxError } from '../xpath/error.ts';
import { FN_NS, XS_NS } from '../xpath/names.ts';
import { parseXPath } from '../xpath/parse.ts';
import { type Company, companyOf } from './applied.ts';
import type { PackFiles } from './pack-files.ts';
import { isCheap, type Line, ruleBody } from './rule-body.ts';
import type { Assertion, Let, MessagePart, Pattern, Place, Rule, Schema } from './schema.ts';

/** One alternative of a rule's context, with the rule that it belongs to. */
export interface CompiledRule extends Alternative {
  pattern: number;
  /** Name of the generated function that evaluates the rule about a node. */
  run: string;
}

export interface CompiledAssertion extends Place {
  kind: 'assert' | 'report';
  /** What the pack calls it: the code of its findings. */
  id: string | null;
  severity: 'error' | 'warning' | 'info';
  test: string;
  context: string;
  pattern: string | null;
  see: string | null;
}

/** A Schematron as it is kept on disk: the generated source and what stands around it. */
export interface CompiledSchema {
  path: string;
  source: string;
  names: readonly { ns: string; local: string }[];
  /** Which of the names are looked for in the whole document. */
  listed: readonly number[];
  /** Local names that are looked for in the whole document, whatever their namespace. */
  listedLocals: readonly string[];
  rules: readonly CompiledRule[];
  assertions: readonly CompiledAssertion[];
  ruleCount: number;
  /** What is evaluated on no document: the place, and why. */
  unusable: readonly { rule: string; reason: string }[];
}

/** Prefixes that the reference implementation binds by itself. */
const OWN_PREFIXES: readonly (readonly [string, string])[] = [
  ['xml', 'http://www.w3.org/XML/1998/namespace'],
  ['xs', XS_NS],
  ['xsd', XS_NS],
  ['fn', FN_NS],
];

/** Compiles a Schematron. What cannot be compiled is listed, and the rest works. */
export function compileSchema(schema: Schema, files: PackFiles): CompiledSchema {
  return new Compiler(schema, files).run();
}

class Compiler {
  readonly #schema: Schema;
  readonly #files: PackFiles;
  readonly #module = new Module();
  readonly #prefixes: ReadonlyMap<string, string>;
  readonly #rules: CompiledRule[] = [];
  readonly #assertions: CompiledAssertion[] = [];
  readonly #unusable: { rule: string; reason: string }[] = [];
  readonly #globals: string[] = [];
  readonly #company: Company;
  #ruleCount = 0;

  constructor(schema: Schema, files: PackFiles) {
    this.#schema = schema;
    this.#files = files;
    this.#company = companyOf(schema);
    this.#prefixes = new Map([...OWN_PREFIXES, ...schema.prefixes]);
  }

  run(): CompiledSchema {
    const { schema: name } = { schema: this.#schema.path };
    for (const problem of this.#schema.problems) this.#cannot(problem, problem.what);
    const shared = this.#globalLets(this.#schema.lets, new Map());
    const own = this.#schema.patterns.map(({ lets }) => this.#globalLets(lets, shared));
    const everywhere = new Map([...own.toReversed().flatMap((one) => [...one]), ...shared]);
    for (const [index, pattern] of this.#schema.patterns.entries())
      this.#pattern(pattern, index, new Map([...everywhere, ...own[index]!]));
    const functions = this.#rules.map(({ match, run }) => `[${match ?? 'null'}, ${run}]`);
    const bind = '(judged, recorder) => { D = judged; R = recorder; }';
    const kept = this.#globals.map((_, index) => `g${index}v = g${index}d = `).join('');
    const release = `() => { ${kept}D = R = null; }`;
    const result = `{ bind: ${bind}, release: ${release}, functions: [${functions.join(', ')}] }`;
    return {
      path: name,
      source: this.#module.source(result, ['let R = null;', ...this.#globals]),
      names: this.#module.names,
      listed: this.#module.listed,
      listedLocals: this.#module.listedLocals,
      rules: this.#rules,
      assertions: this.#assertions,
      ruleCount: this.#ruleCount,
      unusable: this.#unusable,
    };
  }

  #cannot(at: Place, reason: string, what = ''): void {
    this.#unusable.push({ rule: `${at.file}:${at.line}${what && ` ${what}`}`, reason });
  }

  /**
   * Schema, phase and pattern lets: computed about the document when a rule first asks for them. The reference
   * implementation makes the lets of every active pattern known to all of them, and the official packs rely on it.
   */
  #globalLets(lets: readonly Let[], outer: ReadonlyMap<string, Variable>): Map<string, Variable> {
    const variables = new Map(outer);
    for (const one of lets) {
      const variable = this.#attempt(one, one.value, () => this.#globalLet(one, variables), 'let');
      if (variable) variables.set(one.name, variable);
      else variables.delete(one.name);
    }
    return variables;
  }

  #globalLet(one: Let, variables: ReadonlyMap<string, Variable>): Variable {
    const g = new Generator(this.#module);
    const document: Code = { js: 'D.document', held: 'node', count: '1', node: 'parent', judged: true };
    const scope: Scope = {
      focus: { item: document, position: '1', last: '1' },
      current: document,
      variables,
    };
    const e = parseXPath(one.value, this.#prefixes);
    const constant = constantText(e, scope);
    if (constant !== null) return constantVariable(constant);
    const code = value(g, e, scope);
    const name = `g${this.#globals.length}`;
    this.#globals.push(
      `let ${name}v = null, ${name}d = null;\nfunction ${name}() { if (${name}d !== D) { ${name}v = ${code.js}; ${name}d = D; } return ${name}v; }`,
    );
    return { code: { ...code, js: `${name}()` }, constant: null, raises: g.raises };
  }

  #pattern(pattern: Pattern, index: number, variables: ReadonlyMap<string, Variable>): void {
    for (const rule of pattern.rules) {
      const alternatives = this.#attempt(rule, rule.context, () => this.#context(rule, variables), 'rule');
      if (!alternatives) continue;
      const run = this.#rule(rule, pattern, variables);
      this.#ruleCount += 1;
      this.#rules.push(...alternatives.map((one) => ({ ...one, pattern: index, run })));
    }
  }

  #context(rule: Rule, variables: ReadonlyMap<string, Variable>): Alternative[] {
    const g = new Generator(this.#module);
    const e = parseXPath(rule.context, this.#prefixes);
    const alternatives = compilePattern(g, e, { focus: null, current: null, variables });
    this.#checkDocuments(g, rule);
    return alternatives;
  }

  #rule(rule: Rule, pattern: Pattern, variables: ReadonlyMap<string, Variable>): string {
    const node = this.#module.local('c');
    const item: Code = { js: node, held: 'node', count: '1', judged: true, node: ruleNode(rule) };
    const known = new Map(variables);
    const lines: Line[] = [];
    const making = { item, known, lines, store: storeOf(this.#module) };
    for (const one of rule.lets)
      this.#attempt(one, one.value, () => this.#let(one, making), 'let') ?? known.delete(one.name);
    for (const one of rule.assertions) {
      const about = { rule, pattern, item, variables: known };
      this.#attempt(one, one.test, () => lines.push(this.#assertion(one, about)), one.kind);
    }
    return this.#module.define([node], ruleBody(this.#module, node, lines, originOf(rule)));
  }

  /** The node that a rule is about, and its place among those that the rules are applied to together. */
  #focus(item: Code): Focus {
    const { attributes, onlyElements } = this.#company;
    const given = `(${item.js}, ${attributes}, ${onlyElements})`;
    return { item, position: `rt.placeOf${given}`, last: `rt.lastPlace${given}` };
  }

  #let(one: Let, { item, known, lines, store }: Making): true {
    const g = new Generator(this.#module);
    const scope: Scope = { focus: this.#focus(item), current: item, variables: known };
    const e = parseXPath(one.value, this.#prefixes);
    const constant = constantText(e, scope);
    if (constant !== null) {
      known.set(one.name, constantVariable(constant));
      return true;
    }
    const code = value(g, e, scope);
    this.#checkDocuments(g, one);
    const namesakes = areNamesakes(e, known);
    const variable = isCheap(e) ? this.#eager(code, lines) : this.#lazy(code, store, lines);
    known.set(one.name, { code: variable, constant: null, raises: g.raises, expression: e, namesakes });
    return true;
  }

  #eager(code: Code, lines: Line[]): Code {
    const name = this.#module.local('v');
    lines.push({ kind: 'let', name, js: code.js });
    return { ...code, js: name };
  }

  /** A value that is computed when it is first asked for, and kept in the store of the rule. */
  #lazy(code: Code, { name, size }: Store, lines: Line[]): Code {
    const place = `${name}[${size()}]`;
    const kept = this.#module.local('k');
    const body = `const ${kept} = ${place};\nreturn ${kept} !== undefined ? ${kept} : (${place} = ${code.js});`;
    if (lines.length === 0 || lines[0]!.kind !== 'store') lines.unshift({ kind: 'store', name });
    return { ...code, js: this.#module.call(body) };
  }

  #assertion(one: Assertion, { rule, pattern, item, variables }: About): Line {
    const g = new Generator(this.#module);
    const scope: Scope = { focus: this.#focus(item), current: item, variables };
    const e = parseXPath(one.test, this.#prefixes);
    const condition = truth(g, e, scope);
    const guarded = someInside(e, (inner) => inner.kind === 'call' && inner.name.local === 'doc-available');
    if (!guarded) this.#checkDocuments(g, one);
    const number = this.#assertions.length;
    this.#assertions.push(described(one, rule, pattern));
    const message = this.#message(one.message, scope, one);
    const subject = one.subject === null ? 'null' : this.#subject(one.subject, scope);
    const hints = one.diagnostics.map((parts) => this.#message(parts, scope, one));
    const failure = `${item.js}, ${subject}, ${message}, ${hints.join(" + ' ' + ") || 'null'}`;
    const test = one.kind === 'assert' ? `!${condition}` : condition;
    return { kind: 'test', test, failure, raises: g.raises, number, origin: one.origin };
  }

  #message(parts: readonly MessagePart[], scope: Scope, at: Place): string {
    const pieces = parts.map((part) =>
      typeof part === 'string' ? literal(part) : this.#piece(part.select, scope, at),
    );
    return pieces.length === 0 ? "''" : pieces.join(' + ');
  }

  /** The values of an expression in a message. One that fails is left out: the assertion failed all the same. */
  #piece(select: string, scope: Scope, at: Place): string {
    const made = this.#attempt(
      at,
      select,
      () => {
        const g = new Generator(this.#module);
        const list = atomList(g, parseXPath(select, this.#prefixes), scope);
        const body = `return rt.spaced(${list});`;
        return this.#module.call(
          g.raises ? `try { ${body} } catch (error) { return R.unwritten(error); }` : body,
        );
      },
      'message',
    );
    return made ?? "'…'";
  }

  #subject(path: string, scope: Scope): string {
    const g = new Generator(this.#module);
    const code = value(g, parseXPath(path, this.#prefixes), scope);
    return code.count === '*' ? `(${code.js}[0] ?? null)` : code.js;
  }

  /**
   * Documents named by a constant that the pack lacks: what needs one by doc() cannot be evaluated; what asks for one by
   * document() is evaluated without it, as the reference implementation does, and that is told.
   */
  #checkDocuments({ documents: { required, asked } }: Generator, at: Place): void {
    for (const address of [...required, ...asked]) {
      const path = this.#files.resolve(this.#schema.path, address);
      if (path === null) throw new MissingDocument(`the address ${address} leads out of the pack`);
      if (this.#files.has(path)) continue;
      const missing = `the file ${address} is missing from the pack`;
      if (required.has(address)) throw new MissingDocument(missing);
      this.#cannot(at, `${missing}; what asks for it is evaluated as if it were empty`, 'document');
    }
  }

  #attempt<T>(at: Place, expression: string, make: () => T, what = ''): T | null {
    try {
      return make();
    } catch (error) {
      if (error instanceof XPathSyntaxError)
        this.#cannot(
          at,
          `${error.message}, at character ${error.at + 1} of ${excerpt(expression, error.at)}`,
          what,
        );
      else if (error instanceof MissingDocument) this.#cannot(at, error.message, what);
      else if (error instanceof RangeError) this.#cannot(at, 'the expression is too large', what);
      else throw error;
      return null;
    }
  }
}

interface About {
  rule: Rule;
  pattern: Pattern;
  item: Code;
  variables: ReadonlyMap<string, Variable>;
}

/** What the lets of one rule are made with. */
interface Making {
  item: Code;
  known: Map<string, Variable>;
  lines: Line[];
  store: Store;
}

/** The variable that keeps the values of one evaluation of a rule, and how to get one more place in it. */
interface Store {
  name: string;
  size(): number;
}

function storeOf(module: Module): Store {
  let places = 0;
  return { name: module.local('l'), size: () => places++ };
}

/** What the assertions that a rule holds itself say of where they stand. */
function originOf({ file, line }: Place): string {
  return `${file}:${line}`;
}

class MissingDocument extends Error {}

function constantVariable(text: string): Variable {
  return { code: { js: literal(text), held: 'string', count: '1' }, constant: text, raises: false };
}

function ruleNode({ context }: Rule): Code['node'] {
  return /@|\(/.test(context.replace(/\[[^\]]*\]/g, '')) ? undefined : 'parent';
}

/** An expression on one line; of a long one what stands around a place in it. */
function excerpt(text: string, at: number): string {
  const most = validationLimits.quotedCharacters.value;
  const from = text.length > most ? Math.max(0, Math.min(at - most / 2, text.length - most)) : 0;
  const part = text.slice(from, from + most);
  const [before, after] = [from > 0 ? '…' : '', from + most < text.length ? '…' : ''];
  return before + part.replace(/\s+/g, ' ').trim() + after;
}

function described(one: Assertion, rule: Rule, pattern: Pattern): CompiledAssertion {
  return {
    kind: one.kind,
    id: one.id,
    severity: severityOf(one.flag ?? one.role ?? rule.flag ?? rule.role),
    test: one.test,
    context: rule.context,
    pattern: pattern.id,
    see: one.see,
    file: one.file,
    line: one.line,
  };
}

function severityOf(role: string | null): CompiledAssertion['severity'] {
  if (role && /warn/i.test(role)) return 'warning';
  return role && /^(?:info|information|hint|note)/i.test(role) ? 'info' : 'error';
}
