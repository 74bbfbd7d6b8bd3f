import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshLetter } from '../../gateway/running.ts';
import { adt } from './adt-making.ts';
import type { Ack } from './client.ts';
import { type Hospital, startHospital } from './hospital.ts';
import { makeMessage } from './making.ts';

let { running, client, stop } = {} as Hospital;

beforeAll(async () => {
  ({ running, client, stop } = await startHospital());
});

afterAll(() => stop());

const told = (ack: Ack) =>
  ack.errors.map(({ severity, condition, place, code }) => `${severity} ${condition} ${place} ${code}`);

/** A version of a letter; `parent`: what its own link says that it replaces. */
function version(parent?: string): { document: Buffer; uniqueId: string } {
  if (parent === undefined) return freshLetter();
  const link = `<relatedDocument typeCode="RPLC"><parentDocument><id root="${parent}"/></parentDocument></relatedDocument>`;
  const { document, uniqueId } = freshLetter();
  return {
    document: Buffer.from(document.toString().replace('<documentationOf', `${link}<documentationOf`)),
    uniqueId,
  };
}

async function deliveryOf(uniqueId: string, operation: string) {
  const { items } = (await running.call(`/api/submissions?uniqueId=${uniqueId}`)).body;
  const whole = await Promise.all(
    items.map(async ({ id }: { id: string }) => (await running.call(`/api/submissions/${id}`)).body),
  );
  const [found] = whole.filter((one) => one.operation === operation && one.state !== 'refused');
  return found?.deliveries[0] ?? null;
}

const stateOf = (uniqueId: string, operation: string) => async () => {
  const one = await deliveryOf(uniqueId, operation);
  return [one?.state, one?.outcome, one?.code];
};

const within = { timeout: 20_000 };

describe('what only the chain of versions can tell', () => {
  test('the deletion of a document that nobody knows is asked of the DMP and waits for a person', async () => {
    const { document, uniqueId } = freshLetter();
    const ack = await client.send(makeMessage({ order: 'CA', document }));
    expect([ack.code, told(ack)]).toEqual(['AA', []]);
    await expect
      .poll(stateOf(uniqueId, 'delete'), within)
      .toEqual(['final', 'refused', 'delivery.target-unknown']);
    const { items } = (await running.call('/api/worklist')).body;
    expect(items).toMatchObject([{ cause: 'outcome-untold', code: 'delivery.target-unknown', role: 'it' }]);
  });

  test('the deletion of a version that was replaced is refused, and so is a second replacement of it', async () => {
    const first = version();
    const second = version(first.uniqueId);
    expect((await client.send(makeMessage({ document: first.document }))).code).toBe('AA');
    await expect
      .poll(stateOf(first.uniqueId, 'deposit'), within)
      .toEqual(['final', 'delivered', 'delivered']);
    expect((await client.send(makeMessage({ order: 'RO', document: second.document }))).code).toBe('AA');
    const ack = await client.send(makeMessage({ order: 'CA', document: first.document }));
    expect([ack.code, told(ack)]).toEqual(['AE', ['E 207  routing.newer-version-known']]);
    expect(ack.errors[0]!.diagnostic).toContain(second.uniqueId);
    const again = await client.send(makeMessage({ order: 'RO', document: version(first.uniqueId).document }));
    expect([again.code, told(again)]).toEqual(['AE', ['E 207  routing.newer-version-known']]);
  });

  test('a replacement whose parent is in flight waits for it, and both arrive in order', async () => {
    const first = version();
    const second = version(first.uniqueId);
    await running.dmp.fault({ match: { uniqueId: first.uniqueId }, fault: 'delay', delayMs: 1500 });
    await client.send(makeMessage({ document: first.document }));
    await expect.poll(stateOf(first.uniqueId, 'deposit'), within).toEqual(['sending', null, null]);
    const ack = await client.send(makeMessage({ order: 'RO', document: second.document }));
    expect([ack.code, told(ack)]).toEqual(['AA', []]);
    expect((await stateOf(second.uniqueId, 'replace')())[0]).toBe('waiting');
    await expect
      .poll(stateOf(second.uniqueId, 'replace'), within)
      .toEqual(['final', 'delivered', 'delivered']);
    expect(await stateOf(first.uniqueId, 'deposit')()).toEqual(['final', 'delivered', 'delivered']);
  });
});

describe('an admission', () => {
  test.each(['A11', 'A13', 'A44'])('%s of a stay that nobody knows is kept and told', async (trigger) => {
    const numbers = { file: `UNKNOWN-${trigger}`, visit: `V-${trigger}`, movement: `M-${trigger}` };
    const ack = await client.send(adt({ trigger, action: 'CANCEL', ...numbers }));
    expect([ack.code, told(ack)]).toEqual(['AA', ['W 207 PID^1^18 message.stay-unknown']]);
  });

  test('a cancellation that says it inserts is refused', async () => {
    const ack = await client.send(adt({ trigger: 'A11', action: 'INSERT' }));
    expect([ack.code, told(ack)]).toEqual(['AE', ['E 103 ZBE^1^4 message.value-unknown']]);
  });

  test('the discharge of a stay that nobody knows enters the work list: its admission is asked for', async () => {
    const numbers = { file: 'UNKNOWN-A03', visit: 'V-A03', movement: 'M-A03' };
    const ack = await client.send(adt({ trigger: 'A03', ...numbers }));
    expect([ack.code, told(ack)]).toEqual(['AA', []]);
    const { items } = (await running.call('/api/worklist')).body;
    expect(items.filter(({ stay }: { stay: unknown }) => stay !== null)).toMatchObject([
      { cause: 'admission-missing', role: 'dim', stay: '0B0000012 visit V-A03' },
    ]);
  });
});

test('of more than twenty findings the first nineteen are said and the rest is counted', async () => {
  const empty = 'OBX|9|ED|||^TEXT^XML^Base64^PA==||||||\r'.repeat(30);
  const ack = await client.send(
    makeMessage()
      .toString('utf8')
      .replace(/(OBX\|1\|ED)/, `${empty}$1`),
  );
  expect([ack.code, ack.errors.length]).toEqual(['AE', 20]);
  const last = ack.errors.at(-1)!;
  expect(last.code).toBe('message.more-findings');
  expect(Number.parseInt(last.diagnostic, 10)).toBe(1 + 30 * 2 - 19);
  expect(last.user).toMatch(/\[[0-9a-f-]{36}\]$/);
});
