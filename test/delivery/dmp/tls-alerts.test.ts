import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { errors } from 'undici';
import { expect, test } from 'vitest';
import { TlsAlerts } from '../../../src/delivery/dmp/tls-alerts.ts';

test('what ended a connection is told behind the failure that follows, and of no later connection on its port', async () => {
  const accepted: Socket[] = [];
  const server = createServer((socket) => accepted.push(socket));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const alerts = new TlsAlerts();
  const target = {
    hostname: '127.0.0.1',
    protocol: 'http:',
    port: `${(server.address() as AddressInfo).port}`,
  };
  const socket = await new Promise<Socket>((resolve, reject) =>
    alerts.watching({})(target, (error, connected) => (error ? reject(error) : resolve(connected!))),
  );
  const failure = Object.assign(new errors.SocketError('other side closed'), {
    socket: { localPort: socket.localPort! },
  });
  expect(alerts.behind(failure)).toBe(failure);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await expect.poll(() => accepted.length).toBe(1);
  accepted[0]!.resetAndDestroy();
  const [error] = await once(socket, 'error');
  expect(alerts.behind(failure)).toBe(error);
  expect(alerts.behind(error)).toBe(error);
  await closed;
  await setImmediate();
  expect(alerts.behind(failure)).toBe(failure);
  server.close();
});
