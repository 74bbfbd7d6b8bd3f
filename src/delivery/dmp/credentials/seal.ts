import { constants, sign, type X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';
import forge from 'node-forge';
import { ascend } from './chain.ts';
import { distinguishedName } from './distinguished-name.ts';
import { type Credential, pemBlocks } from './read.ts';

const signWith = promisify(sign);

export type Digest = 'sha1' | 'sha256';

/** What identifies a certificate inside a signature. */
export interface CertificateReference {
  /** DER. */
  der: Buffer;
  /** RFC 2253. */
  issuer: string;
  /** Decimal. */
  serialNumber: string;
}

/** The certificate of a structure that signs its VIHF and its lots (ORG_SIGN), with its key. */
export interface Seal {
  /** DN of the structure, RFC 2253. */
  subject: string;
  /** The seal's own certificate, then those above it as far as they are known and signed. */
  chain: readonly CertificateReference[];
  /** RSA PKCS#1 v1.5 over the UTF-8 bytes of a text, Base64; runs on a thread of its own. */
  sign(text: string, digest: Digest): Promise<string>;
}

/**
 * A seal from a credential.
 * @param anchors certificates in PEM that may stand above its chain
 */
export function sealOf({ certificate, chain, key }: Credential, anchors: string): Seal {
  const above = pemBlocks(chain).slice(1);
  return {
    subject: distinguishedName(parsed(certificate).subject.attributes),
    chain: ascend(certificate, above, pemBlocks(anchors)).chain.map(reference),
    async sign(text, digest) {
      const padded = { key, padding: constants.RSA_PKCS1_PADDING };
      const value = await signWith(`RSA-${digest.toUpperCase()}`, Buffer.from(text), padded);
      return value.toString('base64');
    },
  };
}

function reference(one: X509Certificate): CertificateReference {
  const { raw, serialNumber } = one;
  return {
    der: raw,
    issuer: distinguishedName(parsed(one.toString()).issuer.attributes),
    serialNumber: BigInt(`0x${serialNumber}`).toString(),
  };
}

function parsed(pem: string): forge.pki.Certificate {
  return forge.pki.certificateFromPem(pem);
}
