import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLINICAL_DOCUMENT, folderOf, MAIN, schema, schematron } from '../../validation/packs-made.ts';
import { type Ran, viaduc } from './command.ts';

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'viaduc-packs-'));
});
afterAll(() => rmSync(home, { recursive: true }));

const packs = (...args: string[]): Ran =>
  viaduc(['packs', ...args], { VIADUC_DATA: join(home, 'data'), VIADUC_CACHE: join(home, 'cache') });

const whole = {
  [MAIN]: schema(CLINICAL_DOCUMENT),
  'schematrons/profils/all.sch': schematron([]),
  'schematrons/CI-SIS_LETTER_2024.01.sch': schematron(["cda:templateId[@root='1.1']"]),
};
const including = (href: string) => schematron([], `\n<include href="${href}"/>`);
const LETTER = 'schematrons/CI-SIS_LETTER_2024.01.sch';

describe('packs check', () => {
  test('of a whole pack ends with status 0', () => {
    expect(packs('check', folderOf(whole))).toMatchObject({ status: 0, out: 'nothing is broken\n' });
  });

  test.each([
    ['a missing include', including('gone.sch'), 'rules-include-missing', 3],
    ['an include out of the folder', including('../../outside.sch'), 'rules-outside', 3],
    ['an absolute include', including('/etc/passwd'), 'rules-outside', 3],
    ['an include from the network', including('https://example.org/a.sch'), 'rules-on-network', 3],
    ['a loop', including('CI-SIS_LETTER_2024.01.sch'), 'rules-include-loop', 3],
    ['a truncated file', schematron([]).slice(0, 150), 'rules-unreadable', 3],
    ['a file that is no Schematron', '<rules/>', 'rules-unreadable', 1],
  ])('tells %s with file and line', (_, content, code, line) => {
    const { status, out } = packs('check', folderOf({ ...whole, [LETTER]: content }));
    expect(status).toBe(1);
    const told = out.split('\n').find((one) => one.includes(`[validation.${code}]`));
    expect(told).toContain(`${LETTER}, line ${line}`);
  });

  test.each([
    [
      'an invalid regular expression',
      "matches(cda:title, '[a-')",
      ', assert): FORX0002: invalid regular expression',
    ],
    ['a test that does not compile', 'cda:title = (', ', assert): a name is expected'],
    ['a value set that is missing', "doc('gone.xml')/a", ', assert): the file gone.xml is missing'],
    ['a value set that is asked for', "document('gone.xml')/a", ', value set): the file gone.xml is missing'],
  ])('tells %s with file and line', (_, test, reason) => {
    const { status, out } = packs(
      'check',
      folderOf({ ...whole, [LETTER]: schematron(["cda:templateId[@root='1.1']", test]) }),
    );
    expect(status).toBe(1);
    const told = out.split('\n').find((one) => one.includes('[validation.rules-not-evaluated]'));
    expect(told).toContain(`${LETTER}, line 4`);
    expect(told).toContain(reason);
  });

  test.each([
    ['cut off', '<list><code', 1, 7],
    ['with a DOCTYPE', '<!DOCTYPE list><list/>', 1, 1],
  ])('tells a value set %s with file and line, as damage', (_, content, line, column) => {
    const folder = folderOf({ ...whole, 'jeuxDeValeurs/JDV.xml': content });
    expect(packs('check', folder).out).toMatch(
      new RegExp(`^jeuxDeValeurs/JDV.xml, line ${line}, column ${column}: .*values-unreadable`, 'm'),
    );
    expect(packs('add', folder)).toMatchObject({ status: 1, out: expect.stringContaining('not added') });
  });

  test('tells an empty value set, which published packs have, and adds the pack', () => {
    const folder = folderOf({ ...whole, 'jeuxDeValeurs/JDV.xml': '' });
    const { status, out } = packs('add', folder);
    expect(status).toBe(0);
    expect(out).toContain('jeuxDeValeurs/JDV.xml: the value set is empty. [validation.values-empty]');
    expect(packs('remove', /activate (\w+)/.exec(out)![1]!).status).toBe(0);
  });

  test('tells a folder whose rules were not copied, as damage', () => {
    const folder = folderOf({ [MAIN]: whole[MAIN], 'jeuxDeValeurs/JDV.xml': '<list/>' });
    const { status, out } = packs('add', folder);
    expect(status).toBe(1);
    expect(out).toContain('[validation.pack-without-rules]');
  });

  test('tells an expression made to exhaust a stack, and what is wrong elsewhere', () => {
    const chain = Array.from({ length: 20_000 }, () => 'true()').join(' or ');
    const nested = `${'('.repeat(5_000)}1${')'.repeat(5_000)}`;
    const { out } = packs('check', folderOf({ ...whole, [LETTER]: schematron([chain, nested, '$gone']) }));
    expect(out).toMatch(/LETTER_2024.01.sch, line 3: .*in one chain/);
    expect(out).toMatch(/LETTER_2024.01.sch, line 4: .*levels deep/);
    expect(out).toMatch(/LETTER_2024.01.sch, line 5: .*\$gone is not defined/);
  });

  test('tells what is wrong with the XML Schema and with the rules at once', () => {
    const { status, out, err } = packs(
      'check',
      folderOf({
        ...whole,
        [MAIN]: schema(`<xs:include schemaLocation="gone.xsd"/>${CLINICAL_DOCUMENT}`),
        [LETTER]: schematron(["cda:templateId[@root='1.1']", 'cda:title = (']),
      }),
    );
    expect(status).toBe(2);
    expect(err).toContain(
      `${MAIN}, line 2: the schema gone.xsd is missing from the pack. [validation.schema-missing]`,
    );
    expect(out).toContain(`${LETTER}, line 4: a rule cannot be evaluated`);
  });

  test('tells of a variable, a message and the structure what they are', () => {
    const rules = schematron(["cda:templateId[@root='1.1']"])
      .replace('<pattern>', '<let name="a" value="("/><pattern is-a="gone"/><pattern>')
      .replace('wanted', 'wanted <value-of select=")"/>');
    const { out } = packs('check', folderOf({ ...whole, [LETTER]: rules }));
    expect(out).toContain('(CI-SIS_LETTER_2024.01, variable): ');
    expect(out).toContain('(CI-SIS_LETTER_2024.01, message): ');
    expect(out).toContain('(CI-SIS_LETTER_2024.01): the abstract pattern gone is not defined');
  });

  test('tells a link of the file system that leads out', () => {
    const folder = folderOf({ ...whole, [LETTER]: including('linked.sch') });
    symlinkSync('/etc/hostname', join(folder, 'schematrons', 'linked.sch'));
    expect(packs('check', folder).out).toContain('[validation.rules-outside]');
  });

  test('tells a model that answers for nobody', () => {
    const { out } = packs('check', folderOf({ ...whole, [LETTER]: schematron([]) }));
    expect(out).toContain('[validation.rules-answer-for-nobody]');
  });

  test.each([
    ['no pack', { 'a.txt': '' }, 'pack-not-a-pack'],
    [
      'an XML Schema that lacks a file',
      { [MAIN]: schema('<xs:include schemaLocation="gone.xsd"/>') },
      'pack',
    ],
  ])('%s ends with status 2', (_, files, code) => {
    const { status, err } = packs('check', folderOf(files));
    expect(status).toBe(2);
    expect(err).toContain(`validation.${code}`);
  });
});

