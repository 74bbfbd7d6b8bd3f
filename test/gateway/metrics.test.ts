import { setImmediate } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppendMetrics } from '../../src/gateway/metrics/counting.ts';
import type { Ledger, NewEvent } from '../../src/ledger/ledger.ts';
import { accepted, acceptedEvent, finished } from '../ledger/making.ts';
import { personalIn, personalValues } from '../samples/personal.ts';
import { freshLetter, type RunningGateway, sample, startTestGateway } from './running.ts';

let run: RunningGateway;
let text: string;
beforeAll(async () => {
  run = await startTestGateway();
  await run.submit(sample('discharge-letter.xml'));
  await run.submit(sample('biology-level3.xml'));
  await run.submit(sample('no-ins.xml'));
  await run.submit(sample('dmp-closed.xml'));
  await run.dmp.fault({ match: { path: 'repository' }, fault: 'unknown-error-code', times: 1 });
  await run.submit(freshLetter().document);
  text = (await run.call('/metrics', { token: null })).body;
});
afterAll(() => run.close());

/** The value of a metric with the given labels, in any order; null when it is not there. */
function value(name: string, labels: Record<string, string> = {}): number | null {
  const wanted = Object.entries(labels).map(([key, one]) => `${key}="${one}"`);
  const line = text
    .split('\n')
    .filter((one) => one.startsWith(`${name}{`) || one.startsWith(`${name} `))
    .find((one) => wanted.every((part) => one.includes(part)));
  return line === undefined ? null : Number(line.slice(line.lastIndexOf(' ') + 1));
}

describe('the metrics of a journey', () => {
  test('count what was accepted and refused, judged, delivered and refused by the destination', () => {
    const at = { establishment: 'demo' };
    expect(
      value('viaduc_submissions_total', { ...at, sender: 'sandbox', door: 'http', result: 'accepted' }),
    ).toBe(4);
    expect(value('viaduc_submissions_total', { ...at, result: 'refused' })).toBe(1);
    expect(value('viaduc_documents_total', { ...at, judgement: 'valid' })).toBe(4);
    expect(
      value('viaduc_deliveries_total', { ...at, destination: 'dmp', outcome: 'delivered' }),
    ).toBeGreaterThanOrEqual(2);
    expect(value('viaduc_deliveries_total', { ...at, outcome: 'refused' })).toBe(1);
    expect(
      value('viaduc_delivery_events_total', { ...at, destination: 'dmp', event: 'sending' }),
    ).toBeGreaterThanOrEqual(3);
    expect(value('viaduc_check_seconds_count', { judgement: 'valid' })).toBe(4);
    expect(value('viaduc_ledger_append_seconds_count')).toBeGreaterThan(10);
    expect(value('viaduc_http_request_seconds_count', { route: '/api/submissions', status: '2xx' })).toBe(4);
    expect(value('viaduc_certificate_end_timestamp_seconds')).toBeGreaterThan(Date.now() / 1000);
    expect(value('viaduc_sender_last_message_timestamp_seconds', { sender: 'sandbox' })).toBeGreaterThan(1e9);
    expect(value('viaduc_destination_circuit_open')).toBe(0);
    expect(value('viaduc_disk_free_bytes')).toBeGreaterThan(0);
    expect(value('viaduc_build_info', { environment: 'sandbox' })).toBe(1);
  });

  test('say what is parked by a code that is known, or by none', () => {
    expect(text).not.toContain('DMPUnheardOfCode');
    expect(value('viaduc_parked_deliveries', { code: 'other' })).toBe(1);
    expect(value('viaduc_work_items', { cause: 'delivery-parked' })).toBe(1);
  });

  test('hold nothing of a patient, no identifier of ours, and few values for each label', () => {
    const names = ['discharge-letter', 'biology-level3', 'no-ins', 'dmp-closed'];
    expect(
      personalIn(
        text,
        names.flatMap((name) => personalValues(sample(`${name}.xml`))),
      ),
    ).toEqual([]);
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-7/);
    const series = text.split('\n').filter((line) => line.startsWith('viaduc_') && !line.includes('_bucket'));
    expect(series.length).toBeLessThan(150);
    const labels = new Map<string, Set<string>>();
    for (const [, name, one] of text.matchAll(/([a-z]+)="([^"]*)"/g))
      if (name !== 'le') labels.set(name!, (labels.get(name!) ?? new Set()).add(one!));
    for (const [name, values] of labels) expect([name, values.size < 40]).toEqual([name, true]);
  });

  test('are told again with the same names, and each name says its unit', async () => {
    const again = (await run.call('/metrics', { token: null })).body as string;
    const names = (of: string) => [...of.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name!);
    expect(names(again)).toEqual(names(text));
    const own = names(again).filter((name) => name.startsWith('viaduc_'));
    const units = /_(total|seconds|bytes|info|left|deliveries|items|waiting|open|failing|hand|still)$/;
    expect(own.filter((name) => !units.test(name))).toEqual([]);
  });
});

