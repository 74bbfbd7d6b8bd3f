import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openKeys } from '../../src/ledger/keys.ts';
import { backUp } from '../../src/ledger/sqlite/backup.ts';
import { openSqliteCopy } from '../../src/ledger/sqlite/copy.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import { freshLetter, repository } from '../gateway/running.ts';
import { spawnGateway } from '../gateway/spawned.ts';

let folder: string;
const at = (...names: string[]) => join(folder, ...names);
const options = () => ({
  ...{ folder: at('data'), target: at('backup') },
  ...{ product: { name: 'Viaduc', version: '0' }, nowMs: Date.now() },
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'viaduc-interrupted-'));
  const gateway = await spawnGateway({ folder });
  for (let one = 0; one < 3; one += 1)
    await gateway.call('/api/submissions?to=dmp', {
      ...{ method: 'POST', headers: { 'content-type': 'application/xml', prefer: 'wait=20' } },
      body: freshLetter().document as RequestInit['body'],
    });
  await gateway.end();
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function problemsIn(data: string): unknown[] {
  const copy = openSqliteCopy(data, openKeys(at('data.key'), false));
  try {
    return verifyLedger(copy).flatMap(({ problems }) => problems);
  } finally {
    copy.close();
  }
}

/** Moves a file of bodies as a purge does: the tables name the new one, the old one is gone. */
function moveBodies(): void {
  const [file] = globSync('bodies/**/*.bodies', { cwd: at('data') });
  const moved = join(dirname(file!), `moved-${Date.now()}.bodies`);
  renameSync(at('data', file!), at('data', moved));
  const database = new DatabaseSync(at('data', 'ledger.sqlite'));
  database.prepare('UPDATE bodies SET file = ? WHERE file = ?').run(moved, file!);
  database.close();
}

describe('bodies that move under the copy of a backup', () => {
  test('are copied again, and the backup is whole', async () => {
    const backing = backUp(options());
    moveBodies();
    await backing;
    expect(problemsIn(at('backup'))).toEqual([]);
    rmSync(at('backup'), { recursive: true });
  });

  test('and never come to rest: it is refused, and nothing of it stays', async () => {
    const [file] = globSync('bodies/**/*.bodies', { cwd: at('data') });
    renameSync(at('data', file!), at('away'));
    await expect(backUp(options())).rejects.toMatchObject({ code: 'ledger.backup-unsettled' });
    expect([existsSync(at('backup')), existsSync(at('backup.partial'))]).toEqual([false, false]);
    renameSync(at('away'), at('data', file!));
  });
});

describe('a restore that is killed', () => {
  test('at any instant leaves no half of a folder, and the next one does it', async () => {
    await backUp(options());
    const instants = [0, 30, 120, 400];
    for (const waitMs of instants) {
      rmSync(at('data'), { recursive: true, force: true });
      await restore(waitMs);
      if (existsSync(at('data'))) expect(problemsIn(at('data'))).toEqual([]);
    }
    rmSync(at('data'), { recursive: true, force: true });
    expect(await restore(null)).toBe(0);
    expect(problemsIn(at('data'))).toEqual([]);
    expect(existsSync(at('data.restoring'))).toBe(false);
  }, 120_000);
});

/** Runs the command; kills it so long after it began to copy, or lets it end. @returns its status */
async function restore(killAfterMs: number | null): Promise<number | null> {
  const child = spawn(process.execPath, [join(repository, 'src', 'viaduc.ts'), 'restore', at('backup')], {
    ...{ cwd: folder, stdio: 'ignore' },
    env: { ...process.env, VIADUC_DATA: at('data') },
  });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  if (killAfterMs !== null) {
    await expect
      .poll(() => existsSync(at('data.restoring')) || child.exitCode !== null, {
        timeout: 30_000,
        interval: 2,
      })
      .toBe(true);
    setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  }
  return (await ended)[0];
}
