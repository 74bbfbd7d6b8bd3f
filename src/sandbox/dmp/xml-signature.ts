import type { webcrypto } from 'node:crypto';
import { DOMParser, type Element, XMLSerializer } from '@xmldom/xmldom';
import { setNodeDependencies } from 'xml-core';
import { Application, SignedXml } from 'xmldsigjs';
import { XMLDSIG_NS } from './names.ts';
import { keyOf, signatureEngine } from './signature-engine.ts';

Application.setEngine('node', signatureEngine as unknown as webcrypto.Crypto);
setNodeDependencies({ DOMParser, XMLSerializer });
hidePrototypes();

/**
 * xmldom copies a node by going through all its properties, and leaves out those of its prototypes, which are a hundred:
 * a property that is not enumerable is not gone through.
 */
function hidePrototypes(): void {
  const { documentElement } = new DOMParser().parseFromString('<a b="c">d</a>', 'text/xml');
  for (const node of [documentElement!, documentElement!.firstChild!, documentElement!.attributes.item(0)!])
    for (
      let above = Object.getPrototypeOf(node);
      above !== Object.prototype;
      above = Object.getPrototypeOf(above)
    )
      for (const name of Object.keys(above)) Object.defineProperty(above, name, { enumerable: false });
}

/** What a signature says of itself once it was verified. */
export interface VerifiedSignature {
  /** Signature value and every digest of its references are right. */
  valid: boolean;
  /** The certificate in KeyInfo, DER: the one whose key verified; null without one. */
  certificate: Buffer | null;
  /** Of each reference: what it points at, and by which transforms and digest. */
  references: { uri: string; type: string; transforms: string[]; digest: string }[];
  signatureMethod: string;
  canonicalization: string;
}

/**
 * Verifies the first signature of an XML text with the key of its own certificate (W3C XML Signature): whether that
 * certificate may sign is judged elsewhere. Independent of how the client writes signatures. It costs what the text is long:
 * give it no more than holds what was signed.
 * @returns null for a text without a readable signature
 */
export async function verifySignature(text: string): Promise<VerifiedSignature | null> {
  try {
    const document = new DOMParser().parseFromString(text, 'text/xml');
    const [element] = Array.from(document.getElementsByTagNameNS(XMLDSIG_NS, 'Signature'));
    if (!element) return null;
    const certificate = takeCertificate(element);
    const signed = new OneKeySignature(document);
    signed.LoadXml(element);
    const { SignedInfo: info } = signed.XmlSignature;
    return {
      valid: certificate !== null && (await signed.holds(certificate).catch(() => false)),
      certificate,
      references: info.References.GetIterator().map((one) => ({
        uri: one.Uri ?? '',
        type: one.Type ?? '',
        transforms: one.Transforms.GetIterator().map(({ Algorithm }) => Algorithm),
        digest: one.DigestMethod.Algorithm,
      })),
      signatureMethod: info.SignatureMethod.Algorithm,
      canonicalization: info.CanonicalizationMethod.Algorithm,
    };
  } catch {
    return null;
  }
}

/** Takes KeyInfo, which a signature does not cover, out of it, and gives its first certificate: DER, null without one. */
function takeCertificate(signature: Element): Buffer | null {
  const [info] = Array.from(signature.getElementsByTagNameNS(XMLDSIG_NS, 'KeyInfo'));
  if (info?.parentNode !== signature) return null;
  const [pem] = Array.from(info.getElementsByTagNameNS(XMLDSIG_NS, 'X509Certificate'));
  signature.removeChild(info);
  return pem?.textContent ? Buffer.from(pem.textContent, 'base64') : null;
}

/** A signature that one key verifies, and no other: without the copy that would keep its document as it is. */
class OneKeySignature extends SignedXml {
  async holds(certificate: Buffer): Promise<boolean> {
    const key = keyOf(certificate) as unknown as webcrypto.CryptoKey;
    return (
      (await this.ValidateReferences(this.document!.documentElement)) && this.ValidateSignatureValue([key])
    );
  }
}
