import { openSync, readdirSync, readFileSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, test } from 'vitest';
import { chainHash, GENESIS } from '../../src/ledger/chain.ts';
import { exportLines, openExport } from '../../src/ledger/export.ts';
import { lostSince } from '../../src/ledger/gap.ts';
import { openKeys } from '../../src/ledger/keys.ts';
import { merkleRoot } from '../../src/ledger/merkle.ts';
import { makeSeal, readSeal, sealDigest } from '../../src/ledger/seal.ts';
import { openSqliteCopy } from '../../src/ledger/sqlite/copy.ts';
import { type ChainReport, type VerifyOptions, verifyLedger } from '../../src/ledger/verify.ts';
import { readWitness } from '../../src/ledger/witnesses/file.ts';
import type { LostSeals } from '../../src/words/events.ts';
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

/** A ledger of twelve events under four seals in chain `one`, the last two events not sealed yet, closed without sealing them. */
async function makeLedger(): Promise<void> {
  folder = scratch();
  const ledger = await openTestLedger(folder);
  for (let round = 0; round < 4; round += 1) {
    for (let index = 0; index < 3; index += 1) {
      const { reference, body } = bodyOf(fresh(), Buffer.from(`document ${round} ${index}`.repeat(20)));
      const data = accepted({ documents: [documentEntry({ body: reference })] });
      const subject = { ins: `person ${index}`, ipp: null };
      const event = { ...acceptedEvent(data), subject, personal: Buffer.from('traits') };
      await ledger.append(appendOf(event, { bodies: [{ ...body, subject }] }));
    }
    await ledger.seal(T0 + round);
  }
  await ledger.close();
}

function verify(options: VerifyOptions & { keys?: boolean } = {}): ChainReport {
  const copy = openSqliteCopy(
    join(folder, 'data'),
    options.keys === false ? null : openKeys(join(folder, 'keys.json'), false),
  );
  try {
    return verifyLedger(copy, options).find((report) => report.establishment === 'one')!;
  } finally {
    copy.close();
  }
}

function tamper(...statements: string[]): void {
  const database = new DatabaseSync(join(folder, 'data', 'ledger.sqlite'));
  for (const statement of statements) database.exec(statement);
  database.close();
}

const witness = () => readWitness(join(folder, 'witness.jsonl'));
const places = (report: ChainReport) => report.problems.map((problem) => [problem.code, problem.at]);

/** Chains, seals and signs the events again as they stand now: what somebody with the key in hand would do. */
function sealAgain(): void {
  const keys = openKeys(join(folder, 'keys.json'), false);
  const database = new DatabaseSync(join(folder, 'data', 'ledger.sqlite'));
  let hash = GENESIS;
  const hashes: string[] = [];
  for (const row of database
    .prepare("SELECT seq, text FROM events WHERE establishment = 'one' ORDER BY seq")
    .all()) {
    hash = chainHash(hash, String(row.text));
    hashes.push(hash);
    database
      .prepare("UPDATE events SET hash = ? WHERE establishment = 'one' AND seq = ?")
      .run(hash, row.seq!);
  }
  let previous = GENESIS;
  for (const row of database
    .prepare("SELECT text, signature FROM seals WHERE establishment = 'one' ORDER BY number")
    .all()) {
    const { content } = readSeal(String(row.text), String(row.signature));
    if (content.last > hashes.length) {
      database.prepare("DELETE FROM seals WHERE establishment = 'one' AND number = ?").run(content.number);
      continue;
    }
    const batch = hashes.slice(content.first - 1, content.last);
    const seal = makeSeal({ ...content, root: merkleRoot(batch), head: batch.at(-1)!, previous }, keys.sign);
    previous = sealDigest(seal);
    database
      .prepare("UPDATE seals SET text = ?, signature = ? WHERE establishment = 'one' AND number = ?")
      .run(seal.text, seal.signature, content.number);
  }
  database.close();
}

beforeEach(makeLedger);

