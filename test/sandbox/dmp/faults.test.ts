import { describe, expect, test } from 'vitest';
import { FAULTS, type FaultName } from '../../../src/sandbox/dmp/faults.ts';
import { dmpSandboxLimits } from '../../../src/sandbox/dmp/limits.ts';
import {
  deletionEnvelope,
  deposit,
  errorsOf,
  faultOf,
  mtom,
  plain,
  query,
  type Reply,
  refsOf,
  send,
  statusOf,
} from './requests.ts';
import { running } from './running.ts';

const dmp = running();

const lots = async (): Promise<number> => (await dmp.get<{ lots: number }>('/counts')).lots;
const lost = (sending: Promise<Reply>): Promise<string> =>
  sending.then(statusOf, (error) => error.code ?? error.message);

describe('each fault', () => {
  const tested = new Set<FaultName>();

  /** What a deposit meets under a fault, and how many lots are stored then. */
  async function meet(fault: FaultName): Promise<{ reply: Reply; stored: number }> {
    tested.add(fault);
    await dmp.fault({ fault });
    const reply = await dmp.send(mtom(deposit()));
    return { reply, stored: await lots() };
  }

  test('delay answers later, and the deposit is stored meanwhile', async () => {
    tested.add('delay');
    await dmp.fault({ fault: 'delay', delayMs: 300 });
    const startedAt = performance.now();
    expect(statusOf(await dmp.send(mtom(deposit())))).toBe('Success');
    expect(performance.now() - startedAt).toBeGreaterThan(295);
  });

  test('hang never answers and stores nothing', async () => {
    tested.add('hang');
    await dmp.fault({ fault: 'hang' });
    expect(await lost(send(dmp.url, mtom(deposit()), 200))).toBe('no answer in time');
    expect(await lots()).toBe(0);
  });

  test('reset-before stores nothing', async () => {
    tested.add('reset-before');
    await dmp.fault({ fault: 'reset-before' });
    expect(await lost(dmp.send(mtom(deposit())))).toBe('ECONNRESET');
    expect(await lots()).toBe(0);
  });

  test('store-then-reset stores: the same lot again is known', async () => {
    tested.add('store-then-reset');
    await dmp.fault({ fault: 'store-then-reset' });
    const request = deposit();
    expect(await lost(dmp.send(mtom(request)))).toBe('ECONNRESET');
    expect(await lots()).toBe(1);
    expect(refsOf(await dmp.send(query(request.uniqueId)))).toHaveLength(1);
    expect(errorsOf(await dmp.send(mtom(request)))).toEqual(['XDSDuplicateUniqueIdInRegistry lot-known']);
  });

  test('http-500 and the pages of a proxy are no SOAP', async () => {
    const plainText = await meet('http-500');
    expect([plainText.reply.status, plainText.reply.contentType, plainText.stored]).toEqual([
      500,
      'text/plain',
      0,
    ]);
    for (const status of [502, 503, 504] as const) {
      const { reply, stored } = await meet(`http-${status}-html`);
      expect([reply.status, reply.text.slice(0, 15), stored]).toEqual([status, '<!DOCTYPE html>', 0]);
    }
  });

  test('soap-fault comes by itself or as multipart', async () => {
    for (const [fault, type] of [
      ['soap-fault', 'application/soap+xml; charset=UTF-8'],
      ['soap-fault-multipart', 'multipart/related'],
    ] as const) {
      const { reply, stored } = await meet(fault);
      expect([reply.status, statusOf(reply), faultOf(reply), stored]).toEqual([
        500,
        'soap:DMPInternalError',
        'scripted',
        0,
      ]);
      expect(reply.contentType.startsWith(type)).toBe(true);
    }
  });

  test.each<[FaultName, string[]]>([
    ['registry-busy', ['XDSRepositoryBusy busy']],
    ['registry-error', ['XDSRegistryError generic']],
    ['unknown-error-code', ['DMPUnheardOfCode unheard-of']],
    [
      'several-errors',
      [
        'XDSRegistryMetadataError slot-missing',
        'XDSRepositoryMetadataError hash-differs',
        'XDSRegistryError generic',
      ],
    ],
  ])('%s refuses and stores nothing', async (fault, errors) => {
    const { reply, stored } = await meet(fault);
    expect([reply.status, statusOf(reply), errorsOf(reply), stored]).toEqual([200, 'Failure', errors, 0]);
  });

  test('registry-busy has another name on the registry', async () => {
    await dmp.fault({ fault: 'registry-busy' });
    expect(errorsOf(await dmp.send(query('1.2.3')))).toEqual(['XDSRegistryBusy busy']);
  });

  test('swapped-error-attributes', async () => {
    const { reply, stored } = await meet('swapped-error-attributes');
    expect(reply.text).toMatch(/errorCode="[^"]*hash[^"]*" codeContext="XDSRepositoryMetadataError"/);
    expect([statusOf(reply), stored]).toEqual(['Failure', 0]);
  });

  test('success-with-warning stores', async () => {
    const { reply, stored } = await meet('success-with-warning');
    expect([statusOf(reply), errorsOf(reply), stored]).toEqual([
      'Success',
      ['XDSExtraMetadataNotSaved odd-warning'],
      1,
    ]);
  });

  test('truncated-multipart stores, and the answer lacks its end', async () => {
    const { reply, stored } = await meet('truncated-multipart');
    expect([reply.status, stored]).toEqual([200, 1]);
    const boundary = /boundary="([^"]+)"/.exec(reply.contentType)![1]!;
    expect(reply.raw.toString()).toContain(`--${boundary}\r\n`);
    expect(reply.raw.toString()).not.toContain(`--${boundary}--`);
  });

  test('odd-boundary stores, and the answer is readable by its quoted boundary', async () => {
    const { reply, stored } = await meet('odd-boundary');
    expect([statusOf(reply), stored]).toEqual(['Success', 1]);
    expect(reply.contentType).toContain(`boundary="=_odd'(1)+_,-./:=? ok"`);
  });

  test('entry-uuid-drift: what was looked up is out of date when it is used', async () => {
    tested.add('entry-uuid-drift');
    const request = deposit();
    await dmp.send(mtom(request));
    await dmp.fault({ match: { transaction: 'iti-18' }, fault: 'entry-uuid-drift' });
    const [stale] = refsOf(await dmp.send(query(request.uniqueId)));
    expect(errorsOf(await dmp.send(mtom(deposit({ replaces: stale! }))))).toEqual([
      'XDSRegistryDeprecatedDocumentError target-not-approved',
    ]);
    expect(errorsOf(await dmp.send(plain(deletionEnvelope(stale!))))).toEqual([
      'XDSMetadataUpdateError update-status',
    ]);
    const [fresh] = refsOf(await dmp.send(query(request.uniqueId)));
    expect(fresh).not.toBe(stale);
    const { entries } = await dmp.get<{ entries: unknown[] }>(`/documents/${request.uniqueId}`);
    expect(entries).toMatchObject([{ entryUuid: fresh, logicalId: stale, version: 2 }]);
    expect(statusOf(await dmp.send(mtom(deposit({ replaces: fresh! }))))).toBe('Success');
  });

  test('entry-uuid-drift on the deposit itself', async () => {
    const request = deposit();
    await dmp.send(mtom(request));
    const [entryUuid] = refsOf(await dmp.send(query(request.uniqueId)));
    await dmp.fault({ match: { path: 'repository' }, fault: 'entry-uuid-drift' });
    expect(errorsOf(await dmp.send(mtom(deposit({ replaces: entryUuid! }))))).toEqual([
      'XDSRegistryDeprecatedDocumentError target-not-approved',
    ]);
  });

  test('every fault was met', () => {
    expect([...tested].sort()).toEqual(Object.keys(FAULTS).sort());
  });
});

