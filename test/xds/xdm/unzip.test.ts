import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isViaducError } from '../../../src/words/errors.ts';
import { xdmLimits } from '../../../src/xds/xdm/limits.ts';
import { unzip } from '../../../src/xds/xdm/unzip.ts';
import { writeZip } from '../../../src/xds/xdm/zip.ts';
import { type Ending, type Forged, forge } from './forge.ts';

const refused = (members: Forged[], ending?: Ending) => expect(unzip(forge(members, ending))).rejects;
const TEXT = { name: 'A.TXT', data: 'a' };
const names = async (bytes: Buffer) => (await unzip(bytes)).map(({ name }) => name);

describe('an honest archive', () => {
  test('opens, with a comment, a folder, a gap and a stored file', async () => {
    const members = [{ name: 'F/', mode: 0o40755 }, TEXT, { name: 'F/b.txt', data: 'bb', method: 0 }];
    const opened = await unzip(forge(members, { comment: 'made by hand' }));
    expect(opened.map(({ name, bytes }) => [name, bytes.toString()])).toEqual([
      ['A.TXT', 'a'],
      ['F/b.txt', 'bb'],
    ]);
  });

  test('may be empty', async () => expect(await unzip(forge([]))).toEqual([]));

  test('may have names of CP437', async () => {
    const name = Buffer.from([0x82, 0x2e, 0x54, 0x58, 0x54]);
    expect(await names(forge([{ name, data: '', flags: 0 }]))).toEqual(['é.TXT']);
  });
});

describe('what is no archive', () => {
  test.each([
    ['nothing', Buffer.alloc(0)],
    ['a text', Buffer.from('hello')],
    ['the beginning of one', forge([TEXT]).subarray(0, 40)],
    ['an end record cut short', forge([TEXT]).subarray(0, -3)],
  ])('%s', (_, bytes) => expect(unzip(bytes)).rejects.toMatchObject({ code: 'xdm.not-a-zip' }));
});

describe('an archive that two readers would see differently', () => {
  const malformed = (what: string) => ({
    code: 'xdm.zip-malformed',
    message: `The ZIP archive is malformed: ${what}.`,
  });

  test('bytes behind the end', () =>
    refused([TEXT], { behind: Buffer.from('more') }).toMatchObject(malformed('bytes follow its end')));

  test('ZIP64', () => {
    const between = Buffer.alloc(20);
    between.writeUInt32LE(0x07064b50, 0);
    return refused([TEXT], { between }).toMatchObject(malformed('it is in ZIP64'));
  });

  test('several volumes', () =>
    refused([TEXT], { disk: 1 }).toMatchObject(malformed('it has several volumes')));

  test.each([-1, 1])('a directory %i byte from its place', (shift) =>
    refused([TEXT], { shift }).toMatchObject(malformed('its directory is not in its place')),
  );

  test('bytes between directory and end', () =>
    refused([TEXT], { between: Buffer.from('x') }).toMatchObject(
      malformed('its directory is not in its place'),
    ));

  test('more files counted than there are', () =>
    refused([TEXT], { count: 2 }).toMatchObject(malformed('its directory cannot be read')));

  test.each<[string, Forged['local'] & object]>([
    ['another name', { name: 'B.TXT' }],
    ['another method', { method: 0 }],
    ['encryption', { flags: 0x801 }],
    ['another coding of its name', { flags: 0 }],
  ])('a local header that says %s', (_, local) =>
    refused([{ ...TEXT, local }]).toMatchObject(
      malformed('its directory and its files contradict each other'),
    ),
  );

  test('fewer files counted than the directory holds', () =>
    refused([TEXT, { name: 'B.TXT', data: 'b' }], { count: 1 }).toMatchObject(
      malformed('its directory holds more than it counts'),
    ));
});

