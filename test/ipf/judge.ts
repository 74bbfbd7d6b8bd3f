import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archivesOf } from '../house/maven.ts';

const archives = archivesOf('ipf', join(import.meta.dirname, 'pom.xml'));

/** Why Open eHealth IPF cannot judge here, or null when it can. */
export const withoutIpf = archives.why;

/** The one archive of a module among those that IPF needs. */
export function ipfArchive(module: string): string {
  return globSync(archives.classPath.replace(/\*$/, `${module}-[0-9]*.jar`))[0]!;
}

/** Milliseconds for all messages of one call: Java compiles the program, then reads each. */
const JUDGE_MS = 120_000;

export interface Verdict {
  valid: boolean;
  /** The reason of a refusal; else what IPF read of each document, see Ipf.java. */
  said: string[];
}

/**
 * Verdicts of IPF's validators on messages as they go over the wire (Content-Type, an empty line, the body), by the names
 * given to them.
 */
export function judgedByIpf(messages: Record<string, string>): Record<string, Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'viaduc-ipf-'));
  try {
    const names = Object.keys(messages);
    names.forEach((name, index) => {
      writeFileSync(join(folder, String(index)), messages[name]!, 'latin1');
    });
    const args = ['-Xmx256m', '-cp', archives.classPath, join(import.meta.dirname, 'Ipf.java'), folder];
    const out = execFileSync('java', args, {
      encoding: 'utf8',
      timeout: JUDGE_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return Object.fromEntries(
      out
        .trimEnd()
        .split('\n')
        .map((line) => verdict(names, line)),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function verdict(names: readonly string[], line: string): [string, Verdict] {
  const [index, word, ...said] = line.split('\t');
  return [names[Number(index)]!, { valid: word === 'valid', said }];
}
