import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { MailboxWatch } from '../../../../src/delivery/mssante/wire/imap.ts';
import { HandClock } from '../../scripted.ts';

let port: number;
let server: Server;
let tried = 0;

beforeAll(async () => {
  server = createServer((socket) => {
    tried += 1;
    socket.destroy();
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  port = (server.address() as { port: number }).port;
});
afterAll(() => server.close());

test('a mailbox whose access was renewed is tried at once, however long it failed', async () => {
  // A clock that stands: no wait between two tries ends by itself.
  const clock = new HandClock(0);
  let states = 0;
  const watch = new MailboxWatch({
    server: () => ({ host: '127.0.0.1', port, tls: 'none', auth: { kind: 'none', user: 'labo' } }),
    ...{ folder: 'INBOX', folders: { done: 'D', refused: 'R', human: 'H' }, pollMs: 1_000, clock },
    position: async () => null,
    took: async () => {},
    onMail: async () => 'done',
    onTooLarge: async () => 'human',
    onFailure: () => {},
    onState: () => {
      states += 1;
    },
  });
  watch.start();
  await vi.waitUntil(() => states === 1);
  expect(tried).toBe(1);
  await new Promise((done) => setImmediate(done));
  watch.again();
  await vi.waitUntil(() => tried === 2);
  const stopped = watch.stop();
  clock.advance(10_000);
  await stopped;
});
