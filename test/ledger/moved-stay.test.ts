import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergedStays } from '../../src/ledger/merged.ts';
import { type PersonMovement, stayFrom } from '../../src/ledger/moved-stay.ts';
import type { Stay } from '../../src/words/stay.ts';

const EG = '0B0000012';

function moved(
  movement: string,
  trigger: string,
  at: string,
  changes: Partial<PersonMovement> = {},
): PersonMovement {
  return {
    message: `${movement} ${trigger} ${at} ${changes.action ?? ''}`,
    finessEj: '0B0000011',
    visit: { finessEg: EG, stayNo: 'F1', visitNo: 'V1' },
    ...{ movement, action: 'INSERT', trigger, historical: false },
    ...{ effectiveAt: `${at}T08:00:00.000Z`, recordedAt: `${at}T09:00:00.000Z` },
    ...{
      identified: true,
      person: 'p',
      class: 'I',
      admittedAt: null,
      dischargedAt: null,
      dischargeMode: null,
    },
    ...{ unit: null, session: false, ofFile: false },
    ...changes,
  };
}

const admission = moved('1', 'A01', '2022-06-10');
const discharge = moved('2', 'A03', '2022-06-15', { dischargeMode: '3' });
const cancel = (movement: string, trigger: string, at: string) =>
  moved(movement, trigger, at, { action: 'CANCEL' });

describe('a stay from its movements', () => {
  test('opens with its admission and closes with its discharge', () => {
    expect(stayFrom([admission]).stay).toMatchObject({
      ...{ finessEg: EG, stayNo: 'F1', visitNo: 'V1', class: 'I', dischargedAt: null },
      admittedAt: '2022-06-10T08:00:00.000Z',
    });
    expect(stayFrom([admission, discharge]).stay).toMatchObject({
      dischargedAt: '2022-06-15T08:00:00.000Z',
      dischargeMode: '3',
    });
  });

  test('is none while it is announced only, and once cancelled', () => {
    const announced = moved('0', 'A05', '2022-06-01');
    expect(stayFrom([announced]).stay).toBeNull();
    expect(stayFrom([admission, cancel('1', 'A01', '2022-06-11')]).stay).toBeNull();
    expect(stayFrom([admission, discharge, cancel('1', 'A01', '2022-06-16')])).toEqual({
      stay: null,
      admissionMissing: false,
    });
  });

  test('a cancellation under a number of its own takes the last movement of its event', () => {
    expect(stayFrom([admission, cancel('99', 'A01', '2022-06-11')]).stay).toBeNull();
    const outPatient = moved('1', 'A04', '2022-06-10', { class: 'O' });
    expect(stayFrom([outPatient, cancel('99', 'A01', '2022-06-11')]).stay).toBeNull();
  });

  test('a cancellation takes back nothing that was told after it', () => {
    expect(stayFrom([cancel('99', 'A01', '2022-06-09'), admission]).stay).not.toBeNull();
    const another = moved('3', 'A01', '2022-06-20');
    const { stay } = stayFrom([admission, another, cancel('99', 'A01', '2022-06-21')]);
    expect(stay!.admittedAt).toBe('2022-06-10T08:00:00.000Z');
  });

  test('says of each thing what was said last, and nothing that was never said', () => {
    const first = moved('1', 'A01', '2022-06-10', {
      ...{ visit: { finessEg: EG, stayNo: null, visitNo: 'V1' }, class: null, person: null },
    });
    expect(stayFrom([first]).stay).toEqual({
      ...{ finessEj: '0B0000011', finessEg: EG, stayNo: 'V1', visitNo: 'V1', patient: null, class: 'N' },
      ...{ admittedAt: '2022-06-10T08:00:00.000Z', dischargedAt: null, dischargeMode: null },
      ...{ specialty: null, hasSurgery: false, isSession: false, motherStayNo: null },
    });
    const moves = [
      moved('2', 'A02', '2022-06-11', { unit: '6268', person: 'q', session: true }),
      moved('3', 'A02', '2022-06-12', { unit: '6270', class: 'O' }),
      moved('4', 'A02', '2022-06-13', { person: null, class: null, unit: null }),
    ];
    expect(stayFrom([first, ...moves.toReversed()]).stay).toMatchObject({
      ...{ stayNo: 'F1', patient: 'p', class: 'O', specialty: '6270', isSession: true },
    });
  });

  test('a whole file that is cancelled takes back all that was told before, of whatever movement, and nothing told after', () => {
    const classChange = moved('3', 'A06', '2022-06-12');
    const file = moved('77', 'A01', '2022-06-16', { action: 'CANCEL', ofFile: true });
    const told = [admission, classChange, discharge, file];
    expect(stayFrom(told)).toEqual({ stay: null, admissionMissing: false });
    expect(stayFrom(told.toReversed()).stay).toBeNull();
    const again = moved('4', 'A01', '2022-06-20');
    expect(stayFrom([...told, again]).stay!.admittedAt).toBe('2022-06-20T08:00:00.000Z');
  });

  test('a discharge cancelled and repeated in July is of July (G21)', () => {
    const again = moved('3', 'A03', '2022-07-02');
    const all = [admission, discharge, cancel('2', 'A03', '2022-06-16')];
    expect(stayFrom(all).stay!.dischargedAt).toBeNull();
    expect(stayFrom([...all, again]).stay!.dischargedAt).toBe('2022-07-02T08:00:00.000Z');
    const sameNumber = moved('2', 'A03', '2022-07-02');
    expect(stayFrom([...all, sameNumber]).stay!.dischargedAt).toBe('2022-07-02T08:00:00.000Z');
  });

  test('an emergency becomes a stay by A06, and is one no more when A06 is cancelled', () => {
    const emergency = moved('1', 'A04', '2022-06-10', { class: 'E' });
    const admitted = moved('2', 'A06', '2022-06-11', { class: 'I' });
    expect(stayFrom([emergency, admitted]).stay).toMatchObject({
      class: 'I',
      admittedAt: '2022-06-10T08:00:00.000Z',
    });
    expect(stayFrom([emergency, admitted, cancel('2', 'A06', '2022-06-12')]).stay!.class).toBe('E');
  });

  test('a correction (Z99) of an admission or a discharge changes its date', () => {
    const later = moved('1', 'A01', '2022-06-12', {
      action: 'UPDATE',
      admittedAt: '2022-06-09T10:00:00.000Z',
    });
    const other = moved('2', 'A03', '2022-06-20', { action: 'UPDATE' });
    expect(stayFrom([admission, discharge, later, other]).stay).toMatchObject({
      admittedAt: '2022-06-09T10:00:00.000Z',
      dischargedAt: '2022-06-20T08:00:00.000Z',
    });
  });

  test('a discharge alone is a closed stay whose admission is missing', () => {
    const { stay, admissionMissing } = stayFrom([discharge]);
    expect(admissionMissing).toBe(true);
    expect(stay).toMatchObject({ admittedAt: null, dischargedAt: '2022-06-15T08:00:00.000Z' });
  });

  test('is the same in whatever order the messages come, and however often', () => {
    const all = [
      moved('0', 'A05', '2022-06-01'),
      moved('1', 'A04', '2022-06-10', { class: 'E' }),
      moved('2', 'A06', '2022-06-11'),
      moved('3', 'A02', '2022-06-12', { unit: '6268' }),
      moved('4', 'A03', '2022-06-15'),
      cancel('4', 'A03', '2022-06-16'),
      moved('5', 'A03', '2022-06-18'),
      moved('5', 'A03', '2022-06-19', { action: 'UPDATE' }),
    ];
    const expected = stayFrom(all);
    fc.assert(
      fc.property(fc.shuffledSubarray([...all, ...all], { minLength: 16, maxLength: 16 }), (shuffled) => {
        expect(stayFrom(shuffled)).toEqual(expected);
      }),
    );
  });
});

