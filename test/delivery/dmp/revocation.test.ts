import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcp, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SecureContextOptions } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readAnswer } from '../../../src/delivery/dmp/answer.ts';
import { dmpLimits } from '../../../src/delivery/dmp/limits.ts';
import { outcomeOf } from '../../../src/delivery/dmp/outcome.ts';
import { plainSoap } from '../../../src/delivery/dmp/plain-soap.ts';
import { revocationFacts } from '../../../src/delivery/dmp/revocation/certificate.ts';
import { complaintAbout, readRevocationList } from '../../../src/delivery/dmp/revocation/crl.ts';
import { fetcher } from '../../../src/delivery/dmp/revocation/fetch.ts';
import { Revocation, type Standing } from '../../../src/delivery/dmp/revocation/revocation.ts';
import { ServerGate, standingNotice, whyUnknown } from '../../../src/delivery/dmp/server-gate.ts';
import { isViaducError } from '../../../src/words/errors.ts';
import { xml } from '../../../src/xml/writer.ts';
import { Authority, type Identity, withoutOpenssl } from './authority.ts';
import { answerSoap, connectTo, envelope, registryResponse } from './server.ts';

const DAY_MS = 86_400_000;

/** Where lists are published; `null` answers 404. */
interface Publisher extends AsyncDisposable {
  url: string;
  content: Buffer | null;
  asked: number;
}

