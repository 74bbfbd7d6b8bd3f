import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { certificates } from './certificates.ts';
import { repository } from './running.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'viaduc-stopping-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a gateway that was started by a wrapper ends when it is asked to, while the wrapper waits for it', async () => {
  const variables = {
    VIADUC_DATA: join(folder, 'data'),
    VIADUC_HTTP_PORT: '0',
    VIADUC_MLLP_PORT: '0',
    VIADUC_SANDBOX_DMP_PORT: '0',
    VIADUC_SANDBOX_SMTP_PORT: '0',
    VIADUC_SANDBOX_CERTIFICATES: certificates,
  };
  const child = spawn(process.execPath, [join(repository, 'src', 'viaduc.ts'), 'serve'], {
    cwd: folder,
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
  });
  const ended = once(child, 'exit');
  let printed = '';
  child.stdout!.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  await expect.poll(() => printed, { timeout: 20_000 }).toContain('viaduc is ready');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
  expect(await ended).toEqual([0, null]);
  clearTimeout(late);
});
