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
export function isTlsRefusal(error: unknown): boolean {
  const code = codeOf(error);
  const alert = openSslReason(error);
  // An alert that comes while something is being written arrives as EPROTO, with OpenSSL's words in the message.
  if (code === 'EPROTO' && alert !== null)
    return !/unexpected eof|record layer|bad record mac|decryption failed/i.test(alert);
  if (code.startsWith('ERR_SSL_'))
    return !/UNEXPECTED_EOF|RECORD_LAYER|BAD_RECORD_MAC|DECRYPTION_FAILED/.test(code);
  return CERTIFICATE_CODES.has(code);
}

/** Code or message of an error of a connection; empty when it has neither. */
export function reasonOf(error: unknown): string {
  const message = openSslReason(error) ?? (error instanceof Error ? error.message : String(error));
  const code = codeOf(error);
  return message === '' || message === code ? code : code === '' ? message : `${message} (${code})`;
}

/** The reason inside a line of OpenSSL, which is otherwise made of addresses and source files; null for other errors. */
export function openSslReason(error: unknown): string | null {
  const message = error instanceof Error ? error.message : '';
  return /:SSL routines:[^:]*:([^:]+):/.exec(message)?.[1] ?? null;
}

/** Libraries that put a code of their own in its place keep that of Node beside it. */
function codeOf(error: unknown): string {
  const { code, originalCode } = Object(error) as { code?: unknown; originalCode?: unknown };
  const found = originalCode ?? code;
  return typeof found === 'string' ? found : '';
}
