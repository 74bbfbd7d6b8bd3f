import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { whiteListLimits } from '../../../../src/delivery/mssante/white-list/limits.ts';
import { domainKey, readList } from '../../../../src/delivery/mssante/white-list/list.ts';
import { WhiteList, type WhiteListOptions } from '../../../../src/delivery/mssante/white-list/white-list.ts';
import { HandClock } from '../../scripted.ts';
import { listOf, numbered, PORTAL, startPublisher } from './publisher.ts';

const HOUR_MS = 3_600_000;
let folder: string;
let clock: HandClock;
let told: (string | null)[];
let closing: (() => Promise<void>)[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'viaduc-white-list-'));
  clock = new HandClock(Date.parse('2026-03-02T08:00:00Z'));
  told = [];
  closing = [];
});
afterEach(async () => {
  for (const close of closing) await close();
  rmSync(folder, { recursive: true, force: true });
});

const file = () => join(folder, 'published.xml');

function publish(domains: readonly string[], generated?: string): void {
  writeFileSync(file(), listOf({ domains, ...(generated && { generated }) }));
}

function opened(changed: Partial<WhiteListOptions> = {}): WhiteList {
  const list = new WhiteList({
    ...{ source: file(), folder: join(folder, 'kept'), refreshHours: 24, maxShrinkPercent: 10, clock },
    onRead: (problem) => void told.push(problem?.code ?? null),
    ...changed,
  });
  closing.push(() => list.close());
  return list;
}

async function started(changed: Partial<WhiteListOptions> = {}): Promise<WhiteList> {
  const list = opened(changed);
  await list.start();
  return list;
}

describe('a domain', () => {
  test.each([
    ['ch-test.mssante.fr', true],
    ['CH-Test.MSSANTE.fr', true],
    ['ch-test.mssante.fr.', true],
    ['évreux.mssante.fr', true],
    ['ÉVREUX.mssante.fr', true],
    ['xn--vreux-9ra.mssante.fr', true],
    ['service.ch-test.mssante.fr', false],
    ['mssante.fr', false],
    ['xch-test.mssante.fr', false],
    ['ch-test.mssante.fr.example.org', false],
    ['ch-test.mssante.fr/x', false],
    ['ch-test.mssante.fr:25', false],
    ['a@ch-test.mssante.fr', false],
    ['*.mssante.fr', false],
    ['', false],
  ])('%s is listed: %s', async (domain, listed) => {
    publish(['ch-test.mssante.fr', ' évreux.mssante.fr ', 'autre.mssante.fr']);
    const list = await started();
    expect(list.lists(domain)).toBe(listed);
    if (listed) list.require(domain);
    else
      expect(() => list.require(domain)).toThrow(
        expect.objectContaining({ code: 'mssante.domain-not-listed' }),
      );
  });

  test('is judged by nothing while there is no list: nothing is sent', async () => {
    const list = await started({ source: join(folder, 'absent.xml') });
    expect(list.lists('ch-test.mssante.fr')).toBe(false);
    expect(() => list.require('ch-test.mssante.fr')).toThrow(
      expect.objectContaining({ code: 'mssante.white-list-missing' }),
    );
    expect(told).toEqual(['mssante.white-list-unreachable']);
  });
});

