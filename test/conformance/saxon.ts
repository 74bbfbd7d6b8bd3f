import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** Where Debian's `libsaxonhe-java` puts Saxon-HE. */
const SAXON = '/usr/share/java/Saxon-HE.jar';

/** A Maven artifact that carries the ISO skeleton for XSLT 2 (MIT licence) among its resources. */
const SKELETON = { group: 'com.helger.schematron', name: 'ph-schematron-xslt', version: '8.0.6' };

const cache = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'viaduc');

/** The archive with the skeleton, fetched by Maven when first asked for; `VIADUC_ISO_SCHEMATRON` names another one. */
function skeleton(): string | null {
  const { group, name, version } = SKELETON;
  const archive = process.env.VIADUC_ISO_SCHEMATRON ?? join(cache, `${name}-${version}.jar`);
  if (!existsSync(archive)) {
    mkdirSync(cache, { recursive: true });
    const artifact = [`-Dartifact=${group}:${name}:${version}`, `-DoutputDirectory=${cache}`];
    spawnSync('mvn', ['-q', '-B', 'dependency:copy', ...artifact], { timeout: 180_000 });
  }
  return existsSync(archive) ? archive : null;
}

/** Why Saxon cannot evaluate XPath here, or null when it can. */
export function withoutSaxon(): string | null {
  if (spawnSync('java', ['-version']).status !== 0) return 'no java on this machine';
  return existsSync(SAXON) ? null : `no ${SAXON} on this machine (Debian package libsaxonhe-java)`;
}

/** Why Saxon cannot judge by Schematrons here, or null when it can. */
export function withoutSkeleton(): string | null {
  return withoutSaxon() ?? (skeleton() ? null : `no ISO skeleton: Maven could not fetch ${SKELETON.name}`);
}

/** What Saxon says of one document by one Schematron. */
export interface SaxonVerdict {
  /** Failed assertions and successful reports. */
  failed: [message: string, location: string, role: string][];
  /** Why it stopped before the end, or null. */
  aborted: string | null;
  ms: number;
}

export interface SaxonAnswer {
  parseMs: number;
  /** By the path of the Schematron. */
  verdicts: Readonly<Record<string, SaxonVerdict>>;
}

/** Characters kept of what Java says on its error output. */
const COMPLAINT_LENGTH = 2000;

/** Saxon-HE in a process of its own, warm from one document to the next. */
export class SaxonProcess {
  readonly #java: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #waiting: { resolve(line: string): void; reject(error: Error): void }[] = [];

  #complaint = '';

  /** @param options those of the program, such as `--keep` */
  constructor(program: 'Saxon' | 'XPath', options: readonly string[] = []) {
    const jars = program === 'Saxon' ? `${SAXON}:${skeleton()}` : SAXON;
    const file = join(import.meta.dirname, `${program}.java`);
    this.#java = spawn('java', ['-cp', jars, '-Xss16m', file, ...options], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const lines = createInterface({ input: this.#java.stdout });
    lines.on('line', (line) => this.#waiting.shift()?.resolve(line));
    this.#java.stderr.on('data', (text: Buffer) => {
      this.#complaint = (this.#complaint + text).slice(-COMPLAINT_LENGTH);
    });
    this.#java.stdin.on('error', () => {});
    this.#java.on('exit', (status) => {
      for (const { reject } of this.#waiting.splice(0))
        reject(new Error(`java ended with ${status}: ${this.#complaint}`));
    });
  }

  /** Sends a line, without tabs or line ends in its fields, and waits for the answer to it. */
  ask(fields: readonly string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#java.stdin.write(`${fields.join('\t')}\n`);
    });
  }

  /** @returns null when the document is not well-formed to Saxon's parser */
  async judge(document: string, schematrons: readonly string[]): Promise<SaxonAnswer | null> {
    const answer = JSON.parse(await this.ask([document, ...schematrons]));
    return 'refused' in answer ? null : (answer as SaxonAnswer);
  }

  end(): void {
    this.#java.stdin.end();
  }
}

/** Name by which the reference verdicts know a Schematron. */
export function schematronName(path: string): string {
  return basename(path, '.sch');
}
