import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  CSV_COLUMNS,
  type CsvBatch,
  type CsvContext,
  readExams,
  readStays,
} from '../../src/indicators/csv.ts';
import type { RowError } from '../../src/indicators/errors.ts';
import { indicatorLimits } from '../../src/indicators/limits.ts';
import { isViaducError } from '../../src/words/errors.ts';
import { EG, EJ, hospital, OTHER_EG } from './facts.ts';

const STAYS =
  'finess_ej;finess_eg;ipp;stay_no;visit_no;class;admitted_at;discharged_at;discharge_mode;specialty;has_surgery;is_session;mother_stay_no';
const EXAMS =
  'finess_ej;finess_eg;ipp;stay_no;kind;exam_id;accession;study_uid;performed_at;validated_at;in_house';

const context: CsvContext = { establishment: hospital };

async function all<R>(
  batches: AsyncGenerator<CsvBatch<R>>,
): Promise<{ rows: R[]; errors: RowError[]; unreported: number }> {
  const read = { rows: [] as R[], errors: [] as RowError[], unreported: 0 };
  for await (const { rows, errors, unreportedErrors } of batches) {
    read.rows.push(...rows);
    read.errors.push(...errors);
    read.unreported += unreportedErrors;
  }
  return read;
}

const bytes = (...lines: string[]) => [Buffer.from(`${lines.join('\n')}\n`)];
const stays = (...lines: string[]) => all(readStays(bytes(STAYS, ...lines), context));
const exams = (...lines: string[]) => all(readExams(bytes(EXAMS, ...lines), context));
const where = (errors: RowError[]) =>
  errors.map(({ line, column, code }) => `${line} ${column} ${code.replace('indicators.csv-', '')}`);

const FULL = `${EJ};${EG};IPP1;S1;V1;I;2022-06-10T08:00;2022-06-15T14:00:00+02:00;8;cardiologie;1;0;`;
/** A row of stays with one column changed. */
function row(column: string, value: string, base = FULL): string {
  const values = base.split(';');
  values[STAYS.split(';').indexOf(column)] = value;
  return values.join(';');
}

async function refusal(reading: Promise<unknown>): Promise<string> {
  const error = await reading.then(
    () => null,
    (reason: unknown) => reason,
  );
  return isViaducError(error)
    ? `${error.code} ${Object.values(error.values).join(' ')}`.trim()
    : String(error);
}

