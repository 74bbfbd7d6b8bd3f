import type { Expr, Of } from '../ast.ts';
import { XPathError, XPathSyntaxError } from '../error.ts';
import type { FunctionRow, Param } from '../functions/row.ts';
import { functions } from '../functions/table.ts';
import { FN_NS, XS_NS } from '../names.ts';
import { translateRegex } from '../regex.ts';
import { isKnownType } from '../runtime/casts.ts';
import { boxedOrNull, type Code, isText, literal } from './code.ts';
import { each } from './each.ts';
import { constantText, type Generator, type Scope } from './generator.ts';
import { heldBy, orderOf } from './statics.ts';
import { exists, truth } from './truth.ts';
import { atomic, atomList, cast, textOr, value, valueList } from './value.ts';

type Writer = (g: Generator, e: Of<'call'>, scope: Scope) => Code;

const BOOLEAN = { held: 'boolean', count: '1' } as const;
const STRING = { held: 'string', count: '1' } as const;

/** Functions whose arguments are not simply passed, with how many arguments they take. */
const WRITTEN: Readonly<Record<string, readonly [least: number, most: number, write: Writer]>> = {
  true: [0, 0, () => ({ js: 'true', ...BOOLEAN })],
  false: [0, 0, () => ({ js: 'false', ...BOOLEAN })],
  not: [1, 1, (g, e, scope) => ({ js: `!${truth(g, e.args[0]!, scope)}`, ...BOOLEAN })],
  boolean: [1, 1, (g, e, scope) => ({ js: truth(g, e.args[0]!, scope), ...BOOLEAN })],
  exists: [1, 1, (g, e, scope) => ({ js: exists(g, e.args[0]!, scope), ...BOOLEAN })],
  empty: [1, 1, (g, e, scope) => ({ js: `!${exists(g, e.args[0]!, scope)}`, ...BOOLEAN })],
  count: [1, 1, count],
  position: [0, 0, (g, e, scope) => place(g, e, scope.focus?.position ?? null)],
  last: [0, 0, (g, e, scope) => place(g, e, scope.focus?.last ?? null)],
  string: [0, 1, string],
  concat: [2, Infinity, concat],
  matches: [2, 3, matches],
  replace: [3, 4, replace],
  tokenize: [1, 3, tokenize],
  doc: [1, 1, doc],
  document: [1, 1, documents],
  'doc-available': [1, 1, docAvailable],
  current: [0, 0, (g, e, scope) => scope.current ?? g.unsupported('current() has no meaning here', e)],
  trace: [2, 2, (g, e, scope) => value(g, e.args[0]!, scope)],
};

/** The value of a function call. */
export function call(g: Generator, e: Of<'call'>, scope: Scope): Code {
  if (e.name.ns === XS_NS) return constructed(g, e, scope);
  if (e.name.ns !== FN_NS)
    return g.unsupported(`the function ${e.name.local} of ${e.name.ns} is not supported`, e);
  const { local } = e.name;
  const written = Object.hasOwn(WRITTEN, local) ? WRITTEN[local] : undefined;
  if (written) {
    checkArity(g, e, written[0], written[1]);
    return written[2](g, e, scope);
  }
  const row = Object.hasOwn(functions, local) ? functions[local] : undefined;
  if (!row) return g.unsupported(`the function ${local}() is not supported`, e);
  return ofTable(g, e, row, scope);
}

function checkArity(g: Generator, e: Of<'call'>, least: number, most: number): void {
  if (e.args.length < least || e.args.length > most)
    g.unsupported(`${e.name.local}() is called with ${e.args.length} arguments`, e);
}

function constructed(g: Generator, e: Of<'call'>, scope: Scope): Code {
  checkArity(g, e, 1, 1);
  if (!isKnownType(e.name.local)) return g.unsupported(`the type xs:${e.name.local} is not supported`, e);
  return cast(g, e.name.local, atomic(g, e.args[0]!, scope), true, e);
}

/** These say of themselves what they are called with; calling them does not raise. */
const SAFE = new Set([
  'string-length',
  'normalize-space',
  'upper-case',
  'lower-case',
  'name',
  'local-name',
  'contains',
  'starts-with',
  'ends-with',
  'substring-before',
  'substring-after',
  'translate',
  'number',
  'substring',
  'namespace-uri',
  'distinct-values',
  'string-join',
]);

