import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guarded, isMet, truncatedPercent } from '../../src/indicators/figure.ts';
import type { Stay } from '../../src/words/stay.ts';
import {
  deposit,
  EG,
  EJ,
  exam,
  type Facts,
  figure,
  fraction,
  letter,
  NIR_TEST,
  OTHER_EG,
  type Over,
  prescription,
  report,
  resultIn,
  stay,
  stays,
  sunEs,
} from './facts.ts';

describe('a percentage', () => {
  test.each([
    [4896, 10_000, '48.9'],
    [98, 200, '49.0'],
    [25, 51, '49.0'],
    [1, 3, '33.3'],
    [2, 3, '66.6'],
    [999_999, 1_000_000, '99.9'],
    [5, 5, '100.0'],
    [0, 7, '0.0'],
    [1, 2001, '0.0'],
  ])('%i of %i is shown as %s', (numerator, denominator, shown) => {
    expect(truncatedPercent(numerator, denominator)).toBe(shown);
  });

  test('of nothing is none', () => {
    expect(truncatedPercent(0, 0)).toBeNull();
  });

  test('is never above the fraction and less than a tenth below', () => {
    const counts = fc.tuple(fc.integer({ min: 1, max: 2 ** 43 }), fc.nat({ max: 2 ** 31 - 1 }));
    fc.assert(
      fc.property(counts, ([denominator, share]) => {
        const numerator = Math.min(denominator, Math.floor((denominator / 2 ** 31) * share));
        const tenths = BigInt(truncatedPercent(numerator, denominator)!.replace('.', ''));
        const [exact, one] = [BigInt(numerator) * 1000n, BigInt(denominator)];
        expect(tenths * one <= exact && exact < (tenths + 1n) * one).toBe(true);
      }),
    );
  });

  test('that reads below its target is not met, one that is met never reads below', () => {
    const counts = fc.tuple(fc.integer({ min: 1, max: 100_000 }), fc.nat(), fc.integer({ min: 1, max: 100 }));
    fc.assert(
      fc.property(counts, ([denominator, seed, target]) => {
        const numerator = seed % (denominator + 1);
        const reached = Number(truncatedPercent(numerator, denominator)) >= target;
        expect(isMet(guarded(numerator, denominator), target, 'at-least')).toBe(reached);
      }),
    );
  });
});

describe('a target', () => {
  test('is met at equality unless the reading says above', () => {
    expect(isMet(guarded(49, 100), 49, 'at-least')).toBe(true);
    expect(isMet(guarded(49, 100), 49, 'above')).toBe(false);
    expect(isMet(guarded(50, 100), 49, 'above')).toBe(true);
  });

  test('is neither met nor missed without target or without denominator', () => {
    expect(isMet(guarded(49, 100), null, 'at-least')).toBeNull();
    expect(isMet(guarded(0, 0), 49, 'at-least')).toBeNull();
  });

  test('of yes or no is met by one piece of evidence', () => {
    expect([guarded(1, 1), guarded(0, 1)].map((one) => isMet(one, true, 'at-least'))).toEqual([true, false]);
  });
});

describe('what cannot be judged', () => {
  test('nothing in the denominator is not applicable, neither 0 % nor 100 %', () => {
    const ds13 = figure('DS1.3', { stays: stays(5), documents: [letter('S1', { typeCode: '34874-8' })] });
    expect(ds13).toMatchObject({
      ...{ numerator: 0, denominator: 0, percent: null, met: null, notComputableBecause: 'not-applicable' },
    });
    expect(
      fraction('DS1.3', {
        stays: stays(5, { hasSurgery: true }),
        documents: [letter('S1', { typeCode: '34874-8' })],
      }),
    ).toEqual([1, 5]);
  });

  test('all stays of the period excluded is not applicable, no stay of the period is unknown', () => {
    const facts = { stays: stays(3, { class: 'E' }) };
    expect(figure('DS1.1', facts)).toMatchObject({
      notComputableBecause: 'not-applicable',
      excluded: { emergency: 3 },
    });
    expect(figure('DS1.1', facts, { period: '2022-05' }).notComputableBecause).toBe('denominator-unknown');
  });

  test('more documents than stays is a configuration error, with both numbers', () => {
    const byDocument = structuredClone(sunEs);
    byDocument.indicators[0]!.numerator = 'documents-fed';
    const facts = { stays: stays(2), documents: [letter('S1'), letter('S1'), letter('S1')] };
    expect(figure('DS1.1', facts, { definition: byDocument })).toMatchObject({
      ...{ numerator: 3, denominator: 2, met: null, notComputableBecause: 'numerator-above-denominator' },
    });
  });

  test('an indicator outside its scope is not measured there', () => {
    const legalOnly = structuredClone(sunEs);
    legalOnly.indicators[0]!.scope = ['EJ'];
    const facts = { stays: stays(2) };
    expect(figure('DS1.1', facts, { definition: legalOnly }).notComputableBecause).toBe('scope-not-measured');
    expect(fraction('DS1.1', facts, { definition: legalOnly, scope: { level: 'EJ' } })).toEqual([0, 2]);
  });
});

