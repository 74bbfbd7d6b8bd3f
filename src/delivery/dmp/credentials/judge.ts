import { X509Certificate } from 'node:crypto';
import forge from 'node-forge';
import type { Values, Words } from '../../../words/errors.ts';
import { ascend, type ChainEnd } from './chain.ts';
import { valuesOf } from './distinguished-name.ts';
import { type Credential, pemBlocks } from './read.ts';

/** What a certificate of a structure is for. */
export type CredentialUse = 'client' | 'seal';

/** What is wrong with a credential, or soon will be. */
export interface CredentialProblem {
  code:
    | 'delivery.credential-key-differs'
    | 'delivery.credential-expired'
    | 'delivery.credential-not-yet-valid'
    | 'delivery.credential-usage'
    | 'delivery.credential-key-short'
    | 'delivery.credential-chain'
    | 'delivery.credential-structure';
  values: Values;
}

/** OID of the usage that the DMP expects of each (sheet dmp-xds, 3.2). */
const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';
const EMAIL_PROTECTION = '1.3.6.1.5.5.7.3.4';
/** Shorter ones are not issued any more (RGS B1; NIST SP 800-131A). */
const LEAST_BITS = 2048;

const FAULTS: Readonly<Partial<Record<ChainEnd, Words>>> = {
  forged: {
    fr: "l'autorité qu'il nomme est connue, mais ce n'est pas sa clé qui l'a signé",
    en: 'the authority that it names is known, but its key did not sign it',
  },
  'self-signed': {
    fr: 'il est signé par lui-même',
    en: 'it is signed by itself',
  },
};

/**
 * Whether a credential may be used at an instant for a structure.
 * @param finess FINESS, 9 characters, of the entity or site it is configured for
 * @param nowMs milliseconds since 1970
 * @param anchors certificates in PEM that are trusted
 */
export function judgeCredential(
  { certificate, chain, key }: Credential,
  use: CredentialUse,
  finess: string,
  nowMs: number,
  anchors = '',
): CredentialProblem[] {
  const x509 = new X509Certificate(certificate);
  const about = { use, subject: x509.subject.replaceAll('\n', ', ') };
  const problems: CredentialProblem[] = [];
  const found = (code: CredentialProblem['code'], more: Values = {}) =>
    problems.push({ code, values: { ...about, ...more } });
  if (!x509.checkPrivateKey(key)) found('delivery.credential-key-differs');
  if (x509.validToDate.getTime() <= nowMs)
    found('delivery.credential-expired', { date: x509.validToDate.toISOString() });
  if (x509.validFromDate.getTime() > nowMs)
    found('delivery.credential-not-yet-valid', { date: x509.validFromDate.toISOString() });
  if (!fits(x509, certificate, use)) found('delivery.credential-usage');
  const bits = x509.publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < LEAST_BITS) found('delivery.credential-key-short', { bits });
  const why = FAULTS[ascend(certificate, pemBlocks(chain).slice(1), pemBlocks(anchors)).end];
  if (why) found('delivery.credential-chain', { why });
  const units = valuesOf(forge.pki.certificateFromPem(certificate).subject.attributes, 'OU');
  if (units.length !== 1 || units[0] !== `1${finess}`)
    found('delivery.credential-structure', { expected: `1${finess}` });
  return problems;
}

function fits({ keyUsage: extended }: X509Certificate, pem: string, use: CredentialUse): boolean {
  const usage = forge.pki.certificateFromPem(pem).getExtension('keyUsage') as
    | { digitalSignature?: boolean; nonRepudiation?: boolean }
    | undefined;
  const authenticates = extended?.includes(CLIENT_AUTHENTICATION) ?? false;
  if (use === 'client') return authenticates && (usage?.digitalSignature ?? true);
  const signs = usage?.digitalSignature && usage.nonRepudiation;
  return (signs ?? false) && (extended?.includes(EMAIL_PROTECTION) ?? false) && !authenticates;
}

/** Days before the end at which a certificate is spoken of (operations: certificates last about three years). */
export const EXPIRY_ALARM_DAYS: readonly number[] = [60, 30, 14, 7, 1];

/** The closest alarm that a certificate has reached, in days; null when its end is further away than the first. */
export function expiryAlarm(certificate: string, nowMs: number): number | null {
  const days = (new X509Certificate(certificate).validToDate.getTime() - nowMs) / 86_400_000;
  return EXPIRY_ALARM_DAYS.findLast((limit) => days <= limit) ?? null;
}
