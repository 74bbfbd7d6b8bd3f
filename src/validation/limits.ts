import { limits } from '../words/limits.ts';

export const validationLimits = limits({
  schemaFiles: {
    value: 200,
    unit: 'files',
    why: 'the official CDA schema of 2022 reaches 17 files; a graph ten times as large is a mistake or an attack',
  },
  schemaBytes: {
    value: 16 * 1024 * 1024,
    unit: 'bytes, all schema files together',
    why: 'the official files weigh 0.7 MB; all of them are kept in memory to compile the schema again',
  },
  packFolderEntries: {
    value: 10_000,
    unit: 'files and folders',
    why: 'the official pack of 2025 holds 2,300; a search for its schema must end when somebody names the root of a disk',
  },
  documentBytes: {
    value: 100 * 1024 * 1024,
    unit: 'bytes as UTF-8',
    why: 'every door stops at 50 MB, which at most doubles when a document in ISO-8859-1 becomes UTF-8',
  },
  documentBytesHere: {
    value: 5 * 1024 * 1024,
    unit: 'bytes as UTF-8',
    why: 'a larger document would hold the thread for more than 100 ms and leave memory that WebAssembly never gives back',
  },
  documentNodesHere: {
    value: 200_000,
    unit: 'elements and attributes',
    why: 'libxml2 takes some 100 bytes a node; the largest example has 60,000',
  },
  memoryBytesHere: {
    value: 64 * 1024 * 1024,
    unit: 'bytes of WebAssembly memory',
    why: 'a thread needs 20 MB for the schema and 15 for an ordinary document; what one document took beyond is given back',
  },
  complaints: {
    value: 1_000,
    unit: 'errors of one document',
    why: 'nobody reads more, and the place of each costs a walk over its siblings',
  },
  quotedCharacters: {
    value: 200,
    unit: 'characters',
    why: 'a wrong value can be a whole file in Base64; its beginning is enough to find it',
  },
  detailCharacters: {
    value: 2_000,
    unit: 'characters',
    why: 'libxml2 repeats the whole value and every allowed code',
  },
  apartMs: {
    value: 60_000,
    unit: 'ms',
    why: 'a document of 50 MB takes 1 to 5 s on two busy cores; beyond, the worker is ended',
  },
  schematronIncludes: {
    value: 5_000,
    unit: 'includes of one Schematron',
    why: 'the largest official one has 310; an include repeated by includes would grow without end',
  },
  schematronIncludeDepth: { value: 20, unit: 'files', why: 'the official packs include one level deep' },
  schematronFailures: {
    value: 5_000,
    unit: 'failed assertions of one document',
    why: 'nobody reads more, and each costs a message and a place',
  },
});
