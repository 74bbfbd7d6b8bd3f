import { type Finding, finding, type NotEvaluated } from '../../words/findings.ts';
import { placeOf } from '../../xml/select.ts';
import { DOCUMENT, type XmlDocument } from '../../xml/tree.ts';
import { ruleFindings } from '../errors.ts';
import { validationLimits } from '../limits.ts';
import { XPathError } from '../xpath/error.ts';
import type { Node } from '../xpath/runtime/values.ts';
import type { CompiledAssertion } from './compile.ts';
import type { Recorder } from './module.ts';

/** What a rule set is to its findings. */
export interface About {
  path: string;
  schema: string;
  pack: string;
  assertions: readonly CompiledAssertion[];
}

const SEVERITIES = ['error', 'warning', 'info'] as const;

type Severity = Finding['severity'];

/** Collects what the rules of one rule set say of one document. */
export class Judgement implements Recorder {
  readonly #found: Finding[] = [];
  /** Severities of the failures beyond the limit. */
  readonly #unlisted: Severity[] = [];
  readonly #document: XmlDocument;
  readonly #about: About;
  readonly #raised = new Map<number, string>();

  constructor(document: XmlDocument, about: About) {
    this.#document = document;
    this.#about = about;
  }

  fail(number: number, node: Node, subject: Node | null, message: string, hint: string | null): void {
    const { schema, pack, path, assertions } = this.#about;
    const { kind, id, severity } = assertions[number]!;
    if (this.#found.length >= validationLimits.schematronFailures.value) {
      this.#unlisted.push(severity);
      return;
    }
    const text = folded(message);
    const remedy = hint === null ? null : folded(hint);
    this.#found.push({
      code: id ?? `schematron.${kind}`,
      severity,
      source: 'schematron',
      schema,
      message: text,
      detail: text,
      remedy: remedy === null ? null : { fr: remedy, en: remedy },
      pack,
      rule: `${path}#${number}`,
      ...this.#place(subject ?? node),
    });
  }

  /** What failed. What is not listed counts: a document with an error among it is not valid. */
  get findings(): Finding[] {
    if (this.#unlisted.length === 0) return this.#found;
    const { schema, pack } = this.#about;
    const severity = SEVERITIES.find((one) => this.#unlisted.includes(one))!;
    const values = { count: this.#unlisted.length, schema };
    const about = { source: 'schematron', severity, values, schema, pack } as const;
    return [...this.#found, finding(ruleFindings, 'schematron.too-many', about)];
  }

  /** The whole document is pointed at by its root, as the reference implementation does. */
  #place(node: Node): { line: number; column: number; location: string } {
    return placeOf(this.#document, node.kind === DOCUMENT ? this.#document.root : node);
  }

  raised(number: number, error: unknown): void {
    if (!(error instanceof XPathError)) throw error;
    if (!this.#raised.has(number)) this.#raised.set(number, error.message);
  }

  unwritten(error: unknown): string {
    if (!(error instanceof XPathError)) throw error;
    return '…';
  }

  get notEvaluated(): NotEvaluated[] {
    return [...this.#raised].map(([number, reason]) => {
      const { file, line, kind } = this.#about.assertions[number]!;
      return { rule: `${this.#about.schema} ${file}:${line} ${kind}`, reason };
    });
  }
}

/** White space of XML only: a space that does not break is part of a value. */
function folded(message: string): string {
  return message.replace(/[ \t\r\n]+/g, ' ').replace(/^ | $/g, '');
}