describe('a publication', () => {
  test('is read whatever the prefix, and counts the names that are none', () => {
    const text = `<l:Liste xmlns:l="https://listeblanche.mssante.fr/schema"><l:DateDeGeneration>02/03/2026 05:00:00</l:DateDeGeneration><l:Domaines><l:Domaine><l:Nom>A.mssante.fr</l:Nom></l:Domaine><l:Domaine><l:Nom>a b</l:Nom></l:Domaine><l:Domaine/></l:Domaines><Domaine xmlns="urn:x"><Nom>b.fr</Nom></Domaine></l:Liste>`;
    const { domains, unreadable, generated } = readList(Buffer.from(text));
    expect([...domains]).toEqual(['a.mssante.fr']);
    expect(unreadable).toBe(2);
    expect(generated?.ms).toBe(Date.parse('2026-03-02T05:00:00Z'));
  });

  test.each([
    ['2026-03-02', '2026-03-02T00:00:00Z'],
    ['2026-03-02T06:00:00+01:00', '2026-03-02T05:00:00Z'],
    ['2026-03-02 05:00:00', '2026-03-02T05:00:00Z'],
    ['02/03/2026', '2026-03-02T00:00:00Z'],
  ])('of %s', (generated, at) => {
    const { generated: read } = readList(Buffer.from(listOf({ generated, domains: ['a.fr'] })));
    expect(read?.ms).toBe(Date.parse(at));
  });

  test('without a date in a known form is taken, as of no date', () => {
    const read = readList(Buffer.from(listOf({ generated: 'hier', domains: ['a.fr'] })));
    expect(read.generated).toBeNull();
  });

  test.each([
    ['a page of a portal', PORTAL, 'mssante.white-list-malformed'],
    ['nothing', '', 'mssante.white-list-malformed'],
    ['half a list', listOf({ domains: numbered(20) }).slice(0, 300), 'mssante.white-list-malformed'],
    [
      'another namespace',
      '<Liste xmlns="urn:x"><Domaine><Nom>a.fr</Nom></Domaine></Liste>',
      'mssante.white-list-malformed',
    ],
    [
      'a DTD',
      `<!DOCTYPE ListeBlanche [<!ENTITY e SYSTEM "file:///etc/hostname">]>${listOf({ domains: ['a.fr'] }).slice(39)}`,
      'mssante.white-list-malformed',
    ],
    ['no domain', listOf({ domains: [] }), 'mssante.white-list-empty'],
    ['unreadable domains only', listOf({ domains: ['a b'] }), 'mssante.white-list-empty'],
  ])('that is %s does not take the place of a good one', async (_, text, code) => {
    publish(numbered(20));
    const list = await started();
    writeFileSync(file(), text);
    await list.refresh();
    expect(told).toEqual([null, code]);
    expect(list.state.inUse?.domains).toBe(20);
    expect(opened().state.inUse?.domains).toBe(20);
  });

  test('that is older is not taken, and one of the same date is', async () => {
    publish(numbered(20), '2026-03-02T05:00:00Z');
    const list = await started();
    publish(numbered(30), '2026-03-01T05:00:00Z');
    await list.refresh();
    expect(told.at(-1)).toBe('mssante.white-list-older');
    expect(list.state.inUse?.domains).toBe(20);
    publish(numbered(25), '2026-03-02T05:00:00Z');
    await list.refresh();
    expect(told.at(-1)).toBeNull();
    expect(list.state.inUse?.domains).toBe(25);
  });

  test('may lose a tenth of its domains and no more', async () => {
    publish(numbered(100));
    const list = await started();
    publish(numbered(90));
    await list.refresh();
    expect(list.state.inUse?.domains).toBe(90);
    publish(numbered(80));
    await list.refresh();
    expect(told).toEqual([null, null, 'mssante.white-list-shrunk']);
    expect(list.state).toMatchObject({ inUse: { domains: 90 }, waiting: { domains: 80 } });
    expect(list.lists('d85.mssante.fr')).toBe(true);
  });

  test('that shrank is taken by a person, the one that was shown to them, and is kept', async () => {
    publish(numbered(100));
    const list = await started();
    const refused = () => expect.objectContaining({ code: 'mssante.white-list-nothing-to-accept' });
    expect(() => list.accept(list.state.inUse!.sha256)).toThrow(refused());
    publish(numbered(50));
    await list.refresh();
    const shown = list.state.waiting!.sha256;
    publish(numbered(40));
    await list.refresh();
    expect(() => list.accept(shown)).toThrow(refused());
    list.accept(list.state.waiting!.sha256);
    expect(list.state).toMatchObject({ inUse: { domains: 40 }, waiting: null, problem: null });
    expect(told.at(-1)).toBeNull();
    expect(opened().state.inUse?.domains).toBe(40);
  });

  test('that shrank waits for nobody once a whole one has come', async () => {
    publish(numbered(100));
    const list = await started();
    publish(numbered(50));
    await list.refresh();
    publish(numbered(101));
    await list.refresh();
    expect(list.state).toMatchObject({ inUse: { domains: 101 }, waiting: null, problem: null });
  });
});

