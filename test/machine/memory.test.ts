import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dmpClient, freshLetter } from '../gateway/running.ts';
import { type SpawnedGateway, spawnDmp, spawnGateway } from '../gateway/spawned.ts';
import { usable } from './programs.ts';

/** What the system grants a gateway that runs, beyond what it has, and a crowd of letters that needs more. */
const GRANTED_BYTES = 24_000_000;
const LARGE_BYTES = 8_000_000;

/** Lets a process have so many bytes of data more and none beyond. */
function limitMemory(pid: number): void {
  const [, kilobytes] = /VmData:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  const limit = Number(kilobytes) * 1024 + GRANTED_BYTES;
  execFileSync('prlimit', ['--pid', String(pid), `--data=${limit}:${limit}`]);
}

test('a gateway whose memory runs out loses nothing that it acknowledged, and sends nothing twice', async (context) => {
  const why = usable('prlimit', ['--version']);
  if (why) return context.skip(why);
  const folder = mkdtempSync(join(tmpdir(), 'viaduc-memory-'));
  const dmp = await spawnDmp(folder);
  let gateway = await spawnGateway({ folder, dmp: dmp.dmp });
  try {
    const before = await take(gateway, 0, 3);
    expect(before).toHaveLength(3);
    limitMemory(gateway.child.pid!);
    const during = await take(gateway, LARGE_BYTES, 24);
    expect(during.length).toBeLessThan(24);
    await gateway.end('SIGKILL');
    gateway = await spawnGateway({ folder, dmp: dmp.dmp });
    for (const id of [...before, ...during])
      await expect
        .poll(async () => (await gateway.call(`/api/submissions/${id}`)).body.state, { timeout: 20_000 })
        .toBe('final');
    expect(await dmpClient(dmp.admin).counts()).toMatchObject({ doubleDeposits: [] });
    expect((await gateway.call('/api/ledger/verification')).body.problems).toEqual([]);
  } finally {
    await gateway.end('SIGKILL');
    await dmp.end();
    rmSync(folder, { recursive: true, force: true });
  }
  return undefined;
}, 120_000);

/** Hands so many letters over at once, each with a comment of so many bytes. @returns those that were acknowledged */
async function take(gateway: SpawnedGateway, bytes: number, count: number): Promise<string[]> {
  const send = async () => {
    const text = freshLetter().document.toString('utf8');
    const document = text.replace(
      '</ClinicalDocument>',
      `<!--${' x'.repeat(bytes / 2)}--></ClinicalDocument>`,
    );
    const answer = await gateway.call('/api/submissions?to=dmp', {
      ...{ method: 'POST', headers: { 'content-type': 'application/xml' }, body: document },
    });
    return answer.status === 202 ? [answer.body.id as string] : [];
  };
  const answers = await Promise.allSettled(Array.from({ length: count }, send));
  return answers.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
}
