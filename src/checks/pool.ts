import { Worker } from 'node:worker_threads';
import { sha256 } from '../ledger/cipher.ts';
import { PackError, type ValidationErrorCode, validationError } from '../validation/errors.ts';
import type { RulebookSetup } from '../validation/packs/rulebook.ts';
import { finding } from '../words/findings.ts';
import type { PublishedSet } from '../xds/published-set.ts';
import type { Checked, Checks, Question } from './checked.ts';
import { checkErrors } from './errors.ts';
import type { JudgeSetup } from './judge.ts';
import type { NewValueSets, Opened } from './worker.ts';

export interface PoolOptions extends JudgeSetup {
  workers: number;
  /** Longest time for one document, in milliseconds. */
  budgetMs: number;
  /** Told of a worker that failed or ran out of time. Carries no patient data. */
  onFailure?(reason: string): void;
}

interface Task {
  question: Question;
  resolve(checked: Checked): void;
}

/**
 * Judges documents in worker threads, one at a time in each, so that the caller's thread is never held. A worker that
 * exceeds the budget is ended and replaced.
 */
export async function openChecks(options: PoolOptions): Promise<Checks> {
  const pool = new Pool(options);
  try {
    // Workers that compiled are replaced by workers that find what these have kept: the thread that compiled holds on to
    // more than 100 MB that it never needs again.
    if (await pool.ready()) await pool.renew(options.rules);
  } catch (error) {
    await pool.close();
    throw error;
  }
  return pool;
}

class Pool implements Checks {
  #options: PoolOptions;
  readonly #idle: CheckWorker[] = [];
  readonly #all = new Set<CheckWorker>();
  /** Workers of former packs that still judge. */
  readonly #leaving = new Set<CheckWorker>();
  readonly #queue: Task[] = [];
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    for (let count = 0; count < options.workers; count += 1) this.#add();
  }

  /** @returns whether rules were compiled */
  async ready(): Promise<boolean> {
    const opened = await Promise.all([...this.#all].map((worker) => worker.ready));
    return opened.some(({ compiled }) => compiled);
  }

  judge(question: Question): Promise<Checked> {
    return new Promise((resolve) => {
      this.#queue.push({ question, resolve });
      this.#next();
    });
  }

  /** Opens workers with the new packs, then lets the former ones go, each when it has answered. */
  async renew(rules: RulebookSetup): Promise<void> {
    const options = { ...this.#options, rules };
    const workers = Array.from({ length: options.workers }, () => new CheckWorker(options));
    try {
      await Promise.all(workers.map(({ ready }) => ready));
    } catch (error) {
      for (const { ready } of workers) ready.catch(() => {});
      await Promise.all(workers.map((worker) => worker.end()));
      throw error;
    }
    const former = [...this.#all];
    this.#options = options;
    this.#all.clear();
    for (const worker of workers) this.#all.add(worker);
    const idle = this.#idle.splice(0);
    for (const worker of idle) void worker.end();
    for (const worker of former) if (!idle.includes(worker)) this.#leaving.add(worker);
    for (const worker of workers) this.#release(worker);
  }

  takeValueSets(valueSets: readonly PublishedSet[]): void {
    this.#options = { ...this.#options, valueSets };
    for (const worker of this.#all) worker.tell({ valueSets });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#leaving].map((worker) => worker.end()));
    await Promise.all([...this.#all].map((worker) => worker.end()));
  }

  #add(): void {
    const worker = new CheckWorker(this.#options);
    this.#all.add(worker);
    worker.ready.then(
      () => this.#release(worker),
      (error: Error) => this.#lost(worker, error.message, REOPEN_MS),
    );
  }

  #release(worker: CheckWorker): void {
    if (this.#leaving.delete(worker)) {
      void worker.end();
      return;
    }
    this.#idle.push(worker);
    this.#next();
  }

  #next(): void {
    const worker = this.#queue.length > 0 ? this.#idle.pop() : undefined;
    const task = worker && this.#queue.shift();
    if (!worker || !task) return;
    worker.judge(task.question, this.#options.budgetMs).then(
      (checked) => {
        if (checked.failure) this.#options.onFailure?.(checked.failure);
        task.resolve(checked);
        this.#release(worker);
      },
      (error: Error) => {
        task.resolve(notJudged(task.question, error, this.#options.budgetMs));
        this.#lost(worker, error.message);
      },
    );
  }

  /** @param afterMs how long its place stays empty: what could not open would not open at once either */
  #lost(worker: CheckWorker, reason: string, afterMs = 0): void {
    const leaving = this.#leaving.delete(worker);
    this.#all.delete(worker);
    void worker.end();
    if (this.#closed) return;
    this.#options.onFailure?.(reason);
    if (leaving) return;
    if (afterMs === 0) this.#add();
    else setTimeout(() => this.#closed || this.#add(), afterMs).unref();
  }
}

const REOPEN_MS = 2_000;

/** Why a check that took longer than its budget failed. */
export const OUT_OF_TIME = 'out of time';

class CheckWorker {
  readonly ready: Promise<Extract<Opened, { ready: true }>>;
  readonly #worker: Worker;
  #settle: { resolve(checked: Checked): void; reject(error: Error): void } | null = null;

  constructor({ environment, rules, installation, valueSets = [] }: JudgeSetup) {
    const workerData: JudgeSetup = { environment, rules, installation, valueSets };
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData, name: 'checks' });
    this.ready = new Promise((resolve, reject) => {
      this.#worker.once('message', (opened: Opened) =>
        opened.ready ? resolve(opened) : reject(packErrorOf(opened.problems)),
      );
      this.#worker.once('error', reject);
      this.#worker.once('exit', () => reject(new Error('a worker ended while starting')));
    });
    this.#worker.on('error', (error) => this.#settle?.reject(error));
    this.#worker.on('exit', () => this.#settle?.reject(new Error('a worker ended while judging')));
  }

  judge(question: Question, budgetMs: number): Promise<Checked> {
    return new Promise<Checked>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(OUT_OF_TIME)), budgetMs);
      this.#settle = { resolve, reject };
      this.#worker.once('message', (checked: Checked) => {
        clearTimeout(timer);
        resolve(checked);
      });
      // Given over, not shared: the parser reads shared memory three times more slowly.
      const bytes = Uint8Array.from(question.bytes);
      this.#worker.postMessage({ ...question, bytes }, [bytes.buffer]);
    }).finally(() => {
      this.#settle = null;
    });
  }

  /** Holds from the next document on. */
  tell(news: NewValueSets): void {
    this.#worker.postMessage(news);
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** The problems of a pack as a worker told them. */
function packErrorOf(told: Extract<Opened, { ready: false }>['problems']): PackError {
  const [first, ...rest] = told.map(([code, values]) => validationError(code as ValidationErrorCode, values));
  return new PackError([first!, ...rest]);
}

function notJudged({ bytes }: Question, error: Error, budgetMs: number): Checked {
  const late = error.message === OUT_OF_TIME;
  const why = finding(checkErrors, late ? 'checks.out-of-time' : 'checks.failed', {
    source: 'xml',
    values: late ? { seconds: budgetMs / 1000 } : {},
  });
  const verdict = {
    judgement: 'not-judged' as const,
    findings: [why],
    notEvaluated: [],
    packs: [],
    profile: null,
  };
  return { verdict, facts: null, identity: null, sha256: sha256(bytes), ms: budgetMs };
}
