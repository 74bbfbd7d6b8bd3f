import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Claims } from '../../src/ledger/sqlite/claims.ts';
import { type Database, openForWriting, remakeProjections } from '../../src/ledger/sqlite/database.ts';
import { Leases } from '../../src/ledger/sqlite/leases.ts';
import { LedgerView } from '../../src/ledger/view.ts';

// What is read for every document, message or delivery must cost the same in a ledger of millions: SQLite says beforehand
// how it will look, and a look-up that is narrowed by the establishment alone goes through everything that it holds.

const folder = mkdtempSync(join(tmpdir(), 'viaduc-plans-'));
const { database } = openForWriting(folder);
remakeProjections(database, () => {});

afterAll(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The steps of all statements of a reading that go through a whole table, or all of an establishment's part of it. */
async function walks(database: Database, read: (view: LedgerView) => Promise<unknown>): Promise<string[]> {
  const steps: string[] = [];
  const view = new LedgerView('e', {
    all: async (sql, values) => {
      steps.push(...database.all(`EXPLAIN QUERY PLAN ${sql}`, ...values).map((row) => String(row.detail)));
      return [];
    },
    personal: async () => null,
    body: async () => Buffer.alloc(0),
  });
  await read(view);
  expect(steps).not.toEqual([]);
  return steps.filter((step) => /\(establishment=\?\)$/.test(step) || /^SCAN (?!CONSTANT)/.test(step));
}

const visit = { finessEj: '0B0000011', finessEg: '0B0000012', stayNo: 'F1', visitNo: 'V1' };

const READINGS: Record<string, (view: LedgerView) => Promise<unknown>> = {
  'the version of a stream': (view) => view.version('delivery:d'),
  'a submission': (view) => view.submission('s'),
  'a submission by its request key': (view) => view.submissionByRequest('k'),
  'the documents of a submission': (view) => view.documents('s'),
  'the history of a document': (view) => view.documentHistory('1.2'),
  'the last of a series': (view) => view.lastOfSeries('set', '1.2'),
  'a delivery': (view) => view.delivery('d'),
  'the deliveries of a submission': (view) => view.deliveriesOf('s'),
  'a chain of deliveries': (view) => view.chain('1.2'),
  'what waits for a delivery': (view) => view.waitingFor('d'),
  'the submissions of a delivery': (view) => view.submissionsOf('d'),
  'the time line of a submission': (view) => view.timeline(['submission:s', 'delivery:d']),
  'the person of an identifier': (view) => view.personOf('hash'),
  'persons who were merged': (view) => view.samePersons('p', true),
  'what is known of identities': (view) => view.identities(['p', 'q']),
  consents: (view) => view.consents(['p', 'q']),
  'open deliveries of persons': (view) => view.openDeliveriesOf(['p', 'q']),
  'open deliveries of a stay': (view) => view.openDeliveriesOfStay(visit, ['p', 'q']),
  'the next notice of a sender': (view) => view.nextNotice('dpi'),
  'a notice': (view) => view.notice('n'),
  'the delivery of an envelope': (view) => view.mails.deliveryOf('e'),
  'what came back after a mail': (view) => view.mails.receipts('d'),
  'a receipt': (view) => view.mails.receipt('r'),
  'a mail that came in': (view) => view.mails.mail('m'),
  'a mail by its bytes': (view) => view.mails.known('box', 'digest'),
  'what was decided of a mail': (view) => view.integrations.sorted('m'),
  'mails to be sorted': (view) => view.integrations.unsorted('box', 20),
  'a document that came by mail': (view) => view.integrations.integration('i'),
  'the documents of a mail': (view) => view.integrations.ofMail('m'),
  'documents that came by mail of persons': (view) => view.integrations.ofPersons(['p', 'q']),
  'the next document of a mailbox': (view) => view.integrations.next('box'),
  'the last time that a document came': (view) => view.integrations.lastOf('1.2'),
  'mails to be answered': (view) => view.integrations.unanswered('box', 20),
  'the answer to a mail': (view) => view.integrations.answer('m'),
  'answers to be sent': (view) => view.integrations.answersDue('box', 0, 20),
  'answers to a peer': (view) => view.integrations.answersTo('peer', '2026'),
  'the visits of a file': (view) => view.visitsOfFile(visit.finessEg, visit.stayNo),
  'the submissions of persons': (view) => view.submissionsOfPersons(['p', 'q']),
  'what has ended among some events': (view) => view.endedSubmissions('wire', '2026', 1, 500),
  'the decision by which something is gone': (view) => view.goneBy('body', 'b'),
  'holds whose date has come': (view) => view.holds.due(0),
  'the units of a stay': (view) =>
    view.holds.unitsOf({
      ...visit,
      number: 'F1',
      visit: 'V1',
      class: null,
      admittedAt: null,
      dischargedAt: null,
    }),
  'held submissions': (view) => view.submissions({ state: 'held', limit: 50 }),
  'open submissions': (view) => view.submissions({ state: 'open', limit: 50 }),
  'refused submissions': (view) => view.submissions({ state: 'refused', limit: 50 }),
  'a run of retries': (view) => view.retries.run('r'),
  'a run by its request key': (view) => view.retries.byKey('k'),
  'runs that run': (view) => view.retries.running(),
  'runs, page by page': (view) => view.retries.list({ before: 9, limit: 50 }),
  'what a run has still to open': (view) => view.retries.pending('r', 10),
  'what a run has opened': (view) => view.retries.untouched('r'),
  'how far a run is': (view) => view.retries.counts('r'),
  'what a filter finds parked': (view) => view.retries.candidates({ standing: 'parked', types: ['t'] }, 10),
  'what a filter finds held': (view) => view.retries.candidates({ standing: 'held', senders: ['s'] }, 10),
  'an item of work': (view) => view.workItem('w'),
};

describe('in a ledger of any size, an index leads straight to', () => {
  test('what is due for a destination', () => {
    const steps: string[] = [];
    const explaining = Object.create(database, {
      all: {
        value: (sql: string, ...values: string[]) => {
          steps.push(
            ...database.all(`EXPLAIN QUERY PLAN ${sql}`, ...values).map((row) => String(row.detail)),
          );
          return sql.startsWith('WITH') ? [{ id: 'dmp.e.1' }] : [];
        },
      },
    }) as Database;
    const claims = new Claims(explaining, new Leases(database), ['e']);
    claims.take({ kind: 'dmp', nowMs: 1, leaseMs: 1, limit: 1 });
    expect(steps.filter((step) => /\(destination_id=\? AND lane=\? AND due_at_ms/.test(step))).toHaveLength(
      4,
    );
    expect(steps.filter((step) => /^SCAN (?!CONSTANT|found)|TEMP B-TREE/.test(step))).toEqual([]);
  });

  test.each(Object.entries(READINGS))('%s', async (_, read) => {
    expect(await walks(database, read)).toEqual([]);
  });
});
