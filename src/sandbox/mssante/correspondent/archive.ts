import { Buffer } from 'node:buffer';
import { ZipFile } from 'yazl';
import { type MetadataChoices, metadataOf, type SentDocument } from './metadata.ts';

/** A file of an archive; a body of null is a folder. */
export interface Member {
  name: string;
  bytes: Buffer | null;
  /** POSIX mode, for what is no plain file. */
  mode?: number;
}

const INDEX =
  '<?xml version="1.0" encoding="UTF-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Envoi</title></head><body><p>Correspondant du bac à sable. <a href="README.TXT">README.TXT</a></p></body></html>\n';
const README = 'Correspondant du bac a sable. Donnees de test.\r\n';
export const SUBSET = 'IHE_XDM/SUBSET01';

/** What an archive of documents holds, in the order of its entries. */
export function membersOf(documents: readonly SentDocument[], choices: MetadataChoices): Member[] {
  return [
    { name: 'INDEX.HTM', bytes: Buffer.from(INDEX) },
    { name: 'README.TXT', bytes: Buffer.from(README) },
    { name: 'IHE_XDM/', bytes: null },
    { name: `${SUBSET}/`, bytes: null },
    { name: `${SUBSET}/METADATA.XML`, bytes: metadataOf(documents, choices) },
    ...documents.map(({ name, bytes }) => ({ name: `${SUBSET}/${name}`, bytes })),
  ];
}

/** IHE_XDM.zip of some members. */
export async function zipOf(members: readonly Member[], nowMs: number): Promise<Buffer> {
  const zip = new ZipFile();
  const mtime = new Date(nowMs);
  for (const { name, bytes, mode } of members) {
    if (bytes === null) zip.addEmptyDirectory(name, { mtime });
    else zip.addBuffer(bytes, name, { mtime, ...(mode !== undefined && { mode }) });
  }
  zip.end();
  const parts: Buffer[] = [];
  for await (const part of zip.outputStream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