describe('verification', () => {
  test('of a sound ledger finds nothing and says how far it reaches', () => {
    expect(verify({ witness: witness() })).toMatchObject({
      environment: 'sandbox',
      events: 13,
      seals: 4,
      sealedTo: 13,
      witnessedTo: 13,
      problems: [],
    });
    expect(verify()).toMatchObject({ witnessedTo: null, problems: [] });
  });

  test('without keys says what it did not check', () => {
    expect(verify({ keys: false })).toMatchObject({ problems: [], notChecked: 26 });
  });

  test('names the event whose text was altered', () => {
    tamper(
      `UPDATE events SET text = replace(text, '"lab"', '"lap"') WHERE establishment = 'one' AND seq = 5`,
    );
    expect(places(verify())[0]).toEqual(['verify.event-altered', { event: 5 }]);
  });

  test('names the event whose text is no JSON any more, and looks at the others all the same', () => {
    tamper(`UPDATE events SET text = substr(text, 2) WHERE establishment = 'one' AND seq = 5`);
    const report = verify();
    expect(report.events).toBe(13);
    expect(report.problems).toContainEqual(
      expect.objectContaining({
        ...{ code: 'verify.event-altered', at: { event: 5 } },
        message: expect.stringContaining('the text of the event is no JSON'),
      }),
    );
  });

  test('names the event that was removed', () => {
    tamper("DELETE FROM events WHERE establishment = 'one' AND seq = 6");
    expect(places(verify())).toContainEqual(['verify.event-missing', { event: 6 }]);
  });

  test('names two events exchanged', () => {
    tamper(
      "UPDATE events SET seq = 100 WHERE establishment = 'one' AND seq = 4",
      "UPDATE events SET seq = 4 WHERE establishment = 'one' AND seq = 5",
      "UPDATE events SET seq = 5 WHERE establishment = 'one' AND seq = 100",
    );
    expect(places(verify())[0]).toEqual(['verify.event-altered', { event: 4 }]);
  });

  test('names a column that disagrees with its text', () => {
    tamper("UPDATE events SET type = 'token.issued' WHERE establishment = 'one' AND seq = 3");
    expect(places(verify())).toEqual([['verify.column-differs', { event: 3 }]]);
  });

  test('names a seal whose signature was replaced', () => {
    tamper(
      "UPDATE seals SET signature = replace(signature, substr(signature, 1, 4), 'AAAA') WHERE establishment = 'one' AND number = 2",
    );
    expect(places(verify())).toEqual([['verify.seal-signature', { seal: 2 }]]);
  });

  test('names a seal that was removed', () => {
    tamper("DELETE FROM seals WHERE establishment = 'one' AND number = 2");
    expect(places(verify())).toEqual([['verify.seal-order', { seal: 3 }]]);
  });

  test('finds one flipped bit anywhere in the stored bodies and names the event that holds it', () => {
    const bodies = join(folder, 'data', 'bodies', 'one');
    const file = join(bodies, readdirSync(bodies)[0]!);
    const size = readFileSync(file).length;
    const handle = openSync(file, 'r+');
    for (const offset of [30, Math.floor(size / 2), size - 1]) {
      const byte = Buffer.alloc(1);
      readSync(handle, byte, 0, 1, offset);
      writeSync(handle, Buffer.of(byte[0]! ^ 0x10), 0, 1, offset);
      const [problem, ...others] = verify().problems;
      expect([problem?.code, others]).toEqual(['verify.kept-altered', []]);
      writeSync(handle, byte, 0, 1, offset);
    }
    expect(verify().problems).toEqual([]);
  });

  test('finds a personal value that was exchanged for another of the same person', () => {
    tamper(`UPDATE personal SET sealed = (SELECT sealed FROM personal p WHERE p.establishment = 'one' AND p.ref <> personal.ref AND p.person = personal.person LIMIT 1)
            WHERE establishment = 'one' AND ref = (SELECT min(ref) FROM personal WHERE establishment = 'one')`);
    expect(places(verify())).toEqual([['verify.kept-altered', expect.anything()]]);
  });

  test('does not believe that something is erased that no event decided to erase', () => {
    tamper(
      "UPDATE persons SET wrapped = NULL, erased_at = '2026-08-01' WHERE establishment = 'one' AND person = (SELECT min(person) FROM persons WHERE establishment = 'one')",
    );
    const codes = new Set(places(verify()).map(([code]) => code));
    expect(codes).toEqual(new Set(['verify.kept-altered', 'verify.index-differs']));
  });

  test.each([
    [
      'to somebody else',
      'UPDATE person_index SET person = (SELECT max(person) FROM persons) WHERE person = (SELECT min(person) FROM persons)',
    ],
    [
      'to nobody',
      "UPDATE person_index SET person = 'nobody' WHERE person = (SELECT min(person) FROM persons)",
    ],
  ])('finds a row of the search index that was turned %s', (_, sql) => {
    tamper(sql);
    expect(places(verify())).toEqual([['verify.index-differs', { reading: 'person_index' }]]);
  });
});