describe('stays.csv', () => {
  test('gives stays with instants in UTC, and the local identifier apart', async () => {
    const { rows, errors } = await stays(FULL);
    expect(errors).toEqual([]);
    expect(rows).toEqual([
      {
        line: 2,
        ipp: 'IPP1',
        stay: {
          ...{ finessEj: EJ, finessEg: EG, stayNo: 'S1', visitNo: 'V1', class: 'I' },
          ...{ admittedAt: '2022-06-10T06:00:00.000Z', dischargedAt: '2022-06-15T12:00:00.000Z' },
          ...{
            dischargeMode: '8',
            specialty: 'cardiologie',
            hasSurgery: true,
            isSession: false,
            motherStayNo: null,
          },
        },
      },
    ]);
  });

  test('needs four columns, in any order and case; others may be absent or unknown', async () => {
    const file = bytes('DISCHARGED_AT;comment; Class ;stay_no;finess_eg', `;pas encore sorti;I;S1;${EG}`);
    const { rows, errors } = await all(readStays(file, context));
    expect(errors).toEqual([]);
    expect(rows[0]!.stay).toMatchObject({
      finessEj: EJ,
      stayNo: 'S1',
      dischargedAt: null,
      admittedAt: null,
      hasSurgery: false,
    });
  });

  test('may be quoted, and hold semicolons and quotes in a value', async () => {
    const quoted = row('specialty', '"chirurgie ; ""ambulatoire"""');
    expect((await stays(quoted)).rows[0]!.stay.specialty).toBe('chirurgie ; "ambulatoire"');
  });

  test.each([
    ['with a byte order mark', [Buffer.from(`\ufeff${STAYS}\n${FULL}\n`)]],
    ['with Windows line ends', [Buffer.from(`${STAYS}\r\n${FULL}\r\n`)]],
    ['without end of the last line', [Buffer.from(`${STAYS}\n${FULL}`)]],
    ['with empty lines', [Buffer.from(`\n${STAYS}\n\n${FULL}\n  \n`)]],
    [
      'byte by byte',
      [...Buffer.from(`\ufeff${STAYS}\r\n${row('specialty', 'néphrologie')}\r\n`)].map((one) =>
        Buffer.of(one),
      ),
    ],
  ])('is read %s', async (_, chunks) => {
    const { rows, errors } = await all(readStays(chunks, context));
    expect([rows.length, rows[0]!.stay.stayNo, errors]).toEqual([1, 'S1', []]);
  });

  test.each([
    ['discharged_at', '2022-06-15T14:00', '2022-06-15T12:00:00.000Z'],
    ['discharged_at', '2022-06-15 14:00:30', '2022-06-15T12:00:30.000Z'],
    ['discharged_at', '2022-06-15T14:00:00Z', '2022-06-15T14:00:00.000Z'],
    ['discharged_at', '2022-06-15', '2022-06-14T22:00:00.000Z'],
    ['discharged_at', '2022-10-30T02:30', '2022-10-30T00:30:00.000Z'],
    ['discharged_at', '', null],
  ])('%s %j is %s', async (column, value, expected) => {
    expect((await stays(row(column, value))).rows[0]!.stay.dischargedAt).toBe(expected);
  });

  test('takes another zone for local times', async () => {
    const read = await all(readStays(bytes(STAYS, FULL), { ...context, zone: 'Indian/Reunion' }));
    expect(read.rows[0]!.stay.admittedAt).toBe('2022-06-10T04:00:00.000Z');
  });

  test.each([
    ['finess_eg', '', 'value-missing'],
    ['finess_eg', '123', 'finess-invalid'],
    ['finess_eg', '750000001', 'finess-foreign'],
    ['finess_ej', '750000001', 'finess-foreign'],
    ['stay_no', ' ', 'value-missing'],
    ['stay_no', 'S'.repeat(65), 'value-too-long'],
    ['class', 'X', 'choice-invalid'],
    ['class', '', 'value-missing'],
    ['admitted_at', '10/06/2022 08:00', 'time-invalid'],
    ['discharged_at', '2022-06-31', 'time-invalid'],
    ['discharged_at', '2022-06-09T08:00', 'times-reversed'],
    ['discharged_at', '2022-06-09', 'times-reversed'],
    ['has_surgery', 'oui', 'choice-invalid'],
    ['is_session', '2', 'choice-invalid'],
  ])('refuses %s %j and takes the other rows', async (column, value, code) => {
    const { rows, errors } = await stays(row(column, value), row('stay_no', 'S2'));
    expect(where(errors)).toEqual([`2 ${column} ${code}`]);
    expect(rows.map(({ stay }) => stay.stayNo)).toEqual(['S2']);
  });

  test('says everything that is wrong with a row, in both languages, without repeating a value', async () => {
    const { errors } = await stays(row('class', 'SECRET', row('admitted_at', 'SECRET')));
    expect(where(errors)).toEqual(['2 admitted_at time-invalid', '2 class choice-invalid']);
    expect(JSON.stringify(errors)).not.toContain('SECRET');
    for (const { message, remedy } of errors)
      expect(
        [message.fr, message.en, remedy.fr, remedy.en].every(
          (text) => text.length > 5 && !text.includes('{'),
        ),
      ).toBe(true);
  });

  test('takes a discharge by day after an admission by hour of the same day', async () => {
    const { rows, errors } = await stays(row('discharged_at', '2022-06-10'));
    expect([rows.length, errors]).toEqual([1, []]);
  });

  test('takes a FINESS with the prefix of the structure identifier', async () => {
    expect((await stays(row('finess_eg', `1${EG}`))).rows[0]!.stay.finessEg).toBe(EG);
  });

  test('reports a stay that stands twice, by site, and keeps the first', async () => {
    const { rows, errors } = await stays(FULL, row('class', 'E'), row('finess_eg', OTHER_EG));
    expect(where(errors)).toEqual(['3 stay_no key-twice']);
    expect(errors[0]!.message.en).toContain('line 2');
    expect(rows.map(({ stay }) => [stay.finessEg, stay.class])).toEqual([
      [EG, 'I'],
      [OTHER_EG, 'I'],
    ]);
  });

  test('a refused row does not take the number of a good one', async () => {
    expect((await stays(row('class', 'X'), FULL)).rows.length).toBe(1);
  });

  test('refuses a row of too few or too many values', async () => {
    const { rows, errors } = await stays('a;b', `${FULL};more`, row('stay_no', 'S2'));
    expect(where(errors)).toEqual(['2 null field-count', '3 null field-count']);
    expect(rows.length).toBe(1);
  });

  test('a value never runs on over a line end', async () => {
    const { rows, errors } = await stays(
      row('stay_no', '"S1'),
      row('stay_no', 'S1"'),
      row('stay_no', '"S3"'),
    );
    expect(where(errors)).toEqual(['2 null quotes', '3 null quotes']);
    expect(rows.map(({ line }) => line)).toEqual([4]);
  });

  test('a misplaced quotation mark spoils its own line only', async () => {
    const { rows, errors } = await stays(
      row('stay_no', 'S1'),
      row('specialty', '"open'),
      row('stay_no', 'S3'),
      row('specialty', '"chirurgie"x'),
      row('specialty', '"propre"', row('stay_no', 'S5')),
    );
    expect(where(errors)).toEqual(['3 null quotes', '5 null quotes']);
    expect(rows.map(({ line, stay }) => [line, stay.stayNo])).toEqual([
      [2, 'S1'],
      [4, 'S3'],
      [6, 'S5'],
    ]);
  });
});

