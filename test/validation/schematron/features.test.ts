import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Judged, RuleSets } from '../../../src/validation/schematron/rule-sets.ts';
import { parseXml } from '../../../src/xml/parse.ts';

const top = mkdtempSync(join(tmpdir(), 'viaduc-schematron-'));
afterAll(() => rmSync(top, { recursive: true }));

const schema = (inside: string, attributes = '') =>
  `<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2" ${attributes}>${inside}</schema>`;
const part = (inside: string) =>
  inside.replace(/^<(\w+)/, '<$1 xmlns="http://purl.oclc.org/dsdl/schematron"');

let packs = 0;

function opened(files: Readonly<Record<string, string>>): RuleSets {
  packs += 1;
  const folder = join(top, `pack${packs}`);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return RuleSets.open({ folder, pack: 'made', cache: null }, ['rules.sch']);
}

function judged(files: string | Readonly<Record<string, string>>, document: string): Judged {
  const sets = opened(typeof files === 'string' ? { 'rules.sch': files } : files);
  return sets.judge(parseXml(Buffer.from(document)), ['rules.sch']);
}

const said = (files: string | Readonly<Record<string, string>>, document: string) =>
  judged(files, document).findings.map(({ location, message }) => `${location} ${message}`);

describe('contexts', () => {
  const all = (context: string, document: string) =>
    said(
      schema(`<pattern><rule context="${context}"><report test="true()">.</report></rule></pattern>`),
      document,
    );

  test.each([
    ['b', ['/a/b', '/a/c/b']],
    ['/a/b', ['/a/b']],
    ['//c//b', ['/a/c/b']],
    ['c/b | a', ['/a', '/a/c/b']],
    ['*[@n]', ['/a/b']],
    ['@n', ['/a/b/@n']],
    ['b/@*', ['/a/b/@n']],
    ['text()', ['/a/c/b/text()']],
    ['comment()', ['/a/comment()']],
    ['processing-instruction()', ['/a/processing-instruction()']],
    ['/', ['/a']],
    ['a/*[2]', ['/a/c']],
    ['a/*[last()]', ['/a/c']],
    ["*[count(ancestor::*) = 2][.='t']", ['/a/c/b']],
  ])('%s', (context, places) => {
    const found = all(context, '<a><b n="1"/><!--x--><?p q?><c><b>t</b></c></a>');
    expect(found.map((one) => one.slice(0, -2)).sort()).toEqual(places.toSorted());
  });

  test('of one pattern: the first rule that matches is the only one', () => {
    const rules =
      '<rule context="b[@n]"><report test="1">first</report></rule><rule context="b"><report test="1">second</report></rule>';
    expect(
      said(schema(`<pattern>${rules}</pattern><pattern>${rules}</pattern>`), '<a><b n=""/><b/></a>'),
    ).toEqual(['/a/b first', '/a/b first', '/a/b[2] second', '/a/b[2] second']);
  });

  test('that name a templateId are found by any of several', () => {
    const rule = (root: string) =>
      `<pattern><rule context="*[templateId/@root='${root}']"><report test="1">${root}</report></rule></pattern>`;
    const document =
      '<a><s><templateId root="1"/><templateId root="2"/></s><s><templateId root="2"/></s></a>';
    expect(said(schema(['1', '2', '3'].map(rule).join('')), document)).toEqual([
      '/a/s 1',
      '/a/s 2',
      '/a/s[2] 2',
    ]);
  });
});

describe('lets', () => {
  test('of schema, pattern and rule, the nearest one first, those of a pattern known to all', () => {
    const rules = schema(`<let name="x" value="'schema'"/><let name="y" value="count(//b)"/>
      <pattern><let name="z" value="'pattern'"/></pattern>
      <pattern><rule context="a"><let name="x" value="@n"/>
        <report test="$y = 2"><value-of select="$x"/> <value-of select="$y"/> <value-of select="$z"/></report></rule></pattern>`);
    expect(said(rules, '<a n="own"><b/><b/></a>')).toEqual(['/a own2pattern']);
  });

  test('that fail do no harm where they are not asked for', () => {
    const rules = schema(`<pattern><rule context="b"><let name="x" value="xs:integer(@n)"/>
      <report test="@n = '0' or $x = 1">one</report></rule></pattern>`);
    const { findings, notEvaluated } = judged(rules, '<a><b n="0"/><b n="1"/><b n="no"/></a>');
    expect(findings.map(({ location }) => location)).toEqual(['/a/b', '/a/b[2]']);
    expect(notEvaluated).toEqual([
      { rule: 'rules rules.sch:2 report', reason: expect.stringContaining('FORG0001') },
    ]);
  });
});

