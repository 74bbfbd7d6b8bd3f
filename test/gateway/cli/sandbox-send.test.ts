import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningGateway, repository, startTestGateway } from '../running.ts';

let running: RunningGateway;
beforeAll(async () => {
  running = await startTestGateway();
});
afterAll(() => running.close());

async function send(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const child = spawn(process.execPath, [join(repository, 'src', 'viaduc.ts'), 'sandbox', 'send', ...args], {
    cwd: repository,
    env: { ...process.env, VIADUC_DATA: running.data },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const [status] = (await once(child, 'exit')) as [number];
  return { status, out, err };
}

const file = (name: string) => join('samples', 'messages', name);

describe('sandbox send', () => {
  test('finds the running gateway, sends in order, prints each acknowledgement', async () => {
    const files = [
      'oru-biology.hl7',
      'oru-letter.hl7',
      'mdm-letter-replacement.hl7',
      'mdm-letter-deletion.hl7',
    ];
    const { status, out } = await send(...files.map(file));
    expect(
      out
        .split('\n')
        .filter((line) => /^A[AER] /.test(line))
        .map((line) => line.slice(0, 2)),
    ).toEqual(['AA', 'AA', 'AA', 'AA']);
    expect(status).toBe(0);
  });

  test('says code, place and words of a refusal', async () => {
    const { status, out } = await send(file('oru-no-document.hl7'), file('oru-not-validated.hl7'));
    expect(status).toBe(1);
    expect(out).toMatch(/^AE .*oru-no-document/m);
    expect(out).toContain('E OBX^1^5^1^5  207 Application error  message.not-a-document');
    expect(out).toMatch(/^AE .*oru-not-validated/m);
    expect(out).toContain('ins.not-qualified');
  });

  test.each(['iso-8859-15', 'iso-8859-1', 'utf-8'])('writes messages in %s', async (charset) => {
    const { out } = await send('--charset', charset, '--times', '2', '--rate', '20', file('oru-letter.hl7'));
    expect(out.match(/^AA /gm)).toHaveLength(2);
  });

  test('wrong use is told', async () => {
    expect((await send()).status).toBe(2);
    expect((await send('--to', '127.0.0.1:1', file('oru-letter.hl7'))).err).toContain('ECONNREFUSED');
    const noMessage = await send('package.json');
    expect([noMessage.status, noMessage.err]).toEqual([
      2,
      expect.stringContaining('package.json: no HL7 v2'),
    ]);
    expect(noMessage.err).not.toContain('    at ');
    expect((await send('no-such-file.hl7')).err).toContain('ENOENT');
    expect((await send('--charset', 'big5', file('oru-letter.hl7'))).status).toBe(2);
  });
});
