import { describe, expect, test } from 'vitest';
import { documentVersions } from '../../src/indicators/live.ts';
import {
  deletion,
  fraction,
  letter,
  NIR_TEST,
  prescription,
  replacement,
  report,
  stay,
  stays,
} from './facts.ts';

const late = '2022-07-05T10:00:00.000Z';
const two = stays(2);

describe('a replacement', () => {
  test('to another stay leaves the old one', () => {
    const first = letter('S1');
    const documents = [first, replacement(first, { stay: letter('S2').stay })];
    expect(report({ stays: two, documents }).open('DS1.1')).toMatchObject({
      counted: [{ key: '0B0000012/S2' }],
      lacking: [{ key: '0B0000012/S1', documents: [{ because: 'replaced' }] }],
    });
  });

  test('by another type leaves the indicator', () => {
    const first = letter('S1');
    const documents = [first, replacement(first, { typeCode: '34112-3' })];
    expect(fraction('DS1.1', { stays: two, documents })).toEqual([0, 2]);
  });

  test('after the observation instant changes nothing in the variant official', () => {
    const first = letter('S1');
    const documents = [first, replacement(first, { stay: letter('S2').stay, deliveredAt: late })];
    const opened = (variant: 'live' | 'official') =>
      report({ stays: two, documents }, { variant })
        .open('DS1.1')
        .counted.map(({ key }) => key);
    expect(opened('official')).toEqual(['0B0000012/S1']);
    expect(opened('live')).toEqual(['0B0000012/S2']);
  });

  test('after it makes the stay late when the date of the last version is the one that counts', () => {
    const first = letter('S1');
    const facts = { stays: two, documents: [first, replacement(first, { deliveredAt: late })] };
    expect(fraction('DS1.1', facts)).toEqual([1, 2]);
    expect(fraction('DS1.1', facts, { settings: { replacementDate: 'last' } })).toEqual([0, 2]);
    expect(fraction('DS1.1', facts, { settings: { replacementDate: 'last' }, graceDays: 10 })).toEqual([
      1, 2,
    ]);
    const before = { ...facts, documents: facts.documents };
    expect(
      fraction('DS1.1', before, { settings: { replacementDate: 'last' }, asOf: '2022-07-01T00:00:00Z' }),
    ).toEqual([1, 2]);
  });

  test('keeps the date of the first version of a prescription, or takes that of the last', () => {
    const first = prescription('S1');
    const second = replacement(first, { effectiveTime: '20220620100000+0200' });
    const third = replacement(second, {
      effectiveTime: '20220625100000+0200',
      deliveredAt: '2022-06-26T10:00:00.000Z',
    });
    const facts = { stays: two, documents: [third, second, first] };
    expect(fraction('DS1.2', facts)).toEqual([1, 2]);
    expect(fraction('DS1.2', facts, { settings: { replacementDate: 'last' } })).toEqual([0, 2]);
  });

  test('of a version that Viaduc does not know counts for itself', () => {
    const orphan = letter('S1', { operation: 'replace', target: '2.25.999999999' });
    expect(fraction('DS1.1', { stays: two, documents: [orphan] })).toEqual([1, 2]);
  });

  test('of itself, or in a circle, ends nowhere and counts at most once', () => {
    const a = letter('S1', { uniqueId: '2.25.1', operation: 'replace', target: '2.25.2' });
    const b = letter('S1', { uniqueId: '2.25.2', operation: 'replace', target: '2.25.1' });
    const self = letter('S2', { uniqueId: '2.25.3', operation: 'replace', target: '2.25.3' });
    expect(fraction('DS1.1', { stays: two, documents: [a, b, self] })).toEqual([1, 2]);
  });

  test('a long series leads to its first version in linear time', () => {
    const documents = [letter('S1')];
    for (let at = 0; at < 50_000; at += 1)
      documents.push(
        replacement(documents.at(-1)!, {
          deliveredAt: new Date(Date.UTC(2022, 5, 16, 0, 0, at)).toISOString(),
        }),
      );
    const { origin } = documentVersions(documents.toReversed(), 'production');
    expect(new Set(origin)).toEqual(new Set([documents.length - 1]));
  });
});

