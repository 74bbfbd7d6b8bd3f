import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RuleSets } from '../../../src/validation/schematron/rule-sets.ts';
import { parseXml } from '../../../src/xml/parse.ts';
import { expression } from '../xpath/expressions.ts';

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const { element } = fc.letrec<Record<'element' | 'content', string>>((tie) => ({
  content: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('', ' ', 'text', 'é€', '<!-- c -->', '<?pi d?>', '<![CDATA[<a>]]>', '&#x1F600;'),
    tie('element'),
  ),
  element: fc
    .tuple(
      fc.constantFrom('a', 's:concept', 'list'),
      fc.constantFrom('', ' code="1"', ' code=""', ' code="M1" system="1.2"', ' display="Deux  mots"'),
      fc.array(tie('content'), { maxLength: 4 }),
    )
    .map(([name, attributes, content]) => `<${name}${attributes}>${content.join('')}</${name}>`),
}));

const rule = fc
  .tuple(
    fc.constantFrom(
      '*',
      's:concept',
      'a/list',
      '//a[@code]',
      '@code',
      'text()',
      '/',
      's:concept | a',
      'a[2]',
    ),
    fc.array(fc.tuple(fc.constantFrom('assert', 'report'), expression, expression), {
      minLength: 1,
      maxLength: 3,
    }),
  )
  .map(([context, assertions]) => {
    const inner = assertions.map(
      ([kind, asked, told]) =>
        `<${kind} test="${escaped(asked)}">said <value-of select="${escaped(told)}"/></${kind}>`,
    );
    return `<rule context="${escaped(context)}"><let name="x" value="@code"/>${inner.join('')}</rule>`;
  });

const schema = fc
  .array(fc.array(rule, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 2 })
  .map((patterns) => patterns.map((rules) => `<pattern>${rules.join('')}</pattern>`).join(''));

test('any Schematron judges any document: every assertion is evaluated, or said not to be', () => {
  const folder = mkdtempSync(join(tmpdir(), 'viaduc-generated-'));
  try {
    fc.assert(
      fc.property(schema, element, (patterns, root) => {
        const head =
          '<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2"><ns prefix="s" uri="urn:example:set"/>';
        writeFileSync(join(folder, 'rules.sch'), `${head}${patterns}</schema>`);
        const sets = RuleSets.open({ folder, pack: 'made', cache: null }, ['rules.sch']);
        const document = parseXml(Buffer.from(`<r xmlns:s="urn:example:set">${root}</r>`));
        const { findings, notEvaluated } = sets.judge(document, ['rules.sch']);
        for (const { line, location } of findings) {
          expect(line).toBeGreaterThan(0);
          expect(location).toMatch(/^\//);
        }
        for (const { rule: named, reason } of notEvaluated) {
          expect(named).toMatch(/^rules rules\.sch:\d+/);
          expect(reason).not.toBe('');
        }
      }),
      { numRuns: 400 },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
