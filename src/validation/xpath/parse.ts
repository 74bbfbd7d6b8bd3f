import { validationLimits } from '../limits.ts';
import {
  type Arithmetic,
  type Axis,
  type Comparison,
  depthOf,
  type Expr,
  type NodeTest,
  type Occurrence,
  type QName,
  type SequenceType,
} from './ast.ts';
import { Decimal } from './decimal.ts';
import { XPathSyntaxError } from './error.ts';
import { AXES, GENERAL, KIND_TESTS, NODES, NOT_FUNCTIONS, VALUE } from './grammar.ts';
import { type Token, tokens } from './lexer.ts';
import { FN_NS, XS_NS } from './names.ts';

/** Namespaces by prefix, for the names in an expression. */
export type Prefixes = ReadonlyMap<string, string>;

/**
 * Parses an XPath expression.
 * @throws XPathSyntaxError with the offset of the problem
 */
export function parseXPath(text: string, prefixes: Prefixes): Expr {
  const e = new Parser(tokens(text), prefixes).whole();
  const { value, unit } = validationLimits.expressionDepth;
  if (depthOf(e) > value) throw new XPathSyntaxError(`it has more than ${value} ${unit}`, e.at);
  return e;
}

class Parser {
  readonly #tokens: Token[];
  readonly #prefixes: Prefixes;
  #next = 0;
  #level = 0;

  constructor(found: Token[], prefixes: Prefixes) {
    this.#tokens = found;
    this.#prefixes = prefixes;
  }

  whole(): Expr {
    const e = this.#expr();
    const rest = this.#peek();
    if (rest.kind !== 'end') this.#fail(`${rest.text} is not expected here`, rest);
    return e;
  }

  #expr(): Expr {
    const { at } = this.#peek();
    const items = [this.#single()];
    while (this.#take(',')) items.push(this.#single());
    return items.length === 1 ? items[0]! : { kind: 'sequence', items, at };
  }

  #single(): Expr {
    this.#level += 1;
    const { value } = validationLimits.expressionLevels;
    if (this.#level > value) this.#fail(`it is nested more than ${value} levels deep`, this.#peek());
    const e = this.#unbounded();
    this.#level -= 1;
    return e;
  }

  #unbounded(): Expr {
    const token = this.#peek();
    const next = this.#peek(1);
    if (token.kind === 'name' && next.text === '$' && next.kind === 'symbol') {
      if (token.text === 'for' || token.text === 'some' || token.text === 'every' || token.text === 'let')
        return this.#binding(token.text);
    }
    if (token.text === 'if' && token.kind === 'name' && next.text === '(') return this.#conditional();
    return this.#or();
  }

