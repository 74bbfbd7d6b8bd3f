/** Local variables of generated code: their names begin with $, which nothing else in it does. */
const LOCAL = /\$[a-z]+\d+/g;
const DECLARED = /(?:const|let) (\$[a-z]+\d+)/g;

/**
 * The JavaScript generated for one rule set: functions that close over nothing but the module, names and constants.
 * Functions of the same text are one.
 */
export class Module {
  readonly #functions: string[] = [];
  readonly #known = new Map<string, string>();
  readonly #names: { ns: string; local: string }[] = [];
  readonly #nameIndex = new Map<string, number>();
  readonly #remembered = new Map<string, string>();
  readonly #listedLocals = new Set<string>();
  readonly #listed = new Set<number>();
  readonly #constants: string[] = [];
  readonly #constantIndex = new Map<string, string>();
  #locals = 0;

  /** A fresh local variable. */
  local(prefix: string): string {
    this.#locals += 1;
    return `$${prefix}${this.#locals}`;
  }

  /** The variable that holds an interned name. */
  name(name: { ns: string; local: string }): string {
    const key = `${name.ns}\0${name.local}`;
    let index = this.#nameIndex.get(key);
    if (index === undefined) {
      index = this.#names.length;
      this.#names.push({ ns: name.ns, local: name.local });
      this.#nameIndex.set(key, index);
    }
    return `N${index}`;
  }

  /** The variable of a name whose elements are looked for in the whole document. */
  listedName(name: { ns: string; local: string }): string {
    const variable = this.name(name);
    this.#listed.add(Number(variable.slice(1)));
    return variable;
  }

  listedLocal(local: string): void {
    this.#listedLocals.add(local);
  }

  /** Local names whose elements, in any namespace, are looked for in the whole document. */
  get listedLocals(): readonly string[] {
    return [...this.#listedLocals];
  }

  /** Numbers of the names whose elements are looked for in the whole document. */
  get listed(): readonly number[] {
    return [...this.#listed];
  }

  /** A constant computed once, when the module is loaded; it may name generated functions. */
  constant(js: string): string {
    const known = this.#constantIndex.get(js);
    if (known) return known;
    const name = `C${this.#constants.length}`;
    this.#constants.push(`const ${name} = ${js};`);
    this.#constantIndex.set(js, name);
    return name;
  }

  /** A call of a function with this body, which is given the local variables that it uses and does not declare. */
  call(body: string): string {
    const declared = new Set([...body.matchAll(DECLARED)].map((one) => one[1]!));
    const free = [...new Set(body.match(LOCAL) ?? [])].filter((name) => !declared.has(name));
    return `${this.#function(free, body)}(${free.join(', ')})`;
  }

  /**
   * A call that tells whether a node satisfies a condition, and remembers the last node that it was asked about: many
   * patterns ask the same about the same ancestor, one after the other.
   */
  remembered(condition: string, node: string, at: string): string {
    const text = condition.replaceAll(node, 'n');
    let name = this.#remembered.get(text);
    if (!name) {
      name = `m${this.#remembered.size}`;
      this.#remembered.set(text, name);
    }
    return `${name}(${at})`;
  }

  #memory(): string[] {
    return [...this.#remembered].map(
      ([condition, name]) => `let ${name}k = -1, ${name}v = false;
function ${name}(n) {
const k = D.base + n.order;
if (k === ${name}k) return ${name}v;
${name}v = ${condition};
${name}k = k;
return ${name}v;
}`,
    );
  }

  /** The name of a function with these parameters and this body. */
  define(parameters: readonly string[], body: string): string {
    return this.#function(parameters, body);
  }

  #function(parameters: readonly string[], body: string): string {
    const text = renumbered(`(${parameters.join(', ')}) {\n${body}\n}`);
    const known = this.#known.get(text);
    if (known) return known;
    const name = `f${this.#functions.length}`;
    this.#functions.push(`function ${name}${text}`);
    this.#known.set(text, name);
    return name;
  }

  get names(): readonly { ns: string; local: string }[] {
    return this.#names;
  }

  /** The source of the module: a function body over `rt` and `names` that ends by returning `result`. */
  source(result: string, globals: readonly string[]): string {
    const names = this.#names.map((_, index) => `const N${index} = names[${index}];`);
    const parts = [
      ...names,
      ...this.#constants,
      ...globals,
      ...this.#memory(),
      ...this.#functions,
      `return ${result};`,
    ];
    return ["'use strict';", 'let D = null;', ...parts].join('\n');
  }
}

/** The same text with its local variables numbered in the order in which they come. */
function renumbered(text: string): string {
  const numbers = new Map<string, string>();
  return text.replace(LOCAL, (name) => {
    let short = numbers.get(name);
    if (!short) {
      short = `$${numbers.size.toString(36)}_`;
      numbers.set(name, short);
    }
    return short;
  });
}
