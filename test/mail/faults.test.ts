import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { MailFault } from '../../src/sandbox/mssante/faults.ts';
import type { TakenMail } from '../../src/sandbox/mssante/journal.ts';
import { freshLetter, type RunningGateway, startTestGateway } from '../gateway/running.ts';
import { mssanteAt, type Operator, startOperator } from './operator.ts';

const RECIPIENT = 'secretariat@ch.bac-a-sable.mssante.fr';
const ENDS_WITHIN_MS = 20_000;

/** A delivery as the API shows it. */
interface Delivery {
  state: string;
  outcome: string | null;
  code: string | null;
  attemptCount: number;
  accepted: object | null;
  receipts: { kind: string; action: string; failed: boolean }[];
}

describe('what breaks off or comes wrong between gateway and operator', () => {
  let folder: string;
  let operator: Operator;
  let run: RunningGateway;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'viaduc-mail-faults-'));
    operator = await startOperator();
    const schedules = { retry: '1s, …', outage: '1s, …' };
    const mssante = mssanteAt(operator, folder, { doubtMinutes: 0.05, failuresToOpen: 100, schedules });
    run = await startTestGateway({ yaml: stringify({ mssante }) });
  }, 60_000);

  afterAll(async () => {
    await run?.close();
    await operator?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  beforeEach(() => control('faults', 'DELETE'));

  async function control(path: string, method = 'GET', body?: object) {
    const options = { method, headers: { 'content-type': 'application/json' } };
    const answer = await fetch(`${operator.control}/mssante/${path}`, {
      ...(body ? options : { method }),
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  /** Hands a letter over while a fault is scripted. @returns its delivery as of when it is asked for, and how often the operator took it */
  async function sent(fault: MailFault, { document } = freshLetter()) {
    const before = (await mails()).length;
    await control('faults', 'POST', fault);
    const mssante = [{ address: RECIPIENT, class: 'organization', id: null }];
    const destinations = { dmp: false, mssante, patient: false, patientMayAnswer: false };
    const form = new FormData();
    form.set('request', JSON.stringify({ operation: 'deposit', destinations }));
    form.set('document', new Blob([new Uint8Array(document)], { type: 'application/xml' }));
    const { status, body } = await run.call('/api/submissions', { method: 'POST', body: form });
    expect(status).toBe(202);
    const delivery = async (): Promise<Delivery> =>
      (await run.call(`/api/submissions/${body.id}`)).body.deliveries[0];
    const once = (is: (one: Delivery) => boolean) => awaited(delivery, is);
    return { once, taken: async () => (await mails()).length - before };
  }

  async function mails(): Promise<TakenMail[]> {
    return ((await control('mails')) as { items: TakenMail[] }).items;
  }

  test('a connection cut after the dot, the mail taken: its receipt settles it, nothing leaves again', async () => {
    const { once, taken } = await sent({ fault: 'cut-after-dot' });
    const delivery = await once(isFinal);
    expect(delivery).toMatchObject({ outcome: 'delivered', code: 'mssante.delivered', attemptCount: 1 });
    expect([delivery.accepted, await taken()]).toEqual([null, 1]);
  });

  test('a connection cut after the dot, the mail lost: the one case that SMTP cannot decide waits for a person', async () => {
    const { once, taken } = await sent({ fault: 'cut-after-dot-lost' });
    expect(await once(({ state }) => state === 'ambiguous')).toMatchObject({ code: 'mssante.in-doubt' });
    const parked = await once(({ state }) => state === 'parked');
    expect(parked).toMatchObject({ code: 'mssante.in-doubt', attemptCount: 1, receipts: [] });
    expect(await taken()).toBe(0);
  });

  test('a connection cut before the dot: nothing was taken, and it leaves again by itself', async () => {
    // Larger than what lies in buffers on the way: of a small one the dot may have left, and nobody can tell.
    const { once, taken } = await sent({ fault: 'cut-before-dot' }, largeLetter());
    expect(await once(isFinal)).toMatchObject({ outcome: 'delivered', attemptCount: 2 });
    expect(await taken()).toBe(1);
  });

  test('an operator that takes nothing for now (451): tried again, taken once', async () => {
    const { once, taken } = await sent({ fault: 'reply', step: 'end' });
    expect(await once(isFinal)).toMatchObject({ outcome: 'delivered', attemptCount: 2 });
    expect(await taken()).toBe(1);
  });

  test('a mailbox cut in the middle of a receipt: it is read whole when the connection is back, once', async () => {
    const { once } = await sent({ fault: 'imap-cut' });
    const { outcome, receipts } = await once(isFinal);
    expect([outcome, receipts.map(({ action }) => action)]).toEqual(['delivered', ['delivered']]);
    expect(((await control('faults')) as { items: { fired: number }[] }).items).toMatchObject([{ fired: 1 }]);
  });

  test('a receipt that comes twice ends the delivery once', async () => {
    const { once, taken } = await sent({ fault: 'dsn-twice' });
    const delivery = await once(({ receipts }) => receipts.length === 2);
    expect(delivery).toMatchObject({ state: 'final', outcome: 'delivered', attemptCount: 1 });
    expect(await taken()).toBe(1);
  });

  test('a receipt that comes late: accepted until then, never counted as delivered before', async () => {
    const { once } = await sent({ fault: 'dsn-late', delayMs: 1500 });
    const waiting = await once(({ accepted }) => accepted !== null);
    expect(waiting).toMatchObject({ state: 'ambiguous', outcome: null, receipts: [] });
    expect(await once(isFinal)).toMatchObject({ outcome: 'delivered' });
  });

  test('relayed and then failed: what ended stays ended, and the failure stands beside it', async () => {
    const { once } = await sent({ fault: 'dsn-failed-after-relayed', delayMs: 300 });
    const delivery = await once(({ receipts }) => receipts.length === 2);
    expect(delivery).toMatchObject({ state: 'final', outcome: 'delivered', code: 'mssante.relayed' });
    expect(delivery.receipts.map(({ action, failed }) => [action, failed])).toEqual([
      ['relayed', false],
      ['failed', true],
    ]);
  });

  test('delayed and then delivered: the first says nothing, the second ends it', async () => {
    const { once } = await sent({ fault: 'dsn-delayed', delayMs: 800 });
    expect(await once(({ receipts }) => receipts.length === 1)).toMatchObject({ state: 'ambiguous' });
    expect(await once(isFinal)).toMatchObject({ outcome: 'delivered' });
  });

  test('a bounce in no known form is put before a person', async () => {
    const { once, taken } = await sent({ fault: 'bounce-text' });
    expect(await once(({ state }) => state === 'parked')).toMatchObject({ code: 'mssante.bounce' });
    expect(await taken()).toBe(1);
  });
});

/** With a comment of random letters, which no archive makes smaller. */
function largeLetter() {
  const comment = `<!--${randomBytes(8_000_000).toString('hex')}-->`;
  return freshLetter({ '</ClinicalDocument>': `${comment}</ClinicalDocument>` });
}

const isFinal = ({ state }: Delivery) => state === 'final';

/** Asks until it is so. */
async function awaited(ask: () => Promise<Delivery>, is: (one: Delivery) => boolean): Promise<Delivery> {
  const deadline = Date.now() + ENDS_WITHIN_MS;
  for (;;) {
    const now = await ask();
    if (is(now)) return now;
    if (Date.now() > deadline) throw new Error(`it came to ${JSON.stringify(now)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
