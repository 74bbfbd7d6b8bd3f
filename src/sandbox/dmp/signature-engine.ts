import { createHash, type KeyObject, verify, X509Certificate } from 'node:crypto';

interface Named {
  name: string;
}

/**
 * The cryptography that `xmldsigjs` asks for, as far as signatures of the DMP go: digests, and RSA of PKCS#1. It answers on
 * the spot, where that of the web makes a task for another thread of each of five calls for a deposit.
 */
export const signatureEngine = {
  subtle: {
    async digest({ name }: Named, data: Uint8Array): Promise<Buffer> {
      return createHash(nodeName(name)).update(data).digest();
    },
    async verify(
      { name, hash }: Named & { hash: Named },
      key: KeyObject,
      signature: Uint8Array,
      data: Uint8Array,
    ): Promise<boolean> {
      const right = name === 'RSASSA-PKCS1-v1_5' && key.asymmetricKeyType === 'rsa';
      return right && verify(nodeName(hash.name), data, key, signature);
    },
  },
};

/** `SHA-256` as node:crypto writes it. */
function nodeName(name: string): string {
  return name.replace('-', '').toLowerCase();
}

const MOST_KEPT = 1_000;
const known = new Map<string, KeyObject>();

/** The public key of a certificate, DER, read once: reading it costs more than verifying with it. @throws when it is none */
export function keyOf(certificate: Buffer): KeyObject {
  const name = certificate.toString('base64');
  const found = known.get(name) ?? new X509Certificate(certificate).publicKey;
  if (known.size >= MOST_KEPT) known.clear();
  known.set(name, found);
  return found;
}
