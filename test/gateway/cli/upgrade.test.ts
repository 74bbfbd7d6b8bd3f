import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rehearse } from '../../../src/ledger/sqlite/rehearsal.ts';
import {
  accepted,
  acceptedEvent,
  appendOf,
  bodyOf,
  documentEntry,
  fresh,
  openTestLedger,
  sqliteOptions,
} from '../../ledger/making.ts';
import { viaduc } from '../../restore/journey.ts';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'viaduc-upgrade-test-'));
  const ledger = await openTestLedger(folder);
  const { reference, body } = bodyOf(fresh(), Buffer.from('<ClinicalDocument/>'));
  const data = accepted({ documents: [documentEntry({ body: reference })] });
  await ledger.append(appendOf(acceptedEvent(data), { bodies: [body] }));
  await ledger.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

function digests(): Record<string, string> {
  const data = join(folder, 'data');
  const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files
      .filter(({ name }) => !/-(shm|wal)$/.test(name))
      .map(({ parentPath, name }) => [
        name,
        createHash('sha256')
          .update(readFileSync(join(parentPath, name)))
          .digest('hex'),
      ]),
  );
}

const change = (statement: string) => {
  const database = new DatabaseSync(join(folder, 'data', 'ledger.sqlite'));
  database.exec(statement);
  database.close();
};
const tried = () => rehearse({ ...sqliteOptions(folder), scratch: folder });

test('a ledger of this build is found as it is, and nothing of it is touched', async () => {
  const before = digests();
  const { schema, projections, mayGoBack, chains } = await tried();
  expect(schema.from).toBe(schema.to);
  expect({ projections, mayGoBack }).toEqual({ projections: 'kept', mayGoBack: true });
  expect(
    chains.map(({ establishment, problems, notChecked }) => [establishment, problems, notChecked]),
  ).toEqual([
    ['@gateway', [], 0],
    ['one', [], 0],
    ['two', [], 0],
  ]);
  expect(digests()).toEqual(before);
  expect(readdirSync(folder).filter((name) => name.startsWith('viaduc-upgrade-'))).toEqual([]);
});

test('a ledger whose tables are of another definition is tried with these made again', async () => {
  change("UPDATE meta SET value = 'of another build' WHERE key = 'projections'");
  const before = digests();
  expect(await tried()).toMatchObject({ projections: 'made again', mayGoBack: true });
  expect(digests()).toEqual(before);
});

test('a ledger of an older schema is brought to this one in the copy only', async () => {
  change('DROP TRIGGER events_types; DROP TABLE event_types; PRAGMA user_version = 2');
  expect(await tried()).toMatchObject({ schema: { from: 2, to: 3 }, mayGoBack: false });
  const database = new DatabaseSync(join(folder, 'data', 'ledger.sqlite'));
  expect(database.prepare('PRAGMA user_version').get()).toMatchObject({ user_version: 2 });
  database.close();
  await (await openTestLedger(folder)).close();
});

test('what is wrong with a ledger is told by the command before the release is in use', async () => {
  change("UPDATE events SET text = replace(text, 'lab', 'lap') WHERE establishment = 'one' AND seq = 2");
  const { chains } = await tried();
  expect(chains.find(({ establishment }) => establishment === 'one')?.problems[0]?.code).toBe(
    'verify.event-altered',
  );
  const own = mkdtempSync(join(tmpdir(), 'viaduc-upgrade-cli-'));
  await expect(viaduc(own, 'upgrade', '--check')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/ledger\.not-found|ledger\.key-file-unreadable/),
  });
  await expect(viaduc(own, 'upgrade')).rejects.toMatchObject({ code: 2 });
  rmSync(own, { recursive: true });
});