function ofTable(g: Generator, e: Of<'call'>, row: FunctionRow, scope: Scope): Code {
  const own: Expr = { kind: 'context', at: e.at };
  const args = e.args.length === 0 && row.ofContext ? [own] : e.args;
  const missing = row.contextLast && args.length === row.params.length - 1 ? [...args, own] : args;
  checkArity(g, { ...e, args: missing }, row.least ?? row.params.length, row.params.length);
  const passed = missing.map((one, index) => argument(g, one, scope, row.params[index]!));
  const name = g.module.constant(`rt.fn[${literal(e.name.local)}]`);
  const [, many] = row.gives;
  const held = heldBy(e, scope);
  const text = `${name}(${passed.join(', ')})`;
  return { js: SAFE.has(e.name.local) ? text : g.raising(text), held, count: many };
}

/** An argument converted to what a parameter takes. */
function argument(g: Generator, e: Expr, scope: Scope, param: Param): string {
  switch (param) {
    case 'items':
      return valueList(g, e, scope);
    case 'atoms':
      return atomList(g, e, scope);
    case 'node?':
      return nodeArgument(g, e, scope);
    case 'string?':
      return text(g, e, scope);
    case 'string':
      return required(g, e, scope, text(g, e, scope));
    default:
      return converted(g, atomic(g, e, scope), param);
  }
}

function nodeArgument(g: Generator, e: Expr, scope: Scope): string {
  const code = value(g, e, scope);
  if (code.held === 'node' && code.count !== '*') return code.js;
  const one = code.count === '*' ? g.raising(`rt.atMostOne(${code.js})`) : boxedOrNull(code);
  return code.held === 'node' ? one : g.raising(`rt.nodeOrNull(${one})`);
}

function required(g: Generator, e: Expr, scope: Scope, js: string): string {
  const code = atomic(g, e, scope);
  return code.count === '1' ? js : g.raising(`rt.exactlyOne(${js})`);
}

function converted(g: Generator, code: Code, param: Param): string {
  switch (param) {
    case 'double':
      if (code.count === '1' && (code.held === 'integer' || code.held === 'double')) return code.js;
      return g.raising(`rt.asDouble(${boxedOrNull(code)})`);
    case 'integer':
      if (code.count === '1' && code.held === 'integer') return code.js;
      return g.raising(`rt.asInteger(${boxedOrNull(code)})`);
    case 'number?':
      return g.raising(`rt.asNumber(${boxedOrNull(code)})`);
    case 'atom':
      return code.count === '1' ? boxedOrNull(code) : g.raising(`rt.exactlyOne(${boxedOrNull(code)})`);
    default:
      return boxedOrNull(code);
  }
}

/** An argument of type xs:string?. */
function text(g: Generator, e: Expr, scope: Scope): string {
  const code = atomic(g, e, scope);
  return isText(code.held) ? code.js : g.raising(`rt.asString(${boxedOrNull(code)})`);
}

/** A string argument whose absence counts as the empty string. */
function textOrEmpty(g: Generator, e: Expr, scope: Scope): string {
  const code = atomic(g, e, scope);
  if (isText(code.held) && code.count === '1') return code.js;
  return `(${text(g, e, scope)} ?? '')`;
}

function count(g: Generator, e: Of<'call'>, scope: Scope): Code {
  const [argument] = e.args;
  const counted = { held: 'integer', count: '1' } as const;
  const order = orderOf(argument!, scope);
  if (!order.sorted || argument!.kind === 'variable') {
    const code = value(g, argument!, scope);
    if (code.count === '*') return { js: `${code.js}.length`, ...counted };
    return { js: code.count === '1' ? '1' : `(${code.js} === null ? 0 : 1)`, ...counted };
  }
  const number = g.local('c');
  const loops = each(g, argument!, scope, () => `${number} += 1;`, true);
  return { js: g.module.call(`let ${number} = 0;\n${loops}\nreturn ${number};`), ...counted };
}

function place(g: Generator, e: Of<'call'>, js: string | null): Code {
  if (js === null) return g.unsupported(`${e.name.local}() has no meaning here`, e);
  return { js, held: 'integer', count: '1' };
}

