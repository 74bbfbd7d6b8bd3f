import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Directory, type DirectoryOptions } from '../../../../src/delivery/mssante/directory/directory.ts';
import { directoryLimits } from '../../../../src/delivery/mssante/directory/limits.ts';
import { type Clock, systemClock } from '../../../../src/words/clock.ts';
import { Annuaire, KEY, mailbox, RPPS, WORLD } from './annuaire.ts';

const HOUR_MS = 3_600_000;
const CARDIO = 'cardio@ch-test.mssante.fr';

/** Runs as the true one does, some time later. */
class LaterClock implements Clock {
  laterMs = 0;
  now = () => systemClock.now() + this.laterMs;
  after = systemClock.after;
}

let annuaire: Annuaire;
let folder: string;
let keyFile: string;
let clock: LaterClock;
let told: (string | null)[];
let directory: Directory;

const opened = (changed: Partial<DirectoryOptions> = {}) =>
  new Directory({
    ...{ url: annuaire.url, keyFile, cacheHours: 24, patientDomain: 'patient.mssante.fr', clock },
    onStanding: (problem) => void told.push(problem?.code ?? null),
    ...changed,
  });

beforeEach(async () => {
  annuaire = await new Annuaire().start();
  folder = mkdtempSync(join(tmpdir(), 'viaduc-directory-'));
  keyFile = join(folder, 'key');
  writeFileSync(keyFile, `${KEY}\n`);
  clock = new LaterClock();
  told = [];
  directory = opened();
});
afterEach(async () => {
  await directory.close();
  await annuaire.close();
  rmSync(folder, { recursive: true, force: true });
});

const unavailable = (code: string) => ({ standing: 'unavailable', problem: { code } });

describe('an address', () => {
  test.each([
    [CARDIO, 'ORG', 'CH DE TEST', { redListed: true, digitization: null, description: 'Cardiologie' }],
    ['dpi@ch-test.mssante.fr', 'APP', 'CH DE TEST', { redListed: false, digitization: true }],
    ['anne.martin@medecin.mssante.fr', 'PER', 'Anne MARTIN', { digitization: false }],
    ['Anne.MARTIN@ch-test.mssante.fr', 'PER', 'Anne MARTIN', { digitization: null }],
  ])('%s is known with its type %s, who holds it and what they wish', async (address, type, name, wishes) => {
    const answer = await directory.byAddress(address);
    expect(answer).toMatchObject({ standing: 'known', mailbox: { type, ...wishes }, holders: [{ name }] });
  });

  test('tells by which numbers its holder is known', async () => {
    expect(await directory.byAddress(CARDIO)).toMatchObject({
      holders: [{ kind: 'Organization', id: 'o1', identifiers: [{ value: '750000001' }] }],
    });
  });

  test.each(['contact@ch-test.example', 'accueil@ch-test.mssante.fr', 'inconnu@ch-test.mssante.fr'])(
    '%s, which is no published mailbox, is not published, which is no refusal',
    async (address) => {
      expect(await directory.byAddress(address)).toEqual({ standing: 'not-published' });
    },
  );

  test('of a patient is never asked about: it holds an INS', async () => {
    const answer = await directory.byAddress('279035121518989@Patient.mssante.fr');
    expect(answer).toEqual({ standing: 'not-published' });
    expect(annuaire.asked).toEqual([]);
  });

  test('may have a type of whose form nothing is known', async () => {
    const strange = mailbox('x@y.mssante.fr', 'NEW');
    annuaire.resources.push({ resourceType: 'Organization', id: 'o2', telecom: [strange] });
    expect(await directory.byAddress('x@y.mssante.fr')).toMatchObject({
      mailbox: { type: null },
      holders: [{ name: null }],
    });
  });
});

describe('a person', () => {
  test('is known with their mailboxes, activities and structures', async () => {
    expect(await directory.byRpps(RPPS)).toMatchObject({
      ...{
        standing: 'known',
        person: { name: 'Anne MARTIN', mailboxes: [{ address: WORLD[0].telecom[0]!.value }] },
      },
      activities: [
        {
          activity: { mailboxes: [{ address: 'anne.martin@ch-test.mssante.fr', type: 'PER' }] },
          structure: { name: 'CH DE TEST' },
        },
      ],
    });
  });

  test('that nobody is has no mailbox', async () => {
    expect(await directory.byRpps('10000000000')).toEqual({ standing: 'not-published' });
  });

  test.each(['', '1000345678', '810003456789', '1000345678a'])('is not asked for by "%s"', async (rpps) => {
    await expect(directory.byRpps(rpps)).rejects.toMatchObject({ code: 'mssante.rpps-malformed' });
    expect(annuaire.asked).toEqual([]);
  });
});

