import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadDefinition, readDefinition } from '../../src/indicators/definitions.ts';
import { DefinitionError } from '../../src/indicators/errors.ts';
import { indicatorLimits } from '../../src/indicators/limits.ts';
import { DEFAULT_SETTINGS, SettingsSchema } from '../../src/indicators/settings.ts';
import { isViaducError } from '../../src/words/errors.ts';
import { figure, report, resultIn, stays, suiviContinu, sunEs } from './facts.ts';

const path = join(import.meta.dirname, '..', '..', 'profiles', 'indicators', 'sun-es.yaml');
const text = readFileSync(path, 'utf8');

function problemsOf(changed: string): { line: number; path: string; en: string }[] {
  try {
    readDefinition(Buffer.from(changed), 'changed.yaml');
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    return error.problems.map(({ line, path, message }) => ({ line, path, en: message.en }));
  }
  return [];
}

/** The file with one place changed, and the line of that place. */
function changed(from: string, to: string): { text: string; line: number } {
  expect(text.split(from).length, `${from} stands once or more`).toBeGreaterThan(1);
  return { text: text.replace(from, to), line: text.slice(0, text.indexOf(from)).split('\n').length };
}

describe('the programme SUN-ES', () => {
  const TARGETS: Record<string, (number | true | null)[]> = {
    'DS1.1': [49, 59, 64, 69],
    'DS1.2': [40, 48, 59, 63],
    'DS1.3': [49, 59, 64, 69],
    'DS1.4': [null, 50, 50, 50],
    DS2: [45, 54, 59, 63],
    DS3: [45, 54, 59, 63],
    'DS4.1': [null, 42, 49, 56],
    'DS4.2': [null, 42, 49, 56],
    'DS4.3': [null, true, true, true],
  };

  test('has its nine indicators', () => {
    expect(sunEs.indicators.map(({ code }) => code)).toEqual(Object.keys(TARGETS));
  });

  test.each(Object.entries(TARGETS))('%s has the targets of the four windows', (code, targets) => {
    const found = ['F1', 'F2', 'F3', 'F4'].map((window) => figure(code, {}, { window }).target);
    expect(found).toEqual(targets);
    const measured = ['F1', 'F2', 'F3', 'F4'].map(
      (window) => figure(code, {}, { window }).notComputableBecause !== 'not-measured-in-window',
    );
    expect(measured).toEqual(targets.map((target) => target !== null));
  });

  test('only DS1.4 is official; the whole is a working definition', () => {
    expect(sunEs.indicators.filter(({ status }) => status === 'official').map(({ code }) => code)).toEqual([
      'DS1.4',
    ]);
    expect(report({}).definition).toMatchObject({ id: 'sun-es', status: 'working' });
  });

  test('DS1.3 and DS1.4 are the bonus', () => {
    expect(
      report({})
        .indicators.filter(({ bonus }) => bonus)
        .map(({ code }) => code),
    ).toEqual(['DS1.3', 'DS1.4']);
  });

  test('names every setting, with the default that the engine has', () => {
    expect(sunEs.settings).toEqual(DEFAULT_SETTINGS);
    expect(Object.values(SettingsSchema.properties).filter((one) => !('description' in one))).toEqual([]);
  });

  test('is known by the digest of its bytes', () => {
    expect(sunEs.sha256).toBe(createHash('sha256').update(readFileSync(path)).digest('hex'));
  });
});

describe('continuous follow-up', () => {
  test('counts the same things in the same way', () => {
    const withoutTargets = ({ target: _, targets: __, ...rest }: (typeof sunEs.indicators)[number]) => rest;
    expect(suiviContinu.indicators.map(withoutTargets)).toEqual(sunEs.indicators.map(withoutTargets));
    expect(suiviContinu.settings).toEqual(sunEs.settings);
    expect(suiviContinu.readings).toEqual(sunEs.readings);
  });

  test('judges nothing until the establishment sets a target', () => {
    const facts = { stays: stays(2) };
    expect(figure('DS1.1', facts, { definition: suiviContinu })).toMatchObject({
      denominator: 2,
      target: null,
      met: null,
    });
    const own = structuredClone(suiviContinu);
    own.indicators[0]!.target = 60;
    expect(figure('DS1.1', facts, { definition: own })).toMatchObject({ target: 60, met: false });
  });

  test('answers for the current half-year', () => {
    const current = report({}, { definition: suiviContinu, window: 'current', asOf: '2026-10-01T00:00:00Z' });
    expect(current).toMatchObject({
      window: '2026-S2',
      from: '2026-07-01',
      to: '2026-12-31',
      judgedBy: null,
    });
    expect(current).not.toHaveProperty('period');
  });
});

