import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Milliseconds that Maven may take to fetch a library, the first time. */
const FETCH_MS = 240_000;

/** Archives of a Java library that judges or talks to us; `why` says why it cannot be used here, null when it can. */
export interface Archives {
  classPath: string;
  why: string | null;
}

/** The archives that a pom names, fetched by Maven when first asked for and kept beside node_modules. */
export function archivesOf(name: string, pom: string): Archives {
  const cache = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'viaduc', name);
  return { classPath: join(cache, '*'), why: missing(cache, name, pom) };
}

function missing(cache: string, name: string, pom: string): string | null {
  if (spawnSync('java', ['-version']).status !== 0) return 'no java on this machine';
  const whole = join(cache, 'whole');
  if (existsSync(whole)) return null;
  if (spawnSync('mvn', ['-v']).status !== 0) return 'no Maven on this machine';
  const args = ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${cache}`];
  if (spawnSync('mvn', args, { timeout: FETCH_MS }).status !== 0) return `Maven could not fetch ${name}`;
  writeFileSync(whole, '');
  return null;
}
