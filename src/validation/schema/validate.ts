import type { Finding } from '../../words/findings.ts';
import type { XmlDocument } from '../../xml/tree.ts';
import { validationError } from '../errors.ts';
import { validationLimits } from '../limits.ts';
import type { Pack } from '../packs.ts';
import { type CompiledSchema, compileSchema } from './compile.ts';
import { SchemaReport } from './report.ts';
import { walk } from './walk.ts';

/**
 * Compiles the CDA schema of a pack. A thread needs it once.
 * @throws PackError with everything in the schema that is wrong or not supported
 */
export function loadSchema({ id, schema: { name, main, documents } }: Pack): SchemaValidator {
  return new SchemaValidator({ schema: name, pack: id }, compileSchema(documents, main));
}

/**
 * Judges documents by the XML Schema of one pack, with the same verdict as Xerces. The whole document is judged: of a
 * self-presenting one, the style sheet too.
 */
export class SchemaValidator {
  readonly #about: { schema: string; pack: string };
  readonly #compiled: CompiledSchema;

  /** @param about file name of the schema without its ending, and the edition of the pack: what findings name */
  constructor(about: { schema: string; pack: string }, compiled: CompiledSchema) {
    this.#about = about;
    this.#compiled = compiled;
  }

  /**
   * @returns all findings in the order of their places; none when the document is valid
   * @throws ViaducError `validation.document-too-large`
   */
  validate(document: XmlDocument): Finding[] {
    const size = document.utf8.length;
    const limit = validationLimits.documentBytes.value;
    if (size > limit) throw validationError('validation.document-too-large', { size, limit });
    const report = new SchemaReport(document, this.#about);
    walk(document, this.#compiled, report);
    return report.finish();
  }
}
