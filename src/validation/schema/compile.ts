import { PackError, packError, validationError } from '../errors.ts';
import { validationLimits } from '../limits.ts';
import type { Complaint, Libxml2 } from './libxml2.ts';

/** The files of a schema as a thread hands them to another. */
export interface SchemaFiles {
  /** Path of the main file in the pack. */
  main: string;
  /** Bytes by path in the pack, DOCTYPE blanked. */
  bytes: ReadonlyMap<string, Uint8Array>;
}

const SCHEME = 'pack:///';

/** Said when a namespace is imported a second time from another file; the official schemas do. */
const IMPORT_SKIPPED = 3083;

/**
 * Compiles a schema from files of its pack; nothing else can be reached.
 * @returns a handle for `Libxml2.validate`
 * @throws PackError with every error of libxml2, each with file and line
 */
export function compileSchema(libxml2: Libxml2, files: SchemaFiles): number {
  const most = validationLimits.complaints.value;
  const { result, complaints } = libxml2.collect(most, () => compile(libxml2, files));
  const problems = complaints.filter(({ code }) => code !== IMPORT_SKIPPED).map((one) => problem(one, files));
  const [first, ...rest] = problems;
  if (first) throw new PackError([first, ...rest]);
  if (result === 0)
    throw packError('validation.schema-invalid', {
      file: files.main,
      line: 1,
      what: 'libxml2 gives no reason',
    });
  return result;
}

/** The main file's tree is kept as long as its libxml2: the schema refers to its nodes. */
function compile(libxml2: Libxml2, files: SchemaFiles): number {
  const document = libxml2.parse(files.bytes.get(files.main)!, addressOf(files.main), 'declared');
  if (document === 0) return 0;
  return libxml2.compile(document, (address) => files.bytes.get(pathAt(address)) ?? null);
}

function problem({ file, line, text }: Complaint, files: SchemaFiles) {
  const path = file === null ? files.main : pathAt(file);
  return validationError('validation.schema-invalid', {
    file: path,
    line,
    what: text.replaceAll(SCHEME, ''),
  });
}

function addressOf(path: string): string {
  return SCHEME + path.split('/').map(encodeURIComponent).join('/');
}

function pathAt(address: string): string {
  return decodeURIComponent(address.slice(SCHEME.length));
}
