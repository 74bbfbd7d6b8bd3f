import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { keepList } from '../../src/delivery/mssante/white-list/kept.ts';
import { readConfig } from '../../src/gateway/config.ts';
import { lookAtDirectory, lookAtWhiteList } from '../../src/gateway/doctor/mail-domains.ts';
import { systemClock } from '../../src/words/clock.ts';
import { Annuaire, KEY } from '../delivery/mssante/directory/annuaire.ts';
import { listOf, numbered, PORTAL } from '../delivery/mssante/white-list/publisher.ts';

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

test('doctor says whether the directory answers, and never more than a warning', async () => {
  const annuaire = await new Annuaire().start();
  try {
    writeFileSync(join(folder, 'api.key'), KEY);
    const mssante = settings({ directory: { url: annuaire.url, keyFile: 'api.key' } });
    const [line] = await lookAtDirectory(mssante, systemClock);
    expect(line).toMatchObject({
      level: 'ok',
      message: { en: expect.stringContaining('mssante.fr published') },
    });
    writeFileSync(join(folder, 'api.key'), 'another');
    expect(await lookAtDirectory(mssante, systemClock)).toMatchObject([
      { level: 'warning', code: 'mssante.directory-key-refused' },
    ]);
  } finally {
    await annuaire.close();
  }
});