describe('a wrong definition is refused with the line and the path', () => {
  test.each([
    ['a setting that does not exist', 'graceDays: 0', 'gracedays: 0', '/settings/gracedays'],
    [
      'a setting out of its range',
      'graceDays: 0',
      `graceDays: ${indicatorLimits.graceDays.value + 1}`,
      '/settings/graceDays',
    ],
    [
      'a choice that does not exist',
      'replacementDate: first',
      'replacementDate: middle',
      '/settings/replacementDate',
    ],
    [
      'a rule that does not exist',
      'numerator: units-fed',
      'numerator: units-sent',
      '/indicators/0/numerator',
    ],
    ['a target above 100', 'F1: 49', 'F1: 149', '/indicators/0/targets/F1'],
    ['a target of no window', 'F1: 49', 'F9: 49', '/indicators/0/targets/F9'],
    ['a day that does not exist', 'from: 2022-01-01', 'from: 2022-02-30', '/windows/0'],
    ['windows that overlap', 'to: 2022-12-31', 'to: 2023-01-31', '/windows/2'],
    [
      'a code system that is no OID',
      'codeSystem: 2.16.840.1.113883.6.1',
      'codeSystem: LOINC',
      '/indicators/0/documents/0/codeSystem',
    ],
    [
      'a switch that is no setting',
      'when: acceptStayReports',
      'when: acceptAll',
      '/indicators/0/documents/1/when',
    ],
    ['a type that must never count', 'code: 34112-3', 'code: 18761-7', '/indicators/0/documents/1/code'],
    ['an indicator twice', 'code: DS1.2', 'code: DS1.1', '/indicators/1/code'],
    ['rules that do not agree', 'unit: stay', 'unit: exam', '/indicators/0'],
    ['a date of another thing', 'date: discharged', 'date: validated', '/indicators/0'],
    ['an exam rule without kind', 'examKind: BIO', 'bonus: false', '/indicators/4'],
    [
      'a reading of no indicator',
      'indicators: { DS3: { unit: exam } }',
      'indicators: { DS9: { unit: exam } }',
      '/readings/2/indicators/DS9',
    ],
    ['how far a mail came, of what is no mail', 'bonus: true', 'counts: accepted', '/indicators/2/counts'],
    ['a reach that does not exist', 'counts: relayed', 'counts: read', '/indicators/6/counts'],
    [
      'a reach of a reading, of what is no mail',
      'DS3: { unit: exam }',
      'DS3: { unit: exam, counts: accepted }',
      '/readings/2/indicators/DS3/counts',
    ],
    ['a version that is a number', 'version: "2022-06-14.2"', 'version: 1.0', '/version'],
  ])('%s', (_, from, to, where) => {
    const wrong = changed(from, to);
    const problems = problemsOf(wrong.text);
    expect(problems.map((one) => one.path)).toContain(where);
    const at = problems.find((one) => one.path === where)!;
    expect(
      Math.abs(at.line - wrong.line),
      `line ${at.line} for a change in line ${wrong.line}`,
    ).toBeLessThanOrEqual(where.split('/').length > 3 || where.startsWith('/settings') ? 0 : 12);
  });

  test('all problems are told at once', () => {
    const twice = text.replace('graceDays: 0', 'graceDays: -1').replace('F1: 49', 'F1: 0');
    expect(problemsOf(twice).map((one) => one.path)).toEqual([
      '/settings/graceDays',
      '/indicators/0/targets/F1',
    ]);
    expect(problemsOf(changed('replacementDate: first', 'replacementDate: middle').text)[0]!.en).toBe(
      'must be one of first, last',
    );
    expect(problemsOf(changed('    status: working\n', '').text)).toMatchObject([
      { path: '/indicators/0', en: 'status is missing' },
    ]);
  });

  test('what is not YAML, with its line', () => {
    expect(problemsOf('id: a\nversion: "1\nlabel: x\n')[0]).toMatchObject({ path: '/' });
    expect(problemsOf('id: a\nid: b\n')[0]).toMatchObject({ line: 2 });
    expect(problemsOf('')[0]!.line).toBe(1);
  });

  test('aliases that multiply', () => {
    const levels = Array.from(
      { length: 9 },
      (_, at) => `a${at + 1}: &a${at + 1} [${Array(9).fill(`*a${at}`)}]`,
    );
    expect(problemsOf(`a0: &a0 [x]\n${levels.join('\n')}\n`)[0]!.en).toMatch(/alias/i);
  });

  test('a file that is too large, at the cap and one byte above', () => {
    const { value } = indicatorLimits.definitionBytes;
    const padded = (size: number) => Buffer.from(text + '#'.repeat(size - Buffer.byteLength(text)));
    expect(readDefinition(padded(value), 'x.yaml').id).toBe('sun-es');
    expect(() => readDefinition(padded(value + 1), 'x.yaml')).toThrow('could not be read');
  });

  test('a file that is not there', async () => {
    const error = await loadDefinition('/nowhere/none.yaml').catch((reason: unknown) => reason);
    expect(isViaducError(error, 'indicators.definition-unreadable')).toBe(true);
  });
});

describe('settings of a tenant', () => {
  test('go over those of the definition and are shown', () => {
    const changed = report({}, { settings: { excludeSessions: false }, graceDays: 3 });
    expect(changed.settings).toMatchObject({ excludeSessions: false, graceDays: 3, excludeEmergency: true });
    expect(changed.graceDays).toBe(3);
  });

  test.each([[{ excludeSession: false }], [{ graceDays: 400 }], [{ replacementDate: 'never' }]])(
    '%o is refused',
    (settings) => {
      expect(() => report({}, { settings: settings as object })).toThrow(/Setting/);
    },
  );

  test('the longest grace is taken, one day more is not', () => {
    const { value } = indicatorLimits.graceDays;
    expect(report({}, { graceDays: value }).graceDays).toBe(value);
    expect(() => report({}, { graceDays: value + 1 })).toThrow(/graceDays/);
  });

  test('readings of the definition are computed beside on demand', () => {
    const facts = { stays: [...stays(3), ...stays(1, { stayNo: 'R1', isSession: true })] };
    const across = resultIn(report(facts, { acrossVariants: true }), 'DS1.1').acrossVariants!;
    expect(across.map(({ reading }) => reading)).toEqual(sunEs.readings!.map(({ id }) => id));
    expect(across.find(({ reading }) => reading === 'with-sessions')).toMatchObject({
      numerator: 0,
      denominator: 4,
      met: false,
    });
    expect(figure('DS1.1', facts)).not.toHaveProperty('acrossVariants');
  });
});
