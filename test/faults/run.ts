import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What became of a file of tests. */
export interface FileResult {
  file: string;
  ms: number;
  /** Names of the tests that failed; the message when the file could not even be read. */
  failed: string[];
}

export interface RunOptions {
  files: readonly string[];
  /** Milliseconds after which the run and everything it started are killed. */
  limitMs: number;
  /** Whether the first failure ends the run. */
  bail: boolean;
  environment?: Record<string, string>;
}

/** Null when the time was up. */
export type RunResult = FileResult[] | null;

/** Runs some of the tests of a copy of the tree, at a low priority, in a process group that ends with it. */
export async function runTests(
  copy: string,
  { files, limitMs, bail, environment }: RunOptions,
): Promise<RunResult> {
  const output = join(copy, 'results.json');
  rmSync(output, { force: true });
  const options = ['--config', 'test/faults/vitest.config.ts', '--reporter=json', `--outputFile=${output}`];
  const vitest = ['bin/run.mjs', 'vitest', 'run', ...options, ...(bail ? ['--bail', '1'] : []), ...files];
  const child = spawn('nice', ['-n', '10', process.execPath, ...vitest], {
    cwd: copy,
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, CI: 'false', TMPDIR: join(copy, 'scratch'), ...environment },
  });
  running = child;
  const inTime = await endsWithin(child, limitMs);
  endRun();
  return inTime ? readResults(copy, output) : null;
}

async function endsWithin(child: ChildProcess, limitMs: number): Promise<boolean> {
  const late = new AbortController();
  const ended = once(child, 'exit', { signal: late.signal });
  const timer = setTimeout(() => late.abort(), limitMs);
  try {
    await ended;
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

let running: ChildProcess | null = null;

/** Kills the run under way and what it left behind, such as a gateway whose test did not come to its end. */
export function endRun(): void {
  try {
    if (running?.pid) process.kill(-running.pid, 'SIGKILL');
  } catch {
    // Nothing was left.
  }
  running = null;
}

interface JsonReport {
  testResults: {
    name: string;
    status: string;
    message: string;
    startTime: number;
    endTime: number;
    assertionResults: { fullName: string; status: string }[];
  }[];
}

function readResults(copy: string, output: string): FileResult[] {
  if (!existsSync(output)) return [{ file: '', ms: 0, failed: ['the run ended without a result'] }];
  const { testResults } = JSON.parse(readFileSync(output, 'utf8')) as JsonReport;
  return testResults.map(({ name, status, message, startTime, endTime, assertionResults }) => {
    const failed = assertionResults.filter((one) => one.status === 'failed').map(({ fullName }) => fullName);
    const broken = status === 'failed' && failed.length === 0 ? [message.split('\n')[0] ?? ''] : [];
    return { file: relative(copy, name), ms: endTime - startTime, failed: [...failed, ...broken] };
  });
}
