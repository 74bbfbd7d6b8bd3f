import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { freshLetter, sample } from '../../gateway/running.ts';
import { type Hospital, startHospital } from './hospital.ts';
import { freshControlId, type Making, makeMessage } from './making.ts';
import { pidOf } from './pid.ts';

let { running, client, listener, stop } = {} as Hospital;

beforeAll(async () => {
  ({ running, client, listener, stop } = await startHospital('\ndmp:\n  precheck: before-deposit'));
});
afterAll(() => stop());

interface Asked {
  /** Transactions that the DMP saw since the last reset. */
  transactions: string[];
  /** Segments of the notice. */
  notice: string[];
}

async function ask(making: Making): Promise<Asked> {
  const controlId = freshControlId();
  const message = makeMessage({ ...making, controlId, flags: { ACK_RECEPTION: 'Y' } });
  const ack = await client.send(message);
  expect([ack.code, ack.errors.filter(({ severity }) => severity === 'E')]).toEqual(['AA', []]);
  for (let count = listener.messages.length; ; count += 1) {
    const found = listener.messages.find((one) => one.includes(`|${controlId}|`));
    if (found) return { transactions: await transactions(), notice: found.split('\r') };
    await listener.received(count + 1);
  }
}

const admin = async (path: string, method = 'GET') =>
  (await fetch(running.gateway.endpoints.dmpAdmin + path, { method })).json() as Promise<object>;
const transactions = async () => Object.keys(await admin('/requests/last')).sort();

beforeEach(async () => void (await admin('/reset', 'POST')));

test('a patient with an open DMP is asked for, then the document is deposited', async () => {
  const { transactions, notice } = await ask(freshLetter());
  expect(transactions).toEqual(['iti-41', 'td0.2']);
  expect(notice[2]).toContain('|Y^^expandedYes-NoIndicator|');
});

test.each([
  ['closed', 'dmp-closed.xml'],
  ['absent', 'dmp-absent.xml'],
])('nothing is sent to a DMP that TD0.2 tells %s, and the sender is told so', async (state, name) => {
  const document = sample(name);
  const { transactions, notice } = await ask({ document, pid: pidOf(document.toString('utf8')) });
  expect(transactions).toEqual(['td0.2']);
  expect(notice[2]).toContain('|N^^expandedYes-NoIndicator|');
  expect(notice[3]).toMatch(/^ERR\|\|\|207\^Application error\^messageErrorCondition\|E\|/);
  expect(notice[3]).toContain(state === 'closed' ? 'ferm' : 'pas');
  const counts = await running.dmp.counts();
  expect([counts.lots, counts.refused]).toEqual([0, 0]);
});

test('a DMP that does not answer the question takes the document all the same', async () => {
  await running.dmp.fault({ match: { transaction: 'td0.2' }, fault: 'http-503-html' });
  const { transactions, notice } = await ask(freshLetter());
  expect(transactions).toEqual(['iti-41', 'td0.2']);
  expect(notice[2]).toContain('|Y^^expandedYes-NoIndicator|');
});

test('a replacement of what a closed DMP refused is deposited as new once the DMP is open', async () => {
  const closed = sample('dmp-closed.xml').toString('utf8');
  const pid = pidOf(closed);
  expect((await ask({ document: closed, pid })).notice[2]).toContain('|N^^expandedYes-NoIndicator|');
  const { uniqueId, text } = replacing(closed);
  await fetch(`${running.gateway.endpoints.dmpAdmin}/patients`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([
      { matricule: '110086322083060', root: '1.2.250.1.213.1.4.10', label: 'NESSI', dmp: { state: 'open' } },
    ]),
  });
  const again = await ask({ document: text, pid, order: 'RO' });
  expect(again.notice[2]).toContain('|Y^^expandedYes-NoIndicator|');
  const { entries } = (await admin(`/documents/${uniqueId}`)) as { entries: object[] };
  expect(entries).toMatchObject([{ status: 'Approved', replaces: null }]);
});

/** The next version of a document, that says which it replaces. */
function replacing(text: string): { uniqueId: string; text: string } {
  const old = /<id root="(2\.25\.\d+)"\/>/.exec(text)![1]!;
  const uniqueId = freshLetter().uniqueId;
  const link = `<relatedDocument typeCode="RPLC"><parentDocument><id root="${old}"/></parentDocument></relatedDocument><componentOf>`;
  const next = text
    .replace(`<id root="${old}"/>`, `<id root="${uniqueId}"/>`)
    .replace(/<versionNumber value="\d+"\/>/, '<versionNumber value="2"/>')
    .replace('<componentOf>', link);
  return { uniqueId, text: next };
}