describe('the denominator', () => {
  test.each<[string, Partial<Stay>, keyof typeof sunEs.settings, string]>([
    ['sessions by class', { class: 'R' }, 'excludeSessions', 'sessions'],
    ['sessions by mark', { isSession: true }, 'excludeSessions', 'sessions'],
    ['emergency', { class: 'E' }, 'excludeEmergency', 'emergency'],
    ['consultations', { class: 'N' }, 'excludeOutPatients', 'out-patients'],
    ['out-patients', { class: 'O' }, 'excludeOutPatients', 'out-patients'],
    ['deaths', { dischargeMode: '9' }, 'excludeDeaths', 'deaths'],
    ['newborns', { motherStayNo: 'M1' }, 'excludeNewborns', 'newborns'],
  ])('%s leave or stay by their setting, and are told apart', (_, over, setting, name) => {
    const facts = { stays: [stay('S1'), stay('S2', over)] };
    const excluded = figure('DS1.1', facts, { settings: { [setting]: true } });
    const kept = figure('DS1.1', facts, { settings: { [setting]: false } });
    expect(excluded).toMatchObject({ denominator: 1, excluded: { [name]: 1 }, beside: {} });
    expect(kept).toMatchObject({ denominator: 2, excluded: {}, beside: { [name]: 1 } });
  });

  test.each([
    ['secret', 'secret', 1],
    ['opposed', 'opposed', 2],
    ['foreign-without-ins', 'foreign-without-ins', 2],
  ] as const)('a stay marked %s leaves it or not by default', (mark, name, denominator) => {
    const marks = [{ finessEg: EG, stayNo: 'S1', mark }];
    const ds11 = figure('DS1.1', { stays: stays(2), marks });
    expect(ds11.denominator).toBe(denominator);
    expect({ ...ds11.excluded, ...ds11.beside }).toEqual({ [name]: 1 });
  });

  test('an open stay, or one discharged after the instant of knowledge, is not in it', () => {
    const facts = {
      stays: [
        stay('S1', { dischargedAt: null }),
        stay('S2'),
        stay('S3', { dischargedAt: '2022-06-28T10:00:00.000Z' }),
      ],
    };
    expect(fraction('DS1.1', facts)).toEqual([0, 2]);
    expect(fraction('DS1.1', facts, { asOf: '2022-06-20T00:00:00Z' })).toEqual([0, 1]);
    expect(report(facts, { asOf: '2022-06-20T00:00:00Z' }).observedUntil).toBe('2022-06-20T00:00:00.000Z');
    expect(report(facts).observedUntil).toBe('2022-06-30T22:00:00.000Z');
  });

  test('by admission date takes stays closed since, none that is still open', () => {
    const reading = (asOf: string) =>
      figure('DS1.1', { stays: stays(1) }, { asOf, acrossVariants: true }).acrossVariants!.find(
        ({ reading: id }) => id === 'admission-date',
      )!.denominator;
    expect(reading('2022-06-15T11:59:59.999Z')).toBeNull();
    expect(reading('2022-06-15T12:00:00Z')).toBe(1);
  });

  test('a letter that came before the discharge counts when the stay closes', () => {
    const early = [letter('S1', { deliveredAt: '2022-06-12T10:00:00.000Z' })];
    expect(
      fraction('DS1.1', { stays: [stay('S1', { dischargedAt: null }), stay('S2')], documents: early }),
    ).toEqual([0, 1]);
    expect(fraction('DS1.1', { stays: [stay('S1'), stay('S2')], documents: early })).toEqual([1, 2]);
  });
});