describe('names', () => {
  test.each([
    ['../A.TXT', 'climbs or skips'],
    ['F/../../A.TXT', 'climbs or skips'],
    ['F/./A.TXT', 'climbs or skips'],
    ['F//A.TXT', 'climbs or skips'],
    ['/etc/passwd', 'absolute'],
    ['C:/A.TXT', 'absolute'],
    ['..\\A.TXT', 'backslash'],
    ['A\n.TXT', 'control'],
    ['A\u202e.TXT', 'control'],
    ['', 'empty'],
    [Buffer.from([0x41, 0xff, 0x42]), 'control'],
  ])('%j is refused', (name, what) =>
    refused([TEXT, { name, data: 'x' }]).toMatchObject({
      code: 'xdm.name-refused',
      values: { position: 2, what: { en: expect.stringContaining(what) } },
    }),
  );

  test('the longest, and one byte more', async () => {
    const most = xdmLimits.nameBytes.value;
    const longest = 'é'.repeat(most / 2);
    expect(await names(forge([{ name: longest, data: '' }]))).toEqual([longest]);
    await refused([{ name: `${longest}A`, data: '' }]).toMatchObject({ code: 'xdm.name-refused' });
  });

  test.each([
    ['A.TXT', 'A.TXT'],
    ['A.TXT', 'a.txt'],
    ['é', 'e\u0301'],
    ['F/', 'F'],
  ])('%j and %j are the same', (one, other) =>
    refused([
      { name: one, data: '' },
      { name: other, data: '' },
    ]).toMatchObject({ code: 'xdm.name-twice', values: { first: 1, second: 2 } }),
  );

  test('a file is no folder of another', () =>
    refused([
      { name: 'f', data: '' },
      { name: 'F/A.TXT', data: '' },
    ]).toMatchObject({ code: 'xdm.name-refused', values: { position: 1 } }));

  test('a message never quotes one', async () => {
    const error = await unzip(forge([{ name: '../MARTIN_Jeanne.PDF', data: '' }])).catch((one: Error) => one);
    expect(JSON.stringify(error) + (error as Error).message).not.toContain('MARTIN');
  });
});

describe('kinds of files', () => {
  test.each([
    ['a link', 0o120777],
    ['a pipe', 0o010644],
    ['a device', 0o020644],
  ])('%s is refused', (_, mode) =>
    refused([{ ...TEXT, mode }]).toMatchObject({ code: 'xdm.not-a-plain-file', values: { position: 1 } }),
  );

  test.each([0x801, 0x2800])('encryption (flags %i) is refused', (flags) =>
    refused([{ ...TEXT, flags }]).toMatchObject({ code: 'xdm.encrypted', values: { position: 1 } }),
  );

  test('strong encryption is refused', () =>
    refused([{ ...TEXT, flags: 0x840 }]).toMatchObject({ code: 'xdm.zip-malformed' }));

  test('another way to pack is refused', () =>
    refused([{ ...TEXT, method: 12 }]).toMatchObject({
      code: 'xdm.packed-otherwise',
      values: { position: 1, method: 12 },
    }));
});

describe('what is unpacked', () => {
  test.each<[string, Partial<Forged>]>([
    ['a wrong CRC', { crc: 1 }],
    ['more bytes than announced', { size: 0 }],
    ['fewer bytes than announced', { size: 2 }],
    ['data that are not deflated', { packed: Buffer.from([0xff, 0xff]) }],
  ])('%s is refused', (_, lie) =>
    refused([{ ...TEXT, ...lie }]).toMatchObject({ code: 'xdm.member-corrupt', values: { position: 1 } }),
  );

  test('a file that stands in another is refused: the bomb of overlapping files', () =>
    refused([TEXT, { ...TEXT, name: 'B.TXT', at: 0, local: { name: 'A.TXT' } }]).toMatchObject({
      code: 'xdm.zip-malformed',
    }));

  test('data that reach into what follows are refused', () =>
    refused([
      { ...TEXT, method: 0, size: 10, packedSize: 10 },
      { name: 'B.TXT', data: 'b' },
    ]).toMatchObject({
      code: 'xdm.members-overlap',
    }));

  test('data that reach beyond the archive are refused', () =>
    refused([{ ...TEXT, packedSize: 1_000_000 }]).toMatchObject({ code: 'xdm.zip-malformed' }));

  test('an archive in the archive is a file like others, never opened', async () => {
    const inner = forge([{ name: 'BOMB', data: Buffer.alloc(10) }]);
    expect((await unzip(forge([{ name: 'IN.ZIP', data: inner }])))[0]!.bytes.equals(inner)).toBe(true);
  });
});

