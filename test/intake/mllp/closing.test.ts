import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { MllpServer } from '../../../src/intake/mllp/server.ts';
import { authorityFiles } from '../../../src/sandbox/certificates/folder.ts';
import { systemClock } from '../../../src/words/clock.ts';
import { certificates } from '../../gateway/certificates.ts';

test('a peer amid its TLS handshake does not keep the door from closing', async () => {
  const { server: files } = authorityFiles(certificates);
  const door = new MllpServer({
    reception: { take: () => Promise.reject(new Error('nothing is sent')), refuse: () => null },
    ...{ clock: systemClock, times: { idleMs: 60_000, frameMs: 60_000 }, onTrouble: () => {} },
  });
  const tls = { cert: readFileSync(files.certificate), key: readFileSync(files.key) };
  const port = await door.listen({ host: '127.0.0.1', port: 0 }, tls);
  const silent = connect({ host: '127.0.0.1', port }).on('error', () => {});
  await once(silent, 'connect');
  const gone = once(silent, 'close');
  await door.close(60_000);
  await gone;
  expect(door.connections).toBe(0);
});
