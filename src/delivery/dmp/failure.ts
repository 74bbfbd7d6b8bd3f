import type { Values } from '../../words/errors.ts';
import { isTlsRefusal, reasonOf } from '../tls-refusal.ts';
import type { DmpErrorCode } from './errors.ts';
import { ServerRefused } from './server-gate.ts';

/** A request that got no whole answer. */
export interface Failure {
  kind: 'failure';
  code: DmpErrorCode;
  values: Values;
  /** The last byte of the request had been handed over: the DMP may have acted on it. */
  sent: boolean;
  /** HTTP status when the head of an answer arrived. */
  status: number | null;
  /** What arrived of the answer. */
  raw: Uint8Array | null;
}

/**
 * What an error of the connection means. A refusal in the TLS layer is known not to have reached the service, whenever it
 * comes: under TLS 1.3 the refusal of a client certificate arrives after the request was handed over.
 */
export function failureOf(
  error: unknown,
  sent: boolean,
  status: number | null,
  received: Uint8Array,
): Failure {
  const reason = reasonOf(error);
  const raw = received.length > 0 ? received : null;
  const about = { kind: 'failure', values: { reason }, sent, status, raw } as const;
  if (error instanceof ServerRefused) return { ...about, code: error.code, values: error.values };
  if (isTlsRefusal(error)) return { ...about, code: 'delivery.dmp-tls' };
  return { ...about, code: sent ? 'delivery.dmp-no-answer' : 'delivery.dmp-unreachable' };
}