describe('the last good list', () => {
  test('serves after a restart while its source does not answer', async () => {
    publish(['ch-test.mssante.fr']);
    await (await started()).close();
    rmSync(file());
    const again = opened();
    expect(again.lists('ch-test.mssante.fr')).toBe(true);
    await again.start();
    expect(told.at(-1)).toBe('mssante.white-list-unreachable');
    expect(again.lists('ch-test.mssante.fr')).toBe(true);
  });

  test('that was damaged on disk is none', async () => {
    publish(numbered(3));
    await (await started()).close();
    const kept = join(folder, 'kept', 'white-list.xml');
    writeFileSync(kept, readFileSync(kept).subarray(0, 200));
    expect(opened().state.inUse).toBeNull();
  });

  test('leaves no half copy behind, and serves when it cannot be kept', async () => {
    publish(numbered(3));
    await started();
    expect(existsSync(join(folder, 'kept', 'white-list.xml.new'))).toBe(false);
    const blocked = join(folder, 'blocked');
    writeFileSync(blocked, '');
    const list = await started({ folder: blocked });
    expect(told.at(-1)).toBe('mssante.white-list-not-kept');
    expect(list.lists('d1.mssante.fr')).toBe(true);
    rmSync(blocked);
    await list.refresh();
    expect(told.at(-1)).toBeNull();
    expect(opened({ folder: blocked }).lists('d1.mssante.fr')).toBe(true);
  });
});

describe('a refreshing list', () => {
  test('is read again after its hours, and sooner after a failure', async () => {
    publish(numbered(3));
    const list = await started();
    publish(numbered(4));
    clock.advance(24 * HOUR_MS - 1);
    expect(told).toEqual([null]);
    rmSync(file());
    clock.advance(1);
    await list.refresh();
    expect(told).toEqual([null, 'mssante.white-list-unreachable']);
    publish(numbered(4));
    clock.advance(whiteListLimits.againMs.value);
    await list.refresh();
    expect(told.at(-1)).toBeNull();
    expect(list.state).toMatchObject({ inUse: { domains: 4 }, readMs: clock.now() });
  });

  test('asks nothing more once closed', async () => {
    publish(numbered(3));
    const list = await started();
    await list.close();
    clock.advance(48 * HOUR_MS);
    expect(told).toEqual([null]);
  });
});

describe('an address', () => {
  async function published() {
    const publisher = await startPublisher();
    closing.push(publisher.close);
    publisher.answer.body = listOf({ domains: numbered(5) });
    return publisher;
  }

  test('is read under its own authorities', async () => {
    const { url, authorities } = await published();
    const list = await started({ source: url, authorities });
    expect(told).toEqual([null]);
    expect(list.lists('d4.mssante.fr')).toBe(true);
  });

  test('whose certificate those authorities did not issue is not believed', async () => {
    const { url } = await published();
    const list = await started({ source: url });
    expect(told).toEqual(['mssante.white-list-unreachable']);
    expect(list.state.problem?.message).toMatch(/CERT|ISSUER/);
    expect(list.state.inUse).toBeNull();
  });

  test.each([
    [302, { location: 'https://example.org/' }],
    [404, {}],
    [503, {}],
  ])('that answers %s gives no list, and leads nowhere else', async (status, headers) => {
    const { url, authorities, answer } = await published();
    Object.assign(answer, { status, headers });
    const list = await started({ source: url, authorities });
    expect(list.state.problem?.message).toContain(`HTTP ${status}`);
  });

  test('gives no more than the cap', async () => {
    const { url, authorities, answer } = await published();
    const least = listOf({ domains: numbered(5) });
    answer.body = least.padEnd(whiteListLimits.bytes.value + 1, ' ');
    const list = await started({ source: url, authorities });
    expect(list.state.problem?.code).toBe('mssante.white-list-unreachable');
    answer.body = least.padEnd(whiteListLimits.bytes.value, ' ');
    await list.refresh();
    expect(list.state.inUse?.domains).toBe(5);
  });

  test.each(['http://localhost/liste.xml', 'ftp://localhost/liste.xml', 'data:text/xml,a', 'https://', ' '])(
    'is https or a file: not %s',
    (source) => {
      expect(() => opened({ source })).toThrow(
        expect.objectContaining({ code: 'mssante.white-list-source' }),
      );
    },
  );
});

test('names that differ beyond their form have no common key', () => {
  expect(domainKey('strasse.fr')).not.toBe(domainKey('stra\u{df}e.fr'));
  expect(domainKey('paypal.fr')).not.toBe(domainKey('p\u{430}ypal.fr'));
});
