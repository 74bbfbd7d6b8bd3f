import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { wireLimits } from '../../../../src/delivery/mssante/limits.ts';
import { submit } from '../../../../src/delivery/mssante/wire/smtp.ts';
import { ClientTokens } from '../../../../src/delivery/mssante/wire/token.ts';
import { ScriptedSmtp } from './scripted-smtp.ts';

const asked: { authorization: string | undefined; form: string }[] = [];
let answer: () => [number, unknown];
let tokenUrl: string;
let nowMs = 0;
const clock = { now: () => nowMs, after: () => () => {} };

const server = createServer(async (request: IncomingMessage, response) => {
  asked.push({ authorization: request.headers.authorization, form: await text(request) });
  const [status, body] = answer();
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  tokenUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  asked.length = 0;
  nowMs = 1_000_000;
  let count = 0;
  answer = () => [200, { access_token: `token${++count}`, expires_in: 3600, token_type: 'Bearer' }];
});

function tokens(): ClientTokens {
  return new ClientTokens({ tokenUrl, clientId: 'gate:way', clientSecret: 's e', scope: 'smtp imap' }, clock);
}

describe('an access token', () => {
  test('is asked for as a client of RFC 6749, 4.4', async () => {
    expect(await tokens().get()).toBe('token1');
    expect(asked).toEqual([
      {
        authorization: `Basic ${Buffer.from('gate%3Away:s%20e').toString('base64')}`,
        form: 'grant_type=client_credentials&scope=smtp+imap',
      },
    ]);
  });

  test('is kept until a minute before its end', async () => {
    const source = tokens();
    await source.get();
    nowMs += 3_600_000 - wireLimits.tokenMargin.value - 1;
    expect(await source.get()).toBe('token1');
    nowMs += 1;
    expect(await source.get()).toBe('token2');
  });

  test('is asked for once, however many wait for it', async () => {
    const source = tokens();
    expect(await Promise.all([source.get(), source.get(), source.get()])).toEqual([
      'token1',
      'token1',
      'token1',
    ]);
    expect(asked).toHaveLength(1);
  });

  test('that a server refused is asked for anew', async () => {
    const source = tokens();
    source.refused(await source.get());
    expect(await source.get()).toBe('token2');
  });

  test.each([
    [
      400,
      { error: 'invalid_client', error_description: 'secret of gateway' },
      'mssante.token-refused',
      'HTTP 400 invalid_client',
    ],
    [200, '<html>', 'mssante.token-refused', 'HTTP 200'],
    [200, { access_token: 'a\r\nb' }, 'mssante.token-refused', 'HTTP 200'],
    [200, { access_token: 'x'.repeat(wireLimits.tokenAnswer.value) }, 'mssante.token-refused', 'HTTP 200'],
    [503, {}, 'mssante.token-unreachable', 'HTTP 503'],
    [429, {}, 'mssante.token-unreachable', 'HTTP 429'],
  ])('is missed after %i %j', async (status, body, code, reason) => {
    answer = () => [status, body];
    await expect(tokens().get()).rejects.toMatchObject({ code, values: { reason } });
  });
});

describe('a mailbox that is entered with a token', () => {
  test('says it as XOAUTH2, whatever else the server offers', async () => {
    await using smtp = await ScriptedSmtp.start();
    const auth = { kind: 'oauth2', user: 'box@a', tokens: tokens() } as const;
    const mail = { from: 'box@a', to: 'b@b', raw: Buffer.from('S: x\r\n\r\ny\r\n'), envelopeId: 'e' };
    expect(await submit({ ...smtp.access, auth }, mail)).toMatchObject({ kind: 'accepted' });
    const said = Buffer.from('user=box@a\x01auth=Bearer token1\x01\x01').toString('base64');
    expect(smtp.commands[1]).toBe(`AUTH XOAUTH2 ${said}`);
  });

  test('forgets a token that is refused, and is to be looked at', async () => {
    await using smtp = await ScriptedSmtp.start({ answers: { auth: '535 5.7.8 expired' } });
    const source = tokens();
    const auth = { kind: 'oauth2', user: 'box@a', tokens: source } as const;
    const mail = { from: 'box@a', to: 'b@b', raw: Buffer.from('S: x\r\n\r\ny\r\n'), envelopeId: 'e' };
    expect(await submit({ ...smtp.access, auth }, mail)).toMatchObject({ kind: 'refused', about: 'mailbox' });
    expect(await source.get()).toBe('token2');
  });

  test.each([
    [401, 'unsafe', 'mssante.token-refused'],
    [500, 'unreachable', 'mssante.token-unreachable'],
  ])('does not connect without one (HTTP %i)', async (status, kind, code) => {
    answer = () => [status, {}];
    await using smtp = await ScriptedSmtp.start();
    const auth = { kind: 'oauth2', user: 'box@a', tokens: tokens() } as const;
    const mail = { from: 'box@a', to: 'b@b', raw: Buffer.from('x'), envelopeId: 'e' };
    expect(await submit({ ...smtp.access, auth }, mail)).toMatchObject({ kind, at: 'auth', code });
    expect(smtp.commands).toEqual([]);
  });
});
