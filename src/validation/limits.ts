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
    why: 'the official files weigh 0.7 MB; their trees are kept beside the compiled schema',
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
  modelPositions: {
    value: 1_000,
    unit: 'particles of one content model, each counted as often as it may occur',
    why: 'the largest official model has fewer than 100; a maxOccurs beyond would take the square of it in time and memory',
  },
  complaints: {
    value: 1_000,
    unit: 'errors of one document or one schema',
    why: 'nobody reads more, and the place of each costs a walk over its siblings; of a schema, as many are listed',
  },
  quotedCharacters: {
    value: 200,
    unit: 'characters',
    why: 'a wrong value can be a whole file in Base64; its beginning is enough to find it',
  },
  detailCharacters: {
    value: 2_000,
    unit: 'characters',
    why: 'a pattern or a list of names can be long',
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
