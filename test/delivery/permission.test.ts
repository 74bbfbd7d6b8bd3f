import { describe, expect, test } from 'vitest';
import { DestinationState } from '../../src/delivery/destination-state.ts';
import type { Job } from '../../src/delivery/job.ts';
import { consentFor, type KnownPatient } from '../../src/delivery/patient.ts';
import { permissionFor } from '../../src/delivery/permission.ts';
import { parseSchedule } from '../../src/delivery/schedule.ts';
import { waitingFor } from '../../src/delivery/waiting.ts';
import type { ConsentRow, DeliveryRow } from '../../src/ledger/views.ts';
import type { StayReference } from '../../src/words/request.ts';

const EG = '0B0000012';
const INO = 'informed-without-opposition';

function said(feeding: ConsentRow['feeding'], day: string, stayNo: string | null = null): ConsentRow {
  const visit = stayNo === null ? null : { finessEg: EG, stayNo, visitNo: `V${stayNo}` };
  return { feeding, collectedAt: `${day}T08:00:00.000Z`, visit };
}

const stay = (number: string): StayReference => ({
  ...{ finessEg: EG, number, visit: null, class: null, admittedAt: null, dischargedAt: null },
});

describe('the consent that counts', () => {
  test.each<[string, ConsentRow[], string | null, Parameters<typeof consentFor>[2], string]>([
    ['nothing was said', [], 'A', null, 'not-collected'],
    ['the request alone says it', [], 'A', INO, INO],
    ['a request does not lift an opposition', [said('opposed', '2022-06-01')], 'A', INO, 'opposed'],
    ['a request adds an opposition', [said(INO, '2022-06-01')], 'A', 'opposed', 'opposed'],
    [
      'the latest word of the patient counts',
      [said(INO, '2022-06-02'), said('opposed', '2022-06-01')],
      'A',
      null,
      INO,
    ],
    [
      'an opposition for the stay holds although another stay says otherwise later',
      [said(INO, '2022-06-09', 'B'), said('opposed', '2022-06-01', 'A')],
      'A',
      null,
      'opposed',
    ],
    [
      'an opposition that is the last word of the patient holds for every stay',
      [said('opposed', '2022-06-09', 'B'), said(INO, '2022-06-01', 'A')],
      'A',
      null,
      'opposed',
    ],
    [
      'a later word without stay lifts that of a stay',
      [said(INO, '2022-06-09'), said('opposed', '2022-06-01', 'A')],
      'A',
      null,
      INO,
    ],
    [
      'a request does not stand in for what was told not to be collected',
      [said('not-collected', '2022-06-01', 'A')],
      'A',
      INO,
      'not-collected',
    ],
    [
      'not collected later than collected is not collected',
      [said('not-collected', '2022-06-09'), said(INO, '2022-06-01')],
      null,
      null,
      'not-collected',
    ],
    [
      'a document without stay follows the latest word',
      [said(INO, '2022-06-09', 'B'), said('opposed', '2022-06-01', 'A')],
      null,
      null,
      INO,
    ],
  ])('%s', (_what, consents, number, asked, expected) => {
    expect(consentFor(consents, number === null ? null : stay(number), asked)).toBe(expected);
  });
});

function job(
  operation = 'deposit',
  root: string | null = '1.2.250.1.213.1.4.10',
  kind: 'dmp' | 'mssante' = 'dmp',
): Pick<Job, 'submission' | 'delivery'> {
  return {
    submission: { facts: { identity: { environmentRoot: root } } },
    delivery: { destination: { kind }, operation, hold: null },
  } as Pick<Job, 'submission' | 'delivery'>;
}

const NOW = Date.parse('2026-07-01T08:00:00Z');

test.each([
  ['delivery.identity-not-qualified', 'permission'],
  ['delivery.identity-changed', 'permission'],
  ['delivery.consent-not-collected', 'permission'],
  ['delivery.withdrawal-by-support', 'permission'],
  ['delivery.budget-spent', 'person'],
])('what is parked for %s waits for a %s', (code, reason) => {
  const policy = { concurrency: 1, perMinute: null, circuit: { failures: 1, probes: parseSchedule('1s') } };
  const destination = new DestinationState('dmp.one.x', policy, NOW, () => 0);
  const parked = { state: 'parked', code, waitsFor: null, dueAtMs: null } as DeliveryRow;
  expect(waitingFor(parked, destination, NOW)).toMatchObject({ reason, until: null, code });
});