async function startPublisher(): Promise<Publisher> {
  const server = createServer((_, response) => {
    publisher.asked += 1;
    response.writeHead(publisher.content ? 200 : 404).end(publisher.content ?? '');
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const publisher: Publisher = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/list.crl`,
    content: null,
    asked: 0,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return publisher;
}

async function freePort(): Promise<number> {
  const server = createTcp();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

/** A DMP with a certificate, which counts the requests that reach it; `once`: each on a connection of its own. */
async function startDmp({ once = false, ...identity }: Identity & SecureContextOptions & { once?: boolean }) {
  const dmp = { requests: 0, resumed: [] as boolean[] };
  const server = createTlsServer(identity, (request, response) => {
    dmp.requests += 1;
    if (once) response.setHeader('connection', 'close');
    request.resume().on('end', () => answerSoap(response, envelope(registryResponse('Success'))));
  });
  server.on('tlsClientError', () => {});
  server.on('secureConnection', (socket) => dmp.resumed.push(socket.isSessionReused()));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return Object.assign(dmp, {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  });
}

describe.skipIf(withoutOpenssl)(`revocation of the server${withoutOpenssl}`, () => {
  let authority: Authority;
  let publisher: Publisher;
  let good: Identity;
  let revoked: Identity;
  let silent: Identity;
  let folder: string;
  let now: number;
  let told: Standing[];

  beforeAll(async () => {
    authority = new Authority();
    publisher = await startPublisher();
    good = authority.issue('good', { list: publisher.url });
    revoked = authority.issue('revoked', { list: publisher.url });
    silent = authority.issue('silent');
    authority.revoke('revoked');
  });
  afterAll(async () => {
    await publisher[Symbol.asyncDispose]();
    authority[Symbol.dispose]();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'viaduc-revocation-'));
    Object.assign(publisher, { content: authority.list(), asked: 0 });
    now = Date.now();
    told = [];
    return () => rmSync(folder, { recursive: true, force: true });
  });

  const revocation = (settings: Partial<Revocation['settings']> = {}) =>
    new Revocation({
      settings: { mode: 'soft', lists: [], ocsp: true, graceMs: 3 * DAY_MS, ...settings },
      ...{ folder, allowed: () => true },
      clock: { now: () => now, after: () => () => {} },
      onStanding: (standing) => told.push(standing),
    });

  function connect(url: string, gate: ServerGate) {
    return connectTo(url, { tls: { ca: authority.certificate }, connections: 1, gate });
  }

  async function send(connection: ReturnType<typeof connectTo>) {
    const body = plainSoap({
      action: 'urn:x',
      messageId: 'urn:uuid:1',
      to: 'x',
      security: null,
      body: xml`<x/>`,
    });
    return outcomeOf(readAnswer(await connection.exchange('registry', body), 'urn:uuid:1'), 'changes');
  }

  /** What one request comes to, and how many reached the server. */
  async function ask(identity: Identity, judge: Revocation) {
    await using dmp = await startDmp(identity);
    await using connection = connect(dmp.url, new ServerGate(judge));
    const { result, code, detail } = await send(connection);
    return { result, code, detail, requests: dmp.requests };
  }

  const DELIVERED = { result: 'delivered', requests: 1 };
  const REFUSED = { result: 'configuration', code: 'delivery.dmp-server-revoked', requests: 0 };

  test('a server that no list names is spoken to, and the list is kept', async () => {
    expect(await ask(good, revocation({ mode: 'hard' }))).toMatchObject(DELIVERED);
    expect(readdirSync(folder)).toHaveLength(1);
    expect(told).toMatchObject([{ status: 'good', source: publisher.url, complaints: [] }]);
  });

  test('a revoked server is a matter of configuration, and not one byte of a request reaches it', async () => {
    const outcome = await ask(revoked, revocation());
    expect(outcome).toMatchObject(REFUSED);
    expect(outcome.detail).toContain('CN=revoked');
    expect(told).toMatchObject([{ status: 'revoked' }]);
  });

  test('the last good list serves after a restart while its place does not answer', async () => {
    await revocation().judge([new X509Certificate(good.cert), new X509Certificate(authority.certificate)]);
    publisher.content = null;
    expect(await ask(revoked, revocation())).toMatchObject(REFUSED);
    expect(await ask(good, revocation({ mode: 'hard' }))).toMatchObject(DELIVERED);
    expect(told.at(-1)!.complaints).toMatchObject([
      { place: publisher.url, why: { en: `${publisher.url} cannot be read: HTTP 404.` } },
    ]);
  });

  test('a list past its end serves for the grace, then no longer', async () => {
    await revocation().judge([new X509Certificate(good.cert), new X509Certificate(authority.certificate)]);
    publisher.content = null;
    now += 9 * DAY_MS;
    expect(await ask(good, revocation({ mode: 'hard' }))).toMatchObject(DELIVERED);
    now += 2 * DAY_MS;
    expect(await ask(good, revocation({ mode: 'hard' }))).toMatchObject({
      ...{ result: 'transient', code: 'delivery.dmp-revocation-unknown', requests: 0 },
      detail: expect.stringContaining('it ended on'),
    });
    expect(await ask(revoked, revocation({ mode: 'hard' }))).toMatchObject(REFUSED);
  });

  test('without any list, soft speaks and tells, hard waits', async () => {
    publisher.content = null;
    expect(await ask(good, revocation())).toMatchObject(DELIVERED);
    expect(told).toMatchObject([{ status: 'unknown', complaints: [{ place: publisher.url }] }]);
    expect(await ask(good, revocation({ mode: 'hard' }))).toMatchObject({ result: 'transient', requests: 0 });
  });

  test('a certificate that names no list is told as such, unless the configuration names one', async () => {
    const outcome = await ask(silent, revocation({ mode: 'hard' }));
    expect(outcome).toMatchObject({ code: 'delivery.dmp-revocation-unknown', requests: 0 });
    expect(outcome.detail).toContain('names neither list nor responder');
    const file = join(folder, 'configured.crl');
    writeFileSync(file, authority.list());
    expect(await ask(silent, revocation({ mode: 'hard', lists: [file] }))).toMatchObject(DELIVERED);
  });

  test('a list that another key signed in the same name proves nothing', async () => {
    using impostor = new Authority();
    publisher.content = impostor.list();
    expect(await ask(good, revocation())).toMatchObject(DELIVERED);
    expect(told).toMatchObject([
      { status: 'unknown', complaints: [{ why: 'its signature is not that of the authority' }] },
    ]);
  });

  test('an older list does not take the place of a newer one', async () => {
    using authority = new Authority();
    const server = authority.issue('server', { list: publisher.url });
    const old = authority.list('-crl_lastupdate', '20260101000000Z', '-crldays', '9999');
    authority.revoke('server');
    publisher.content = authority.list();
    const judge = revocation();
    const chain = [server.cert, authority.certificate].map((pem) => new X509Certificate(pem));
    expect((await judge.judge(chain)).status).toBe('revoked');
    publisher.content = old;
    await judge.refresh();
    expect((await judge.judge(chain)).status).toBe('revoked');
    expect(told.at(-1)!.complaints).toMatchObject([{ why: 'an older list came' }]);
  });

  test('connections that are open end when the server is found revoked, and later ones are refused', async () => {
    using authority = new Authority();
    const server = authority.issue('server', { list: publisher.url });
    publisher.content = authority.list();
    const judge = revocation();
    const gate = new ServerGate(judge);
    await using dmp = await startDmp(server);
    await using connection = connectTo(dmp.url, { tls: { ca: authority.certificate }, connections: 1, gate });
    expect((await send(connection)).result).toBe('delivered');
    authority.revoke('server');
    publisher.content = authority.list();
    await judge.refresh();
    gate.close(new X509Certificate(server.cert).fingerprint256);
    expect((await send(connection)).code).toBe('delivery.dmp-server-revoked');
    expect(dmp.requests).toBe(1);
  });

  test('a list is read once for many connections', async () => {
    await using dmp = await startDmp(good);
    const judge = revocation({ mode: 'hard' });
    for (let round = 0; round < 3; round += 1) {
      await using connection = connect(dmp.url, new ServerGate(judge));
      expect((await send(connection)).result).toBe('delivered');
    }
    expect(publisher.asked).toBe(1);
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'a resumed session is judged like the first (%s)',
    async (version) => {
      using authority = new Authority();
      const server = authority.issue('server', { list: publisher.url });
      publisher.content = authority.list();
      await using dmp = await startDmp({ ...server, once: true, maxVersion: version, minVersion: version });
      const judge = revocation({ mode: 'hard' });
      const gate = new ServerGate(judge);
      await using connection = connectTo(dmp.url, {
        tls: { ca: authority.certificate },
        connections: 1,
        gate,
      });
      expect((await send(connection)).result).toBe('delivered');
      expect((await send(connection)).result).toBe('delivered');
      expect(dmp.resumed).toEqual([false, true]);
      expect(gate.chain).toHaveLength(2);
      authority.revoke('server');
      publisher.content = authority.list();
      await judge.refresh();
      expect((await send(connection)).code).toBe('delivery.dmp-server-revoked');
    },
  );

  test('a place that may not be asked is not', async () => {
    const judge = new Revocation({
      settings: { mode: 'hard', lists: [], ocsp: true, graceMs: 0 },
      ...{ folder, allowed: () => false },
      clock: { now: () => now, after: () => () => {} },
    });
    expect(await ask(good, judge)).toMatchObject({ result: 'transient', requests: 0 });
    expect(publisher.asked).toBe(0);
  });

  describe('by a responder (OCSP)', () => {
    const EXPLICIT = 'extendedKeyUsage = OCSPSigning';

    test.each([
      ['of the authority itself', 'ca', ''],
      ['that the authority certified for it', 'responder', EXPLICIT],
    ])('%s', async (_, signer, usage) => {
      using own = new Authority();
      const port = await freePort();
      const published = { responder: `http://127.0.0.1:${port}/` };
      const [kept, lost] = [own.issue('kept', published), own.issue('lost', published)];
      if (signer !== 'ca') own.issue(signer, {}, usage);
      own.revoke('lost');
      await using _responder = await own.respond(port, signer);
      const judge = revocation();
      const standing = (pem: string) =>
        judge.judge([pem, own.certificate].map((one) => new X509Certificate(one)));
      expect(await standing(kept.cert)).toMatchObject({ status: 'good', source: published.responder });
      expect(await standing(lost.cert)).toMatchObject({ status: 'revoked', source: published.responder });
    });

    test('proves nothing by an answer from the future, beyond the five minutes that two clocks may differ by', async () => {
      using own = new Authority();
      const port = await freePort();
      const server = own.issue('server', { responder: `http://127.0.0.1:${port}/` });
      await using _responder = await own.respond(port, 'ca');
      const chain = [server.cert, own.certificate].map((one) => new X509Certificate(one));
      now -= 400_000;
      expect(await revocation().judge(chain)).toMatchObject({ status: 'unknown' });
      expect(told[0]!.complaints[0]!.why).toMatchObject({ en: expect.stringContaining('from the future') });
      now += 200_000;
      expect(await revocation().judge(chain)).toMatchObject({ status: 'good' });
    });

    test('whose certificate is not made for it proves nothing', async () => {
      using own = new Authority();
      const port = await freePort();
      const server = own.issue('server', { responder: `http://127.0.0.1:${port}/` });
      own.issue('other');
      await using _responder = await own.respond(port, 'other');
      const chain = [server.cert, own.certificate].map((one) => new X509Certificate(one));
      expect(await revocation().judge(chain)).toMatchObject({ status: 'unknown' });
      expect(told[0]!.complaints[0]!.why).toMatchObject({ en: expect.stringContaining('cannot be used') });
    });
  });

  describe('a list that cannot be used', () => {
    const codeOf = (bytes: Buffer) => {
      try {
        readRevocationList(bytes);
        return null;
      } catch (error) {
        return isViaducError(error) ? error.code : error;
      }
    };

    test('is told whatever its bytes are', () => {
      const list = authority.list();
      expect(codeOf(list)).toBeNull();
      for (let length = 0; length < list.length; length += 7)
        expect(codeOf(list.subarray(0, length)), `${length} bytes`).toBe('delivery.revocation-list-unusable');
      expect(codeOf(Buffer.from('<html>proxy</html>'))).toBe('delivery.revocation-list-unusable');
      expect(codeOf(new X509Certificate(good.cert).raw)).toBe('delivery.revocation-list-unusable');
    });

    test.each([
      ['RSASSA-PSS', ['-sigopt', 'rsa_padding_mode:pss']],
      ['RSASSA-PSS and SHA-1', ['-md', 'sha1', '-sigopt', 'rsa_padding_mode:pss']],
      ['SHA-384', ['-md', 'sha384']],
    ])('is verified with %s, and not when a byte differs', (_, options) => {
      const der = authority.list('-crldays', '7', ...options);
      const issuer = new X509Certificate(authority.certificate);
      expect(readRevocationList(der).isSignedBy(issuer)).toBe(true);
      const changed = Buffer.from(der);
      changed[changed.length - 1]! ^= 1;
      expect(readRevocationList(changed).isSignedBy(issuer)).toBe(false);
    });

    test('comes from the future, beyond the five minutes that two clocks may differ by', () => {
      const list = readRevocationList(authority.list());
      const issuer = new X509Certificate(authority.certificate);
      expect(complaintAbout(list, issuer, list.thisUpdate - 300_000)).toBeNull();
      expect(complaintAbout(list, issuer, list.thisUpdate - 300_001)).toBe('it comes from the future');
    });

    test.each([
      ['', true],
      ['keyUsage = cRLSign', true],
      ['keyUsage = keyCertSign, cRLSign', true],
      ['keyUsage = keyCertSign', false],
      ['keyUsage = keyAgreement, encipherOnly', false],
    ])('is signed by whoever may sign lists: with "%s" %s', (usage, expected) => {
      const published = { list: 'http://127.0.0.1/a.crl', responder: 'http://127.0.0.1/ocsp' };
      const name = `signer-${usage.length}`;
      const {
        signsLists,
        lists,
        responders,
        authority: isAuthority,
      } = revocationFacts(new X509Certificate(authority.issue(name, published, usage).cert));
      expect({ signsLists, lists, responders, isAuthority }).toEqual({
        ...{ signsLists: expected, lists: [published.list], responders: [published.responder] },
        isAuthority: false,
      });
    });

    test.each([
      ['onlyuser', 'others'],
      ['onlyCA', 'authorities'],
      ['onlyAA', 'it is partial or indirect'],
      ['indirectCRL', 'it is partial or indirect'],
      ['onlysomereasons', 'it is partial or indirect'],
      ['differences', 'it has the critical extension 2.5.29.27'],
    ])('is limited: %s', (name, expected) => {
      const der = authority.list('-crldays', '7', '-crlexts', `list-${name}`);
      if (expected.includes(' ')) expect(() => readRevocationList(der)).toThrow(expected);
      else expect(readRevocationList(der).scope).toBe(expected);
    });

    test('is read from PEM as from DER', () => {
      const der = authority.list();
      const pem = `-----BEGIN X509 CRL-----\n${der.toString('base64')}\n-----END X509 CRL-----\n`;
      expect(readRevocationList(Buffer.from(pem)).nextUpdate).toBe(readRevocationList(der).nextUpdate);
    });
  });
});

