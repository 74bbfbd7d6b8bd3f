import { mkdtempSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dmpLimits } from '../../src/delivery/dmp/limits.ts';
import { readConfig } from '../../src/gateway/config.ts';
import type { LedgerEvent } from '../../src/words/events.ts';
import {
  answerSoap,
  type DmpStub,
  envelope,
  fault,
  registryResponse,
  type Seen,
  startStub,
} from '../delivery/dmp/server.ts';
import { freshLetter, type RunningGateway, startTestGateway } from './running.ts';

/** Answers as no simulator of ours gives them, played to a running gateway by a server of the test's own. */
type Play = (response: ServerResponse) => void;

const FOUND = `<q:AdhocQueryResponse xmlns:q="urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0" xmlns:m="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0" status="urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"><m:RegistryObjectList><m:ObjectRef id="urn:uuid:7b9ab05c-3d8f-4f0e-9ac1-64d1c0f0a001"/></m:RegistryObjectList></q:AdhocQueryResponse>`;
const TIMEOUT_MS = 1_500;

let run: RunningGateway;
let stub: DmpStub;
/** What the repository plays next. */
let play: Play;

beforeAll(async () => {
  stub = await startStub(({ path }, response) => {
    if (path.includes('registry')) answerSoap(response, envelope(FOUND));
    else play(response);
  });
  const quick = { text: 'quick', waitsMs: [40, 40, 40], endless: false };
  const policy = { retry: quick, outage: { ...quick, endless: true }, doubt: quick };
  const folder = mkdtempSync(join(tmpdir(), 'viaduc-answers-'));
  const { dmp } = readConfig({ VIADUC_DATA: 'data', VIADUC_DMP_URL: stub.url }, folder);
  run = await startTestGateway({
    variables: { VIADUC_DMP_URL: stub.url },
    config: { dmp: { ...dmp, timeoutMs: TIMEOUT_MS, policy } },
  });
});
afterAll(async () => {
  await run.close();
  await stub[Symbol.asyncDispose]();
});

const soap =
  (body: string, multipart = true): Play =>
  (response) =>
    answerSoap(response, envelope(body), { multipart });

const raw =
  (contentType: string, body: string): Play =>
  (response) =>
    void response.writeHead(200, { 'content-type': contentType }).end(body);

const cutShort: Play = (response) =>
  void response
    .writeHead(200, { 'content-type': 'multipart/related; type="application/xop+xml"; boundary="b"' })
    .end('--b\r\nContent-Type: application/xop+xml\r\n\r\n<s:Envelope');

const gigantic: Play = (response) => {
  response.writeHead(200, { 'content-type': 'application/soap+xml' });
  const chunk = Buffer.alloc(256 * 1024, 'x');
  const more = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', more);
  more();
};

const dripping: Play = (response) => {
  response.writeHead(200, { 'content-type': 'application/soap+xml' });
  const timer = setInterval(() => response.write(' '), 100);
  response.on('close', () => clearInterval(timer));
};

/** Deposits a letter, and gives what became of its delivery with the events about it. */
async function deposit(answer: Play) {
  play = answer;
  const before = stub.seen.length;
  const { body } = await run.submit(freshLetter().document);
  const [delivery] = body.deliveries;
  const events = await run.gateway.ledger.of('demo').timeline([`delivery:${delivery.id}`]);
  return { submission: body.id, delivery, events, seen: stub.seen.slice(before) };
}

const depositsIn = (seen: readonly Seen[]) => seen.filter(({ path }) => path.includes('repository')).length;

/** The bytes that an event keeps of an answer. */
async function keptOf(event: LedgerEvent | undefined): Promise<string> {
  const receipt = event && 'receipt' in event.data ? event.data.receipt : null;
  return receipt ? (await run.gateway.ledger.of('demo').body(receipt.id)).toString('utf8') : '';
}

