import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gatewayLimits } from './limits.ts';

/**
 * The last lines of the log, in the data folder: what `viaduc support-bundle` takes with it, whoever collects the rest. Two
 * files of a bounded size; when one is full the other is dropped. That nothing can be written is no reason not to log.
 */
export class RecentLog {
  readonly #file: string;
  #bytes: number | null = null;

  constructor(folder: string) {
    this.#file = recentLogFiles(folder)[1];
  }

  write(line: string): void {
    try {
      this.#bytes ??= this.#opened();
      const bytes = Buffer.byteLength(line);
      if (this.#bytes + bytes > gatewayLimits.recentLogBytes.value) this.#turn();
      appendFileSync(this.#file, line, { mode: 0o600 });
      this.#bytes += bytes;
    } catch {
      this.#bytes = null;
    }
  }

  #opened(): number {
    mkdirSync(join(this.#file, '..'), { recursive: true, mode: 0o700 });
    return existsSync(this.#file) ? statSync(this.#file).size : 0;
  }

  #turn(): void {
    if (existsSync(this.#file)) renameSync(this.#file, this.#file.replace(/\.jsonl$/, '.before.jsonl'));
    this.#bytes = 0;
  }
}

/** The earlier file and the one that is written. */
export function recentLogFiles(folder: string): [string, string] {
  return [join(folder, 'log.before.jsonl'), join(folder, 'log.jsonl')];
}

/** Lines of both files, oldest first. */
export function recentLines(folder: string): string {
  return recentLogFiles(folder)
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'))
    .join('');
}
