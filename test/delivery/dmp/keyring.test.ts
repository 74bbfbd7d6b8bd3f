import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Keyring, type StructureCredentials } from '../../../src/delivery/dmp/credentials/keyring.ts';
import { makeSandboxCertificates } from '../../../src/sandbox/certificates/certificates.ts';
import { structureFiles } from '../../../src/sandbox/certificates/folder.ts';
import { certificates } from '../../gateway/certificates.ts';
import { curveKey, DAMAGES, secondDamaged, textOf } from './damaged.ts';

const FINESS = '0B0000011';
const DAY_MS = 86_400_000;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'viaduc-keyring-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Copies of the certificates of a folder, under a name of their own. */
function copied(from: string, name: string): StructureCredentials {
  const { client, seal } = structureFiles(from, FINESS);
  mkdirSync(join(folder, name), { recursive: true });
  const copy = ({ certificate, key }: typeof client, use: string) => {
    const to = { certificate: join(folder, name, `${use}.pem`), key: join(folder, name, `${use}.key`) };
    copyFileSync(certificate, to.certificate);
    copyFileSync(key, to.key);
    return { ...to, passphraseFile: null };
  };
  return { finess: FINESS, client: copy(client, 'client'), seal: copy(seal, 'seal') };
}

async function later(days: number): Promise<string> {
  const made = join(folder, `made-${days}`);
  const holder = { finessEj: FINESS, name: 'Centre hospitalier de démonstration', application: 'Viaduc' };
  await makeSandboxCertificates(made, [holder], Date.now() + days * DAY_MS);
  return made;
}

const serial = (keyring: Keyring) => keyring.of(FINESS)!.seal.chain[0]!.serialNumber;

test('files that change are taken over, without a restart', async () => {
  const entry = copied(certificates, 'one');
  const keyring = new Keyring([entry], '', Date.now());
  const before = serial(keyring);
  expect(keyring.refresh(Date.now())).toEqual([]);
  copied(await later(0), 'one');
  expect(keyring.refresh(Date.now())).toEqual([]);
  expect(serial(keyring)).not.toBe(before);
});

test('a file that went wrong is told, and the former stays', () => {
  const entry = copied(certificates, 'one');
  const keyring = new Keyring([entry], '', Date.now());
  const before = serial(keyring);
  const { certificate } = entry.seal as { certificate: string };
  const whole = readFileSync(certificate);
  writeFileSync(certificate, whole.subarray(0, 100));
  expect(keyring.refresh(Date.now()).map(({ code }) => code)).toEqual(['delivery.credential-unreadable']);
  expect(serial(keyring)).toBe(before);
  writeFileSync(certificate, readFileSync((entry.client as { certificate: string }).certificate));
  expect(keyring.refresh(Date.now()).map(({ code }) => code)).toContain('delivery.credential-key-differs');
  expect(serial(keyring)).toBe(before);
  writeFileSync(certificate, whole);
  utimesSync(certificate, new Date(), new Date(Date.now() + 5_000));
  expect(keyring.refresh(Date.now())).toEqual([]);
});

test.each([...DAMAGES, ['whose second certificate is damaged', secondDamaged] as const])(
  'a certificate %s never ends a running gateway: the former stays',
  (_, damage) => {
    const entry = copied(certificates, 'one');
    const keyring = new Keyring([entry], '', Date.now());
    const before = serial(keyring);
    const { certificate } = entry.seal as { certificate: string };
    writeFileSync(certificate, damage(textOf(certificate)));
    expect(keyring.refresh(Date.now())).toMatchObject([
      { code: 'delivery.credential-unreadable', values: { file: certificate } },
    ]);
    expect(serial(keyring)).toBe(before);
  },
);

test('a key on an elliptic curve never ends a running gateway: the former stays', () => {
  const entry = copied(certificates, 'one');
  const keyring = new Keyring([entry], '', Date.now());
  const before = serial(keyring);
  const { key } = entry.seal as { key: string };
  writeFileSync(key, curveKey());
  expect(keyring.refresh(Date.now())).toMatchObject([
    { code: 'delivery.credential-not-rsa', values: { file: key, kind: 'ec' } },
  ]);
  expect(serial(keyring)).toBe(before);
});

test('while two overlap the newest is used, once it is valid', async () => {
  const [old, next] = [copied(certificates, 'old'), copied(await later(10), 'next')];
  const early = new Keyring([old, next], '', Date.now());
  expect(serial(early)).toBe(serial(new Keyring([old], '', Date.now())));
  const then = Date.now() + 11 * DAY_MS;
  expect(early.refresh(then)).toEqual([]);
  expect(serial(early)).toBe(serial(new Keyring([next], '', then)));
});

test('an end that comes near is told for both certificates', () => {
  const keyring = new Keyring([copied(certificates, 'one')], '', Date.now());
  expect(keyring.expiries(Date.now())).toEqual([]);
  const end = Date.parse(keyring.expiries(Date.now() + 1_200 * DAY_MS)[0]!.values.date as string);
  expect(keyring.expiries(end - 20 * DAY_MS).map(({ values }) => [values.use, values.days])).toEqual([
    ['client', 30],
    ['seal', 30],
  ]);
});
