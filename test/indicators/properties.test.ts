import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { oneOfEach, stayKey } from '../../src/indicators/facts.ts';
import { PreparedFacts } from '../../src/indicators/prepare.ts';
import type { IndicatorReport } from '../../src/indicators/report.ts';
import type { SettingsOverlay } from '../../src/indicators/settings.ts';
import type { DeliveredDocument } from '../../src/words/figures.ts';
import type { Stay } from '../../src/words/stay.ts';
import {
  biology,
  deletion,
  deposit,
  EG,
  exam,
  figure,
  letter,
  NIR,
  NIR_TEST,
  OTHER_EG,
  type Over,
  reference,
  report,
  stay,
} from './facts.ts';

const anyNumber = fc.integer({ min: 1, max: 6 }).map((n) => `S${n}`);
const anySite = fc.constantFrom(EG, OTHER_EG);
const anyInstant = fc
  .integer({ min: -3, max: 40 })
  .map((day) => new Date(Date.UTC(2022, 5, 1 + day, 21, 30)).toISOString());

const anyStay = fc
  .record({
    stayNo: anyNumber,
    finessEg: anySite,
    dischargedAt: anyInstant,
    class: fc.constantFrom('I', 'I', 'E', 'R'),
    hasSurgery: fc.boolean(),
    patient: fc.constantFrom('p', 'q'),
  })
  .map(({ stayNo, ...over }) => stay(stayNo, over));

const anyExam = fc
  .record({ number: fc.integer({ min: 1, max: 4 }), validatedAt: anyInstant })
  .map(({ number, validatedAt }) => exam(`R${number}`, { validatedAt }));

const anyDelivery = fc
  .record({
    version: fc.integer({ min: 1, max: 12 }),
    target: fc.integer({ min: 1, max: 12 }),
    operation: fc.constantFrom('deposit' as const, 'deposit' as const, 'replace' as const, 'delete' as const),
    typeCode: fc.constantFrom('11490-0', '11490-0', '57833-6', '34874-8', '11502-2', '18761-7'),
    identityRoot: fc.constantFrom(NIR, NIR, NIR, NIR_TEST, null),
    number: anyNumber,
    site: anySite,
    deliveredAt: anyInstant,
  })
  .map(({ version, target, number, site, ...over }) => ({
    ...(over.typeCode === '11502-2' ? biology(`R${(version % 4) + 1}`) : deposit()),
    ...over,
    uniqueId: `2.25.${version}`,
    target: over.operation === 'deposit' ? null : `2.25.${target}`,
    stay: reference(number, { finessEg: site }),
  }));

/** Facts of a small hospital: few numbers, so that repeats, moves, replacements and deletions meet. */
const anyFacts = fc.record({
  stays: fc.array(anyStay, { maxLength: 12 }),
  exams: fc.array(anyExam, { maxLength: 5 }),
  documents: fc.array(anyDelivery, { maxLength: 25 }),
});

const views: Over[] = [
  { scope: { level: 'EJ' } },
  { scope: { level: 'EJ' }, variant: 'live' },
  { scope: { level: 'EG', finess: EG }, graceDays: 3 },
  { scope: { level: 'EJ' }, settings: { transfersBetweenSites: 'joined', replacementDate: 'last' } },
];

/** Everything that a report says, opened. */
function everything(from: IndicatorReport): unknown {
  const { open, ...figures } = from;
  return [figures, figures.indicators.map(({ code }) => open(code))];
}

interface GivenFacts {
  stays: Stay[];
  documents: DeliveredDocument[];
}

/** DS1.1 of June in the legal entity once more, by the sentence of the definition, without indexes. */
function naive({ stays: given, documents }: GivenFacts): [number, number] {
  const [start, end] = [Date.UTC(2022, 4, 31, 22), Date.UTC(2022, 5, 30, 22)];
  const inJune = (ms: number) => ms >= start && ms < end;
  const closed = oneOfEach(given, stayKey).kept.filter(
    (one) => one.class === 'I' && inJune(Date.parse(one.dischargedAt!)),
  );
  const accepted = documents.filter((one) => Date.parse(one.deliveredAt) < end);
  const inForce = firstVersions(accepted).filter((one) => !accepted.some((other) => ends(other, one)));
  const letters = inForce.filter((one) => one.typeCode === '11490-0');
  const isFed = (one: Stay) =>
    letters.some(({ stay: of }) => of!.number === one.stayNo && of!.finessEg === one.finessEg);
  return [closed.filter(isFed).length, closed.length];
}

function firstVersions(accepted: DeliveredDocument[]): DeliveredDocument[] {
  const sent = accepted.filter((one) => one.operation !== 'delete' && one.identityRoot === NIR);
  const order = (one: DeliveredDocument) => `${one.deliveredAt} ${one.delivery}`;
  return sent.filter(
    (one) => !sent.some((other) => other.uniqueId === one.uniqueId && order(other) < order(one)),
  );
}

