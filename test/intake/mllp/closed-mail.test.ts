import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningGateway, startTestGateway } from '../../gateway/running.ts';
import { type Ack, MllpClient } from './client.ts';
import { makeMessage, recipient, SENDER_LINE } from './making.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'viaduc-closed-mail-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type ClosedMail = 'refuse' | 'later' | 'leave-out';

/** What a gateway with that setting, on the same data each time, answers to messages; and what it kept of them. */
async function answers(
  closedMail: ClosedMail,
  ...messages: Buffer[]
): Promise<{ acks: Ack[]; kept: number }> {
  const running: RunningGateway = await startTestGateway({
    folder,
    yaml: `
mllp: { closedMail: ${closedMail} }
establishments:
  - { id: demo, name: Démo, finessEj: 0B0000011, sector: SA01, sites: [{ finessEg: 0B0000012, name: Site nord }] }
senders:
  - { id: dpi, establishment: demo, structures: '*', mllp: {} }
`,
  });
  const client = await MllpClient.open(running.gateway.endpoints.mllp!);
  try {
    const before = (await running.call('/api/submissions?limit=100')).body.items.length;
    const acks: Ack[] = [];
    for (const message of messages) acks.push(await client.send(message));
    const after = (await running.call('/api/submissions?limit=100')).body.items.length;
    return { acks, kept: after - before };
  } finally {
    client.close();
    await running.close();
  }
}

const toDoctor = { participants: [SENDER_LINE, recipient('someone@hopital.mssante.fr')] };
const both = () => makeMessage({ ...toDoctor, flags: { DESTMSSANTEPS: 'Y' } });
const mailAlone = () => makeMessage({ ...toDoctor, flags: { DESTMSSANTEPS: 'Y', DESTDMP: 'N' } });
const said = ({ code, errors }: Ack) => [code, errors.map((error) => `${error.severity} ${error.code}`)];

test('mail put off is answered AR and leaves nothing; the same message is taken once the setting allows it', async () => {
  const message = both();
  const { acks, kept } = await answers('later', message, message, mailAlone());
  expect(acks.map(said)).toEqual(Array(3).fill(['AR', ['E routing.destination-later']]));
  expect(acks[0]!.errors[0]!.user).toContain('MSSanté');
  expect(kept).toBe(0);
  const then = await answers('leave-out', message);
  expect(then.acks.map(said)).toEqual([['AA', ['W routing.mail-left-out']]]);
  expect(then.kept).toBe(1);
});

test('mail refused is answered AE, kept once, and answered alike when it comes again', async () => {
  const message = both();
  const { acks, kept } = await answers('refuse', message, message, mailAlone());
  expect(acks.map(said)).toEqual(Array(3).fill(['AE', ['E routing.destination-unavailable']]));
  expect(acks[1]!.bytes).toEqual(acks[0]!.bytes);
  expect(kept).toBe(2);
});

test('of a message that asks for mail alone nothing can be left out', async () => {
  const { acks } = await answers('leave-out', mailAlone());
  expect(acks.map(said)).toEqual([['AE', ['E routing.destination-unavailable']]]);
});
