import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import forge from 'node-forge';
import { extensionsOf, type NameAttribute, type Profile } from './profiles.ts';

const makeKeys = promisify(generateKeyPair);
export const DAY_MS = 86_400_000;

/** A certificate with its key, and those above it up to the root, nearest first. */
export interface Issued {
  certificate: forge.pki.Certificate;
  key: forge.pki.rsa.PrivateKey;
  above: forge.pki.Certificate[];
}

export interface Request {
  profile: Profile;
  subject: NameAttribute[];
  /** Milliseconds since 1970; valid from one day before, for clocks that differ. */
  nowMs: number;
  days: number;
}

/** Makes a key of RSA 2048 bits and the certificate that `issuer` gives it; by itself when there is none. */
export async function issue(request: Request, issuer: Issued | null): Promise<Issued> {
  const { profile, subject, nowMs, days } = request;
  const pair = await makeKeys('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const key = forge.pki.privateKeyFromPem(pair.privateKey) as forge.pki.rsa.PrivateKey;
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(pair.publicKey);
  certificate.serialNumber = serialNumber();
  certificate.validity.notBefore = new Date(nowMs - DAY_MS);
  certificate.validity.notAfter = new Date(nowMs + days * DAY_MS);
  certificate.setSubject(subject);
  certificate.setIssuer(issuer ? issuer.certificate.subject.attributes : subject);
  certificate.setExtensions(extensionsOf(profile));
  certificate.sign(issuer?.key ?? key, forge.md.sha256.create());
  return { certificate, key, above: issuer ? [issuer.certificate, ...issuer.above] : [] };
}

/** The certificate and those between it and the root, PEM, as TLS wants a chain. */
export function chainPem({ certificate, above }: Issued): string {
  return [certificate, ...above.slice(0, -1)].map(certificatePem).join('');
}

/** PKCS#1, PEM, without passphrase. */
export function keyPem({ key }: Issued): string {
  return forge.pki.privateKeyToPem(key).replaceAll('\r\n', '\n');
}

function certificatePem(certificate: forge.pki.Certificate): string {
  return forge.pki.certificateToPem(certificate).replaceAll('\r\n', '\n');
}

/** Sixteen random bytes, positive (RFC 5280, 4.1.2.2), hexadecimal. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return bytes.toString('hex');
}
