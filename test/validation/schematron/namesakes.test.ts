import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RuleSets } from '../../../src/validation/schematron/rule-sets.ts';
import { parseXml } from '../../../src/xml/parse.ts';
import { folderOf } from '../packs-made.ts';

/** Of the forms that the agency's rules use. */
const KEYED = [
  '$others[@root = $root][empty($extension)]',
  '$others[@root = $root][@extension = $extension]',
  '$others[$root = @root and @extension = $extension]',
  '$others[not(@nullFlavor)]',
  '$others[. = $text]',
  "$others[string-join((.//@use | .//text()), '') = $text]",
];

/** Of forms that no index answers, or that may fail. */
const OTHER = [
  '$others[@root = (@extension, $root)]',
  '$others[part = $parts]',
  '$others[2]',
  '$others[@root = $root][1]',
  '$others[xs:integer(@extension) = 1]',
  '$others[@root = $root][@extension = current()/@extension]',
];

/** The siblings of the same name, written as the agency's rules do; and in a way that is evaluated node by node. */
const AS_WRITTEN = 'preceding-sibling::*[local-name()=$name] | following-sibling::*[local-name() = $name]';
const ONE_BY_ONE = '(preceding-sibling::* | following-sibling::*)[local-name() = $name]';

function rules(others: string, asked: readonly string[]): RuleSets {
  const lets = [
    ['name', 'local-name()'],
    ['root', '@root'],
    ['extension', '@extension'],
    ['text', 'string(.)'],
    ['parts', 'part'],
    ['others', others],
  ].map(([name, value]) => `<let name="${name}" value="${value}"/>`);
  const tests = asked.map((one, number) => `<report test="${one}">${number}</report>`);
  const rule = (context: string) => `<rule context="${context}">${lets.join('')}${tests.join('')}</rule>`;
  const text = `<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2"><pattern>${['id', 'name', 'top', '@use', 'text()'].map(rule).join('')}</pattern></schema>`;
  return RuleSets.open({ folder: folderOf({ 'rules.sch': text }), pack: 'made', cache: null }, ['rules.sch']);
}

const attribute = (name: string) => fc.constantFrom('', ` ${name}="1"`, ` ${name}="2"`, ` ${name}=""`);

const element = fc
  .tuple(
    fc.constantFrom('id', 'name', 'other'),
    fc.tuple(...['root', 'extension', 'nullFlavor'].map(attribute)).map((all) => all.join('')),
    fc.constantFrom('', 't', '<part>1</part>', '<part>2</part><part use="t">1</part>', '<!-- t -->'),
  )
  .map(([name, attributes, inside]) => `<${name}${attributes}>${inside}</${name}>`);

/** Few siblings are looked at one by one, many are found by an index. */
const siblings = fc.oneof(
  fc.array(element, { maxLength: 6 }),
  fc.array(element, { minLength: 33, maxLength: 50 }),
);

const said = (sets: RuleSets, document: string) =>
  sets
    .judge(parseXml(Buffer.from(document)), ['rules.sch'])
    .findings.map(({ location, message }) => `${location} ${message}`);

test('asking for siblings of the same name finds what looking at each finds', () => {
  const [indexed, plain] = [AS_WRITTEN, ONE_BY_ONE].map((one) => rules(one, [...KEYED, ...OTHER]));
  fc.assert(
    fc.property(siblings, (all) => {
      const document = `<top>${all.join('')}</top>`;
      expect(said(indexed!, document)).toEqual(said(plain!, document));
    }),
    { numRuns: 150 },
  );
});

test('twenty thousand identifiers beside each other are compared in the time of the test', () => {
  const sets = rules(AS_WRITTEN, KEYED);
  const ids = Array.from({ length: 20_000 }, (_, at) => {
    const number = at % 19_999;
    return `<id root="r${number}" nullFlavor="NI">t${number}</id>`;
  });
  const document = `<top>${ids.join('')}</top>`;
  const { findings } = sets.judge(parseXml(Buffer.from(document)), ['rules.sch']);
  const ends = [document.indexOf('<id'), document.lastIndexOf('<id')].map((at) => at + 1);
  expect(new Set(findings.map(({ column }) => column))).toEqual(new Set(ends));
});
