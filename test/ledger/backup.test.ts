import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BackupManifest } from '../../src/ledger/backup-manifest.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { backUp, putBack } from '../../src/ledger/sqlite/backup.ts';
import {
  accepted,
  acceptedEvent,
  appendOf,
  bodyOf,
  documentEntry,
  fresh,
  openTestLedger,
  scratch,
  T0,
} from './making.ts';

let folder: string;
let ledger: Ledger;
let body: string;
const at = (...names: string[]) => join(folder, ...names);
const product = { name: 'Viaduc', version: '0' };
const take = () => backUp({ folder: at('data'), target: at('backup'), product, nowMs: T0 });

beforeEach(async () => {
  folder = scratch();
  ledger = await openTestLedger(folder);
  const made = bodyOf(fresh(), Buffer.from('<ClinicalDocument/>'));
  body = made.body.id;
  const data = accepted({ documents: [documentEntry({ body: made.reference })] });
  await ledger.append(appendOf(acceptedEvent(data), { bodies: [made.body] }));
  await ledger.seal(T0);
  await ledger.append(appendOf(acceptedEvent()));
});
afterEach(async () => {
  await ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a backup', () => {
  test('says of what, of when and how far, and names every file of it; no key is in it', async () => {
    mkdirSync(at('data', 'cache'));
    for (const name of ['endpoints.json', 'log.1.jsonl', 'cache/x', 'notes.txt'])
      writeFileSync(at('data', name), 'x');
    mkdirSync(at('backup.partial'));
    writeFileSync(at('backup.partial', 'left by an earlier one'), '');
    const manifest = await take();
    expect(JSON.parse(readFileSync(at('backup', 'backup.json'), 'utf8'))).toEqual(manifest);
    expect(manifest).toMatchObject({ v: 1, at: new Date(T0).toISOString(), environment: 'sandbox', product });
    const last = (await ledger.of('one').events(3, 1))[0]!;
    expect(manifest.chains).toContainEqual({
      ...{ establishment: 'one', lastEvent: 3, head: last.hash, lastSeal: 1 },
    });
    expect(manifest.chains.map(({ establishment }) => establishment).toSorted()).toEqual([
      ...['@gateway', 'one', 'two'],
    ]);
    expect(manifest.files.map(({ path }) => path).toSorted()).toEqual([
      ...['bodies/one/2026-07.accepted.bodies', 'ledger.sqlite', 'notes.txt'],
    ]);
    expect(existsSync(at('backup.partial'))).toBe(false);
  });

  test('is not made of a folder without a ledger, nor over another one', async () => {
    await take();
    await expect(take()).rejects.toMatchObject({ code: 'ledger.backup-exists' });
    const nothing = backUp({ folder: at('nothing'), target: at('other'), product, nowMs: T0 });
    await expect(nothing).rejects.toMatchObject({ code: 'ledger.not-found' });
    expect(existsSync(at('other'))).toBe(false);
  });
});

describe('put back', () => {
  const manifest = (change: (manifest: BackupManifest) => object) => {
    const file = at('backup', 'backup.json');
    writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, 'utf8')))));
  };

  test('opens with everything that it held', async () => {
    const { files } = await take();
    mkdirSync(at('again', 'data'), { recursive: true });
    const put = await putBack(at('backup'), at('again', 'data'));
    expect([put.folder, put.manifest?.files]).toEqual([at('again', 'data.restoring'), files]);
    expect(readdirSync(at('again', 'data'))).toEqual([]);
    put.finish();
    expect(existsSync(put.folder)).toBe(false);
    const again = await openTestLedger(at('again'), { keyFile: at('keys.json') });
    expect(await again.of('one').lastSeq()).toBe(3);
    expect((await again.of('one').body(body)).toString()).toBe('<ClinicalDocument/>');
    await again.close();
  });

  test('a mere copy of a data folder is taken as it is', async () => {
    await take();
    rmSync(at('backup', 'backup.json'));
    const put = await putBack(at('backup'), at('again'));
    expect(put.manifest).toBeNull();
    put.finish();
    expect(existsSync(at('again', 'ledger.sqlite'))).toBe(true);
  });

  test('or abandoned, leaves nothing behind', async () => {
    await take();
    (await putBack(at('backup'), at('again'))).abandon();
    expect(readdirSync(folder).filter((name) => name.startsWith('again'))).toEqual([]);
  });

  test.each([
    ['of another form', (one: BackupManifest) => ({ ...one, v: 2 }), 'ledger.backup-unreadable', {}],
    ['without files', ({ v }: BackupManifest) => ({ v }), 'ledger.backup-unreadable', {}],
    [
      'with a file of another content',
      (one: BackupManifest) => ({ ...one, files: one.files.map((file) => ({ ...file, sha256: 'x' })) }),
      'ledger.backup-damaged',
      { why: 'altered' },
    ],
    [
      'with a file of another size',
      (one: BackupManifest) => ({ ...one, files: one.files.map((file) => ({ ...file, size: 1 })) }),
      'ledger.backup-damaged',
      { why: 'altered' },
    ],
    [
      'with a file that is not there',
      (one: BackupManifest) => ({ ...one, files: one.files.map((file) => ({ ...file, path: 'lost' })) }),
      'ledger.backup-damaged',
      { file: 'lost', why: 'missing' },
    ],
  ])('%s is refused, and nothing of it stays', async (_, change, code, values) => {
    await take();
    manifest(change);
    const refused = putBack(at('backup'), at('again'));
    await expect(refused).rejects.toMatchObject({ code, values });
    expect(readdirSync(folder).filter((name) => name.startsWith('again'))).toEqual([]);
  });

  test('is refused over what is there, and without a ledger in it', async () => {
    await take();
    await expect(putBack(at('backup'), at('data'))).rejects.toMatchObject({
      code: 'ledger.restore-not-empty',
    });
    await expect(putBack(at('nowhere'), at('again'))).rejects.toMatchObject({ code: 'ledger.not-found' });
  });
});
