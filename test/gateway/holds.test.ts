import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshLetter, type RunningGateway, startTestGateway } from './running.ts';

const establishment = (id: string, finessEj: string, finessEg: string) =>
  `  - { id: ${id}, name: Hôpital ${id}, finessEj: '${finessEj}', sector: SA01, sites: [{ finessEg: '${finessEg}', name: Site }] }`;
const policy =
  '{ visibility: { maskedToProfessionals: false, hiddenFromPatient: false, hiddenFromRepresentatives: false }, identity: qualified-only }';

let run: RunningGateway;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  run = await startTestGateway({
    yaml: `
establishments:
${establishment('north', '0B0000011', '0B0000012')}
${establishment('south', '0B0000021', '0B0000022')}
senders:
  - { id: dpi, establishment: north, structures: '*', policy: ${policy} }
  - { id: lab, establishment: north, structures: '*', policy: ${policy} }
holds:
  - { sender: lab, type: 11490-0, reason: 'la biologie relit ses lettres', for: 1d, atEnd: escalate }
  - { unit: '0B0000099', reason: 'site en reprise', until: '2099-01-01T00:00:00Z' }
`,
  });
  const grants = {
    dpi: [{ establishment: 'north', role: 'sender' }],
    lab: [{ establishment: 'north', role: 'sender' }],
    it: [{ establishment: 'north', role: 'it' }],
    auditor: [{ establishment: 'north', role: 'auditor' }],
    foreign: [{ establishment: 'south', role: 'admin' }],
  };
  for (const [name, granted] of Object.entries(grants)) {
    const sender = name === 'dpi' || name === 'lab' ? { sender: name } : {};
    const { body } = await json('/api/tokens', { name, grants: granted, ...sender }, run.token);
    tokens[name] = body.token;
  }
});
afterAll(() => run.close());

const json = (path: string, body: object, token: string) =>
  run.call(path, {
    ...{ method: 'POST', token, headers: { 'content-type': 'application/json' } },
    body: JSON.stringify(body),
  });
const submit = (sender: string, query = '') =>
  run.call(`/api/submissions?to=dmp${query}`, {
    ...{ method: 'POST', token: tokens[sender]! },
    headers: { 'content-type': 'application/xml' },
    body: freshLetter().document as RequestInit['body'],
  });
const act = (verb: string, id: string, token: string, reason = 'decided') =>
  json(`/api/submissions/${id}/${verb}`, { reason }, token);
const later = () => new Date(Date.now() + 3_600_000).toISOString();
const asked = () => `&holdReason=relecture&holdUntil=${later()}`;

describe('a rule of the configuration', () => {
  test('holds what it names when it arrives, and says why', async () => {
    const { status, body } = await submit('lab');
    expect(status).toBe(202);
    expect(body).toMatchObject({
      state: 'held',
      deliveries: [{ state: 'waiting', hold: { origin: 'rule', atEnd: 'escalate', by: null } }],
    });
    expect(body.deliveries[0].hold.reason).toBe('la biologie relit ses lettres');
  });

  test('holds nothing else', async () => {
    const { body } = await submit('dpi');
    expect(body).toMatchObject({ deliveries: [{ hold: null }] });
  });

  test('holds by the site of the stay', async () => {
    const { body } = await submit('dpi', '&site=0B0000099&stay=S1');
    expect(body).toMatchObject({ state: 'held', deliveries: [{ hold: { reason: 'site en reprise' } }] });
  });
});

