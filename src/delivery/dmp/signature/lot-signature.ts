import { createHash } from 'node:crypto';
import type { Markup } from '../../../xml/writer.ts';
import { canonical, text } from '../canonical.ts';
import type { CertificateReference, Digest, Seal } from '../credentials/seal.ts';
import { DIGEST_METHODS, DS, SIGNATURE_METHODS } from './algorithms.ts';

/** What a signature says of a lot. */
export interface SignedLot {
  /** uniqueId of the lot, bare OID. */
  uniqueId: string;
  /** Each document with the digest of its canonical form (Canonical XML 1.0 with comments), Base64. */
  documents: readonly { uniqueId: string; digest: string }[];
  /** Milliseconds since 1970. */
  signedAt: number;
}

const XADES = 'http://uri.etsi.org/01903/v1.1.1#';
const C14N_COMMENTS = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments';
/** Purpose of signature: the source attests what it sends (ASTM E1762). */
const SOURCE = '1.2.840.10065.1.12.1.14';
const ID = 'S0';

/**
 * The signature document of a lot: XAdES in the namespace of version 1.1.1, over a manifest that names the lot, with the
 * digest `AA==` that stands for nothing, and every document (sheet dmp-xds, 13.3). Written in canonical form: what is
 * digested is the text itself, with the namespaces of its ancestors.
 */
export async function writeLotSignature(lot: SignedLot, seal: Seal, digest: Digest): Promise<string> {
  const manifest = (inherited: Markup) => manifestOf(lot, digest, inherited);
  const properties = (inherited: Markup) => propertiesOf(lot, seal.chain, digest, inherited);
  const alone = canonical` xmlns:ds="${DS}"`;
  const hash = (markup: Markup) => createHash(digest).update(markup.text).digest('base64');
  const references = canonical`${reference('#IHEManifest', `${DS}Manifest`, digest, hash(manifest(alone)))}${reference(
    '#S0-SignedProperties',
    `${XADES}SignedProperties`,
    digest,
    hash(properties(canonical` xmlns:ds="${DS}" xmlns:xad="${XADES}"`)),
  )}`;
  const signed = (inherited: Markup) =>
    canonical`<ds:SignedInfo${inherited}><ds:CanonicalizationMethod Algorithm="${C14N_COMMENTS}"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="${SIGNATURE_METHODS[digest]}"></ds:SignatureMethod>${references}</ds:SignedInfo>`;
  const value = await seal.sign(signed(alone).text, digest);
  const none = canonical``;
  return canonical`<ds:Signature xmlns:ds="${DS}" Id="${ID}">${signed(none)}<ds:SignatureValue>${value}</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${seal.chain[0]!.der.toString('base64')}</ds:X509Certificate></ds:X509Data></ds:KeyInfo><ds:Object>${manifest(none)}</ds:Object><ds:Object><ds:SignatureProperties><ds:SignatureProperty Id="purposeOfSignature" Target="#${ID}">${SOURCE}</ds:SignatureProperty></ds:SignatureProperties></ds:Object><ds:Object><xad:QualifyingProperties xmlns:xad="${XADES}" Target="#${ID}">${properties(none)}</xad:QualifyingProperties></ds:Object></ds:Signature>`
    .text;
}

function reference(uri: string, type: string, digest: Digest, value: string): Markup {
  return canonical`<ds:Reference Type="${type}" URI="${uri}">${digestOf(digest, value)}</ds:Reference>`;
}

function digestOf(digest: Digest, value: string): Markup {
  return canonical`<ds:DigestMethod Algorithm="${DIGEST_METHODS[digest]}"></ds:DigestMethod><ds:DigestValue>${value}</ds:DigestValue>`;
}

function manifestOf({ uniqueId, documents }: SignedLot, digest: Digest, inherited: Markup): Markup {
  const lot = canonical`<ds:Reference URI="urn:oid:${uniqueId}">${digestOf(digest, 'AA==')}</ds:Reference>`;
  const listed = documents.map(
    (document) =>
      canonical`<ds:Reference URI="urn:oid:${document.uniqueId}"><ds:Transforms><ds:Transform Algorithm="${C14N_COMMENTS}"></ds:Transform></ds:Transforms>${digestOf(digest, document.digest)}</ds:Reference>`,
  );
  return canonical`<ds:Manifest${inherited} Id="IHEManifest">${lot}${listed}</ds:Manifest>`;
}

function propertiesOf(
  { signedAt }: SignedLot,
  chain: readonly CertificateReference[],
  digest: Digest,
  inherited: Markup,
): Markup {
  const certificates = chain.slice(0, 2).map((one) => certificateOf(one, digest));
  return canonical`<xad:SignedProperties${inherited} Id="S0-SignedProperties"><xad:SignedSignatureProperties><xad:SigningTime>${new Date(signedAt).toISOString()}</xad:SigningTime><xad:SigningCertificate>${certificates}</xad:SigningCertificate><xad:SignaturePolicyIdentifier><xad:SignaturePolicyImplied></xad:SignaturePolicyImplied></xad:SignaturePolicyIdentifier></xad:SignedSignatureProperties><xad:SignedDataObjectProperties></xad:SignedDataObjectProperties></xad:SignedProperties>`;
}

function certificateOf({ der, issuer, serialNumber }: CertificateReference, digest: Digest): Markup {
  const value = createHash(digest).update(der).digest('base64');
  return canonical`<xad:Cert><xad:CertDigest><xad:DigestMethod Algorithm="${DIGEST_METHODS[digest]}"></xad:DigestMethod><xad:DigestValue>${value}</xad:DigestValue></xad:CertDigest><xad:IssuerSerial><ds:X509IssuerName>${text(issuer)}</ds:X509IssuerName><ds:X509SerialNumber>${serialNumber}</ds:X509SerialNumber></xad:IssuerSerial></xad:Cert>`;
}
