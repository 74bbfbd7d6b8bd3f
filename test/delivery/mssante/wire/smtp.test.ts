import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { judgeReply, type Reply, type Step } from '../../../../src/delivery/mssante/wire/refusal.ts';
import { type SmtpResult, type Submission, submit } from '../../../../src/delivery/mssante/wire/smtp.ts';
import { type Moment, type Script, ScriptedSmtp } from './scripted-smtp.ts';

const ENVID = '4be9a0a2-6fd9-4f50-a1f4-9b2d4f2f3c11';

function mail(raw = 'Subject: x\r\n\r\n.hidden\r\nbody\r\n'): Submission {
  return {
    ...{ from: 'gateway@a.mssante.fr', to: 'doctor@b.mssante.fr' },
    ...{ raw: Buffer.from(raw), envelopeId: ENVID },
  };
}

async function outcome(script: Script, sent = mail()): Promise<{ result: SmtpResult; server: ScriptedSmtp }> {
  await using server = await ScriptedSmtp.start(script);
  return { result: await submit(server.access, sent), server };
}

describe('a mail that is taken', () => {
  test('asks for its receipts under its envelope identifier', async () => {
    const { result, server } = await outcome({});
    expect(result).toEqual({
      ...{ kind: 'accepted', smtpCode: 250, reply: '250 2.0.0 Ok: queued as 4XyZ12' },
      ...{ queueId: '4XyZ12', receipts: true },
    });
    expect(server.commands.slice(1, 3)).toEqual([
      `MAIL FROM:<gateway@a.mssante.fr> RET=HDRS ENVID=${ENVID}`,
      'RCPT TO:<doctor@b.mssante.fr> NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;doctor@b.mssante.fr',
    ]);
  });

  test('leaves byte for byte, but for the dots that SMTP doubles', async () => {
    const { server } = await outcome({});
    expect(server.body).toBe('Subject: x\r\n\r\n..hidden\r\nbody\r\n');
  });

  test('has an empty sender when nothing may answer it', async () => {
    const { server } = await outcome({}, { ...mail(), from: '', envelopeId: null });
    expect(server.commands[1]).toBe('MAIL FROM:<>');
    expect(server.commands[2]).toBe('RCPT TO:<doctor@b.mssante.fr>');
  });

  test('is told to bring no receipts by a server that has none', async () => {
    const { result } = await outcome({ extensions: [] });
    expect(result).toMatchObject({ kind: 'accepted', receipts: false });
  });

  test('is taken even if the server goes before QUIT', async () => {
    const { result } = await outcome({ cutAfter: 'dot' });
    expect(result).toMatchObject({ kind: 'accepted', smtpCode: 250 });
  });
});

describe('a connection that is cut', () => {
  const BEFORE: [Moment, Step][] = [
    ['connection', 'connect'],
    ['ehlo', 'connect'],
    ['mail', 'mail'],
    ['rcpt', 'mail'],
    ['data', 'mail'],
  ];

  test.each(BEFORE)('at %s has let nothing be taken', async (cut, at) => {
    for (const extensions of [['DSN'], ['DSN', 'PIPELINING']]) {
      const { result } = await outcome({ cut, extensions });
      expect(result).toMatchObject({ kind: 'unreachable', at, code: 'mssante.unreachable' });
    }
  });

  test('at STARTTLS or in the handshake has let nothing be taken', async () => {
    for (const script of [{ cut: 'starttls' }, { cutAfter: 'starttls' }] satisfies Script[]) {
      await using server = await ScriptedSmtp.start(script);
      const result = await submit({ ...server.access, tls: 'starttls' }, mail());
      expect(result).toMatchObject({ kind: 'unreachable', code: 'mssante.unreachable' });
    }
  });

  test('at AUTH has let nothing be taken', async () => {
    await using server = await ScriptedSmtp.start({ cut: 'auth' });
    const auth = { kind: 'password', user: 'u', password: 'p' } as const;
    const result = await submit({ ...server.access, auth }, mail());
    expect(result).toMatchObject({ kind: 'unreachable', at: 'auth' });
  });

  test('in the middle of the mail has let nothing be taken', async () => {
    const { result, server } = await outcome(
      { cut: 'body' },
      mail(`Subject: x\r\n\r\n${'y'.repeat(20_000_000)}`),
    );
    expect(result).toMatchObject({ kind: 'unreachable', code: 'mssante.unreachable' });
    expect(server.sawDot).toBe(false);
  });

  test('after the dot leaves in doubt, and only then', async () => {
    const { result, server } = await outcome({ cut: 'dot' });
    expect(server.sawDot).toBe(true);
    expect(result).toMatchObject({ kind: 'unknown', code: 'mssante.in-doubt' });
  });

  test('in the middle of the last answer leaves in doubt', async () => {
    const { result } = await outcome({ answers: { dot: '250-2.0.0 half' }, cutAfter: 'dot' });
    expect(result).toMatchObject({ kind: 'unknown' });
  });
});

