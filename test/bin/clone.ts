import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const bin = join(import.meta.dirname, '..', '..', 'bin');
const platform = process.platform === 'win32' ? 'win' : process.platform;
const runtime = `node_modules/node-${platform}-${process.arch}`;

/** What a lockfile of a made-up clone names: one package needed always, one for development, one for another platform. */
const LOCK = {
  '': { version: '1.0.0' },
  'node_modules/needed': { version: '1.2.0' },
  'node_modules/tool': { version: '3.0.0', dev: true },
  'node_modules/elsewhere': { version: '1.0.0', optional: true },
  [runtime]: { version: '24.9.9', optional: true },
};

export interface Made {
  /** Packages that stand in node_modules, by path, with their version. */
  present?: Record<string, string>;
  /** Whether the pinned Node is installed. */
  pinned?: boolean;
  /** Status that npm ends with. */
  npmStatus?: number;
}

/** A clone with the real bin/ and everything else made up: npm is a script that records how it was called. */
export class Clone {
  readonly folder = mkdtempSync(join(tmpdir(), 'viaduc-clone-'));
  readonly #npmStatus: number;

  constructor({ present = {}, pinned = false, npmStatus = 0 }: Made) {
    this.#npmStatus = npmStatus;
    cpSync(bin, join(this.folder, 'bin'), { recursive: true });
    mkdirSync(join(this.folder, 'src'));
    mkdirSync(join(this.folder, 'node_modules'));
    this.#write('package-lock.json', JSON.stringify({ packages: LOCK }));
    this.#write('src/viaduc.ts', SHOW);
    this.#write('npm.cjs', NPM);
    this.#install(pinned ? { ...present, [runtime]: '24.9.9' } : present);
    if (pinned) this.linkRuntime();
  }

  /** Packages as npm would have noted them. */
  #install(packages: Record<string, string>): void {
    const entries = Object.entries(packages).map(([path, version]) => [path, { version }]);
    if (entries.length > 0)
      this.#write(
        'node_modules/.package-lock.json',
        JSON.stringify({ packages: Object.fromEntries(entries) }),
      );
  }

  linkRuntime(): void {
    mkdirSync(join(this.folder, runtime, 'bin'), { recursive: true });
    symlinkSync(process.execPath, join(this.folder, runtime, 'bin', 'node'));
  }

  #write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }

  /** Runs bin/viaduc.mjs, or another entry, on a Node that says it has the given version. */
  run(args: readonly string[], { entry = 'viaduc.mjs', version = process.versions.node } = {}) {
    const disguise = `Object.defineProperty(process,"versions",{value:{...process.versions,node:"${version}"}});process.execve=undefined`;
    const argv = [
      '--import',
      `data:text/javascript,${encodeURIComponent(disguise)}`,
      join(this.folder, 'bin', entry),
      ...args,
    ];
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, argv, {
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        npm_execpath: join(this.folder, 'npm.cjs'),
        CLONE: this.folder,
        NPM_STATUS: String(this.#npmStatus),
      },
    });
    return { status, signal, stdout, stderr, npm: this.#npmCalls() };
  }

  #npmCalls(): string[] {
    const file = join(this.folder, 'npm.calls');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  }
}

/** What stands for src/viaduc.ts: says with what it runs, and ends as it is told. */
const SHOW = `
const [how, value] = process.argv.slice(2);
if (how === 'exit') process.exitCode = Number(value);
else if (how === 'die') process.kill(process.pid, value);
else console.log(JSON.stringify({ execPath: process.execPath, args: process.argv.slice(2), path: process.env.PATH, flags: process.execArgv }));
if (how === 'die') setInterval(() => {}, 1000);
`;

const NPM = `
const { appendFileSync } = require('node:fs');
appendFileSync(process.env.CLONE + '/npm.calls', process.argv.slice(2).join(' ') + '\\n');
process.exitCode = Number(process.env.NPM_STATUS);
`;

/** Everything that running needs. */
export const COMPLETE = { 'node_modules/needed': '1.2.0' };
export const COMPLETE_FOR_DEVELOPMENT = { ...COMPLETE, 'node_modules/tool': '3.0.0' };
