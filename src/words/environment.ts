/**
 * Which world a ledger belongs to; fixed in its first event. It decides which INS roots count, how grave a wrong key
 * is, and what stands on every figure. Nothing leaves loopback in the sandbox.
 */
export type Environment = 'sandbox' | 'test' | 'production';

export const ENVIRONMENTS: readonly Environment[] = ['sandbox', 'test', 'production'];

/** The words printed on every figure and export outside production. */
export const TEST_DATA_MARK = 'DONNÉES DE TEST';
