import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openKeys } from '../../src/ledger/keys.ts';
import type { Ledger, NewEvent } from '../../src/ledger/ledger.ts';
import { openSqliteCopy } from '../../src/ledger/sqlite/copy.ts';
import { type ChainReport, verifyLedger } from '../../src/ledger/verify.ts';
import { readWitness } from '../../src/ledger/witnesses/file.ts';
import type { EventData } from '../../src/words/events.ts';
import {
  accepted,
  acceptedEvent,
  appendOf,
  bodyOf,
  documentEntry,
  finished,
  fresh,
  openTestLedger,
  scratch,
  T0,
} from './making.ts';

// What is destroyed is destroyed by an event, in one commit with it; nothing else may be missing, and nothing that an event
// destroyed may still be there.

let folder: string;
let ledger: Ledger;

beforeEach(async () => {
  folder = scratch();
  ledger = await openTestLedger(folder);
});
afterEach(async () => {
  await ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Made {
  submission: string;
  body: string;
  value: string;
  person: string;
  delivery: string;
}

/** A submission about a person, delivered unless it is to stay open. */
async function submitted(ins: string, ends = true): Promise<Made> {
  const { reference, body } = bodyOf(fresh(), Buffer.from(`document of ${ins}`.repeat(20)));
  const data = accepted({ documents: [documentEntry({ body: reference })] });
  const subject = { ins, ipp: null };
  const event = { ...acceptedEvent(data), subject, personal: Buffer.from('traits') };
  const [appended] = await ledger.append(appendOf(event, { bodies: [{ ...body, subject }] }));
  const delivery = data.deliveries[0]!.id;
  if (ends)
    await ledger.append(appendOf({ type: 'delivery.sending', data: { delivery, attempt: 1, lot: null } }));
  if (ends) await ledger.append(appendOf(finished(delivery, data.documents[0]!.uniqueId)));
  const { person, personalRef } = appended!;
  return { submission: data.submission, body: body.id, value: personalRef!, person: person!, delivery };
}

function expired(
  { submission, body, value }: Made,
  rule: EventData['bodies.expired']['rule'] = 'delivered',
): NewEvent {
  const submissions = [{ submission, bodies: [body], values: [value] }];
  return { type: 'bodies.expired', data: { rule, after: '365d', bytes: 1, submissions } };
}

function erased({ person, body }: Made): NewEvent {
  const data = {
    by: 'a',
    confirmedBy: 'b',
    reason: 'asked for',
    bodies: [body],
    bytes: 1,
    stays: [],
    exams: [],
  };
  return { type: 'person.erased', subject: { person }, data };
}

/** A file of stays or exams that was taken over. */
async function imported(type: 'stays.imported' | 'exams.imported', rows: readonly object[]): Promise<void> {
  const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  const { reference, body } = bodyOf(fresh(), Buffer.from(text));
  const counts = { added: rows.length, changed: 0, removed: 0 };
  const data = { import: fresh(), author: 'x', fileSha256: 'y', ...counts, rows: reference };
  await ledger.append(appendOf({ type, data }, { bodies: [{ ...body, retention: 'import' }] }));
}

async function verify(): Promise<ChainReport> {
  await ledger.seal(T0);
  const copy = openSqliteCopy(join(folder, 'data'), openKeys(join(folder, 'keys.json'), false));
  const witness = readWitness(join(folder, 'witness.jsonl'));
  const report = verifyLedger(copy, { witness }).find(({ establishment }) => establishment === 'one')!;
  copy.close();
  return report;
}

function tamper(sql: string): void {
  const database = new DatabaseSync(join(folder, 'data', 'ledger.sqlite'));
  database.exec(sql);
  database.close();
}

const codes = ({ problems }: ChainReport) => problems.map(({ code }) => code);

describe('at the end of its retention', () => {
  test('a document is gone, with the rule and the event, and the verification counts it under that decision', async () => {
    const made = await submitted('p');
    const kept = await submitted('p');
    const [event] = await ledger.append(appendOf(expired(made)));
    await expect(ledger.of('one').body(made.body)).rejects.toMatchObject({
      code: 'ledger.body-expired',
      values: { rule: 'delivered', after: '365d', event: event!.seq },
    });
    expect(await ledger.of('one').personal(made.value)).toBeNull();
    expect((await ledger.of('one').personal(kept.value))?.toString()).toBe('traits');
    expect(await verify()).toMatchObject({
      problems: [],
      erased: 2,
      decisions: [{ decision: 'delivered 365d', events: 1, erased: 2 }],
    });
  });

  test.each(['open', 'parked'] as const)('nothing of a submission that is %s is destroyed', async (state) => {
    const made = await submitted('p', false);
    const why = {
      code: 'c',
      class: 'permanent' as const,
      charged: false,
      receipt: null,
      doubt: false,
      by: null,
    };
    if (state === 'parked')
      await ledger.append(appendOf({ type: 'delivery.parked', data: { delivery: made.delivery, ...why } }));
    await expect(ledger.append(appendOf(expired(made)))).rejects.toMatchObject({ code: 'ledger.not-ended' });
    expect((await ledger.of('one').body(made.body)).length).toBeGreaterThan(0);
    expect(await verify()).toMatchObject({ problems: [], erased: 0 });
  });

  test('what stood in the place of the key is written over on the disk', async () => {
    const made = await submitted('p');
    const path = join(folder, 'data', 'ledger.sqlite');
    const database = new DatabaseSync(path);
    const key = Buffer.from(
      database.prepare('SELECT wrapped FROM bodies WHERE id = ?').get(made.body)!.wrapped as Uint8Array,
    );
    database.close();
    await ledger.append(appendOf(expired(made)));
    const { readFileSync, existsSync } = await import('node:fs');
    const files = [path, `${path}-wal`].filter((file) => existsSync(file));
    expect(files.map((file) => readFileSync(file).includes(key))).toEqual(files.map(() => false));
  });

  test('the readings made again from the events say the same', async () => {
    await ledger.append(appendOf(expired(await submitted('p'))));
    await ledger.rebuild();
    expect(await verify()).toMatchObject({ problems: [], erased: 2 });
  });

  test('a document without which nothing was decided is missed', async () => {
    const made = await submitted('p');
    tamper(`UPDATE bodies SET wrapped = NULL WHERE id = '${made.body}'`);
    expect(codes(await verify())).toEqual(['verify.kept-altered']);
  });

  test('what was decided and not done is told', async () => {
    const made = await submitted('p');
    const database = new DatabaseSync(join(folder, 'data', 'ledger.sqlite'));
    const { wrapped } = database.prepare('SELECT wrapped FROM bodies WHERE id = ?').get(made.body)!;
    await ledger.append(appendOf(expired(made)));
    database.prepare('UPDATE bodies SET wrapped = ? WHERE id = ?').run(wrapped!, made.body);
    database.close();
    expect(codes(await verify())).toContain('verify.not-destroyed');
  });
});

describe('an erasure', () => {
  test('destroys what is about the person, and nothing of anybody else', async () => {
    const [made, other] = [await submitted('p'), await submitted('q')];
    await ledger.append(appendOf(erased(made)));
    await expect(ledger.of('one').body(made.body)).rejects.toMatchObject({ code: 'ledger.body-erased' });
    expect(await ledger.of('one').personal(made.value)).toBeNull();
    expect((await ledger.of('one').personal(other.value))?.toString()).toBe('traits');
    expect(await verify()).toMatchObject({
      problems: [],
      decisions: [{ decision: 'erasure', events: 1, erased: 2 }],
    });
  });

  test('leaves no way from the identifier to the person, and who comes again is somebody new', async () => {
    const made = await submitted('p');
    const hash = ledger.searchHash('one', 'ins', 'p');
    expect(await ledger.of('one').personOf(hash)).toBe(made.person);
    await ledger.append(appendOf(erased(made)));
    expect(await ledger.of('one').personOf(hash)).toBeNull();
    const [again, oncemore] = [await submitted('p'), await submitted('p')];
    expect(again.person).not.toBe(made.person);
    expect(oncemore.person).toBe(again.person);
    expect((await verify()).problems).toEqual([]);
  });

  test('of a person of whom something is under way is refused', async () => {
    const made = await submitted('p', false);
    await expect(ledger.append(appendOf(erased(made)))).rejects.toMatchObject({ code: 'ledger.not-ended' });
    expect((await ledger.of('one').personal(made.value))?.toString()).toBe('traits');
  });

  test('after the end of a retention counts each thing once, under the first decision', async () => {
    const made = await submitted('p');
    await ledger.append(appendOf(expired(made)));
    await ledger.append(appendOf(erased(made)));
    expect(await verify()).toMatchObject({ problems: [], erased: 2 });
  });

  test('leaves stays and exams as they are counted, of nobody, and no later file gives them back to somebody', async () => {
    const made = await submitted('p');
    const row = { finessEj: 'a', finessEg: 'b' };
    const stays = [
      { ...row, stayNo: '1', patient: 'hash' },
      { ...row, stayNo: '2', patient: 'other' },
    ];
    const exams = [
      { ...row, kind: 'BIO', examId: '1', patient: 'hash' },
      { ...row, kind: 'IMG', examId: '1', patient: 'other' },
    ];
    await imported('stays.imported', stays);
    await imported('exams.imported', exams);
    const event = erased(made);
    const named = {
      ...{
        stays: [
          { finessEg: 'b', stayNo: '1' },
          { finessEg: 'b', stayNo: '9' },
        ],
      },
      exams: [{ finessEg: 'b', kind: 'BIO', examId: '1' }],
    };
    await ledger.append(appendOf({ ...event, data: { ...event.data, ...named } } as NewEvent));
    const nobody = (rows: object[]) => [{ ...rows[0], patient: made.person }, rows[1]];
    expect([await ledger.of('one').stays(), await ledger.of('one').exams()]).toEqual([
      nobody(stays),
      nobody(exams),
    ]);
    const third = { ...row, stayNo: '3', patient: 'hash' };
    await imported('stays.imported', [...stays, third]);
    await imported('exams.imported', exams);
    expect(await ledger.of('one').stays()).toEqual([...nobody(stays), third]);
    expect(await ledger.of('one').exams()).toEqual(nobody(exams));
    expect((await verify()).problems).toEqual([]);
  });
});
