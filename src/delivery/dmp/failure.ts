import type { Values } from '../../words/errors.ts';
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

/** Codes by which Node says that a certificate chain was not accepted, ours of theirs or theirs of ours. */
const CERTIFICATE_CODES = new Set([
  'CERT_CHAIN_TOO_LONG',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'CRL_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_CRL',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** OpenSSL errors other than a torn connection: alerts about certificates, protocol versions, ciphers. */
function isTlsRefusal(error: unknown): boolean {
  const code = codeOf(error);
  const alert = openSslReason(error);
  // An alert that comes while something is being written arrives as EPROTO, with OpenSSL's words in the message.
  if (code === 'EPROTO' && alert !== null)
    return !/unexpected eof|record layer|bad record mac|decryption failed/i.test(alert);
  if (code.startsWith('ERR_SSL_'))
    return !/UNEXPECTED_EOF|RECORD_LAYER|BAD_RECORD_MAC|DECRYPTION_FAILED/.test(code);
  return CERTIFICATE_CODES.has(code);
}

function codeOf(error: unknown): string {
  const { code } = Object(error) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

/** The reason inside a line of OpenSSL, which is otherwise made of addresses and source files; null for other errors. */
function openSslReason(error: unknown): string | null {
  const message = error instanceof Error ? error.message : '';
  return /:SSL routines:[^:]*:([^:]+):/.exec(message)?.[1] ?? null;
}

/** Code or message of the error; neither holds anything of the request. */
function reasonOf(error: unknown): string {
  const message = openSslReason(error) ?? (error instanceof Error ? error.message : String(error));
  const code = codeOf(error);
  return message === '' || message === code ? code : code === '' ? message : `${message} (${code})`;
}
