import { constants, verify, type X509Certificate } from 'node:crypto';
import { raise } from '../errors.ts';
import { type RevocationFacts, revocationFacts } from './certificate.ts';
import {
  contentOf,
  type Element,
  type Extension,
  elementsIn,
  extensionsIn,
  oidOf,
  TAG,
  timeOf,
  wholeOf,
  writtenAs,
} from './der.ts';

/** A certificate revocation list (RFC 5280, 5), read without making an object of each of its entries. */
export interface RevocationList {
  /** Name of the authority, DER. */
  issuer: Buffer;
  /** Milliseconds since 1970. */
  thisUpdate: number;
  nextUpdate: number;
  /** Which certificates of the authority it speaks of. */
  scope: 'all' | 'authorities' | 'others';
  /** Whether the key of a certificate signed it. */
  isSignedBy(authority: X509Certificate): boolean;
  /** When a certificate was revoked, milliseconds since 1970; null when it stands not in the list. */
  revokedAt(serial: Buffer): number | null;
}

/** Digests of the signature algorithms that authorities use, RSASSA-PSS apart. */
const DIGESTS: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.5': 'sha1',
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
};

const RSASSA_PSS = '1.2.840.113549.1.1.10';
/** Digests by their own identifiers, as the parameters of RSASSA-PSS name them. */
const HASHES: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

const ISSUING_POINT = '2.5.29.28';
const LIST_EXTENSIONS = 0xa0;

/**
 * @param bytes DER, or PEM
 * @throws ViaducError `delivery.revocation-list-unusable`: no list, partial, indirect or of differences, or without an end
 */
export function readRevocationList(bytes: Buffer): RevocationList {
  try {
    return listOf(derOf(bytes));
  } catch (error) {
    if (error instanceof RangeError) throw unusable(error.message);
    throw error;
  }
}

function derOf(bytes: Buffer): Buffer {
  const pem = /-----BEGIN X509 CRL-----([\s\S]*?)-----END X509 CRL-----/.exec(
    bytes.subarray(0, 1)[0] === TAG.sequence ? '' : bytes.toString('latin1'),
  );
  return pem ? Buffer.from(pem[1]!, 'base64') : bytes;
}

function listOf(der: Buffer): RevocationList {
  const [tbs, algorithm, signature] = [...elementsIn(der, wholeOf(der))] as [Element, Element, Element];
  if (tbs?.tag !== TAG.sequence || signature?.tag !== TAG.bitString) throw unusable('not a revocation list');
  const { issuer, times, entries, extensions } = partsOf(der, tbs);
  if (times.length < 2) throw unusable('it does not say when the next one comes');
  const { digest, pss } = algorithmOf(der, algorithm);
  return {
    issuer: writtenAs(der, issuer),
    thisUpdate: timeOf(der, times[0]!),
    nextUpdate: timeOf(der, times[1]!),
    scope: scopeOf(extensions),
    // The first byte of a BIT STRING counts its unused bits.
    isSignedBy: ({ publicKey }) =>
      verify(
        digest,
        writtenAs(der, tbs),
        { key: publicKey, ...(pss && { padding: constants.RSA_PKCS1_PSS_PADDING }) },
        contentOf(der, signature).subarray(1),
      ),
    revokedAt: (serial) => (entries ? entryOf(der, entries, serial) : null),
  };
}

/** @throws ViaducError for one that is not supported */
function algorithmOf(der: Buffer, element: Element): { digest: string; pss: boolean } {
  const [oid, parameters] = [...elementsIn(der, element)] as [Element, Element | undefined];
  const pss = oidOf(der, oid) === RSASSA_PSS;
  const digest = pss ? pssDigest(der, parameters) : DIGESTS[oidOf(der, oid)];
  if (!digest) throw unusable('its signature algorithm is not supported');
  return { digest, pss };
}

