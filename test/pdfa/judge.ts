import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { archivesOf } from '../house/maven.ts';

const archives = archivesOf('verapdf', join(import.meta.dirname, 'pom.xml'));

/** Why veraPDF cannot judge here, or null when it can. */
export const withoutVera = archives.why;

/** Milliseconds for all files of one call: Java compiles the program, then reads each. */
const JUDGE_MS = 240_000;

/** The rules of PDF/A-1b that each file breaks, by file; none when it keeps them all. */
export function brokenRules(files: readonly string[]): Record<string, string[]> {
  const args = ['-Xmx400m', '-cp', archives.classPath, join(import.meta.dirname, 'Vera.java'), ...files];
  const out = execFileSync('java', args, {
    encoding: 'utf8',
    timeout: JUDGE_MS,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const lines = out
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
  return Object.fromEntries(
    lines.map(([file, kept, broken]) => [file!, kept === 'true' ? [] : broken!.split(' ')]),
  );
}
