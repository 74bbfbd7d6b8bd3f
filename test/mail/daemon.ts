import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const START_MS = 20_000;
const END_MS = 10_000;

/** Passes an end on to its whole group and waits for it. Postfix changes its user, and so forgets whose end is to end it. */
const GUARD = 'trap \'trap "" TERM; kill -TERM 0; wait; exit\' TERM; "$@" & wait';

/**
 * A program that serves in the foreground, leader of its own group of processes; it ends with this process however that ends.
 */
export class Daemon implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #said = '';

  private constructor(program: string, args: string[]) {
    const guarded = ['--pdeathsig', 'TERM', 'sh', '-c', GUARD, 'guard', program, ...args];
    this.#child = spawn('setpriv', guarded, {
      detached: true,
      stdio: 'pipe',
    });
    for (const stream of [this.#child.stdout!, this.#child.stderr!])
      stream.on('data', (chunk) => {
        this.#said += chunk;
      });
    this.#ended = once(this.#child, 'exit');
  }

  /** Started once something listens on every port. */
  static async start(program: string, args: string[], ports: readonly number[]): Promise<Daemon> {
    const daemon = new Daemon(program, args);
    const untilMs = Date.now() + START_MS;
    for (const port of ports)
      while (!(await listens(port))) {
        const gone = daemon.#child.exitCode !== null;
        if (!gone && Date.now() < untilMs) await delay(20);
        else {
          await daemon[Symbol.asyncDispose]();
          throw new Error(`${program} does not listen on ${port}: ${daemon.#said}`);
        }
      }
    return daemon;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#signal('SIGTERM');
    const late = setTimeout(() => this.#signal('SIGKILL'), END_MS);
    await this.#ended;
    clearTimeout(late);
    this.#signal('SIGKILL');
  }

  /** To the whole group: what it started goes with it. */
  #signal(name: 'SIGTERM' | 'SIGKILL'): void {
    try {
      process.kill(-this.#child.pid!, name);
    } catch {
      // Nothing of the group is left.
    }
  }
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
