import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectPlain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/gateway/config.ts';
import { type Gateway, startGateway } from '../../src/gateway/gateway.ts';
import { type Clock, systemClock } from '../../src/words/clock.ts';
import { Authority, withoutOpenssl } from '../delivery/dmp/authority.ts';
import { certificates } from './certificates.ts';

describe.skipIf(withoutOpenssl)(`a certificate of a door that is renewed${withoutOpenssl}`, () => {
  let authority: Authority;
  let folder: string;
  let gateway: Gateway;
  /** What waits for a minute to pass. */
  const minute = new Set<() => void>();

  const clock: Clock = {
    now: systemClock.now,
    after(ms, action) {
      if (ms !== 60_000) return systemClock.after(ms, action);
      minute.add(action);
      return () => minute.delete(action);
    },
  };

  function passMinute(): void {
    const due = [...minute];
    minute.clear();
    for (const action of due) action();
  }

  function put(name: string, files: readonly string[] = ['pem', 'key']): void {
    for (const ending of files)
      copyFileSync(join(authority.folder, `${name}.${ending}`), join(folder, `door.${ending}`));
  }

  beforeAll(async () => {
    authority = new Authority();
    for (const name of ['first', 'second', 'third']) authority.issue(name);
    folder = mkdtempSync(join(tmpdir(), 'viaduc-door-'));
    put('first');
    const tls = 'certificate: door.pem, key: door.key';
    writeFileSync(
      join(folder, 'viaduc.yaml'),
      `http: { tls: { ${tls} } }\nmllp: { tls: { port: 0, ${tls} } }\nsandbox: { dmpPort: 0, smtpPort: 0 }\nlog: { level: silent }\n`,
    );
    const variables = {
      ...{ VIADUC_DATA: join(folder, 'data'), VIADUC_SANDBOX_CERTIFICATES: certificates },
      ...{ VIADUC_HTTP_PORT: '0', VIADUC_MLLP_PORT: '0', VIADUC_ADMIN_TOKEN: 'test-admin-token' },
    };
    gateway = await startGateway(readConfig(variables, folder), clock);
  });
  afterAll(async () => {
    // Says nothing and stays: a handshake that has begun must not keep the gateway from closing.
    const silent = connectPlain({ host: '127.0.0.1', port: ports()[1]! });
    silent.on('error', () => {});
    await once(silent, 'connect');
    await gateway.close();
    silent.destroy();
    authority[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const ports = () =>
    [new URL(gateway.endpoints.http).port, gateway.endpoints.mllps!.split(':')[1]!].map(Number);

  function open(port: number): Promise<TLSSocket> {
    return new Promise((done, failed) => {
      const socket = connect({ host: '127.0.0.1', port, ca: authority.certificate }, () => done(socket));
      socket.once('error', failed);
    });
  }

  /** Whose certificates the doors of HTTP and MLLP show to a new connection. */
  const shown = () =>
    Promise.all(
      ports().map(async (port) => {
        const socket = await open(port);
        const { CN } = socket.getPeerCertificate().subject;
        socket.destroy();
        return CN;
      }),
    );

  test('is used by new connections within a minute, and open ones go on', async () => {
    expect(await shown()).toEqual(['first', 'first']);
    const before = await open(ports()[0]!);
    put('second');
    passMinute();
    expect(await shown()).toEqual(['second', 'second']);
    const answer = new Promise<string>((heard) => before.once('data', (bytes) => heard(String(bytes))));
    before.write('GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(await answer).toMatch(/^HTTP\/1\.1 200/);
    before.destroy();
  });

  test('while its key has not followed yet leaves the former in use, and then is taken', async () => {
    put('third', ['pem']);
    passMinute();
    expect(await shown()).toEqual(['second', 'second']);
    put('third', ['key']);
    passMinute();
    expect(await shown()).toEqual(['third', 'third']);
  });
});
