import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mllpLimits } from '../../../src/intake/limits.ts';
import { freshLetter, type RunningGateway, startTestGateway } from '../../gateway/running.ts';
import { MllpClient } from './client.ts';
import { freshControlId, makeMessage } from './making.ts';

let running: RunningGateway;
const yaml = `
mllp:
  frameSeconds: 1
  idleSeconds: 2
establishments:
  - { id: demo, name: Démo, finessEj: 0B0000011, sector: SA01, ippRoot: 2.25.224918310396250343098525528834132237391, sites: [{ finessEg: 0B0000012, name: Site nord }] }
senders:
  - { id: dpi, establishment: demo, structures: '*', mllp: { application: DPI-T, facility: CHD, addresses: [127.0.0.0/8] } }
`;

beforeAll(async () => {
  running = await startTestGateway({ yaml });
});

afterAll(async () => {
  await running.close();
});

const open = () => MllpClient.open(running.gateway.endpoints.mllp!);

describe('a connection', () => {
  test('answers messages in the order in which they came, all in one packet', async () => {
    const client = await open();
    const ids = Array.from({ length: 12 }, freshControlId);
    const large = makeMessage({
      controlId: ids[0]!,
      document: freshLetter({ '</title>': `</title><!--${'x'.repeat(800_000)}-->` }).document,
    });
    const rest = ids
      .slice(1)
      .map((controlId, index) =>
        index % 3 === 0 ? makeMessage({ controlId, document: 'no document' }) : makeMessage({ controlId }),
      );
    client.write(large, ...rest);
    const last = await client.ack(ids.length - 1);
    expect(client.acks.map(({ acknowledged }) => acknowledged)).toEqual(ids);
    expect(last.code).toBe('AA');
    client.close();
  });

  test('a replacement that follows its original in the same packet finds it', async () => {
    const client = await open();
    const original = freshLetter();
    const version = freshLetter({ '<setId': `<versionNumber value="2"/><setId` });
    const linked = version.document
      .toString()
      .replace(/<versionNumber value="2"\/>/, '')
      .replace(/(<versionNumber value=")\d+("\/>)/, '$12$2')
      .replace(
        /(<documentationOf)/,
        `<relatedDocument typeCode="RPLC"><parentDocument><id root="${original.uniqueId}"/></parentDocument></relatedDocument>$1`,
      );
    client.write(
      makeMessage({ document: original.document }),
      makeMessage({ order: 'RO', document: linked }),
    );
    const second = await client.ack(1);
    expect(second.errors).toEqual([]);
    expect(second.code).toBe('AA');
    const list = await running.call(`/api/submissions?uniqueId=${version.uniqueId}`);
    const { body } = await running.call(`/api/submissions/${list.body.items[0].id}`);
    expect(body.target).toBe(original.uniqueId);
    client.close();
  });

  test('a message a byte at a time', async () => {
    const client = await open();
    const message = makeMessage({ document: 'short', controlId: 'BYTES-1' });
    for (const byte of Buffer.concat([Buffer.of(0x0b), message, Buffer.of(0x1c, 0x0d)]))
      client.socket.write(Buffer.of(byte));
    expect((await client.ack(0)).acknowledged).toBe('BYTES-1');
    client.close();
  });

  test('the same message again gets the same acknowledgement, byte for byte, and is not done again', async () => {
    const client = await open();
    const { document, uniqueId } = freshLetter();
    const message = makeMessage({ document });
    const first = await client.send(message);
    const again = await client.send(message.toString('utf8').replace('20260101120000', '20260101120500'));
    expect(again.bytes).toEqual(first.bytes);
    const refused = makeMessage({ document: 'no document' });
    expect((await client.send(refused)).bytes).toEqual((await client.send(refused)).bytes);
    const list = await running.call(`/api/submissions?uniqueId=${uniqueId}`);
    expect(list.body.items).toHaveLength(1);
    client.close();
  });

  test('the same control identifier with other content is refused', async () => {
    const client = await open();
    const controlId = freshControlId();
    await client.send(makeMessage({ controlId }));
    const clone = await client.send(makeMessage({ controlId }));
    expect(clone.code).toBe('AE');
    expect(clone.errors[0]).toMatchObject({ condition: '207', code: 'request.key-conflict' });
    client.close();
  });

  test('an acknowledgement is never answered; what follows it is', async () => {
    const client = await open();
    client.write(
      'MSH|^~\\&|A|B|C|D|2026||ACK^Z01^ACK|1|T|2.6\rMSA|AA|2\r',
      makeMessage({ controlId: 'AFTER-ACK' }),
    );
    expect((await client.ack(0)).acknowledged).toBe('AFTER-ACK');
    client.close();
  });

  test.each([
    ['nothing', '', 'AE', '100'],
    ['no header', 'PID|1\r', 'AE', '100'],
    ['wrong delimiters', 'MSH|^^\\&|A|B|C|D|2026||ORU^R01^ORU_R01|1|T|2.5\r', 'AE', '102'],
    [
      'an unknown character set',
      'MSH|^~\\&|DPI-T|CHD|C|D|2026||ORU^R01^ORU_R01|1|T|2.5|||||FRA|BIG-5\r',
      'AE',
      '103',
    ],
    ['an unknown type', 'MSH|^~\\&|DPI-T|CHD|C|D|2026||SIU^S12^SIU_S12|1|T|2.5\r', 'AE', '200'],
    ['an unknown event', 'MSH|^~\\&|DPI-T|CHD|C|D|2026||MDM^T01^MDM_T02|1|T|2.6\r', 'AE', '201'],
    [
      'an unknown processing identifier',
      'MSH|^~\\&|DPI-T|CHD|C|D|2026||ORU^R01^ORU_R01|1|X|2.5\r',
      'AE',
      '202',
    ],
    ['an unknown version', 'MSH|^~\\&|DPI-T|CHD|C|D|2026||ORU^R01^ORU_R01|1|T|2.2\r', 'AE', '203'],
    ['an unknown sender', 'MSH|^~\\&|NOBODY|CHD|C|D|2026||ORU^R01^ORU_R01|1|T|2.5\r', 'AR', '207'],
  ])('%s is answered', async (_, message, code, condition) => {
    const client = await open();
    const ack = await client.send(message);
    expect([ack.code, ack.errors[0]!.condition]).toEqual([code, condition]);
    expect(ack.errors[0]!.user).not.toBe('');
    client.close();
  });

  test('one that another cuts short is told, and the other is taken', async () => {
    const client = await open();
    const whole = makeMessage({ controlId: 'SECOND-1' });
    client.socket.write(`\x0b${makeMessage({ controlId: 'FIRST-1' }).toString().slice(0, 300)}`);
    client.write(whole);
    await client.ack(1);
    expect(client.acks.map(({ code, acknowledged }) => [code, acknowledged])).toEqual([
      ['AE', 'FIRST-1'],
      ['AA', 'SECOND-1'],
    ]);
    expect(client.acks[0]!.errors[0]!.code).toBe('hl7v2.frame-broken');
    client.close();
  });

  test('a message that does not end in time is told, and the connection ends', async () => {
    const client = await open();
    client.socket.write(`\x0b${makeMessage({ controlId: 'SLOW-1' }).toString().slice(0, 300)}`);
    expect((await client.ack(0)).acknowledged).toBe('SLOW-1');
    await client.whenClosed();
  });

  test('silence ends a connection', async () => {
    const client = await open();
    await client.whenClosed();
    expect(client.acks).toEqual([]);
  });

  test('a peer that speaks something else is let go', async () => {
    const client = await open();
    for (let line = 0; line < mllpLimits.brokenFrames.value + 1 && !client.closed; line += 1) {
      client.socket.write(`GET / HTTP/1.1 ${line}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await client.whenClosed();
  });

  test('a sender that half closes is still answered', async () => {
    const client = await open();
    client.write(makeMessage({ controlId: 'HALF-1' }));
    client.socket.end();
    expect((await client.ack(0)).acknowledged).toBe('HALF-1');
    await client.whenClosed();
  });
});