describe('packs add', () => {
  test('adds what has gaps, and nothing that is damaged unless that is accepted', () => {
    const gaps = packs('add', folderOf({ ...whole, [LETTER]: including('gone.sch') }));
    expect(gaps).toMatchObject({ status: 0 });
    expect(gaps.out).toMatch(/^viaduc-pack-\S+ [0-9a-f]{64} added: /m);
    const damaged = folderOf({ ...whole, [LETTER]: '<schema' });
    expect(packs('add', damaged)).toMatchObject({ status: 1 });
    expect(packs('list').out.match(/never in force/g)).toHaveLength(1);
    expect(packs('add', damaged, '--accept-broken').status).toBe(0);
  });

  test('keeps editions of one name side by side, by their hash', () => {
    const parent = mkdtempSync(join(tmpdir(), 'viaduc-editions-'));
    const first = join(parent, 'a', 'Edition');
    const second = join(parent, 'b', 'Edition');
    cpSync(folderOf(whole), first, { recursive: true });
    cpSync(folderOf({ ...whole, 'schematrons/profils/more.sch': schematron([]) }), second, {
      recursive: true,
    });
    const hashes = [first, second].map((one) => /Edition ([0-9a-f]{64})/.exec(packs('add', one).out)![1]!);
    expect(new Set(hashes).size).toBe(2);
    expect(packs('activate', 'Edition')).toMatchObject({ status: 2 });
    expect(packs('activate', hashes[1]!.slice(0, 10), '--by', 'somebody').status).toBe(0);
    expect(packs('remove', hashes[1]!.slice(0, 10)).err).toContain('packs.in-use');
    expect(packs('remove', hashes[0]!.slice(0, 10)).status).toBe(0);
    expect(packs('deactivate', 'Edition').status).toBe(0);
    expect(packs('list').out).toMatch(/Edition .* – .*\(somebody\)/);
    rmSync(parent, { recursive: true });
  });
});

