import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { readAnswer } from '../../../src/delivery/dmp/answer.ts';
import type { DmpConnection, Exchange } from '../../../src/delivery/dmp/connection.ts';
import { dmpLimits } from '../../../src/delivery/dmp/limits.ts';
import type { Body } from '../../../src/delivery/dmp/mtom.ts';
import { outcomeOf } from '../../../src/delivery/dmp/outcome.ts';
import type { Clock } from '../../../src/words/clock.ts';
import { isViaducError } from '../../../src/words/errors.ts';
import { answerSoap, connectTo, envelope, registryResponse, startStub } from './server.ts';

const SUCCESS = envelope(registryResponse('Success'));

function bodyOf(...chunks: Uint8Array[]): Body {
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  return { contentType: 'application/soap+xml', length, chunks };
}

const SMALL = bodyOf(Buffer.from('<demande/>'), Buffer.from('<fin/>'));
/** More than the buffers of two sockets hold: the client is still sending when a server that reads nothing cuts. */
const LARGE = bodyOf(Buffer.alloc(40_000_000), Buffer.from('fin'));

const send = (connection: DmpConnection, body = SMALL, signal?: AbortSignal) =>
  connection.exchange('repository', body, signal);
const result = (exchange: Exchange) => outcomeOf(readAnswer(exchange, 'urn:uuid:1'), 'changes').result;