describe('what is put together', () => {
  test('abstract patterns take parameters, abstract rules are extended', () => {
    const rules = schema(`<pattern abstract="true" id="has"><rule context="$where"><extends rule="named"/>
        <assert test="$what">no <value-of select="$label"/></assert></rule></pattern>
      <pattern><rule abstract="true" id="named"><let name="own" value="name()"/><assert test="@n"><value-of select="$own"/> unnamed</assert></rule></pattern>
      <pattern is-a="has"><param name="where" value="b"/><param name="what" value="c"/><param name="label" value="'c'"/></pattern>`);
    expect(said(rules, '<a><b n="1"><c/></b><b/></a>')).toEqual(['/a/b[2] b unnamed', '/a/b[2] no c']);
  });

  test('the default phase says which patterns are active', () => {
    const pattern = (id: string) =>
      `<pattern id="${id}"><rule context="a"><report test="1">${id}</report></rule></pattern>`;
    const phase = '<phase id="p"><active pattern="two"/></phase>';
    expect(said(schema(phase + pattern('one') + pattern('two'), 'defaultPhase="p"'), '<a/>')).toEqual([
      '/a two',
    ]);
  });

  test('files are included at any level', () => {
    const files = {
      'rules.sch': schema('<include href="parts/pattern.sch"/>'),
      'parts/pattern.sch': part('<pattern><include href="rule.sch"/></pattern>'),
      'parts/rule.sch': part('<rule context="a"><report test="1">included</report></rule>'),
    };
    expect(said(files, '<a/>')).toEqual(['/a included']);
    expect(opened(files).explain('rules.sch#0')).toMatchObject({
      file: 'parts/rule.sch',
      line: 1,
      context: 'a',
      test: '1',
    });
  });
});

describe('findings', () => {
  test('have the severity of role or flag, and the place of the subject', () => {
    const rules = schema(`<pattern><rule context="a"><assert test="0" role="warning">w</assert>
      <assert test="0" flag="info">i</assert><report test="1" subject="b">r</report></rule></pattern>`);
    const { findings } = judged(rules, '<a>\n <b/></a>');
    expect(findings.map(({ code, severity, line, location }) => [code, severity, line, location])).toEqual([
      ['schematron.assert', 'warning', 1, '/a'],
      ['schematron.assert', 'info', 1, '/a'],
      ['schematron.report', 'error', 2, '/a/b'],
    ]);
  });

  test('fold the white space of their message, drop what stands alone as the reference does, and keep markup as text', () => {
    const rules = schema(`<pattern><rule context="b"><assert test="0">
      The <emph>element</emph> <name/>  has
      <value-of select="tokenize(@n, ' ')"/>.</assert></rule></pattern>`);
    expect(said(rules, '<a><b n="1 2"/></a>')).toEqual(['/a/b The elementb has 1 2.']);
  });
});

