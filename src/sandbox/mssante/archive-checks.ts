import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { parseXml } from '../../xml/parse.ts';
import { attribute, child, children, descendants, isElement, textOf } from '../../xml/select.ts';
import type { XmlElement } from '../../xml/tree.ts';
import type { Files } from './archive.ts';
import { type CdaHead, readCda } from './cda.ts';
import { type Reason, reason } from './refusals.ts';

const LCM = 'urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0';
const RIM = 'urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0';
const ENTRY_UNIQUE_ID = 'urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab';
const ENTRY_PATIENT_ID = 'urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427';
const ROOT_FILES = ['INDEX.HTM', 'README.TXT'];
const PART = /^[A-Z0-9_]{1,8}$/;
const FILE = /^[A-Z0-9_]{1,8}\.[A-Z0-9_]{1,3}$/;

/** What an archive holds, and every reason against it. */
export interface ArchiveReading {
  documents: CdaHead[];
  reasons: Reason[];
}

/** Judges the layout of ITI-32, the metadata and the documents of an archive. */
export function judgeArchive(files: Files): ArchiveReading {
  const reasons: Reason[] = [];
  for (const name of ROOT_FILES)
    if (!files.has(name)) reasons.push(reason('sandbox.mail-archive-layout', { entry: name }));
  if ([...files.keys()].some((name) => !isIso(name))) reasons.push(reason('sandbox.mail-entry-name'));
  const places = [...files.keys()].filter((name) => /^IHE_XDM\/[^/]+\/METADATA\.XML$/.test(name));
  if (places.length === 0)
    reasons.push(reason('sandbox.mail-archive-layout', { entry: 'IHE_XDM/SUBSET01/METADATA.XML' }));
  const found = places.map((place) => judgeSet(place, files));
  const documents = found.flatMap((one) => one.documents);
  return { documents, reasons: [...reasons, ...found.flatMap((one) => one.reasons)] };
}

function isIso(name: string): boolean {
  const steps = name.split('/');
  const last = steps.pop()!;
  return steps.every((step) => PART.test(step)) && (last === '' || FILE.test(last));
}

function judgeSet(place: string, files: Files): ArchiveReading {
  const entries = entriesOf(files.get(place)!);
  if (!entries) return { documents: [], reasons: [reason('sandbox.mail-metadata')] };
  const folder = posix.dirname(place);
  const named = new Set<string>();
  const judged = entries.map((entry) => judgeEntry(entry, folder, files, named));
  const documents = judged.flatMap((one) => one.documents);
  const reasons = judged.flatMap((one) => one.reasons);
  const stray = [...files.keys()].some(
    (name) => name.startsWith(`${folder}/`) && /\/DOC\w*\.XML$/.test(name) && !named.has(name),
  );
  if (stray) reasons.push(reason('sandbox.mail-uri'));
  const patients = new Set(entries.map((entry) => identifier(entry, ENTRY_PATIENT_ID)));
  const inside = new Set(documents.map(({ ins, patient }) => (ins ? ins.matricule : patient)));
  if (patients.size > 1 || inside.size > 1 || !agree(documents, patients))
    reasons.push(reason('sandbox.mail-several-patients'));
  return { documents, reasons };
}

/** The patientId of the metadata is the INS of the documents, where they have one. */
function agree(documents: CdaHead[], patients: ReadonlySet<string>): boolean {
  return documents.every(
    ({ ins }) => !ins || [...patients].every((one) => one.split('^', 1)[0] === ins.matricule),
  );
}

/** The ExtrinsicObjects of the metadata of one submission set, or null when it is not one. */
function entriesOf(bytes: Buffer): XmlElement[] | null {
  try {
    const { root } = parseXml(bytes);
    const list = child(root, 'RegistryObjectList', RIM);
    if (!isElement(root, 'SubmitObjectsRequest', LCM) || !list) return null;
    const entries = children(list, 'ExtrinsicObject', RIM);
    const sets = children(list, 'RegistryPackage', RIM);
    return entries.length > 0 && sets.length === 1 ? entries : null;
  } catch {
    return null;
  }
}

function judgeEntry(entry: XmlElement, folder: string, files: Files, named: Set<string>): ArchiveReading {
  const [uri, hash, size] = ['URI', 'hash', 'size'].map((name) => slot(entry, name));
  const missing = (['URI', 'hash', 'size'] as const).filter((_, index) => [uri, hash, size][index] === null);
  if (missing.length > 0)
    return { documents: [], reasons: missing.map((name) => reason('sandbox.mail-slot', { slot: name })) };
  const path = posix.normalize(`${folder}/${uri}`);
  const bytes = files.get(path);
  if (!bytes) return { documents: [], reasons: [reason('sandbox.mail-uri')] };
  named.add(path);
  const reasons: Reason[] = [];
  if (size !== String(bytes.length)) reasons.push(reason('sandbox.mail-size-differs'));
  const real = createHash('sha1').update(bytes).digest('hex');
  if (hash!.toLowerCase() !== real) reasons.push(reason('sandbox.mail-hash-differs'));
  const cda = readCda(bytes);
  if (!cda) return { documents: [], reasons: [...reasons, reason('sandbox.mail-not-cda')] };
  if (identifier(entry, ENTRY_UNIQUE_ID) !== cda.id) reasons.push(reason('sandbox.mail-document-id'));
  return { documents: [cda], reasons };
}

function slot(entry: XmlElement, name: string): string | null {
  const values = children(entry, 'Slot', RIM)
    .filter((one) => attribute(one, 'name') === name)
    .flatMap((one) => [...descendants(one)].filter((value) => isElement(value, 'Value', RIM)));
  return values.length === 1 ? textOf(values[0]!).trim() : null;
}

function identifier(entry: XmlElement, scheme: string): string {
  const found = children(entry, 'ExternalIdentifier', RIM).find(
    (one) => attribute(one, 'identificationScheme') === scheme,
  );
  return attribute(found ?? null, 'value') ?? '';
}