describe('caps', () => {
  /** Bytes that pack to about a hundredth. */
  function soft(bytes: number): Buffer {
    const whole = Buffer.alloc(bytes);
    for (let at = 0; at < bytes; at += 10_000)
      for (let index = 0; index < 80 && at + index < bytes; index += 1)
        whole[at + index] = (at * 31 + index * index * 7) & 0xff;
    return whole;
  }

  test('members', async () => {
    const most = xdmLimits.members.value;
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ name: `F${index}`, data: '' }));
    expect(await unzip(forge(many(most)))).toHaveLength(most);
    await refused(many(most + 1)).toMatchObject({
      code: 'xdm.too-many-members',
      values: { count: most + 1 },
    });
    await refused(many(10_000)).toMatchObject({ code: 'xdm.too-many-members' });
  });

  test('one file and all of them', async () => {
    const most = xdmLimits.memberBytes.value;
    const data = soft(most);
    const packed = deflateRawSync(data, { level: 1 });
    const full = ['A', 'B', 'C'].map((name) => ({ name, data, packed }));
    const opened = await unzip(forge(full));
    expect(opened.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBe(xdmLimits.unpackedBytes.value);
    await refused([...full, TEXT]).toMatchObject({ code: 'xdm.unpacked-too-large' });
    await refused([{ ...full[0]!, size: most + 1 }]).toMatchObject({
      code: 'xdm.member-too-large',
      values: { position: 1, bytes: most + 1 },
    });
  });

  test('how well a file packs, from a size on', async () => {
    const { ratio, ratioFromBytes } = xdmLimits;
    const small = { name: 'A', data: Buffer.alloc(ratioFromBytes.value - 1) };
    expect(await names(forge([small]))).toEqual(['A']);
    await refused([{ name: 'A', data: Buffer.alloc(ratioFromBytes.value) }]).toMatchObject({
      code: 'xdm.packed-too-well',
    });
    const packedSize = 10_000;
    const at = (size: number) => [{ name: 'A', method: 8, packed: Buffer.alloc(packedSize), size }];
    await refused(at(packedSize * ratio.value)).toMatchObject({ code: 'xdm.member-corrupt' });
    await refused(at(packedSize * ratio.value + 1)).toMatchObject({ code: 'xdm.packed-too-well' });
  });

  test('the archive', async () => {
    const most = xdmLimits.archiveBytes.value;
    const overhead = forge([{ name: 'A', data: '', method: 0 }]).length;
    const of = (bytes: number) => forge([{ name: 'A', data: Buffer.alloc(bytes - overhead), method: 0 }]);
    expect(await names(of(most))).toEqual(['A']);
    await expect(unzip(of(most + 1))).rejects.toMatchObject({
      code: 'xdm.archive-too-large',
      values: { bytes: most + 1, most },
    });
  });

  test('a run of zeros that announces little unpacks to no more than that', () =>
    refused([{ name: 'A', data: Buffer.alloc(40_000_000), size: 100_000 }]).toMatchObject({
      code: 'xdm.member-corrupt',
    }));
});

describe('properties', () => {
  test('what is written is read, byte for byte', async () => {
    const member = fc.record({
      name: fc.stringMatching(/^[A-Z][A-Z0-9_]{0,6}$/),
      bytes: fc.uint8Array({ maxLength: 3000 }),
    });
    const members = fc.uniqueArray(member, { selector: ({ name }) => name, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(members, async (given) => {
        const opened = await unzip(await writeZip(given, 0));
        expect(opened.map(({ name, bytes }) => [name, [...bytes]])).toEqual(
          given.map(({ name, bytes }) => [name, [...bytes]]),
        );
      }),
      { numRuns: 100 },
    );
  });

  test('no bytes make it fail otherwise than by its own errors', async () => {
    const honest = forge([TEXT, { name: 'F/B', data: 'some more of it' }]);
    const change = fc.tuple(fc.nat(honest.length - 1), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        const bytes = Buffer.from(honest);
        for (const [at, byte] of changes) bytes[at] = byte;
        await unzip(bytes).catch((error: unknown) => {
          if (!isViaducError(error) || !error.code.startsWith('xdm.')) throw error;
        });
      }),
      { numRuns: 1000 },
    );
  });
});
