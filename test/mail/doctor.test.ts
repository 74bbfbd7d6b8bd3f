import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { readConfig } from '../../src/gateway/config.ts';
import type { Line } from '../../src/gateway/doctor/line.ts';
import { lookAtMailbox } from '../../src/gateway/doctor/mailbox.ts';
import { systemClock } from '../../src/words/clock.ts';
import { withoutMailServers } from './programs.ts';
import { mssanteOn, serverYaml } from './running.ts';
import { BOX, MailWorld } from './world.ts';

describe.skipIf(withoutMailServers)(`doctor, of a mailbox${withoutMailServers}`, () => {
  let world: MailWorld;
  beforeAll(async () => {
    world = await MailWorld.start();
  }, 60_000);
  afterAll(() => world?.[Symbol.asyncDispose]());

  async function look(mailbox: Record<string, unknown> = {}): Promise<Line[]> {
    const yaml = stringify({ mssante: mssanteOn(world, { mailbox }) });
    writeFileSync(join(world.folder, 'viaduc.yaml'), yaml);
    const { mssante } = readConfig({}, world.folder);
    return lookAtMailbox(mssante!.mailboxes[0]!, systemClock);
  }
  const smtp = (changes: object) => ({
    smtp: { ...serverYaml(world, 'smtp', world.submission), ...changes },
  });
  const imap = (changes: object) => ({
    imap: { ...serverYaml(world, 'imap', world.imap(BOX.gateway)), ...changes },
  });
  const wrong = (lines: readonly Line[]) =>
    lines.filter(({ level }) => level !== 'ok').map(({ level, code }) => `${level} ${code}`);
  const told = (lines: readonly Line[]) => lines.map(({ message }) => message.en).join('\n');

  test('that is well says what its operator takes, and touches nothing', async () => {
    const lines = await look();
    expect(wrong(lines)).toEqual(['warning doctor.server-ends']);
    expect(told(lines)).toMatch(/demo\.labo: submission: let in \(TLSv1\.3\), 26214400 bytes at most/);
    expect(told(lines)).toContain('demo.labo: submission: receipts (DSN) announced');
    expect(told(lines)).toContain('demo.labo: reading: let in; IDLE, MOVE and UIDPLUS');
    expect(told(lines)).toContain('demo.labo: reading: folder INBOX; to be made: TRAITE, REJET, HUMAIN');
    await using client = await world.connect(BOX.gateway);
    expect((await client.list()).map(({ path }) => path)).toEqual(['INBOX']);
    expect(await world.read(BOX.gateway)).toEqual([]);
  });

  test('that is configured wrong says at each server what is', async () => {
    const password = join(world.folder, 'wrong.password');
    writeFileSync(password, 'wrong');
    const auth = { kind: 'password', user: BOX.gateway, passwordFile: password };
    const lines = await look({ ...smtp({ serverName: 'autre.mssante.fr' }), ...imap({ auth }) });
    expect(wrong(lines)).toEqual(['error mssante.tls-refused', 'error mssante.mailbox-refused']);
    expect(told(lines)).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  test('without its certificate, or out of reach, is told by the step that failed', async () => {
    const without = { certificate: undefined, key: undefined };
    const lines = await look({ ...smtp(without), ...imap({ port: 1 }) });
    expect(wrong(lines)).toEqual(['error mssante.access-refused', 'error doctor.unreachable']);
  });

  test('whose server lacks what is of help is told, and is none the worse', async () => {
    await world.stopDovecot();
    await world.startDovecot({ capabilities: 'IMAP4rev1 LITERAL+ IDLE' });
    const lines = await look();
    expect(wrong(lines)).toContain('warning doctor.mailbox-capabilities');
    expect(told(lines)).toContain('does not announce MOVE, UIDPLUS');
    await world.stopDovecot();
    await world.startDovecot();
  });

  test('that nothing reads, or whose folder is missing, is told too', async () => {
    expect(wrong(await look({ imap: undefined }))).toContain('warning doctor.mailbox-not-read');
    const lines = await look(imap({ folder: 'Absent' }));
    expect(wrong(lines)).toContain('error mssante.mailbox-folder');
  });
});
