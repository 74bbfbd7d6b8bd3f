import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshLetter, type RunningGateway, startTestGateway } from '../../gateway/running.ts';
import { adt } from './adt-making.ts';
import { type Ack, MllpClient } from './client.ts';
import { makeMessage, recipient, SENDER_LINE } from './making.ts';

let running: RunningGateway;
let client: MllpClient;
const profiles = mkdtempSync(join(tmpdir(), 'viaduc-profiles-'));

/** A product that leaves out what nothing is done with, and never fills PV1-51. */
const LAX = `id: lax
extends: ci-sis
title: { fr: Produit indulgent, en: Lax product }
tolerated: [MSH-7, MSH-17, MSH-18, EVN-2, TXA-1, TXA-3, OBX-5.3, OBX-5.4, PID-7, PID-8]
emptyCancellation: visit
patientAddress: refuse
`;

beforeAll(async () => {
  writeFileSync(join(profiles, 'lax.yaml'), LAX);
  const sender = (id: string, mllp: string) =>
    `  - { id: ${id}, establishment: demo, structures: '*', mllp: { ${mllp} } }\n`;
  const senders = `${sender('dpi', 'application: DPI-T, facility: CHD')}${sender('gam', 'application: GAM, facility: CHD')}`;
  const lax = `${sender('lax', 'application: LAX, facility: CHD, profile: lax')}${sender('lax-gam', 'application: LAX-GAM, facility: CHD, profile: lax')}`;
  running = await startTestGateway({ yaml: `mllp: { profiles: ${profiles} }\nsenders:\n${senders}${lax}` });
  client = await MllpClient.open(running.gateway.endpoints.mllp!);
});

afterAll(async () => {
  client.close();
  await running.close();
  rmSync(profiles, { recursive: true, force: true });
});

const told = (ack: Ack) =>
  ack.errors.map(
    ({ condition, severity, place, code }) => `${ack.code} ${severity} ${condition} ${place} ${code}`,
  );

/** What is spoilt in a message, and the condition, place and code by which its sender is told. */
const SPOILT: readonly [string, 'ORU' | 'MDM', (text: string) => string, string][] = [
  ['no MSH-7', 'ORU', (m) => m.replace(/\|2026\d+\+0100\|/, '||'), '101 MSH^1^7 message.field-missing'],
  [
    'MSH-7 that is no time',
    'ORU',
    (m) => m.replace(/\|2026\d+\+0100\|/, '|today|'),
    '102 MSH^1^7 message.field-form',
  ],
  ['no MSH-17', 'ORU', (m) => m.replace('|FRA|', '||'), '101 MSH^1^17 message.field-missing'],
  ['another country', 'ORU', (m) => m.replace('|FRA|', '|GBR|'), '103 MSH^1^17 message.value-unknown'],
  ['no EVN-2', 'MDM', (m) => m.replace(/EVN\|\|\d+/, 'EVN||'), '101 EVN^1^2 message.field-missing'],
  ['no TXA-1', 'MDM', (m) => m.replace('TXA|1|', 'TXA||'), '101 TXA^1^1 message.field-missing'],
  ['another TXA-3', 'MDM', (m) => m.replace('|TEXT|', '|PDF|'), '103 TXA^1^3 message.value-unknown'],
  [
    'another OBX-5.3',
    'ORU',
    (m) => m.replace('^XML^Base64^', '^PDF^Base64^'),
    '103 OBX^1^5^1^3 message.value-unknown',
  ],
  ['no OBX-5.4', 'ORU', (m) => m.replace('^XML^Base64^', '^XML^^'), '101 OBX^1^5^1^4 message.field-missing'],
  [
    'an INS without birth date',
    'ORU',
    (m) => m.replace('|19360621|', '||'),
    '101 PID^1^7 message.field-missing',
  ],
  [
    'an INS of unknown sex',
    'ORU',
    (m) => m.replace('|19360621|F|', '|19360621|U|'),
    '103 PID^1^8 message.value-unknown',
  ],
];