describe('an answer that does not say whether the document was taken', () => {
  test.each<[string, Play, string, string]>([
    ['is no multipart', raw('text/html', '<html>welcome</html>'), 'delivery.dmp-unreadable', 'welcome'],
    ['is cut short inside its multipart', cutShort, 'delivery.dmp-unreadable', '<s:Envelope'],
    ['is gigantic', gigantic, 'delivery.dmp-answer-too-large', 'xxx'],
    ['drips without end', dripping, 'delivery.dmp-no-answer', ' '],
    [
      'is Success with an error',
      soap(registryResponse('Success', [{ code: 'XDSRegistryError' }])),
      'delivery.dmp-contradiction',
      'XDSRegistryError',
    ],
    [
      'is PartialSuccess',
      soap(registryResponse('urn:ihe:iti:2007:ResponseStatusType:PartialSuccess')),
      'delivery.dmp-contradiction',
      'PartialSuccess',
    ],
  ])(
    'because it %s is kept; the DMP is asked, and nothing is sent twice',
    async (_, answer, code, kept) => {
      const { delivery, events, seen } = await deposit(answer);
      const doubt = events.find(({ type }) => type === 'delivery.in-doubt');
      expect(doubt?.data).toMatchObject({ code, class: 'ambiguous' });
      expect(await keptOf(doubt)).toContain(kept);
      expect((await keptOf(doubt)).length).toBeLessThanOrEqual(dmpLimits.answer.value);
      expect(delivery).toMatchObject({ outcome: 'delivered', code: 'delivery.found-at-destination' });
      expect(depositsIn(seen)).toBe(1);
    },
    30_000,
  );
});

describe('an answer that nobody knows', () => {
  test.each<[string, Play, string]>([
    ['an error code', soap(registryResponse('Failure', [{ code: 'DMPNeverHeardOf' }])), 'DMPNeverHeardOf'],
    ['a failure without a reason', soap(registryResponse('Failure')), 'delivery.dmp-no-reason'],
  ])('%s parks the document for a person, with the raw answer', async (_, answer, code) => {
    const { submission, delivery, events, seen } = await deposit(answer);
    expect(delivery).toMatchObject({ state: 'parked', code });
    const parked = events.findLast(({ type }) => type === 'delivery.parked');
    expect(await keptOf(parked)).toMatch(/Envelope[\s\S]*(DMPNeverHeardOf|Failure)/);
    const shown = await run.call(`/api/submissions/${submission}`);
    const { receipt } = shown.body.deliveries[0].attempts.at(-1);
    const path = `/api/deliveries/${delivery.id}/receipts/${receipt}`;
    expect((await run.call(path)).body.code).toBe('console.reading-unexplained');
    const headers = { authorization: `Bearer ${run.token}`, 'viaduc-reason': 'ticket 12' };
    const read = await (await fetch(`${run.http}${path}`, { headers })).text();
    expect(read).toMatch(/Envelope[\s\S]*(DMPNeverHeardOf|Failure)/);
    expect((await run.call(`/api/deliveries/${delivery.id}/receipts/${delivery.id}`)).status).toBe(404);
    const [recorded] = (await run.gateway.ledger.of('demo').timeline([`submission:${submission}`])).slice(-1);
    expect(recorded).toMatchObject({ type: 'receipt.read', data: { reason: 'ticket 12', answer: receipt } });
    expect(depositsIn(seen)).toBe(1);
  });
});

test('Success with warnings is a success, and the answer is its receipt', async () => {
  const warning = { code: 'XDSExtraMetadataNotSaved', severity: 'Warning' as const };
  const { delivery, events } = await deposit(soap(registryResponse('Success', [warning]), false));
  expect(delivery).toMatchObject({ state: 'final', outcome: 'delivered', code: 'delivered' });
  expect(await keptOf(events.at(-1))).toContain('XDSExtraMetadataNotSaved');
});

test('a fault that blames the request parks what is configured, not the document, and is kept', async () => {
  play = soap(fault('Sender', 'DMPInvalidSomething', 'non'));
  const { body } = await run.submit(freshLetter().document, 'to=dmp', { prefer: 'wait=0' });
  const [{ id }] = body.deliveries;
  const view = run.gateway.ledger.of('demo');
  const deferred = async () =>
    (await view.timeline([`delivery:${id}`])).find(({ type }) => type === 'delivery.deferred');
  await expect.poll(deferred, { timeout: 10_000 }).toBeDefined();
  const event = await deferred();
  expect(event!.data).toMatchObject({ code: 'DMPInvalidSomething', class: 'configuration', charged: false });
  expect(await keptOf(event)).toContain('DMPInvalidSomething');
  await expect.poll(async () => (await view.destinations()).length, { timeout: 20_000 }).toBe(1);
  expect(await view.delivery(id)).toMatchObject({ state: 'due' });
}, 40_000);
