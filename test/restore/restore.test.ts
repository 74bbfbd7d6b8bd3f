import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openKeys } from '../../src/ledger/keys.ts';
import { spawnGateway } from '../gateway/spawned.ts';
import { type RestoreReport, restoreJourney, viaduc } from './journey.ts';

let folder: string;
let journey: RestoreReport;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'viaduc-restore-'));
  journey = await restoreJourney(folder, 20);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a data folder destroyed, restored from a backup, everything sent again', () => {
  test('leaves nothing twice and nothing out', () => {
    expect(journey.doubled).toEqual([]);
    expect(journey.documentsAtDmp).toBe(journey.delivered);
  });

  test('says nothing to the DMP before a person lets the destinations go on', () => {
    expect(journey.whileStopped).toBe(0);
    expect(journey.resumed).toBeGreaterThan(0);
  });

  test('holds again what was held', () => expect(journey.held).toBe(2));

  test('names from the witness the seals and events that are lost', () => {
    const [restore] = journey.report.restores;
    expect(restore?.lost).toMatchObject({ fromSeal: 1 });
    expect(restore!.lost!.toEvent).toBeGreaterThan(restore!.event);
    expect(journey.output).toMatch(/demo .* known, up to event \d+ of 20/);
    expect(journey.output).toMatch(/Ask every sender to send again what it sent since 20/);
  });

  test('verifies against the same witness to its end', () => {
    expect(journey.report.problems).toEqual([]);
    expect(journey.report.witnessedTo).toBe(journey.report.events);
  });
});

describe('a backup that cannot be put back', () => {
  const refusal = async (...args: string[]) =>
    viaduc(folder, ...args).then(
      () => 'done',
      (error: { code: number; stderr: string }) => `${error.code} ${error.stderr}`,
    );

  test('is refused over a data folder that is not empty', async () => {
    expect(await refusal('restore', join(folder, 'backup'))).toMatch(/ledger\.restore-not-empty/);
  });

  test('is refused when a file was altered, and nothing appears', async () => {
    rmSync(join(folder, 'data'), { recursive: true });
    const file = join(folder, 'backup', 'ledger.sqlite');
    const whole = readFileSync(file);
    const altered = Buffer.from(whole);
    altered[altered.length - 100]! ^= 1;
    writeFileSync(file, altered);
    expect(await refusal('restore', join(folder, 'backup'))).toMatch(/ledger\.backup-damaged/);
    expect(existsSync(join(folder, 'data'))).toBe(false);
    writeFileSync(file, whole);
  });

  test('is refused without its key file, and with another one by its true cause', async () => {
    const key = join(folder, 'data.key');
    const right = readFileSync(key);
    rmSync(key);
    expect(await refusal('restore', join(folder, 'backup'))).toMatch(/ledger\.key-file-unreadable/);
    openKeys(key, true);
    for (const more of [[], ['--accept-problems']])
      expect(await refusal('restore', join(folder, 'backup'), ...more)).toMatch(/ledger\.wrong-key/);
    writeFileSync(key, right, { mode: 0o600 });
  });

  test('is refused while a witness is missing, since the gap is recorded for good', async () => {
    const witness = join(folder, 'data.witness.jsonl');
    expect(await refusal('restore', join(folder, 'backup'), '--witness', join(folder, 'nowhere'))).toMatch(
      /ledger\.witness-missing/,
    );
    renameSync(witness, `${witness}.away`);
    expect(await refusal('restore', join(folder, 'backup'))).toMatch(/ledger\.witness-missing/);
    expect(existsSync(join(folder, 'data'))).toBe(false);
    renameSync(`${witness}.away`, witness);
  });

  test('is never written over', async () => {
    const gateway = await spawnGateway({ folder });
    await gateway.end();
    expect(await refusal('backup', join(folder, 'backup'))).toMatch(/ledger\.backup-exists/);
    expect(await refusal('backup', join(folder, 'data', 'inside'))).toMatch(/^2 /);
  });
});