describe('what somebody should know of a standing', () => {
  const standing = (changes: Partial<Standing>): Standing => ({
    ...{ status: 'good', subject: 'CN=dmp', source: 'http://a/', until: Date.UTC(2026, 6, 1) },
    ...{ complaints: [], ...changes },
  });
  const complaints = [
    { place: 'http://b/', why: { fr: 'illisible', en: 'unreadable' } },
    { place: 'http://c/', why: 'cut' },
  ];

  test.each([
    ['all is well', {}, null],
    [
      'another place did not answer',
      { complaints },
      {
        code: 'delivery.revocation-kept',
        values: { subject: 'CN=dmp', until: '2026-07-01T00:00:00.000Z', why: 'unreadable http://c/: cut' },
      },
    ],
    [
      'nobody said anything',
      { status: 'unknown' as const, source: null },
      {
        code: 'delivery.dmp-revocation-unknown',
        values: { subject: 'CN=dmp', why: expect.stringContaining('names neither list nor responder') },
      },
    ],
    [
      'it is revoked',
      { status: 'revoked' as const, complaints },
      { code: 'delivery.dmp-server-revoked', values: { subject: 'CN=dmp', source: 'http://a/' } },
    ],
  ])('when %s', (_, changes, expected) => {
    expect(standingNotice(standing(changes))).toEqual(expected);
  });

  test('in French too', () => {
    expect(whyUnknown({ complaints }).fr).toBe('illisible http://c/: cut');
    expect(whyUnknown({ complaints: [] }).fr).toContain('ne nomme ni liste ni répondeur');
  });
});

