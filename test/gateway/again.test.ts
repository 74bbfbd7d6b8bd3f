import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { freshLetter, type RunningGateway, sample, startTestGateway } from './running.ts';

let run: RunningGateway;

beforeAll(async () => {
  run = await startTestGateway();
});
afterAll(() => run.close());
beforeEach(() => run.dmp.clear());

const outcomeOf = (answer: { body: { deliveries: { outcome: string; code: string }[] } }) =>
  answer.body.deliveries.map(({ outcome }) => outcome);

/** A letter that says it replaces another. */
function replacing(target: string): { document: Buffer; uniqueId: string } {
  const { document, uniqueId } = freshLetter();
  const link = `<relatedDocument typeCode="RPLC"><parentDocument><id root="${target}"/></parentDocument></relatedDocument><componentOf>`;
  return { document: Buffer.from(document.toString('utf8').replace('<componentOf>', link)), uniqueId };
}

describe('the same request key', () => {
  test('with the same bytes gives the stored answer, and nothing is done again', async () => {
    const { document } = freshLetter();
    const first = await run.submit(document, 'to=dmp', { 'idempotency-key': 'a-1' });
    const before = await run.dmp.counts();
    const second = await run.submit(document, 'to=dmp', { 'idempotency-key': 'a-1' });
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.body.id).toBe(first.body.id);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect((await run.dmp.counts()).requests).toBe(before.requests);
  });

  test('with other bytes is a conflict that shows both digests', async () => {
    await run.submit(freshLetter().document, 'to=dmp', { 'idempotency-key': 'a-2' });
    const second = await run.submit(freshLetter().document, 'to=dmp', { 'idempotency-key': 'a-2' });
    expect(second).toMatchObject({ status: 409, body: { code: 'request.key-conflict' } });
    expect(second.body.detail).toMatch(/[0-9a-f]{64}.*[0-9a-f]{64}/);
  });

  test('of a refused request gives the stored refusal with its findings', async () => {
    const first = await run.submit(sample('no-ins.xml'), 'to=dmp', { 'idempotency-key': 'a-3' });
    const second = await run.submit(sample('no-ins.xml'), 'to=dmp', { 'idempotency-key': 'a-3' });
    expect([first.status, second.status]).toEqual([422, 422]);
    expect(second.body).toEqual(first.body);
  });

  test('sent many times at once makes one submission', async () => {
    const { document } = freshLetter();
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => run.submit(document, 'to=dmp', { 'idempotency-key': 'a-4' })),
    );
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  });
});

describe('the same document under a new request', () => {
  test('that was delivered is answered at once from its receipt, and leaves once', async () => {
    const { document, uniqueId } = freshLetter();
    const first = await run.submit(document);
    const before = await run.dmp.counts();
    const second = await run.submit(document);
    expect(second.body.id).not.toBe(first.body.id);
    expect(second.body.deliveries).toMatchObject([
      { id: first.body.deliveries[0].id, state: 'final', outcome: 'delivered' },
    ]);
    expect((await run.dmp.counts()).requests).toBe(before.requests);
    expect((await run.call(`/api/submissions?uniqueId=${uniqueId}`)).body.items).toHaveLength(2);
  });

  test('sent many times at once leaves once', async () => {
    const { document } = freshLetter();
    const answers = await Promise.all(Array.from({ length: 12 }, () => run.submit(document)));
    expect(new Set(answers.map(({ body }) => body.deliveries[0].id)).size).toBe(1);
    expect(answers.map(outcomeOf)).toEqual(Array(12).fill(['delivered']));
    expect((await run.dmp.counts()).doubleDeposits).toEqual([]);
  });

  test('that was refused by the destination is tried again', async () => {
    const first = await run.submit(sample('dmp-absent.xml'));
    const second = await run.submit(sample('dmp-absent.xml'));
    expect([outcomeOf(first), outcomeOf(second)]).toEqual([['refused'], ['refused']]);
    expect(second.body.deliveries[0].id).not.toBe(first.body.deliveries[0].id);
  });

  test('that is parked is opened again', async () => {
    await run.dmp.fault({ match: { path: 'repository' }, fault: 'unknown-error-code', times: 1 });
    const { document } = freshLetter();
    const first = await run.submit(document);
    expect(first.body.deliveries).toMatchObject([{ state: 'parked' }]);
    const second = await run.submit(document);
    expect(second.body.deliveries).toMatchObject([
      { id: first.body.deliveries[0].id, state: 'final', outcome: 'delivered' },
    ]);
  });

  test('with other masking flags is refused, and the remedy is a replacement', async () => {
    const { document } = freshLetter();
    await run.submit(document);
    const second = await run.submit(document, 'to=dmp&maskedToProfessionals=true');
    expect(second).toMatchObject({ status: 409, body: { code: 'routing.flags-differ' } });
    expect(second.body.findings[0].remedy).toMatch(/remplacement/);
  });

  test('with other bytes is a conflict, as the first was accepted', async () => {
    const { document } = freshLetter();
    await run.submit(document);
    const second = await run.submit(Buffer.from(document.toString('utf8').replace('<title>', '<title>Bis ')));
    expect(second).toMatchObject({ status: 409, body: { code: 'routing.id-conflict' } });
  });

  test('after a refusal at the door is free to use its identifier', async () => {
    const { document } = freshLetter();
    const broken = Buffer.from(document.toString('utf8').replace('</ClinicalDocument>', ''));
    expect((await run.submit(broken)).status).toBe(422);
    expect(outcomeOf(await run.submit(document))).toEqual(['delivered']);
  });

  test('asked for as another operation is refused', async () => {
    const { document } = replacing('2.25.4711');
    await run.submit(document);
    expect((await run.submit(document, 'to=dmp&operation=replace')).body.code).toBe(
      'routing.operation-differs',
    );
  });
});

