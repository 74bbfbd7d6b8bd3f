import { X509Certificate } from 'node:crypto';

/**
 * How far a certificate could be followed upwards:
 * - `anchored`: to one of the anchors, every signature verified
 * - `stranger`: to a root that is not among the anchors
 * - `open`: to one whose authority is not at hand
 * - `forged`: to one that names an authority at hand whose key did not sign it
 * - `self-signed`: nobody but itself answers for it
 */
export type ChainEnd = 'anchored' | 'stranger' | 'open' | 'forged' | 'self-signed';

/** A certificate and those above it, nearest first. */
export interface Ascent {
  chain: X509Certificate[];
  end: ChainEnd;
}

/**
 * Follows a certificate by verified signatures; names alone prove nothing.
 * @param others certificates in PEM that may stand above it
 * @param anchors those in PEM that are trusted
 */
export function ascend(own: string, others: readonly string[], anchors: readonly string[]): Ascent {
  const trusted = anchors.map((pem) => new X509Certificate(pem));
  const candidates = [...others.map((pem) => new X509Certificate(pem)), ...trusted];
  const chain = climbed(new X509Certificate(own), candidates);
  return { chain, end: endOf(chain, candidates, new Set(trusted.map(keyOf))) };
}

function climbed(last: X509Certificate, candidates: readonly X509Certificate[]): X509Certificate[] {
  if (isSelfSigned(last)) return [last];
  const next = candidates.find((one) => one.ca && isIssuedBy(last, one));
  if (!next) return [last];
  const rest = candidates.filter((one) => keyOf(one) !== keyOf(next));
  return [last, ...climbed(next, rest)];
}

function endOf(
  chain: readonly X509Certificate[],
  candidates: readonly X509Certificate[],
  trusted: ReadonlySet<string>,
): ChainEnd {
  if (chain.some((one) => trusted.has(keyOf(one)))) return 'anchored';
  const top = chain.at(-1)!;
  if (isSelfSigned(top)) return chain.length === 1 ? 'self-signed' : 'stranger';
  return candidates.some(({ subject }) => subject === top.issuer) ? 'forged' : 'open';
}

function isIssuedBy(one: X509Certificate, authority: X509Certificate): boolean {
  return one.checkIssued(authority) && one.verify(authority.publicKey);
}

function isSelfSigned(one: X509Certificate): boolean {
  return one.subject === one.issuer && one.verify(one.publicKey);
}

function keyOf({ fingerprint256 }: X509Certificate): string {
  return fingerprint256;
}
