import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repository } from '../running.ts';

const ownPack = join(repository, 'profiles', 'packs', 'viaduc');
const samples = ['biology-level3', 'discharge-letter', 'imaging-report'].map((name) =>
  join(repository, 'samples', 'documents', `${name}.xml`),
);

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'viaduc-caches-'));
  chmodSync(home, 0o755);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** `uid` is another user to run as. */
interface As {
  cache: string;
  uid?: number;
}

/** What `validate` says of the samples by our own pack, apart from the time that it takes. */
async function validated({ cache, uid }: As): Promise<{ status: number; said: string; err: string }> {
  const args = [join(repository, 'src', 'viaduc.ts'), 'validate', '--pack', ownPack, '--format', 'json'];
  const child = spawn(process.execPath, [...args, ...samples], {
    cwd: repository,
    env: { ...process.env, NODE_NO_WARNINGS: '1', VIADUC_CACHE: cache, VIADUC_DATA: join(home, 'no-data') },
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (err += chunk));
  const [status] = (await once(child, 'close')) as [number];
  return { status, said: out.replaceAll(/"ms":[\d.]+/g, ''), err };
}

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());

describe('a cache folder', { timeout: 120_000 }, () => {
  let alone: Awaited<ReturnType<typeof validated>>;
  beforeAll(async () => {
    alone = await validated({ cache: join(home, 'alone') });
    expect(alone.said.split('\n').length).toBe(samples.length + 1);
  });

  test('on which several processes start at once gives each the same verdicts, and is whole afterwards', async () => {
    const cache = join(home, 'shared');
    const found = await Promise.all([1, 2, 3].map(() => validated({ cache })));
    for (const one of found) expect(one).toEqual(alone);
    const names = filesIn(cache).map(({ name }) => name);
    expect(names.length).toBe(filesIn(join(home, 'alone')).length);
    expect(names.filter((name) => name.endsWith('.new'))).toEqual([]);
    expect(await validated({ cache })).toEqual(alone);
  });

  const root = process.getuid?.() === 0;
  const reachable = (statSync(repository).mode & 0o005) === 0o005;
  const why = root && !reachable ? 'another user cannot read the repository' : null;
  test.skipIf(why)(
    `that may not be written costs time and nothing else${why ? ` (skipped: ${why})` : ''}`,
    async () => {
      const cache = join(home, 'locked');
      mkdirSync(cache);
      chmodSync(cache, 0o555);
      const found = await validated(root ? { cache, uid: 65_534 } : { cache });
      expect(found).toEqual(alone);
      expect(filesIn(cache)).toEqual([]);
      chmodSync(cache, 0o755);
    },
  );

  test('that is filled is read, and not written again', async () => {
    const cache = join(home, 'alone');
    const before = filesIn(cache).map(({ parentPath, name }) => statSync(join(parentPath, name)).mtimeMs);
    expect(await validated({ cache })).toEqual(alone);
    expect(filesIn(cache).map(({ parentPath, name }) => statSync(join(parentPath, name)).mtimeMs)).toEqual(
      before,
    );
  });
});
