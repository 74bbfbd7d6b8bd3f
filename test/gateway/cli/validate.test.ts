import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseXml } from '../../../src/xml/parse.ts';
import { attribute, elementsOf } from '../../../src/xml/select.ts';
import { lastingFolderOf, MAIN, schema, schematron } from '../../validation/packs-made.ts';
import { type Ran, viaduc } from './command.ts';

/** A schema that knows three elements, so that a document can be valid by it. */
const SCHEMA = schema(`<xs:element name="ClinicalDocument"><xs:complexType><xs:sequence>
<xs:any minOccurs="0" maxOccurs="unbounded" processContents="lax"/></xs:sequence></xs:complexType></xs:element>
<xs:element name="title" type="xs:date"/>`);

const HEAD = `<id root="1.2.3"/><code code="L" codeSystem="1.2"/><effectiveTime value="20240131093000+0100"/>`;
const BODY = `<recordTarget><patientRole><id root="1.2.9" extension="1"/></patientRole></recordTarget>
<component><structuredBody><component><section/></component></structuredBody></component>`;
const document = (inside: string) =>
  `<ClinicalDocument xmlns="urn:hl7-org:v3">\n<templateId root="1.1"/>\n${inside}\n</ClinicalDocument>\n`;

let folder: string;
let pack: string;
const file = (name: string, content: string) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const run = (...args: string[]): Ran =>
  viaduc(['validate', '--pack', pack, ...args], { VIADUC_CACHE: join(folder, 'cache') });
const line = (text: string) => JSON.parse(text);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'viaduc-validate-'));
  pack = lastingFolderOf({
    [MAIN]: SCHEMA,
    'schematrons/profils/all.sch': schematron([]),
    'schematrons/CI-SIS_LETTER_2024.01.sch': schematron(["cda:templateId[@root='1.1']"]),
  });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(pack, { recursive: true });
});

describe('the time for one document', () => {
  const large = () => file('large.xml', document(`<title>2024-01-31</title>${'<a b="c"/>'.repeat(400_000)}`));

  test.each([[1], [20]])(
    'is bounded among %d files: what exceeds it is not judged, the others are',
    (count) => {
      const small = file('small.xml', document('<title>2024-01-31</title>'));
      const { status, out } = run(
        '--format',
        'json',
        '--budget',
        '0.4',
        large(),
        ...Array(count).fill(small),
      );
      expect(status).toBe(3);
      const [late, ...others] = out.trim().split('\n').map(line);
      expect(late).toMatchObject({ judgement: 'not-judged', valid: null });
      expect(late.findings).toMatchObject([{ code: 'checks.out-of-time' }]);
      expect(others.map(({ judgement }) => judgement)).toEqual(Array(count).fill('invalid'));
    },
  );

  test.each([['0'], ['soon'], ['-1']])('%s is no budget', (budget) => {
    expect(run('--budget', budget, file('one.xml', document('')))).toMatchObject({ status: 2 });
  });
});

describe('validate --format json', () => {
  test('is one object a file and line, with exactly the members that others script against', () => {
    const wrong = file('wrong.xml', document('<title>no date</title>\n<title>no date</title>'));
    const { status, out } = run('--format', 'json', wrong, file('cut.xml', '<ClinicalDocument'));
    expect(status).toBe(1);
    const [first, second] = out.trim().split('\n').map(line);
    expect(Object.keys(first)).toEqual([
      ...['file', 'judgement', 'valid', 'profile', 'findings', 'notEvaluated', 'ms'],
    ]);
    expect(first).toMatchObject({ file: wrong, judgement: 'invalid', valid: false });
    const titles = first.findings.filter(({ source }: { source: string }) => source === 'xsd');
    expect(titles.map(({ line: at }: { line: number }) => at)).toEqual([3, 4]);
    expect(Object.keys(titles[0])).toEqual([
      ...['code', 'severity', 'source', 'schema', 'message', 'location', 'line', 'column'],
    ]);
    expect(titles[1]).toMatchObject({ schema: 'CDA', location: '/ClinicalDocument/title[2]', column: 1 });
    const lines = first.findings.map(({ line: at }: { line: number }) => at);
    expect(lines).toEqual(lines.toSorted((a: number, b: number) => a - b));
    expect(second).toMatchObject({ judgement: 'invalid', findings: [{ source: 'xml', line: 1 }] });
  });

  test('names the pack with its hash, the model, the edition and the Schematrons', () => {
    const { out } = run('--format', 'json', file('letter.xml', document(HEAD + BODY)));
    expect(line(out).profile).toMatchObject({
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      model: 'LETTER',
      edition: '2024.01',
      chosenBy: 'header',
      schematrons: ['schematrons/profils/all.sch', 'schematrons/CI-SIS_LETTER_2024.01.sch'],
    });
  });
});

describe('validate --schematron', () => {
  test('replaces the automatic choice', () => {
    const letter = file('letter.xml', document(HEAD + BODY));
    const { out } = run('--schematron', './schematrons/profils/all.sch', '--format', 'json', letter);
    expect(line(out).profile).toMatchObject({
      chosenBy: 'request',
      schematrons: ['schematrons/profils/all.sch'],
    });
  });

  test.each(['schematrons/none.sch', '../outside.sch', '/etc/passwd'])('%s is wrong use', (path) => {
    const { status, err } = run('--schematron', path, file('letter.xml', document(HEAD)));
    expect(status).toBe(2);
    expect(err).toContain('validation.rules-unknown');
  });
});

