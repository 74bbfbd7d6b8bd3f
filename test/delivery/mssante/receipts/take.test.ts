import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noticeMessage } from '../../../../src/delivery/notices/message.ts';
import { recipientOfNotice } from '../../../../src/delivery/notices/recipient.ts';
import { followingEnd } from '../../../../src/delivery/release.ts';
import type { Ledger } from '../../../../src/ledger/ledger.ts';
import { appendOf, openTestLedger, scratch } from '../../../ledger/making.ts';
import { dsn, mail, mdn, multipart, PARTNER, SUBJECT } from '../message/incoming.ts';
import {
  awaited,
  CABINET,
  type Mailed,
  mailbox,
  mailed,
  parkedInDoubt,
  report,
  takenOver,
  unconfirmed,
} from './mailed.ts';

let folder: string;
let ledger: Ledger;

beforeAll(async () => {
  folder = scratch();
  ledger = await openTestLedger(folder);
});

afterAll(async () => {
  await ledger.close();
  rmSync(folder, { recursive: true });
});

const take = (raw: Uint8Array) => mailbox(ledger)(raw);
const row = async ({ delivery }: Mailed) => (await ledger.of('one').delivery(delivery))!;
const receipts = ({ delivery }: Mailed) => ledger.of('one').mails.receipts(delivery);
const addresses = () => ({ ledger, patientDomain: 'patient.mssante.fr' });

/** The notices of a submission, oldest first, as the lines that a receiver reads. */
async function told({ submission }: Mailed): Promise<string[]> {
  const view = ledger.of('one');
  const { items } = await view.notices({ submission, limit: 10 });
  const lines = items.toReversed().map(async (notice) => {
    const message = noticeMessage(notice, 'utf-8', await recipientOfNotice(addresses(), view, notice));
    const segments = message.toString('utf8').split('\r');
    const field = (name: string, number: number, occurrence = 0) =>
      segments.filter((one) => one.startsWith(name))[occurrence]?.split('|')[number] ?? '';
    const named = field('OBX', 5, 1).replace(/^\^\^X\.400\^/, '');
    const why = field('ERR', 5).replace(/\^[^^]*\^/, ' ');
    return [notice.kind, field('OBX', 5)[0], named, why].join(' ').trim();
  });
  return Promise.all(lines);
}

const work = async ({ delivery }: Mailed) =>
  (await ledger.of('one').work({ limit: 200 })).items
    .filter((item) => item.delivery === delivery)
    .map(({ cause, code }) => `${cause} ${code}`);

const read = ({ envelope }: Mailed, ...fields: string[]) =>
  mdn([`Original-Message-ID: <${envelope}@ch-essai.mssante.fr>`, ...fields]);
const PROCESSED = 'Disposition: automatic-action/MDN-sent-automatically; processed';
const TABLE_550 = ['Status: 5.1.1', 'Diagnostic-Code: smtp; 550 5.1.1 no such user M. TCHITCHI'];

test('a refusal by the operator as it is sent is told as a DSN would be', async () => {
  const sent = await mailed(ledger);
  const view = ledger.of('one');
  const end = { delivery: sent.delivery, outcome: 'refused', code: '552', results: [] } as const;
  const data = { ...end, results: [], entries: {}, receipt: null, by: null };
  const { events } = await followingEnd(view, data, Date.now());
  await ledger.append({
    ...appendOf({ type: 'delivery.finished', data }),
    events: [{ type: 'delivery.finished', data }, ...events],
  });
  expect(await told(sent)).toEqual([`Z02 N ${CABINET} 552 SMTPERRORCODE`]);
});

