import { describe, expect, test } from 'vitest';
import type { DeliveredDocument } from '../../src/words/figures.ts';
import type { Exam } from '../../src/words/stay.ts';
import { biology, exam, figure, fraction, imaging, OTHER_EG, reference, report, stay } from './facts.ts';

const image = (examId: string, over: Partial<Exam> = {}) => exam(examId, { kind: 'IMG', ...over });
const header = (...exams: string[]): Partial<DeliveredDocument> => ({ exam: null, exams });

/** Keys of the exams that one biology report feeds, or why it feeds none. */
function fed(exams: Exam[], document: DeliveredDocument): string[] {
  const opened = report({ exams, documents: [document] }, { scope: { level: 'EJ' } }).open(
    document.typeCode === '11502-2' ? 'DS2' : 'DS3',
  );
  const keys = opened.counted.flatMap(({ members }) => members.map((key) => key.replace(/^0B00000/, '')));
  return keys.length > 0 ? keys : opened.unlinked.map(({ link }) => link);
}

describe('a biology report feeds', () => {
  test('the exam that the request names', () => {
    expect(fed([exam('R1'), exam('R2')], biology('R1'))).toEqual(['12/BIO/R1']);
  });

  test('each exam that its header names', () => {
    const report = biology('', { ...header('1.2.3^R1', '1.2.3^R2', '1.2.3^other') });
    expect(fed([exam('R1'), exam('R2'), exam('R3')], report)).toEqual(['12/BIO/R1', '12/BIO/R2']);
  });

  test('the one exam of an order, never all that were ordered', () => {
    const ordered = { accession: 'P1' };
    const report = biology('', header('1.2.3^P1'));
    expect(fed([exam('R1', ordered)], report)).toEqual(['12/BIO/R1']);
    expect(fed([exam('R1', ordered), exam('R2', ordered)], report)).toEqual(['ambiguous-exam']);
  });

  test('nothing by an order when it names an exam', () => {
    const exams = [exam('R1', { accession: 'P1' }), exam('R2', { accession: 'P2' })];
    expect(fed(exams, biology('', header('1.2.3^R1', '1.2.3^P2')))).toEqual(['12/BIO/R1']);
  });

  test('the exam of its own site, else that of one other', () => {
    const [here, there] = [exam('R1'), exam('R1', { finessEg: OTHER_EG })];
    const from = (finessEg: string) => biology('R1', { stay: reference('S1', { finessEg }) });
    expect(fed([here, there], from(OTHER_EG))).toEqual(['13/BIO/R1']);
    expect(fed([there], from(here.finessEg))).toEqual(['13/BIO/R1']);
    expect(fed([here, there], biology('R1'))).toEqual(['ambiguous-exam']);
  });

  test('nothing when it names nothing known', () => {
    expect(fed([exam('R1')], biology('R9'))).toEqual(['unknown-exam']);
    expect(fed([exam('R1')], biology('', header()))).toEqual(['no-reference']);
  });

  test('nothing of imaging that has the same number', () => {
    const both = [exam('R1'), image('R1')];
    expect(fed(both, biology('R1'))).toEqual(['12/BIO/R1']);
    expect(fed(both, biology('', header('1.2.3^R1')))).toEqual(['12/BIO/R1']);
  });

  test.each([
    [1, 0],
    [2, 0],
    [3, 1],
  ] as const)('level %i counts %i', (level, counts) => {
    expect(fraction('DS2', { exams: [exam('R1')], documents: [biology('R1', { level })] })).toEqual([
      counts,
      1,
    ]);
  });

  test('one exam once, though laboratory and DPI both sent it', () => {
    expect(
      fraction('DS2', { exams: [exam('R1'), exam('R2')], documents: [biology('R1'), biology('R1')] }),
    ).toEqual([1, 2]);
  });
});

