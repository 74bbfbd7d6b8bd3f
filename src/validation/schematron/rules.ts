import { validationLimits } from '../limits.ts';
import { attributeOf, type Includes, kindOf, type Placed, placeOf } from './include.ts';
import { readMessage } from './message.ts';
import type { Substitute } from './parameters.ts';
import type { Assertion, Let, MessagePart, Problem, Rule } from './schema.ts';

/** What rules are read with: abstract rules and diagnostics by their ids. */
export interface Library {
  includes: Includes;
  abstractRules: ReadonlyMap<string, Placed>;
  diagnostics: ReadonlyMap<string, Placed>;
  problems: Problem[];
}

export function readLet(one: Placed, substitute: Substitute): Let {
  const value = attributeOf(one, 'value') ?? '';
  return { name: (attributeOf(one, 'name') ?? '').trim(), value: substitute(value), ...placeOf(one) };
}

/** A rule with the lets and assertions of the abstract rules that it extends, each where it is extended. */
export function readRule(one: Placed, library: Library, substitute: Substitute): Rule {
  const lets: Let[] = [];
  const assertions: Assertion[] = [];
  gather(one, { library, substitute, lets, assertions, depth: 0 });
  return {
    id: attributeOf(one, 'id'),
    context: substitute(attributeOf(one, 'context') ?? ''),
    role: attributeOf(one, 'role'),
    flag: attributeOf(one, 'flag'),
    lets,
    assertions,
    ...placeOf(one),
  };
}

interface Gathering {
  library: Library;
  substitute: Substitute;
  lets: Let[];
  assertions: Assertion[];
  depth: number;
}

function gather(rule: Placed, into: Gathering): void {
  for (const one of into.library.includes.children(rule)) {
    const kind = kindOf(one);
    if (kind === 'let') into.lets.push(readLet(one, into.substitute));
    else if (kind === 'assert' || kind === 'report')
      into.assertions.push(readAssertion(one, kind, into, rule));
    else if (kind === 'extends') extend(one, into);
  }
}

function extend(one: Placed, into: Gathering): void {
  const name = attributeOf(one, 'rule') ?? '';
  const rule = into.library.abstractRules.get(name);
  if (rule && into.depth < validationLimits.schematronExtensions.value) {
    gather(rule, { ...into, depth: into.depth + 1 });
    return;
  }
  const what = rule ? `the rules that extend ${name} are a loop` : `the abstract rule ${name} is not defined`;
  into.library.problems.push({ ...placeOf(one), what });
}

function readAssertion(
  one: Placed,
  kind: Assertion['kind'],
  { library, substitute }: Gathering,
  rule: Placed,
): Assertion {
  const { file, line } = placeOf(rule);
  return {
    kind,
    id: attributeOf(one, 'id'),
    test: substitute(attributeOf(one, 'test') ?? ''),
    message: readMessage(one, substitute),
    role: attributeOf(one, 'role'),
    flag: attributeOf(one, 'flag'),
    subject: attributeOf(one, 'subject'),
    see: attributeOf(one, 'see'),
    origin: `${file}:${line}`,
    diagnostics: readDiagnostics(one, library, substitute),
    ...placeOf(one),
  };
}

function readDiagnostics(one: Placed, library: Library, substitute: Substitute): MessagePart[][] {
  const ids = (attributeOf(one, 'diagnostics') ?? '').split(/\s+/).filter(Boolean);
  return ids.flatMap((id) => {
    const diagnostic = library.diagnostics.get(id);
    if (!diagnostic) library.problems.push({ ...placeOf(one), what: `the diagnostic ${id} is not defined` });
    return diagnostic ? [readMessage(diagnostic, substitute)] : [];
  });
}
