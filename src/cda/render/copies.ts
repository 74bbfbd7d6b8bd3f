import { Worker } from 'node:worker_threads';
import { raiser, ViaducError } from '../../words/errors.ts';
import { renderErrors } from '../errors.ts';
import { cdaLimits } from '../limits.ts';
import type { EnclosedPdf } from '../pdf-copy.ts';
import type { CopyAnswer, CopyQuestion } from './copy-worker.ts';

/** The PDF by which a person reads a document. */
export interface PdfCopy {
  /** Enclosed by the document, as its body or as its copy, or laid out here. */
  from: EnclosedPdf['from'] | 'rendered';
  bytes: Buffer;
  /** Part and level of PDF/A that it claims, such as `1B`; a claim is no proof. */
  claim: string | null;
  /** Characters that our fonts lack, each drawn as U+FFFD; empty for an enclosed one. */
  missing: readonly string[];
}

export interface CopiesOptions {
  /** Documents laid out at once, each in a thread of its own; one unless given. */
  threads?: number;
  /** Longest time for one document, in milliseconds, the wait for a thread and its start excluded. */
  budgetMs?: number;
  /** Most memory for the objects of one thread, in MB. */
  megabytes?: number;
  /** How long an unused thread is kept, in milliseconds. */
  idleMs?: number;
}

interface Task {
  question: CopyQuestion;
  resolve(answer: Exclude<CopyAnswer, { error: unknown }>): void;
  reject(error: Error): void;
}

/**
 * What a person reads of a document, made in threads apart: the caller's is never held, and a document that takes too long
 * or too much ends its thread and nothing else. Executes and fetches nothing.
 */
export class Copies {
  readonly #limits: Required<CopiesOptions>;
  readonly #queue: Task[] = [];
  readonly #idle: CopyThread[] = [];
  readonly #busy = new Set<CopyThread>();
  #closed = false;

  constructor(options: CopiesOptions = {}) {
    this.#limits = {
      threads: 1,
      budgetMs: cdaLimits.copyMs.value,
      megabytes: cdaLimits.copyMegabytes.value,
      idleMs: cdaLimits.copyIdleMs.value,
      ...options,
    };
  }

  /**
   * The PDF that a document encloses, else its narrative and header laid out by us.
   * @throws ViaducError of `renderErrors`, `cdaErrors` or the parser
   */
  async pdf(bytes: Uint8Array): Promise<PdfCopy> {
    const answer = await this.#ask({ form: 'pdf', bytes });
    const { pdf } = answer as { pdf: PdfCopy };
    const { buffer, byteOffset, byteLength } = pdf.bytes;
    return { ...pdf, bytes: Buffer.from(buffer, byteOffset, byteLength) };
  }

  /**
   * The page of a document, which stands alone.
   * @throws ViaducError of `renderErrors`, `cdaErrors` or the parser
   */
  async html(bytes: Uint8Array): Promise<string> {
    const answer = await this.#ask({ form: 'html', bytes });
    return (answer as { html: string }).html;
  }

  /** Ends every thread; what was being laid out fails. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#queue.splice(0)) reject(raise('cda.render-stopped'));
    await Promise.all([...this.#idle.splice(0), ...this.#busy].map((thread) => thread.end()));
  }

  #ask(question: CopyQuestion): ReturnType<CopyThread['answer']> {
    if (this.#closed) return Promise.reject(raise('cda.render-stopped'));
    return new Promise((resolve, reject) => {
      this.#queue.push({ question, resolve, reject });
      this.#next();
    });
  }

  #next(): void {
    if (this.#queue.length === 0 || this.#closed) return;
    const thread = this.#idle.pop() ?? this.#opened();
    if (!thread) return;
    const { question, resolve, reject } = this.#queue.shift()!;
    this.#busy.add(thread);
    thread
      .answer(question)
      .then(resolve, reject)
      .finally(() => this.#release(thread));
  }

  #opened(): CopyThread | null {
    return this.#busy.size < this.#limits.threads ? new CopyThread(this.#limits) : null;
  }

  #release(thread: CopyThread): void {
    this.#busy.delete(thread);
    if (thread.usable && !this.#closed) {
      this.#idle.push(thread);
      thread.rest(() => this.#idle.splice(this.#idle.indexOf(thread), 1));
    }
    this.#next();
  }
}

const raise = raiser(renderErrors);

class CopyThread {
  usable = true;
  readonly #limits: Required<CopiesOptions>;
  readonly #worker: Worker;
  readonly #ready: Promise<void>;
  #fail: (error: Error) => void = () => {};
  #resting: NodeJS.Timeout | undefined;

  constructor(limits: Required<CopiesOptions>) {
    this.#limits = limits;
    this.#worker = new Worker(new URL('./copy-worker.ts', import.meta.url), {
      name: 'copies',
      resourceLimits: { maxOldGenerationSizeMb: limits.megabytes },
    });
    this.#ready = new Promise((resolve, reject) => {
      this.#fail = reject;
      this.#worker.once('message', () => resolve());
    });
    this.#worker.on('error', (error: NodeJS.ErrnoException) => {
      const full = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.#lost(full ? this.#full() : raise('cda.render-failed', {}, error));
    });
    this.#worker.on('exit', () => this.#lost(raise('cda.render-stopped')));
  }

  async answer(question: CopyQuestion): Promise<Exclude<CopyAnswer, { error: unknown }>> {
    clearTimeout(this.#resting);
    this.#worker.ref();
    const { budgetMs } = this.#limits;
    const late = () => this.#lost(raise('cda.render-out-of-time', { seconds: budgetMs / 1000 }));
    await this.#ready;
    const timer = setTimeout(late, budgetMs);
    const answer = await this.#asked(question).finally(() => clearTimeout(timer));
    if (!('error' in answer)) return answer;
    const { code, entry, values } = answer.error;
    throw new ViaducError(code, entry, values);
  }

  #asked(question: CopyQuestion): Promise<CopyAnswer> {
    return new Promise((resolve, reject) => {
      this.#fail = reject;
      this.#worker.once('message', resolve);
      // Given over, not shared: the parser reads shared memory three times more slowly.
      const bytes = Uint8Array.from(question.bytes);
      this.#worker.postMessage({ ...question, bytes }, [bytes.buffer]);
    });
  }

  /** Holds no process up meanwhile, and ends by itself when it is not used again in time. */
  rest(ended: () => void): void {
    this.#worker.unref();
    this.#resting = setTimeout(() => {
      ended();
      void this.end();
    }, this.#limits.idleMs).unref();
  }

  async end(): Promise<void> {
    this.usable = false;
    clearTimeout(this.#resting);
    await this.#worker.terminate();
  }

  #full(): ViaducError {
    return raise('cda.render-out-of-memory', { megabytes: this.#limits.megabytes });
  }

  #lost(error: ViaducError): void {
    this.#fail(error);
    void this.end();
  }
}
