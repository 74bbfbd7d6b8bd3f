type Random = () => number;
type Mutation = (message: Buffer, random: Random) => Buffer;

const between = (random: Random, most: number) => Math.floor(random() * most);
const pick = <T>(random: Random, from: readonly T[]): T => from[between(random, from.length)]!;

/** Works on the segments of a message. */
function onSegments(change: (segments: string[], random: Random) => void): Mutation {
  return (message, random) => {
    const segments = message.toString('latin1').split('\r');
    change(segments, random);
    return Buffer.from(segments.join('\r'), 'latin1');
  };
}

/** Works on the fields of one segment. */
function onFields(change: (fields: string[], random: Random) => void): Mutation {
  return onSegments((segments, random) => {
    const at = between(random, segments.length);
    const fields = segments[at]!.split('|');
    change(fields, random);
    segments[at] = fields.join('|');
  });
}

const NASTY = [
  '',
  '""',
  '^^^^^',
  '~~~~',
  '&',
  '\\',
  '\\X\\',
  '\\XZZ\\',
  '\\F\\',
  '\u00ff\u00fe',
  '9'.repeat(300),
  '-1',
  'Y',
  '\u0000',
];

/** Ways to spoil a message. What they are given begins with MSH; what they return may be anything. */
const MUTATIONS: readonly Mutation[] = [
  (message, random) => {
    const copy = Buffer.from(message);
    for (let times = 1 + between(random, 8); times > 0; times -= 1)
      copy[between(random, copy.length)] = between(random, 256);
    return copy;
  },
  (message, random) => message.subarray(0, between(random, message.length)),
  (message, random) => message.subarray(between(random, message.length)),
  (message, random) => {
    const at = between(random, message.length);
    return Buffer.concat([
      message.subarray(0, at),
      Buffer.alloc(between(random, 3000), between(random, 256)),
      message.subarray(at),
    ]);
  },
  onSegments((segments, random) => void segments.splice(between(random, segments.length), 1)),
  onSegments((segments, random) => {
    const at = between(random, segments.length);
    segments.splice(at, 0, segments[between(random, segments.length)]!);
  }),
  onSegments((segments, random) => {
    const [one] = segments.splice(between(random, segments.length), 1);
    segments.splice(between(random, segments.length), 0, one!);
  }),
  onSegments((segments, random) => {
    const at = between(random, segments.length);
    segments[at] = `${pick(random, ['ZZZ', 'OBX', 'PRT', 'NTE', 'msh', 'P D'])}${segments[at]!.slice(3)}`;
  }),
  onFields((fields, random) => {
    fields[between(random, fields.length)] = pick(random, NASTY);
  }),
  onFields((fields, random) => void fields.splice(between(random, fields.length), 1)),
  onFields((fields, random) => void fields.splice(between(random, fields.length), 0, pick(random, NASTY))),
  (message) => Buffer.from(message.toString('latin1').replaceAll('\r', '\n'), 'latin1'),
  (message) => Buffer.from(message.toString('latin1').replaceAll('\r', '\r\n'), 'latin1'),
  (message, random) =>
    Buffer.from(
      message
        .toString('latin1')
        .replace(
          'UNICODE UTF-8',
          pick(random, ['8859/15', '8859/1', 'ASCII', 'KLINGON', '', 'UNICODE UTF-8~8859/1']),
        ),
      'latin1',
    ),
  (message, random) =>
    Buffer.from(
      message
        .toString('latin1')
        .replace('^~\\&', pick(random, ['^~\\', '^\u02dc\\&', '^^^^', '', '|~\\&', '^~\\&#'])),
      'latin1',
    ),
];

/** One message spoilt in one to three ways. */
export function mutate(message: Buffer, random: Random): Buffer {
  let result = message;
  for (let times = 1 + between(random, 3); times > 0 && result.length > 0; times -= 1)
    result = pick(random, MUTATIONS)(result, random);
  return result;
}

/** How a frame is put on the line: whole, or with its own boundaries spoilt. */
export type Framing = 'whole' | 'no-start' | 'no-end' | 'end-inside' | 'start-inside';

export function framing(random: Random): Framing {
  return random() < 0.95
    ? 'whole'
    : pick(random, ['no-start', 'no-end', 'end-inside', 'start-inside'] as const);
}

export function framedAs(message: Buffer, how: Framing, random: Random): Buffer {
  const at = between(random, message.length);
  const inside = (byte: number) =>
    Buffer.concat([message.subarray(0, at), Buffer.of(byte), message.subarray(at)]);
  const start = how === 'no-start' ? [] : [Buffer.of(0x0b)];
  const end = how === 'no-end' ? [] : [Buffer.of(0x1c, 0x0d)];
  const body = how === 'end-inside' ? inside(0x1c) : how === 'start-inside' ? inside(0x0b) : message;
  return Buffer.concat([...start, body, ...end]);
}
