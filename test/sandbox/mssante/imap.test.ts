import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ImapFlow } from 'imapflow';
import { afterEach, describe, expect, test } from 'vitest';
import { authorityFiles } from '../../../src/sandbox/certificates/folder.ts';
import { mailSandboxLimits } from '../../../src/sandbox/mssante/limits.ts';
import { certificates } from '../../gateway/certificates.ts';
import { BOX, DOCTOR, foreign, GUARDED, letter, own, tlsOf, world } from './stage.ts';

const mail = world();
const opened: ImapFlow[] = [];

function client(
  change: { files?: typeof own | null; user?: string; pass?: string; accessToken?: string } = {},
): ImapFlow {
  const { files = own, user = BOX, pass = 'sans', accessToken } = change;
  const flow = new ImapFlow({
    ...{ host: 'localhost', port: mail.it.imapPort, secure: false, doSTARTTLS: true, logger: false },
    auth: accessToken === undefined ? { user, pass } : { user, accessToken },
    tls: tlsOf(files),
  });
  flow.on('error', () => {});
  opened.push(flow);
  return flow;
}

afterEach(() => {
  for (const flow of opened.splice(0)) flow.close();
});

const deliver = (raw: string | Buffer, address = BOX) => {
  const { boxes } = mail.it.simulation;
  boxes.deliver(boxes.get(address)!, Buffer.from(raw));
};
const SIMPLE =
  'From: <a@b.mssante.fr>\r\nTo: <c@d.mssante.fr>\r\nSubject: Essai\r\nMessage-ID: <un@b>\r\n\r\nCorps\r\n';

describe('imapflow', () => {
  test('reads a mail as it lies there, marks it and moves it to another folder, which a new session finds', async () => {
    await mail.send(await letter());
    await mail.received(BOX, 1);
    const flow = client();
    await flow.connect();
    await flow.mailboxCreate('TRAITE');
    const lock = await flow.getMailboxLock('INBOX');
    const message = await flow.fetchOne('*', {
      source: true,
      envelope: true,
      flags: true,
      size: true,
      internalDate: true,
    });
    if (!message) throw new Error('no mail');
    expect(message.source).toEqual(mail.it.simulation.boxes.get(BOX)!.inbox.mails[0]!.raw);
    expect(message.envelope!.subject).toBe('Successful Mail Delivery Report');
    expect(message.size).toBe(message.source!.length);
    expect(message.flags!.size).toBe(0);
    await flow.messageFlagsAdd({ uid: message.uid }, ['\\Seen'], { uid: true });
    const moved = await flow.messageMove(String(message.uid), 'TRAITE', { uid: true });
    expect(moved).toMatchObject({ destination: 'TRAITE', uidMap: new Map([[message.uid, 1]]) });
    lock.release();
    await flow.logout();
    const again = client();
    await again.connect();
    expect(await again.status('TRAITE', { messages: true, unseen: true })).toMatchObject({
      messages: 1,
      unseen: 0,
    });
    expect((await again.list()).map(({ path }) => path)).toEqual(['INBOX', 'TRAITE']);
  });

  test('hears by IDLE of a mail that comes and of one that goes', async () => {
    deliver(SIMPLE);
    const flow = client();
    await flow.connect();
    await flow.mailboxOpen('INBOX');
    const came = once(flow, 'exists');
    const idling = flow.idle();
    await expect.poll(() => flow.idling).toBe(true);
    deliver(SIMPLE);
    expect((await came)[0]).toMatchObject({ count: 2, prevCount: 1 });
    const went = once(flow, 'expunge');
    mail.it.simulation.boxes.get(BOX)!.dropOldest();
    expect((await went)[0]).toMatchObject({ seq: 1 });
    flow.close();
    await idling.catch(() => {});
  });

  test('finds mails by UID, flag, header and size', async () => {
    for (const id of ['un', 'deux', 'trois']) deliver(SIMPLE.replace('un@b', `${id}@b`));
    const flow = client();
    await flow.connect();
    await flow.mailboxOpen('INBOX');
    const found = (query: object) => flow.search(query, { uid: true });
    expect(await found({ uid: '2:*' })).toEqual([2, 3]);
    expect(await found({ header: { 'message-id': '<deux@b>' } })).toEqual([2]);
    expect(await found({ or: [{ uid: '1' }, { uid: '3' }], seen: false })).toEqual([1, 3]);
    expect(await found({ larger: 5000 })).toEqual([]);
    await flow.messageDelete('2', { uid: true });
    expect(await found({ all: true })).toEqual([1, 3]);
  });

  test('reads in pieces, and header fields alone', async () => {
    deliver(SIMPLE + 'x'.repeat(200_000));
    const flow = client();
    await flow.connect();
    await flow.mailboxOpen('INBOX');
    const { content } = await flow.download('1', undefined, { uid: true });
    expect((await text(content!)).length).toBe(SIMPLE.length + 200_000);
    const one = await flow.fetchOne('1', { headers: ['subject'] }, { uid: true });
    expect(one && one.headers!.toString().trim()).toBe('Subject: Essai');
  });

  test.each([
    ['the certificate of another structure', { files: foreign }],
    ['no certificate', { files: null }],
    ['a wrong password', { user: GUARDED, pass: 'faux' }],
    ['a wrong token', { user: GUARDED, accessToken: 'faux' }],
    ['a mailbox of a correspondent', { user: DOCTOR }],
    ['no such mailbox', { user: 'x@ch-essai.mssante.fr' }],
  ])('does not enter with %s (sandbox.mail-login)', async (_, change) => {
    await expect(client(change).connect()).rejects.toMatchObject({ authenticationFailed: true });
    expect(mail.refused()).toEqual(['sandbox.mail-login']);
  });

  test.each([{ pass: 'mot-de-passe' }, { accessToken: 'jeton' }])(
    'enters a guarded mailbox with %o',
    async (change) => {
      const flow = client({ user: GUARDED, ...change });
      await flow.connect();
      expect(flow.authenticated).toBeTruthy();
    },
  );

  test('imap-login-refused, imap-uidvalidity and imap-cut, as scripted', async () => {
    deliver(SIMPLE);
    mail.fault({ fault: 'imap-login-refused' }, { fault: 'imap-cut' });
    await expect(client().connect()).rejects.toMatchObject({ authenticationFailed: true });
    const flow = client();
    await flow.connect();
    const before = (await flow.mailboxOpen('INBOX')).uidValidity;
    await expect(flow.fetchOne('1', { source: true })).rejects.toThrow();
    mail.fault({ fault: 'imap-uidvalidity' });
    const after = client();
    await after.connect();
    expect((await after.mailboxOpen('INBOX')).uidValidity).toBe(before + 1n);
    expect(await after.fetchOne('1', { source: true })).toMatchObject({ source: Buffer.from(SIMPLE) });
  });
});

