import type { Expr, QName } from '../ast.ts';
import { XPathSyntaxError } from '../error.ts';
import type { Code } from './code.ts';
import type { Module } from './module.ts';

/** The context of an expression: its item, and where the item stands among the others when somebody may ask. */
export interface Focus {
  item: Code;
  position: string | null;
  last: string | null;
}

/** What an expression may refer to. */
export interface Scope {
  focus: Focus | null;
  /** What current() gives: the node that a rule is about. */
  current: Code | null;
  variables: ReadonlyMap<string, Variable>;
}

/** A variable: the code that gives its value, and its text when it is a constant string. */
export interface Variable {
  code: Code;
  constant: string | null;
  /** Its value may raise an error: it is computed when it is first used. */
  raises: boolean;
  /** Of a let: the expression of its value. */
  expression?: Expr;
  /** Of a let: its value is the siblings of the rule's node that have its local name. */
  namesakes?: boolean;
}

/** Collects what the code of one expression needs and does. */
export class Generator {
  readonly module: Module;
  /** Whether the code written since this was last cleared may raise a dynamic error. */
  raises = false;
  /** Documents named by a constant, as relative addresses: those that `doc` must find, and those that `document` asks for. */
  readonly documents = { required: new Set<string>(), asked: new Set<string>() };

  constructor(module: Module) {
    this.module = module;
  }

  local(prefix: string): string {
    return this.module.local(prefix);
  }

  /** Marks the code as one that may raise an error. */
  raising(js: string): string {
    this.raises = true;
    return js;
  }

  unsupported(what: string, e: Expr): never {
    throw new XPathSyntaxError(what, e.at);
  }

  name(name: QName): string {
    return this.module.name(name);
  }
}

/** The same scope about another item. */
export function about(
  scope: Scope,
  item: Code,
  position: string | null = null,
  last: string | null = null,
): Scope {
  return { ...scope, focus: { item, position, last } };
}

export function withVariable(scope: Scope, name: string, variable: Variable): Scope {
  return { ...scope, variables: new Map([...scope.variables, [name, variable]]) };
}

/** The text of an expression that is a constant string, or null. */
export function constantText(e: Expr, scope: Scope): string | null {
  if (e.kind === 'string') return e.value;
  if (e.kind === 'variable') return scope.variables.get(e.name)?.constant ?? null;
  if (e.kind === 'sequence' && e.items.length === 1) return constantText(e.items[0]!, scope);
  if (e.kind === 'call' && (e.name.local === 'concat' || e.name.local === 'string'))
    return joinedTexts(e.args, scope);
  return e.kind === 'concat' ? joinedTexts([e.left, e.right], scope) : null;
}

function joinedTexts(parts: readonly Expr[], scope: Scope): string | null {
  if (parts.length === 0) return null;
  const texts = parts.map((part) => constantText(part, scope));
  return texts.includes(null) ? null : texts.join('');
}