describe('exams.csv', () => {
  const BIO = `${EJ};${EG};IPP1;S1;BIO;R1;P1;;2022-06-14T08:00;2022-06-15T10:00;`;
  const IMG = `${EJ};${EG};;;IMG;R1;A1;1.2.840.1;2022-06-14T08:00;2022-06-15T10:00;0`;

  test('gives exams; laboratory and imaging may use one number', async () => {
    const { rows, errors } = await exams(BIO, IMG);
    expect(errors).toEqual([]);
    expect(rows.map(({ exam, ipp }) => [exam.kind, exam.studyUid, exam.inHouse, ipp])).toEqual([
      ['BIO', null, true, 'IPP1'],
      ['IMG', '1.2.840.1', false, null],
    ]);
    expect(rows[0]!.exam).toMatchObject({
      performedAt: '2022-06-14T06:00:00.000Z',
      validatedAt: '2022-06-15T08:00:00.000Z',
      accession: 'P1',
    });
  });

  test('refuses what it should', async () => {
    const { errors } = await exams(
      BIO.replace('BIO', 'ECG'),
      IMG.replace('1.2.840.1', 'study 1'),
      BIO.replace('R1', ''),
      BIO,
      BIO,
    );
    expect(where(errors)).toEqual([
      '2 kind choice-invalid',
      '3 study_uid uid-invalid',
      '4 exam_id value-missing',
      '6 exam_id key-twice',
    ]);
  });
});

