import { webcrypto } from 'node:crypto';
import { DOMParser, XMLSerializer } from '@xmldom/xmldom';
import { setNodeDependencies } from 'xml-core';
import { Application, SignedXml } from 'xmldsigjs';
import { XMLDSIG_NS } from './names.ts';

Application.setEngine('node', webcrypto);
setNodeDependencies({ DOMParser, XMLSerializer });

/** What a signature says of itself once it was verified. */
export interface VerifiedSignature {
  /** Signature value and every digest of its references are right. */
  valid: boolean;
  /** The certificate in KeyInfo, DER; null without one. */
  certificate: Buffer | null;
  /** Of each reference: what it points at, and by which transforms and digest. */
  references: { uri: string; transforms: string[]; digest: string }[];
  signatureMethod: string;
}

/**
 * Verifies a signature of an XML text, that inside the element with an ID or the first, with the key of its own certificate
 * (W3C XML Signature): whether that certificate may sign is judged elsewhere. Independent of how the client writes signatures.
 * It costs what the text is long: give it no more than holds what was signed.
 * @returns null for a text without a readable signature
 */
export async function verifySignature(text: string, within?: string): Promise<VerifiedSignature | null> {
  try {
    const document = new DOMParser().parseFromString(text, 'text/xml');
    const element = Array.from(document.getElementsByTagNameNS(XMLDSIG_NS, 'Signature')).find((one) => {
      const { parentNode } = one;
      return within === undefined || (parentNode as typeof one | null)?.getAttribute('ID') === within;
    });
    if (!element) return null;
    const signed = new SignedXml(document);
    signed.LoadXml(element);
    const { SignedInfo: info } = signed.XmlSignature;
    const [pem] = Array.from(element.getElementsByTagNameNS(XMLDSIG_NS, 'X509Certificate'));
    return {
      valid: await signed.Verify().catch(() => false),
      certificate: pem?.textContent ? Buffer.from(pem.textContent, 'base64') : null,
      references: info.References.GetIterator().map((one) => ({
        uri: one.Uri ?? '',
        transforms: one.Transforms.GetIterator().map(({ Algorithm }) => Algorithm),
        digest: one.DigestMethod.Algorithm,
      })),
      signatureMethod: info.SignatureMethod.Algorithm,
    };
  } catch {
    return null;
  }
}
