import { execFileSync, spawnSync } from 'node:child_process';
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

/** Ports of loopback that were free a moment ago, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => new Promise((done) => server.once('listening', done))));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}
