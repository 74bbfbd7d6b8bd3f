import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Listener } from '../delivery/notices/listener.ts';
import type { RunningGateway } from '../gateway/running.ts';
import { archive, mailOf } from '../intake/mailbox/stage.ts';
import { sample } from '../xds/xdm/archives.ts';
import { withoutMailServers } from './programs.ts';
import { startMailGateway } from './running.ts';
import { BOX, MailWorld } from './world.ts';

describe.skipIf(withoutMailServers)(`a document that comes by mail${withoutMailServers}`, () => {
  const letter = sample('discharge-letter.xml');
  let world: MailWorld;
  let run: RunningGateway;
  let listener: Listener;

  beforeAll(async () => {
    world = await MailWorld.start();
    listener = new Listener();
    const port = await listener.listen();
    run = await startMailGateway(world, {
      yaml: `senders:\n  - { id: ris, establishment: demo, structures: '*', mllp: { application: RIS-Y, facility: HOP }, notices: { host: 127.0.0.1, port: ${port} } }\n`,
      mailbox: { receives: { sender: 'ris' } },
    });
  }, 60_000);

  afterAll(async () => {
    await run?.close();
    await listener?.close();
    await world?.[Symbol.asyncDispose]();
  });

  const asking = (id: string) => [
    `Disposition-Notification-To: <${BOX.practitioner}>`,
    `References: <${id}@hopital-b.mssante.fr>`,
  ];
  /** The operator writes the Return-Path; From must be of the trust space. */
  const written = (bytes: Buffer, id: string) =>
    mailOf(bytes, asking(id))
      .toString('latin1')
      .replace(/From: .*/, `From: <${BOX.practitioner}>`);

  test('goes through Postfix, Dovecot and IMAP to an MDM, and an MDN comes back to its author', async () => {
    await world.post(
      BOX.practitioner,
      BOX.gateway,
      Buffer.from(written(await archive([letter]), 'one'), 'latin1'),
    );
    await listener.received(1);
    const [message] = listener.messages;
    expect(message).toMatch(/^MSH\|\^~\\&\|VIADUC\|demo\|RIS-Y\|HOP\|.*\|MDM\^T02\^MDM_T02\|/);
    expect(message).toContain(letter.bytes.toString('base64'));
    const mdn = await world.arrival(BOX.practitioner, (raw) => raw.includes('disposition-notification'));
    expect(mdn).toMatch(/Disposition: automatic-action\/MDN-sent-automatically; processed\r\n/);
    expect(mdn).toMatch(/^Return-Path: <>/m);
    const put = await world.arrival(BOX.gateway, (raw) => raw.includes('<one@'), 'TRAITE');
    expect(put).toContain('IHE_XDM.zip');
    const { items } = (await run.call('/api/mails?kind=document')).body;
    const whole = (await run.call(`/api/mails/${items[0].id}`)).body;
    expect(whole).toMatchObject({
      ...{ kind: 'document', outcome: 'handed-on', answer: { kind: 'mdn', errors: [] } },
      documents: [{ state: 'acknowledged', operation: 'deposit', uniqueId: letter.facts.id.root }],
    });
    expect(whole.documents[0].verdict.judgement).toBe('valid');
    expect(JSON.stringify(whole)).not.toMatch(/PAT-TROIS|cabinet@|XDM\/1\.0/);
  });

  test('is read by a person with a reason that is written down', async () => {
    const { items } = (await run.call('/api/mails?kind=document')).body;
    const path = `/api/mails/${items[0].id}/raw`;
    expect((await run.call(path)).body.code).toBe('request.reading-unexplained');
    const read = await run.call(path, { headers: { 'viaduc-reason': 'R-12' } });
    expect(read.status).toBe(200);
    const events = await run.gateway.ledger.of('demo').events(1, 1000);
    expect(events.find(({ type }) => type === 'mail.read')?.data).toMatchObject({ reason: 'R-12' });
  });

  test('that no archive can hold goes to REJET with its reason, and an ordinary mail to HUMAIN', async () => {
    await world.post(
      BOX.practitioner,
      BOX.gateway,
      Buffer.from(written(Buffer.from('no zip'), 'two'), 'latin1'),
    );
    const plain = `From: <${BOX.practitioner}>\r\nTo: <${BOX.gateway}>\r\nSubject: Bonjour\r\nMessage-ID: <three@hopital-b.mssante.fr>\r\n\r\nMerci.\r\n`;
    await world.post(BOX.practitioner, BOX.gateway, plain);
    await world.arrival(BOX.gateway, (raw) => raw.includes('<two@'), 'REJET');
    await world.arrival(BOX.gateway, (raw) => raw.includes('<three@'), 'HUMAIN');
    const { items } = (await run.call('/api/worklist')).body;
    expect(items.map(({ cause }: { cause: string }) => cause).toSorted()).toEqual([
      'mail-set-aside',
      'mail-to-read',
    ]);
    expect((await run.call('/api/mails?outcome=set-aside')).body.items).toHaveLength(1);
  });
});