describe('a witness outside', () => {
  test('names the first seal that differs when events were altered and everything sealed again with the key', () => {
    tamper(
      `UPDATE events SET text = replace(text, '"lab"', '"lap"') WHERE establishment = 'one' AND seq = 6`,
    );
    sealAgain();
    expect(places(verify()).filter(([code]) => code !== 'verify.reading-differs')).toEqual([]);
    expect(places(verify({ witness: witness() }))).toEqual([['verify.witness-differs', { seal: 2 }]]);
    expect(verify({ witness: witness() }).witnessedTo).toBe(4);
  });

  test('names the first seal that is missing when the last events were cut off', () => {
    tamper("DELETE FROM events WHERE establishment = 'one' AND seq > 7");
    sealAgain();
    expect(places(verify()).filter(([code]) => code !== 'verify.reading-differs')).toEqual([]);
    expect(places(verify({ witness: witness() }))).toEqual([['verify.truncated', { seal: 3 }]]);
  });

  test('notices a chain that disappeared as a whole', () => {
    tamper("DELETE FROM events WHERE establishment = 'one'", "DELETE FROM seals WHERE establishment = 'one'");
    expect(places(verify({ witness: witness() }))).toEqual([['verify.truncated', { seal: 1 }]]);
  });

  test('receives on the next start what a crash kept from it', async () => {
    const file = join(folder, 'witness.jsonl');
    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, `${lines.slice(0, 3).join('\n')}\n{"seal":"cut sh`);
    await (await openTestLedger(folder)).close();
    expect(verify({ witness: witness() })).toMatchObject({ problems: [], witnessedTo: 13 });
  });
});

describe('a restore declared in the chain', () => {
  const declare = async (lost: LostSeals) => {
    // The witness of a lost time: two seals more than the ledger holds.
    const outside = witness();
    const keys = openKeys(join(folder, 'keys.json'), false);
    const last = outside.filter(({ content }) => content.establishment === 'one').at(-1)!;
    const beyond = makeSeal({ ...last.content, number: 5, last: 20, previous: sealDigest(last) }, keys.sign);
    const data = { backupAt: null, lastEvent: 13, witness: 'lost', problems: 0, by: 'test' } as const;
    const resendUntil = new Date(T0).toISOString();
    const ledger = await openTestLedger(folder);
    await ledger.append({
      ...{ establishment: 'one', nowMs: T0 + 10 },
      events: [
        {
          type: 'ledger.restored',
          data: { ...data, resendUntil, lost: { ...lost, digest: lost.digest || sealDigest(beyond) } },
        },
      ],
    });
    await ledger.close();
    const after = witness().filter(({ content }) => content.number > 4 && content.establishment === 'one');
    return { witness: [...outside, beyond, ...after], after };
  };
  const lost = { fromSeal: 5, toSeal: 5, toEvent: 20, lastAt: new Date(T0).toISOString(), digest: '' };

  test('explains the seals that only the witness holds, and none of their numbers is used again', async () => {
    const { witness: seals, after } = await declare(lost);
    expect(after.map(({ content }) => content.number)).toEqual([6]);
    expect(verify({ witness: seals })).toMatchObject({
      ...{ problems: [], witnessedTo: 14 },
      restores: [{ event: 14, lost: { fromSeal: 5, toSeal: 5, toEvent: 20 } }],
    });
  });

  test('hides no other seal than the one it names', async () => {
    const { witness: seals } = await declare({ ...lost, digest: 'ab'.repeat(32) });
    expect(places(verify({ witness: seals }))).toEqual([['verify.witness-differs', { seal: 5 }]]);
  });
});