describe('a DSN', () => {
  test.each(['delivered', 'relayed', 'expanded'])(
    '%s: the delivery is delivered, and the sender told so',
    async (action) => {
      const sent = await awaited(ledger);
      const taken = await take(report(sent, action, ['Status: 2.0.0']));
      expect(taken).toMatchObject({ kind: 'dsn', repeated: false, receipt: { settled: true } });
      expect(await row(sent)).toMatchObject({
        state: 'final',
        outcome: 'delivered',
        code: `mssante.${action}`,
      });
      expect(await receipts(sent)).toMatchObject([
        { kind: 'dsn', action, failed: false, status: '2.0.0', mail: taken.mail },
      ]);
      expect(await told(sent)).toEqual([`Z02 Y ${CABINET}`]);
    },
  );

  test('failed: refused with the code of the operator, and the sender told so in words that are ours', async () => {
    const sent = await awaited(ledger);
    await take(report(sent, 'failed', TABLE_550));
    expect(await row(sent)).toMatchObject({ state: 'final', outcome: 'refused', code: '550' });
    expect(await told(sent)).toEqual([`Z02 N ${CABINET} 550 SMTPERRORCODE`]);
    expect(JSON.stringify(await ledger.of('one').timeline([`delivery:${sent.delivery}`]))).not.toMatch(
      /TCHITCHI|cabinet@/i,
    );
  });

  test('delayed: a receipt, and nothing else', async () => {
    const sent = await awaited(ledger);
    await take(report(sent, 'delayed', ['Status: 4.4.1']));
    expect(await row(sent)).toMatchObject({ state: 'ambiguous', outcome: null });
    expect(await receipts(sent)).toMatchObject([{ action: 'delayed', failed: false, code: '441' }]);
    expect(await told(sent)).toEqual([]);
  });

  test('nobody asked for ends the delivery all the same, and tells nobody', async () => {
    const sent = await awaited(ledger, { reception: false });
    await take(report(sent, 'relayed'));
    expect(await row(sent)).toMatchObject({ outcome: 'delivered' });
    expect(await told(sent)).toEqual([]);
  });

  test('says nothing of the same document to the DMP', async () => {
    const sent = await awaited(ledger, { dmp: true });
    await take(report(sent, 'relayed'));
    expect(await told(sent)).toEqual([`Z02 Y ${CABINET}`]);
  });

  test('without ENVID is brought to its mail by the Message-ID that comes back', async () => {
    const sent = await awaited(ledger);
    const returned = `Content-Type: text/rfc822-headers\n\nMessage-ID: <${sent.envelope}@ch-essai.mssante.fr>\n`;
    const fields = [`Final-Recipient: rfc822; ${CABINET}`, 'Action: relayed', 'Status: 2.0.0'];
    await take(dsn(fields, { envelope: '', returned }));
    expect(await row(sent)).toMatchObject({ outcome: 'delivered' });
  });

  test('before the answer of the operator was written down settles it; what comes after is overtaken', async () => {
    const sent = await mailed(ledger);
    await take(report(sent, 'relayed'));
    expect(await row(sent)).toMatchObject({ state: 'final', outcome: 'delivered' });
    await expect(ledger.append(appendOf(takenOver(sent.delivery)))).rejects.toMatchObject({
      code: 'ledger.illegal-move',
    });
  });

  test('settles what is parked in doubt', async () => {
    const sent = await mailed(ledger);
    await ledger.append(appendOf(parkedInDoubt(sent.delivery)));
    expect(await work(sent)).toEqual(['delivery-parked mssante.in-doubt']);
    await take(report(sent, 'delivered'));
    expect(await row(sent)).toMatchObject({ state: 'final', outcome: 'delivered' });
    expect(await work(sent)).toEqual([]);
  });

  test('that comes after the end without confirmation still says what became of the mail, by a new event', async () => {
    const [came, failed] = [await awaited(ledger), await awaited(ledger)];
    for (const { delivery } of [came, failed]) await ledger.append(appendOf(unconfirmed(delivery)));
    expect(await told(came)).toEqual([]);
    await take(report(came, 'relayed'));
    await take(report(failed, 'failed', TABLE_550));
    expect([await row(came), await row(failed)]).toMatchObject([
      { outcome: 'delivered' },
      { outcome: 'refused' },
    ]);
    expect([await told(came), await told(failed)]).toEqual([
      [`Z02 Y ${CABINET}`],
      [`Z02 N ${CABINET} 550 SMTPERRORCODE`],
    ]);
  });

  test('that contradicts an outcome is kept and shown to a person, and ends nothing twice', async () => {
    const sent = await awaited(ledger);
    await take(report(sent, 'relayed'));
    await take(report(sent, 'failed', TABLE_550));
    expect(await row(sent)).toMatchObject({ outcome: 'delivered', code: 'mssante.relayed' });
    expect(await receipts(sent)).toHaveLength(2);
    expect(await work(sent)).toEqual(['mail-contradicted 550']);
    expect(await told(sent)).toEqual([`Z02 Y ${CABINET}`]);
  });
});