  #binding(kind: 'for' | 'some' | 'every' | 'let'): Expr {
    const { at } = this.#advance();
    return this.#bound(kind, at);
  }

  #bound(kind: 'for' | 'some' | 'every' | 'let', at: number): Expr {
    this.#need('$');
    const name = this.#variableName();
    if (kind === 'let') this.#need(':=');
    else this.#needName('in');
    const over = this.#single();
    if (this.#take(',')) return { kind, name, in: over, body: this.#bound(kind, at), at };
    this.#needName(kind === 'some' || kind === 'every' ? 'satisfies' : 'return');
    return { kind, name, in: over, body: this.#single(), at };
  }

  #conditional(): Expr {
    const { at } = this.#advance();
    this.#need('(');
    const condition = this.#expr();
    this.#need(')');
    this.#needName('then');
    const then = this.#single();
    this.#needName('else');
    return { kind: 'if', condition, then, else: this.#single(), at };
  }

  #or(): Expr {
    let left = this.#and();
    while (this.#atName('or')) left = { kind: 'or', at: this.#advance().at, left, right: this.#and() };
    return left;
  }

  #and(): Expr {
    let left = this.#comparison();
    while (this.#atName('and'))
      left = { kind: 'and', at: this.#advance().at, left, right: this.#comparison() };
    return left;
  }

  #comparison(): Expr {
    const left = this.#concat();
    const { kind, text, at } = this.#peek();
    const general = kind === 'symbol' ? GENERAL[text] : undefined;
    if (general) {
      this.#advance();
      return { kind: 'compare', general: true, op: general, left, right: this.#concat(), at };
    }
    if (kind === 'name' && VALUE.has(text)) {
      this.#advance();
      return { kind: 'compare', general: false, op: text as Comparison, left, right: this.#concat(), at };
    }
    if ((kind === 'name' || kind === 'symbol') && NODES.has(text)) {
      this.#advance();
      return { kind: 'nodes', op: text as 'is' | '<<' | '>>', left, right: this.#concat(), at };
    }
    return left;
  }

  #concat(): Expr {
    let left = this.#range();
    while (this.#at('||')) left = { kind: 'concat', at: this.#advance().at, left, right: this.#range() };
    return left;
  }

  #range(): Expr {
    const from = this.#additive();
    if (!this.#atName('to')) return from;
    const { at } = this.#advance();
    return { kind: 'range', from, to: this.#additive(), at };
  }

  #additive(): Expr {
    let left = this.#multiplicative();
    while (this.#at('+') || this.#at('-')) {
      const { text, at } = this.#advance();
      left = { kind: 'arithmetic', op: text as Arithmetic, left, right: this.#multiplicative(), at };
    }
    return left;
  }

  #multiplicative(): Expr {
    let left = this.#union();
    while (this.#at('*') || this.#atName('div') || this.#atName('idiv') || this.#atName('mod')) {
      const { text, at } = this.#advance();
      left = { kind: 'arithmetic', op: text as Arithmetic, left, right: this.#union(), at };
    }
    return left;
  }

  #union(): Expr {
    let left = this.#intersect();
    while (this.#at('|') || this.#atName('union'))
      left = { kind: 'union', at: this.#advance().at, left, right: this.#intersect() };
    return left;
  }

  #intersect(): Expr {
    let left = this.#instance();
    while (this.#atName('intersect') || this.#atName('except')) {
      const { text, at } = this.#advance();
      left = { kind: text as 'intersect' | 'except', at, left, right: this.#instance() };
    }
    return left;
  }

  #instance(): Expr {
    const operand = this.#treat();
    if (!this.#atNames('instance', 'of')) return operand;
    const { at } = this.#advance(2);
    return { kind: 'instance', operand, type: this.#sequenceType(), at };
  }

  #treat(): Expr {
    const operand = this.#castable();
    if (!this.#atNames('treat', 'as')) return operand;
    const { at } = this.#advance(2);
    return { kind: 'treat', operand, type: this.#sequenceType(), at };
  }

  #castable(): Expr {
    const operand = this.#cast();
    return this.#atNames('castable', 'as') ? this.#conversion('castable', operand) : operand;
  }

  #cast(): Expr {
    const operand = this.#arrow();
    return this.#atNames('cast', 'as') ? this.#conversion('cast', operand) : operand;
  }

  /** `e => f(…)` is `f(e, …)`. */
  #arrow(): Expr {
    let operand = this.#unary();
    while (this.#take('=>')) {
      const called = this.#call(this.#advance());
      if (called.kind === 'call') operand = { ...called, args: [operand, ...called.args] };
    }
    return operand;
  }

  #conversion(kind: 'cast' | 'castable', operand: Expr): Expr {
    const { at } = this.#advance(2);
    const type = this.#typeName();
    return { kind, operand, type, optional: this.#take('?'), at };
  }

  #unary(): Expr {
    if (!this.#at('-') && !this.#at('+')) return this.#map();
    const { text, at } = this.#advance();
    return { kind: 'negate', operand: this.#nested(() => this.#unary()), minus: text === '-', at };
  }

  #nested(read: () => Expr): Expr {
    this.#level += 1;
    const { value } = validationLimits.expressionLevels;
    if (this.#level > value) this.#fail(`it is nested more than ${value} levels deep`, this.#peek());
    const e = read();
    this.#level -= 1;
    return e;
  }

  #map(): Expr {
    let from = this.#path();
    while (this.#at('!')) from = { kind: 'map', at: this.#advance().at, from, to: this.#path() };
    return from;
  }

  #path(): Expr {
    const token = this.#peek();
    if (this.#take('//')) return this.#relative(this.#below({ kind: 'root', at: token.at }, token.at));
    if (!this.#take('/')) return this.#relative(null);
    const root: Expr = { kind: 'root', at: token.at };
    return this.#startsStep() ? this.#relative(root) : root;
  }

  #relative(before: Expr | null): Expr {
    let path = this.#join(before, this.#step());
    for (;;) {
      const { at } = this.#peek();
      if (this.#take('/')) path = this.#join(path, this.#step());
      else if (this.#take('//')) path = this.#join(this.#below(path, at), this.#step());
      else return path;
    }
  }

  #join(from: Expr | null, to: Expr): Expr {
    return from ? { kind: 'path', from, to, at: to.at } : to;
  }

  #below(from: Expr, at: number): Expr {
    const to: Expr = { kind: 'step', axis: 'descendant-or-self', test: { test: 'node' }, predicates: [], at };
    return { kind: 'path', from, to, at };
  }

  #startsStep(): boolean {
    const { kind, text } = this.#peek();
    if (kind === 'end') return false;
    if (kind !== 'symbol') return true;
    return ['.', '..', '@', '$', '(', '*'].includes(text);
  }

  #step(): Expr {
    const base = this.#isPrimary() ? this.#primary() : this.#axisStep();
    if (!this.#at('[')) return base;
    const predicates: Expr[] = [];
    while (this.#take('[')) {
      predicates.push(this.#expr());
      this.#need(']');
    }
    if (base.kind === 'step' && base.predicates.length === 0) return { ...base, predicates };
    return { kind: 'filter', base, predicates, at: base.at };
  }

  #isPrimary(): boolean {
    const { kind, text } = this.#peek();
    if (kind === 'symbol') return text === '$' || text === '(' || text === '.';
    if (kind === 'name') return this.#isCall(text);
    return kind !== 'wildcard' && kind !== 'end';
  }

  #isCall(name: string): boolean {
    const next = this.#peek(1);
    return next.kind === 'symbol' && next.text === '(' && !NOT_FUNCTIONS.has(name);
  }

  #primary(): Expr {
    const token = this.#advance();
    const { at } = token;
    if (token.kind === 'string') return { kind: 'string', value: token.text, at };
    if (token.kind === 'integer') return { kind: 'integer', value: BigInt(token.text), at };
    if (token.kind === 'decimal') return { kind: 'decimal', value: Decimal.parse(token.text), at };
    if (token.kind === 'double') return { kind: 'double', value: Number(token.text), at };
    if (token.text === '$') return { kind: 'variable', name: this.#variableName(), at };
    if (token.text === '.') return { kind: 'context', at };
    if (token.text === '(') return this.#parenthesised(at);
    return this.#call(token);
  }

  #parenthesised(at: number): Expr {
    if (this.#take(')')) return { kind: 'sequence', items: [], at };
    const e = this.#expr();
    this.#need(')');
    // A path in parentheses is a value: a predicate after it counts over all of it.
    return e.kind === 'step' ? { kind: 'sequence', items: [e], at } : e;
  }

  #call(token: Token): Expr {
    this.#need('(');
    const args: Expr[] = [];
    if (!this.#at(')')) {
      do args.push(this.#single());
      while (this.#take(','));
    }
    this.#need(')');
    const name = this.#name(token, FN_NS);
    const constant = args[0]?.kind === 'string' && args.length === 1 ? args[0] : null;
    if (name.ns === XS_NS && name.local === 'QName' && constant) return this.#qname(constant.value, token);
    return { kind: 'call', name, args, at: token.at };
  }

  /** The constructor xs:QName resolves the prefixes of its expression, which are known now. */
  #qname(text: string, token: Token): Expr {
    const { ns } = this.#name({ ...token, text: text.trim() }, '');
    const args: Expr[] = [ns, text.trim()].map((value) => ({ kind: 'string', value, at: token.at }));
    return { kind: 'call', name: { ns: FN_NS, local: 'QName' }, args, at: token.at };
  }

  #axisStep(): Expr {
    const token = this.#peek();
    const { at } = token;
    const step = (axis: Axis, test: NodeTest): Expr => ({ kind: 'step', axis, test, predicates: [], at });
    if (this.#take('..')) return step('parent', { test: 'node' });
    if (this.#take('@')) return step('attribute', this.#nodeTest());
    const next = this.#peek(1);
    if (token.kind === 'name' && next.kind === 'symbol' && next.text === '::') {
      if (!AXES.has(token.text)) this.#fail(`the axis ${token.text} is not supported`, token);
      this.#advance(2);
      return step(token.text as Axis, this.#nodeTest());
    }
    const test = this.#nodeTest();
    return step(test.test === 'attribute' ? 'attribute' : 'child', test);
  }

  #nodeTest(): NodeTest {
    const token = this.#advance();
    if (token.kind === 'wildcard') return this.#wildcard(token);
    if (token.kind === 'symbol' && token.text === '*') return { test: 'name', ns: null, local: null };
    if (token.kind !== 'name') this.#fail(`a name is expected, not ${token.text || 'the end'}`, token);
    if (KIND_TESTS.has(token.text) && this.#at('(')) return this.#kindTest(token);
    return { test: 'name', ...this.#name(token, '') };
  }

  #wildcard(token: Token): NodeTest {
    if (token.text.startsWith('*:')) return { test: 'name', ns: null, local: token.text.slice(2) };
    return { test: 'name', ns: this.#namespace(token.text.slice(0, -2), token), local: null };
  }

  #kindTest(token: Token): NodeTest {
    this.#need('(');
    const test = this.#kindTestInside(token.text);
    this.#need(')');
    return test;
  }

  #kindTestInside(kind: string): NodeTest {
    if (kind === 'processing-instruction')
      return { test: 'instruction', target: this.#at(')') ? null : this.#advance().text };
    if (kind === 'element' || kind === 'attribute') {
      if (this.#at(')') || this.#take('*')) return { test: kind, ns: null, local: null };
      return { test: kind, ...this.#name(this.#advance(), '') };
    }
    if (kind === 'document-node') return { test: 'document' };
    return { test: kind as 'node' | 'text' | 'comment' };
  }

  #sequenceType(): SequenceType {
    const token = this.#advance();
    if (token.text === 'empty-sequence') {
      this.#need('(');
      this.#need(')');
      return { item: { of: 'empty' }, occurs: '' };
    }
    const item = this.#itemType(token);
    return { item, occurs: this.#occurrence() };
  }

  #itemType(token: Token): SequenceType['item'] {
    if (token.text === 'item' && this.#at('(')) {
      this.#need('(');
      this.#need(')');
      return { of: 'item' };
    }
    if (KIND_TESTS.has(token.text) && this.#at('(')) return { of: 'node', test: this.#kindTest(token) };
    return { of: 'atomic', name: this.#typeNameOf(token) };
  }

  #occurrence(): Occurrence {
    for (const mark of ['?', '*', '+'] as const) if (this.#take(mark)) return mark;
    return '';
  }

  #typeName(): string {
    return this.#typeNameOf(this.#advance());
  }

  #typeNameOf(token: Token): string {
    if (token.kind !== 'name') this.#fail('the name of a type is expected', token);
    const { ns, local } = this.#name(token, '');
    if (ns !== XS_NS) this.#fail(`the type ${token.text} is not known`, token);
    return local;
  }

  #variableName(): string {
    const token = this.#advance();
    if (token.kind !== 'name') this.#fail('the name of a variable is expected', token);
    return token.text;
  }

  #name(token: Token, unprefixed: string): QName {
    const colon = token.text.indexOf(':');
    if (colon < 0) return { ns: unprefixed, local: token.text };
    return { ns: this.#namespace(token.text.slice(0, colon), token), local: token.text.slice(colon + 1) };
  }

  #namespace(prefix: string, token: Token): string {
    return (
      this.#prefixes.get(prefix) ?? this.#fail(`the prefix ${prefix} is not bound to a namespace`, token)
    );
  }

  #peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)]!;
  }

  #advance(count = 1): Token {
    const token = this.#peek();
    this.#next += count;
    return token;
  }

  #at(symbol: string): boolean {
    const { kind, text } = this.#peek();
    return kind === 'symbol' && text === symbol;
  }

  #take(symbol: string): boolean {
    const there = this.#at(symbol);
    if (there) this.#next += 1;
    return there;
  }

  #need(symbol: string): void {
    if (!this.#take(symbol))
      this.#fail(`${symbol} is expected, not ${this.#peek().text || 'the end'}`, this.#peek());
  }

  #atName(name: string): boolean {
    const { kind, text } = this.#peek();
    return kind === 'name' && text === name;
  }

  #atNames(first: string, second: string): boolean {
    const next = this.#peek(1);
    return this.#atName(first) && next.kind === 'name' && next.text === second;
  }

  #needName(name: string): void {
    if (!this.#atName(name))
      this.#fail(`${name} is expected, not ${this.#peek().text || 'the end'}`, this.#peek());
    this.#next += 1;
  }

  #fail(message: string, { at }: Token): never {
    throw new XPathSyntaxError(message, at);
  }
}