describe('the tables that are read', () => {
  test.each([
    ['a state', "UPDATE p_deliveries SET state = 'parked' WHERE seq = 3", 'p_deliveries'],
    ['a row too many', "INSERT INTO p_stays VALUES ('one', '0B0000012', '1', '{}')", 'p_stays'],
    ['a row too few', 'DELETE FROM p_documents WHERE seq = 2', 'p_documents'],
    ['a version', "DELETE FROM event_streams WHERE establishment = 'one' AND seq = 2", 'event_streams'],
  ])('are compared with what the events say: %s', (_, sql, reading) => {
    tamper(sql);
    expect(verify()).toMatchObject({ problems: [{ code: 'verify.reading-differs', at: { reading } }] });
  });
});

test('a rebuild makes the tables that are read again what the events say', async () => {
  tamper(
    "UPDATE p_deliveries SET state = 'parked' WHERE seq = 3",
    "DELETE FROM event_streams WHERE establishment = 'one' AND seq = 2",
  );
  const ledger = await openTestLedger(folder);
  await ledger.rebuild();
  await ledger.close();
  expect(verify().problems).toEqual([]);
});

describe('an export', () => {
  test('is verified elsewhere without any secret, with the public key handed over apart', () => {
    const keys = openKeys(join(folder, 'keys.json'), false);
    const copy = openSqliteCopy(join(folder, 'data'), null);
    const file = join(folder, 'export.jsonl');
    writeFileSync(file, [...exportLines(copy)].join(''));
    copy.close();
    const reports = verifyLedger(openExport(file), { publicPem: keys.publicPem, witness: witness() });
    expect(reports.map(({ establishment, problems }) => [establishment, problems])).toEqual([
      ['@gateway', []],
      ['one', []],
      ['two', []],
    ]);
    const altered = readFileSync(file, 'utf8').replace('\\"lab\\"', '\\"lap\\"');
    writeFileSync(file, altered);
    expect(verifyLedger(openExport(file)).flatMap((report) => report.problems)[0]?.code).toBe(
      'verify.event-altered',
    );
  });

  test('that is none, or was cut in the middle of a line, is told with its line', () => {
    const file = join(folder, 'cut.jsonl');
    const whole = [...exportLines(openSqliteCopy(join(folder, 'data'), null))].join('');
    writeFileSync(file, whole.slice(0, -20));
    const lines = whole.split('\n').length - 1;
    expect(() => openExport(file)).toThrow(
      expect.objectContaining({ code: 'ledger.export-unreadable', values: { file, line: lines } }),
    );
    writeFileSync(file, '{"kind":"other"}\n');
    expect(() => openExport(file)).toThrow(expect.objectContaining({ code: 'ledger.export-unreadable' }));
  });
});

test('what a copy has lost since is what the witness holds beyond it, in whatever order', () => {
  const seals = witness().filter(({ content }) => content.establishment === 'one');
  const last = seals.at(-1)!;
  const lost = { toSeal: 4, toEvent: 13, lastAt: last.content.at, digest: sealDigest(last) };
  expect(lostSince(seals.slice(0, 2), seals.toReversed())).toEqual({ fromSeal: 3, ...lost });
  expect(lostSince([], seals)).toEqual({ fromSeal: 1, ...lost });
  expect(lostSince(seals, seals)).toBeNull();
});
