import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { DatabaseSync, StatementSync } from 'node:sqlite';

// Run by itself: changes the keys of the ledger in a folder and kills its own process before one step. Steps are what is
// written: files made, written, synced, renamed and removed, and statements. Without a step it goes to its end and prints
// how many there were.

const [folder, killAt] = [process.argv[2]!, Number(process.argv[3] ?? 0)];
let step = 0;

function atStep(): void {
  step += 1;
  if (step === killAt) process.kill(process.pid, 'SIGKILL');
}

type Call = (this: unknown, ...given: unknown[]) => unknown;

function watch(where: object, names: readonly string[]): void {
  const calls = where as Record<string, Call>;
  for (const name of names) {
    const real = calls[name]!;
    calls[name] = function (...given) {
      atStep();
      return real.apply(this, given);
    };
  }
}

watch(fs, ['writeSync', 'fsyncSync', 'renameSync', 'copyFileSync', 'rmSync']);
watch(DatabaseSync.prototype, ['exec']);
watch(StatementSync.prototype, ['run']);
syncBuiltinESMExports();

const { rotateKeys } = await import('../../src/ledger/sqlite/rotate.ts');
const { sqliteOptions } = await import('./making.ts');
step = 0;
rotateKeys(sqliteOptions(folder), { seal: true, master: true, by: 'test' });
console.log(step);
