import { isViaducError } from '../../words/errors.ts';
import type { Finding } from '../../words/findings.ts';
import type { XmlDocument } from '../../xml/tree.ts';
import { validationError } from '../errors.ts';
import { validationLimits } from '../limits.ts';
import type { Pack } from '../packs.ts';
import { examineApart } from './apart.ts';
import { compileSchema, type SchemaFiles } from './compile.ts';
import { reportComplaints } from './complaints.ts';
import { Components } from './components.ts';
import { type Examination, examine } from './examine.ts';
import { Libxml2 } from './libxml2.ts';
import { Proof } from './proof.ts';
import { SchemaReport } from './report.ts';
import { checkTyped, type TypedResult } from './typed-checks.ts';
import { SchemaTypes } from './types.ts';
import { withTrimmedValues } from './untrimmed.ts';

/**
 * Compiles the CDA schema of a pack. It takes a quarter of a second and some 20 MB; a thread needs it once.
 * @throws PackError when the schema does not compile, with every error of it
 */
export async function loadSchema(pack: Pack): Promise<SchemaValidator> {
  const validator = new SchemaValidator(pack);
  await validator.renew();
  return validator;
}

interface Engine {
  libxml2: Libxml2;
  schema: number;
}

/**
 * Judges documents by the XML Schema of one pack, with the same verdict as Xerces: our own checks (see `checkTyped`), then
 * a proof that the document is valid, and where there is none libxml2. The whole document is judged: of a self-presenting
 * one, the style sheet too.
 */
export class SchemaValidator {
  readonly pack: string;
  /** File name of the schema without its ending. */
  readonly schema: string;
  readonly #files: SchemaFiles;
  readonly #types: SchemaTypes;
  readonly #proof: Proof;
  #engine: Engine | null = null;

  constructor({ id, schema: { name, main, documents } }: Pack) {
    this.pack = id;
    this.schema = name;
    this.#files = { main, bytes: new Map([...documents].map(([path, { bytes }]) => [path, bytes])) };
    const components = new Components(documents, main);
    this.#types = new SchemaTypes(components);
    this.#proof = new Proof(components);
  }

  /** Bytes of WebAssembly memory that this validator holds. */
  get memoryBytes(): number {
    return this.#engine?.libxml2.memoryBytes ?? 0;
  }

  /** Takes a fresh libxml2 and compiles the schema again; the memory of the former one goes. */
  async renew(): Promise<void> {
    const libxml2 = await Libxml2.open();
    this.#engine = { libxml2, schema: compileSchema(libxml2, this.#files) };
  }

  /**
   * Judges a document in the thread that suits its size. Before the next one, a libxml2 that failed or grew too large is
   * replaced.
   * @param withinMs wall time for a document judged apart
   * @returns all findings in the order of their places; none when the document is valid
   * @throws ViaducError of class `not-judged`: document-too-large, out-of-time, engine-failed
   */
  async judge(document: XmlDocument, withinMs: number = validationLimits.apartMs.value): Promise<Finding[]> {
    if (isLarge(document)) return this.judgeApart(document, withinMs);
    if (!this.#engine || this.memoryBytes > validationLimits.memoryBytesHere.value) await this.renew();
    return this.validate(document);
  }

  /**
   * Judges a document at once, in this thread. For documents of the size that `isLarge` says no to.
   * @throws ViaducError `validation.document-too-large`, `validation.engine-failed`; after the latter, `renew`
   */
  validate(document: XmlDocument): Finding[] {
    const report = this.#report(document);
    const typed = checkTyped(document, this.#types, report);
    if (report.isEmpty && this.#proof.isValid(document)) return [];
    const examination = this.#examine(withTrimmedValues(document.utf8, typed.untrimmed));
    return this.#finish(document, typed, examination, report);
  }

  /** Judges a document in a worker thread that ends with it. */
  async judgeApart(
    document: XmlDocument,
    withinMs: number = validationLimits.apartMs.value,
  ): Promise<Finding[]> {
    const report = this.#report(document);
    const typed = checkTyped(document, this.#types, report);
    if (report.isEmpty && this.#proof.isValid(document)) return [];
    const utf8 = withTrimmedValues(document.utf8, typed.untrimmed);
    const examination = await examineApart(this.#files, utf8, withinMs);
    return this.#finish(document, typed, examination, report);
  }

  #report(document: XmlDocument): SchemaReport {
    const size = document.utf8.length;
    const limit = validationLimits.documentBytes.value;
    if (size > limit) throw validationError('validation.document-too-large', { size, limit });
    return new SchemaReport(document, { schema: this.schema, pack: this.pack });
  }

  /** A libxml2 that failed is not used again: nobody knows what state it is in. */
  #examine(utf8: Uint8Array): Examination {
    const engine = this.#engine;
    if (!engine) throw validationError('validation.engine-failed', { what: 'libxml2 failed before' });
    try {
      return examine(engine.libxml2, engine.schema, utf8);
    } catch (error) {
      if (isViaducError(error, 'validation.engine-failed')) this.#engine = null;
      throw error;
    }
  }

  #finish(
    document: XmlDocument,
    typed: TypedResult,
    { wellFormed, complaints, more }: Examination,
    report: SchemaReport,
  ): Finding[] {
    if (wellFormed) reportComplaints(complaints, document, { types: this.#types, typed }, report);
    else
      for (const { line, column, text } of complaints)
        report.addAt('xml.disagreement', { line, column }, {}, text);
    if (more) report.overflow();
    return report.finish();
  }
}

/** Whether a document is too large to be judged in a thread that lives on. */
export function isLarge(document: XmlDocument): boolean {
  const { documentBytesHere, documentNodesHere } = validationLimits;
  return document.utf8.length > documentBytesHere.value || document.size > documentNodesHere.value;
}