describe('a deletion', () => {
  test('after the observation instant leaves the official figure, not the live one', () => {
    const first = letter('S1');
    const facts = { stays: two, documents: [first, deletion(first, { deliveredAt: late })] };
    expect(fraction('DS1.1', facts)).toEqual([1, 2]);
    expect(fraction('DS1.1', facts, { variant: 'live' })).toEqual([0, 2]);
    expect(fraction('DS1.1', facts, { variant: 'live', asOf: '2022-07-01T00:00:00Z' })).toEqual([1, 2]);
  });

  test('does not matter when a setting says so', () => {
    const first = letter('S1');
    const facts = { stays: two, documents: [first, deletion(first)] };
    expect(fraction('DS1.1', facts, { settings: { deletedCounts: true } })).toEqual([1, 2]);
  });

  test('asked for twice took place the first time', () => {
    const first = letter('S1');
    const documents = [first, deletion(first), deletion(first, { deliveredAt: late })];
    expect(fraction('DS1.1', { stays: two, documents })).toEqual([0, 2]);
    expect(fraction('DS1.1', { stays: two, documents: documents.toReversed() })).toEqual([0, 2]);
  });

  test('that is not known yet does not take place', () => {
    const first = letter('S1');
    const facts = { stays: two, documents: [first, deletion(first)] };
    expect(fraction('DS1.1', facts, { asOf: '2022-06-17T12:59:59Z' })).toEqual([1, 2]);
    expect(fraction('DS1.1', facts, { asOf: '2022-06-17T13:00:00Z' })).toEqual([0, 2]);
  });

  test('of the last version does not bring back the one before', () => {
    const first = letter('S1');
    const second = replacement(first);
    expect(fraction('DS1.1', { stays: two, documents: [first, second, deletion(second)] })).toEqual([0, 2]);
  });

  test('without target is of the document that it carries', () => {
    const first = letter('S1');
    expect(fraction('DS1.1', { stays: two, documents: [first, deletion(first, { target: null })] })).toEqual([
      0, 2,
    ]);
  });

  test('ends its document whatever identity it bears', () => {
    const first = letter('S1');
    const documents = [first, deletion(first, { identityRoot: null })];
    expect(fraction('DS1.1', { stays: two, documents })).toEqual([0, 2]);
  });

  test('is for good: the same version sent again does not count again', () => {
    const first = letter('S1');
    const again = { ...first, delivery: 'again', deliveredAt: '2022-06-20T10:00:00.000Z' };
    expect(fraction('DS1.1', { stays: two, documents: [first, deletion(first), again] })).toEqual([0, 2]);
  });
});

describe('only deposits in the DMP count', () => {
  test('a mail delivered does not', () => {
    const documents = [letter('S1', { destination: 'mssante' })];
    expect(fraction('DS1.1', { stays: two, documents })).toEqual([0, 2]);
  });

  test.each([
    ['production', '1.2.250.1.213.1.4.8', 1],
    ['production', '1.2.250.1.213.1.4.9', 1],
    ['production', '1.2.250.1.213.1.4.10', 0],
    ['production', '1.2.250.1.213.1.4.11', 0],
    ['test', '1.2.250.1.213.1.4.8', 0],
    ['test', '1.2.250.1.213.1.4.9', 0],
    ['test', NIR_TEST, 1],
    ['test', '1.2.250.1.213.1.4.11', 1],
    ['sandbox', '1.2.250.1.213.1.4.8', 1],
    ['sandbox', '1.2.250.1.213.1.4.11', 1],
    ['sandbox', '1.2.250.1.213.1.4.80', 0],
  ] as const)('in %s an identity under %s: %i', (environment, identityRoot, counts) => {
    const documents = [letter('S1', { identityRoot })];
    expect(fraction('DS1.1', { stays: two, documents }, { environment })[0]).toBe(counts);
  });

  test('of a version delivered twice the first word is heard, whatever the order', () => {
    const first = letter('S1');
    const again = {
      ...first,
      delivery: 'z',
      deliveredAt: '2022-06-16T10:00:00.000Z',
      stay: letter('S2').stay,
    };
    const keys = [
      [first, again],
      [again, first],
    ].map((documents) =>
      report({ stays: two, documents })
        .open('DS1.1')
        .counted.map(({ key }) => key),
    );
    expect(keys).toEqual([['0B0000012/S1'], ['0B0000012/S1']]);
  });

  test('an instant that cannot be read is an error, never a silent zero', () => {
    const documents = [letter('S1', { deliveredAt: 'yesterday' })];
    expect(() => report({ stays: two, documents })).toThrow(/deliveredAt/);
    expect(() => report({ stays: [stay('S1', { dischargedAt: 'yesterday' })] })).toThrow(/dischargedAt/);
  });
});
