import { createHash } from 'node:crypto';
import { attribute, child, children, textOf } from '../../xml/select.ts';
import type { XmlElement } from '../../xml/tree.ts';
import { SIGNATURE_EVENT } from './codes.ts';
import { XMLDSIG_NS } from './names.ts';
import type { Trust } from './trust.ts';
import type { VerifiedSignature } from './xml-signature.ts';

export const XADES_NS = 'http://uri.etsi.org/01903/v1.1.1#';
export const WITH_COMMENTS = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments';
/** Digests by the name that XML Signature gives them. */
export const DIGESTS: Readonly<Record<string, 'sha1' | 'sha256'>> = {
  'http://www.w3.org/2000/09/xmldsig#sha1': 'sha1',
  'http://www.w3.org/2001/04/xmlenc#sha256': 'sha256',
};

/** What is signed, in this order: where it points and what it says that is (sheet dmp-xds, 13.3). */
const REFERENCES = [
  ['#IHEManifest', `${XMLDSIG_NS}Manifest`],
  ['#S0-SignedProperties', `${XADES_NS}SignedProperties`],
];
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
const DAY_MS = 86_400_000;

export type Refuse = (what: string) => void;

/** How old the signature and the time of a lot may be, by the clock of the simulator. */
export interface Age {
  nowMs: number;
  lotDays: number;
}

/** Whether a lot may be of an instant: not older than told, nor more than a day ahead, as clocks differ. */
export function isOfNow(ms: number, { nowMs, lotDays }: Age): boolean {
  return ms >= nowMs - lotDays * DAY_MS && ms <= nowMs + DAY_MS;
}

/** The frame of what is signed: its canonical form, what is referred to and as what. */
export function checkSignedInfo({ references, canonicalization }: VerifiedSignature, refuse: Refuse): void {
  if (canonicalization !== WITH_COMMENTS) refuse('SignedInfo/CanonicalizationMethod');
  const uris = references.map(({ uri }) => uri).join(' ');
  if (uris !== REFERENCES.map(([uri]) => uri).join(' ')) refuse('SignedInfo/Reference');
  else if (references.some(({ type }, index) => type !== REFERENCES[index]![1]))
    refuse('SignedInfo/Reference/@Type');
}

/** The purpose of the signature: that of the source, said of this signature. One official sample writes it in no namespace. */
export function checkPurpose(root: XmlElement, refuse: Refuse): void {
  const id = attribute(root, 'Id');
  if (!id) refuse('Signature/@Id');
  const found = inObjects(root, 'SignatureProperties', XMLDSIG_NS, '');
  const [property, ...others] = found.flatMap((one) => children(one, 'SignatureProperty', one.name.ns));
  const right =
    property !== undefined &&
    others.length === 0 &&
    attribute(property, 'Id') === 'purposeOfSignature' &&
    attribute(property, 'Target') === `#${id}` &&
    textOf(property).trim() === SIGNATURE_EVENT;
  if (!right) refuse('SignatureProperties/SignatureProperty');
}

/** QualifyingProperties of this signature around the properties that are signed: when, and by which certificate. */
export function checkProperties(
  root: XmlElement,
  signed: XmlElement,
  { certificate, trust, age }: { certificate: Buffer | null; trust: Trust; age: Age },
  refuse: Refuse,
): void {
  const [qualifying, ...others] = inObjects(root, 'QualifyingProperties', XADES_NS);
  if (!qualifying || others.length > 0 || signed.parent !== qualifying) refuse('xad:QualifyingProperties');
  else if (attribute(qualifying, 'Target') !== `#${attribute(root, 'Id')}`)
    refuse('xad:QualifyingProperties/@Target');
  const said = child(signed, 'SignedSignatureProperties', XADES_NS);
  const time = textOf(child(said, 'SigningTime', XADES_NS)).trim();
  if (!INSTANT.test(time) || !isOfNow(Date.parse(time), age)) refuse('xad:SigningTime');
  const named = children(child(said, 'SigningCertificate', XADES_NS), 'Cert', XADES_NS);
  if (certificate && !isChain(named, certificate, trust)) refuse('xad:SigningCertificate');
}

function inObjects(root: XmlElement, name: string, ...namespaces: string[]): XmlElement[] {
  const objects = children(root, 'Object', XMLDSIG_NS);
  return objects.flatMap((one) => namespaces.flatMap((ns) => children(one, name, ns)));
}

/** The certificate that signed, then at most its authority: each by its digest and its serial number. */
function isChain([own, above, ...others]: XmlElement[], certificate: Buffer, trust: Trust): boolean {
  if (!own || others.length > 0 || !isCertificate(own, certificate, trust.judge(certificate, 0).serial))
    return false;
  const { der, serial } = trust.authority;
  return !above || isCertificate(above, der, serial);
}

function isCertificate(named: XmlElement, der: Buffer, serial: string): boolean {
  const said = child(named, 'CertDigest', XADES_NS);
  const method = attribute(child(said, 'DigestMethod', XADES_NS), 'Algorithm') ?? '';
  const digest = DIGESTS[method];
  const number = child(child(named, 'IssuerSerial', XADES_NS), 'X509SerialNumber', XMLDSIG_NS);
  if (!digest || textOf(number).trim() !== serial) return false;
  const value = textOf(child(said, 'DigestValue', XADES_NS)).trim();
  return value === createHash(digest).update(der).digest('base64');
}
