import { type Finding, finding } from '../../words/findings.ts';
import { XmlError } from '../../xml/errors.ts';
import { parseXml } from '../../xml/parse.ts';
import type { XmlDocument } from '../../xml/tree.ts';
import { xdmError, xdmErrors } from './errors.ts';
import { xdmLimits } from './limits.ts';
import { folded } from './member-names.ts';
import { INDEX, README } from './names.ts';
import { type OpenedDocument, openDocument, type Within } from './opened-document.ts';
import { type ReadLot, readLot } from './read-lot.ts';
import { type OpenedMember, unzip } from './unzip.ts';

export type { OpenedDocument } from './opened-document.ts';

/** One submission set of an archive. */
export interface OpenedSubset {
  /** Folder of its METADATA.XML. */
  folder: string;
  lot: ReadLot;
  documents: OpenedDocument[];
}

export interface OpenedArchive {
  subsets: OpenedSubset[];
  /** Of the archive itself, source `mssante`; those of a document stand with it. */
  findings: Finding[];
}

/**
 * Opens an IHE_XDM.zip that came by mail (IHE ITI-32). Refused as a whole is what could harm or cannot be read; what is wrong
 * with one document is told with it, and nothing of it is hidden. Nothing is executed, fetched or written to disk.
 * @throws ViaducError `xdm.…`
 */
export async function openArchive(archive: Uint8Array): Promise<OpenedArchive> {
  const members = await unzip(archive);
  const byName = new Map(members.map((member) => [folded(member.name), member]));
  const lots = members.flatMap((member) => {
    const folder = FOLDER.exec(member.name)?.[1];
    return folder === undefined ? [] : [{ folder, member }];
  });
  if (lots.length === 0) throw xdmError('xdm.no-metadata');
  const most = xdmLimits.lots.value;
  if (lots.length > most) throw xdmError('xdm.too-many-lots', { count: lots.length, most });
  const taken = new Set<OpenedMember>();
  const subsets = lots.map(({ folder, member }) => openSubset(member, { folder, byName, taken }));
  return { subsets, findings: [...missing(byName), ...patients(subsets), ...twice(subsets)] };
}

const FOLDER = /^(IHE_XDM\/[^/]+)\/METADATA\.XML$/i;

function openSubset(member: OpenedMember, within: Within): OpenedSubset {
  const tree = parseMetadata(member.bytes);
  const lot = readLot(tree);
  const [count, most] = [lot.entries.length, xdmLimits.entries.value];
  if (count === 0) throw xdmError('xdm.no-entry');
  if (count > most) throw xdmError('xdm.too-many-documents', { count, most });
  const around = { ...within, tree, submissionSet: lot.submissionSet };
  return { folder: within.folder, lot, documents: lot.entries.map((read) => openDocument(read, around)) };
}

function parseMetadata(bytes: Buffer): XmlDocument {
  const most = xdmLimits.metadataBytes.value;
  if (bytes.length > most) throw xdmError('xdm.metadata-too-large', { bytes: bytes.length, most });
  try {
    return parseXml(bytes);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    const { line, column, words } = error;
    const what = {
      fr: `ligne ${line}, colonne ${column} : ${words.fr}`,
      en: `line ${line}, column ${column}: ${words.en}`,
    };
    throw xdmError('xdm.metadata-unreadable', { what }, error);
  }
}

function missing(byName: ReadonlyMap<string, OpenedMember>): Finding[] {
  return [INDEX, README]
    .filter((name) => !byName.has(name))
    .map((file) =>
      finding(xdmErrors, 'xdm.root-file-missing', {
        source: 'mssante',
        severity: 'warning',
        values: { file },
      }),
    );
}

/** A mail is about one user (ECO.2.1.1): neither metadata nor documents may speak of two. */
function patients(subsets: readonly OpenedSubset[]): Finding[] {
  const all = subsets.flatMap(({ documents }) => documents).flatMap(({ patients: of }) => of);
  if (new Set(all).size <= 1) return [];
  return [finding(xdmErrors, 'xdm.patients-differ', { source: 'mssante' })];
}

function twice(subsets: readonly OpenedSubset[]): Finding[] {
  const ids = subsets.flatMap(({ documents }) => documents.map(({ entry }) => entry.uniqueId));
  if (new Set(ids).size === ids.length) return [];
  return [finding(xdmErrors, 'xdm.document-twice', { source: 'mssante' })];
}