describe('validate --schematron by an absolute path', () => {
  test('is the same as by its path in the pack', () => {
    const named = join(pack, 'schematrons', 'CI-SIS_LETTER_2024.01.sch');
    const { out } = run('--format', 'json', '--schematron', named, file('letter.xml', document(HEAD + BODY)));
    expect(line(out).profile.schematrons).toEqual(['schematrons/CI-SIS_LETTER_2024.01.sch']);
  });
});

describe('validate as text', () => {
  test('tells identical findings once, with the lines, and points at the first', () => {
    const long = `${' '.repeat(200)}<title>no date</title>`;
    const { out } = run(file('twice.xml', document(`<title>no date</title>\n${long}`)));
    const told = out.split('\n').filter((one) => one.includes('[xsd.'));
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/ × 2 \(lignes 3, 4\)$/);
    const at = out.split('\n').findIndex((one) => one.includes('│ <title>no date</title>'));
    const [excerpt, caret] = out.split('\n').slice(at, at + 2);
    expect(caret!.indexOf('^')).toBe(excerpt!.indexOf('<title>'));
  });

  test('has colours only where they are wanted', () => {
    const wrong = file('wrong.xml', document('<title>no date</title>'));
    const coloured = viaduc(['validate', '--pack', pack, wrong], { NO_COLOR: '', FORCE_COLOR: '1' });
    expect(coloured.out).toContain('\u001b[31m');
    expect(run(wrong).out).not.toContain('\u001b');
  });
});

describe('validate --format svrl', () => {
  /** Order and required attributes of ISO/IEC 19757-3, annex D. */
  function checkOutput(output: ReturnType<typeof elementsOf>[number]): void {
    const parts = elementsOf(output);
    expect(output.name).toMatchObject({ local: 'schematron-output', ns: 'http://purl.oclc.org/dsdl/svrl' });
    expect(parts.map(({ name }) => `${name.local} `).join('')).toMatch(
      /^(text )*(ns-prefix-in-attribute-values )*(active-pattern (fired-rule (failed-assert |successful-report )*)+)+$/,
    );
    for (const part of parts) {
      if (part.name.local === 'fired-rule') expect(attribute(part, 'context')).toBeTruthy();
      if (!/assert|report/.test(part.name.local)) continue;
      expect(attribute(part, 'test')).toBeTruthy();
      expect(attribute(part, 'location')).toMatch(/^\/(\*:ClinicalDocument|$)/);
      expect(elementsOf(part).map(({ name }) => name.local)).toEqual(['text']);
    }
  }

  test('is a report in the form of the standard', () => {
    const { out, status } = run('--format', 'svrl', file('wrong.xml', document('<title>no date</title>')));
    expect(status).toBe(1);
    const { root } = parseXml(Buffer.from(out));
    checkOutput(root);
    const failed = elementsOf(root).filter(({ name }) => name.local === 'failed-assert');
    expect(failed.map((one) => attribute(one, 'location'))).toContain('/*:ClinicalDocument/*:title');
  });

  test('of several files is one document, or a file each', () => {
    const files = [file('a.xml', document(HEAD)), file('b.xml', document('<title>no date</title>'))];
    const { root } = parseXml(Buffer.from(run('--format', 'svrl', ...files).out));
    expect(elementsOf(root)).toHaveLength(2);
    for (const output of elementsOf(root)) checkOutput(output);
    const target = join(folder, 'reports');
    run('--format', 'svrl', '--output', target, ...files);
    expect(readdirSync(target)).toEqual(['a.xml.svrl', 'b.xml.svrl']);
    checkOutput(parseXml(readFileSync(join(target, 'b.xml.svrl'))).root);
  });
});

describe('many files', () => {
  test('are judged at once and told in their order', () => {
    const many = join(folder, 'many');
    const names = Array.from({ length: 20 }, (_, index) => `${String(index).padStart(2, '0')}.xml`);
    const made = lastingFolderOf(
      Object.fromEntries(names.map((name) => [name, document(`<!-- ${name} -->${HEAD}`)])),
    );
    const { out } = run('--format', 'json', made);
    const told = out
      .trim()
      .split('\n')
      .map((one) => line(one).file);
    expect(told).toEqual(names.map((name) => join(made, name)));
    rmSync(made, { recursive: true });
    rmSync(many, { recursive: true, force: true });
  });
});

describe('what cannot be read', () => {
  test('is told, the rest is judged, and the status is 2', () => {
    const { status, out, err } = run(
      '--format',
      'json',
      join(folder, 'none.xml'),
      file('letter.xml', document(HEAD + BODY)),
    );
    expect(status).toBe(2);
    expect(out.trim().split('\n').map(line)).toMatchObject([{ judgement: 'valid' }]);
    expect(err).toContain(`${join(folder, 'none.xml')} cannot be read: there is no such file or folder`);
  });

  test('is also a folder without any XML file', () => {
    const empty = mkdtempSync(join(folder, 'empty-'));
    const { status, err } = run(empty);
    expect(status).toBe(2);
    expect(err).toContain('the folder holds no XML file');
  });
});

describe('wrong use', () => {
  test.each([
    ['no file', []],
    ['a file that is not there', ['nowhere.xml']],
    ['an unknown format', ['--format', 'pdf', 'package.json']],
  ])('%s ends with status 2', (_, args) => {
    expect(viaduc(['validate', ...args]).status).toBe(2);
  });

  test('a pack that is none ends with status 2', () => {
    const { status, err } = viaduc(['validate', '--pack', folder, 'package.json']);
    expect(status).toBe(2);
    expect(err).toContain('validation.pack-not-a-pack');
  });
});
