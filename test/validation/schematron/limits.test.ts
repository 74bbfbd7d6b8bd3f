import { expect, test } from 'vitest';
import { validationLimits } from '../../../src/validation/limits.ts';
import { substitution } from '../../../src/validation/schematron/parameters.ts';
import { RuleSets } from '../../../src/validation/schematron/rule-sets.ts';
import { STEP_WEIGHT } from '../../../src/validation/xpath/ast.ts';
import { translateRegex } from '../../../src/validation/xpath/regex.ts';
import { arithmetic } from '../../../src/validation/xpath/runtime/arithmetic.ts';
import { parseXml } from '../../../src/xml/parse.ts';
import { folderOf } from '../packs-made.ts';
import { evaluated } from '../xpath/evaluate.ts';

const NAMESPACE = 'xmlns="http://purl.oclc.org/dsdl/schematron"';
const GOOD = '<pattern><rule context="a"><assert test="false()">good</assert></rule></pattern>';

function judged(inside: string, files: Readonly<Record<string, string>> = {}, document = '<a/>') {
  const rules = `<schema ${NAMESPACE} queryBinding="xslt2">${inside}</schema>`;
  const folder = folderOf({ 'rules.sch': rules, ...files });
  const sets = RuleSets.open({ folder, pack: 'made', cache: null }, ['rules.sch']);
  return sets.judge(parseXml(Buffer.from(document)), ['rules.sch']);
}

const reasons = (found: ReturnType<typeof judged>) => found.notEvaluated.map(({ reason }) => reason);
const messages = (found: ReturnType<typeof judged>) => found.findings.map(({ message }) => message);

test('schematronIncludes', () => {
  const { value } = validationLimits.schematronIncludes;
  const files = { 'part.sch': `<title ${NAMESPACE}>part</title>` };
  const including = (count: number) => judged('<include href="part.sch"/>'.repeat(count) + GOOD, files);
  expect(including(value).notEvaluated).toEqual([]);
  const beyond = including(value + 1);
  expect(reasons(beyond)).toEqual(['too many includes']);
  expect(messages(beyond)).toEqual(['good']);
});

test('schematronIncludeDepth', () => {
  const { value } = validationLimits.schematronIncludeDepth;
  const deep = (depth: number) => {
    const parts = Array.from({ length: depth - 1 }, (_, at) => [
      `f${at + 1}.sch`,
      `<include ${NAMESPACE} href="f${at + 2}.sch"/>`,
    ]);
    const last = [`f${depth}.sch`, GOOD.replace('<pattern', `<pattern ${NAMESPACE}`)];
    return judged('<include href="f1.sch"/>', Object.fromEntries([...parts, last]));
  };
  expect(messages(deep(value))).toEqual(['good']);
  const beyond = deep(value + 1);
  expect(messages(beyond)).toEqual([]);
  expect(reasons(beyond)).toEqual(['too many includes']);
});

test('schematronExtensions', () => {
  const { value } = validationLimits.schematronExtensions;
  const chain = (length: number) => {
    const rules = Array.from({ length }, (_, at) => {
      const inside =
        at === length - 1 ? '<assert test="false()">inner</assert>' : `<extends rule="r${at + 1}"/>`;
      return `<rule abstract="true" id="r${at}">${inside}</rule>`;
    });
    return judged(`<pattern>${rules.join('')}<rule context="a"><extends rule="r0"/></rule></pattern>`);
  };
  expect(messages(chain(value))).toEqual(['inner']);
  const beyond = chain(value + 1);
  expect(messages(beyond)).toEqual([]);
  expect(reasons(beyond)).toEqual([expect.stringContaining('are a loop')]);
});

test('schematronFailures: what is not listed is counted, and is as grave as it was', () => {
  const { value } = validationLimits.schematronFailures;
  const rules =
    '<pattern><rule context="b"><assert test="false()" role="warning">w</assert></rule><rule context="c"><assert test="false()">e</assert></rule></pattern>';
  const failing = (count: number, after = '') =>
    judged(rules, {}, `<a>${'<b/>'.repeat(count)}${after}</a>`).findings;
  expect(new Set(failing(value).map(({ code }) => code))).toEqual(new Set(['schematron.assert']));
  expect(failing(value)).toHaveLength(value);
  expect(failing(value + 1).at(-1)).toMatchObject({
    code: 'schematron.too-many',
    severity: 'warning',
    schema: 'rules',
  });
  const withError = failing(value, '<c/><b/>');
  expect(withError).toHaveLength(value + 1);
  expect(withError.at(-1)).toMatchObject({ code: 'schematron.too-many', severity: 'error' });
  expect(withError.at(-1)!.detail).toContain('2 more failures of rules');
});

