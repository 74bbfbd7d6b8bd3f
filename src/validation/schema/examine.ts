import { validationError } from '../errors.ts';
import { validationLimits } from '../limits.ts';
import type { Complaint, Libxml2 } from './libxml2.ts';

/** What libxml2 says of a document. */
export interface Examination {
  /** False when it is not well-formed to libxml2: the complaints are then those of its parser. */
  wellFormed: boolean;
  complaints: Complaint[];
  /** There were more complaints than the limit. */
  more: boolean;
}

const WARNING = 1;
const OUT_OF_MEMORY = 2;

/** A namespace that is no URI is against advice, not against the rules (Namespaces in XML 1.0, section 2.2). */
const NAMESPACE_NO_URI = 99;

/**
 * Parses and validates a document given as UTF-8, whatever encoding its declaration names.
 * @throws ViaducError `validation.engine-failed` when libxml2 could not do it: that says nothing about the document
 */
export function examine(libxml2: Libxml2, schema: number, utf8: Uint8Array): Examination {
  const parsing = collected(libxml2, () => libxml2.parse(utf8));
  const document = parsing.result;
  try {
    if (document === 0 && parsing.complaints.length === 0) throw failed('libxml2 gives no reason');
    if (document === 0 || parsing.complaints.length > 0) return outcome(parsing.complaints, false);
    const { result, complaints } = collected(libxml2, () => libxml2.validate(document, schema));
    if (result < 0 || (result > 0 && complaints.length === 0))
      throw failed(`xmlSchemaValidateDoc: ${result}`);
    return outcome(complaints, true);
  } finally {
    if (document !== 0) libxml2.freeDocument(document);
  }
}

function outcome(complaints: Complaint[], wellFormed: boolean): Examination {
  const most = validationLimits.complaints.value;
  return { wellFormed, complaints: complaints.slice(0, most), more: complaints.length > most };
}

/** Runs one step with its errors. WebAssembly memory that ran out, or a trap, is no error of the document. */
function collected(libxml2: Libxml2, step: () => number): { result: number; complaints: Complaint[] } {
  const { result, complaints } = libxml2.collect(validationLimits.complaints.value + 1, () => guarded(step));
  const errors = complaints.filter(({ level, code }) => level > WARNING && code !== NAMESPACE_NO_URI);
  const exhausted = errors.find(({ code }) => code === OUT_OF_MEMORY);
  if (exhausted) throw failed(exhausted.text);
  return { result, complaints: errors };
}

function guarded(step: () => number): number {
  try {
    return step();
  } catch (error) {
    throw failed(error instanceof Error ? error.message : String(error), error);
  }
}

function failed(what: string, cause?: unknown): Error {
  return validationError('validation.engine-failed', { what }, cause);
}
