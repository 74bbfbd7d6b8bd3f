import { describe, expect, test } from 'vitest';
import { readDefinition } from '../../src/indicators/definitions.ts';
import type { DeliveredDocument } from '../../src/words/figures.ts';
import {
  biology,
  deletion,
  deposit,
  exam,
  figure,
  fraction,
  imaging,
  letter,
  mail,
  NIR_TEST,
  prescription,
  reference,
  replacement,
  report,
  resultIn,
  stay,
  stays,
  suiviContinu,
  sunEs,
} from './facts.ts';

const letters = (count: number): DeliveredDocument[] =>
  Array.from({ length: count }, (_, index) => letter(`S${index + 1}`));

/** Golden scenarios, or the part of one, that need more than facts already accepted: the room that shows them. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  G10: 'door: refusal of a test INS in production',
  G18: 'door: type check',
  G23: 'door: opposed patient',
  G24: 'door: identity without INS',
  G26: 'stay history',
  G27: 'stay history',
  G28: 'stay history',
  G29: 'stay history',
};

const HERE: Readonly<Record<string, () => void>> = {
  'G1 98 of 200 stays with a letter meet F1'() {
    const ds11 = figure('DS1.1', { stays: stays(200), documents: letters(98) });
    expect(ds11).toMatchObject({ numerator: 98, denominator: 200, target: 49, met: true, percent: '49.0' });
  },
  'G2 97 of 200 do not, and never show 49'() {
    const ds11 = figure('DS1.1', { stays: stays(200), documents: letters(97) });
    expect(ds11).toMatchObject({ numerator: 97, denominator: 200, met: false, percent: '48.5' });
  },
  'G3 25 of 51 meet 49 by integers'() {
    const ds11 = figure('DS1.1', { stays: stays(51), documents: letters(25) });
    expect(ds11).toMatchObject({ numerator: 25, denominator: 51, met: true, percent: '49.0' });
  },
  'G4 five letters of one stay count once'() {
    const documents = Array.from({ length: 5 }, () => letter('S3'));
    expect(fraction('DS1.1', { stays: stays(10), documents })).toEqual([1, 10]);
  },
  'G5 a deleted letter leaves the stay without one'() {
    const documents = letters(98);
    documents.push(deletion(documents[0]!));
    expect(fraction('DS1.1', { stays: stays(200), documents })).toEqual([97, 200]);
  },
  'G6 unless the stay has a second one'() {
    const documents = letters(98);
    documents.push(deletion(documents[0]!), letter('S1'));
    expect(fraction('DS1.1', { stays: stays(200), documents })).toEqual([98, 200]);
  },
  'G7 a letter replaced twice counts once'() {
    const first = letter('S1');
    const second = replacement(first);
    const documents = [first, second, replacement(second, { deliveredAt: '2022-06-18T08:00:00.000Z' })];
    expect(fraction('DS1.1', { stays: stays(10), documents })).toEqual([1, 10]);
  },
  'G8 a refused replacement is no fact: the letter still counts'() {
    expect(fraction('DS1.1', { stays: stays(10), documents: letters(1) })).toEqual([1, 10]);
  },
  'G9 a deposit that already existed counts once'() {
    const first = letter('S1');
    const again = {
      ...first,
      submission: 'again',
      delivery: 'again',
      deliveredAt: '2022-06-20T08:00:00.000Z',
    };
    expect(fraction('DS1.1', { stays: stays(10), documents: [first, again] })).toEqual([1, 10]);
  },
  'G10 a test INS counts in the test environment only'() {
    const facts = { stays: stays(10), documents: [letter('S1', { identityRoot: NIR_TEST })] };
    expect(fraction('DS1.1', facts, { environment: 'production' })).toEqual([0, 10]);
    expect(fraction('DS1.1', facts, { environment: 'test' })).toEqual([1, 10]);
    expect(report(facts, { environment: 'production' }).facts.otherEnvironment).toBe(1);
    expect(report(facts, { environment: 'test' }).mark).toBe('DONNÉES DE TEST');
  },
  'G11 accepted at 00:02 after the period: by grace or live only'() {
    const facts = {
      stays: [stay('S1', { dischargedAt: '2022-06-30T21:30:00.000Z' })],
      documents: [letter('S1', { deliveredAt: '2022-06-30T22:02:00.000Z' })],
    };
    expect(fraction('DS1.1', facts, { graceDays: 0 })).toEqual([0, 1]);
    expect(fraction('DS1.1', facts, { graceDays: 1 })).toEqual([1, 1]);
    expect(fraction('DS1.1', facts, { variant: 'live' })).toEqual([1, 1]);
    const [lacking] = report(facts).open('DS1.1').lacking;
    expect(lacking!.documents).toMatchObject([{ counts: false, because: 'late' }]);
  },
  'G12 discharged on 31 May at 23:59 local is not of June'() {
    const facts = { stays: [stay('S1', { dischargedAt: '2022-05-31T21:59:00.000Z' }), stay('S2')] };
    expect(fraction('DS1.1', facts)).toEqual([0, 1]);
    expect(fraction('DS1.1', facts, { period: '2022-05' })).toEqual([0, 1]);
  },
  'G13 discharged on 1 July at 00:30 local is not of June'() {
    const facts = { stays: [stay('S1', { dischargedAt: '2022-06-30T22:30:00.000Z' }), stay('S2')] };
    expect(fraction('DS1.1', facts)).toEqual([0, 1]);
    expect(fraction('DS1.1', facts, { period: '2022-07' })).toEqual([0, 1]);
  },
  'G14 a prescription dated ten days before discharge is not one of discharge'() {
    const documents = [prescription('S1', { effectiveTime: '20220605140000+0200' })];
    expect(fraction('DS1.2', { stays: stays(2), documents })).toEqual([0, 2]);
    expect(fraction('DS1.2', { stays: stays(2), documents: [prescription('S1')] })).toEqual([1, 2]);
  },
  'G15 biology of level 1 alone does not count'() {
    const documents = [biology('R1', { level: 1, templateIds: ['1.3.6.1.4.1.19376.1.2.20'] })];
    expect(fraction('DS2', { exams: [exam('R1')], documents })).toEqual([0, 1]);
  },
  'G16 level 1 and level 3 of one request count once'() {
    const pdf = biology('R1', { level: 1, templateIds: ['1.3.6.1.4.1.19376.1.2.20'] });
    const facts = { exams: [exam('R1')], documents: [pdf, biology('R1')] };
    expect(fraction('DS2', facts)).toEqual([1, 1]);
    expect(
      report(facts)
        .open('DS2')
        .counted[0]!.documents.map(({ level }) => level),
    ).toEqual([3]);
  },
  'G17 an oncology form that shares the imaging code does not count'() {
    const exams = [
      exam('I1', { kind: 'IMG', studyUid: '1.2.3' }),
      exam('I2', { kind: 'IMG', studyUid: '1.2.4' }),
    ];
    const documents = [
      imaging({ exams: ['1.2.3'], templateIds: ['1.2.250.1.213.1.1.1.27'] }),
      imaging({ exams: ['1.2.4'] }),
    ];
    expect(fraction('DS3', { exams, documents })).toEqual([1, 2]);
  },
  'G18 a document of type 11504-8 counts nowhere, and no definition can map it to DS1.3'() {
    const facts = {
      stays: stays(2, { hasSurgery: true }),
      documents: [letter('S1', { typeCode: '11504-8' })],
    };
    expect(report(facts).indicators.map(({ numerator }) => numerator || 0)).toEqual(Array(9).fill(0));
    expect(sunEs.indicators[2]!.refused).toMatchObject([{ code: '11504-8' }]);
  },
  'G19 a transfer note does not change DS1.1'() {
    const documents = [letter('S1'), letter('S2', { typeCode: '18761-7' })];
    expect(fraction('DS1.1', { stays: stays(5), documents })).toEqual([1, 5]);
  },
  'G20 a cancelled stay leaves both, its document joins the unlinked'() {
    const documents = [letter('S1'), letter('S9')];
    const figures = report({ stays: stays(3), documents });
    expect(resultIn(figures, 'DS1.1')).toMatchObject({
      numerator: 1,
      denominator: 3,
      coverage: { unlinked: 1 },
    });
    expect(figures.open('DS1.1').unlinked).toMatchObject([
      { uniqueId: documents[1]!.uniqueId, link: 'unknown-stay' },
    ]);
  },
  'G21 a discharge cancelled and repeated in July is of July'() {
    const facts = { stays: [stay('S1', { dischargedAt: '2022-07-02T10:00:00.000Z' })] };
    expect(figure('DS1.1', facts).notComputableBecause).toBe('denominator-unknown');
    expect(fraction('DS1.1', facts, { period: '2022-07' })).toEqual([0, 1]);
  },
  'G22 stays of two merged patients are summed, none is lost'() {
    const documents = [letter('S1'), letter('S2')];
    expect(fraction('DS1.1', { stays: stays(4, { patient: 'merged' }), documents })).toEqual([2, 4]);
  },
  'G23 an opposed patient stays in the denominator, and is shown beside'() {
    const marks = [{ finessEg: stay('S1').finessEg, stayNo: 'S1', mark: 'opposed' as const }];
    const facts = { stays: stays(4), documents: letters(4).slice(1), marks };
    expect(figure('DS1.1', facts)).toMatchObject({ numerator: 3, denominator: 4, beside: { opposed: 1 } });
    expect(fraction('DS1.1', facts, { settings: { excludeOpposed: true } })).toEqual([3, 3]);
  },
  'G24 a delivery without INS does not count'() {
    const documents = [letter('S1', { identityRoot: null })];
    expect(fraction('DS1.1', { stays: stays(2), documents })).toEqual([0, 2]);
  },
  'G25 deposits without stays never make a percentage'() {
    const ds11 = figure('DS1.1', { documents: letters(40) });
    expect(ds11).toMatchObject({ numerator: null, denominator: null, met: null, percent: null });
    expect(ds11.notComputableBecause).toBe('denominator-unknown');
  },
  'G30 a second version of the definition lowers the target, both figures stand'() {
    const text = JSON.stringify({
      ...{ id: 'sun-es', version: '2', label: { fr: 'x', en: 'x' }, settings: {} },
      windows: sunEs.windows,
      indicators: [{ ...sunEs.indicators[0], targets: { F1: 45 } }],
    });
    const second = readDefinition(Buffer.from(text), 'second.yaml');
    const facts = { stays: stays(200), documents: letters(97) };
    const results = [sunEs, second].map((definition) => report(facts, { definition }));
    expect(results.map((one) => resultIn(one, 'DS1.1').met)).toEqual([false, true]);
    expect(new Set(results.map((one) => one.definition.sha256)).size).toBe(2);
  },
  'G31 DS4.2 is not measured in F1'() {
    const ds42 = figure('DS4.2', { stays: stays(2) }, { window: 'F1' });
    expect(ds42).toMatchObject({ target: null, met: null, notComputableBecause: 'not-measured-in-window' });
  },
  'G32 without file number the visit number links'() {
    const documents = [deposit({ stay: reference(null, { visit: 'V7' }) })];
    const facts = { stays: [stay('S1', { visitNo: 'V7' }), stay('S2')], documents };
    expect(fraction('DS1.1', facts)).toEqual([1, 2]);
    expect(report(facts).open('DS1.1').counted[0]!.documents[0]!.link).toBe('visit');
  },
  'G33 without numbers one stay of the patient on the same days is inferred, and a figure apart'() {
    const facts = { stays: stays(2), documents: [byDates()], people: PEOPLE };
    expect(figure('DS1.1', facts)).toMatchObject({
      ...{ numerator: 0, denominator: 2, inferred: 1 },
      coverage: { linked: 0, inferred: 1, unlinked: 0 },
    });
    expect(report(facts).open('DS1.1').inferred).toMatchObject([{ key: '0B0000012/S1' }]);
    expect(fraction('DS1.1', facts, { settings: { inferredCounts: true } })).toEqual([1, 2]);
  },
  'G34 with two such stays the document is unlinked'() {
    const twice = { patient: 'patient of S1' };
    const facts = { stays: [stay('S1'), stay('S2', twice)], documents: [byDates()], people: PEOPLE };
    expect(figure('DS1.1', facts)).toMatchObject({ numerator: 0, inferred: 0, coverage: { unlinked: 1 } });
    expect(report(facts).open('DS1.1').unlinked).toMatchObject([{ link: 'ambiguous-stay' }]);
  },
  'G35 a mail that the operator took and nobody ever confirmed does not count'() {
    const expired = { outcome: 'unconfirmed', finishedAt: '2022-09-20T13:00:00.000Z' } as const;
    const at = { acceptedAt: '2022-09-15T13:00:00.000Z' };
    const facts = {
      stays: stays(2, { admittedAt: null, dischargedAt: '2022-09-15T12:00:00.000Z' }),
      mails: [mail('S1', { ...at, ...expired })],
    };
    expect(figure('DS4.1', facts, { window: 'F2' })).toMatchObject({
      ...{ numerator: 0, denominator: 2, target: 42, met: false },
      mails: {
        ...{ counts: 'relayed', units: { accepted: 1, relayed: 0, delivered: 0 }, unconfirmed: 1 },
        sendings: { accepted: 1, relayed: 0, delivered: 0 },
      },
    });
    const [lacking] = report(facts, { window: 'F2' }).open('DS4.1').lacking;
    expect(lacking!.documents).toMatchObject([{ counts: false, because: 'unconfirmed', deliveredAt: null }]);
  },
};

const PEOPLE = [{ person: 'p1', patient: 'patient of S1' }];

/** A letter without numbers: admitted a day earlier and discharged a day later than the stay, both by local day. */
function byDates(): DeliveredDocument {
  const days = { admittedAt: '2022-06-09T00:10:00+02:00', dischargedAt: '2022-06-16T23:50:00+02:00' };
  return deposit({ stay: reference(null, days), person: 'p1' });
}

describe('golden scenarios', () => {
  test.each(Object.entries(HERE))('%s', (_, shows) => shows());

  test('each of G1 to G35 is shown here or named with the room that shows it', () => {
    const named = new Set([
      ...Object.keys(HERE).map((name) => name.split(' ')[0]!),
      ...Object.keys(ELSEWHERE),
    ]);
    expect(Array.from({ length: 35 }, (_, at) => `G${at + 1}`).filter((name) => !named.has(name))).toEqual(
      [],
    );
  });

  test('what awaits its facts says which ones', () => {
    const missing = (code: string) => figure(code, { stays: stays(2) }, { definition: suiviContinu });
    expect(missing('DS1.4')).toMatchObject({
      notComputableBecause: 'facts-missing',
      missingFacts: ['stay-history'],
    });
    expect(missing('DS4.1').missingFacts).toEqual(['mails']);
    expect(missing('DS4.3').missingFacts).toEqual(['evidence']);
  });
});
