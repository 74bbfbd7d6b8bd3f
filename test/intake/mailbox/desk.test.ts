import { rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readMdn } from '../../../src/delivery/mssante/message/mdn.ts';
import { parseMail } from '../../../src/delivery/mssante/message/parsed-mail.ts';
import { closeIntegration, resumeIntegration } from '../../../src/intake/mailbox/commands.ts';
import { mailboxLimits } from '../../../src/intake/mailbox/limits.ts';
import type { Ledger, NewEvent } from '../../../src/ledger/ledger.ts';
import { Listener } from '../../delivery/notices/listener.ts';
import { openTestLedger, scratch } from '../../ledger/making.ts';
import { sample } from '../../xds/xdm/archives.ts';
import { ASKING, AUTHOR, archive, arrive, DeskStage, MAILBOX, MESSAGE_ID, mailOf, SUBJECT } from './stage.ts';

const letter = sample('discharge-letter.xml');
const newer = sample('discharge-letter-v2.xml');
const prescription = sample('discharge-prescription.xml');

const INS = '236066322083656';

let folder: string;
let ledger: Ledger;
let listener: Listener;
let port: number;
let stage: DeskStage;

beforeEach(async () => {
  folder = scratch();
  ledger = await openTestLedger(folder, { nowMs: Date.now() });
  listener = new Listener();
  port = await listener.listen();
  stage = new DeskStage(ledger, port);
});

afterEach(async () => {
  await stage.desk.stop();
  await listener.close();
  await ledger.close();
  rmSync(folder, { recursive: true });
});

const view = () => ledger.of('one').integrations;
const typesOf = async () => (await ledger.of('one').events(2, 100)).map(({ type }) => type);

/** Looks until it is so, for at most four seconds. */
async function until<T>(look: () => Promise<T>, so: (found: T) => boolean): Promise<T> {
  for (let count = 0; count < 400; count += 1) {
    const found = await look();
    if (so(found)) return found;
    await wait(10);
  }
  throw new Error('not in time');
}

const answered = (mail: string, state = 'sent') =>
  until(
    () => view().answer(mail),
    (answer) => answer?.state === state,
  );
const integrated = (mail: string, state: string, place = 0) =>
  until(
    () => view().ofMail(mail),
    (rows) => rows[place]?.state === state,
  );