describe('a discharge prescription', () => {
  test.each([
    ['20220613140000+0200', 1],
    ['20220613135959+0200', 0],
    ['20220617140000+0200', 1],
    ['20220617140001+0200', 0],
    ['20220613', 1],
    ['20220612', 0],
    ['20220617', 1],
    ['20220618', 0],
    ['20220615120000', 1],
    [null, 0],
    ['soon', 0],
  ])('dated %s counts %i for a discharge on 15 June at 14:00', (effectiveTime, counts) => {
    const documents = [prescription('S1', { effectiveTime })];
    expect(fraction('DS1.2', { stays: stays(1), documents })).toEqual([counts, 1]);
  });

  test('that is dated elsewhere says so', () => {
    const documents = [prescription('S1', { effectiveTime: '20220601' })];
    expect(report({ stays: stays(1), documents }).open('DS1.2').lacking[0]!.documents[0]!.because).toBe(
      'dated-elsewhere',
    );
  });

  test('of another type counts by setting only', () => {
    const facts = { stays: stays(1), documents: [prescription('S1', { typeCode: '57828-6' })] };
    expect(fraction('DS1.2', facts)).toEqual([0, 1]);
    expect(fraction('DS1.2', facts, { settings: { acceptOtherPrescriptions: true } })).toEqual([1, 1]);
  });

  test('counts by templates that must be there', () => {
    const withTemplate = structuredClone(sunEs);
    withTemplate.indicators[0]!.documents![0]!.templates = { all: ['1.2.250.1.213.1.1.1.29', '1.2.3'] };
    const templateIds = ['1.2.3', '1.2.4', '1.2.250.1.213.1.1.1.29'];
    const facts = { stays: stays(2), documents: [letter('S1'), letter('S2', { templateIds })] };
    expect(report(facts, { definition: withTemplate }).open('DS1.1').counted).toMatchObject([
      { key: `${EG}/S2` },
    ]);
  });

  test('code of another system is not the same code', () => {
    const documents = [letter('S1', { typeCodeSystem: '1.2.3' }), letter('S1', { typeCodeSystem: null })];
    expect(fraction('DS1.1', { stays: stays(1), documents })).toEqual([0, 1]);
  });
});

describe('the scope', () => {
  const both = [stay('S1'), stay('S1', { finessEg: OTHER_EG }), stay('S2', { finessEg: OTHER_EG })];
  const facts = { stays: both, documents: [letter('S1')] };
  const of = (scope: Over['scope']) => fraction('DS1.1', facts, scope ? { scope } : {});

  test('is one site or the legal entity', () => {
    expect(of({ level: 'EG', finess: EG })).toEqual([1, 1]);
    expect(of({ level: 'EG', finess: OTHER_EG })).toEqual([0, 2]);
    expect(of({ level: 'EJ' })).toEqual([1, 3]);
    expect(of({ level: 'EJ', finess: EJ })).toEqual([1, 3]);
  });

  test('of another establishment is refused', () => {
    expect(() => of({ level: 'EG', finess: '750000001' })).toThrow(/no EG of this establishment/);
    expect(() => of({ level: 'EJ', finess: EG })).toThrow(/no EJ of this establishment/);
    expect(() => of({ level: 'EG' })).toThrow(/2 sites/);
  });

  test('never takes stays of another legal entity', () => {
    const foreign = { stays: [stay('S1', { finessEj: '750000001' }), stay('S2')] };
    expect(fraction('DS1.1', foreign, { scope: { level: 'EJ' } })).toEqual([0, 1]);
  });

  test('of a site without facts does not take deposits that name no site', () => {
    const nowhere = report(
      { stays: [stay('S1')], documents: [deposit()] },
      { scope: { level: 'EG', finess: OTHER_EG } },
    );
    expect(resultIn(nowhere, 'DS1.1').coverage!.total).toBe(0);
  });
});

describe('a transfer between sites', () => {
  const patient = 'p';
  const first = stay('A', { patient, dischargedAt: '2022-06-15T10:00:00.000Z' });
  const then = {
    patient,
    finessEg: OTHER_EG,
    admittedAt: '2022-06-15T11:00:00.000Z',
    dischargedAt: '2022-06-20T10:00:00.000Z',
  };
  const joined: Over = { scope: { level: 'EJ' }, settings: { transfersBetweenSites: 'joined' } };
  const documents = [letter('A')];

  test('makes two stays, or one when the setting joins them, fed by the letter of either', () => {
    const facts = { stays: [stay('B', then), first], documents };
    expect(fraction('DS1.1', facts, { scope: { level: 'EJ' } })).toEqual([1, 2]);
    expect(fraction('DS1.1', facts, joined)).toEqual([1, 1]);
    expect(report(facts, joined).open('DS1.1').counted[0]!.members).toEqual([`${EG}/A`, `${OTHER_EG}/B`]);
    expect(fraction('DS1.1', facts, { settings: { transfersBetweenSites: 'joined' } })).toEqual([1, 1]);
  });

  test('belongs to the period of the last discharge', () => {
    const facts = {
      stays: [first, stay('B', { ...then, dischargedAt: '2022-07-03T10:00:00.000Z' })],
      documents,
    };
    expect(figure('DS1.1', facts, joined).notComputableBecause).toBe('denominator-unknown');
    expect(fraction('DS1.1', facts, { ...joined, period: '2022-07' })).toEqual([1, 1]);
  });

  test('is none in the same site, of another patient, or later than the setting says', () => {
    const count = (over: Partial<Stay>) =>
      fraction('DS1.1', { stays: [first, stay('B', { ...then, ...over })] }, joined)[1];
    expect(count({})).toBe(1);
    expect(count({ finessEg: EG })).toBe(2);
    expect(count({ patient: 'q' })).toBe(2);
    expect(count({ finessEj: '750000001' })).toBe(1);
    expect(
      fraction('DS1.1', { stays: [first, stay('B', { ...then, finessEj: '750000001' })] }, joined),
    ).toEqual([0, 1]);
    expect(count({ admittedAt: '2022-06-16T10:00:00.000Z' })).toBe(1);
    expect(count({ admittedAt: '2022-06-16T10:00:00.001Z' })).toBe(2);
  });
});

