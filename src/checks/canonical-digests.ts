import { createHash } from 'node:crypto';
import type { DocumentFacts } from '../words/document.ts';
import { canonicalize } from '../xml/canonical.ts';
import type { XmlDocument } from '../xml/tree.ts';

/**
 * Digests of a document's canonical form, for the manifest of the lot that will bring it: taken while its tree is at hand,
 * so that no delivery has to parse it again.
 */
export function canonicalDigests(document: XmlDocument): NonNullable<DocumentFacts['canonical']> {
  const sha1 = createHash('sha1');
  const sha256 = createHash('sha256');
  canonicalize(document, (piece) => {
    const bytes = Buffer.from(piece);
    sha1.update(bytes);
    sha256.update(bytes);
  });
  return { sha1: sha1.digest('base64'), sha256: sha256.digest('base64') };
}
