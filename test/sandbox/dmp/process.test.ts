import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readOptions } from '../../../src/sandbox/dmp/options.ts';
import { startDmpSimulator } from '../../../src/sandbox/dmp/simulator.ts';
import { isViaducError } from '../../../src/words/errors.ts';
import { deposit, mtom, query, refsOf, send, statusOf } from './requests.ts';
import { call } from './running.ts';

const main = join(import.meta.dirname, '..', '..', '..', 'src', 'sandbox', 'dmp', 'main.ts');

interface Started {
  child: ChildProcess;
  dmp: string;
  admin: string;
}

function launch(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function start(...args: string[]): Promise<Started> {
  const child = launch('--port', '0', ...args);
  const [line] = await once(child.stdout!, 'data');
  return { child, ...(JSON.parse(String(line)) as { dmp: string; admin: string }) };
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'viaduc-dmp-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

describe('the process', () => {
  test('says where it listens, serves, and ends cleanly on SIGTERM', async () => {
    const { child, dmp } = await start();
    expect(dmp).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/si-dmp-server\/v2\/services$/);
    expect(statusOf(await send(dmp, mtom(deposit())))).toBe('Success');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('ends when its parent disconnects, even with a request that hangs', async () => {
    const { child, dmp, admin } = await start();
    await call(admin, 'POST', '/faults', { fault: 'hang' }, 201);
    const hanging = send(dmp, query('1.2.3')).catch((error) => error.code);
    while ((await call<{ requests: number }>(admin, 'GET', '/counts')).requests === 0);
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(await hanging).toBe('ECONNRESET');
  });

  test('what it answered Success to outlives kill -9', async () => {
    const store = join(folder(), 'dmp.db');
    const { child, dmp } = await start('--store', store);
    const requests = Array.from({ length: 20 }, () => deposit());
    const replies = await Promise.all(requests.map((request) => send(dmp, mtom(request))));
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(replies.map(statusOf)).toEqual(requests.map(() => 'Success'));
    const again = await startDmpSimulator({ storePath: store });
    onTestFinished(() => again.close());
    for (const { uniqueId } of requests)
      expect(refsOf(await send(again.url, query(uniqueId)))).toHaveLength(1);
  });

  test('takes patients and switches, and refuses what it cannot read', async () => {
    const file = join(folder(), 'patients.json');
    const patient = { matricule: '279035121518989', root: '1.2.250.1.213.1.4.10', label: 'x' };
    writeFileSync(file, JSON.stringify([{ ...patient, dmp: { state: 'absent' } }]));
    const { dmp } = await start(
      '--patients',
      file,
      '--switches',
      '{"errorCodes":{"patientAbsent":"DMPAbsent"}}',
    );
    expect((await send(dmp, mtom(deposit()))).text).toContain('errorCode="DMPAbsent"');

    const wrong = launch('--port', '0', '--patients', join(folder(), 'none.json'));
    const [text] = await once(wrong.stderr!, 'data');
    expect(String(text)).toContain('Option patients');
    expect(await once(wrong, 'exit')).toEqual([2, null]);
  });

  test('a port in use is told, and nothing stays behind', async () => {
    const first = await startDmpSimulator();
    onTestFinished(() => first.close());
    const port = Number(new URL(first.url).port);
    await expect(startDmpSimulator({ port })).rejects.toThrow('EADDRINUSE');
    await expect(startDmpSimulator({ adminPort: port })).rejects.toThrow('EADDRINUSE');
  });
});

describe('options', () => {
  test('come from the environment, and from the command line before it', () => {
    const environment = {
      VIADUC_SANDBOX_DMP_PORT: '18081',
      VIADUC_SANDBOX_DMP_STORE: '/tmp/a.db',
      VIADUC_SANDBOX_DMP_ADMIN_PORT: '18082',
    };
    expect(readOptions(['--store', '/tmp/b.db'], environment)).toEqual({
      port: 18081,
      adminPort: 18082,
      host: '127.0.0.1',
      storePath: '/tmp/b.db',
    });
    expect(readOptions([], {})).toEqual({
      port: 8081,
      adminPort: 0,
      host: '127.0.0.1',
      storePath: ':memory:',
    });
  });

  test.each([
    ['--port', '65536'],
    ['--port', 'http'],
    ['--admin-port', '-1'],
    ['--switches', '{"x":1}'],
    ['--switches', '{'],
    ['--other', 'x'],
  ])('%s %s is refused', (...args) => {
    const attempt = (): unknown => {
      try {
        return readOptions(args, {});
      } catch (error) {
        return isViaducError(error, 'sandbox.option-wrong');
      }
    };
    expect(attempt()).toBe(true);
  });
});
