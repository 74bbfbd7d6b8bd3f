import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applied, type Mutation, mutationsOf } from './mutations.ts';
import { isSource } from './syntax.ts';

/** A fault in a file of the house. */
export interface Fault extends Mutation {
  room: string;
  /** Path from the root of the tree. */
  file: string;
  line: number;
  /** The line as it is, without its margin. */
  before: string;
  /** What the fault replaces. */
  from: string;
}

/** Texts of errors and limits are tables: their pages are made from them and compared by test/house/docs.test.ts. */
const TABLES = /(?:errors|limits)\.ts$/;

/** A share of the faults that every room gets, however small it is. */
const LEAST_SHARE = 0.2;

/** Draws faults over the rooms by their size, each from a line of its own; the same seed draws the same. */
export function drawFaults(
  root: string,
  rooms: readonly string[],
  count: number,
  random: () => number,
): Fault[] {
  const pools = rooms.map((room) => faultsOf(root, room));
  const all = pools.reduce((sum, pool) => sum + pool.length, 0);
  const rest = 1 - LEAST_SHARE * rooms.length;
  return pools.flatMap((pool) =>
    draw(root, pool, Math.round(count * (LEAST_SHARE + (rest * pool.length) / all)), random),
  );
}

function faultsOf(root: string, room: string): Fault[] {
  const files = globSync(`src/${room}/**/*.ts`, { cwd: root }).toSorted();
  return files.filter((file) => !TABLES.test(file)).flatMap((file) => faultsIn(root, room, file));
}

export function faultsIn(root: string, room: string, file: string): Fault[] {
  const source = readFileSync(join(root, file), 'utf8');
  return mutationsOf(file, source).map((one) => {
    const begin = source.lastIndexOf('\n', one.start - 1) + 1;
    const end = source.indexOf('\n', one.start);
    const line = source.slice(0, one.start).split('\n').length;
    return {
      ...one,
      room,
      file,
      line,
      before: source.slice(begin, end).trim(),
      from: source.slice(one.start, one.end),
    };
  });
}

function draw(root: string, pool: readonly Fault[], count: number, random: () => number): Fault[] {
  const lines = [...Map.groupBy(pool, ({ file, line }) => `${file}:${line}`).values()];
  const drawn: Fault[] = [];
  while (drawn.length < count && lines.length > 0) {
    const [line] = lines.splice(Math.floor(random() * lines.length), 1);
    const fault = line![Math.floor(random() * line!.length)]!;
    if (isSource(fault.file, applied(readFileSync(join(root, fault.file), 'utf8'), fault))) drawn.push(fault);
  }
  return drawn;
}
