import { createHash, type Hash } from 'node:crypto';
import { canonicalize } from '../../xml/canonical.ts';
import { XmlError } from '../../xml/errors.ts';
import { parseXml } from '../../xml/parse.ts';
import { attribute, child, children, descendants, isElement, textOf } from '../../xml/select.ts';
import type { XmlElement } from '../../xml/tree.ts';
import { canonicalBytes } from './canonical-bytes.ts';
import type { RegistryObject } from './ebxml.ts';
import { XMLDSIG_NS } from './names.ts';
import type { Report } from './report.ts';
import { type AttachedFile, lotStructures, lotUniqueId, type Submission, uniqueIdOf } from './submission.ts';
import type { Switches } from './switches.ts';
import type { Trust } from './trust.ts';
import {
  checkProperties,
  checkPurpose,
  checkSignedInfo,
  DIGESTS,
  type Refuse,
  WITH_COMMENTS,
  XADES_NS,
} from './xades-checks.ts';
import { verifySignature } from './xml-signature.ts';

/** Stands for the lot, of which there are no bytes (sheet dmp-xds, 13.3). */
const DUMMY = 'AA==';

interface About {
  trust: Trust;
  switches: Switches;
  report: Report;
  nowMs: number;
}

/**
 * Judges the signature of a lot (sheet dmp-xds, 13.3 and 20): XAdES by a seal of the lot's structure, over a manifest that
 * names the lot and every document with the digest of its canonical form, and over when and with which certificate it was made.
 */
export async function checkLotSignature(submission: Submission, about: About): Promise<void> {
  const [entry] = submission.signatures;
  const file = entry && submission.fileOf.get(entry.id);
  if (!entry || !file) return;
  const refuse = (what: string) => about.report.refuse('sandbox.lot-signature', entry.element, { what });
  const signature = await verifySignature(file.bytes.toString('utf8'));
  if (!signature) {
    refuse('ds:Signature');
    return;
  }
  checkSignedInfo(signature, refuse);
  if (!signature.valid) refuse('SignatureValue, DigestValue');
  const used = signature.references.map(({ digest }) => DIGESTS[digest]);
  if (used.some((digest) => digest === undefined || !about.switches.digests.includes(digest)))
    refuse('DigestMethod');
  checkSeal(signature.certificate, submission, about, refuse);
  const { root } = parseXml(file.bytes);
  const manifest = elementWithId(root, 'IHEManifest', XMLDSIG_NS);
  const properties = elementWithId(root, 'S0-SignedProperties', XADES_NS);
  checkPurpose(root, refuse);
  const age = { nowMs: about.nowMs, lotDays: about.switches.lotDays };
  const { certificate } = signature;
  if (!properties) refuse('xad:SignedProperties');
  else checkProperties(root, properties, { certificate, trust: about.trust, age }, refuse);
  if (!manifest) refuse('ds:Manifest');
  else if (about.switches.manifest === 'verify') checkManifest(manifest, submission, refuse);
}

function checkSeal(
  certificate: Buffer | null,
  submission: Submission,
  { trust, nowMs }: About,
  refuse: Refuse,
): void {
  const judged = certificate && trust.judge(certificate, nowMs);
  const { fault = 'missing', structure = null } = judged ?? {};
  const speaks =
    structure !== null && lotStructures(submission).some((one) => trust.speaksFor(structure, one));
  if (fault !== null || !speaks) refuse(`X509Certificate (${fault ?? 'OU'})`);
}

/** The only element that bears an ID, so that what is read is what was verified; undefined for another, none or several. */
function elementWithId(root: XmlElement, id: string, ns: string): XmlElement | undefined {
  const bearers = [root, ...descendants(root)].filter((one) =>
    ['Id', 'ID', 'id'].some((name) => attribute(one, name) === id),
  );
  const [found, ...others] = bearers;
  return others.length === 0 && found?.name.ns === ns ? found : undefined;
}

/** One reference to the lot, then one to each document; nothing else. */
function checkManifest(manifest: XmlElement, submission: Submission, refuse: Refuse): void {
  const [lot, ...listed] = children(manifest, 'Reference', XMLDSIG_NS);
  if (!lot || attribute(lot, 'URI') !== `urn:oid:${lotUniqueId(submission)}` || digestValueOf(lot) !== DUMMY)
    refuse('Manifest/Reference[1]');
  const signed = new Map(listed.map((one) => [attribute(one, 'URI') ?? '', one]));
  if (signed.size !== listed.length || listed.length !== submission.clinical.length)
    refuse('Manifest/Reference');
  for (const entry of submission.clinical) checkReference(entry, signed, submission, refuse);
}

function checkReference(
  entry: RegistryObject,
  signed: ReadonlyMap<string, XmlElement>,
  { fileOf }: Submission,
  refuse: Refuse,
): void {
  const uri = `urn:oid:${uniqueIdOf(entry)}`;
  const reference = signed.get(uri);
  const file = fileOf.get(entry.id);
  if (!reference) refuse(`Manifest: ${uri}`);
  else if (file && digestValueOf(reference) !== digestOf(file, reference)) refuse(`DigestValue: ${uri}`);
}

function digestValueOf(reference: XmlElement): string {
  const value = child(reference, 'DigestValue', XMLDSIG_NS);
  return value ? textOf(value).trim() : '';
}

/** The digest that a reference should have, by its own transforms; null when it names others than are known. */
function digestOf({ bytes }: AttachedFile, reference: XmlElement): string | null {
  const digest = DIGESTS[attribute(child(reference, 'DigestMethod', XMLDSIG_NS), 'Algorithm') ?? ''];
  if (!digest) return null;
  const hash = createHash(digest);
  const transforms = child(reference, 'Transforms', XMLDSIG_NS);
  const named = transforms
    ? [...descendants(transforms)].filter((one) => isElement(one, 'Transform', XMLDSIG_NS))
    : [];
  if (named.length === 0) return hash.update(bytes).digest('base64');
  if (named.length > 1 || attribute(named[0]!, 'Algorithm') !== WITH_COMMENTS) return null;
  const canonical = canonicalBytes(bytes);
  if (canonical) hash.update(canonical);
  else if (!digestTree(bytes, hash)) return null;
  return hash.digest('base64');
}

/** Digests a document that is not of the plain sort; false for one that cannot be read. */
function digestTree(bytes: Buffer, hash: Hash): boolean {
  try {
    canonicalize(parseXml(bytes), (piece) => hash.update(piece));
    return true;
  } catch (error) {
    if (error instanceof XmlError) return false;
    throw error;
  }
}