function string(g: Generator, e: Of<'call'>, scope: Scope): Code {
  const argument: Expr = e.args[0] ?? { kind: 'context', at: e.at };
  const code = value(g, argument, scope);
  if (code.count === '*') return { js: g.raising(`rt.stringOr(rt.atMostOne(${code.js}), '')`), ...STRING };
  if (code.held !== 'node') return { js: textOr(g, code, "''"), ...STRING };
  const plain = atomic(g, argument, scope);
  return { js: plain.count === '1' ? plain.js : `(${plain.js} ?? '')`, ...STRING };
}

function concat(g: Generator, e: Of<'call'>, scope: Scope): Code {
  const parts = e.args.map((one) => textOr(g, atomic(g, one, scope), "''"));
  return { js: `(${parts.join(' + ')})`, ...STRING };
}

/** The regular expression of an argument: translated now when it is constant. */
function regex(g: Generator, pattern: Expr, flags: Expr | undefined, scope: Scope): string {
  const [text, marks] = [constantText(pattern, scope), flags ? constantText(flags, scope) : ''];
  if (text !== null && marks !== null) {
    checkRegex(g, text, marks, pattern);
    return g.module.constant(`rt.regex(${literal(text)}, ${literal(marks)})`);
  }
  const required = [pattern, ...(flags ? [flags] : [])].map((one) => argument(g, one, scope, 'string'));
  return g.raising(`rt.regex(${required.join(', ')})`);
}

function checkRegex(g: Generator, text: string, marks: string, e: Expr): void {
  try {
    translateRegex(text, marks);
  } catch (error) {
    if (error instanceof XPathError) throw new XPathSyntaxError(error.message, e.at);
    throw error;
  }
  void g;
}

function matches(g: Generator, e: Of<'call'>, scope: Scope): Code {
  const [input, pattern, flags] = e.args;
  const tested = textOrEmpty(g, input!, scope);
  return { js: `rt.matches(${tested}, ${regex(g, pattern!, flags, scope)})`, ...BOOLEAN };
}

function replace(g: Generator, e: Of<'call'>, scope: Scope): Code {
  const [input, pattern, replacement, flags] = e.args;
  const quoted = flags ? (constantText(flags, scope)?.includes('q') ?? false) : false;
  const args = [
    text(g, input!, scope),
    regex(g, pattern!, flags, scope),
    argument(g, replacement!, scope, 'string'),
    `${quoted}`,
  ];
  return { js: g.raising(`rt.replace(${args.join(', ')})`), ...STRING };
}

function tokenize(g: Generator, e: Of<'call'>, scope: Scope): Code {
  const [input, pattern, flags] = e.args;
  const from = text(g, input!, scope);
  const js = pattern ? `rt.tokenize(${from}, ${regex(g, pattern, flags, scope)})` : `rt.words(${from})`;
  return { js: g.raising(js), held: 'string', count: '*' };
}

/** Notes which document a call of doc() or document() names, when it names one always. */
function noteDocument(g: Generator, { name, args }: Of<'call'>, scope: Scope): void {
  const address = constantText(args[0]!, scope);
  if (address !== null) g.documents[name.local === 'doc' ? 'required' : 'asked'].add(address);
}

/** The address that doc() or document() is called with. */
export function addressText(g: Generator, call: Of<'call'>, scope: Scope): string {
  noteDocument(g, call, scope);
  return text(g, call.args[0]!, scope);
}

function doc(g: Generator, e: Of<'call'>, scope: Scope): Code {
  const js = g.raising(`rt.doc(${addressText(g, e, scope)})`);
  return { js, held: 'node', count: '?', node: 'parent' };
}

function documents(g: Generator, e: Of<'call'>, scope: Scope): Code {
  noteDocument(g, e, scope);
  const js = g.raising(`rt.documents(${valueList(g, e.args[0]!, scope)})`);
  return { js, held: 'node', count: '*', node: 'parent' };
}

function docAvailable(g: Generator, e: Of<'call'>, scope: Scope): Code {
  return { js: g.raising(`rt.docAvailable(${text(g, e.args[0]!, scope)})`), ...BOOLEAN };
}
