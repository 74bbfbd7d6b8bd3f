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
    unit: 'failed assertions of one document in one Schematron',
    why: 'nobody reads more, and each costs a message and a place; that there are more is a finding of its own',
  },
  schematronExtensions: {
    value: 20,
    unit: 'abstract rules extending one another',
    why: 'the official packs extend one level deep; a longer chain is a loop',
  },
  expressionLevels: {
    value: 200,
    unit: 'expressions nested in one another',
    why: 'the deepest of the official packs has 12 levels; deeper ones are made to exhaust a stack',
  },
  expressionDepth: {
    value: 1_000,
    unit: 'operators in one chain, a step counting for five',
    why: 'the official packs have 33; each costs a level of the stack when rules are compiled',
  },
  expressionCharacters: {
    value: 100_000,
    unit: 'characters of an expression once parameters are filled in',
    why: 'parameters that name other parameters double an expression again and again',
  },
  regexCharacters: {
    value: 4_000,
    unit: 'characters of a regular expression',
    why: 'the longest of the official packs has 410; a longer one is made to exhaust memory',
  },
  regexRepetitions: {
    value: 65_535,
    unit: 'counted repetitions in a regular expression',
    why: 'patterns give a length by it; they multiply the work of the engine',
  },
  riskedCharacters: {
    value: 2_000,
    unit: 'characters of a text',
    why: 'longest one on which a regular expression is tried that may take very long and is not regular',
  },
  stringCharacters: {
    value: 16 * 1024 * 1024,
    unit: 'characters of a string that replace() makes',
    why: 'repeated replacement would fill memory',
  },
  rangeItems: { value: 1_000_000, unit: 'items of a range such as 1 to 9', why: 'it is a list in memory' },
  integerDigits: {
    value: 1_000,
    unit: 'characters of a number in a document',
    why: 'exact arithmetic on longer ones would cost more than a document is worth',
  },
  integerBits: {
    value: 20_000,
    unit: 'bits of an exact result',
    why: 'repeated squaring would fill memory',
  },
});
