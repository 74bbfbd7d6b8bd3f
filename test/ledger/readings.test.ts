import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Ledger, NewEvent } from '../../src/ledger/ledger.ts';
import type { DeliveryState } from '../../src/words/delivery.ts';
import {
  accepted,
  acceptedEvent,
  appendOf,
  documentEntry,
  finished,
  noticeDue,
  openTestLedger,
  scratch,
  sending,
  T0,
} from './making.ts';

// One ledger of seven submissions of establishment `one`, and one of `two`: what each reading finds in it, and in what order.

let folder: string;
let ledger: Ledger;
/** Submissions of `one` by what they are here for. */
const made: Record<string, ReturnType<typeof accepted>> = {};
const view = () => ledger.of('one');
const write = (event: NewEvent) => ledger.append(appendOf(event));
const delivery = (name: string) => made[name]!.deliveries[0]!.id;
const uniqueId = (name: string) => made[name]!.documents[0]!.uniqueId;
const nameOf = (id: string) => Object.keys(made).find((name) => made[name]!.submission === id);
const ofDelivery = (id: string) => Object.keys(made).find((name) => delivery(name) === id);

async function make(name: string, changes: Partial<ReturnType<typeof accepted>> = {}, state?: DeliveryState) {
  made[name] = accepted(changes, state);
  await write(acceptedEvent(made[name]));
}

async function deliver(name: string, outcome: 'delivered' | 'refused' = 'delivered') {
  await write(sending(delivery(name)));
  await write(finished(delivery(name), uniqueId(name), outcome));
}

const stay = (number: string) => ({
  ...{ finessEg: '0B0000012', number, visit: 'V1', class: null, admittedAt: null, dischargedAt: null },
});

beforeAll(async () => {
  folder = scratch();
  ledger = await openTestLedger(folder);
  await make('first', { documents: [documentEntry({ setId: 'series' })], stay: stay('F1') });
  await make('second', { documents: [documentEntry({ setId: 'series', typeCode: 'CR' })], sender: 'ris' });
  await make('late', { structure: { id: '10B0000099', name: 'Elsewhere' } });
  await make('refused');
  await make('parked');
  const chain = uniqueId('late');
  const document = documentEntry();
  const behind = {
    ...accepted({ documents: [document] }).deliveries[0]!,
    chain,
    operation: 'replace' as const,
  };
  await make('behind', {
    ...{ documents: [document], operation: 'replace', target: chain },
    deliveries: [{ ...behind, state: 'waiting', dueAt: null, waitsFor: delivery('late') }],
  });
  await make('deleted', { operation: 'delete', target: uniqueId('first') });
  await ledger.append(appendOf(acceptedEvent(), { establishment: 'two' }));
  await deliver('first');
  await deliver('second');
  await deliver('refused', 'refused');
  const why = { code: 'delivery.x', class: 'permanent' as const, charged: false, receipt: null };
  await write({
    type: 'delivery.parked',
    data: { delivery: delivery('parked'), ...why, doubt: true, by: 'a' },
  });
  for (const notice of ['n-1', 'n-2', 'n-3'])
    await write(noticeDue(notice, notice === 'n-2' ? 'ris' : 'lab'));
});
afterAll(async () => {
  await ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  [{}, ['deleted', 'behind', 'parked', 'refused', 'late', 'second', 'first']],
  [{ state: 'final' }, ['refused', 'second', 'first']],
  [{ state: 'open' }, ['deleted', 'behind', 'parked', 'late']],
  [{ sender: 'ris' }, ['second']],
  [{ typeCode: 'CR' }, ['second']],
  [{ stayNo: 'F1' }, ['first']],
  [{ stayNo: 'F1', sender: 'ris' }, []],
] as const)('submissions of %j, newest first', async (filter, expected) => {
  const { items, next } = await view().submissions({ ...filter, limit: 7 });
  expect(items.map(({ id }) => nameOf(id))).toEqual(expected);
  expect(next).toBeNull();
});

test('a submission is found by a document of it, and a page says where the next one begins', async () => {
  const { items } = await view().submissions({ uniqueId: uniqueId('parked'), limit: 5 });
  expect(items.map(({ id }) => nameOf(id))).toEqual(['parked']);
  const first = await view().submissions({ limit: 4 });
  expect(first.items.map(({ id }) => nameOf(id)).at(-1)).toBe('refused');
  const rest = await view().submissions({ limit: 4, before: Number(first.next) });
  expect([rest.items.map(({ id }) => nameOf(id)), rest.next]).toEqual([['late', 'second', 'first'], null]);
});

test('a document has its history, and its series the last of the others', async () => {
  const history = await view().documentHistory(uniqueId('first'));
  expect(history.map(({ submission }) => nameOf(submission))).toEqual(['first']);
  expect((await view().lastOfSeries('series', uniqueId('second')))?.uniqueId).toBe(uniqueId('first'));
  expect((await view().lastOfSeries('series', 'another'))?.uniqueId).toBe(uniqueId('second'));
  expect(await view().lastOfSeries('other', 'another')).toBeNull();
});

