import { rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askErasure, confirmErasure } from '../../../src/console/person/erase.ts';
import { reportPerson } from '../../../src/console/person/report.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { systemClock } from '../../../src/words/clock.ts';
import type { Establishment } from '../../../src/words/establishment.ts';
import { Listener } from '../../delivery/notices/listener.ts';
import { openTestLedger, scratch } from '../../ledger/making.ts';
import { sample } from '../../xds/xdm/archives.ts';
import { archive, arrive, DeskStage, mailOf } from './stage.ts';

const letter = sample('discharge-letter.xml');
const ONE = { id: 'one', name: 'Hôpital', ippRoot: null } as Establishment;
const SUBJECT = { ins: '236066322083656' };

let folder: string;
let ledger: Ledger;
let listener: Listener;

beforeEach(async () => {
  folder = scratch();
  ledger = await openTestLedger(folder, { nowMs: Date.now() });
  listener = new Listener();
});
afterEach(async () => {
  await listener.close();
  await ledger.close();
  rmSync(folder, { recursive: true });
});

test('a document that came by mail is reported with its person and erased with them: document, mail and answer', async () => {
  const tools = { ledger, clock: systemClock };
  const view = ledger.of('one');
  const mail = await arrive(ledger, mailOf(await archive([letter])));
  const stage = new DeskStage(ledger, await listener.listen());
  await stage.desk.sort();
  const asked = { by: 'Anne', token: 'a', reason: 'R-1' };
  await expect(askErasure(tools, ONE, SUBJECT, asked)).rejects.toMatchObject({
    code: 'console.person-not-ended',
  });
  stage.desk.poke();
  for (let look = 0; (await view.integrations.answer(mail))?.state !== 'sent'; look += 1) {
    if (look > 400) throw new Error('not answered');
    await wait(10);
  }
  await stage.desk.stop();
  const { received } = await reportPerson(tools, ONE, SUBJECT, { by: 'Anne', reason: 'R-1' });
  expect(received).toMatchObject([
    { uniqueId: letter.facts.id.root, state: 'acknowledged', kept: { kept: true } },
  ]);
  const [row] = await view.integrations.ofMail(mail);
  const raw = (await view.integrations.answer(mail))!.content!.raw;
  const bodies = [row!.content.document.body.id, (await view.mails.mail(mail))!.body.id, raw.id];
  for (const body of bodies) expect((await view.body(body)).length).toBeGreaterThan(0);
  const { confirm } = await askErasure(tools, ONE, SUBJECT, asked);
  await confirmErasure(tools, ONE, SUBJECT, { by: 'Benoît', token: 'b', confirm });
  for (const body of bodies)
    await expect(view.body(body)).rejects.toMatchObject({ code: 'ledger.body-erased' });
});