describe('when a fault is played', () => {
  const statuses = async (count: number): Promise<number[]> => {
    const all: number[] = [];
    for (let index = 0; index < count; index += 1) all.push((await dmp.send(query('1.2.3'))).status);
    return all;
  };

  test('once unless it says otherwise', async () => {
    await dmp.fault({ fault: 'http-500' });
    expect(await statuses(3)).toEqual([500, 200, 200]);
  });

  test('n times', async () => {
    await dmp.fault({ fault: 'http-500', times: 2 });
    expect(await statuses(4)).toEqual([500, 500, 200, 200]);
  });

  test('every n-th time', async () => {
    await dmp.fault({ fault: 'http-500', every: 3 });
    expect(await statuses(7)).toEqual([200, 200, 500, 200, 200, 500, 200]);
  });

  test('every n-th time, a number of times', async () => {
    await dmp.fault({ fault: 'http-500', every: 2, times: 1 });
    expect(await statuses(5)).toEqual([200, 500, 200, 200, 200]);
  });

  test('in the order of a queue', async () => {
    await dmp.fault({ fault: 'http-500' }, { fault: 'http-503-html' });
    expect(await statuses(3)).toEqual([500, 503, 200]);
  });

  test('by path, transaction and uniqueId', async () => {
    const [request, other] = [deposit(), deposit()];
    await dmp.fault(
      { match: { path: 'repository', uniqueId: request.uniqueId }, fault: 'registry-error' },
      { match: { transaction: 'iti-57' }, fault: 'http-500' },
      { match: { uniqueId: other.lot }, fault: 'http-503-html' },
    );
    expect(statusOf(await dmp.send(query(request.uniqueId)))).toBe('Success');
    expect((await dmp.send(mtom(other))).status).toBe(503);
    expect(statusOf(await dmp.send(mtom(other)))).toBe('Success');
    expect(statusOf(await dmp.send(mtom(request)))).toBe('Failure');
    expect((await dmp.send(plain(deletionEnvelope('urn:uuid:x')))).status).toBe(500);
  });

  test('also on a request that cannot be read', async () => {
    await dmp.fault({ fault: 'http-503-html' });
    expect((await dmp.send(plain('no XML'))).status).toBe(503);
    await dmp.fault({ fault: 'store-then-reset' });
    expect(faultOf(await dmp.send(plain('no XML')))).toBe('xml-unreadable');
    await dmp.fault({ fault: 'registry-busy' });
    expect(errorsOf(await dmp.send(plain('no XML')))).toEqual(['XDSRegistryBusy busy']);
  });

  test('and none after they are removed', async () => {
    await dmp.fault({ fault: 'http-500', times: 10 });
    await dmp.call('DELETE', '/faults');
    expect(await statuses(1)).toEqual([200]);
  });

  test('one in three deposits is cut after storing: each is stored once', async () => {
    await dmp.fault({ match: { path: 'repository' }, fault: 'store-then-reset', every: 3 });
    const requests = Array.from({ length: 9 }, () => deposit());
    const outcomes = await Promise.all(requests.map((request) => lost(dmp.send(mtom(request)))));
    expect(outcomes.filter((one) => one === 'ECONNRESET')).toHaveLength(3);
    expect(await dmp.get('/counts')).toMatchObject({
      lots: 9,
      doubleDeposits: [],
      faults: { 'store-then-reset': 3 },
    });
  });
});

describe('the rules', () => {
  test('tell what became of them', async () => {
    await dmp.fault({ fault: 'http-500', every: 2 });
    await dmp.send(query('1.2.3'));
    const { items } = await dmp.get<{ items: unknown[] }>('/faults');
    expect(items).toEqual([{ fault: 'http-500', every: 2, seen: 1, fired: 0 }]);
  });

  test.each([
    { fault: 'no-such-fault' },
    { fault: 'delay', every: 0 },
    { fault: 'delay', match: { path: '/repository' } },
    { fault: 'delay', matches: {} },
    {},
  ])('%j is refused', async (rule) => {
    await dmp.call('POST', '/faults', rule, 400);
  });

  test('have a cap', async () => {
    const limit = dmpSandboxLimits.faultRules.value;
    const rules = Array.from({ length: limit }, () => ({ fault: 'delay' as const }));
    await dmp.fault(...rules);
    expect(await dmp.call('POST', '/faults', { fault: 'delay' }, 409)).toMatchObject({
      code: 'sandbox.admin-conflict',
    });
  });
});