const known: KnownPatient = { identity: 'qualified', consent: INO, dmp: null };

describe('a delivery to the DMP', () => {
  const decide = (
    patient: Partial<KnownPatient>,
    setting: 'deposit' | 'hold' | 'refuse' = 'hold',
    operation = 'deposit',
  ) =>
    permissionFor(
      job(operation),
      { ...known, ...patient },
      { consentNotCollected: setting, closedDmpHours: 24 },
      NOW,
    );

  test('leaves when the identity is qualified and the patient informed', () => {
    expect(decide({})).toEqual({ allowed: true, traces: [] });
    expect(decide({ identity: null })).toEqual({ allowed: true, traces: [] });
  });

  test('while it is not known whether the patient opposes follows the setting of the establishment', () => {
    const consent = 'not-collected';
    const code = 'delivery.consent-not-collected';
    expect(decide({ consent }, 'deposit')).toEqual({ allowed: true, traces: [code] });
    expect(decide({ consent }, 'hold')).toEqual({ allowed: false, do: 'park', code });
    expect(decide({ consent }, 'refuse')).toEqual({ allowed: false, do: 'refuse', code });
  });

  test('is refused by an opposition, parked by an identity that does not hold', () => {
    expect(decide({ consent: 'opposed', identity: 'not-qualified' })).toMatchObject({ do: 'refuse' });
    expect(decide({ identity: 'not-qualified' })).toMatchObject({
      do: 'park',
      code: 'delivery.identity-not-qualified',
    });
    expect(decide({ identity: 'other-ins' })).toMatchObject({
      do: 'park',
      code: 'delivery.identity-changed',
    });
  });

  test('is not called for while it was said lately that there is no open DMP, and is after that time', () => {
    const said = (status: 'ACTIF' | 'FERME' | 'INEXISTANT', hoursAgo: number, operation = 'deposit') => {
      const dmp = { status, at: new Date(NOW - hoursAgo * 3_600_000).toISOString() };
      return decide({ dmp }, 'hold', operation);
    };
    for (const status of ['FERME', 'INEXISTANT'] as const) {
      expect(said(status, 23.9)).toEqual({ allowed: false, do: 'refuse', code: 'delivery.dmp-closed' });
      expect(said(status, 24)).toMatchObject({ allowed: true });
      expect(said(status, 1, 'delete')).toMatchObject({ allowed: true });
    }
    expect(said('ACTIF', 1)).toMatchObject({ allowed: true });
  });

  test('that deletes leaves in spite of both: it is what mends a wrong deposit', () => {
    const patient = { consent: 'opposed', identity: 'not-qualified' } as const;
    expect(decide(patient, 'refuse', 'delete')).toEqual({ allowed: true, traces: [] });
    const setting = { consentNotCollected: 'hold', closedDmpHours: 24 } as const;
    expect(permissionFor(job('delete', null), known, setting, NOW)).toMatchObject({ do: 'park' });
  });
});

describe('a mail', () => {
  const setting = { consentNotCollected: 'refuse', closedDmpHours: 24 } as const;
  const decide = (patient: Partial<KnownPatient>, root: string | null = '1.2.250.1.213.1.4.10') =>
    permissionFor(job('deposit', root, 'mssante'), { ...known, ...patient }, setting, NOW);

  test('is not stopped by an opposition to the DMP, nor by what is not known of it', () => {
    expect(decide({ consent: 'opposed' })).toEqual({ allowed: true, traces: [] });
    expect(decide({ consent: 'not-collected' })).toEqual({ allowed: true, traces: [] });
  });

  test('never leaves with an INS that is no longer qualified, and may leave without one', () => {
    const code = 'delivery.mail-identity-not-qualified';
    expect(decide({ identity: 'not-qualified' })).toEqual({ allowed: false, do: 'refuse', code });
    expect(decide({ identity: 'not-qualified' }, null)).toMatchObject({ allowed: true });
  });

  test('waits for a person when the patient has another INS meanwhile', () => {
    const code = 'delivery.identity-changed';
    expect(decide({ identity: 'other-ins' })).toEqual({ allowed: false, do: 'park', code });
  });
});
