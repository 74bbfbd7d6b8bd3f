import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameDecoder, type FrameEvent, frame } from '../../src/hl7v2/frames.ts';
import { hl7v2Limits } from '../../src/hl7v2/limits.ts';

function read(decoder: FrameDecoder, bytes: Buffer, step: number): FrameEvent[] {
  const events: FrameEvent[] = [];
  for (let at = 0; at < bytes.length; at += step) events.push(...decoder.push(bytes.subarray(at, at + step)));
  return events;
}

const texts = (events: FrameEvent[]) =>
  events.map((event) => (event.kind === 'frame' ? event.bytes.toString() : event.kind));

describe('frames', () => {
  test.each([1, 2, 3, 7, 1000])(
    'are the same whichever way the stream is cut (%i bytes at a time)',
    (step) => {
      const long = 'x'.repeat(5000);
      const stream = Buffer.concat([
        frame(Buffer.from('one')),
        Buffer.from('\r\n'),
        frame(Buffer.from(long)),
      ]);
      expect(texts(read(new FrameDecoder(), stream, step))).toEqual(['one', long]);
    },
  );

  test('any messages come out as they went in, at any cut', () => {
    const message = fc
      .uint8Array({ minLength: 1, maxLength: 300 })
      .map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 0x0b && byte !== 0x1c)));
    fc.assert(
      fc.property(fc.array(message, { maxLength: 5 }), fc.integer({ min: 1, max: 64 }), (messages, step) => {
        const events = read(new FrameDecoder(), Buffer.concat(messages.map(frame)), step);
        expect(events).toEqual(messages.map((bytes) => ({ kind: 'frame', bytes })));
      }),
      { numRuns: 200 },
    );
  });

  test('one that another cuts short is told, with its beginning, and the other is read', () => {
    const stream = Buffer.from('\x0bMSH|first\x0bMSH|second\x1c\r');
    const [broken, whole] = new FrameDecoder().push(stream);
    expect(broken).toEqual({ kind: 'broken', head: Buffer.from('MSH|first'), size: 9 });
    expect(whole).toEqual({ kind: 'frame', bytes: Buffer.from('MSH|second') });
  });

  test('one that never ends is told when the stream ends', () => {
    const decoder = new FrameDecoder();
    decoder.push(Buffer.from('\x0bMSH|a'));
    expect(decoder.end()).toEqual([{ kind: 'broken', head: Buffer.from('MSH|a'), size: 5 }]);
    expect(decoder.end()).toEqual([]);
  });

  test('bytes outside of frames are counted, white space is not', () => {
    expect(new FrameDecoder().push(Buffer.from('ab \r\n\x0bc\x1c\r\n'))).toEqual([
      { kind: 'stray', size: 2 },
      { kind: 'frame', bytes: Buffer.from('c') },
    ]);
  });

  test('the carriage return after the end is not needed', () => {
    expect(texts(new FrameDecoder().push(Buffer.from('\x0ba\x1c\x0bb\x1c')))).toEqual(['a', 'b']);
  });

  test('the cap lets its own size in and nothing more, and the next frame is read', () => {
    const decoder = new FrameDecoder({ most: 10, head: 4 });
    expect(texts(decoder.push(frame(Buffer.alloc(10, 'a'))))).toEqual(['a'.repeat(10)]);
    const [event] = decoder.push(frame(Buffer.alloc(11, 'b')));
    expect(event).toEqual({ kind: 'too-large', head: Buffer.from('bbbb'), size: 11 });
    expect(texts(decoder.push(frame(Buffer.from('c'))))).toEqual(['c']);
  });

  test('the cap of the house holds a document of 50 MiB and stops one byte beyond', () => {
    const { value: most } = hl7v2Limits.frameBytes;
    expect(most).toBeGreaterThan((50 * 1024 * 1024 * 4) / 3);
    const decoder = new FrameDecoder();
    const [event] = decoder.push(frame(Buffer.alloc(most + 1, 'a')));
    expect(event).toMatchObject({ kind: 'too-large', size: most + 1 });
    expect((event as { head: Buffer }).head.length).toBe(hl7v2Limits.headBytes.value);
    expect(decoder.push(frame(Buffer.alloc(most, 'a')))[0]!.kind).toBe('frame');
  });

  test('what there is no room for is not kept', () => {
    let room = 6;
    const take = (bytes: number) => {
      room -= bytes;
      return room >= 0;
    };
    const decoder = new FrameDecoder({ room: take, head: 3 });
    const events = [...decoder.push(Buffer.from('\x0babcd')), ...decoder.push(Buffer.from('efgh\x1c'))];
    expect(events).toEqual([{ kind: 'no-room', head: Buffer.from('abc'), size: 8 }]);
  });

  test('hostile bytes cost no more than their number', () => {
    const started = performance.now();
    for (const byte of [0x0b, 0x1c]) {
      const decoder = new FrameDecoder();
      for (let round = 0; round < 4; round += 1) decoder.push(Buffer.alloc(65_536, byte));
    }
    const decoder = new FrameDecoder();
    decoder.push(Buffer.of(0x0b));
    const one = Buffer.from('a');
    for (let round = 0; round < 300_000; round += 1) decoder.push(one);
    expect(decoder.size).toBe(300_000);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
