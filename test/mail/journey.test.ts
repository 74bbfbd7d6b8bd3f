import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshLetter, type RunningGateway } from '../gateway/running.ts';
import { withoutMailServers } from './programs.ts';
import { startMailGateway } from './running.ts';
import { BOX, MailWorld } from './world.ts';

describe.skipIf(withoutMailServers)(`a document by mail${withoutMailServers}`, () => {
  let world: MailWorld;
  let run: RunningGateway;

  beforeAll(async () => {
    world = await MailWorld.start();
    run = await startMailGateway(world);
  }, 60_000);

  afterAll(async () => {
    await run?.close();
    await world?.[Symbol.asyncDispose]();
  });

  /** Hands a document over for these recipients, and waits until its mails have left. */
  async function mail(document: Buffer, request: Record<string, unknown>) {
    const form = new FormData();
    form.set('request', JSON.stringify({ operation: 'deposit', ...request }));
    form.set('document', new Blob([new Uint8Array(document)], { type: 'application/xml' }), 'letter.xml');
    return run.call('/api/submissions', { method: 'POST', body: form });
  }

  const to = (...addresses: string[]) => ({
    destinations: {
      dmp: false,
      mssante: addresses.map((address) => ({ address, class: 'professional', id: null })),
      patient: false,
      patientMayAnswer: false,
    },
  });

  test('reaches a professional with archive and PDF', async () => {
    const { document, uniqueId } = freshLetter();
    const answer = await mail(document, to(BOX.practitioner));
    expect(answer.body).toMatchObject({
      deliveries: [{ destination: { kind: 'mssante', class: 'professional' } }],
    });
    const raw = await world.arrival(BOX.practitioner, (one) => one.includes('IHE_XDM.zip'));
    expect(raw).toContain('X-MSS-CODECDA:');
    expect(uniqueId).toMatch(/^2\.25\./);
  });

  test('is delivered by the receipt that comes back into the mailbox', async () => {
    const { document } = freshLetter();
    const { body } = await mail(document, to(BOX.practitioner));
    expect(await ended(body.id)).toMatchObject([{ state: 'final', outcome: 'delivered' }]);
  });

  test('to two recipients of which one has no room is delivered to one and refused by the other', async () => {
    const { document } = freshLetter();
    const { body } = await mail(document, to(BOX.practitioner, BOX.full));
    const outcomes = (await ended(body.id)).map(({ outcome, code }) => `${outcome} ${code}`);
    expect(outcomes.toSorted()).toEqual(['delivered mssante.relayed', 'refused 552']);
  });

  /** The deliveries of a submission once all are final. */
  async function ended(id: string): Promise<{ state: string; outcome: string; code: string }[]> {
    for (;;) {
      const { body } = await run.call(`/api/submissions/${id}`);
      if (body.state === 'final') return body.deliveries;
      await run.gateway.ledger.witnessFailures();
    }
  }
});