describe('the same mail again', () => {
  test('changes nothing, wherever it lies now', async () => {
    const sent = await awaited(ledger);
    const raw = report(sent, 'relayed');
    const { mail: first } = await take(raw);
    const events = await ledger.of('one').lastSeq();
    expect(await take(raw)).toMatchObject({ mail: first, kind: 'dsn', repeated: true, receipt: null });
    expect(await ledger.of('one').lastSeq()).toBe(events);
  });

  test('taken twice at once stands there once', async () => {
    const sent = await awaited(ledger);
    const raw = report(sent, 'relayed');
    const taken = await Promise.all([take(raw), take(raw), take(raw)]);
    expect(taken.filter(({ repeated }) => !repeated)).toHaveLength(1);
    expect(await receipts(sent)).toHaveLength(1);
  });
});

describe('an MDN', () => {
  test('tells the sender who read it, once for the same word', async () => {
    const sent = await awaited(ledger);
    await take(read(sent, PROCESSED));
    await take(read(sent, PROCESSED, 'X-Again: 1'));
    expect(await row(sent)).toMatchObject({ state: 'ambiguous', outcome: null });
    expect(await receipts(sent)).toHaveLength(2);
    expect(await told(sent)).toEqual(['Z03 Y labo@medecin.mssante.fr']);
  });

  test('with an error tells its code; no word of the receiver stands in an event', async () => {
    const sent = await awaited(ledger);
    await take(read(sent, `${PROCESSED}/error`, 'Error: 902^Patient TCHITCHI inconnu'));
    expect(await told(sent)).toEqual(['Z03 N labo@medecin.mssante.fr 902 applicationErrorCondition']);
    expect(await work(sent)).toEqual([]);
    expect(JSON.stringify(await ledger.of('one').timeline([`delivery:${sent.delivery}`]))).not.toContain(
      'TCHITCHI',
    );
  });

  test('that nobody asked for is recorded only; of an error a person is told', async () => {
    const sent = await awaited(ledger, { reading: false });
    await take(read(sent, PROCESSED));
    expect([await told(sent), await work(sent)]).toEqual([[], []]);
    await take(read(sent, `${PROCESSED}/error`, 'Error: 905^x'));
    expect([await told(sent), await work(sent)]).toEqual([[], ['mail-not-integrated 905']]);
  });

  test('that says neither is recorded only', async () => {
    const sent = await awaited(ledger);
    await take(read(sent, 'Disposition: manual-action/MDN-sent-manually; denied'));
    expect(await receipts(sent)).toMatchObject([{ kind: 'mdn', disposition: 'denied', failed: false }]);
    expect(await told(sent)).toEqual([]);
  });
});

test('a KO mail tells the sender, and a person in every case', async () => {
  const sent = await awaited(ledger);
  const about = `Content-Type: message/rfc822\n\nMessage-ID: <${sent.envelope}@ch-essai.mssante.fr>\nSubject: ${SUBJECT}\n\nx`;
  const subject = `Subject: =?utf-8?Q?[KO_Int=C3=A9gration_syst=C3=A8me_!][903]?= ${SUBJECT}`;
  await take(
    multipart('multipart/mixed', [...PARTNER, subject], ['Content-Type: text/plain\n\n903^x', about]),
  );
  expect(await told(sent)).toEqual(['Z03 N labo@medecin.mssante.fr 903 applicationErrorCondition']);
  expect(await work(sent)).toEqual(['mail-not-integrated 903']);
});

describe('a bounce in no known form', () => {
  const bounce = ({ envelope }: Mailed) =>
    mail(
      ['Return-Path: <>', 'From: postmaster@mes.fr', 'Subject: Non remis'],
      `Message <${envelope}@ch-essai.mssante.fr> non remis.\n`,
    );

  test('leaves the delivery to a person, and a DSN still settles it', async () => {
    const sent = await awaited(ledger);
    expect(await take(bounce(sent))).toMatchObject({ kind: 'bounce', receipt: { settled: true } });
    expect(await row(sent)).toMatchObject({ state: 'parked', code: 'mssante.bounce', doubt: true });
    expect(await told(sent)).toEqual([]);
    await take(report(sent, 'failed', TABLE_550));
    expect(await row(sent)).toMatchObject({ state: 'final', outcome: 'refused' });
  });

  test('of a mail that was delivered is shown to a person', async () => {
    const sent = await awaited(ledger);
    await take(report(sent, 'relayed'));
    await take(bounce(sent));
    expect(await row(sent)).toMatchObject({ outcome: 'delivered' });
    expect(await work(sent)).toEqual(['mail-contradicted null']);
  });
});