/** A server below HTTP: what it does with each connection is the test's affair. */
async function startTcp(onConnection: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onConnection(socket);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/services`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

describe('one exchange', () => {
  test('goes to the path of the service with its exact length, and is read whole', async () => {
    await using stub = await startStub((_, response) => answerSoap(response, SUCCESS));
    await using connection = connectTo(`${stub.url}/`);
    const exchange = await send(connection, bodyOf(Buffer.from('é'), Buffer.from('€')));
    expect(exchange).toMatchObject({ kind: 'answer', status: 200, sent: true });
    expect(stub.seen[0]).toMatchObject({
      path: '/si-dmp-server/v2/services/repository',
      headers: { 'content-length': '5', 'content-type': 'application/soap+xml' },
    });
    expect(stub.seen[0]!.body.toString()).toBe('é€');
    expect(connection.urlOf('registry')).toBe(`${stub.url}/registry`);
  });

  test('tells the Date of the answer, between the instants of the request and of the answer', async () => {
    const dates: (string | null)[] = [];
    const instants: number[] = [];
    await using stub = await startStub((_, response) => answerSoap(response, SUCCESS));
    await using connection = connectTo(stub.url, {
      onDate(date, sentMs, receivedMs) {
        dates.push(date);
        instants.push(sentMs, receivedMs);
      },
    });
    await send(connection);
    expect(Math.abs(Date.parse(dates[0]!) - Date.now())).toBeLessThan(60_000);
    expect(instants[0]).toBeLessThanOrEqual(instants[1]!);
  });

  test('paths are configuration', async () => {
    await using stub = await startStub((_, response) => answerSoap(response, SUCCESS));
    await using connection = connectTo(stub.url, { paths: { repository: '/depot?v=3' } });
    await send(connection);
    expect(stub.seen[0]!.path).toBe('/si-dmp-server/v2/services/depot?v=3');
  });

  test('a chunked answer in small pieces is put together', async () => {
    await using stub = await startStub((_, response) => {
      response.writeHead(200, { 'content-type': 'application/soap+xml' });
      for (const piece of SUCCESS.match(/.{1,7}/gs)!) response.write(piece);
      response.end();
    });
    await using connection = connectTo(stub.url);
    expect(result(await send(connection))).toBe('delivered');
  });

  test('the next one uses the same connection', async () => {
    await using stub = await startStub((_, response) => answerSoap(response, SUCCESS));
    await using connection = connectTo(stub.url, { connections: 1 });
    for (let index = 0; index < 3; index += 1) await send(connection);
    expect(new Set(stub.seen.map(({ clientPort }) => clientPort)).size).toBe(1);
  });

  test('a large document arrives byte for byte', async () => {
    await using stub = await startStub((_, response) => answerSoap(response, SUCCESS));
    await using connection = connectTo(stub.url);
    const large = Buffer.alloc(5_000_000, 'aé\r\n--');
    await send(connection, bodyOf(Buffer.from('debut'), large, Buffer.from('fin')));
    expect(stub.seen[0]!.body.equals(Buffer.concat([Buffer.from('debut'), large, Buffer.from('fin')]))).toBe(
      true,
    );
  });
});

describe('what goes wrong before the request has left whole is transient', () => {
  test('nobody listens', async () => {
    const stub = await startStub(() => {});
    await stub[Symbol.asyncDispose]();
    await using connection = connectTo(stub.url);
    const exchange = await send(connection);
    expect(exchange).toMatchObject({ kind: 'failure', code: 'delivery.dmp-unreachable', sent: false });
    expect(result(exchange)).toBe('transient');
  });

  test('the name does not exist', async () => {
    await using connection = connectTo('http://dmp.invalid/services');
    expect(await send(connection)).toMatchObject({ code: 'delivery.dmp-unreachable', sent: false });
  });

  test('the server hangs up while the document is being sent', async () => {
    await using tcp = await startTcp((socket) => socket.once('data', () => socket.destroy()));
    await using connection = connectTo(tcp.url);
    const exchange = await send(connection, LARGE);
    expect(exchange).toMatchObject({ kind: 'failure', sent: false });
    expect(result(exchange)).toBe('transient');
  });

  test('a front end answers 502 before it read the document', async () => {
    await using tcp = await startTcp((socket) =>
      socket.once('data', () => {
        socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      }),
    );
    await using connection = connectTo(tcp.url);
    expect(result(await send(connection, LARGE))).toBe('transient');
  });

  test('the server takes the connection and reads nothing until the deadline', async () => {
    await using tcp = await startTcp((socket) => socket.pause());
    await using connection = connectTo(tcp.url, { timeoutMs: 300 });
    const exchange = await send(connection, LARGE);
    expect(exchange).toMatchObject({ kind: 'failure', code: 'delivery.dmp-unreachable', sent: false });
  });
});

describe('what goes wrong after the request has left whole is ambiguous', () => {
  test.each<[string, (socket: Socket) => void]>([
    ['the connection is reset', (socket) => socket.resetAndDestroy()],
    ['the connection is closed', (socket) => socket.end()],
    ['the answer is no HTTP', (socket) => socket.end('+OK\r\n')],
    ['the head of the answer is cut', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-')],
    [
      'the answer is shorter than it says',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n<s:Envelope'),
    ],
    [
      'a chunked answer is cut',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<s:En\r\n'),
    ],
  ])('%s', async (_, answer) => {
    await using tcp = await startTcp((socket) => {
      let received = '';
      socket.on('data', (chunk) => {
        received += chunk.toString('latin1');
        if (received.endsWith('<fin/>')) answer(socket);
      });
    });
    await using connection = connectTo(tcp.url);
    const exchange = await send(connection);
    expect(exchange).toMatchObject({ kind: 'failure', code: 'delivery.dmp-no-answer', sent: true });
    expect(result(exchange)).toBe('ambiguous');
  });

  test('no answer comes within the deadline, which runs on the given clock', async () => {
    let fire = () => {};
    const clock: Clock = {
      now: () => 0,
      after: (ms, action) => {
        expect(ms).toBe(60_000);
        fire = action;
        return () => {};
      },
    };
    await using stub = await startStub(() => fire());
    await using connection = connectTo(stub.url, { timeoutMs: 60_000, clock });
    const exchange = await send(connection);
    expect(exchange).toMatchObject({ kind: 'failure', code: 'delivery.dmp-no-answer', sent: true });
    expect(exchange).toMatchObject({ values: { reason: 'no answer within 60000 ms' } });
  });

  test('the deadline covers an answer that drips without end', async () => {
    let dripping: NodeJS.Timeout | undefined;
    await using stub = await startStub((_, response) => {
      response.writeHead(200, { 'content-type': 'application/soap+xml' });
      dripping = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(dripping));
    });
    await using connection = connectTo(stub.url, { timeoutMs: 250 });
    const exchange = await send(connection);
    expect(exchange).toMatchObject({ kind: 'failure', status: 200, sent: true });
    expect((exchange as { raw: Uint8Array }).raw.length).toBeGreaterThan(0);
  });

  test('the caller stops', async () => {
    const stop = new AbortController();
    await using stub = await startStub(() => stop.abort(new Error('gateway stops')));
    await using connection = connectTo(stub.url);
    expect(await send(connection, SMALL, stop.signal)).toMatchObject({
      code: 'delivery.dmp-no-answer',
      values: { reason: 'gateway stops' },
      sent: true,
    });
  });
});

describe('limits', () => {
  const answering = (length: number) =>
    startStub((_, response) => {
      response.writeHead(200, { 'content-type': 'application/soap+xml' }).end(Buffer.alloc(length, ' '));
    });

  test('an answer is read at its cap and given up beyond, its beginning kept', async () => {
    const cap = 10_000;
    await using atCap = await answering(cap);
    await using first = connectTo(atCap.url, { maxAnswerBytes: cap });
    expect(await send(first)).toMatchObject({ kind: 'answer' });
    await using beyond = await answering(cap + 1);
    await using second = connectTo(beyond.url, { maxAnswerBytes: cap });
    const exchange = await send(second);
    expect(exchange).toMatchObject({ code: 'delivery.dmp-answer-too-large', sent: true, status: 200 });
    expect((exchange as { raw: Uint8Array }).raw).toHaveLength(cap);
    expect(result(exchange)).toBe('ambiguous');
  });

  test('a gigantic answer is not read to its end', async () => {
    let written = 0;
    await using stub = await startStub((_, response) => {
      response.writeHead(200, { 'content-type': 'text/xml' });
      const pour = () => {
        while (!response.destroyed && response.write(Buffer.alloc(1_000_000))) written += 1_000_000;
        written += 1_000_000;
      };
      response.on('drain', pour);
      pour();
    });
    await using connection = connectTo(stub.url);
    expect(await send(connection)).toMatchObject({ code: 'delivery.dmp-answer-too-large' });
    expect(written).toBeLessThan(dmpLimits.answer.value * 20);
  });
});

describe('address', () => {
  test.each(['dmp.example', 'ftp://dmp.example/', ''])('%j is refused', (baseUrl) => {
    try {
      connectTo(baseUrl);
      expect.unreachable();
    } catch (error) {
      expect(isViaducError(error, 'delivery.dmp-address')).toBe(true);
    }
  });
});
