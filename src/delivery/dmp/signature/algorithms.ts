import type { Digest } from '../credentials/seal.ts';

/** Namespace of XML Signature. */
export const DS = 'http://www.w3.org/2000/09/xmldsig#';

/** How XML Signature names RSA PKCS#1 v1.5 with each digest (RFC 9231, 2.3.2). */
export const SIGNATURE_METHODS: Readonly<Record<Digest, string>> = {
  sha1: `${DS}rsa-sha1`,
  sha256: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
};

/** How XML Signature names each digest (XML Signature 1.1, 6.2). */
export const DIGEST_METHODS: Readonly<Record<Digest, string>> = {
  sha1: `${DS}sha1`,
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
};
