// Plain JavaScript for any Node >= 18: what must be true before the TypeScript below src/ can run.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the clone. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const NODE_MAJOR = 24;
const windows = process.platform === 'win32';

/**
 * Flags every process of ours runs with: node:sqlite still announces itself as experimental in Node 24; on a machine with
 * much memory each thread would let 128 MB of short-lived objects gather before it looks for garbage; while compiled
 * rules get warm, the middle compiler takes over 100 MB for what it inlines, which the allocator then keeps (the
 * optimising compiler inlines all the same: warm rules are as fast without); and what makes the tree of a document is soon
 * taken for a place where lasting objects are made, so that every tree would lie among the lasting ones, where it is costly
 * to find again that it is garbage: judging took half as much CPU more, and twice the memory.
 */
export const nodeFlags = [
  '--disable-warning=ExperimentalWarning',
  '--max-semi-space-size=16',
  '--no-maglev-inlining',
  '--no-allocation-site-pretenuring',
];

/** glibc gives every thread an arena of its own and keeps what was freed in it: a quarter of the memory of a busy gateway. */
export const nodeEnvironment = { MALLOC_ARENA_MAX: '2' };

/**
 * Installs what package-lock.json names and node_modules lacks. Scripts of packages are never run: none of ours needs one.
 * @param {{ development: boolean }} wanted whether the development packages (tests, checks) are needed too
 */
export function ensureInstalled({ development }) {
  const missing = firstMissingPackage(development);
  if (!missing) return;
  process.stderr.write(`viaduc: installing packages (${missing})…\n`);
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', ...(development ? [] : ['--omit=dev'])];
  const done = runNpm(args);
  if (done.status !== 0)
    fail(`npm ${args.join(' ')} ended with status ${done.status ?? done.signal ?? done.error}`);
}

function runNpm(args) {
  const npm = process.env.npm_execpath;
  const options = { cwd: root, stdio: ['ignore', 2, 2] };
  if (npm && /\.c?js$/.test(npm)) return spawnSync(process.execPath, [npm, ...args], options);
  return spawnSync(windows ? 'npm.cmd' : 'npm', args, { ...options, shell: windows });
}

function firstMissingPackage(development) {
  const wanted = readPackages(join(root, 'package-lock.json'));
  const present = readPackages(join(root, 'node_modules', '.package-lock.json'));
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '' || entry.optional || entry.devOptional || (entry.dev && !development)) continue;
    if (present[path]?.version !== entry.version)
      return `${path.replace(/^node_modules\//, '')} ${entry.version}`;
  }
  return pinnedNode() || runsOnRightNode() ? null : firstRuntime(wanted, present);
}

function firstRuntime(wanted, present) {
  const path = `node_modules/node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  return wanted[path] && !present[path]
    ? `${path.slice('node_modules/'.length)} ${wanted[path].version}`
    : null;
}

function readPackages(file) {
  if (!existsSync(file)) return {};
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
}

/** Path of the Node that the lockfile pins for this platform, or null when npm did not install one. */
export function pinnedNode() {
  const platform = windows ? 'win' : process.platform;
  const file = join(
    root,
    'node_modules',
    `node-${platform}-${process.arch}`,
    'bin',
    windows ? 'node.exe' : 'node',
  );
  return existsSync(file) ? file : null;
}

function runsOnRightNode() {
  return Number(process.versions.node.split('.')[0]) === NODE_MAJOR;
}

/** The Node to run src/ with; ends the process with status 2 and says why when there is none. */
export function rightNode() {
  const pinned = pinnedNode();
  if (pinned) return pinned;
  if (runsOnRightNode()) return process.execPath;
  return fail(
    `this needs Node ${NODE_MAJOR}; no pinned build exists for ${process.platform}-${process.arch}, ` +
      `and this is Node ${process.versions.node}. Install Node ${NODE_MAJOR} and run the command with it.`,
  );
}

/**
 * Runs a program with the right Node first in PATH and ends this process as it ended.
 * The child is told when this process dies, so that a killed wrapper leaves nothing behind.
 * @param {string} program @param {string[]} args @param {Record<string, string>} [environment]
 */
export function become(program, args, environment = {}) {
  const path = [dirname(rightNode()), join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  // Compiled modules are kept between starts; a folder that cannot be written only costs the time to compile.
  const cache = process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules', '.cache', 'node');
  const env = {
    ...nodeEnvironment,
    ...process.env,
    PATH: path,
    NODE_COMPILE_CACHE: cache,
    ...environment,
  };
  if (typeof process.execve === 'function' && !windows) process.execve(program, [program, ...args], env);
  const child = spawn(program, args, {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...env, VIADUC_WRAPPED: '1' },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`cannot run ${program}: ${error.message}`));
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code ?? 1);
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}

/** @returns {never} */
export function fail(message) {
  process.stderr.write(`viaduc: ${message}\n`);
  process.exit(2);
}
