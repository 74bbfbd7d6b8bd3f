import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SmtpResult, type Submission, submit, tryEntry } from '../../src/delivery/mssante/wire/smtp.ts';
import { newId } from '../../src/words/ids.ts';
import { withoutMailServers } from './programs.ts';
import { BOX, MailWorld } from './world.ts';

describe.skipIf(withoutMailServers)(`Postfix and Dovecot${withoutMailServers}`, () => {
  let world: MailWorld;

  beforeAll(async () => {
    world = await MailWorld.start();
  });

  afterAll(() => world[Symbol.asyncDispose]());

  function mail(to: string, more: Partial<Submission> = {}): Submission {
    const envelopeId = newId(Date.now());
    const headers = [`From: ${BOX.gateway}`, `To: ${to}`, `Message-ID: <${envelopeId}@hopital-a.mssante.fr>`];
    const raw = Buffer.from([...headers, 'Subject: essai', '', 'Bonjour.', ''].join('\r\n'));
    return { from: BOX.gateway, to, raw, envelopeId, ...more };
  }

  function dsnOf({ envelopeId }: Submission): Promise<string> {
    return world.arrival(BOX.gateway, (raw) => raw.includes(`Original-Envelope-Id: ${envelopeId}`));
  }

  test('a mail is taken, kept byte for byte, and its transport reported', async () => {
    const sent = mail(BOX.practitioner);
    const result = await submit(world.submission, sent);
    expect(result).toMatchObject({ kind: 'accepted', smtpCode: 250, receipts: true });
    expect((result as SmtpResult & { kind: 'accepted' }).queueId).toMatch(/^[0-9A-Za-z]+$/);
    const kept = await world.arrival(BOX.practitioner, (raw) => raw.includes(sent.envelopeId!));
    expect(kept.endsWith(Buffer.from(sent.raw).toString('latin1'))).toBe(true);
    const dsn = await dsnOf(sent);
    expect(dsn).toMatch(/^Action: (relayed|delivered)\r$/m);
    expect(dsn).toContain(`Message-ID: <${sent.envelopeId}@hopital-a.mssante.fr>`);
    expect(dsn).not.toContain('Bonjour.');
  });

  test('a patient is written to like anybody', async () => {
    const sent = mail(BOX.patient);
    expect(await submit(world.submission, sent)).toMatchObject({ kind: 'accepted' });
    expect(await dsnOf(sent)).toContain(`Original-Recipient: rfc822;${BOX.patient}`);
  });

  test('a full mailbox is reported as a failure', async () => {
    const sent = mail(BOX.full);
    expect(await submit(world.submission, sent)).toMatchObject({ kind: 'accepted' });
    const dsn = await dsnOf(sent);
    expect(dsn).toMatch(/^Action: failed\r$/m);
    expect(dsn).toMatch(/^Status: 5\.2\.2\r$/m);
  });

  test.each([
    ['nobody@hopital-b.mssante.fr', 550, '5.1.1'],
    ['somebody@elsewhere.example', 554, '5.7.1'],
  ])('%s is refused before the mail is sent', async (to, smtpCode, status) => {
    const refusal = { kind: 'refused', at: 'rcpt', about: 'mail', permanent: true, smtpCode, status };
    expect(await submit(world.submission, mail(to))).toMatchObject(refusal);
  });

  test('without client certificate the mailbox is at fault', async () => {
    const { certificate: _, ...without } = world.submission;
    expect(await submit(without, mail(BOX.practitioner))).toMatchObject({
      kind: 'refused',
      about: 'mailbox',
    });
  });

  test('with the certificate of a stranger the mailbox is at fault', async () => {
    const { cert, key } = world.rogue.issue('gateway', {}, 'extendedKeyUsage = clientAuth');
    const result = await submit({ ...world.submission, certificate: cert, key }, mail(BOX.practitioner));
    expect(result).toMatchObject({ kind: 'refused', about: 'mailbox' });
  });

  test('in the clear the mailbox is at fault', async () => {
    const result = await submit({ ...world.submission, tls: 'none' }, mail(BOX.practitioner));
    expect(result).toMatchObject({ kind: 'refused', about: 'mailbox', smtpCode: 530 });
  });

  test('an operator that is not trusted is told nothing', async () => {
    const result = await submit(
      { ...world.submission, authorities: world.rogue.certificate },
      mail(BOX.practitioner),
    );
    expect(result).toMatchObject({ kind: 'unsafe', at: 'tls', code: 'mssante.tls-refused' });
  });

  test('an operator of another name is told nothing', async () => {
    const result = await submit(
      { ...world.submission, serverName: 'other.mssante.fr' },
      mail(BOX.practitioner),
    );
    expect(result).toMatchObject({ kind: 'unsafe', reason: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });

  test('a mail over what the operator announces is not offered', async () => {
    const raw = Buffer.alloc(MailWorld.sizeLimit + 1, 'x');
    const result = await submit(world.submission, mail(BOX.practitioner, { raw }));
    expect(result).toEqual({ kind: 'too-large', limit: MailWorld.sizeLimit, code: 'mssante.too-large' });
  });

  test('a server can be entered without handing anything over', async () => {
    expect(await tryEntry(world.submission)).toBeNull();
    expect(await tryEntry(world.login(BOX.gateway))).toBeNull();
    const { certificate: _, ...without } = world.submission;
    expect(await tryEntry(without)).toMatchObject({ kind: 'refused', about: 'mailbox' });
    expect(await tryEntry({ ...world.submission, port: 1 })).toMatchObject({ kind: 'unreachable' });
  });

  describe('with a password', () => {
    test('a mailbox sends under its own address', async () => {
      const own = mail(BOX.practitioner);
      expect(await submit(world.login(BOX.gateway), own)).toMatchObject({ kind: 'accepted' });
      expect(await submit(world.login(BOX.gatewayB), own)).toMatchObject({
        ...{ kind: 'refused', about: 'mailbox', code: 'mssante.sender-refused' },
      });
    });

    test('that is wrong nothing is sent', async () => {
      const auth = { kind: 'password', user: BOX.gateway, password: 'wrong' } as const;
      const result = await submit({ ...world.login(BOX.gateway), auth }, mail(BOX.practitioner));
      expect(result).toMatchObject({ kind: 'refused', at: 'auth', about: 'mailbox', smtpCode: 535 });
    });
  });
});
