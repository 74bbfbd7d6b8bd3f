/** A bar on the standard error output while it is a terminal; nothing otherwise. */
export class ProgressBar {
  readonly #total: number;
  #done = 0;
  #shown = 0;

  constructor(total: number) {
    this.#total = Math.max(1, total);
  }

  step(): void {
    this.#done += 1;
    const now = Date.now();
    if (!process.stderr.isTTY || (now - this.#shown < 50 && this.#done < this.#total)) return;
    this.#shown = now;
    const filled = Math.min(WIDTH, Math.round((this.#done / this.#total) * WIDTH));
    process.stderr.write(
      `\r[${'█'.repeat(filled)}${'·'.repeat(WIDTH - filled)}] ${this.#done}/${this.#total}`,
    );
  }

  end(): void {
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  }
}

const WIDTH = 40;
