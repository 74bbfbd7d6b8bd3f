import type { Environment } from '../words/environment.ts';

const ARC = '1.2.250.1.213.1.4';

/** What an OID of the INS arc stands for. Only the first four are an INS. */
export type InsKind = 'NIR' | 'NIA' | 'TEST' | 'DEMO';
export type LegacyKind = 'NSS' | 'INS-C';

const INS_ROOTS: Readonly<Record<string, InsKind>> = {
  [`${ARC}.8`]: 'NIR',
  [`${ARC}.9`]: 'NIA',
  [`${ARC}.10`]: 'TEST',
  [`${ARC}.11`]: 'DEMO',
};

const LEGACY_ROOTS: Readonly<Record<string, LegacyKind>> = {
  [`${ARC}.2`]: 'INS-C',
  [`${ARC}.6`]: 'INS-C',
  [`${ARC}.7`]: 'INS-C',
  [`${ARC}.13`]: 'NSS',
  [`${ARC}.14`]: 'NSS',
};

/** Kinds of INS that each environment takes (design, Environments). */
const ACCEPTED: Readonly<Record<Environment, readonly InsKind[]>> = {
  sandbox: ['NIR', 'NIA', 'TEST', 'DEMO'],
  test: ['TEST', 'DEMO'],
  production: ['NIR', 'NIA'],
};

/** What kind of INS a root stands for, null for any other. Spaces around it are dropped, the rest must be equal. */
export function insKindOf(root: string): InsKind | null {
  return own(INS_ROOTS, root.trim());
}

/** What a root stands for that is often taken for an INS: a social-security number or the calculated INS of the past. */
export function legacyKindOf(root: string): LegacyKind | null {
  return own(LEGACY_ROOTS, root.trim());
}

/** Whether an identity under this root counts in an environment. */
export function acceptsRoot(environment: Environment, root: string): boolean {
  const kind = insKindOf(root);
  return kind !== null && ACCEPTED[environment].includes(kind);
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | null {
  return Object.hasOwn(table, key) ? table[key]! : null;
}
