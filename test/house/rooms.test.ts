import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

/** Rooms from the top of the house to the ground; a room imports from floors below its own only. */
const FLOORS = [
  ['viaduc'],
  ['gateway'],
  ['intake', 'console', 'sandbox'],
  ['delivery'],
  ['checks', 'routing', 'indicators'],
  ['validation', 'identity', 'xds'],
  ['cda'],
  ['xml', 'ledger', 'hl7v2', 'alarms'],
  ['words'],
];

/** The simulators share nothing with what they judge. */
const SANDBOX_MAY_IMPORT = ['sandbox', 'xml', 'words'];

const root = join(import.meta.dirname, '..', '..');
const sources = globSync('src/**/*.ts', { cwd: root });

function roomOf(file: string): string {
  return file.split('/')[1]!.replace(/\.ts$/, '');
}

function floorOf(room: string): number {
  return FLOORS.findIndex((rooms) => rooms.includes(room));
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = text.matchAll(/(?:from|import|import\.meta\.resolve|new URL)\s*\(?\s*'(\.[^']+)'/g);
  return [...found]
    .map((one) => relative(root, normalize(join(root, dirname(file), one[1]!))))
    .filter((path) => path.startsWith('src/'));
}

function mayImport(from: string, to: string): boolean {
  if (from === to) return true;
  if (from === 'sandbox') return SANDBOX_MAY_IMPORT.includes(to);
  return floorOf(to) > floorOf(from);
}

describe('rooms', () => {
  test('every source file stands in a room of the plan', () => {
    expect(sources.filter((file) => floorOf(roomOf(file)) < 0)).toEqual([]);
  });

  test.each(sources)('%s imports from rooms below its own only', (file) => {
    const wrong = importsOf(file).filter((target) => !mayImport(roomOf(file), roomOf(target)));
    expect(wrong).toEqual([]);
  });

  test('the rule itself refuses what it should', () => {
    expect(mayImport('words', 'xml')).toBe(false);
    expect(mayImport('xml', 'ledger')).toBe(false);
    expect(mayImport('sandbox', 'xds')).toBe(false);
    expect(mayImport('delivery', 'xds')).toBe(true);
  });
});