describe('an answer', () => {
  test('is kept for its hours, and asked for once however many wait', async () => {
    await Promise.all([directory.byAddress(CARDIO), directory.byAddress(CARDIO.toUpperCase())]);
    clock.laterMs = 24 * HOUR_MS - 60_000;
    await directory.byAddress(CARDIO);
    expect(annuaire.asked).toHaveLength(3);
    clock.laterMs = 24 * HOUR_MS;
    await directory.byAddress(CARDIO);
    expect(annuaire.asked).toHaveLength(6);
  });

  test('of several pages is read to its end', async () => {
    annuaire.perPage = 1;
    for (let count = 1; count < directoryLimits.pages.value; count += 1)
      annuaire.resources.push({ ...WORLD[2], id: `more-${count}`, telecom: [mailbox(CARDIO, 'ORG')] });
    const answer = await directory.byAddress(CARDIO);
    expect(answer.standing === 'known' && answer.holders).toHaveLength(directoryLimits.pages.value);
    annuaire.resources.push({ ...WORLD[2], id: 'one-more', telecom: [mailbox(CARDIO, 'ORG')] });
    clock.laterMs = 24 * HOUR_MS;
    expect(await directory.byAddress(CARDIO)).toMatchObject(unavailable('mssante.directory-answer'));
  });

  test.each([
    'https://example.org/fhir/v2/next',
    '/other',
    '//example.org/fhir/v2',
    'ftp://127.0.0.1/',
    '../v1/Organization',
  ])('whose next page is at %s is not followed: the key goes nowhere else', async (url) => {
    annuaire.instead = (response) => {
      response.end(JSON.stringify({ resourceType: 'Bundle', link: [{ relation: 'next', url }] }));
    };
    expect(await directory.byAddress(CARDIO)).toMatchObject(unavailable('mssante.directory-answer'));
    expect(annuaire.asked.filter((one) => !one.includes('mailbox-mss'))).toEqual([]);
  });

  test.each([
    ['no JSON', '<html></html>'],
    ['no Bundle', '{"resourceType":"OperationOutcome"}'],
    ['null', 'null'],
    ['too long', ' '.repeat(directoryLimits.answer.value + 1)],
  ])('that is %s cannot be used', async (_, text) => {
    annuaire.instead = (response) => response.end(text);
    expect(await directory.byAddress(CARDIO)).toMatchObject(unavailable('mssante.directory-answer'));
  });

  test('whose entries are of any form is read for what can be read', async () => {
    const entry = [
      null,
      1,
      {},
      { resource: { resourceType: 'Organization', id: 'a', telecom: [null, 'x', { extension: 1 }] } },
    ];
    annuaire.instead = (response) => response.end(JSON.stringify({ resourceType: 'Bundle', entry, link: 7 }));
    expect(await directory.byAddress(CARDIO)).toEqual({ standing: 'not-published' });
  });
});

describe('a directory that does not answer', () => {
  test.each([
    [500, 'mssante.directory-unavailable'],
    [429, 'mssante.directory-unavailable'],
    [302, 'mssante.directory-unavailable'],
    [401, 'mssante.directory-key-refused'],
    [403, 'mssante.directory-key-refused'],
  ])('but says %s is unavailable, is left alone for a while, and then asked again', async (status, code) => {
    annuaire.instead = (response) => response.writeHead(status, { location: 'https://example.org/' }).end();
    expect(await directory.byAddress(CARDIO)).toMatchObject(unavailable(code));
    const asked = annuaire.asked.length;
    expect(await directory.byAddress('dpi@ch-test.mssante.fr')).toMatchObject(unavailable(code));
    expect(annuaire.asked).toHaveLength(asked);
    annuaire.instead = null;
    clock.laterMs = directoryLimits.restMs.value;
    expect(await directory.byAddress(CARDIO)).toMatchObject({ standing: 'known' });
    expect(told).toEqual([code, null]);
  });

  test('still gives what is kept', async () => {
    await directory.byAddress(CARDIO);
    annuaire.instead = (response) => response.destroy();
    expect(await directory.byAddress('dpi@ch-test.mssante.fr')).toMatchObject({ standing: 'unavailable' });
    expect(await directory.byAddress(CARDIO)).toMatchObject({ standing: 'known' });
  });

  test('within its time is given up, and its error names no address', async () => {
    const soon: Clock = {
      now: () => clock.now(),
      after: (ms, action) => systemClock.after(Math.min(ms, 50), action),
    };
    const hurried = opened({ clock: soon });
    annuaire.instead = () => {};
    const answer = await hurried.byAddress(CARDIO);
    expect(answer).toMatchObject({ standing: 'unavailable', problem: { values: { reason: 'time-out' } } });
    expect(JSON.stringify(answer)).not.toContain('cardio');
    await hurried.close();
  });
});

test('no more calls leave in a second than the directory takes', async () => {
  const addresses = Array.from({ length: 8 }, (_, index) => `a${index}@ch-test.mssante.fr`);
  const answers = await Promise.all(addresses.map((address) => directory.byAddress(address)));
  expect(answers).toEqual(addresses.map(() => ({ standing: 'not-published' })));
  expect(annuaire.asked).toHaveLength(24);
});

describe('the key', () => {
  test.each([
    ['', 'not one word'],
    ['deux mots', 'not one word'],
    ['a\nb', 'not one word'],
  ])('"%s" is none', async (text, reason) => {
    writeFileSync(keyFile, text);
    const answer = await directory.byAddress(CARDIO);
    expect(answer).toMatchObject({
      problem: { code: 'mssante.directory-key-unreadable', values: { reason } },
    });
  });

  test('is read anew, and its absence stops nothing', async () => {
    rmSync(keyFile);
    expect(await directory.byAddress(CARDIO)).toMatchObject(unavailable('mssante.directory-key-unreadable'));
    writeFileSync(keyFile, KEY);
    clock.laterMs = directoryLimits.restMs.value;
    expect(await directory.byAddress(CARDIO)).toMatchObject({ standing: 'known' });
  });
});

test.each([
  'http://example.org/fhir/v2',
  'ftp://localhost',
  'annuaire',
  'https://a:b@example.org/',
  'https://example.org/?a',
])('the directory is not at %s', (url) => {
  expect(() => opened({ url })).toThrow(expect.objectContaining({ code: 'mssante.directory-address' }));
});
