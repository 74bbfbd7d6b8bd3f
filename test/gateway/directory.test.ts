import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { stringify } from 'yaml';
import type { MailboxType } from '../../src/delivery/mssante/directory/holder.ts';
import { tracesOf } from '../../src/delivery/mssante/directory/traces.ts';
import { sentenceOf } from '../../src/delivery/sentence.ts';
import { mssante } from '../../src/gateway/cli/mssante.ts';
import { systemClock } from '../../src/words/clock.ts';
import { Annuaire, KEY, RPPS } from '../delivery/mssante/directory/annuaire.ts';
import { HandClock } from '../delivery/scripted.ts';
import { type RunningGateway, startTestGateway } from './running.ts';

let folder: string;
let annuaire: Annuaire;
let run: RunningGateway;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'viaduc-directory-'));
  writeFileSync(join(folder, 'api.key'), KEY);
  annuaire = await new Annuaire().start();
  const box = { id: 'labo', establishment: 'demo', address: 'dpi@ch-test.mssante.fr', displayName: 'Labo' };
  const mailboxes = [{ ...box, smtp: { host: '127.0.0.1', port: 9 } }];
  const directory = { url: annuaire.url, keyFile: join(folder, 'api.key') };
  run = await startTestGateway({ yaml: stringify({ mssante: { mailboxes, directory } }) });
});
afterAll(async () => {
  await run?.close();
  await annuaire?.close();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (query: string, token: string | null = run.token) =>
  run.call(`/api/mssante/directory?${query}`, { token });

async function tokenOf(role: string): Promise<string> {
  const answer = await run.call('/api/tokens', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: role, grants: [{ establishment: 'demo', role }] }),
  });
  return answer.body.token;
}

describe('the directory', () => {
  test('resolves a person to mailboxes, with their structures and without the red list', async () => {
    const { body } = await ask(`rpps=${RPPS}`);
    expect(body).toMatchObject({
      ...{ standing: 'known', name: 'Anne MARTIN' },
      mailboxes: [{ address: 'anne.martin@medecin.mssante.fr', type: 'PER', digitization: false }],
      activities: [
        {
          structure: { name: 'CH DE TEST' },
          mailboxes: [{ address: 'anne.martin@ch-test.mssante.fr' }],
        },
      ],
    });
  });

  test('says who holds an address, except of the red list', async () => {
    expect((await ask('address=dpi@ch-test.mssante.fr')).body).toMatchObject({
      ...{ standing: 'known', mailbox: { type: 'APP' } },
      holders: [{ kind: 'Organization', name: 'CH DE TEST' }],
    });
    expect((await ask('address=cardio@ch-test.mssante.fr')).body).toMatchObject({
      ...{ standing: 'known', mailbox: { redListed: true }, holders: [] },
    });
    expect((await ask('address=nobody@ch-test.mssante.fr')).body).toEqual({ standing: 'not-published' });
  });

  test('answers on the command line', async () => {
    vi.stubEnv('VIADUC_DATA', run.data);
    vi.stubEnv('VIADUC_CONFIG', join(run.folder, 'viaduc.yaml'));
    vi.stubEnv('VIADUC_TOKEN', run.token);
    const print = vi.spyOn(console, 'log').mockImplementation(() => {});
    try {
      await mssante.run({}, ['directory', RPPS]);
      await mssante.run({}, ['directory', 'dpi@ch-test.mssante.fr']);
      expect(print.mock.calls.flat().join('\n').split('\n')).toEqual([
        'Anne MARTIN',
        'anne.martin@medecin.mssante.fr  PER',
        'anne.martin@ch-test.mssante.fr  PER  CH DE TEST',
        'dpi@ch-test.mssante.fr  APP',
        'CH DE TEST',
      ]);
    } finally {
      print.mockRestore();
      vi.unstubAllEnvs();
    }
  });

  test('is never asked about a patient', async () => {
    const before = annuaire.asked.length;
    const answer = await ask('address=279035121518989@patient.mssante.fr');
    expect(answer.body).toEqual({ standing: 'not-published' });
    expect(annuaire.asked.length).toBe(before);
  });

  test('is asked one thing, by those who look correspondents up', async () => {
    expect(await ask('')).toMatchObject({ status: 400, body: { code: 'console.directory-question' } });
    expect((await ask(`rpps=${RPPS}&address=a@b.fr`)).body.code).toBe('console.directory-question');
    expect(await ask('rpps=12')).toMatchObject({ status: 422, body: { code: 'mssante.rpps-malformed' } });
    expect((await ask(`rpps=${RPPS}`, await tokenOf('identity'))).status).toBe(200);
    expect((await ask(`rpps=${RPPS}`, await tokenOf('sender'))).status).toBe(404);
  });

  test('that refuses the key says so, and an alarm does', async () => {
    writeFileSync(join(folder, 'api.key'), 'another');
    expect((await ask('address=new@ch-test.mssante.fr')).body).toMatchObject({
      ...{ standing: 'unavailable', problem: { code: 'mssante.directory-key-refused' } },
    });
    const { items } = (await run.call('/api/alarms?state=open')).body;
    expect(items).toContainEqual(
      expect.objectContaining({ kind: 'directory', code: 'mssante.directory-key-refused' }),
    );
    writeFileSync(join(folder, 'api.key'), KEY);
  });
});

describe('what the directory says of a recipient', () => {
  const told = (type: MailboxType | null, digitization: boolean | null = null) => {
    const one = { address: 'a@b.mssante.fr', redListed: false, description: null, rank: null };
    const answer = { standing: 'known', mailbox: { ...one, type, digitization }, holders: [] } as const;
    return tracesOf({ byAddress: async () => answer }, one.address, systemClock);
  };

  test.each([
    ['PER', 'mssante.directory-person'],
    ['ORG', 'mssante.directory-structure'],
    ['APP', 'mssante.directory-software'],
    ['CAB', 'mssante.directory-practice'],
    [null, 'mssante.directory-known'],
  ] as const)('of a mailbox of type %s is %s', async (type, code) => {
    expect(await told(type)).toEqual([code]);
    expect(sentenceOf(code)!.message.fr).toContain('Annuaire Santé');
  });

  test('names who wants paper', async () => {
    expect(await told('PER', false)).toEqual(['mssante.directory-person', 'mssante.directory-paper-wanted']);
  });

  test('is not waited for longer than two seconds', async () => {
    const clock = new HandClock(0);
    const silent = { byAddress: () => new Promise<never>(() => {}) };
    const asked = tracesOf(silent, 'a@b.mssante.fr', clock);
    clock.advance(2_000);
    expect(await asked).toEqual(['mssante.directory-unavailable']);
  });
});