describe('an imaging report feeds', () => {
  test('the study that its header names', () => {
    expect(fed([image('I1', { studyUid: '1.2.3.4' })], imaging(header('1.2.3.4')))).toEqual(['12/IMG/I1']);
  });

  test('one study of several exams as one', () => {
    const exams = [image('I1', { studyUid: '1.2.3' }), image('I2', { studyUid: '1.2.3' }), image('I3')];
    const facts = { exams, documents: [imaging(header('1.2.3'))] };
    expect(fraction('DS3', facts)).toEqual([1, 2]);
    expect(report(facts).open('DS3').counted[0]!.documents.length).toBe(1);
    expect(report(facts).open('DS3').counted[0]).toMatchObject({
      key: '0B0000012/IMG/I1',
      members: ['0B0000012/IMG/I1', '0B0000012/IMG/I2'],
    });
  });

  test('its study by an accession number that several of its exams share', () => {
    const shared = { accession: 'A1', studyUid: '1.2.3' };
    expect(fed([image('I1', shared), image('I2', shared)], imaging(header('9.9^A1')))).toEqual([
      '12/IMG/I1',
      '12/IMG/I2',
    ]);
    expect(
      fed([image('I1', { accession: 'A1' }), image('I2', { accession: 'A1' })], imaging(header('9.9^A1'))),
    ).toEqual(['ambiguous-exam']);
  });

  test.each([1, 2, 3] as const)('level %i counts', (level) => {
    expect(
      fraction('DS3', { exams: [image('I1')], documents: [imaging({ level, ...header('1.2^I1') })] }),
    ).toEqual([1, 1]);
  });
});

describe('the denominator of exams', () => {
  test('is what was validated in the period', () => {
    const exams = [
      exam('R1'),
      exam('R2', { validatedAt: '2022-07-01T00:00:00.000Z' }),
      exam('R3', { validatedAt: null }),
      exam('R4', { validatedAt: '2022-05-31T22:00:00.000Z', performedAt: '2022-05-31T20:00:00.000Z' }),
    ];
    expect(fraction('DS2', { exams })).toEqual([0, 2]);
    expect(figure('DS2', { exams }, { acrossVariants: true }).acrossVariants).toContainEqual(
      expect.objectContaining({ reading: 'exam-performed', denominator: 2 }),
    );
  });

  test('is of its own kind: unknown without any, not applicable when none is made here', () => {
    expect(figure('DS3', { exams: [exam('R1')] }).notComputableBecause).toBe('denominator-unknown');
    const away = { exams: [exam('R1', { inHouse: false })] };
    expect(figure('DS2', away)).toMatchObject({
      ...{ numerator: 0, denominator: 0, met: null, percent: null, notComputableBecause: 'not-applicable' },
      excluded: { 'not-in-house': 1 },
    });
    expect(fraction('DS2', away, { settings: { inHouseOnly: false } })).toEqual([0, 1]);
  });

  test('is not applicable where the establishment owns no laboratory', () => {
    const none = figure('DS2', { exams: [exam('R1')] }, { settings: { ownLaboratory: false } });
    expect(none).toMatchObject({ denominator: null, met: null, notComputableBecause: 'not-applicable' });
    const images = { exams: [image('I1')] };
    expect(figure('DS3', images, { settings: { ownImaging: false } }).notComputableBecause).toBe(
      'not-applicable',
    );
    expect(fraction('DS3', images, { settings: { ownLaboratory: false } })).toEqual([0, 1]);
  });

  test('may be of in-patients only', () => {
    const exams = [exam('R1', { stayNo: 'S1' }), exam('R2', { stayNo: 'S2' }), exam('R3')];
    const facts = { exams, stays: [stay('S1'), stay('S2', { class: 'O' })] };
    expect(fraction('DS2', facts)).toEqual([0, 3]);
    expect(figure('DS2', facts, { settings: { examPatients: 'in-patients' } })).toMatchObject({
      ...{ denominator: 1, excluded: { 'out-patients': 2 } },
    });
  });
});