describe('stays of files and of movements', () => {
  const row = (changes: Partial<Stay> = {}): Stay => ({
    ...stayFrom([admission]).stay!,
    ...{ visitNo: null, dischargedAt: '2022-06-14T00:00:00.000Z', hasSurgery: true, specialty: '201' },
    ...changes,
  });
  const visit = (stay: Stay | null, stayNo = 'F1') => ({ finessEg: EG, stayNo, stay });

  test('movements prevail, and the file adds what they do not carry', () => {
    const [stay, ...others] = mergedStays([row()], [visit(stayFrom([admission, discharge]).stay)]);
    expect(others).toEqual([]);
    expect(stay).toMatchObject({
      dischargedAt: '2022-06-15T08:00:00.000Z',
      hasSurgery: true,
      specialty: '201',
    });
  });

  test('the file gives the admission that was never received', () => {
    const [stay] = mergedStays([row()], [visit(stayFrom([discharge]).stay)]);
    expect(stay!.admittedAt).toBe('2022-06-10T08:00:00.000Z');
  });

  test('the file gives patient, mode of discharge, session and the stay of the mother where movements say nothing', () => {
    const ofFile = { patient: 'q', dischargeMode: '8', motherStayNo: 'F0', isSession: true, visitNo: 'V9' };
    const silent = { ...stayFrom([admission]).stay!, patient: null, visitNo: null };
    expect(mergedStays([row(ofFile)], [visit(silent)])).toMatchObject([ofFile]);
    expect(mergedStays([row(ofFile)], [visit(stayFrom([admission]).stay)])).toMatchObject([
      { ...ofFile, patient: 'p', visitNo: 'V1' },
    ]);
    const unit = stayFrom([moved('1', 'A01', '2022-06-10', { unit: '6268' })]).stay;
    expect(mergedStays([row({ specialty: null })], [visit(unit)])[0]!.specialty).toBe('6268');
  });

  test('a stay cancelled by movements is out, whatever the file says; others of the file stay', () => {
    expect(mergedStays([row(), row({ stayNo: 'F2' })], [visit(null)]).map(({ stayNo }) => stayNo)).toEqual([
      'F2',
    ]);
  });

  test('several visits of one file count each', () => {
    const second = { ...stayFrom([admission]).stay!, visitNo: 'V2' };
    const stays = mergedStays([], [visit(stayFrom([admission]).stay), visit(second)]);
    expect(stays.map(({ stayNo, visitNo }) => [stayNo, visitNo])).toEqual([
      ['F1/V1', 'V1'],
      ['F1/V2', 'V2'],
    ]);
  });
});