describe('a server that falls silent', () => {
  test('after the dot leaves in doubt', async () => {
    await using server = await ScriptedSmtp.start({ answers: { dot: null } });
    const result = await submit({ ...server.access, silenceMs: 50 }, mail());
    expect(result).toMatchObject({ kind: 'unknown', reason: 'ETIMEDOUT' });
  });

  test('before has let nothing be taken', async () => {
    await using server = await ScriptedSmtp.start({ answers: { rcpt: null } });
    const result = await submit({ ...server.access, silenceMs: 50 }, mail());
    expect(result).toMatchObject({ kind: 'unreachable', reason: 'ETIMEDOUT' });
  });
});

describe('a signal', () => {
  test('that came before lets nothing be said', async () => {
    await using server = await ScriptedSmtp.start();
    const result = await submit(server.access, mail(), AbortSignal.abort());
    expect(result).toMatchObject({ kind: 'unreachable', reason: 'stopped' });
    expect(server.commands).toEqual([]);
  });

  test('that comes after the dot leaves in doubt', async () => {
    await using server = await ScriptedSmtp.start({ answers: { dot: null } });
    const stop = new AbortController();
    const result = submit(server.access, mail(), stop.signal);
    while (!server.sawDot) await new Promise(setImmediate);
    stop.abort();
    expect(await result).toMatchObject({ kind: 'unknown', reason: 'stopped' });
  });
});

