import { describe, expect, test } from 'vitest';
import { isOid } from '../../src/words/ids.ts';
import { type Figures, headerOf, list, type Row, rowsOf } from './files.ts';

const stays = rowsOf('stays.csv');
const exams = rowsOf('exams.csv');
const stayOf = (number: string): Row | undefined => stays.find((row) => row.stay_no === number);
const sites = list.establishment.sites.map(({ finessEg }) => finessEg);

const STAY_COLUMNS =
  'finess_ej;finess_eg;ipp;stay_no;visit_no;class;admitted_at;discharged_at;discharge_mode;specialty;has_surgery;is_session;mother_stay_no';
const EXAM_COLUMNS =
  'finess_ej;finess_eg;ipp;stay_no;kind;exam_id;accession;study_uid;performed_at;validated_at;in_house';

const PARIS = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Paris',
  dateStyle: 'short',
  timeStyle: 'short',
});
const wallClock = (instant: string) => PARIS.format(new Date(instant));

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:00\+0[12]:00$/;
/** An instant that says what clocks in the establishment's zone say at that time. */
const isLocal = (text: string) =>
  INSTANT.test(text) && wallClock(text) === `${text.slice(0, 10)} ${text.slice(11, 16)}`;

describe('stays.csv', () => {
  test('has the columns of the interface', () => {
    expect(headerOf('stays.csv')).toBe(STAY_COLUMNS);
  });

  test.each(stays)('stay $stay_no is of this establishment and coded as the interface says', (row) => {
    expect(row.finess_ej).toBe(list.establishment.finessEj);
    expect(sites).toContain(row.finess_eg);
    expect(row.ipp).toMatch(/^9\d{8}$/);
    expect(row.class).toMatch(/^[IOERN]$/);
    expect(row.has_surgery).toMatch(/^[01]$/);
    expect(row.is_session).toMatch(/^[01]$/);
    expect(row.discharge_mode).toMatch(row.discharged_at ? /^[6789]$/ : /^$/);
  });

  test.each(stays)('stay $stay_no has its times in local time with their offset, in order', (row) => {
    expect(isLocal(row.admitted_at!)).toBe(true);
    if (row.discharged_at === '') return;
    expect(isLocal(row.discharged_at!)).toBe(true);
    expect(Date.parse(row.discharged_at!)).toBeGreaterThan(Date.parse(row.admitted_at!));
  });

  test('gives every stay its own number in its site', () => {
    const keys = stays.map((row) => `${row.finess_eg}/${row.stay_no}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('holds the cases that make counting hard', () => {
    const some = (is: (row: Row) => boolean) => stays.some(is);
    expect(some((row) => row.discharged_at === '')).toBe(true);
    expect(some((row) => row.discharge_mode === '9')).toBe(true);
    expect(some((row) => row.class === 'E')).toBe(true);
    expect(some((row) => row.is_session === '1')).toBe(true);
    expect(some((row) => stayOf(row.mother_stay_no!) !== undefined)).toBe(true);
    expect(some((row) => /-(31|30)T23:59/.test(row.discharged_at!))).toBe(true);
    const utcMonth = (text: string) => new Date(text).toISOString().slice(0, 7);
    expect(some(({ discharged_at: at }) => at !== '' && utcMonth(at!) !== at!.slice(0, 7))).toBe(true);
  });

  test('holds thirty to forty stays of the half-year and a few of earlier times', () => {
    const ofHalf = stays.filter(({ discharged_at: at }) => at === '' || at! >= '2026-07');
    expect(ofHalf.length).toBeGreaterThanOrEqual(30);
    expect(ofHalf.length).toBeLessThanOrEqual(40);
    expect(stays.length).toBeGreaterThan(ofHalf.length);
  });

  test.each(list.samples)('knows the stay of $file as its request does', ({ request: { stay } }) => {
    const row = stayOf(stay!.number!)!;
    expect({
      finessEg: row.finess_eg,
      number: row.stay_no,
      visit: row.visit_no,
      class: row.class,
      admittedAt: row.admitted_at,
      dischargedAt: row.discharged_at,
    }).toEqual(stay);
  });
});

describe('exams.csv', () => {
  test('has the columns of the interface', () => {
    expect(headerOf('exams.csv')).toBe(EXAM_COLUMNS);
  });

  test.each(exams)('exam $exam_id is of this establishment and of a known stay or none', (row) => {
    expect(row.finess_ej).toBe(list.establishment.finessEj);
    expect(sites).toContain(row.finess_eg);
    if (row.stay_no) expect(stayOf(row.stay_no)).toMatchObject({ ipp: row.ipp, finess_eg: row.finess_eg });
  });

  test.each(exams)('exam $exam_id has what its kind needs', (row) => {
    expect(row.kind).toMatch(/^(BIO|IMG)$/);
    expect(isOid(row.study_uid!)).toBe(row.kind === 'IMG');
    expect(row.accession !== '').toBe(row.kind === 'IMG');
    expect(row.in_house).toMatch(/^[01]$/);
    expect(isLocal(row.performed_at!)).toBe(true);
    if (row.validated_at) expect(row.validated_at > row.performed_at!).toBe(true);
  });

  test('gives every exam its own number', () => {
    const ids = exams.map((row) => row.exam_id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.each(list.samples.filter(({ request }) => request.exam))('knows the exam of $file', (sample) => {
    const { exam, stay } = sample.request;
    const row = exams.find((one) => one.exam_id === exam!.id)!;
    expect({
      kind: row.kind,
      id: row.exam_id,
      accession: row.accession || null,
      studyUid: row.study_uid || null,
    }).toEqual(exam);
    expect(row.stay_no).toBe(stay!.number);
  });
});

/** The figures said to follow, counted again in the plainest way: closed inpatient stays that are no session. */
describe.each(list.figures)('the figures of $scope $finess', ({ scope, finess, indicators }) => {
  const ours = (row: Row) => (scope === 'EJ' ? row.finess_ej : row.finess_eg) === finess;
  const inHalf = (text: string | undefined) => text! >= '2026-07';
  const closed = stays.filter(
    (row) => ours(row) && row.class === 'I' && row.is_session === '0' && inHalf(row.discharged_at),
  );
  const reported = exams.filter((row) => ours(row) && row.in_house === '1' && inHalf(row.validated_at));
  const units: Record<string, string[]> = {
    'DS1.1': closed.map((row) => row.stay_no!),
    'DS1.2': closed.map((row) => row.stay_no!),
    'DS1.3': closed.filter((row) => row.has_surgery === '1').map((row) => row.stay_no!),
    DS2: reported.filter((row) => row.kind === 'BIO').map((row) => row.exam_id!),
    DS3: reported.filter((row) => row.kind === 'IMG').map((row) => row.exam_id!),
  };

  test.each(Object.keys(indicators))('%s', (code) => {
    const fed = list.samples
      .filter((sample) => sample.expected.delivery === 'delivered' && sample.indicators.includes(code))
      .map(({ request }) => (code.startsWith('DS1') ? request.stay!.number! : request.exam!.id));
    const counted = units[code]!;
    const numerator = new Set(fed.filter((key) => counted.includes(key))).size;
    expect(indicators[code]).toEqual({
      numerator,
      denominator: counted.length,
    } satisfies Figures['indicators'][string]);
  });
});
