import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { dmpSandboxLimits } from '../../../src/sandbox/dmp/limits.ts';
import { TEST_PATIENTS } from '../../../src/sandbox/dmp/patients.ts';
import { startDmpSimulator } from '../../../src/sandbox/dmp/simulator.ts';
import { DEFAULT_SWITCHES } from '../../../src/sandbox/dmp/switches.ts';
import {
  altered,
  cda,
  type Deposit,
  deletionEnvelope,
  deposit,
  errorsOf,
  freshOid,
  mtom,
  plain,
  query,
  refsOf,
  send,
  statusOf,
} from './requests.ts';
import { call, running } from './running.ts';

const dmp = running();

async function content(adminUrl: string, uniqueId: string): Promise<Buffer> {
  const response = await fetch(`${adminUrl}/documents/${uniqueId}/content`);
  return Buffer.from(await response.arrayBuffer());
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'viaduc-dmp-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

describe('the store', () => {
  test('survives a restart: bytes, statuses and what is used up', async () => {
    const storePath = join(folder(), 'dmp.db');
    const uniqueId = freshOid();
    const document = cda({ uniqueId, text: 'é€\r\n\t' });
    const request = deposit({ uniqueId, document });
    const deleted = deposit();

    const first = await startDmpSimulator({ storePath });
    for (const one of [request, deleted]) expect(statusOf(await send(first.url, mtom(one)))).toBe('Success');
    const [entryUuid] = refsOf(await send(first.url, query(deleted.uniqueId)));
    expect(statusOf(await send(first.url, plain(deletionEnvelope(entryUuid!))))).toBe('Success');
    await first.close();

    const second = await startDmpSimulator({ storePath });
    onTestFinished(() => second.close());
    expect((await content(second.adminUrl, uniqueId)).equals(Buffer.from(document))).toBe(true);
    expect(refsOf(await send(second.url, query(uniqueId)))).toHaveLength(1);
    expect(refsOf(await send(second.url, query(deleted.uniqueId)))).toEqual([]);
    expect(errorsOf(await send(second.url, mtom(request)))).toEqual([
      'XDSDuplicateUniqueIdInRegistry lot-known',
    ]);
    expect(await call(second.adminUrl, 'GET', '/counts')).toMatchObject({
      lots: 2,
      deletions: 1,
      documents: 2,
    });
  });

  test('keeps every byte of a document, whatever they are', async () => {
    const bytes = Buffer.concat([
      Buffer.alloc(128),
      Buffer.from('DICM'),
      Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
    ]);
    const request = kos(bytes);
    expect(statusOf(await dmp.send(mtom(request)))).toBe('Success');
    expect((await content(dmp.adminUrl, request.uniqueId)).equals(bytes)).toBe(true);
  });

  /** A deposit of a DICOM object, its hash and size left to the repository. */
  function kos(bytes: Buffer): Deposit {
    const changes: [string | RegExp, string][] = [
      ['mimeType="text/xml"', 'mimeType="application/dicom"'],
      [
        'nodeRepresentation="urn:ihe:iti:xds-sd:pdf:2008"',
        'nodeRepresentation="1.2.840.10008.5.1.4.1.1.88.59"',
      ],
      ['1.3.6.1.4.1.19376.1.2.3', '1.2.840.10008.2.6.1'],
      ['nodeRepresentation="11488-4"', 'nodeRepresentation="IMG-KOS"'],
      ['2.16.840.1.113883.6.1<', '1.2.250.1.213.1.1.4.12<'],
      ['nodeRepresentation="10"', 'nodeRepresentation="31"'],
      [/<rim:Slot name="(hash|size)">.*\n<rim:Slot name="size">.*\n/, ''],
    ];
    const request = changes.reduce<Deposit>((one, [from, to]) => altered(one, from, to), deposit());
    return { ...request, files: [{ id: 'Doc01', bytes }] };
  }
});

describe('readings', () => {
  test('documents come in pages', async () => {
    const requests = [deposit(), deposit(), deposit()];
    for (const request of requests) await dmp.send(mtom(request));
    interface Page {
      items: { uniqueId: string }[];
      next: number | null;
    }
    const first = await dmp.get<Page>('/documents?limit=2');
    const second = await dmp.get<Page>(`/documents?limit=2&after=${first.next}`);
    expect([...first.items, ...second.items].map((one) => one.uniqueId)).toEqual(
      requests.map((one) => one.uniqueId),
    );
    expect(second.next).toBe(null);
    await dmp.call('GET', `/documents?limit=${dmpSandboxLimits.listed.value + 1}`, undefined, 400);
  });

  test('an unknown document is not found', async () => {
    expect(await dmp.call('GET', '/documents/1.2.3', undefined, 404)).toMatchObject({
      code: 'sandbox.document-unknown',
    });
    await dmp.call('GET', '/documents/1.2.3/content', undefined, 404);
  });

  test('the last request of each transaction, with its header', async () => {
    const request = deposit();
    await dmp.send(mtom(request));
    await dmp.send(query('1.2.3'));
    const last =
      await dmp.get<Record<string, { messageId: string; header: string; uniqueIds: string[] }>>(
        '/requests/last',
      );
    expect(Object.keys(last).sort()).toEqual(['iti-18', 'iti-41']);
    expect(last['iti-41']!.uniqueIds).toEqual([request.lot, request.uniqueId]);
    expect(last['iti-41']!.header).toMatch(/^<s:Header>.*<\/s:Header>$/s);
    expect(last['iti-41']!.header).toContain(last['iti-41']!.messageId);
    expect(last['iti-18']!.uniqueIds).toEqual(['1.2.3']);
  });

  test('refusals, newest first, in both languages', async () => {
    await dmp.send(plain('hello'));
    await dmp.send(mtom(altered(deposit(), '>fr-FR<', '>fr<')));
    const { items } = await dmp.get<{ items: unknown[] }>('/refusals');
    expect(items).toMatchObject([
      {
        transaction: 'iti-41',
        problems: [
          { code: 'sandbox.value-format', message: { fr: expect.any(String), en: expect.any(String) } },
        ],
      },
      { transaction: null, problems: [], fault: { code: 'sandbox.xml-unreadable' } },
    ]);
  });

  test('only the last refusals are kept', async () => {
    const limit = dmpSandboxLimits.refusalsKept.value;
    for (let index = 0; index <= limit; index += 1) await dmp.send(plain('hello'));
    const { items } = await dmp.get<{ items: unknown[] }>('/refusals');
    expect(items).toHaveLength(limit);
    expect(await dmp.get('/counts')).toMatchObject({ requests: limit + 1, refused: limit + 1 });
  });
});

describe('settings', () => {
  test('switches change by name, and a reset brings back what the simulator was started with', async () => {
    expect(await dmp.get('/switches')).toEqual(DEFAULT_SWITCHES);
    const errorCodes = { lotKnown: 'XDSRegistryMetadataError' };
    expect(await dmp.switches({ signature: 'required', errorCodes })).toEqual({
      ...DEFAULT_SWITCHES,
      signature: 'required',
      errorCodes: { ...DEFAULT_SWITCHES.errorCodes, ...errorCodes },
    });
    await dmp.call('POST', '/reset');
    expect(await dmp.get('/switches')).toEqual(DEFAULT_SWITCHES);
  });

  test.each([
    { signature: 'maybe' },
    { signatures: 'required' },
    { errorCodes: { other: 'x' } },
    { maxDocumentBytes: 0 },
  ])('the switch %j is refused', async (changes) => {
    await dmp.call('PUT', '/switches', changes, 400);
    expect(await dmp.get('/switches')).toEqual(DEFAULT_SWITCHES);
  });

  test('patients are listed, added and put back', async () => {
    const patient = {
      matricule: '285017505609797',
      root: '1.2.250.1.213.1.4.10',
      label: 'x',
      dmp: { state: 'open' },
    };
    const { items } = await dmp.call<{ items: unknown[] }>('PUT', '/patients', [patient]);
    expect(items).toEqual([...TEST_PATIENTS, patient]);
    await dmp.call('PUT', '/patients', [{ ...patient, matricule: '12' }], 400);
    await dmp.call('POST', '/reset');
    expect(await dmp.get('/patients')).toEqual({ items: TEST_PATIENTS });
  });

  test('a reset forgets what was stored and counted', async () => {
    await dmp.send(mtom(deposit()));
    const empty = {
      lots: 0,
      deletions: 0,
      documents: 0,
      signatures: 0,
      doubleDeposits: [],
      requests: 0,
      refused: 0,
      faults: {},
    };
    expect(await dmp.call('POST', '/reset')).toEqual(empty);
    expect(await dmp.get('/counts')).toEqual(empty);
  });

  test('a request has a cap', async () => {
    const limit = dmpSandboxLimits.adminBodyBytes.value;
    const padded = (size: number) => '[]'.padEnd(size);
    const put = (body: string) =>
      fetch(`${dmp.adminUrl}/patients`, {
        method: 'PUT',
        body,
        headers: { 'content-type': 'application/json' },
      });
    expect((await put(padded(limit))).status).toBe(200);
    expect((await put(padded(limit + 1))).status).toBe(413);
  });
});

describe('the test patients', () => {
  test.each(TEST_PATIENTS)('$matricule has its key, or says that it has not', ({ matricule, label }) => {
    const body = matricule.slice(0, 13).replace('2A', '19').replace('2B', '18');
    const right = Number(matricule.slice(13)) === 97 - (Number(body) % 97);
    expect(right).toBe(!label.includes('key is wrong'));
  });

  test('hold each state of a DMP', () => {
    expect(new Set(TEST_PATIENTS.map((one) => one.dmp.state))).toEqual(new Set(['open', 'closed', 'absent']));
  });
});