describe('an answer that is no', () => {
  const REFUSALS: [Moment, string, Step, string, string][] = [
    ['connection', '554 5.7.1 no service', 'connect', 'mailbox', 'mssante.access-refused'],
    ['connection', '421 4.3.2 shutting down', 'connect', 'moment', 'mssante.refused-for-now'],
    ['ehlo', '421 4.7.1 no client certificate', 'connect', 'mailbox', 'mssante.access-refused'],
    ['mail', '530 5.7.0 Must issue a STARTTLS command first', 'mail', 'mailbox', 'mssante.access-refused'],
    ['mail', '550 5.7.1 not your address', 'mail', 'mailbox', 'mssante.sender-refused'],
    ['mail', '451 4.3.0 try later', 'mail', 'moment', 'mssante.refused-for-now'],
    ['mail', '552 5.3.4 Message size exceeds fixed limit', 'mail', 'size', 'mssante.too-large'],
    ['rcpt', '550 5.1.1 unknown', 'rcpt', 'mail', 'mssante.recipient-refused'],
    [
      'rcpt',
      '554 5.7.1 <a@b>: Recipient address rejected: Access denied',
      'rcpt',
      'mail',
      'mssante.recipient-refused',
    ],
    [
      'rcpt',
      '553 5.7.1 <a@b>: Sender address rejected: not owned',
      'rcpt',
      'mailbox',
      'mssante.sender-refused',
    ],
    ['rcpt', '552 5.2.2 mailbox full', 'rcpt', 'mail', 'mssante.recipient-refused'],
    ['rcpt', '452 4.2.2 mailbox full', 'rcpt', 'moment', 'mssante.refused-for-now'],
    ['data', '554 no valid recipients', 'data', 'mail', 'mssante.mail-refused'],
    ['dot', '552 message too big', 'data', 'size', 'mssante.too-large'],
    ['dot', '550 5.7.60 cannot send as', 'data', 'mailbox', 'mssante.sender-refused'],
    ['dot', '554 5.6.0 content refused', 'data', 'mail', 'mssante.mail-refused'],
    ['dot', '451 4.3.0 try later', 'data', 'moment', 'mssante.refused-for-now'],
    ['dot', '421 4.3.2 going down', 'data', 'moment', 'mssante.refused-for-now'],
  ];

  test.each(REFUSALS)('%s: %s', async (moment, answer, at, about, code) => {
    for (const extensions of [['DSN'], ['DSN', 'PIPELINING']]) {
      const { result } = await outcome({ answers: { [moment]: answer }, extensions });
      expect(result).toMatchObject({ kind: 'refused', at, about, code, text: answer });
      expect(result).toMatchObject({
        smtpCode: Number(answer.slice(0, 3)),
        permanent: answer.startsWith('5'),
      });
    }
  });

  test('in the middle of the mail stops it: its end never leaves', async () => {
    const large = mail(`Subject: x\r\n\r\n${'y'.repeat(20_000_000)}`);
    const { result, server } = await outcome({ answers: { body: '452 4.3.1 no space' } }, large);
    expect(result).toMatchObject({ kind: 'refused', at: 'data', about: 'moment' });
    expect(server.sawDot).toBe(false);
  });

  test('to STARTTLS is about the mailbox, and nothing is said in the clear', async () => {
    await using server = await ScriptedSmtp.start({
      answers: { starttls: '502 5.5.1 not here' },
      extensions: [],
    });
    const result = await submit({ ...server.access, tls: 'starttls' }, mail());
    expect(result).toMatchObject({ kind: 'refused', at: 'tls', about: 'mailbox' });
    expect(server.commands).toEqual(['EHLO gateway.example', 'STARTTLS']);
  });

  test.each([
    ['535 5.7.8 wrong password', 'mailbox'],
    ['454 4.7.0 Temporary authentication failure', 'moment'],
  ])('to AUTH: %s', async (auth, about) => {
    await using server = await ScriptedSmtp.start({ answers: { auth } });
    const password = { kind: 'password', user: 'u', password: 'p' } as const;
    const result = await submit({ ...server.access, auth: password }, mail());
    expect(result).toMatchObject({ kind: 'refused', at: 'auth', about });
  });

  test('names a status only where there is one', () => {
    const reply: Reply = { at: 'rcpt', smtpCode: 550, status: null, text: '550 no' };
    expect(judgeReply(reply)).toEqual({ about: 'mail', code: 'mssante.recipient-refused' });
  });
});

describe('a mail that is too large', () => {
  test.each([
    [30, 30, 'accepted'],
    [30, 29, 'too-large'],
  ])('%i bytes where the server announces %i: %s', async (size, limit, kind) => {
    const { result, server } = await outcome(
      { extensions: [`SIZE ${limit}`] },
      mail(`S: x\r\n\r\n${'y'.repeat(size - 10)}\r\n`),
    );
    expect(result).toMatchObject(kind === 'accepted' ? { kind } : { kind, limit });
    expect(server.commands.some((line) => line.startsWith('MAIL'))).toBe(kind === 'accepted');
  });

  test('by contract is not even offered', async () => {
    await using server = await ScriptedSmtp.start();
    const result = await submit(
      { ...server.access, sizeLimit: 29 },
      mail(`S: x\r\n\r\n${'y'.repeat(20)}\r\n`),
    );
    expect(result).toEqual({ kind: 'too-large', limit: 29, code: 'mssante.too-large' });
    expect(server.commands).toEqual([]);
  });
});

test('nobody at the address is unreachable', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => taken.once('listening', done));
  const { port } = taken.address() as { port: number };
  await new Promise((done) => taken.close(done));
  const result = await submit(
    { host: '127.0.0.1', port, tls: 'none', auth: { kind: 'none', user: 'gateway' } },
    mail(),
  );
  expect(result).toMatchObject({ kind: 'unreachable', at: 'connect', reason: 'ECONNREFUSED' });
});
