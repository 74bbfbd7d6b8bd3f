import { ANY_SIMPLE_TYPE } from './built-ins.ts';
import type { ComplexType, Type } from './model.ts';
import type { Method, SimpleType } from './simple-types.ts';

/**
 * Whether a type may stand where another is declared: it is this type or derives from it by none of the methods blocked
 * (Type Derivation OK, XML Schema 1.0 part 1, sections 3.4.6 and 3.14.6).
 */
export function derives(type: Type, from: Type, blocked: ReadonlySet<Method>): boolean {
  if (type === from) return true;
  return type.kind === 'simple' ? simpleDerives(type, from, blocked) : complexDerives(type, from, blocked);
}

function complexDerives(type: ComplexType, from: Type, blocked: ReadonlySet<Method>): boolean {
  if (blocked.has(type.method) || !type.base) return false;
  return type.base === from || derives(type.base, from, blocked);
}

function simpleDerives(type: SimpleType, from: Type, blocked: ReadonlySet<Method>): boolean {
  if (from.kind === 'complex') return isAnyType(from);
  if (blocked.has('restriction') || type.base?.final.has('restriction')) return false;
  if (from === ANY_SIMPLE_TYPE || type.base === from) return true;
  if (type.base && type.base !== ANY_SIMPLE_TYPE && derives(type.base, from, blocked)) return true;
  return 'members' in from && (from.members as SimpleType[]).some((member) => derives(type, member, blocked));
}

/** anyType is the only type without a base. */
function isAnyType(type: ComplexType): boolean {
  return type.base === null;
}
