import { spawnSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256 } from '../../src/ledger/cipher.ts';
import { KeySuccession, makeKeyChange } from '../../src/ledger/key-change.ts';
import { keyId, type LedgerKeys, openKeys } from '../../src/ledger/keys.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { Seal } from '../../src/ledger/seal.ts';
import { openSqliteCopy } from '../../src/ledger/sqlite/copy.ts';
import { rotateKeys } from '../../src/ledger/sqlite/rotate.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import { readWitness } from '../../src/ledger/witnesses/file.ts';
import type { LedgerEvent } from '../../src/words/events.ts';
import { bodyState, type Made, submit } from './keeping-made.ts';
import { appendOf, bodyOf, fresh, openTestLedger, scratch, sqliteOptions, T0 } from './making.ts';

// Keys are changed while no gateway runs. Whatever interrupts it, the ledger opens with one pair of keys or the other, and
// everything in it can be read; who trusts one key can verify the whole chain.

let folder: string;
let made: Made[];

beforeEach(async () => {
  folder = scratch();
  const ledger = await openTestLedger(folder);
  made = [await submit(ledger), await submit(ledger, { ins: 'q' })];
  await ledger.seal(T0);
  await ledger.close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const keysNow = (where = folder) => openKeys(join(where, 'keys.json'), false);
const rotate = (what: { seal: boolean; master: boolean }) =>
  rotateKeys(sqliteOptions(folder), { ...what, by: 'test' });

function problems(where = folder, publicPem?: string) {
  const copy = openSqliteCopy(join(where, 'data'), keysNow(where));
  const witness = readWitness(join(where, 'witness.jsonl'));
  const options = publicPem === undefined ? { witness } : { witness, publicPem };
  const found = verifyLedger(copy, options).map((report) => ({
    ...report,
    notWitnessed: report.events - report.witnessedTo!,
  }));
  copy.close();
  return found.flatMap((report) => [
    ...report.problems,
    ...(report.notWitnessed > 0 ? [report.notWitnessed] : []),
  ]);
}

async function readable(ledger: Ledger, person = 'p'): Promise<unknown[]> {
  const [first] = made;
  return [
    await bodyState(ledger, first!.document),
    (await ledger.of('one').personal(first!.value))?.toString() ?? null,
    await ledger.of('one').personOf(ledger.searchHash('one', 'ins', person)),
  ];
}

describe('keys that were changed', () => {
  test.each([
    { seal: true, master: true },
    { seal: true, master: false },
    { seal: false, master: true },
  ])('leave everything readable, and the same person found: $seal $master', async (what) => {
    const old = keysNow();
    rotate(what);
    const next = keysNow();
    expect(readdirSync(join(folder, 'data')).filter((name) => name.startsWith('ledger.sqlite-'))).toEqual([]);
    expect([next.id === old.id, next.master.equals(old.master)]).toEqual([!what.seal, !what.master]);
    const ledger = await openTestLedger(folder);
    expect(await readable(ledger)).toEqual(['kept', 'traits', made[0]!.person]);
    expect((await submit(ledger)).person).toBe(made[0]!.person);
    await ledger.close();
    expect(problems()).toEqual([]);
  });

  test('open what is about nobody too', async () => {
    const { reference, body } = bodyOf(fresh(), Buffer.from('of a document without identity'));
    const request = { sender: 'lab', door: 'http' as const, requestKey: null, requestSha256: sha256('r') };
    const refused = { submission: 'r', ...request, code: 'document.invalid', status: 422, codes: [] };
    const event = { type: 'submission.refused' as const, data: { ...refused, body: reference } };
    const before = await openTestLedger(folder);
    await before.append(appendOf(event, { bodies: [body] }));
    await before.close();
    rotate({ seal: false, master: true });
    const ledger = await openTestLedger(folder);
    expect(await bodyState(ledger, body.id)).toBe('kept');
    await ledger.close();
    expect(problems()).toEqual([]);
  });

  test('can be verified with the key of before, with the one of now, and with any in between', async () => {
    const pems = [keysNow().publicPem];
    for (let change = 0; change < 2; change += 1) {
      rotate({ seal: true, master: true });
      pems.push(keysNow().publicPem);
      const ledger = await openTestLedger(folder);
      await submit(ledger);
      await ledger.close();
    }
    expect(pems.map((pem) => problems(folder, pem))).toEqual([[], [], []]);
    const stranger = openKeys(join(folder, 'other.json'), true);
    expect(problems(folder, stranger.publicPem)).toContainEqual(
      expect.objectContaining({ code: 'verify.seal-key-unknown' }),
    );
  });

  test('keep the file of before, which opens this ledger no more', async () => {
    const { oldFile } = rotate({ seal: true, master: true });
    expect(existsSync(oldFile)).toBe(true);
    await expect(openTestLedger(folder, { keyFile: oldFile })).rejects.toMatchObject({
      code: 'ledger.wrong-key',
    });
  });

  test('are not made for a folder that holds no ledger, of which nothing is made either', () => {
    const empty = scratch();
    expect(() => rotateKeys(sqliteOptions(empty), { seal: true, master: true, by: 'test' })).toThrow(
      expect.objectContaining({ code: 'ledger.not-found', values: { folder: join(empty, 'data') } }),
    );
    expect(readdirSync(empty)).toEqual([]);
    rmSync(empty, { recursive: true });
  });

  test('are not changed under a gateway that runs', async () => {
    const ledger = await openTestLedger(folder);
    expect(() => rotate({ seal: true, master: true })).toThrow(
      expect.objectContaining({ code: 'ledger.locked' }),
    );
    await ledger.close();
  });
});

test('a change killed before any of its steps leaves a ledger that opens, reads and verifies', {
  timeout: 240_000,
}, async () => {
  const script = join(import.meta.dirname, 'rotate-until-killed.ts');
  const run = (where: string, killAt: number[]) =>
    spawnSync(process.execPath, [script, where, ...killAt.map(String)], {
      encoding: 'utf8',
      timeout: 60_000,
    });
  const copied = () => {
    const copy = scratch();
    cpSync(folder, copy, { recursive: true });
    return copy;
  };
  const whole = copied();
  const steps = Number(run(whole, []).stdout);
  rmSync(whole, { recursive: true });
  expect(steps).toBeGreaterThan(20);
  const outcomes = new Set<string>();
  const stride = Math.max(1, Math.floor(steps / 40));
  for (let step = 1; step <= steps; step += step > steps - 20 ? 1 : stride) {
    const copy = copied();
    const before = keysNow(copy).id;
    expect([step, run(copy, [step]).signal]).toEqual([step, 'SIGKILL']);
    const ledger = await openTestLedger(copy);
    expect([step, await readable(ledger)]).toEqual([step, ['kept', 'traits', made[0]!.person]]);
    await submit(ledger);
    await ledger.close();
    expect([step, problems(copy)]).toEqual([step, []]);
    expect([step, readdirSync(copy).filter((file) => file.endsWith('.next'))]).toEqual([step, []]);
    outcomes.add(keysNow(copy).id === before ? 'old' : 'new');
    rmSync(copy, { recursive: true });
  }
  expect([...outcomes].toSorted()).toEqual(['new', 'old']);
});

describe('the succession of keys', () => {
  let keys: LedgerKeys[];
  beforeEach(() => {
    keys = ['a', 'b', 'c'].map((name) => openKeys(join(folder, `${name}.json`), true));
  });

  const changed = (from: LedgerKeys, to: LedgerKeys, seq: number) =>
    ({
      establishment: 'one',
      seq,
      data: makeKeyChange('one', from, to, 'test'),
    }) as LedgerEvent<'key.changed'>;
  const sealed = (key: LedgerKeys, [first, last]: [number, number], nextKey?: LedgerKeys) =>
    ({ content: { key: key.id, first, last, ...(nextKey ? { nextKey: nextKey.id } : {}) } }) as Seal;
  const trusting = (key: LedgerKeys) =>
    new KeySuccession(new Map([[key.id, createPublicKey(key.publicPem)]]));

  test('reaches no key by a change that one of both did not sign', () => {
    const [a, b, c] = keys as [LedgerKeys, LedgerKeys, LedgerKeys];
    const forged = changed(a, b, 5);
    forged.data.to = { ...forged.data.to, key: c.id, pem: c.publicPem };
    const succession = trusting(a);
    expect(succession.take(forged)).toMatch(/not signed by both/);
    expect([...succession.trusted().keys()]).toEqual([a.id]);
    const elsewhere = { ...changed(a, b, 5), establishment: 'two' };
    expect(trusting(a).take(elsewhere)).toMatch(/not signed by both/);
  });

  test('lets a retired key sign nothing more, and no key come without a change', () => {
    const [a, b, c] = keys as [LedgerKeys, LedgerKeys, LedgerKeys];
    const succession = trusting(a);
    expect(succession.take(changed(a, b, 5))).toBeNull();
    expect([...succession.trusted().keys()].toSorted()).toEqual([a.id, b.id].toSorted());
    const change = sealed(a, [1, 5], b);
    expect(succession.complaint(change, null)).toBeNull();
    expect(succession.complaint(sealed(b, [6, 8]), change)).toBeNull();
    expect(succession.complaint(sealed(a, [6, 8]), change)).toMatch(/in force/);
    expect(succession.complaint(sealed(c, [9, 9]), sealed(b, [6, 8]))).toMatch(/in force/);
    expect(succession.complaint(sealed(a, [1, 5]), null)).toMatch(/next key/);
    expect(succession.complaint(sealed(b, [6, 8], c), change)).toMatch(/next key/);
    expect(keyId(createPublicKey(b.publicPem))).toBe(b.id);
  });
});
