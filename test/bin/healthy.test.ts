import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'viaduc-healthy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Exit status of the health check of the container. */
async function check(): Promise<number> {
  const script = join(import.meta.dirname, '..', '..', 'bin', 'healthy.mjs');
  const child = spawn(process.execPath, [script], { env: { VIADUC_DATA: folder }, stdio: 'ignore' });
  const [status] = (await once(child, 'exit')) as [number];
  return status;
}

test('no gateway is not healthy', async () => {
  expect(await check()).toBe(1);
});

test.each([
  [200, 0],
  [503, 1],
])('a gateway that answers %i gives status %i', async (answer, status) => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(answer).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const http = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeFileSync(join(folder, 'endpoints.json'), JSON.stringify({ http }));
  expect(await check()).toBe(status);
  expect(asked).toEqual(['/health/ready']);
  server.close();
});
