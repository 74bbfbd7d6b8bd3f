import { X509Certificate } from 'node:crypto';
import forge from 'node-forge';
import { valuesOf } from './distinguished-name.ts';
import type { Credential } from './read.ts';

/** What a certificate of a structure is for. */
export type CredentialUse = 'client' | 'seal';

/** What is wrong with a credential, or soon will be. */
export interface CredentialProblem {
  code:
    | 'delivery.credential-key-differs'
    | 'delivery.credential-expired'
    | 'delivery.credential-not-yet-valid'
    | 'delivery.credential-usage'
    | 'delivery.credential-structure';
  values: Record<string, string>;
}

/** OID of the usage that the DMP expects of each (sheet dmp-xds, 3.2). */
const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';

/**
 * Whether a credential may be used at an instant for a structure.
 * @param finess FINESS, 9 characters, of the entity or site it is configured for
 * @param nowMs milliseconds since 1970
 */
export function judgeCredential(
  { certificate, key }: Credential,
  use: CredentialUse,
  finess: string,
  nowMs: number,
): CredentialProblem[] {
  const x509 = new X509Certificate(certificate);
  const about = { use, subject: x509.subject.replaceAll('\n', ', ') };
  const problems: CredentialProblem[] = [];
  const found = (code: CredentialProblem['code'], more: Record<string, string> = {}) =>
    problems.push({ code, values: { ...about, ...more } });
  if (!x509.checkPrivateKey(key)) found('delivery.credential-key-differs');
  if (x509.validToDate.getTime() <= nowMs)
    found('delivery.credential-expired', { date: x509.validToDate.toISOString() });
  if (x509.validFromDate.getTime() > nowMs)
    found('delivery.credential-not-yet-valid', { date: x509.validFromDate.toISOString() });
  if (!fits(x509, certificate, use)) found('delivery.credential-usage');
  const units = valuesOf(forge.pki.certificateFromPem(certificate).subject.attributes, 'OU');
  if (!units.includes(`1${finess}`)) found('delivery.credential-structure', { expected: `1${finess}` });
  return problems;
}

function fits(x509: X509Certificate, pem: string, use: CredentialUse): boolean {
  if (use === 'client') return x509.keyUsage?.includes(CLIENT_AUTHENTICATION) ?? false;
  const usage = forge.pki.certificateFromPem(pem).getExtension('keyUsage') as
    | { digitalSignature?: boolean }
    | undefined;
  const forClient = x509.keyUsage?.includes(CLIENT_AUTHENTICATION) ?? false;
  return (usage?.digitalSignature ?? false) && !forClient;
}

/** Days before the end at which a certificate is spoken of (operations: certificates last about three years). */
export const EXPIRY_ALARM_DAYS: readonly number[] = [60, 30, 14, 7, 1];

/** The closest alarm that a certificate has reached, in days; null when its end is further away than the first. */
export function expiryAlarm(certificate: string, nowMs: number): number | null {
  const days = (new X509Certificate(certificate).validToDate.getTime() - nowMs) / 86_400_000;
  return EXPIRY_ALARM_DAYS.findLast((limit) => days <= limit) ?? null;
}
