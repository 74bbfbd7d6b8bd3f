import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { keepList } from '../../src/delivery/mssante/white-list/kept.ts';
import { readConfig } from '../../src/gateway/config.ts';
import { lookAtDirectory, lookAtWhiteList } from '../../src/gateway/doctor/mail-domains.ts';
import { lookAtMailbox } from '../../src/gateway/doctor/mailbox.ts';
import { systemClock } from '../../src/words/clock.ts';
import { Annuaire, KEY } from '../delivery/mssante/directory/annuaire.ts';
import { listOf, numbered, PORTAL } from '../delivery/mssante/white-list/publisher.ts';
import { ScriptedSmtp } from '../delivery/mssante/wire/scripted-smtp.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'viaduc-doctor-mail-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const box = {
  ...{ id: 'labo', establishment: 'demo', address: 'dpi@ch-test.mssante.fr', displayName: 'Laboratoire' },
  smtp: { host: '127.0.0.1', port: 9 },
};

function settings(more: object) {
  writeFileSync(join(folder, 'viaduc.yaml'), stringify({ mssante: { mailboxes: [box], ...more } }));
  return readConfig({}, folder).mssante!;
}

describe('doctor, of the white list', () => {
  const look = (more: object = { whiteList: { source: 'list.xml' } }) =>
    lookAtWhiteList(settings(more), join(folder, 'data'), systemClock);
  const publish = (content: string) => writeFileSync(join(folder, 'list.xml'), content);
  const keep = (count: number) =>
    keepList(join(folder, 'data', 'white-list'), Buffer.from(listOf({ domains: numbered(count) })));

  test('says what serves and what its source gives, and takes nothing over', async () => {
    keep(20);
    publish(listOf({ domains: numbered(21) }));
    const lines = await look();
    expect(lines.map(({ level }) => level)).toEqual(['ok', 'ok']);
    expect(lines[0]!.message.en).toContain('20 domains');
    expect(lines[1]!.message.en).toContain('read, 21 domains');
    expect(readdirSync(join(folder, 'data', 'white-list'))).toEqual(['white-list.xml']);
  });

  test('says that one will wait for a person', async () => {
    keep(20);
    publish(listOf({ domains: numbered(10) }));
    expect((await look())[1]).toMatchObject({ level: 'warning', code: 'doctor.white-list-would-shrink' });
  });

  test('is an error while there is none, a warning while an earlier one serves', async () => {
    publish(PORTAL);
    expect(await look()).toMatchObject([{ level: 'error', code: 'mssante.white-list-malformed' }]);
    keep(20);
    expect((await look())[1]).toMatchObject({ level: 'warning', code: 'mssante.white-list-malformed' });
    expect(await look({})).toMatchObject([{ level: 'error', code: 'doctor.white-list-none' }]);
  });
});

describe('doctor, of a server that takes mails', () => {
  const look = async (server: ScriptedSmtp) => {
    const { host, port } = server.access;
    const mailboxes = [{ ...box, smtp: { host, port, tls: 'none', sizeLimit: 5_000_000 } }];
    return lookAtMailbox(settings({ mailboxes }).mailboxes[0]!, systemClock);
  };

  test('says when nothing will confirm delivery, and the lower of two sizes', async () => {
    await using without = await ScriptedSmtp.start({ extensions: [] });
    const lines = await look(without);
    expect(lines.map(({ code }) => code)).toContain('doctor.mailbox-no-receipts');
    expect(lines.map(({ message }) => message.en).join()).toContain('no TLS), 5000000 bytes at most');
    await using small = await ScriptedSmtp.start({ extensions: ['SIZE 1000', 'DSN'] });
    const better = await look(small);
    expect(better.map(({ code }) => code)).not.toContain('doctor.mailbox-no-receipts');
    expect(better.map(({ message }) => message.en).join()).toContain('1000 bytes at most');
    expect(small.commands.filter((line) => !/^(EHLO|QUIT)\b/.test(line))).toEqual([]);
  });

  test('says what it answered by its code, never by its words', async () => {
    const connection = '554 5.7.1 nobody@hopital.example may not';
    await using server = await ScriptedSmtp.start({ answers: { connection } });
    const line = (await look(server)).find(({ level }) => level === 'error');
    expect(line).toMatchObject({ code: 'mssante.access-refused' });
    expect(line!.message.en).toContain('554 5.7.1');
    expect(JSON.stringify(line)).not.toContain('nobody');
  });
});

test('doctor says whether the directory answers, and never more than a warning', async () => {
  const annuaire = await new Annuaire().start();
  try {
    writeFileSync(join(folder, 'api.key'), KEY);
    const mssante = settings({ directory: { url: annuaire.url, keyFile: 'api.key' } });
    const [line] = await lookAtDirectory(mssante, systemClock);
    expect(line).toMatchObject({
      level: 'ok',
      message: { en: expect.stringContaining('labo published') },
    });
    writeFileSync(join(folder, 'api.key'), 'another');
    expect(await lookAtDirectory(mssante, systemClock)).toMatchObject([
      { level: 'warning', code: 'mssante.directory-key-refused' },
    ]);
  } finally {
    await annuaire.close();
  }
});