describe('documents of the pack', () => {
  const table = '<t><e k="1" v="a"/><e k="1" v="b"/><e k="2" v="a"/></t>';
  const rule = (test: string) =>
    schema(
      `<pattern><rule context="b"><let name="k" value="@k"/><let name="v" value="@v"/><assert test="${test}">no</assert></rule></pattern>`,
    );
  const places = (test: string, document: string) =>
    said({ 'rules.sch': rule(test), 'codes/t.xml': table }, document);

  test.each([
    ["doc('codes/t.xml')//e[@k=$k and @v=$v]", ['/a/b[3] no', '/a/b[4] no']],
    ["document('codes/t.xml')/t/e[@k=$k][@v=$v]", ['/a/b[3] no', '/a/b[4] no']],
    ["@k = doc('codes/t.xml')//e/@k", ['/a/b[4] no']],
    ["concat(@k, @v) = doc('codes/t.xml')//e/concat(@k, @v)", ['/a/b[3] no', '/a/b[4] no']],
    ["doc('codes/t.xml')//e[@v='b'][@k=$k]", ['/a/b[3] no', '/a/b[4] no']],
    ["not(doc-available('codes/none.xml'))", []],
  ])('%s', (expression, expected) => {
    expect(places(expression, '<a><b k="1" v="a"/><b k="1" v="b"/><b k="2" v="b"/><b/></a>')).toEqual(
      expected,
    );
  });

  test('that are missing are told when the pack is opened, and the rest is evaluated', () => {
    const rules = schema(
      `<pattern><rule context="b"><assert test="@k = doc('none.xml')//e">m</assert><assert test="0">other</assert></rule></pattern>`,
    );
    const { findings, notEvaluated } = judged(rules, '<a><b/></a>');
    expect(findings.map(({ message }) => message)).toEqual(['other']);
    expect(notEvaluated).toEqual([
      { rule: 'rules rules.sch:1 assert', reason: 'the file none.xml is missing from the pack' },
    ]);
  });

  test.each([
    '../secret.xml',
    '/etc/hostname',
    'http://example.org/x.xml',
    'file:///etc/hostname',
    'x/../../secret.xml',
  ])('outside the pack are never read: %s', (address) => {
    writeFileSync(join(top, 'secret.xml'), '<e>k</e>');
    const { findings, notEvaluated } = judged(rule(`doc('${address}')`), '<a><b/></a>');
    expect(findings).toEqual([]);
    expect(notEvaluated).toHaveLength(1);
    const named = judged(rule('doc-available(@v)'), `<a><b v="${address}"/></a>`);
    expect(named.findings).toHaveLength(1);
  });
});

describe('bad rules', () => {
  test.each([
    ['a[', 'is expected'],
    ['$x', 'the variable $x is not defined'],
    ['f:g()', 'the prefix f is not bound'],
    ['unparsed-text(@n)', 'unparsed-text() is not supported'],
    ["matches(@n, '(')", 'FORX0002'],
    [`${'('.repeat(5000)}1${')'.repeat(5000)}`, 'levels deep'],
    ['namespace::*', 'the axis namespace is not supported'],
  ])('are told with file, line and expression, and the others are evaluated: %s', (expression, reason) => {
    const rules = schema(
      `<pattern><rule context="a">\n<assert test="${expression}">bad</assert>\n<assert test="0">good</assert></rule></pattern>`,
    );
    const { findings, notEvaluated } = judged(rules, '<a/>');
    expect(findings.map(({ message }) => message)).toEqual(['good']);
    expect(notEvaluated).toEqual([
      { rule: 'rules rules.sch:2 assert', reason: expect.stringContaining(reason) },
    ]);
  });

  test.each([
    ['loops', { 'a.sch': part('<pattern><include href="a.sch"/></pattern>') }, 'is a loop'],
    ['missing files', {}, 'is missing'],
    ['files that are not XML', { 'a.sch': '<pattern>' }, 'not well formed'],
  ])('includes: %s', (_what, files, reason) => {
    const rules = schema(
      '<include href="a.sch"/><pattern><rule context="a"><assert test="0">good</assert></rule></pattern>',
    );
    const { findings, notEvaluated } = judged({ 'rules.sch': rules, ...files }, '<a/>');
    expect(findings.map(({ message }) => message)).toEqual(['good']);
    expect(notEvaluated.map((one) => one.reason).join()).toContain(reason);
  });

  test('an include that leads out of the pack is refused', () => {
    const { notEvaluated } = judged(schema('<include href="../secret.sch"/>'), '<a/>');
    expect(notEvaluated[0]!.reason).toContain('out of the pack');
  });

  test('a file that is not XML, or not there, is a PackError', () => {
    expect(() => opened({ 'rules.sch': '<schema>' })).toThrow('cannot be read');
    expect(() => opened({ 'other.sch': '' })).toThrow('is missing');
  });
});
