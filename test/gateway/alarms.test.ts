import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/gateway/config.ts';
import { ListedAlarm } from '../../src/gateway/http/alarm-answers.ts';
import type { Observation } from '../../src/words/incident.ts';
import { httpReceiver, mailRelay, relayAuthority } from '../alarms/receivers.ts';
import { personalIn, personalValues } from '../samples/personal.ts';
import { type RunningGateway, sample, startTestGateway } from './running.ts';

let run: RunningGateway;
beforeAll(async () => {
  run = await startTestGateway();
});
afterAll(() => run.close());

const silentSender: Observation = {
  ...{ kind: 'sender-silent', subject: 'sandbox', establishment: 'demo', severity: 'morning', role: 'it' },
  facts: { minutes: 95, expectedMinutes: 60 },
};

const post = (path: string, body?: object, token?: string) =>
  run.call(path, {
    method: 'POST',
    ...(token === undefined ? {} : { token }),
    ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
  });

describe('the list of alarms', () => {
  test('says in both languages what is wrong and what to do, and who has seen it', async () => {
    run.gateway.incidents.open(silentSender);
    const { items, next } = (await run.call('/api/alarms?state=open')).body;
    expect(next).toBeNull();
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      ...{ kind: 'sender-silent', subject: 'sandbox', establishment: 'demo', state: 'open' },
      title: { fr: "L'émetteur sandbox n'envoie plus rien." },
      details: [{ en: 'Silent for 95 min; at most 60 min are expected.' }],
      page: 'docs/alarms.md#sender-silent',
    });
    expect(items[0].whatToDo.length).toBeGreaterThan(1);
    expect([...Value.Errors(ListedAlarm, items[0])]).toEqual([]);
    const seen = await post(`/api/alarms/${items[0].id}/acknowledge`);
    expect(seen).toMatchObject({ status: 200, body: { acknowledged: { by: 'admin' } } });
    const until = new Date(Date.now() + 3_600_000).toISOString();
    expect(await post(`/api/alarms/${items[0].id}/silence`, { until, reason: 'travaux' })).toMatchObject({
      status: 200,
      body: { silenced: { by: 'admin', until, reason: 'travaux' } },
    });
  });

  test('is read page by page', async () => {
    for (const subject of ['a', 'b', 'c']) run.gateway.incidents.open({ ...silentSender, subject });
    const first = (await run.call('/api/alarms?limit=2')).body;
    expect(first.items).toHaveLength(2);
    const rest = (await run.call(`/api/alarms?limit=10&cursor=${first.next}`)).body;
    expect([...first.items, ...rest.items].map(({ subject }) => subject).toSorted()).toEqual(
      ['a', 'b', 'c', 'sandbox'].toSorted(),
    );
    expect(rest.next).toBeNull();
  });

  test('refuses a silence without an end, and an alarm that is not there', async () => {
    const { id } = (await run.call('/api/alarms?limit=1')).body.items[0];
    const past = new Date(Date.now() - 1000).toISOString();
    expect(await post(`/api/alarms/${id}/silence`, { until: past, reason: 'any' })).toMatchObject({
      status: 422,
      body: { code: 'alarms.silence-malformed' },
    });
    expect(await post('/api/alarms/none/acknowledge')).toMatchObject({
      status: 404,
      body: { code: 'alarms.not-found' },
    });
  });
});

test('whoever may not act on flows sees alarms and acknowledges none but those of a role of theirs', async () => {
  const grants = [{ establishment: 'demo', role: 'identity' }];
  const { token } = (await post('/api/tokens', { name: 'identito', grants })).body;
  run.gateway.incidents.open({
    ...silentSender,
    kind: 'hold-escalated',
    subject: 'identite',
    role: 'identity',
  });
  const { items } = (await run.call('/api/alarms', { token })).body;
  const idOf = (kind: string) => items.find((one: { kind: string }) => one.kind === kind).id;
  expect((await post(`/api/alarms/${idOf('sender-silent')}/acknowledge`, undefined, token)).status).toBe(404);
  expect((await post(`/api/alarms/${idOf('hold-escalated')}/acknowledge`, undefined, token)).status).toBe(
    200,
  );
});

describe('with channels', () => {
  test('alarms of a journey leave by webhook and mail, survive a restart, and name no patient', async () => {
    const hook = await httpReceiver();
    const relay = await mailRelay();
    const folder = mkdtempSync(join(tmpdir(), 'viaduc-channels-'));
    writeFileSync(join(folder, 'secret'), 'shared\n');
    const yaml = `
alarms:
  calmMinutes: 0
  webhooks: [{ url: '${hook.url}', secretFile: secret }]
  mail: { host: 127.0.0.1, port: ${relay.port}, authorities: '${relayAuthority}', from: viaduc@hopital.example, to: [{ addresses: [dsi@hopital.example], severities: [call-now] }] }
  heartbeat: { url: '${hook.url}' }
`;
    const first = await startTestGateway({ folder, yaml });
    const posted = () => hook.received.all.map(({ body }) => body).filter((body) => body !== '');
    // The heartbeat, at once.
    await hook.received.until(1);
    const document = sample('discharge-letter.xml');
    await first.submit(document);
    first.gateway.incidents.open({ ...silentSender, severity: 'call-now' });
    await hook.received.until(2);
    await relay.received.until(1);
    await first.close();
    const second = await startTestGateway({ folder, yaml });
    second.gateway.incidents.open({ ...silentSender, severity: 'call-now' });
    second.gateway.incidents.close(silentSender);
    await relay.received.until(2);
    await second.close();
    expect(posted().map((body) => JSON.parse(body).event)).toEqual(['opened', 'closed']);
    const said = [...posted(), ...relay.received.all.map(({ text }) => text)].join('\n');
    expect(personalValues(document).length).toBeGreaterThan(8);
    expect(personalIn(said, personalValues(document))).toEqual([]);
    await hook.close();
    await relay.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('nothing leaves the sandbox', () => {
    for (const alarms of [
      "webhooks: [{ url: 'https://hooks.example/x', secretFile: s }]",
      'mail: { host: smtp.example, from: a@b.example, to: [{ addresses: [a@b.example] }] }',
      "heartbeat: { url: 'https://monitor.example/x' }",
    ]) {
      const folder = mkdtempSync(join(tmpdir(), 'viaduc-channels-'));
      writeFileSync(join(folder, 'viaduc.yaml'), `alarms: { ${alarms} }\n`);
      expect(() => readConfig({}, folder)).toThrow(
        expect.objectContaining({ code: 'config.leaves-loopback' }),
      );
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
