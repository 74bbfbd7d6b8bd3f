import type { X509Certificate } from 'node:crypto';
import { contentOf, type Element, elementsIn, extensionsIn, TAG, wholeOf, writtenAs } from './der.ts';

/** What of a certificate decides where and how its revocation is told. */
export interface RevocationFacts {
  /** Content of the INTEGER. */
  serial: Buffer;
  /** Name in DER. */
  issuer: Buffer;
  subject: Buffer;
  /** It certifies others. */
  authority: boolean;
  /** Its key may sign lists; true where it does not restrict its usage. */
  signsLists: boolean;
  /** Addresses of lists, http or https (CRL distribution points). */
  lists: string[];
  /** Addresses of OCSP responders, http or https. */
  responders: string[];
}

const KEY_USAGE = '2.5.29.15';
const DISTRIBUTION_POINTS = '2.5.29.31';
/** Context tags: extensions of a certificate, and URI of a GeneralName. */
const EXTENSIONS = 0xa3;
const URI = 0x86;
const CRL_SIGN_BIT = 6;

/** @throws RangeError for a certificate that is no DER, which Node would not have read */
export function revocationFacts(certificate: X509Certificate): RevocationFacts {
  const der = certificate.raw;
  const [tbs] = elementsIn(der, wholeOf(der));
  const parts = [...elementsIn(der, tbs!)];
  // The version may be left out; the serial number is the first INTEGER that is not wrapped.
  const at = parts.findIndex(({ tag }) => tag === TAG.integer);
  const [serial, , issuer, , subject] = parts.slice(at) as [Element, Element, Element, Element, Element];
  const wrapped = parts.find(({ tag }) => tag === EXTENSIONS);
  const [list] = wrapped ? elementsIn(der, wrapped) : [];
  const extensions = list ? extensionsIn(der, list) : [];
  const extension = (oid: string) => extensions.find((one) => one.oid === oid)?.value;
  return {
    serial: contentOf(der, serial),
    issuer: writtenAs(der, issuer),
    subject: writtenAs(der, subject),
    authority: certificate.ca,
    signsLists: hasBit(extension(KEY_USAGE), CRL_SIGN_BIT),
    lists: addressesIn(extension(DISTRIBUTION_POINTS)),
    responders: respondersOf(certificate),
  };
}

/** @param usage BIT STRING in DER; without one every usage is allowed */
function hasBit(usage: Buffer | undefined, bit: number): boolean {
  if (!usage) return true;
  const [, ...bits] = contentOf(usage, wholeOf(usage));
  return (((bits[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1;
}

/** Every URI in the distribution points; those without one (LDAP names) are left. */
function addressesIn(value: Buffer | undefined): string[] {
  return value ? urisIn(value, wholeOf(value)).filter((uri) => /^https?:/i.test(uri)) : [];
}

function urisIn(der: Buffer, element: Element): string[] {
  if (element.tag === URI) return [contentOf(der, element).toString('latin1')];
  const constructed = (element.tag & 0x20) !== 0;
  return constructed ? [...elementsIn(der, element)].flatMap((one) => urisIn(der, one)) : [];
}

function respondersOf({ infoAccess }: X509Certificate): string[] {
  return [...(infoAccess ?? '').matchAll(/^OCSP - URI:(https?:\S+)$/gim)].map(([, uri]) => uri!);
}