/** The first parameter, [0], names the digest; without it, SHA-1 (RFC 4055, 3.1). */
function pssDigest(der: Buffer, parameters: Element | undefined): string | undefined {
  const [first] = parameters ? elementsIn(der, parameters) : [];
  if (first?.tag !== 0xa0) return 'sha1';
  const [algorithm] = elementsIn(der, first);
  const [oid] = elementsIn(der, algorithm!);
  return HASHES[oidOf(der, oid!)];
}

interface Parts {
  issuer: Element;
  times: Element[];
  entries: Element | null;
  extensions: Extension[];
}

/** version?, signature, issuer, thisUpdate, nextUpdate?, revokedCertificates?, extensions? */
function partsOf(der: Buffer, tbs: Element): Parts {
  const parts = [...elementsIn(der, tbs)].filter(({ tag }) => tag !== TAG.integer);
  const [, issuer, ...rest] = parts;
  if (issuer?.tag !== TAG.sequence) throw unusable('not a revocation list');
  const wrapped = rest.find(({ tag }) => tag === LIST_EXTENSIONS);
  const [extensions] = wrapped ? elementsIn(der, wrapped) : [];
  return {
    issuer,
    times: rest.filter(({ tag }) => tag === TAG.utcTime || tag === TAG.generalizedTime),
    entries: rest.find(({ tag }) => tag === TAG.sequence) ?? null,
    extensions: extensions ? extensionsIn(der, extensions) : [],
  };
}

/** Context tags of IssuingDistributionPoint (RFC 5280, 5.2.5). */
const POINT = { onlyUsers: 0x81, onlyAuthorities: 0x82, someReasons: 0x83, indirect: 0x84, attributes: 0x85 };

function scopeOf(extensions: readonly Extension[]): RevocationList['scope'] {
  const unknown = extensions.find(({ critical, oid }) => critical && oid !== ISSUING_POINT);
  if (unknown) throw unusable(`it has the critical extension ${unknown.oid}, as lists of differences do`);
  const point = extensions.find(({ oid }) => oid === ISSUING_POINT)?.value;
  if (!point) return 'all';
  const tags = [...elementsIn(point, wholeOf(point))]
    .filter(({ tag, from }) => tag === POINT.someReasons || (tag > 0x80 && tag < 0xa0 && point[from] !== 0))
    .map(({ tag }) => tag);
  const partial = [POINT.someReasons, POINT.indirect, POINT.attributes];
  if (tags.some((tag) => partial.includes(tag))) throw unusable('it is partial or indirect');
  if (tags.includes(POINT.onlyUsers)) return 'others';
  return tags.includes(POINT.onlyAuthorities) ? 'authorities' : 'all';
}

function entryOf(der: Buffer, entries: Element, serial: Buffer): number | null {
  for (const entry of elementsIn(der, entries)) {
    const number = elementsIn(der, entry).next().value as Element;
    if (!contentOf(der, number).equals(serial)) continue;
    const [, date] = elementsIn(der, entry);
    return timeOf(der, date!);
  }
  return null;
}

/** Whether a list is that of the authority of a certificate, and speaks of such certificates. */
export function concerns(
  { issuer, scope }: RevocationList,
  { issuer: named, authority }: RevocationFacts,
): boolean {
  return issuer.equals(named) && (scope === 'all' || authority === (scope === 'authorities'));
}

/**
 * Why a list may not be relied on for an authority; null when it may.
 * @param nowMs milliseconds since 1970
 */
export function complaintAbout(
  list: RevocationList,
  authority: X509Certificate,
  nowMs: number,
): string | null {
  if (!revocationFacts(authority).signsLists) return 'its authority may not sign lists';
  if (!list.isSignedBy(authority)) return 'its signature is not that of the authority';
  return list.thisUpdate > nowMs + CLOCKS_DIFFER_MS ? 'it comes from the future' : null;
}

const CLOCKS_DIFFER_MS = 300_000;

function unusable(why: string) {
  return raise('delivery.revocation-list-unusable', { why });
}
