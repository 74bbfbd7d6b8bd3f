import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningGateway, sample, startTestGateway } from './running.ts';

const establishment = (id: string, finessEj: string, finessEg: string) =>
  `  - { id: ${id}, name: Hôpital ${id}, finessEj: '${finessEj}', sector: SA01, sites: [{ finessEg: '${finessEg}', name: Site }] }`;
const policy =
  '{ visibility: { maskedToProfessionals: false, hiddenFromPatient: false, hiddenFromRepresentatives: false }, identity: qualified-only }';

let run: RunningGateway;
/** Tokens of the other establishment, with every role there, and one with none of them. */
let foreign: string;
let auditor: string;
let submission: string;
let refused: string;
let delivery: string;
let alarm: string;
let retry: string;
let withdrawal: string;

beforeAll(async () => {
  run = await startTestGateway({
    yaml: `
establishments:
${establishment('north', '0B0000011', '0B0000012')}
${establishment('south', '0B0000021', '0B0000022')}
senders:
  - { id: lab, establishment: north, structures: '*', policy: ${policy} }
  - { id: ris, establishment: north, structures: '*', policy: ${policy} }
`,
  });
  const issue = async (name: string, grants: object[]) =>
    (
      await run.call('/api/tokens', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name, grants }),
      })
    ).body.token;
  foreign = await issue('south', [{ establishment: 'south', role: 'admin' }]);
  auditor = await issue('auditor', [{ establishment: 'north', role: 'auditor' }]);
  const accepted = await run.submit(sample('discharge-letter.xml'), 'to=dmp&establishment=north');
  submission = accepted.body.id;
  delivery = accepted.body.deliveries[0].id;
  const asked = await run.call('/api/withdrawals?establishment=north', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ submission, reason: 'any' }),
  });
  withdrawal = asked.body.id;
  refused = (await run.submit(sample('no-ins.xml'), 'to=dmp&establishment=north')).body.submission;
  const filter = { establishment: 'north', sender: ['lab'] };
  const found = await run.call('/api/retries', {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(filter) },
  });
  retry = found.body.id;
  run.gateway.incidents.open({
    ...{ kind: 'sender-silent', subject: 'lab', establishment: 'north', severity: 'morning', role: 'it' },
  });
  alarm = (await run.call('/api/alarms?establishment=north')).body.items[0].id;
});
afterAll(() => run.close());

/** Every route of the interface description, with the identifiers of the first establishment filled in. */
async function routes(): Promise<{ method: string; path: string }[]> {
  const { body } = await run.call('/api/docs/json', { token: null });
  const tokens = (await run.call('/api/tokens')).body.items as { id: string; name: string }[];
  const ids: Record<string, string[]> = {
    '/api/submissions/{id}': [submission, refused],
    '/api/submissions/{id}/cancel': [submission],
    '/api/submissions/{id}/documents/{uniqueId}': [submission],
    '/api/deliveries/{id}/receipts/{receipt}': [delivery],
    '/api/submissions/{id}/hold': [submission],
    '/api/submissions/{id}/release': [submission],
    '/api/retries/{id}': [retry],
    ...Object.fromEntries(
      ['start', 'pause', 'resume', 'stop'].map((act) => [`/api/retries/{id}/${act}`, [retry]]),
    ),
    '/api/deliveries/{id}/retry': [delivery],
    '/api/deliveries/{id}/stop': [delivery],
    '/api/deliveries/{id}/close': [delivery],
    '/api/destinations/{id}/stop': ['dmp.north.10B0000012'],
    '/api/destinations/{id}/resume': ['dmp.north.10B0000012'],
    '/api/notices/{id}/resume': ['any-notice'],
    ...Object.fromEntries(
      ['', '/confirm', '/refuse', '/cancel', '/settle', '/support-sheet'].map((act) => [
        `/api/withdrawals/{id}${act}`,
        [withdrawal],
      ]),
    ),
    ...Object.fromEntries(['', '/raw', '/resume'].map((act) => [`/api/mails/{id}${act}`, ['any-mail']])),
    '/api/integrations/{id}/resume': ['any-integration'],
    '/api/integrations/{id}/close': ['any-integration'],
    '/api/tokens/{id}': [tokens.find(({ name }) => name === 'auditor')!.id],
    '/api/indicators/{code}': ['DS1.1'],
    '/api/alarms/{id}/acknowledge': [alarm],
    '/api/alarms/{id}/silence': [alarm],
    '/api/packs/{name}': ['any-pack'],
    '/api/packs/{name}/activate': ['any-pack'],
    '/api/packs/{name}/deactivate': ['any-pack'],
  };
  return Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
    Object.keys(methods).flatMap((method) =>
      (path.includes('{') ? ids[path]! : ['']).map((id) => ({
        method: method.toUpperCase(),
        path: path.replace(/\{\w+\}/, id),
      })),
    ),
  );
}

/** What a person says of a withdrawal, an alarm or a destination. */
function bodyOf(path: string): object | null {
  if (path.endsWith('/silence')) return { until: new Date(Date.now() + 60_000).toISOString(), reason: 'any' };
  if (path.endsWith('/accept')) return { sha256: '0'.repeat(64), reason: 'any' };
  if (path.includes('/persons/')) return { ins: '236066322083656', reason: 'R-1' };
  if (path.endsWith('/hold')) return { reason: 'any', until: '2099-01-01T00:00:00Z' };
  if (/\/retries(\?|$)/.test(path)) return { establishment: 'north', sender: ['lab'] };
  if (
    path.includes('/destinations/') ||
    /\/(refuse|settle|start)$|\/submissions\/[^/]+\/(release|cancel)$/.test(path)
  )
    return { reason: 'any' };
  return path.includes('/withdrawals?') || path.endsWith('/withdrawals')
    ? { submission, reason: 'any' }
    : null;
}

