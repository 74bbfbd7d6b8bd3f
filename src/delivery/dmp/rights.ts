/** How a caller of the DMP is authenticated (sheet dmp-xds, 3.1). */
export type AuthenticationMode = 'INDIRECTE' | 'INDIRECTE_RENFORCEE' | 'DIRECTE';

/** Transactions that a gateway calls. */
export const TRANSACTIONS = ['TD0.2', 'TD2.1a', 'TD2.1b', 'TD3.1b', 'TD3.3c'] as const;
export type Transaction = (typeof TRANSACTIONS)[number];

/**
 * What each mode may call: the matrix of rights for INDIRECTE (PDT-INF-526 v1.8), that of INDIRECTE_RENFORCEE (PDT-INF-606
 * v1.3: consultation only, TD2.1 for nobody). DIRECTE needs the card of a professional in every call, which a gateway has not.
 */
const RIGHTS: Readonly<Record<AuthenticationMode, readonly Transaction[]>> = {
  INDIRECTE: TRANSACTIONS,
  INDIRECTE_RENFORCEE: ['TD0.2', 'TD3.1b', 'TD3.3c'],
  DIRECTE: [],
};

/** Those of the transactions that a gateway needs and a mode forbids. */
export function forbiddenTo(mode: AuthenticationMode): Transaction[] {
  return TRANSACTIONS.filter((one) => !RIGHTS[mode].includes(one));
}
