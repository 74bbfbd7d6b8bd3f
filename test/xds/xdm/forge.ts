import { crc32, deflateRawSync } from 'node:zlib';

/** A member as it is to be written, whatever it is: what is not given is honest. */
export interface Forged {
  name: string | Buffer;
  data?: Uint8Array | string;
  /** 8 (deflated) unless given. */
  method?: number;
  /** 0x0800: names in UTF-8. */
  flags?: number;
  /** What the directory announces. */
  size?: number;
  packedSize?: number;
  crc?: number;
  /** Mode of Unix. */
  mode?: number;
  /** What the local header says otherwise. */
  local?: { name?: string; method?: number; flags?: number };
  /** Position of the member whose local header it points to, instead of one of its own. */
  at?: number;
  /** Data packed already. */
  packed?: Buffer;
}

export interface Ending {
  /** What the end record counts; the members unless given. */
  count?: number;
  /** Bytes between the directory and the end record. */
  between?: Buffer;
  /** Bytes behind the end. */
  behind?: Buffer;
  comment?: string;
  /** Added to the place of the directory. */
  shift?: number;
  disk?: number;
}

/** A ZIP in which every field can lie. */
export function forge(members: readonly Forged[], ending: Ending = {}): Buffer {
  const parts: Buffer[] = [];
  const starts: number[] = [];
  let length = 0;
  const add = (part: Buffer) => {
    parts.push(part);
    length += part.length;
  };
  const plans = members.map(planOf);
  plans.forEach((plan) => {
    starts.push(plan.at === undefined ? length : starts[plan.at]!);
    if (plan.at === undefined) for (const part of [localHeader(plan), plan.packed]) add(part);
  });
  const directory = plans.map((plan, index) => directoryHeader(plan, starts[index]!));
  const start = length;
  directory.forEach(add);
  const size = length - start;
  add(ending.between ?? Buffer.alloc(0));
  add(endRecord(ending, members.length, size, start));
  add(ending.behind ?? Buffer.alloc(0));
  return Buffer.concat(parts);
}

type Plan = ReturnType<typeof planOf>;

function planOf(member: Forged) {
  const { method = 8, flags = 0x800, mode = 0o100644, local = {} } = member;
  const data = Buffer.from(member.data ?? '');
  const packed = member.packed ?? (method === 8 ? deflateRawSync(data) : data);
  return {
    name: Buffer.from(member.name),
    ...{ method, flags, mode, packed, at: member.at },
    size: member.size ?? data.length,
    packedSize: member.packedSize ?? packed.length,
    crc: member.crc ?? crc32(data),
    local: {
      name: Buffer.from(local.name ?? member.name),
      method: local.method ?? method,
      flags: local.flags ?? flags,
    },
  };
}

function localHeader({ local, crc, packedSize, size }: Plan): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(local.flags, 6);
  header.writeUInt16LE(local.method, 8);
  header.writeUInt32LE(crc, 14);
  header.writeUInt32LE(packedSize, 18);
  header.writeUInt32LE(size, 22);
  header.writeUInt16LE(local.name.length, 26);
  return Buffer.concat([header, local.name]);
}

function directoryHeader({ name, flags, method, crc, packedSize, size, mode }: Plan, start: number): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE((3 << 8) | 63, 4);
  header.writeUInt16LE(20, 6);
  header.writeUInt16LE(flags, 8);
  header.writeUInt16LE(method, 10);
  header.writeUInt32LE(crc, 16);
  header.writeUInt32LE(packedSize, 20);
  header.writeUInt32LE(size, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt32LE((mode << 16) >>> 0, 38);
  header.writeUInt32LE(start, 42);
  return Buffer.concat([header, name]);
}

function endRecord(
  { count, comment = '', shift = 0, disk = 0 }: Ending,
  members: number,
  size: number,
  start: number,
) {
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(disk, 4);
  record.writeUInt16LE(count ?? members, 8);
  record.writeUInt16LE(count ?? members, 10);
  record.writeUInt32LE(size, 12);
  record.writeUInt32LE(start + shift, 16);
  record.writeUInt16LE(comment.length, 20);
  return Buffer.concat([record, Buffer.from(comment, 'latin1')]);
}