describe('a document that came by MSSanté', () => {
  test('goes to the consumer as it came, is acknowledged, and its author is told: once', async () => {
    const mail = await arrive(ledger, mailOf(await archive([letter])));
    stage.desk.poke();
    await answered(mail);
    expect(listener.messages).toHaveLength(1);
    const segments = listener.messages[0]!.split('\r').map((line) => line.split('|'));
    const cell = (name: string, field: number, nth = 0) =>
      segments.filter(([one]) => one === name)[nth]![name === 'MSH' ? field - 1 : field]!;
    expect(cell('MSH', 9)).toBe('MDM^T02^MDM_T02');
    expect(cell('OBX', 5).split('^')[4]).toBe(letter.bytes.toString('base64'));
    const [{ to, from, raw, envelopeId }] = stage.sent as [(typeof stage.sent)[0]];
    expect([to, from, envelopeId]).toEqual([AUTHOR, '', null]);
    const mdn = await parseMail(raw);
    expect(readMdn(mdn)).toMatchObject({ disposition: 'processed', result: 'read', errors: [] });
    expect(mdn.subject).toBe(SUBJECT);
    expect(await typesOf()).toEqual([
      ...['mail.received', 'mail.sorted', 'integration.due', 'integration.acknowledged'],
      ...['answer.due', 'answer.sending', 'answer.sent'],
    ]);
    stage.desk.poke();
    await wait(60);
    expect([listener.messages.length, stage.sent.length]).toEqual([1, 1]);
  });

  test.each([
    ['AE', '902', 'refused', '902'],
    ['AE', '777', 'refused', '906'],
    ['AR', '904', 'refused', '904'],
  ])(
    'that the consumer answers %s with %s is %s, and its author told %s',
    async (code, error, state, told) => {
      listener.reactions.push({
        code,
        err: `207^Application error^messageErrorCondition|E|${error}^Inconnu`,
      });
      const mail = await arrive(ledger, mailOf(await archive([letter])));
      stage.desk.poke();
      await answered(mail);
      expect((await view().ofMail(mail))[0]).toMatchObject({ state, code: told });
      const mdn = await parseMail(stage.sent[0]!.raw);
      expect(readMdn(mdn)).toMatchObject({ result: 'error', errors: [{ code: told }] });
      expect(mdn.subject).toBe(`[KO Intégration système !][${told}] ${SUBJECT}`);
      const { items } = await ledger.of('one').work({ limit: 10 });
      expect(items).toEqual([
        expect.objectContaining({ cause: 'integration-refused', role: 'identity', mail }),
      ]);
    },
  );

  test('whose form is refused waits for the support, and the next document goes on', async () => {
    listener.reactions.push({ code: 'AE', err: '100^Segment sequence error^messageErrorCondition|E' });
    const first = await arrive(ledger, mailOf(await archive([letter])));
    const second = await arrive(ledger, mailOf(await archive([prescription])));
    stage.desk.poke();
    await answered(second);
    const [parked] = await integrated(first, 'parked');
    expect(parked).toMatchObject({ code: 'integration.syntax', attempts: 1 });
    expect(stage.parked).toEqual(['integration.syntax']);
    expect(await view().answer(first)).toBeNull();
    await resumeIntegration({ ledger, clock: { now: Date.now } }, 'one', parked!, 'somebody');
    stage.desk.poke();
    await answered(first);
    expect(listener.ids.filter((id) => id === parked!.controlId)).toHaveLength(2);
  });

  test('that a person gives up is told as another error', async () => {
    listener.reactions.push('AE');
    const mail = await arrive(ledger, mailOf(await archive([letter])));
    stage.desk.poke();
    const [parked] = await integrated(mail, 'parked');
    const by = { by: 'somebody', reason: 'of another hospital' };
    await closeIntegration({ ledger, clock: { now: Date.now } }, 'one', parked!, by);
    stage.desk.poke();
    await answered(mail);
    const mdn = await parseMail(stage.sent[0]!.raw);
    expect(readMdn(mdn)).toMatchObject({ result: 'error', errors: [{ code: '906' }] });
    await expect(resumeIntegration({ ledger, clock: { now: Date.now } }, 'one', parked!, 'x')).resolves.toBe(
      undefined,
    );
  });

  test.each(['silence', 'cut', 'AR', 'half', 'other-id'] as const)(
    'met by %s is repeated with the same bytes, and those behind it wait',
    async (reaction) => {
      listener.reactions.push(reaction);
      const first = await arrive(ledger, mailOf(await archive([letter])));
      const second = await arrive(ledger, mailOf(await archive([prescription])));
      stage.desk.poke();
      await answered(first);
      await answered(second);
      expect(listener.messages).toHaveLength(3);
      expect(listener.messages[1]).toBe(listener.messages[0]);
      expect(listener.ids[2]).not.toBe(listener.ids[0]);
    },
  );

  test('with another in one mail is answered after the last, with an error for the one that failed', async () => {
    listener.reactions.push('AA', { code: 'AE', err: '207^^|E|900^Version' });
    const mail = await arrive(ledger, mailOf(await archive([letter, prescription])));
    stage.desk.poke();
    await answered(mail);
    expect(listener.messages).toHaveLength(2);
    const mdn = await parseMail(stage.sent[0]!.raw);
    expect(readMdn(mdn)).toMatchObject({ result: 'error', errors: [{ code: '900' }] });
    expect(mdn.text).toContain('document 2 : 900');
  });

  test('replaces another, and says that who may see it changes', async () => {
    await arrive(ledger, mailOf(await archive([letter])));
    const mail = await arrive(ledger, mailOf(await archive([newer], 'replace')));
    const deletion = await arrive(ledger, mailOf(await archive([newer], 'delete')));
    stage.desk.poke();
    await answered(deletion);
    const [row] = await view().ofMail(mail);
    expect(row!.content).toMatchObject({ operation: 'replace', replaces: letter.facts.id.root });
    const heads = listener.messages.map((one) => [
      one.split('|')[8]!.split('^')[1],
      /\rORC\|(\w+)/.exec(one)![1],
      /\rTXA\|(.*)/.exec(one)![1]!.split('|')[12],
      /\rOBX\|1\|.*\|(\w)\r/.exec(one)![1],
    ]);
    expect(heads).toEqual([
      ['T02', 'NW', '', 'F'],
      ['T10', 'RO', letter.facts.id.root, 'C'],
      ['T04', 'CA', '', 'D'],
    ]);
  });
});

