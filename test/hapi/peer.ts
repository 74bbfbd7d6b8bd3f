import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { archivesOf } from '../house/maven.ts';

const archives = archivesOf('hapi', join(import.meta.dirname, 'pom.xml'));

/** Why HAPI HL7v2 cannot be used here, or null when it can. */
export const withoutHapi = archives.why;

/** A hospital application made of HAPI HL7v2, in a process of its own: see Hapi.java for what its lines are. */
export class HapiPeer {
  readonly #java: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: string[][] = [];
  #waiting: (() => void)[] = [];

  constructor() {
    const program = join(import.meta.dirname, 'Hapi.java');
    this.#java = spawn('java', ['-Xmx256m', '-cp', archives.classPath, program], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    createInterface({ input: this.#java.stdout }).on('line', (line) => this.#take(line));
    this.#java.on('exit', (status) => this.#take(`problem\tjava ended with ${status}`));
  }

  #take(line: string): void {
    this.#lines.push(line.split('\t'));
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** The next line of a kind, without its kind. */
  async next(kind: 'port' | 'ack' | 'notice'): Promise<string[]> {
    for (;;) {
      const problem = this.#lines.find(([first]) => first === 'problem');
      if (problem) throw new Error(`HAPI: ${problem[1]}`);
      const index = this.#lines.findIndex(([first]) => first === kind);
      if (index >= 0) return this.#lines.splice(index, 1)[0]!.slice(1);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Sends the message in a file by HAPI's client, and gives what HAPI read of the acknowledgement. */
  send(endpoint: string, file: string): Promise<string[]> {
    const [host, port] = endpoint.split(':') as [string, string];
    this.#java.stdin.write(`${host}\t${port}\t${file}\n`);
    return this.next('ack');
  }

  async close(): Promise<void> {
    this.#java.stdin.end();
    if (this.#java.exitCode === null) await once(this.#java, 'exit');
  }
}