describe('a file that cannot be read at all', () => {
  const read = (...chunks: Uint8Array[]) => refusal(all(readStays(chunks, context)));

  test.each([
    ['nothing', [''], 'indicators.csv-empty'],
    ['blank lines', ['\n \n'], 'indicators.csv-empty'],
    ['commas', [STAYS.replaceAll(';', ',')], 'indicators.csv-separator'],
    ['tabulations', [STAYS.replaceAll(';', '\t')], 'indicators.csv-separator'],
    ['missing columns', ['finess_eg;class'], 'indicators.csv-column-missing stay_no, discharged_at'],
    ['a column twice', [`${STAYS};class`], 'indicators.csv-column-twice class'],
  ])('%s', async (_, [text], code) => {
    expect(await read(Buffer.from(text!))).toBe(code);
  });

  test('another encoding, with the line before it', async () => {
    const latin = Buffer.from(`${STAYS}\n${FULL}\n${row('specialty', 'néphrologie')}\n`, 'latin1');
    const at = latin.indexOf(0xe9);
    expect(await read(latin.subarray(0, at), latin.subarray(at))).toBe('indicators.csv-not-utf8 2');
    expect(await read(Buffer.from(STAYS), Buffer.of(0xc3))).toBe('indicators.csv-not-utf8 0');
  });

  test('an error of its source comes through as it is', async () => {
    const broken = (async function* () {
      yield Buffer.from(`${STAYS}\n`);
      throw new TypeError('the connection closed');
    })();
    expect(await refusal(all(readStays(broken, context)))).toBe('TypeError: the connection closed');
  });
});

describe('limits', () => {
  test('the longest line is read, one character more is refused', async () => {
    const { value } = indicatorLimits.csvLineCharacters;
    const padded = (length: number) => `${FULL}${' '.repeat(length - FULL.length)}`;
    expect((await stays(padded(value))).rows.length).toBe(1);
    expect(await refusal(stays(padded(value + 1)))).toBe(`indicators.csv-line-too-long 2 ${value}`);
    const endless = Array.from({ length: 3 }, () => Buffer.alloc(value, 'a'));
    expect(await refusal(all(readStays(endless, context)))).toContain('csv-line-too-long 1');
  });

  test('a batch holds no more rows than its cap', async () => {
    const { value } = indicatorLimits.csvBatchRows;
    const lines = Array.from({ length: value }, (_, at) => row('stay_no', `S${at}`));
    const sizes: number[] = [];
    for await (const { rows } of readStays(bytes(STAYS, ...lines), context)) sizes.push(rows.length);
    expect(sizes).toEqual([value - 1, 1]);
  });

  test('so many errors are told one by one, the next is only counted', async () => {
    const { value } = indicatorLimits.csvReportedErrors;
    const wrong = (count: number) => stays(...Array.from({ length: count }, () => 'x'));
    expect(await wrong(value).then(({ errors, unreported }) => [errors.length, unreported])).toEqual([
      value,
      0,
    ]);
    expect(await wrong(value + 1).then(({ errors, unreported }) => [errors.length, unreported])).toEqual([
      value,
      1,
    ]);
  });
});

describe('the columns', () => {
  test('are those of the two files', () => {
    expect([...CSV_COLUMNS.stays.required, ...CSV_COLUMNS.stays.optional].sort()).toEqual(
      STAYS.split(';').sort(),
    );
    expect([...CSV_COLUMNS.exams.required, ...CSV_COLUMNS.exams.optional].sort()).toEqual(
      EXAMS.split(';').sort(),
    );
  });

  const samples = join(import.meta.dirname, '..', '..', 'samples');
  test.skipIf(!existsSync(samples))('the samples are read without error (needs samples/)', async () => {
    const read = (file: string) => [readFileSync(join(samples, file))];
    const ofStays = await all(readStays(read('stays.csv'), context));
    const ofExams = await all(readExams(read('exams.csv'), context));
    expect([ofStays.errors, ofExams.errors]).toEqual([[], []]);
    expect(ofStays.rows.length).toBeGreaterThan(0);
    expect(ofExams.rows.length).toBeGreaterThan(0);
  });
});