describe('what is read of a list or an answer', () => {
  test.each(['revocationList', 'ocspAnswer'] as const)('ends at its cap: %s', async (name) => {
    const cap = dmpLimits[name].value;
    await using publisher = await startPublisher();
    const read = fetcher(() => true);
    publisher.content = Buffer.alloc(cap);
    expect(await read(publisher.url, cap)).toHaveLength(cap);
    publisher.content = Buffer.alloc(cap + 1);
    await expect(read(publisher.url, cap)).rejects.toThrow(`more than ${cap} bytes`);
  });

  test('ends at its cap in a file too', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'viaduc-revocation-'));
    const file = join(folder, 'list.crl');
    writeFileSync(file, Buffer.alloc(11));
    const read = fetcher(() => false);
    expect(await read(file, 11)).toHaveLength(11);
    await expect(read(file, 10)).rejects.toThrow('more than 10 bytes');
    rmSync(folder, { recursive: true });
    await expect(read(file, 10)).rejects.toMatchObject({ code: 'delivery.revocation-unreachable' });
  });

  test('a place that takes the connection and stays silent is given up at its deadline', async () => {
    const held: Socket[] = [];
    const server = createTcp((socket) => held.push(socket));
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const { port } = server.address() as AddressInfo;
    const began = performance.now();
    await expect(fetcher(() => true)(`http://127.0.0.1:${port}/`, 10)).rejects.toMatchObject({
      code: 'delivery.revocation-unreachable',
    });
    expect(performance.now() - began).toBeGreaterThanOrEqual(dmpLimits.revocationWait.value - 50);
    for (const socket of held) socket.destroy();
    await new Promise((closed) => server.close(closed));
  });
});
