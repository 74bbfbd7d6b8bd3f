import { expect, test } from 'vitest';
import { RuleSets } from '../../../src/validation/schematron/rule-sets.ts';
import { parseXml } from '../../../src/xml/parse.ts';
import { folderOf } from '../packs-made.ts';

const BOXES = '<all><!--one--><box>a<!--two-->b<?ink c?></box><box/></all>';

/** What a rule that always speaks says of each node of its context. */
function reported(context: string, message = 'x') {
  const rule = `<rule context="${context}"><report test="true()">${message}</report></rule>`;
  const rules = `<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2"><pattern>${rule}</pattern></schema>`;
  const folder = folderOf({ 'rules.sch': rules });
  const sets = RuleSets.open({ folder, pack: 'made', cache: null }, ['rules.sch']);
  return sets.judge(parseXml(Buffer.from(BOXES)), ['rules.sch']).findings;
}

// Saxon-HE 9.9 through the ISO skeleton points at the root when a rule is about the document.
test('the whole document is pointed at by its root', () => {
  expect(reported('/')).toMatchObject([{ location: '/all', line: 1, column: 1 }]);
});

test.each([
  ['text()', ['/all/box/text()', '/all/box/text()[2]']],
  ['comment()', ['/all/comment()', '/all/box/comment()']],
  ['processing-instruction()', ['/all/box/processing-instruction()']],
  ['box', ['/all/box', '/all/box[2]']],
])('%s is pointed at by its kind and number', (context, places) => {
  expect(reported(context).map(({ location }) => location)).toEqual(places);
});

test('a space that does not break is part of a message', () => {
  expect(reported('all', ' a\u00a0 \n b ').map(({ message }) => message)).toEqual(['a\u00a0 b']);
});
