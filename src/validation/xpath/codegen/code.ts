/**
 * How a value is held in generated code. `integer` is a safe JavaScript number here; in a list, and wherever the type is
 * not known (`item`), it is a bigint. `untyped` is a plain string here and an `Untyped` in a list.
 */
export type Held = 'boolean' | 'string' | 'untyped' | 'integer' | 'double' | 'node' | 'item';

/** How many: exactly one, at most one (null when none), or a list. */
export type Count = '1' | '?' | '*';

/** An expression in JavaScript and what it gives. */
export interface Code {
  js: string;
  held: Held;
  count: Count;
  /** Of a node: it is an element or a document, an attribute, or not known. */
  node?: 'parent' | 'attribute' | undefined;
  /** Of a node: it belongs to the document being judged. */
  judged?: boolean | undefined;
  /** Of a list of nodes: it is in document order, each node once. */
  sorted?: boolean | undefined;
}

/** A string as a JavaScript literal; `$` is escaped because it begins the names of local variables. */
export function literal(text: string): string {
  return JSON.stringify(text)
    .replaceAll('$', '\\x24')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

/** One item as it stands in a list. */
export function boxed({ js, held }: Code): string {
  if (held === 'integer') return /^\d+$/.test(js) ? `${js}n` : `BigInt(${js})`;
  return held === 'untyped' ? `new rt.Untyped(${js})` : js;
}

/** At most one item, boxed; null when none. */
export function boxedOrNull(code: Code): string {
  if (code.count === '1') return boxed(code);
  if (code.held === 'integer') return `rt.bigOrNull(${code.js})`;
  return code.held === 'untyped' ? `rt.untypedOrNull(${code.js})` : code.js;
}

/** The whole value as a list. */
export function list(code: Code): string {
  if (code.count === '*') return code.js;
  return code.count === '1' ? `[${boxed(code)}]` : `rt.listOf(${boxedOrNull(code)})`;
}

export function isText(held: Held): boolean {
  return held === 'string' || held === 'untyped';
}

export function isNumber(held: Held): boolean {
  return held === 'integer' || held === 'double';
}

/** The count of what is chosen between two values. */
export function wider(a: Count, b: Count): Count {
  if (a === '*' || b === '*') return '*';
  return a === '?' || b === '?' ? '?' : '1';
}