async function act(verb: string) {
  const { items } = (await run.call('/api/destinations')).body;
  return run.call(`/api/destinations/${items[0].id}/${verb}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reason: 'bascule réseau' }),
  });
}

test('what waits for a destination that a person stopped is counted, and is not late', async () => {
  expect((await act('stop')).status).toBe(200);
  await run.submit(freshLetter().document, 'to=dmp', { prefer: 'wait=0' });
  text = (await run.call('/metrics', { token: null })).body;
  expect(value('viaduc_destination_standing_still')).toBe(1);
  expect(value('viaduc_queue_deliveries', { lane: 'live', state: 'due' })).toBe(1);
  expect(value('viaduc_queue_oldest_age_seconds', { lane: 'live' })).toBeNull();
  expect((await act('resume')).status).toBe(200);
});

test('a destination is down while it does not answer, not while a person has stopped it or it is tried again', async () => {
  const down = async () => {
    text = (await run.call('/metrics', { token: null })).body;
    return value('viaduc_destination_circuit_open');
  };
  await expect.poll(async () => (await run.call('/api/destinations')).body.items[0].state).toBe('closed');
  await act('stop');
  expect((await act('resume')).body.state).toBe('half-open');
  expect(await down()).toBe(0);
  await run.dmp.fault({ match: {}, fault: 'http-503-html', every: 1 });
  const { body } = await run.submit(freshLetter().document, 'to=dmp', { prefer: 'wait=0' });
  await expect.poll(down, { timeout: 20_000 }).toBe(1);
  expect((await act('stop')).body).toMatchObject({ state: 'stopped', code: null, nextProbeAt: null });
  expect(await down()).toBe(0);
  await run.dmp.clear();
  await act('resume');
  await expect
    .poll(async () => (await run.call(`/api/submissions/${body.id}`)).body.state, { timeout: 20_000 })
    .toBe('final');
});

describe('who may read them', () => {
  test('this machine, and elsewhere a token that reads in every establishment', async () => {
    const auditor = await tokenFor('auditor');
    const unit = await tokenFor('unit');
    expect((await run.call('/metrics', { token: auditor })).status).toBe(200);
    expect(await run.call('/metrics', { token: unit })).toMatchObject({
      status: 403,
      body: { code: 'http.forbidden' },
    });
    expect((await run.call('/metrics', { token: 'viaduc_wrong' })).status).toBe(401);
  });

  test('behind a proxy nobody without a token', async () => {
    const behind = await startTestGateway({ yaml: 'http: { behindProxy: true }\nsandbox: { dmpPort: 0 }\n' });
    expect((await behind.call('/metrics', { token: null })).status).toBe(401);
    expect((await behind.call('/metrics')).status).toBe(200);
    await behind.close();
  });
});

async function tokenFor(role: string): Promise<string> {
  const answer = await run.call('/api/tokens', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: role, grants: [{ establishment: 'demo', role }] }),
  });
  return answer.body.token;
}

test('a delivery is counted by where it goes, whether it was accepted since the start or before', async () => {
  const registry = new Registry();
  const metrics = new AppendMetrics(registry);
  const before = { destination: { kind: 'mssante' } };
  metrics.kinds.readFrom({ of: () => ({ delivery: async () => before }) } as unknown as Ledger);
  const data = accepted();
  const [delivery] = data.deliveries;
  const events: NewEvent[] = [acceptedEvent(data), finished(delivery!.id, '1.2'), finished('earlier', '1.3')];
  metrics.appended({ establishment: 'one', nowMs: 0, events }, 1);
  await setImmediate();
  const counted = (await registry.getSingleMetric('viaduc_deliveries_total')!.get()).values;
  expect(counted.map(({ labels, value }) => [labels.destination, value])).toEqual([
    ['dmp', 1],
    ['mssante', 1],
  ]);
});
