import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, freshLetter, type RunningGateway, startTestGateway } from './running.ts';

// What an operator sees of the way to the DMP, and does about it, over HTTP against the simulated DMP.

let run: RunningGateway;
let auditor: string;

beforeAll(async () => {
  run = await startTestGateway();
  const { body } = await act('/api/tokens', {
    name: 'auditor',
    grants: [{ establishment: 'demo', role: 'auditor' }],
  });
  auditor = body.token;
});
afterAll(() => run.close());

const act = (path: string, body: object, token = run.token): Promise<Answer> =>
  run.call(path, {
    ...{ method: 'POST', token, headers: { 'content-type': 'application/json' } },
    body: JSON.stringify(body),
  });
const list = async () => (await run.call('/api/destinations')).body.items;
const submit = (wait: number) =>
  run.call('/api/submissions?to=dmp', {
    method: 'POST',
    headers: { 'content-type': 'application/xml', prefer: `wait=${wait}` },
    body: freshLetter().document as RequestInit['body'],
  });
const read = async (id: string) => (await run.call(`/api/submissions/${id}`)).body.deliveries[0];

/** The destination that letters go to. */
async function destination(): Promise<string> {
  const { body } = await submit(20);
  expect(body.deliveries[0].outcome).toBe('delivered');
  const [one] = (await list()).filter(({ outPerMinute }: { outPerMinute: number }) => outPerMinute > 0);
  return one.id;
}

describe('a destination', () => {
  test('shows its state and what comes and leaves, and says of nothing that has ended why it waits', async () => {
    const id = await destination();
    const one = (await list()).find((some: { id: string }) => some.id === id);
    expect(one).toMatchObject({
      ...{ kind: 'dmp', state: 'closed', since: null, code: null, nextProbeAt: null, sending: 0 },
      ...{ depth: { live: 0, retried: 0, historic: 0 }, oldestAt: null },
    });
    expect(one.inPerMinute).toBeGreaterThan(0);
  });

  test('is stopped by a person at once and goes on when a person says so; both are in the record', async () => {
    const id = await destination();
    expect((await act(`/api/destinations/${id}/stop`, { reason: '   ' })).status).toBe(400);
    const stopped = await act(`/api/destinations/${id}/stop`, { reason: 'bascule réseau' });
    expect(stopped).toMatchObject({
      ...{ status: 200, body: { id, state: 'stopped', reason: 'bascule réseau', by: 'admin' } },
    });
    const waiting = await submit(20);
    expect(waiting.status).toBe(200);
    const { body } = waiting;
    expect(body.deliveries[0]).toMatchObject({
      ...{ state: 'due', waitingFor: { reason: 'destination-stopped', until: null } },
    });
    const [listed] = (await run.call('/api/submissions?limit=1')).body.items;
    expect(listed.deliveries[0].waitingFor.reason).toBe('destination-stopped');
    expect((await list()).find((some: { id: string }) => some.id === id)).toMatchObject({
      ...{ depth: { live: 1 }, oldestAt: body.receivedAt },
    });
    expect((await act(`/api/destinations/${id}/stop`, { reason: 'encore' })).status).toBe(409);
    expect((await act(`/api/destinations/${id}/resume`, { reason: 'fini' })).body.state).toBe('half-open');
    await expect.poll(async () => (await read(body.id)).outcome, { timeout: 10_000 }).toBe('delivered');
    const events = (await run.call('/api/ledger/events?limit=500')).body.items;
    expect(
      events.flatMap(({ type, data }: { type: string; data: object }) =>
        type.startsWith('destination.') ? [{ type, ...data }] : [],
      ),
    ).toEqual([
      { type: 'destination.stopped', destination: id, by: 'admin', reason: 'bascule réseau' },
      { type: 'destination.resumed', destination: id, by: 'admin', reason: 'fini' },
    ]);
  });

  test('is touched by nobody without the role, and not without a reason', async () => {
    const id = await destination();
    expect((await act(`/api/destinations/${id}/stop`, { reason: 'any' }, auditor)).status).toBe(404);
    expect((await act(`/api/destinations/${id}/stop`, {})).status).toBe(400);
    expect((await act('/api/destinations/dmp.nowhere.1X/stop', { reason: 'any' })).status).toBe(404);
    expect((await act(`/api/destinations/${id}/resume`, { reason: 'any' })).status).toBe(409);
  });
});

test('a DMP that refuses everything is parked with the remedy, and its documents stay due', async () => {
  let asked = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      asked += 1;
      response.writeHead(403).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const refused = await startTestGateway({ yaml: `dmp: { url: 'http://127.0.0.1:${port}' }\n` });
  const send = () => refused.submit(freshLetter().document);
  const answers = [await send(), await send()];
  expect(answers.map(({ body }) => body.deliveries[0])).toMatchObject([
    { state: 'due', code: 'delivery.dmp-http-refused', waitingFor: { reason: 'destination-parked' } },
    { state: 'due', code: null, waitingFor: { reason: 'destination-parked' } },
  ]);
  expect(asked).toBe(1);
  const parked = (await refused.call('/api/destinations')).body.items.filter(
    ({ state }: { state: string }) => state === 'parked',
  );
  expect(parked).toMatchObject([{ code: 'delivery.dmp-http-refused', depth: { live: 2 } }]);
  expect(parked[0].remedy).not.toBeNull();
  const alarms = (await refused.call('/api/alarms')).body.items;
  expect(alarms.map(({ kind }: { kind: string }) => kind)).toEqual(['destination-parked']);
  await refused.close();
  server.closeAllConnections();
  server.close();
});
