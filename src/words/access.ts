import type { Establishment, Grant, Role } from './establishment.ts';

/** Who makes a request: the holder of a token, with what it was granted. */
export interface Caller {
  /** Identifier of the token, for traces. */
  token: string;
  name: string;
  grants: readonly Grant[];
  /** The configured sender it acts as, or null for a person. */
  sender: string | null;
}

/** Whether a caller holds one of the roles in an establishment; `admin` holds them all. */
export function holds(caller: Caller, establishment: string, roles: readonly Role[]): boolean {
  return caller.grants.some(
    (grant) =>
      grant.establishment === establishment && (grant.role === 'admin' || roles.includes(grant.role)),
  );
}

/** What a route asks of the door that stands before it. Requests are those of the HTTP server. */
export interface Gate {
  callerOf(request: object): Caller;
  /**
   * The one establishment a request is about: the one it names, or the only one of its caller.
   * @throws ViaducError 404 for an establishment that is unknown or foreign, 403 without one of the roles, 400 when ambiguous
   */
  establishmentOf(request: object, named: string | undefined, roles: readonly Role[]): Establishment;
  /** Every establishment in which the caller of a request holds one of the roles. */
  establishmentsOf(request: object, roles: readonly Role[]): Establishment[];
}

/** Who may read submissions and what became of them. */
export const READERS: readonly Role[] = ['sender', 'it', 'identity', 'unit', 'dim', 'auditor'];
/** Who may act on deliveries. */
export const OPERATORS: readonly Role[] = ['it'];
/** Who may hold, release and cancel submissions; a sender its own. */
export const HOLDERS: readonly Role[] = ['sender', 'it'];
/** Who may read figures and the ledger. */
export const AUDITORS: readonly Role[] = ['it', 'dim', 'auditor'];

/**
 * The one sender whose submissions a caller may read in an establishment: its own when `sender` is all that it was granted
 * there. Null when it may read those of all.
 */
export function onlySenderOf(caller: Caller, establishment: string): string | null {
  const others = READERS.filter((role) => role !== 'sender');
  return holds(caller, establishment, others) ? null : (caller.sender ?? '');
}