test('expressionLevels', () => {
  const { value } = validationLimits.expressionLevels;
  const nested = (levels: number) => `${'('.repeat(levels - 1)}1${')'.repeat(levels - 1)}`;
  expect(evaluated(nested(value), 'codes')).toEqual([['integer', '1']]);
  expect(() => evaluated(nested(value + 1), 'codes')).toThrow('levels deep');
});

test('expressionDepth', () => {
  const { value } = validationLimits.expressionDepth;
  for (const [operator, operand] of [
    ['or', 'false()'],
    ['and', 'true()'],
    ['+', '1'],
    ['|', '*'],
    ['||', "'a'"],
    ['/', 'self::*'],
    ['!', '.'],
    ['=>', 'string()'],
  ] as const) {
    const chain = (links: number) => Array.from({ length: links }, () => operand).join(` ${operator} `);
    const asking = (links: number) =>
      judged(
        `<pattern><rule context="a"><report test="exists(${chain(links)})">x</report></rule></pattern>${GOOD}`,
      );
    const weight = '/!'.includes(operator) ? STEP_WEIGHT : 1;
    expect([operator, reasons(asking((value - 100) / weight))]).toEqual([operator, []]);
    expect([operator, reasons(asking(value / weight + 1))[0]]).toEqual([
      operator,
      expect.stringContaining('in one chain'),
    ]);
    const beyond = asking(20_000);
    expect([operator, messages(beyond)]).toEqual([operator, ['good']]);
    expect(reasons(beyond)[0]).toContain('operators in one chain');
  }
});

test('expressionCharacters', () => {
  const { value } = validationLimits.expressionCharacters;
  const filled = (length: number) =>
    substitution([
      { name: 'long', value: `${'x'.repeat(length - '$more'.length)}$more` },
      { name: 'more', value: 'y' },
    ])('$long');
  expect(filled(value).endsWith('xy')).toBe(true);
  expect(filled(value + 1).endsWith('x$more')).toBe(true);
});

test('regexCharacters and regexRepetitions', () => {
  const { regexCharacters, regexRepetitions } = validationLimits;
  expect(translateRegex('a'.repeat(regexCharacters.value), '').test('a')).toBe(false);
  expect(() => translateRegex('a'.repeat(regexCharacters.value + 1), '')).toThrow('FORX0002');
  for (const written of ['{N}', '{N,}', '{1,N}']) {
    const repeated = (count: number) => `a${written.replace('N', String(count))}`;
    expect(() => translateRegex(repeated(regexRepetitions.value), '')).not.toThrow();
    expect(() => translateRegex(repeated(regexRepetitions.value + 1), '')).toThrow('FORX0002');
  }
});

test('riskedCharacters', () => {
  const { value } = validationLimits.riskedCharacters;
  const asked = (length: number) => evaluated(`matches("${'b'.repeat(length)}", "^(a|a)+\\1$")`, 'codes');
  expect(asked(value)).toEqual([['boolean', 'false']]);
  expect(() => asked(value + 1)).toThrow('FOER0000');
});

test('stringCharacters', () => {
  const { value } = validationLimits.stringCharacters;
  const [times, long] = [1024, 'x'.repeat(value / 1024)];
  const made = (text: string) => evaluated(`string-length(replace("${text}", "a", "${long}"))`, 'codes');
  expect(made('a'.repeat(times))).toEqual([['integer', String(value)]]);
  expect(() => made(`${'a'.repeat(times)}b`)).toThrow('FOER0000');
});

test('rangeItems', () => {
  const { value } = validationLimits.rangeItems;
  expect(evaluated(`count(1 to ${value})`, 'codes')).toEqual([['integer', String(value)]]);
  expect(() => evaluated(`count(1 to ${value + 1})`, 'codes')).toThrow('FOAR0002');
});

test('integerDigits and integerBits', () => {
  const { integerDigits, integerBits } = validationLimits;
  const cast = (digits: number) => evaluated(`xs:integer("${'1'.repeat(digits)}")`, 'codes');
  expect(cast(integerDigits.value)).toEqual([['integer', '1'.repeat(integerDigits.value)]]);
  expect(() => cast(integerDigits.value + 1)).toThrow('FORG0001');
  const half = 1n << BigInt(integerBits.value / 2);
  expect(arithmetic('*', half, half)).toBe(1n << BigInt(integerBits.value));
  expect(() => arithmetic('*', half, half + 1n)).toThrow('FOAR0002');
});
