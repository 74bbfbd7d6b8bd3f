import { addressOf, Line } from '../../src/sandbox/sender/line.ts';
import { readAcknowledgement } from '../../src/sandbox/sender/message-file.ts';
import { readSample } from './sample-message.ts';

/** Many senders of a hospital, each with a connection that stays open. */
export class Lines {
  readonly #lines: Line[];
  #next = 0;

  private constructor(lines: Line[]) {
    this.#lines = lines;
  }

  static async open(address: string, count: number): Promise<Lines> {
    const where = addressOf(address);
    return new Lines(await Promise.all(Array.from({ length: count }, () => Line.open(where))));
  }

  /** Sends a document in an ORU; rejects unless it is acknowledged with AA. */
  async submit(document: Buffer): Promise<void> {
    this.#next = (this.#next + 1) % this.#lines.length;
    const answer = readAcknowledgement(await this.#lines[this.#next]!.send(readSample(document)));
    if (answer.code !== 'AA')
      throw new Error(`answered ${answer.code}: ${JSON.stringify(answer.errors[0] ?? null)}`);
  }

  close(): void {
    for (const line of this.#lines) line.close();
  }
}