const requestOf = (method: string, path: string, token: string | null) => {
  if (method === 'GET') return { token };
  if (path.endsWith('/worklist/close'))
    return {
      method,
      token,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ item: `parked:${delivery}`, reason: 'any' }),
    };
  const body = bodyOf(path);
  if (body)
    return {
      method,
      token,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    };
  if (path.endsWith('/tokens'))
    return {
      method,
      token,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'x', grants: [{ establishment: 'north', role: 'auditor' }] }),
    };
  const type = path.endsWith('/stays') || path.endsWith('/exams') ? 'text/csv' : 'application/xml';
  const carries = /\/(submissions|validate|stays|exams)$/.test(path);
  return {
    method,
    token,
    ...(carries
      ? { headers: { 'content-type': type }, body: sample('discharge-letter.xml') as RequestInit['body'] }
      : {}),
  };
};

describe('the data of an establishment', () => {
  test('cannot be reached by a foreign one on any route', async () => {
    const all = await routes();
    expect(all.length).toBeGreaterThan(15);
    for (const { method, path } of all) {
      if (!path.startsWith('/api/')) continue;
      const named =
        /\/(submissions|stays|exams|indicators|events|verification|DS1\.1|notices|notices\/resume|worklist|alarms|withdrawals|retries|mails)$/.test(
          path,
        );
      const query = named
        ? `?establishment=north${path.endsWith('/resume') ? '&sender=x' : ''}`
        : path === `/api/deliveries/${delivery}/close` || /any-(mail|integration)\/(resume|close)$/.test(path)
          ? '?reason=because'
          : '';
      const answer = await run.call(path + query, requestOf(method, path, foreign));
      const told = JSON.stringify(answer.body);
      expect(told, `${method} ${path}`).not.toMatch(
        new RegExp(`${submission}|${refused}|${delivery}|${alarm}|${withdrawal}|${retry}|north`),
      );
      const about =
        [submission, refused, delivery, alarm, withdrawal, retry].some((id) => path.includes(id)) ||
        named ||
        path.includes('/tokens/') ||
        path.includes('/notices/') ||
        path.includes('/destinations/') ||
        path.endsWith('/worklist/close') ||
        path.includes('/packs/') ||
        path.endsWith('/accept') ||
        path.includes('/mails/') ||
        path.includes('/integrations/') ||
        (path.endsWith('/tokens') && method === 'POST');
      if (about) expect(answer.status, `${method} ${path}`).toBe(404);
    }
  });

  test('cannot be reached without a token, nor with a wrong or revoked one', async () => {
    for (const { method, path } of await routes()) {
      if (!path.startsWith('/api/')) continue;
      for (const token of [null, 'viaduc_wrong'])
        expect((await run.call(path, requestOf(method, path, token))).status, `${method} ${path}`).toBe(401);
    }
    const list = (await run.call('/api/tokens')).body.items as { id: string; name: string }[];
    await run.call(`/api/tokens/${list.find(({ name }) => name === 'south')!.id}`, { method: 'DELETE' });
    expect((await run.call('/api/conformance', { token: foreign })).status).toBe(401);
  });

  test('is acted on only by whoever holds the role', async () => {
    expect((await run.call(`/api/submissions/${submission}`, { token: auditor })).status).toBe(200);
    expect(
      (await run.call(`/api/deliveries/${delivery}/stop`, { method: 'POST', token: auditor })).status,
    ).toBe(404);
    expect(
      (await run.call('/api/submissions?to=dmp', requestOf('POST', '/api/submissions', auditor))).status,
    ).toBe(403);
    expect((await run.call('/api/ledger/events', { token: auditor })).body.items[0].type).toBe(
      'ledger.opened',
    );
  });

  test('is granted only by whoever administers it', async () => {
    const body = JSON.stringify({ name: 'mine', grants: [{ establishment: 'north', role: 'admin' }] });
    const answer = await run.call('/api/tokens', {
      method: 'POST',
      token: auditor,
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(answer).toMatchObject({ status: 404, body: { code: 'console.not-found' } });
  });
});

describe('the administrator of several establishments', () => {
  test('must say which one a request is about', async () => {
    expect(await run.call('/api/indicators')).toMatchObject({
      status: 400,
      body: { code: 'http.ambiguous-establishment' },
    });
    expect((await run.call('/api/indicators?establishment=south')).status).toBe(200);
  });
});

describe('tokens', () => {
  test('are kept as digests only', async () => {
    const events = await run.gateway.ledger.of('@gateway').events(1, 100);
    const text = JSON.stringify(events);
    expect(text).not.toContain(auditor);
    expect(events.filter(({ type }) => type === 'token.issued')).toHaveLength(2);
  });
});

test('a sender reads its own submissions, and none of another sender of the same establishment', async () => {
  const issued = await run.call('/api/tokens', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      name: 'ris',
      grants: [{ establishment: 'north', role: 'sender' }],
      sender: 'ris',
    }),
  });
  const { token } = issued.body;
  expect((await run.call(`/api/submissions/${submission}`, { token })).status).toBe(404);
  expect((await run.call('/api/submissions', { token })).body.items).toEqual([]);
  expect((await run.call('/api/submissions?sender=lab', { token })).body.items).toEqual([]);
  const own = await run.call('/api/submissions?to=dmp', {
    method: 'POST',
    token,
    headers: { 'content-type': 'application/xml' },
    body: sample('operative-report.xml') as RequestInit['body'],
  });
  expect((await run.call(`/api/submissions/${own.body.id}`, { token })).body.sender).toBe('ris');
  const { items } = (await run.call('/api/submissions', { token })).body;
  expect(items.map(({ id }: { id: string }) => id)).toEqual([own.body.id]);
});