const REFUSED: typeof SPOILT = [
  ['two senders', 'ORU', (m) => m.replace(/(PRT[^\r]*\r)/, '$1$1'), '198 PRT^2^4 message.cardinality'],
  [
    'two addresses for answers',
    'ORU',
    (m) => {
      const reply = 'PRT||UC||REPLY^Reply To^participation|||||||||||^NET^X.400^a@b.mssante.fr\r';
      return m.replace(/(PRT[^\r]*\r)/, `$1${reply}${reply}`);
    },
    '198 PRT^3^4 message.cardinality',
  ],
  ['an MDM without PV1', 'MDM', (m) => m.replace(/PV1[^\r]*\r/, ''), '100 PV1^1 message.segment-missing'],
];

function made(type: 'ORU' | 'MDM', application = 'DPI-T'): string {
  return makeMessage({ type, application, ...freshLetter() }).toString('utf8');
}

describe('a field that the interface requires', () => {
  test.each([...SPOILT, ...REFUSED])('is refused: %s', async (_, type, spoil, expected) => {
    const ack = await client.send(spoil(made(type)));
    const [condition, ...rest] = expected.split(' ');
    expect(told(ack)).toContain(`AE E ${condition} ${rest.join(' ')}`);
  });

  test.each(SPOILT)(
    'is told and taken where the profile tolerates it: %s',
    async (_, type, spoil, expected) => {
      const ack = await client.send(spoil(made(type, 'LAX')));
      const [condition, ...rest] = expected.split(' ');
      expect(told(ack)).toContain(`AA W ${condition} ${rest.join(' ')}`);
    },
  );

  test.each([
    ['MSH-18', (m: string) => m.replace('|UNICODE UTF-8|', '||'), '101 MSH^1^18 message.field-missing'],
    ['PV1 of an ORU', (m: string) => m.replace(/PV1[^\r]*\r/, ''), '100 PV1^1 message.segment-missing'],
  ])('is told and taken: no %s', async (_, spoil, expected) => {
    expect(told(await client.send(spoil(made('ORU'))))).toEqual([`AA W ${expected}`]);
  });
});

describe('what a profile settles', () => {
  test('a patient’s address that is not the INS is left out and told, or refuses the message', async () => {
    const participants = [SENDER_LINE, recipient('279035121518989@patient.mssante.fr', 'INS')];
    const send = (application: string) =>
      client.send(
        makeMessage({ ...freshLetter(), application, participants, flags: { DESTMSSANTEPAT: 'Y' } }),
      );
    expect(told(await send('DPI-T'))).toEqual(['AA W 207 PRT^2^15^1^4 message.patient-address']);
    const refused = await send('LAX');
    expect(told(refused)).toEqual(['AE E 207 PRT^2^15^1^4 message.patient-address']);
    expect(refused.errors[0]).toMatchObject({
      diagnostic: expect.stringContaining('not that of the INS'),
      user: expect.stringContaining('@patient.mssante.fr'),
    });
  });

  test('a cancellation without PV1-51 takes the file, or the visit alone', async () => {
    const stays = async () => {
      const { body } = await running.call('/api/indicators?period=2022-06');
      return body.indicators.find(({ code }: { code: string }) => code === 'DS1.1').denominator;
    };
    const twoVisitsLessOne = async (file: string, application: string) => {
      const send = (trigger: string, visit: string, movement: string, at?: string) =>
        client.send(
          adt({ trigger, file, visit, movement, ...(at ? { at } : {}) }).replace('|GAM|', `|${application}|`),
        );
      for (const visit of [`${file}-1`, `${file}-2`]) {
        await send('A01', visit, `${visit}-in`);
        await send('A03', visit, `${visit}-out`, '20220615110000');
      }
      const cancellation = { trigger: 'A11', action: 'CANCEL', original: 'A01', at: '20220620080000' };
      const numbers = { file, visit: `${file}-1`, movement: `${file}-1-in` };
      const text = adt({ ...cancellation, ...numbers }).replace('|GAM|', `|${application}|`);
      return told(await client.send(text));
    };
    expect(await twoVisitsLessOne('FILE-A', 'GAM')).toEqual(['AA W 207 PV1^1^51 message.file-cancelled']);
    expect(await stays()).toBeNull();
    expect(await twoVisitsLessOne('FILE-B', 'LAX-GAM')).toEqual([]);
    expect(await stays()).toBe(1);
  });
});
