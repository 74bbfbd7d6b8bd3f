import { execFileSync, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';

export const POSTFIX_MASTER = '/usr/lib/postfix/sbin/master';

const REASONS: [boolean, string][] = [
  [!existsSync(POSTFIX_MASTER), 'no Postfix'],
  [!existsSync('/usr/lib/dovecot/lmtp') || !existsSync('/usr/lib/dovecot/imap'), 'no Dovecot'],
  [spawnSync('openssl', ['version']).status !== 0, 'no openssl'],
  [spawnSync('setpriv', ['--version']).status !== 0, 'no setpriv'],
  [process.getuid?.() !== 0, 'Postfix starts as root only'],
];

const reason = REASONS.find(([missing]) => missing)?.[1];

/** Why tests with real mail servers are skipped, empty when they run. */
export const withoutMailServers = reason ? ` [skipped: ${reason}]` : '';

if (reason && process.env.CI === 'true') throw new Error(`mail servers: ${reason}`);

/** Number of a system account or group. */
export function idOf(kind: 'passwd' | 'group', name: string): number {
  return Number(execFileSync('getent', [kind, name], { encoding: 'utf8' }).split(':')[2]);
}

/** Below those that the system gives to connections: a server that is started again finds its port as it left it. */
const LOWEST = 12_000;
const HIGHEST = 32_000;

/** Ports of loopback that are free, all different, and that nobody is given by chance. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(LOWEST, HIGHEST);
    if (!ports.has(port) && (await isFree(port))) ports.add(port);
  }
  return [...ports];
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((answer) => {
    server.once('error', () => answer(false));
    server.listen(port, '127.0.0.1', () => server.close(() => answer(true)));
  });
}