describe('what is held', () => {
  test('is listed by its state, with reason and date', async () => {
    const { body } = await submit('dpi', asked());
    const { items } = (await run.call('/api/submissions?establishment=north&state=held')).body;
    const found = items.find(({ id }: { id: string }) => id === body.id);
    expect(found.deliveries[0].hold).toMatchObject({ reason: 'relecture', origin: 'request' });
  });

  test('is released by its sender and leaves', async () => {
    const { body } = await submit('dpi', asked());
    expect((await act('release', body.id, tokens.dpi!, 'relu')).status).toBe(200);
    await expect
      .poll(async () => (await run.call(`/api/submissions/${body.id}`)).body.state, { timeout: 15_000 })
      .toBe('final');
    const { timeline } = (await run.call(`/api/submissions/${body.id}`)).body;
    expect(timeline).toContainEqual(
      expect.objectContaining({ type: 'hold.lifted', by: 'dpi', reason: 'relu' }),
    );
  });

  test('by a rule is released by the IT department, not by its sender', async () => {
    const { body } = await submit('lab');
    expect(await act('release', body.id, tokens.lab!)).toMatchObject({
      status: 403,
      body: { code: 'delivery.hold-of-other' },
    });
    expect(await act('release', body.id, tokens.it!)).toMatchObject({ status: 200 });
  });

  test('is cancelled and never leaves', async () => {
    const { body } = await submit('dpi', asked());
    expect(await act('cancel', body.id, tokens.dpi!, 'wrong patient')).toMatchObject({
      status: 200,
      body: { state: 'final', deliveries: [{ outcome: 'cancelled', attempts: [] }] },
    });
    const { timeline } = (await run.call(`/api/submissions/${body.id}`)).body;
    expect(timeline).toContainEqual(
      expect.objectContaining({ type: 'delivery.finished', by: 'dpi', reason: 'wrong patient' }),
    );
    expect(await act('release', body.id, tokens.dpi!)).toMatchObject({
      status: 409,
      body: { code: 'delivery.not-held' },
    });
  });

  test('is held further by a person until another date', async () => {
    const { body } = await submit('dpi', asked());
    const until = new Date(Date.now() + 7_200_000).toISOString();
    const answer = await json(`/api/submissions/${body.id}/hold`, { reason: 'attendre', until }, tokens.it!);
    expect(answer).toMatchObject({
      status: 200,
      body: { deliveries: [{ hold: { by: 'it', until, atEnd: 'release', origin: 'person' } }] },
    });
  });

  test('to be escalated stays so when its date is put off, unless something else is asked for', async () => {
    const { body } = await submit('lab');
    const put = (more: object) =>
      json(`/api/submissions/${body.id}/hold`, { reason: 'attendre', until: later(), ...more }, tokens.it!);
    const end = (atEnd: string) => ({ body: { deliveries: [{ hold: { atEnd } }] } });
    expect(await put({})).toMatchObject(end('escalate'));
    expect(await put({ atEnd: 'release' })).toMatchObject(end('release'));
    expect(await put({})).toMatchObject(end('release'));
  });
});

describe('a hold', () => {
  test.each(['hold', 'release', 'cancel'])(
    'to %s wants a reason of three characters that are not blank',
    async (verb) => {
      const { body } = await submit('dpi', asked());
      const say = (reason?: string) => {
        const until = verb === 'hold' ? { until: later() } : {};
        return json(`/api/submissions/${body.id}/${verb}`, { reason, ...until }, tokens.dpi!);
      };
      for (const reason of [undefined, '', '     ', 'ab', ' a  b '])
        expect(await say(reason)).toMatchObject({ status: 400, body: { code: 'http.malformed' } });
      expect((await say('ab')).body.detail).toContain('3 c');
      expect((await say('a bc')).status).toBe(200);
    },
  );

  test('needs a reason and a date to come', async () => {
    const { body } = await submit('dpi', asked());
    const path = `/api/submissions/${body.id}/hold`;
    expect((await json(path, { until: later() }, tokens.it!)).status).toBe(400);
    expect(await json(path, { reason: 'any', until: 'demain' }, tokens.it!)).toMatchObject({
      status: 400,
      body: { code: 'delivery.hold-date' },
    });
  });

  test('is placed, lifted and cancelled by nobody else', async () => {
    const { body } = await submit('dpi', asked());
    const path = `/api/submissions/${body.id}/hold`;
    for (const who of ['lab', 'auditor', 'foreign']) {
      expect((await json(path, { reason: 'any', until: later() }, tokens[who]!)).status).toBe(404);
      expect((await act('release', body.id, tokens[who]!)).status).toBe(404);
      expect((await act('cancel', body.id, tokens[who]!)).status).toBe(404);
    }
  });
});
