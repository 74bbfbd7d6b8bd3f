import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../gateway/running.ts';
import { spawnGateway } from '../gateway/spawned.ts';

test('what a killed gateway leaves misleads nobody: commands say that none runs, and the next one starts', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'viaduc-leftovers-'));
  const file = join(folder, 'data', 'endpoints.json');
  const killed = await spawnGateway({ folder });
  try {
    await killed.end('SIGKILL');
    expect(existsSync(file)).toBe(true);
    const message = join(repository, 'samples', 'messages', 'oru-letter.hl7');
    const args = [join(repository, 'src', 'viaduc.ts'), 'sandbox', 'send', message];
    const sent = spawnSync(process.execPath, args, {
      ...{ cwd: folder, encoding: 'utf8', timeout: 30_000 },
      env: { ...process.env, VIADUC_DATA: join(folder, 'data') },
    });
    expect(sent).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no gateway runs on this data folder'),
    });
    const next = await spawnGateway({ folder });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: next.child.pid });
    expect(await next.end()).toMatchObject({ code: 0 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
