import { limits } from '../../words/limits.ts';

export const xdmLimits = limits({
  documents: {
    value: 100,
    unit: 'documents',
    why: 'one archive that we write; a mail holds the documents of one request, and a PDF beside each',
  },
  archiveBytes: {
    value: 50_000_000,
    unit: 'bytes',
    why: 'an archive, as every document at a door; Mon espace santé takes 25 MB of mail, operators often 10',
  },
  members: {
    value: 200,
    unit: 'files and folders',
    why: 'in an archive that is opened: read before any of them is looked at',
  },
  memberBytes: {
    value: 50_000_000,
    unit: 'bytes',
    why: 'one file of an archive, unpacked: the cap of a document',
  },
  unpackedBytes: {
    value: 150_000_000,
    unit: 'bytes',
    why: 'all files of an archive, unpacked: three documents at their cap',
  },
  ratio: {
    value: 200,
    unit: 'times',
    why: 'unpacked to packed, of one file; a CDA has some ten, a run of zeros a thousand',
  },
  ratioFromBytes: {
    value: 1_000_000,
    unit: 'bytes',
    why: 'a smaller file harms nobody, however well it packs',
  },
  nameBytes: {
    value: 128,
    unit: 'bytes',
    why: 'name of a file with its folders; the longest that IHE asks for has 30',
  },
  lots: {
    value: 10,
    unit: 'submission sets',
    why: 'in an archive that is opened; a mail has one',
  },
  entries: {
    value: 200,
    unit: 'documents',
    why: 'that one METADATA.XML describes: no more than an archive has files',
  },
  metadataBytes: {
    value: 5_000_000,
    unit: 'bytes',
    why: 'METADATA.XML of one submission set; ours has some 10,000 a document',
  },
});