describe('packs add of odd folders', () => {
  const add = (folder: string, ...options: string[]) =>
    viaduc(['packs', 'add', folder, ...options], {
      VIADUC_DATA: join(home, 'odd'),
      VIADUC_CACHE: join(home, 'cache'),
    });

  test('knows a content that was added under another name', () => {
    const [first, second] = [add(folderOf(whole)), add(folderOf(whole))];
    expect(first.status).toBe(0);
    expect(second).toMatchObject({ status: 0, err: '' });
    expect(second.out).toContain('was there already');
    expect(second.out.split(' ')[0]).toBe(first.out.split(' ')[0]);
  });

  test('tells links that lead out of the folder or to nothing, and never copies them, nor what is no file', () => {
    const folder = folderOf({ ...whole, 'schematrons/profils/more.sch': schematron(['true()']) });
    symlinkSync('/etc/hostname', join(folder, 'schematrons', 'outside.txt'));
    symlinkSync('/etc', join(folder, 'etc'));
    symlinkSync('nowhere', join(folder, 'schematrons', 'gone.sch'));
    execFileSync('mkfifo', [join(folder, 'schematrons', 'pipe.sch')]);
    const refused = add(folder);
    expect(refused.status).toBe(1);
    for (const link of ['etc', 'schematrons/gone.sch', 'schematrons/outside.txt'])
      expect(refused.out).toMatch(new RegExp(`^${link} is a link .*validation.link-not-followed`, 'm'));
    const { status, err } = add(folder, '--accept-broken');
    expect([status, err]).toEqual([0, '']);
    const kept = readdirSync(join(home, 'odd', 'packs'), { recursive: true }).map(String);
    expect(kept.filter((path) => /outside|etc|gone|pipe/.test(path))).toEqual([]);
    expect(kept.some((path) => path.endsWith('more.sch'))).toBe(true);
  });
});

describe('packs activate and deactivate', () => {
  const variables = () => ({ VIADUC_DATA: join(home, 'dated'), VIADUC_CACHE: join(home, 'cache') });
  const run = (...args: string[]) => viaduc(['packs', ...args], variables());
  const events = () =>
    viaduc(['ledger', 'show', '--establishment', '@gateway'], variables())
      .out.split('\n')
      .filter((line) => line.includes('"pack.'))
      .map((line) => JSON.parse(line));

  test('are events that name the pack, who did it and from when, and one undoes the other', () => {
    const { out } = run('add', folderOf(whole));
    const [, sha256] = /([0-9a-f]{64})/.exec(out)!;
    const from = new Date(Date.now() + 3_600_000).toISOString();
    expect(run('activate', sha256!, '--from', from, '--by', 'the pharmacist').status).toBe(0);
    expect(run('list').out).toContain(`${from} –  (the pharmacist)`);
    const before = Date.now();
    expect(run('deactivate', sha256!, '--by', 'the biologist').status).toBe(0);
    const [put, taken] = events();
    expect(put).toMatchObject({ type: 'pack.activated', data: { sha256, from, by: 'the pharmacist' } });
    expect(taken).toMatchObject({ type: 'pack.deactivated', data: { sha256, by: 'the biologist' } });
    expect(Date.parse(taken.data.at)).toBeGreaterThanOrEqual(before - 1);
    expect(Date.parse(put.at)).toBeLessThanOrEqual(before);
    expect(run('deactivate', sha256!)).toMatchObject({
      status: 2,
      err: expect.stringContaining('packs.not-active'),
    });
    expect(events()).toHaveLength(2);
  });

  test('show tells which rules answer for which document', () => {
    const { out } = run('add', folderOf(whole));
    const shown = run('show', /([0-9a-f]{64})/.exec(out)![1]!);
    expect(shown.status).toBe(0);
    expect(shown.out).toContain('  schematrons/profils/all.sch');
    expect(shown.out).toMatch(/^LETTER +2024\.01 +1\.1 +.*schematrons\/CI-SIS_LETTER_2024\.01\.sch/m);
  });
});

describe('an override', () => {
  test('in the folder says what the pack does not', () => {
    const folder = folderOf({ ...whole, [LETTER]: schematron([]) });
    const override = `id: renamed\nmodels:\n  - path: ${LETTER}\n    templates: ["1.7"]\n    edition: "2031.01"\n`;
    writeFileSync(join(folder, 'viaduc-pack.yaml'), override);
    const { id, choices } = JSON.parse(packs('show', folder, '--format', 'json').out);
    expect(id).toBe('renamed');
    expect(choices.models).toMatchObject([{ templates: ['1.7'], edition: '2031.01', model: 'LETTER' }]);
    expect(readFileSync(join(folder, 'viaduc-pack.yaml'), 'utf8')).toBe(override);
  });

  test.each([
    ['an unknown member', 'profile: []', 'profile'],
    ['a file that is not there', 'profiles: [schematrons/gone.sch]', 'gone.sch'],
    ['no YAML', 'models: [', 'viaduc-pack.yaml'],
  ])('with %s is refused', (_, text, told) => {
    const folder = folderOf({ ...whole, 'viaduc-pack.yaml': text });
    const { status, err } = packs('show', folder);
    expect(status).toBe(2);
    expect(err).toContain(told);
  });
});

describe('wrong use', () => {
  test.each([
    [['unknown', 'x']],
    [['add']],
    [['activate', 'nowhere']],
    [['activate', 'x', '--from', 'soon']],
  ])('packs %j ends with status 2', (args) => expect(packs(...args).status).toBe(2));
});
