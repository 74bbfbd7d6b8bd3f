import { existsSync, globSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { takeLock } from '../../src/ledger/lock.ts';
import { openForReading, schemaOf } from '../../src/ledger/sqlite/database.ts';
import { storageError } from '../../src/ledger/sqlite/storage-error.ts';
import { ledgerContract } from './contract.ts';
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

const root = join(import.meta.dirname, '..', '..');

function change(folder: string, statements: string): void {
  const database = new DatabaseSync(join(folder, 'data', 'ledger.sqlite'));
  database.exec(statements);
  database.close();
}

test('no statement relies on the columns that a table happens to have: a newer build may have added some', () => {
  const sources = globSync('src/ledger/**/*.ts', { cwd: root }).map((file) =>
    readFileSync(join(root, file), 'utf8'),
  );
  expect(sources.flatMap((text) => text.match(/INTO (?!p_)\w+ (VALUES|SELECT)[^\n]*/g) ?? [])).toEqual([]);
});

ledgerContract('the SQLite ledger', async () => {
  const folder = scratch();
  const ledger = await openTestLedger(folder);
  let last = ledger;
  return {
    ledger,
    async reopen() {
      await last.close();
      last = await openTestLedger(folder);
      return last;
    },
    async remove() {
      await last.close();
      rmSync(folder, { recursive: true });
    },
  };
});

test.each([
  [{ errcode: 13 }, 'ledger.disk-full', {}],
  [{ code: 'ENOSPC' }, 'ledger.disk-full', {}],
  [{ code: 'EDQUOT' }, 'ledger.disk-full', {}],
  [{ code: 'EFBIG' }, 'ledger.disk-full', {}],
  [{ errcode: 10, message: 'of the disk' }, 'ledger.write-failed', { why: 'SQLite 10' }],
  [{ code: 'EIO', message: 'of the disk' }, 'ledger.write-failed', { why: 'EIO' }],
  [{ message: 'of the disk' }, 'ledger.write-failed', { why: 'of the disk' }],
])('a disk that fails with %j is told as %s', (failure, code, values) => {
  const told = storageError(Object.assign(new Error(), failure));
  expect(told).toMatchObject({ code, values });
  expect(storageError(told)).toBe(told);
});

describe('a data folder', () => {
  test('has one writer', async () => {
    const folder = scratch();
    const ledger = await openTestLedger(folder);
    await expect(openTestLedger(folder)).rejects.toMatchObject({ code: 'ledger.locked' });
    expect(() => takeLock(join(folder, 'data'))).toThrow(expect.objectContaining({ code: 'ledger.locked' }));
    await ledger.close();
    await (await openTestLedger(folder)).close();
  });

  test('belongs to one environment', async () => {
    const folder = scratch();
    await (await openTestLedger(folder)).close();
    await expect(openTestLedger(folder, { environment: 'production' })).rejects.toMatchObject({
      code: 'ledger.wrong-environment',
      values: { ledger: 'sandbox', configured: 'production' },
    });
  });

  test('is not opened with another key file', async () => {
    const folder = scratch();
    await (await openTestLedger(folder)).close();
    await expect(openTestLedger(folder, { keyFile: join(folder, 'other.json') })).rejects.toMatchObject({
      code: 'ledger.wrong-key',
    });
  });

  test.each([
    [
      'with a schema that it may not write',
      "UPDATE meta SET value = '99' WHERE key = 'writable-from'",
      'ledger.newer-schema',
    ],
    [
      'that does not say who may write it',
      "DELETE FROM meta WHERE key = 'writable-from'",
      'ledger.newer-schema',
    ],
    [
      'with events that it does not know',
      "INSERT INTO event_types VALUES ('delivery.dreamt')",
      'ledger.newer-events',
    ],
  ])('written by a newer version %s is left alone', async (_, statement, code) => {
    const folder = scratch();
    await (await openTestLedger(folder)).close();
    change(folder, `PRAGMA user_version = 99; ${statement}`);
    await expect(openTestLedger(folder)).rejects.toMatchObject({ code });
    expect(() => openForReading(join(folder, 'data'))).toThrow(expect.objectContaining({ code }));
  });

  test('written by a newer version that only adds is opened, written, and found whole by the newer one again', async () => {
    const folder = scratch();
    await (await openTestLedger(folder)).close();
    change(
      folder,
      "PRAGMA user_version = 99; ALTER TABLE seals ADD COLUMN extra TEXT; CREATE TABLE later (id TEXT) STRICT; UPDATE meta SET value = 'of another build' WHERE key = 'projections'",
    );
    const older = await openTestLedger(folder);
    await older.append(appendOf(acceptedEvent()));
    await older.seal(T0);
    expect((await older.of('one').submissions({ limit: 10 })).items).toHaveLength(1);
    await older.close();
    const database = openForReading(join(folder, 'data'));
    expect(schemaOf(database)).toBe(99);
    expect(database.get('SELECT count(extra) AS extra, count(*) AS seals FROM seals')).toMatchObject({
      extra: 0,
    });
    database.close();
  });

  test('that could not be written for a while takes nothing by halves, and goes on where it was', async () => {
    const folder = scratch();
    const ledger = await openTestLedger(folder);
    await ledger.append(appendOf(acceptedEvent()));
    change(
      folder,
      "CREATE TRIGGER full BEFORE INSERT ON event_streams WHEN NEW.stream LIKE 'delivery:%' BEGIN SELECT RAISE(ABORT, 'no'); END",
    );
    const failing = ledger.append(appendOf(acceptedEvent()));
    await expect(failing).rejects.toMatchObject({ code: 'ledger.write-failed' });
    change(folder, 'DROP TRIGGER full');
    const [appended] = await ledger.append(appendOf(acceptedEvent()));
    expect(appended!.seq).toBe(3);
    expect((await ledger.of('one').submissions({ limit: 9 })).items).toHaveLength(2);
    await ledger.close();
  });

  test('keeps its keys outside, readable by their owner only', async () => {
    const folder = scratch();
    await (await openTestLedger(folder)).close();
    expect(statSync(join(folder, 'keys.json')).mode & 0o777).toBe(0o600);
    expect(existsSync(join(folder, 'data', 'keys.json'))).toBe(false);
  });

  test('does not serve from memory what was erased meanwhile', async () => {
    const folder = scratch();
    const ledger = await openTestLedger(folder);
    const { reference, body } = bodyOf(fresh(), Buffer.from('<ClinicalDocument/>'));
    const subject = { ins: '297022A02077878', ipp: null };
    const data = accepted({ documents: [documentEntry({ body: reference })] });
    const [appended] = await ledger.append(
      appendOf(
        { ...acceptedEvent(data), subject, personal: Buffer.from('traits') },
        { bodies: [{ ...body, subject }] },
      ),
    );
    const view = ledger.of('one');
    expect((await view.personal(appended!.personalRef!))?.toString()).toBe('traits');
    await setImmediate();
    const database = new DatabaseSync(join(folder, 'data', 'ledger.sqlite'), { timeout: 5_000 });
    database.exec('UPDATE persons SET wrapped = NULL');
    database.close();
    expect(await view.personal(appended!.personalRef!)).toBeNull();
    await expect(view.body(body.id)).rejects.toMatchObject({ code: 'ledger.body-missing' });
    await ledger.close();
  });

  test('reads a body from disk again once it was handed out from memory', async () => {
    const folder = scratch();
    const ledger = await openTestLedger(folder);
    const { reference, body } = bodyOf(fresh(), Buffer.from('<ClinicalDocument/>'));
    const data = accepted({ documents: [documentEntry({ body: reference })] });
    await ledger.append(appendOf(acceptedEvent(data), { bodies: [body] }));
    const view = ledger.of('one');
    const [first, second] = [await view.body(body.id), await view.body(body.id)];
    expect(first).toBe(body.bytes);
    expect(second).not.toBe(body.bytes);
    expect(second).toEqual(first);
    await ledger.close();
  });

  test('makes its projections whole or not at all: an interrupted start leaves them to the next', async () => {
    const folder = scratch();
    const first = await openTestLedger(folder);
    await first.append(appendOf(acceptedEvent()));
    await first.append(appendOf(acceptedEvent()));
    await first.close();
    const alter = (sql: string) => {
      // The writer that failed may still be closing.
      const database = new DatabaseSync(join(folder, 'data', 'ledger.sqlite'), { timeout: 5_000 });
      database.exec(sql);
      database.close();
    };
    alter("UPDATE meta SET value = 'of an older build' WHERE key = 'projections'");
    alter("UPDATE events SET text = 'x' || text WHERE position = (SELECT max(position) FROM events)");
    await expect(openTestLedger(folder)).rejects.toThrow();
    alter('UPDATE events SET text = substr(text, 2) WHERE position = (SELECT max(position) FROM events)');
    const second = await openTestLedger(folder);
    expect((await second.of('one').submissions({ limit: 5 })).items).toHaveLength(2);
    await second.close();
  });

  test('fills its projections again when their definition has changed', async () => {
    const folder = scratch();
    const first = await openTestLedger(folder);
    await first.append(appendOf(acceptedEvent()));
    await first.close();
    const database = new DatabaseSync(join(folder, 'data', 'ledger.sqlite'));
    database.exec(
      "UPDATE meta SET value = 'of an older build' WHERE key = 'projections'; DELETE FROM p_submissions",
    );
    database.close();
    const second = await openTestLedger(folder);
    expect((await second.of('one').submissions({ limit: 5 })).items).toHaveLength(1);
    await second.close();
  });
});
