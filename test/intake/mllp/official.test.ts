import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningGateway, shared, startTestGateway } from '../../gateway/running.ts';
import { MllpClient } from './client.ts';
import { OFFICIAL_ANSWERS } from './official-answers.ts';

if (!shared) console.log('skipped: the official HL7 v2 examples are not there (VIADUC_SHARED)');

const folder = join(shared ?? '', 'ans', 'hl7V2-exemples');
let running: RunningGateway;
let listener: Server;
const notices: string[] = [];
let told: (() => void) | null = null;

const yaml = (port: number) => {
  const sender = (id: string, application: string) =>
    `  - { id: ${id}, establishment: demo, structures: '*', mllp: { application: ${application}, addresses: [127.0.0.1], profile: observation }, notices: { host: 127.0.0.1, port: ${port} } }`;
  return `senders:\n${sender('ris', 'RIS-Y')}\n${sender('sil', 'SIL-Y')}\n`;
};

/** Every example has the same MSH-10, and the same names: each run of a file is given its own. */
function message(file: string, mode: 'enforced' | 'observed', index: number): Buffer {
  const text = readFileSync(join(folder, file)).toString('latin1');
  const sender = mode === 'observed' ? (name: string) => name : (name: string) => `${name}-strict`;
  const header = text.replace(
    /^(MSH\|[^|]*\|)([^|]*)/,
    (_, start: string, name: string) => start + sender(name),
  );
  return Buffer.from(header.replace(/\|015\|/, `|${mode}-${index}|`), 'latin1');
}

async function answer(file: string, mode: 'enforced' | 'observed', index: number): Promise<string> {
  const client = await MllpClient.open(running.gateway.endpoints.mllp!);
  client.write(message(file, mode, index));
  client.socket.end();
  const ack = await client.ack(0).catch(() => null);
  client.close();
  if (!ack) return 'none';
  if (mode === 'observed' && ack.code === 'AA') await settled();
  const first = ack.errors.find(({ severity }) => severity === 'E');
  return [ack.code, ...(first ? [first.condition, first.place, first.code] : [])].join(' ');
}

/** A version that has not left when the next one comes never leaves: each is waited for. */
async function settled(): Promise<void> {
  const newest = async () => (await running.call('/api/submissions?limit=1')).body.items[0].state;
  await expect.poll(newest, { timeout: 20_000 }).toBe('final');
}

beforeAll(async () => {
  listener = createServer((socket) => {
    socket.on('data', (chunk) => {
      const text = chunk.toString();
      notices.push(text);
      told?.();
      const id = text.split('|')[9];
      const reply = `MSH|^~\\&|A|B|C|D|20260101||ACK^Z01^ACK|9|P|2.6|||||FRA|UNICODE UTF-8\rMSA|AA|${id}\r`;
      socket.write(`\x0b${reply}\x1c\r`);
    });
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  if (!shared) return;
  running = await startTestGateway({ yaml: yaml((listener.address() as AddressInfo).port) });
  // A replacement of them asks for a secret connection and stays visible to representatives, which a strict DMP refuses.
  await running.dmp.switches({ secretConnection: 'any' });
});

afterAll(async () => {
  await running?.close();
  listener.close();
});

describe.skipIf(!shared)('the official messages over a socket', () => {
  test('are all in the table', () => {
    const files = globSync('**/*', { cwd: folder }).filter((file) =>
      /\.(er7|hl7)$|Message metier/.test(file),
    );
    const admissions = /^(SGL|Vague 2\/Consentement)/;
    expect(files.filter((file) => !admissions.test(file)).toSorted()).toEqual(
      OFFICIAL_ANSWERS.map(({ file }) => file).toSorted(),
    );
  });

  for (const mode of ['enforced', 'observed'] as const)
    for (const [index, expected] of OFFICIAL_ANSWERS.entries())
      test(`${mode}: ${expected.file} (${expected.why})`, async () => {
        expect(await answer(expected.file, mode, index)).toBe(expected[mode]);
      });

  test('the full ones are deposited, replaced and deleted in the DMP', async () => {
    const ends = async () => {
      const list = await running.call('/api/submissions?limit=100');
      const own = list.body.items.filter(
        (one: { sender: string; state: string }) =>
          ['ris', 'sil'].includes(one.sender) && one.state !== 'refused',
      );
      const whole = await Promise.all(
        own.map(async ({ id }: { id: string }) => (await running.call(`/api/submissions/${id}`)).body),
      );
      return whole
        .map(({ operation, deliveries }) =>
          [operation, deliveries[0].outcome ?? deliveries[0].state].join(' '),
        )
        .toSorted();
    };
    await expect
      .poll(ends, { timeout: 20_000 })
      .toEqual([
        'delete delivered',
        'deposit delivered',
        'deposit delivered',
        'replace delivered',
        'replace delivered',
      ]);
  });

  test('and a ZAM^Z01 comes back to who asked for one, as a valid message', async () => {
    while (notices.length === 0)
      await new Promise<void>((resolve) => {
        told = resolve;
      });
    const index = OFFICIAL_ANSWERS.findIndex(({ file }) => file.endsWith('INIT_N3_SEGUR.hl7'));
    const [notice] = notices;
    expect(notice!.replace(/\d{14}\+0000/g, 'T').replace(/\|[0-9A-Z]{16,20}\|/, '|ID|')).toBe(
      `\x0b${[
        'MSH|^~\\&|PFI-X|Organisation-X|SIL-Y|labo|T||ZAM^Z01^ZAM_Z01|ID|P|2.6|||||FRA|UNICODE UTF-8|||2.1^CISIS_CDA_HL7_V2',
        'EVN||T',
        `OBX|1|CWE|ACK_RECEPTION_DMP^Accusé de réception DMP^AckMetierZAM|observed-${index}|Y^^expandedYes-NoIndicator||||||F`,
      ].join('\r')}\r\x1c\r`,
    );
  });
});
