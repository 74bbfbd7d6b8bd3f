import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshLetter, type RunningGateway, startTestGateway } from './running.ts';

let run: RunningGateway;

beforeAll(async () => {
  run = await startTestGateway();
});
afterAll(() => run.close());

const multipart = (parts: [name: string, headers: string, body: Buffer | string][], boundary = 'edge') => {
  const body = Buffer.concat([
    ...parts.flatMap(([name, headers, bytes]) => [
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"${headers}\r\n\r\n`),
      Buffer.from(bytes),
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`--${boundary}--\r\n`),
  ]);
  return post(body, `multipart/form-data; boundary=${boundary}`);
};

const post = (body: Buffer | string, type: string, query = '', headers: Record<string, string> = {}) =>
  run.call(`/api/submissions${query}`, {
    method: 'POST',
    headers: { 'content-type': type, prefer: 'wait=20', ...headers },
    body: body as RequestInit['body'],
  });

const toDmp = JSON.stringify({ destinations: { dmp: true } });

describe('a multipart', () => {
  test('whose JSON part says that it is JSON is read', async () => {
    const answer = await multipart([
      ['request', '\r\nContent-Type: application/json', toDmp],
      ['document', '; filename="letter.xml"\r\nContent-Type: application/xml', freshLetter().document],
    ]);
    expect(answer).toMatchObject({ status: 200, body: { state: 'final' } });
  });

  test('keeps the bytes of a document that has no file name, whatever its encoding', async () => {
    const document = Buffer.from(
      freshLetter().document.toString('utf8').replace('UTF-8', 'ISO-8859-1').replaceAll('’', "'"),
      'latin1',
    );
    const answer = await multipart([
      ['request', '', toDmp],
      ['document', '\r\nContent-Type: text/xml', document],
    ]);
    expect(answer).toMatchObject({ status: 200, body: { documents: [{ size: document.length }] } });
  });

  test.each([
    [
      'cut short',
      'multipart/form-data; boundary=edge',
      '--edge\r\nContent-Disposition: form-data; name="document"\r\n\r\n<a',
    ],
    ['without a boundary', 'multipart/form-data', 'anything'],
  ])('%s is the sender’s mistake, and says so', async (_, type, body) => {
    expect(await post(body, type)).toMatchObject({ status: 400, body: { code: 'request.malformed' } });
  });

  test('is told in the language asked for which member is wrong and what it may be', async () => {
    const parts: Parameters<typeof multipart>[0] = [
      ['request', '', JSON.stringify({ destinations: { dmp: true }, identity: { status: 'SURE' } })],
      ['document', '', freshLetter().document],
    ];
    const answer = await multipart(parts);
    expect(answer.status).toBe(400);
    expect(answer.body.detail).toMatch(
      /request\.identity\.status doit être l'un de : PROV, RECUP, VALI, QUAL/,
    );
  });
});

describe('times of a request', () => {
  const { document } = freshLetter();
  test.each([
    ['holdUntil=tomorrow&holdReason=x', 'hold.until'],
    ['holdUntil=2026-02-30T08:00:00Z&holdReason=x', 'hold.until'],
    ['holdUntil=2026-02-20T08:00:00&holdReason=x', 'hold.until'],
    ['site=0B0000012&stay=1&admittedAt=yesterday', 'stay.admittedAt'],
  ])('that cannot be read are refused: %s', async (query, member) => {
    const answer = await post(document, 'application/xml', `?to=dmp&${query}`);
    expect(answer).toMatchObject({ status: 400, body: { code: 'request.malformed' } });
    expect(answer.body.detail).toContain(member);
  });
});

describe('a held submission', () => {
  test('leaves by itself when its hold ends', async () => {
    const until = new Date(Date.now() + 1500).toISOString();
    const answer = await post(
      freshLetter().document,
      'application/xml',
      `?to=dmp&holdReason=x&holdUntil=${until}`,
    );
    expect(answer).toMatchObject({
      status: 200,
      body: { state: 'final', deliveries: [{ outcome: 'delivered' }] },
    });
    expect(answer.body.deliveries[0].attempts[0].startedAt >= until).toBe(true);
  });
});

describe('what is no document', () => {
  test.each([
    ['text/plain', 'hello', 'request.not-xml'],
    ['application/json', '{"a":1}', 'request.not-xml'],
    ['application/pdf', '%PDF', 'http.unsupported-media-type'],
  ])('announced as %s is refused for its type', async (type, body, code) => {
    const answer = await post(body, type, '?to=dmp');
    expect(answer).toMatchObject({ status: 415, body: { code } });
    expect(answer.body.detail).toContain(type);
  });

  test('compressed is refused for its encoding', async () => {
    const answer = await post('x', 'application/xml', '?to=dmp', { 'content-encoding': 'gzip' });
    expect(answer).toMatchObject({ status: 415, body: { code: 'http.unsupported-encoding' } });
  });
});

describe('every answer to a mistake is a problem', () => {
  test('another method on a known address names those that it has', async () => {
    const answer = await run.call('/api/submissions', { method: 'DELETE' });
    expect(answer).toMatchObject({ status: 405, body: { code: 'http.method-not-allowed' } });
    expect(answer.headers.get('allow')).toBe('GET, POST');
    expect((await run.call('/api/nothing', { method: 'DELETE' })).status).toBe(404);
  });

  test('an unknown parameter is named in French, in English when asked', async () => {
    const french = await run.call('/api/submissions?flavour=1');
    expect(french.body.detail).toMatch(/flavour n'est pas un membre connu/);
    const english = await run.call('/api/submissions?state=odd', { headers: { 'accept-language': 'en' } });
    expect(english.body.detail).toMatch(/state must be one of: refused, held, open, final/);
  });

  test.each([
    ['headers over their limit', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`, 431],
    ['what is no HTTP', '\u0016\u0003\u0001\r\n\r\n', 400],
    [
      'an address that cannot be decoded',
      'GET /api/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      400,
    ],
  ])('%s', async (_, text, status) => {
    const answer = await raw(text);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer.toLowerCase()).toContain('content-type: application/problem+json');
    expect((await run.call('/health/ready')).status).toBe(200);
  });
});

/** What the server answers to bytes as they are. */
function raw(text: string): Promise<string> {
  const { hostname, port } = new URL(run.http);
  const socket = connect(Number(port), hostname);
  return new Promise((resolve) => {
    let answer = '';
    socket.setEncoding('utf8').on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
    socket.write(text);
  });
}