describe('coverage', () => {
  const documents = [...Array.from({ length: 19 }, (_, at) => letter(`S${at + 1}`)), letter('S99')];

  test('is the share of deposits of the period that a known stay has, low under 95 %', () => {
    const ds11 = figure('DS1.1', { stays: stays(19), documents });
    expect(ds11.coverage).toEqual({
      linked: 19,
      inferred: 0,
      unlinked: 1,
      total: 20,
      percent: '95.0',
      low: false,
    });
    const less = figure('DS1.1', { stays: stays(18), documents });
    expect(less.coverage).toMatchObject({ linked: 18, percent: '90.0', low: true });
  });

  test('is about the types of the indicator and the days of the period only', () => {
    const others = [
      letter('S99', { typeCode: '18761-7' }),
      letter('S99', { deliveredAt: '2022-07-02T10:00:00.000Z' }),
    ];
    expect(figure('DS1.1', { stays: stays(1), documents: others }).coverage).toMatchObject({
      total: 0,
      percent: null,
      low: false,
    });
  });
});

describe('a report', () => {
  const facts: Facts = {
    stays: [...stays(3), stay('S3')],
    documents: [letter('S2'), letter('S9'), letter('S1', { identityRoot: NIR_TEST })],
    exams: [exam('R1')],
  };

  test('says what it was computed from', () => {
    expect(report(facts)).toMatchObject({
      ...{ period: '2022-06', from: '2022-06-01', to: '2022-06-30', judgedBy: 'F1', zone: 'Europe/Paris' },
      ...{ scope: { level: 'EG', finess: EG }, variant: 'official', graceDays: 0, environment: 'production' },
      ...{ mark: null, frozen: false, asOf: '2023-06-01T00:00:00.000Z' },
      facts: { stays: 3, exams: 1, documents: 2, otherEnvironment: 1, repeated: 1 },
    });
  });

  test('is JSON without the way to open it', () => {
    const { open: _, ...figures } = report(facts);
    expect(JSON.parse(JSON.stringify(report(facts)))).toEqual(figures);
  });

  test('opens into stays with their documents, those that lack one, and the unlinked', () => {
    expect(report(facts).open('DS1.1')).toMatchObject({
      ...{ code: 'DS1.1', unit: 'stay', inferred: [] },
      counted: [
        {
          key: `${EG}/S2`,
          at: '2022-06-15T12:00:00.000Z',
          documents: [{ counts: true, because: null, link: 'number' }],
        },
      ],
      lacking: [
        { key: `${EG}/S1`, documents: [] },
        { key: `${EG}/S3`, documents: [] },
      ],
      unlinked: [{ link: 'unknown-stay', finessEg: EG }],
    });
  });

  test('opens by page and by list', () => {
    const { lacking, counted } = report({ stays: stays(5) }).open('DS1.1', {
      lists: ['lacking'],
      offset: 1,
      limit: 2,
    });
    expect(lacking.map(({ key }) => key)).toEqual([`${EG}/S2`, `${EG}/S3`]);
    expect(counted).toEqual([]);
  });

  test('opens in the order of dates, not of numbers', () => {
    const later = stay('S1', { dischargedAt: '2022-06-20T12:00:00.000Z' });
    const { lacking } = report({ stays: [later, stay('S2'), stay('S3')] }).open('DS1.1');
    expect(lacking.map(({ key }) => key.split('/')[1])).toEqual(['S2', 'S3', 'S1']);
  });

  test('opens what was not computed into nothing, and refuses an unknown code', () => {
    expect(report(facts).open('DS4.1')).toMatchObject({ counted: [], lacking: [] });
    expect(() => report(facts).open('DS9')).toThrow(/DS9/);
  });

  test('holds no patient and no person', () => {
    const whole = { ...report(facts), opened: report(facts).open('DS1.1') };
    expect(JSON.stringify(whole)).not.toContain('patient of');
  });

  test('refuses an instant of knowledge that cannot be read', () => {
    expect(() => report(facts, { asOf: 'today' })).toThrow(/asOf/);
  });
});