test('deliveries by their state, newest first, by pages', async () => {
  const names = async (filter: Parameters<ReturnType<typeof view>['deliveries']>[0]) => {
    const { items, next } = await view().deliveries(filter);
    return [items.map(({ id }) => ofDelivery(id)), next === null ? null : Number(next)];
  };
  expect(await names({ state: 'final', limit: 3 })).toEqual([['refused', 'second', 'first'], null]);
  const [two, next] = await names({ state: 'final', limit: 2 });
  expect(two).toEqual(['refused', 'second']);
  expect(await names({ state: 'final', limit: 2, before: next as number })).toEqual([['first'], null]);
});

test('what has not ended, in order, behind any of it; what waits for it; what is parked for a reason', async () => {
  const all = await view().unfinished({ seq: 0, id: '' }, 10);
  expect(all.map(({ id }) => ofDelivery(id))).toEqual(['late', 'parked', 'behind', 'deleted']);
  expect((await view().unfinished(all[1]!, 1)).map(({ id }) => ofDelivery(id))).toEqual(['behind']);
  const waiting = await view().waitingFor(delivery('late'));
  expect(waiting.map(({ id }) => ofDelivery(id))).toEqual(['behind']);
  expect((await view().chain(uniqueId('late'))).map(({ id }) => ofDelivery(id))).toEqual(['late', 'behind']);
  expect(await view().parkedFor(['delivery.y'])).toEqual([]);
  expect(await view().parkedFor(['delivery.y', 'delivery.x'])).toMatchObject([
    { id: delivery('parked'), state: 'parked', code: 'delivery.x', doubt: true, dueAtMs: null },
  ]);
});

test('destinations, and how long what is due has stood in each lane', async () => {
  const [here, elsewhere] = ['dmp.one.10B0000012', 'dmp.one.10B0000099'];
  expect(await view().everyDestination()).toEqual([here, elsewhere]);
  const at = new Date(T0).toISOString();
  expect((await view().lanes('dmp')).toSorted((a, b) => a.destination.localeCompare(b.destination))).toEqual([
    { destination: here, lane: 'live', depth: 1, oldestAt: at },
    { destination: elsewhere, lane: 'live', depth: 1, oldestAt: at },
  ]);
  expect(await view().lanes('mssante')).toEqual([]);
  expect(await view().destinations()).toEqual([]);
});

test('notices by state, sender and submission, newest first; the next of a sender is the oldest', async () => {
  const ids = async (filter: object) =>
    (await view().notices({ limit: 9, ...filter })).items.map(({ id }) => id);
  expect(await ids({})).toEqual(['n-3', 'n-2', 'n-1']);
  expect([await ids({ sender: 'lab' }), await ids({ state: 'parked' })]).toEqual([['n-3', 'n-1'], []]);
  expect([await ids({ submission: 's', state: 'due' }), await ids({ submission: 't' })]).toEqual([
    ['n-3', 'n-2', 'n-1'],
    [],
  ]);
  expect((await view().nextNotice('lab'))?.id).toBe('n-1');
  expect(await view().notice('n-2')).toMatchObject({ id: 'n-2', sender: 'ris', state: 'due', attempts: 0 });
  expect(await view().notice('n-9')).toBeNull();
});

test('work by cause and role, oldest first, by pages', async () => {
  const causes = async (filter: object) =>
    (await view().work({ limit: 9, ...filter })).items.map(({ cause }) => cause);
  expect(await causes({})).toEqual(['outcome-untold', 'delivery-parked']);
  expect([await causes({ cause: 'delivery-parked' }), await causes({ role: 'dim' })]).toEqual([
    ['delivery-parked'],
    [],
  ]);
  const { items, next } = await view().work({ limit: 1 });
  expect([items.map(({ cause }) => cause), next]).toEqual([['outcome-untold'], '1']);
  expect(await causes({ after: 1 })).toEqual(['delivery-parked']);
  expect(await view().workCounts()).toEqual({ 'outcome-untold': 1, 'delivery-parked': 1 });
  expect(await view().workItem(items[0]!.id)).toEqual(items[0]);
});

test('what was delivered stands with its stay, its operation and when it was', async () => {
  const documents = await view().deliveredDocuments();
  expect(documents.map(({ submission }) => nameOf(submission))).toEqual(['first', 'second']);
  expect(documents[0]).toMatchObject({
    ...{ delivery: delivery('first'), destination: 'dmp', uniqueId: uniqueId('first'), target: null },
    ...{ chain: uniqueId('first'), deliveredAt: new Date(T0).toISOString(), stay: { number: 'F1' } },
  });
});

test('the time line is of the streams that were named, in order', async () => {
  const events = await view().timeline([`delivery:${delivery('first')}`, `delivery:${delivery('parked')}`]);
  expect(events.map(({ type }) => type)).toEqual([
    ...['submission.accepted', 'submission.accepted'],
    ...['delivery.sending', 'delivery.finished', 'delivery.parked'],
  ]);
});
