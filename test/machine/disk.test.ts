import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freshLetter } from '../gateway/running.ts';
import { type SpawnedGateway, spawnDmp, spawnGateway } from '../gateway/spawned.ts';
import { usable } from './programs.ts';

let folder: string;
let dmp: Awaited<ReturnType<typeof spawnDmp>>;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'viaduc-disk-'));
  dmp = await spawnDmp(folder);
});
afterEach(async () => {
  await dmp.end();
  rmSync(folder, { recursive: true, force: true });
});

const submit = (gateway: SpawnedGateway, document: Buffer) =>
  gateway.call('/api/submissions?to=dmp', {
    method: 'POST',
    headers: { 'content-type': 'application/xml', prefer: 'wait=20' },
    body: document as RequestInit['body'],
  });

const WRITING = 'pwrite64,write,pwritev,writev,ftruncate,fsync,fdatasync';

/** Makes every call of a running process that writes one of the files fail as the system would fail it. */
async function failing(
  gateway: SpawnedGateway,
  error: string,
  files: readonly string[],
): Promise<ChildProcess> {
  const paths = files.flatMap((file) => ['-P', file]);
  const inject = ['-e', `trace=${WRITING}`, '-e', `inject=${WRITING}:error=${error}`];
  const options = ['-f', '-p', String(gateway.child.pid), '-o', '/dev/null', ...paths, ...inject];
  const strace = spawn('strace', options, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  for await (const chunk of strace.stderr!) {
    said += String(chunk);
    if (said.includes('attached')) return strace;
  }
  throw new Error(said);
}

async function mended(strace: ChildProcess): Promise<void> {
  strace.kill('SIGTERM');
  await once(strace, 'exit');
}

describe('a disk that fails under a running gateway', () => {
  test.for([
    { error: 'EIO', where: 'the ledger', patterns: ['ledger.sqlite-wal'] },
    { error: 'EIO', where: 'the bodies', patterns: ['bodies/**/*.bodies'] },
    { error: 'EROFS', where: 'both', patterns: ['ledger.sqlite-wal', 'bodies/**/*.bodies'] },
  ])(
    'by $error in $where: nothing is acknowledged; mended, everything goes on and nothing is lost',
    { timeout: 120_000 },
    async ({ error, patterns }, { skip }) => {
      const why = usable('strace', ['-f', '-e', 'inject=fsync:error=EIO', '-o', '/dev/null', 'true']);
      if (why) return skip(why);
      const gateway = await spawnGateway({ folder, dmp: dmp.dmp });
      try {
        const before = await submit(gateway, freshLetter().document);
        expect(before.body).toMatchObject({ state: 'final' });
        const { document } = freshLetter();
        const data = join(folder, 'data');
        const strace = await failing(
          gateway,
          error,
          globSync(patterns, { cwd: data }).map((file) => join(data, file)),
        );
        const refused = await submit(gateway, document);
        await mended(strace);
        expect(refused).toMatchObject({ status: 503, body: { code: 'ledger.write-failed' } });
        await expect
          .poll(async () => (await submit(gateway, document)).status, { timeout: 30_000 })
          .toBe(200);
        expect(await gateway.end()).toMatchObject({ code: 0 });
        const again = await spawnGateway({ folder, dmp: dmp.dmp });
        expect((await again.call(`/api/submissions/${before.body.id}`)).body).toMatchObject({
          state: 'final',
        });
        expect((await again.call('/api/ledger/verification')).body.problems).toEqual([]);
        expect(await (await fetch(`${dmp.admin}/counts`)).json()).toMatchObject({
          documents: 2,
          doubleDeposits: [],
        });
        await again.end();
      } finally {
        await gateway.end('SIGKILL');
      }
      return undefined;
    },
  );
});

describe('a disk that is mounted for reading only', () => {
  test('is told at the start, with what to do', async (context) => {
    const data = join(folder, 'data');
    mkdirSync(data);
    const why = usable('mount', ['-t', 'tmpfs', '-o', 'ro,size=1m', 'tmpfs', data]);
    if (why) return context.skip(why);
    try {
      await expect(spawnGateway({ folder, dmp: dmp.dmp })).rejects.toThrow(
        /cannot be written: .*ledger\.folder-not-writable\]\n.*mounted for writing/s,
      );
    } finally {
      spawnSync('umount', [data]);
    }
    return undefined;
  });
});