describe('the answer to a mail', () => {
  test.each([
    ['not-asked', [`Return-Path: <${AUTHOR}>`]],
    ['address-differs', ['Return-Path: <other@medecin.mssante.fr>', ASKING[1]!]],
    ['no-return-path', [ASKING[1]!]],
    ['automatic', [...ASKING, 'Auto-Submitted: auto-generated']],
    ['own-address', [`Return-Path: <${MAILBOX}>`, `Disposition-Notification-To: ${MAILBOX}`]],
  ])('is not sent: %s', async (reason, headers) => {
    const mail = await arrive(ledger, mailOf(await archive([letter]), headers));
    stage.desk.poke();
    const answer = await answered(mail, 'omitted');
    expect(answer).toMatchObject({ code: `answer.${reason}`, id: null });
    expect(stage.sent).toEqual([]);
  });

  test('goes to the error box when none was asked for and something failed', async () => {
    await stage.desk.stop();
    stage = new DeskStage(ledger, port, { errorBox: 'erreurs@ch-essai.mssante.fr' });
    listener.reactions.push({ code: 'AE', err: '207^^|E|904^Autre' });
    const mail = await arrive(ledger, mailOf(await archive([letter]), [`Return-Path: <${AUTHOR}>`]));
    stage.desk.poke();
    expect((await answered(mail))!.content).toMatchObject({ kind: 'ko', errors: ['904'] });
    expect(stage.sent[0]!.to).toBe('erreurs@ch-essai.mssante.fr');
    const raw = Buffer.from(stage.sent[0]!.raw).toString();
    expect([raw.includes('message_original.eml'), raw.includes(MESSAGE_ID)]).toEqual([true, true]);
  });

  test('is repeated with the same bytes while it cannot have been taken, and not once it may have been', async () => {
    stage.results.push({
      ...{ kind: 'unreachable', at: 'connect', reason: 'ECONNREFUSED', code: 'mssante.unreachable' },
    });
    stage.results.push({ kind: 'unknown', reason: 'closed', code: 'mssante.in-doubt' });
    const mail = await arrive(ledger, mailOf(await archive([letter])));
    stage.desk.poke();
    await answered(mail, 'in-doubt');
    expect(stage.sent).toHaveLength(2);
    expect(stage.sent[1]!.raw).toEqual(stage.sent[0]!.raw);
    const { items } = await ledger.of('one').work({ limit: 10 });
    expect(items).toEqual([expect.objectContaining({ cause: 'answer-not-sent', code: 'answer.in-doubt' })]);
  });

  test('to one address leaves an hour later beyond the cap', async () => {
    const most = mailboxLimits.answersPerHour.value;
    const peer = ledger.searchHash('one', 'address', AUTHOR);
    const earlier = (count: number) =>
      Array.from({ length: count }, (_, index): NewEvent => {
        const mail = `earlier-${count}-${index}`;
        const raw = { id: mail, sha256: '', size: 0 };
        const at = { mailbox: 'other', dueAt: new Date(0).toISOString() };
        const data = { answer: mail, mail, kind: 'mdn' as const, raw, errors: [], peer, ...at };
        return { type: 'answer.due', data, subject: { ins: INS, ipp: null }, personal: Buffer.from('{}') };
      });
    const append = (count: number) =>
      ledger.append({ establishment: 'one', nowMs: Date.now(), events: earlier(count) });
    await append(most - 1);
    const bytes = await archive([letter]);
    const last = await arrive(ledger, mailOf(bytes));
    stage.desk.poke();
    await answered(last);
    const beyond = await arrive(ledger, mailOf(bytes));
    stage.desk.poke();
    const waiting = await answered(beyond, 'due');
    expect(waiting!.dueAtMs! - Date.now()).toBeGreaterThan(3_590_000);
    expect(stage.sent).toHaveLength(1);
  });
});
