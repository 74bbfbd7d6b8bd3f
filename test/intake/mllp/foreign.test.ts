import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshLetter, type RunningGateway, startTestGateway } from '../../gateway/running.ts';
import { makeMessage } from './making.ts';

const installed = spawnSync('mllp_send', ['--version']).status === 0;
if (!installed) {
  console.log('skipped: mllp_send is not installed (Debian python3-hl7)');
  if (process.env.CI) throw new Error('mllp_send is not installed');
}

let running: RunningGateway;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'viaduc-foreign-'));
  if (installed) running = await startTestGateway();
});
afterAll(async () => {
  await running?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(!installed)('a sender that is not ours: python3-hl7', () => {
  const send = async (name: string, ...messages: Buffer[]) => {
    const file = join(folder, name);
    writeFileSync(file, Buffer.concat(messages));
    const [host, port] = running.gateway.endpoints.mllp!.split(':') as [string, string];
    return (await promisify(execFile)('mllp_send', ['--port', port, '--file', file, '--loose', host])).stdout;
  };

  test('its messages are taken, one after the other, and it reads the acknowledgements', async () => {
    const { document, uniqueId } = freshLetter();
    const out = await send(
      'good.hl7',
      makeMessage({ controlId: 'PY-1', document }),
      makeMessage({ controlId: 'PY-2', document: 'no document' }),
    );
    expect(out).toContain('MSA|AA|PY-1');
    expect(out).toContain('MSA|AE|PY-2');
    expect((await running.call(`/api/submissions?uniqueId=${uniqueId}`)).body.items).toHaveLength(1);
  });
});