describe('is set aside, and ends nothing: a receipt', () => {
  const cases: [string, string, string, (sent: Mailed) => Buffer][] = [
    [
      ...(['of an unknown ENVID, whatever headers come back', 'human', 'report-of-unknown-mail'] as const),
      (sent) =>
        dsn([`Final-Recipient: rfc822; ${CABINET}`, 'Action: relayed'], {
          envelope: 'unknown',
          returned: `Content-Type: text/rfc822-headers\n\nMessage-ID: <${sent.envelope}@ch-essai.mssante.fr>\n`,
        }),
    ],
    [
      ...(['for another recipient', 'quarantine', 'report-of-other-recipient'] as const),
      (sent) => report(sent, 'delivered', [], 'autre@medecin.mssante.fr'),
    ],
    [
      ...(['that somebody sent', 'quarantine', 'report-with-sender'] as const),
      (sent) =>
        Buffer.from(
          report(sent, 'relayed')
            .toString()
            .replace('Return-Path: <>', 'Return-Path: <moi@medecin.mssante.fr>'),
        ),
    ],
    [
      ...(['that says that a person wrote it', 'quarantine', 'report-with-sender'] as const),
      (sent) => Buffer.from(report(sent, 'relayed').toString().replace('auto-replied', 'no')),
    ],
    [...(['that says nothing', 'human', 'report-unreadable'] as const), (sent) => report(sent, 'perhaps')],
    [
      ...(['of reading from outside the trust space', 'quarantine', 'report-not-trusted'] as const),
      (sent) =>
        Buffer.from(
          read(sent, PROCESSED).toString().replaceAll('labo@medecin.mssante.fr', 'x@ailleurs.example'),
        ),
    ],
  ];

  test.each(cases)('%s', async (_, kind, reason, make) => {
    const sent = await awaited(ledger);
    expect(await take(make(sent))).toMatchObject({ kind, reason, receipt: null });
    expect(await row(sent)).toMatchObject({ state: 'ambiguous' });
    expect(await receipts(sent)).toEqual([]);
    expect(await told(sent)).toEqual([]);
  });

  test('beyond the fiftieth of one mail', async () => {
    const sent = await awaited(ledger);
    for (let number = 0; number < 50; number += 1)
      await take(report(sent, 'delayed', [`X-Number: ${number}`]));
    expect(await take(report(sent, 'relayed'))).toMatchObject({ kind: 'human', reason: 'too-many-reports' });
    expect(await receipts(sent)).toHaveLength(50);
  });
});

test('what is no receipt, or cannot be opened, is kept whole with its kind', async () => {
  const raw = mail([...PARTNER, 'Subject: Bonjour']);
  const taken = await take(raw);
  expect(taken).toMatchObject({ kind: 'human', reason: 'nothing-to-integrate', receipt: null });
  const kept = (await ledger.of('one').mails.mail(taken.mail))!;
  expect(await ledger.of('one').body(kept.body.id)).toEqual(raw);
  const malformed = mail([...PARTNER, `X-Long: ${'x'.repeat(300_000)}`]);
  expect(await take(malformed)).toMatchObject({ kind: 'human', reason: 'mail-unreadable', read: null });
});

test('whatever order and repetition of receipts: at most one end, and after a failure nothing is delivered', async () => {
  const step = fc.constantFrom('delivered', 'relayed', 'delayed', 'failed', 'unconfirmed', 'again');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      const sent = await awaited(ledger);
      const mails: Buffer[] = [];
      for (const [number, one] of steps.entries()) {
        const open = (await row(sent)).state !== 'final';
        if (one === 'unconfirmed') {
          if (open) await ledger.append(appendOf(unconfirmed(sent.delivery)));
          continue;
        }
        if (one !== 'again') mails.push(report(sent, one, [`X-Number: ${number}`]));
        const last = mails.at(-1);
        if (last) await take(last);
      }
      const events = await ledger.of('one').timeline([`delivery:${sent.delivery}`]);
      const ends = events.flatMap((event) =>
        event.type === 'delivery.finished' ? [event.data.outcome] : [],
      );
      const known = ends.filter((outcome) => outcome !== 'unconfirmed');
      const said = steps.find((one) => one === 'delivered' || one === 'relayed' || one === 'failed');
      expect(known).toEqual(said === undefined ? [] : [said === 'failed' ? 'refused' : 'delivered']);
      expect((await told(sent)).length).toBe(known.length);
    }),
    { numRuns: 25 },
  );
});
