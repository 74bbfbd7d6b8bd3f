import type { X509Certificate } from 'node:crypto';
import { isViaducError } from '../../../words/errors.ts';
import { raise } from '../errors.ts';
import { dmpLimits } from '../limits.ts';
import type { Fetch } from './fetch.ts';

/** What a responder says of one certificate. */
export interface OcspStatus {
  status: 'good' | 'revoked' | 'unknown';
  /** Until when it may be relied on, milliseconds since 1970. */
  until: number;
}

/** Where the answer does not say when the next one comes (RFC 6960, 2.4: newer information is available at all times). */
const WITHOUT_END_MS = 3_600_000;
const CLOCKS_DIFFER_MS = 300_000;

/**
 * Asks a responder (RFC 6960) about a certificate. Its signature must be that of the authority, or of a responder that the
 * authority certified for it.
 * @throws ViaducError `delivery.revocation-unreachable`, `delivery.ocsp-unusable`
 */
export async function askOcsp(
  responder: string,
  certificate: X509Certificate,
  authority: X509Certificate,
  fetch: Fetch,
  nowMs: number,
): Promise<OcspStatus> {
  // Some tens of milliseconds to load, for installations that ask responders only.
  const { Certificate, OCSPRequest } = await import('pkijs');
  const [own, issuer] = [certificate, authority].map(({ raw }) => Certificate.fromBER(raw)) as [Own, Own];
  const question = new OCSPRequest();
  await question.createForCertificate(own, { hashAlgorithm: 'SHA-1', issuerCertificate: issuer });
  const answer = await fetch(responder, dmpLimits.ocspAnswer.value, {
    contentType: 'application/ocsp-request',
    bytes: new Uint8Array(question.toSchema(true).toBER()),
  });
  try {
    return await statusIn(answer, own, issuer, nowMs);
  } catch (error) {
    if (isViaducError(error)) throw error;
    throw raise('delivery.ocsp-unusable', { place: responder, why: (error as Error).message }, error);
  }
}

type Own = import('pkijs').Certificate;

async function statusIn(bytes: Buffer, own: Own, issuer: Own, nowMs: number): Promise<OcspStatus> {
  const { BasicOCSPResponse, OCSPResponse } = await import('pkijs');
  const answer = OCSPResponse.fromBER(bytes);
  const layer = answer.responseStatus.valueBlock.valueDec;
  if (layer !== 0 || !answer.responseBytes) throw new Error(`its status is ${layer}`);
  const basic = BasicOCSPResponse.fromBER(answer.responseBytes.response.valueBlock.valueHexView);
  if (!(await basic.verify({ trustedCerts: [issuer] }))) throw new Error('its signature does not verify');
  const { isForCertificate, status } = await basic.getCertificateStatus(own, issuer);
  const [told, ...others] = basic.tbsResponseData.responses;
  if (!isForCertificate || !told || others.length > 0)
    throw new Error('it is not about this certificate alone');
  const { thisUpdate, nextUpdate } = told;
  const until = nextUpdate?.getTime() ?? thisUpdate.getTime() + WITHOUT_END_MS;
  if (until < nowMs) throw new Error(`it ended on ${new Date(until).toISOString()}`);
  if (thisUpdate.getTime() > nowMs + CLOCKS_DIFFER_MS) throw new Error('it comes from the future');
  return { status: (['good', 'revoked'] as const)[status] ?? 'unknown', until };
}
