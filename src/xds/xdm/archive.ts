import { createHash } from 'node:crypto';
import type { DocumentFacts } from '../../words/document.ts';
import type { LotContext } from '../derive.ts';
import { submitObjectsRequest } from '../ebxml.ts';
import type { Lot } from '../model.ts';
import { xdmError } from './errors.ts';
import { indexPage } from './index-page.ts';
import { xdmLimits } from './limits.ts';
import { type ActionSlot, archiveLot, DEFAULT_ACTION_SLOT } from './lot.ts';
import { documentName, INDEX, METADATA, README, ROOT, SUBSET } from './names.ts';
import { type ArchiveProduct, type Issuer, readme } from './readme.ts';
import { type Member, writeZip } from './zip.ts';

export interface ArchiveInput extends LotContext {
  /** Documents of one patient, with their bytes as received. */
  documents: readonly { facts: DocumentFacts; bytes: Uint8Array }[];
  issuer: Issuer;
  product: ArchiveProduct;
  /** Mail addresses to be named in the metadata; none unless given. */
  recipients?: readonly string[];
  action?: ActionSlot;
}

export interface Archive {
  /** IHE_XDM.zip. */
  bytes: Buffer;
  /** What METADATA.XML says. */
  lot: Lot;
}

/**
 * IHE_XDM.zip of the documents of one request (IHE ITI-32, ZIP over email): the operation is the request's, the bytes of the
 * documents are untouched. The same input gives the same archive.
 * @throws ViaducError `xdm.…` when no archive can be made of them
 */
export async function writeArchive(input: ArchiveInput): Promise<Archive> {
  const { documents, issuer, product, recipients = [], action = DEFAULT_ACTION_SLOT } = input;
  judge(documents);
  const lot = archiveLot({ ...input, recipients, action });
  const members: Member[] = [
    {
      name: INDEX,
      bytes: indexPage(
        issuer,
        documents.map(({ facts }) => facts),
      ),
    },
    { name: README, bytes: readme(issuer, product) },
    { name: ROOT, bytes: null },
    { name: SUBSET, bytes: null },
    { name: `${SUBSET}/${METADATA}`, bytes: metadataXml(lot) },
    ...documents.map(({ bytes }, index) => ({ name: `${SUBSET}/${documentName(index)}`, bytes })),
  ];
  const bytes = await writeZip(members, input.submissionTime);
  if (bytes.length > xdmLimits.archiveBytes.value) throw tooLarge(bytes.length);
  return { bytes, lot };
}

/** METADATA.XML: the request of ITI-41 without its envelope. */
export function metadataXml(lot: Lot): Buffer {
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${submitObjectsRequest(lot).text}\n`);
}

function judge(documents: ArchiveInput['documents']): void {
  if (documents.length === 0) throw xdmError('xdm.no-document');
  const most = xdmLimits.documents.value;
  if (documents.length > most) throw xdmError('xdm.too-many-documents', { count: documents.length, most });
  const size = documents.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (size > xdmLimits.unpackedBytes.value)
    throw xdmError('xdm.unpacked-too-large', { most: xdmLimits.unpackedBytes.value });
  documents.forEach(judgeBytes);
}

/** The hash of the metadata is that of the facts: they must be facts of these bytes. */
function judgeBytes({ facts, bytes }: ArchiveInput['documents'][number], index: number): void {
  const sha1 = createHash('sha1').update(bytes).digest('hex');
  if (bytes.length !== facts.size || sha1 !== facts.sha1)
    throw xdmError('xdm.bytes-of-another-document', { position: index + 1 });
}

function tooLarge(bytes: number): Error {
  return xdmError('xdm.archive-too-large', { bytes, most: xdmLimits.archiveBytes.value });
}