const python = spawnSync('python3', ['-c', 'import imaplib, ssl']).status === 0;
if (!python) {
  if (process.env.CI) throw new Error('python3 is missing');
  console.log('skipped: a mailbox of the sandbox read by imaplib (no python3)');
}

test.skipIf(!python)(
  'imaplib of Python does all that a mailbox is for',
  async () => {
    deliver(SIMPLE);
    deliver(SIMPLE.replace('Essai', 'XDM/1.0/DDM+essai'));
    const { root } = authorityFiles(certificates);
    const given = {
      port: mail.it.imapPort,
      authorities: root.certificate,
      ...own,
      user: BOX,
      password: 'sans "rien"',
    };
    const child = spawn('python3', [join(import.meta.dirname, 'read_mailbox.py'), JSON.stringify(given)]);
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(err).toBe('');
    expect(JSON.parse(out)).toMatchObject({
      ...{
        before: true,
        namespace: 'OK',
        count: 2,
        uids: '1 2',
        size: SIMPLE.length,
        by_subject: '2',
        unseen: '2',
      },
      ...{ copy: 'OK', move: 'OK', left: '1', expunged: '1', done: 2, read_only: 'NO', logout: 'BYE' },
      folders: ['(\\HasNoChildren) "/" "INBOX"', '(\\HasNoChildren) "/" "TRAITE"'],
      status: expect.stringMatching(/^"INBOX" \(MESSAGES 2 UIDNEXT 3 UIDVALIDITY \d+ UNSEEN 2\)$/),
      store: '1 (UID 1 FLAGS (\\Seen))',
    });
  },
  30_000,
);

describe('a hand-typed session', () => {
  const say = async (...lines: string[]): Promise<string> => {
    const socket = connect(mail.it.imapPort, '127.0.0.1');
    socket.end(`${lines.join('\r\n')}\r\nz LOGOUT\r\n`);
    return text(socket);
  };

  test('is told what is wrong with each command, and enters nothing without TLS', async () => {
    const answer = await say('a LOGIN x y', 'b SELECT INBOX', 'c WHAT', 'd', 'e LIST "" (', 'f CAPABILITY');
    expect(answer).toContain('a NO [PRIVACYREQUIRED]');
    expect(answer).toContain('b BAD Not entered');
    expect(answer).toContain('c BAD Unknown command');
    expect(answer).toContain('* BAD Tag and command are wanted');
    expect(answer).toContain('e BAD Brackets or quotes do not match');
    expect(answer).toMatch(/CAPABILITY IMAP4rev1 .*STARTTLS LOGINDISABLED/);
  });

  test('ends a client whose line or literal is over the cap', async () => {
    const { imapLineBytes, imapLiteralBytes } = mailSandboxLimits;
    expect(await say(`a NOOP ${'x'.repeat(imapLineBytes.value + 1)}`)).toContain('BYE Line too long');
    expect(await say(`a LOGIN {${imapLiteralBytes.value + 1}}`)).toContain('BYE Line too long');
    expect(await say(`a LOGIN {${imapLiteralBytes.value}}`)).toContain('+ Go on');
  });
});