function ends(other: DeliveredDocument, one: DeliveredDocument): boolean {
  if (other.operation === 'deposit' || other.target !== one.uniqueId) return false;
  return other.operation === 'delete' || other.uniqueId !== one.uniqueId;
}

describe('for any facts', () => {
  test('DS1.1 is what its sentence says', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const [fed, closed] = naive(facts);
        const ds11 = figure('DS1.1', facts, { scope: { level: 'EJ' } });
        expect([ds11.numerator ?? 0, ds11.denominator ?? 0]).toEqual([fed, closed]);
      }),
      { numRuns: 300 },
    );
  });

  test('their order does not matter', () => {
    fc.assert(
      fc.property(anyFacts, fc.constantFrom(...views), (facts, view) => {
        const turned = {
          stays: facts.stays.toReversed(),
          exams: facts.exams.toReversed(),
          documents: [...facts.documents.slice(3), ...facts.documents.slice(0, 3)].toReversed(),
        };
        expect(everything(report(turned, view))).toEqual(everything(report(facts, view)));
      }),
    );
  });

  test('sending everything twice changes no figure', () => {
    fc.assert(
      fc.property(anyFacts, fc.constantFrom(...views), (facts, view) => {
        const again = facts.documents.map((one, at) => ({
          ...one,
          delivery: `z${at}`,
          deliveredAt: '2022-08-01T00:00:00.000Z',
        }));
        const twice = { ...facts, documents: [...facts.documents, ...again] };
        expect(report(twice, view).indicators).toEqual(report(facts, view).indicators);
      }),
    );
  });

  test('deleting everything undoes it', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const deletions = facts.documents.map((one) =>
          deletion(one, { target: one.uniqueId, deliveredAt: one.deliveredAt }),
        );
        const undone = report(
          { ...facts, documents: [...facts.documents, ...deletions] },
          { variant: 'live' },
        );
        expect(undone.indicators.map(({ numerator }) => numerator ?? 0)).toEqual(Array(9).fill(0));
      }),
    );
  });

  test('figures computed again from prepared facts are those computed from nothing', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const prepared = new PreparedFacts({ ...facts }, 'production', 'Europe/Paris');
        for (const view of views) {
          const asked = { ...view, period: '2022-06' };
          expect(everything(report(prepared, asked))).toEqual(everything(report(facts, asked)));
        }
      }),
    );
  });

  test('prepared facts asked for another environment or zone are prepared again', () => {
    const facts = {
      stays: [stay('S1', { dischargedAt: '2022-06-30T20:30:00.000Z' })],
      exams: [],
      documents: [letter('S1')],
    };
    const prepared = new PreparedFacts(facts, 'test', 'Indian/Reunion');
    const view: Over = { variant: 'live' };
    expect(everything(report(prepared, view))).toEqual(everything(report(facts, view)));
  });

  test.each<SettingsOverlay>([
    { stayNumberCase: 'upper' },
    { stayNumberLeadingZeros: 'strip' },
    { stayNumberPrefixes: ['N'] },
    { swappedStayNumbers: true },
    { inferStays: false },
    { inferredDays: 3 },
  ])('prepared facts are linked anew under %o', (settings) => {
    const days = { admittedAt: '2022-06-12T10:00:00Z', dischargedAt: '2022-06-15T10:00:00Z' };
    const near = { ...days, admittedAt: '2022-06-10T10:00:00Z' };
    const named = ['a1', '0A1', 'NA1'].map((number) => deposit({ stay: reference(number) }));
    const others = [reference('V1'), reference(null, days), reference(null, near)];
    const documents = [...named, ...others.map((of) => deposit({ stay: of, person: 'p1' }))];
    const people = [{ person: 'p1', patient: 'p' }];
    const facts = { stays: [stay('A1', { visitNo: 'V1', patient: 'p' })], exams: [], documents, people };
    const prepared = new PreparedFacts(facts, 'production', 'Europe/Paris');
    const standard = report(prepared).open('DS1.1');
    const changed = report(prepared, { settings }).open('DS1.1');
    expect(changed).toEqual(report(facts, { settings }).open('DS1.1'));
    expect(changed).not.toEqual(standard);
  });

  test('a figure opens into as many units as it counts', () => {
    fc.assert(
      fc.property(anyFacts, fc.constantFrom(...views), (facts, view) => {
        const computed = report(facts, view);
        for (const { code, numerator, denominator, inferred } of computed.indicators) {
          const opened = computed.open(code);
          expect(opened.counted.length).toBe(numerator ?? 0);
          expect(opened.counted.length + opened.inferred.length + opened.lacking.length).toBe(
            denominator ?? 0,
          );
          expect(opened.inferred.length).toBe(inferred);
          expect(opened.counted.every(({ documents }) => documents.some(({ counts }) => counts))).toBe(true);
          expect(opened.lacking.some(({ documents }) => documents.some(({ counts }) => counts))).toBe(false);
        }
      }),
    );
  });
});
