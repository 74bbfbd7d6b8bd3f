import { expect, test } from 'vitest';
import { RuleSets } from '../../../src/validation/schematron/rule-sets.ts';
import { parseXml } from '../../../src/xml/parse.ts';
import { folderOf } from '../packs-made.ts';

function judged(rule: string, document: string, files: Record<string, string> = {}) {
  const rules = `<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2"><pattern>${rule}</pattern></schema>`;
  const folder = folderOf({ 'rules.sch': rules, ...files });
  const sets = RuleSets.open({ folder, pack: 'made', cache: null }, ['rules.sch']);
  const { findings, notEvaluated } = sets.judge(parseXml(Buffer.from(document)), ['rules.sch']);
  return {
    messages: findings.map(({ message }) => message),
    reasons: notEvaluated.map(({ reason }) => reason),
  };
}

// Saxon-HE 9.9 through the ISO skeleton says "A aa B" and "EF ghar i" of these two.
test('white space alone between the pieces of a message is dropped', () => {
  const two = '<assert test="false()">A <value-of select="name()"/> <value-of select="name()"/> B</assert>';
  const many =
    '<assert test="false()">E<emph> </emph>F <emph>g</emph> <emph>h</emph> <name/> <name path=".."/> i</assert>';
  expect(judged(`<rule context="a">${two}${many}</rule>`, '<r><a/></r>').messages).toEqual([
    'A aa B',
    'EF ghar i',
  ]);
});

test.each([
  ["document('absent.xml')//c[@code = $c]", ['no']],
  ["document('absent.xml')", ['no']],
  ["$c = document('absent.xml')/l/c/@code", ['no']],
  ["document('there.xml')//c[@code = $c]", []],
])('document() of a file that is not there gives nothing: %s', (expression, messages) => {
  const rule = `<rule context="a"><let name="c" value="@code"/><assert test="${expression}">no</assert></rule>`;
  const found = judged(rule, '<a code="1"/>', { 'there.xml': '<l><c code="1"/></l>' });
  expect(found.messages).toEqual(messages);
  expect(found.reasons.some((one) => one.includes('absent.xml'))).toBe(messages.length > 0);
});

test.each(["doc('absent.xml')//c[@code = $c]", "doc('absent.xml')", "document('../outside.xml')//c"])(
  'what needs a file that is not there, or leads out of the pack, is not evaluated: %s',
  (expression) => {
    const rule = `<rule context="a"><let name="c" value="@code"/><assert test="${expression}">no</assert><assert test="false()">next</assert></rule>`;
    const { messages, reasons } = judged(rule, '<a code="1"/>');
    expect(messages).toEqual(['next']);
    expect(reasons).toHaveLength(1);
  },
);

test('diagnostics say how to mend what was found', () => {
  const rules = `<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2"><pattern>
    <rule context="a"><assert test="@code" diagnostics="hint more">no code</assert></rule></pattern>
    <diagnostics><diagnostic id="hint">Give <name/> a code,</diagnostic><diagnostic id="more">as in
      <value-of select="../b/@code"/>.</diagnostic></diagnostics></schema>`;
  const sets = RuleSets.open({ folder: folderOf({ 'rules.sch': rules }), pack: 'made', cache: null }, [
    'rules.sch',
  ]);
  const [found] = sets.judge(parseXml(Buffer.from('<r><a/><b code="7"/></r>')), ['rules.sch']).findings;
  expect([found!.message, found!.remedy!.en]).toEqual(['no code', 'Give a a code, as in 7.']);
});

// What Saxon-HE 9.9 through the ISO skeleton says of position() and last(), in the order of the document.
test.each([
  ['a', ['1/6', '5/6', '6/6', '1/2', '2/2']],
  ['@*', ['1/8', '2/8', '1/2', '2/2']],
  ['@l', ['2/2']],
  ['/', ['1/1']],
  ['r', ['2/2']],
  ['*[2]', ['3/6', '2/2']],
  ['//a[3]', ['6/6']],
  ['a[position()=2]', ['3/4', '2/2']],
  ['a[last()]', ['4/4', '2/2']],
  ["a[last() and .!='@']", ['3/6', '5/6', '6/6', '1/2', '2/2']],
])(
  'a rule knows the place of its node among those that rules are applied to together: %s',
  (context, places) => {
    const document =
      '<?xml version="1.0"?><!--c0--><r n="1" m="2"> <a k="x" l="y">t1</a><!--c1--> <b/><?p q?><a/> tail<a><a/>u<a/></a></r>';
    const rule = `<rule context="${context}"><let name="p" value="position()"/><report test="position() = $p and last() ge 1"><value-of select="position()"/>/<value-of select="last()"/></report></rule>`;
    expect(judged(rule, document).messages).toEqual(places);
  },
);

test('asking for the place of every node of a long list stays linear', () => {
  const rule =
    '<rule context="a"><report test="position() = last()">last of <value-of select="last()"/></report></rule>';
  const began = process.threadCpuUsage();
  expect(judged(rule, `<r>${'<a/>'.repeat(100_000)}</r>`).messages).toEqual(['last of 100000']);
  expect(process.threadCpuUsage(began).user / 1e6).toBeLessThan(5);
});
