import { type webcrypto, X509Certificate } from 'node:crypto';

type CryptoKey = webcrypto.CryptoKey;
type Algorithm = Parameters<webcrypto.SubtleCrypto['importKey']>[2];

const MOST_KEPT = 1_000;

/** Public keys of the certificates that sign, read once for each algorithm: reading one costs more than verifying with it. */
export class SigningKeys {
  readonly #known = new Map<string, CryptoKey>();

  /** @throws when the bytes are no certificate, or its key is not one for the algorithm */
  keyOf(certificate: Buffer, algorithm: Algorithm): CryptoKey {
    const name = `${JSON.stringify(algorithm)} ${certificate.toString('base64')}`;
    const known = this.#known.get(name);
    if (known) return known;
    const key = new X509Certificate(certificate).publicKey.toCryptoKey(algorithm, false, ['verify']);
    if (this.#known.size >= MOST_KEPT) this.#known.clear();
    this.#known.set(name, key);
    return key;
  }
}