describe('an unchanged document', () => {
  test('of the same series and sender is a warning', async () => {
    const first = sample('discharge-letter.xml').toString('utf8');
    await run.submit(Buffer.from(first));
    const second = await run.submit(
      Buffer.from(first.replace('2.25.312286552019245410887389243091013085023', '2.25.8001')),
    );
    expect(second.body.documents[0].verdict.findings.map(({ code }: { code: string }) => code)).toContain(
      'routing.unchanged',
    );
  });
});

describe('versions', () => {
  test('a replacement takes the place of what was delivered', async () => {
    const first = freshLetter();
    await run.submit(first.document);
    const second = replacing(first.uniqueId);
    expect(outcomeOf(await run.submit(second.document, 'to=dmp&operation=replace'))).toEqual(['delivered']);
    const held = (await fetch(`${run.gateway.endpoints.dmpAdmin}/documents/${first.uniqueId}`).then(
      (answer) => answer.json(),
    )) as { entries: { status: string }[] };
    expect(held.entries[0]!.status).toMatch(/Deprecated/);
    const outdated = await run.submit(replacing(first.uniqueId).document, 'to=dmp&operation=replace');
    expect(outdated).toMatchObject({ status: 409, body: { code: 'routing.newer-version-known' } });
  });

  test('a replacement of what the DMP never had is deposited as new', async () => {
    expect(
      outcomeOf(await run.submit(replacing('2.25.424242').document, 'to=dmp&operation=replace')),
    ).toEqual(['delivered']);
  });

  test('a replacement without a link is refused, naming what is missing', async () => {
    expect((await run.submit(freshLetter().document, 'to=dmp&operation=replace')).body.code).toBe(
      'routing.target-missing',
    );
  });

  test('a replacement link in a deposit is a warning, and the document is deposited', async () => {
    const answer = await run.submit(replacing('2.25.1234').document);
    expect(outcomeOf(answer)).toEqual(['delivered']);
    expect(answer.body.documents[0].verdict.findings).toMatchObject([
      { code: 'routing.replacement-link-in-deposit', severity: 'warning' },
    ]);
  });

  test('a deletion takes the document away, and deleting again changes nothing', async () => {
    const { document, uniqueId } = freshLetter();
    await run.submit(document);
    const first = await run.submit(document, 'to=dmp&operation=delete');
    expect(outcomeOf(first)).toEqual(['delivered']);
    const held = (await fetch(`${run.gateway.endpoints.dmpAdmin}/documents/${uniqueId}`).then((answer) =>
      answer.json(),
    )) as { entries: { status: string }[] };
    expect(held.entries[0]!.status).toMatch(/Deleted/);
    expect((await run.submit(document, 'to=dmp&operation=delete')).body.deliveries[0].id).toBe(
      first.body.deliveries[0].id,
    );
  });

  test('a deletion of what neither the gateway nor the DMP ever had is refused: another document is meant', async () => {
    const answer = await run.submit(freshLetter().document, 'to=dmp&operation=delete');
    expect(answer.body.deliveries).toMatchObject([{ outcome: 'refused', code: 'delivery.target-unknown' }]);
  });

  test('a lost answer makes neither a second replacement nor a second deletion', async () => {
    const first = freshLetter();
    await run.submit(first.document);
    const second = replacing(first.uniqueId);
    await run.dmp.fault({ match: { path: 'repository' }, fault: 'store-then-reset', times: 1 });
    expect(outcomeOf(await run.submit(second.document, 'to=dmp&operation=replace'))).toEqual(['delivered']);
    await run.dmp.fault({ match: { path: 'registry' }, fault: 'store-then-reset', times: 1 });
    expect(outcomeOf(await run.submit(second.document, 'to=dmp&operation=delete'))).toEqual(['delivered']);
    expect((await run.dmp.counts()).doubleDeposits).toEqual([]);
  });
});
