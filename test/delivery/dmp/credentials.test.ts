import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expiryAlarm, judgeCredential } from '../../../src/delivery/dmp/credentials/judge.ts';
import {
  type CredentialFiles,
  readAnchors,
  readCredential,
} from '../../../src/delivery/dmp/credentials/read.ts';
import { authorityFiles, structureFiles } from '../../../src/sandbox/certificates/folder.ts';
import { certificates } from '../../gateway/certificates.ts';
import { curveKey, DAMAGES, secondDamaged, textOf } from './damaged.ts';

const FINESS = '0B0000011';
const DAY_MS = 86_400_000;
const { client, seal } = structureFiles(certificates, FINESS);
const pem = (files: { certificate: string; key: string }): CredentialFiles => ({
  ...files,
  passphraseFile: null,
});
let folder: string;

function openssl(...args: string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'viaduc-credentials-'));
  writeFileSync(join(folder, 'phrase'), 's3cret phrase\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('reading', () => {
  const own = () => readFileSync(seal.certificate, 'utf8').split('-----END')[0];

  test.each([
    ['of today (AES-256, PBKDF2)', []],
    ['of yesterday (3DES)', ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']],
  ])('a PKCS#12 file %s, with its chain', (_, more) => {
    const file = join(folder, 'seal.p12');
    const phrase = `file:${join(folder, 'phrase')}`;
    openssl(
      'pkcs12',
      '-export',
      '-in',
      seal.certificate,
      '-inkey',
      seal.key,
      '-out',
      file,
      '-passout',
      phrase,
      ...more,
    );
    const read = readCredential({ pkcs12: file, passphraseFile: join(folder, 'phrase') });
    expect(read.certificate.replaceAll('\r', '').split('-----END')[0]).toBe(own());
    expect(read.chain.match(/BEGIN/g)).toHaveLength(2);
    expect(judgeCredential(read, 'seal', FINESS, Date.now())).toEqual([]);
  });

  test('a key in PEM under a passphrase', () => {
    const key = join(folder, 'client.key');
    openssl('pkcs8', '-topk8', '-in', client.key, '-out', key, '-passout', `file:${join(folder, 'phrase')}`);
    const files = { certificate: client.certificate, key, passphraseFile: join(folder, 'phrase') };
    expect(judgeCredential(readCredential(files), 'client', FINESS, Date.now())).toEqual([]);
    expect(() => readCredential({ ...files, passphraseFile: null })).toThrow('client.key');
  });

  test('a PKCS#12 file under a passphrase beyond ASCII is told', () => {
    writeFileSync(join(folder, 'accents'), 'très');
    const files = { pkcs12: join(folder, 'seal.p12'), passphraseFile: join(folder, 'accents') };
    expect(() => readCredential(files)).toThrow('beyond ASCII');
  });

  test.each([
    ['a file that is not there', { pkcs12: '/nowhere/a.p12', passphraseFile: null }, 'ENOENT'],
    [
      'a file of something else',
      { pkcs12: import.meta.filename, passphraseFile: null },
      'credentials.test.ts',
    ],
    [
      'a chain without certificate',
      { certificate: client.key, key: client.key, passphraseFile: null },
      'no certificate',
    ],
  ])('%s is told by name', (_, files, expected) => {
    expect(() => readCredential(files)).toThrow(expected);
  });

  const UNREADABLE = expect.objectContaining({ code: 'delivery.credential-unreadable' });

  test.each([...DAMAGES, ['whose second certificate is damaged', secondDamaged] as const])(
    'a certificate %s is told by its file, before anything is made with it',
    (_, damage) => {
      const certificate = join(folder, 'damaged.pem');
      writeFileSync(certificate, damage(textOf(seal.certificate)));
      const read = () => readCredential(pem({ certificate, key: seal.key }));
      expect(read).toThrow(UNREADABLE);
      expect(read).toThrow('damaged.pem');
    },
  );

  test.each(DAMAGES)('a key %s is told by its file', (_, damage) => {
    const key = join(folder, 'damaged.key');
    writeFileSync(key, damage(textOf(seal.key)));
    expect(() => readCredential(pem({ certificate: seal.certificate, key }))).toThrow('damaged.key');
  });

  test.each(DAMAGES)('anchors %s are told by their file', (_, damage) => {
    const file = join(folder, 'anchors.pem');
    writeFileSync(file, damage(textOf(authorityFiles(certificates).root.certificate)));
    expect(() => readAnchors(file)).toThrow(UNREADABLE);
    expect(() => readAnchors(file)).toThrow('anchors.pem');
  });

  test('a certificate or a key on an elliptic curve is refused as such', () => {
    const [certificate, key] = [join(folder, 'curve.pem'), join(folder, 'curve.key')];
    writeFileSync(key, curveKey());
    openssl('req', '-x509', '-key', key, '-out', certificate, '-subj', '/CN=curve');
    const notRsa = expect.objectContaining({ code: 'delivery.credential-not-rsa' });
    expect(() => readCredential(pem({ certificate, key }))).toThrow(notRsa);
    expect(() => readCredential(pem({ certificate: seal.certificate, key }))).toThrow('curve.key');
  });
});

describe('judging', () => {
  const codes = (files: CredentialFiles, use: 'client' | 'seal', finess = FINESS, inDays = 0) =>
    judgeCredential(readCredential(files), use, finess, Date.now() + inDays * DAY_MS).map(({ code }) => code);

  test('what is right passes', () => {
    expect(codes(pem(client), 'client')).toEqual([]);
    expect(codes(pem(seal), 'seal')).toEqual([]);
  });

  test.each([
    ['the seal as client', () => codes(pem(seal), 'client'), 'delivery.credential-usage'],
    ['the client as seal', () => codes(pem(client), 'seal'), 'delivery.credential-usage'],
    ['another structure', () => codes(pem(seal), 'seal', '750000001'), 'delivery.credential-structure'],
    ['past its end', () => codes(pem(seal), 'seal', FINESS, 4 * 365), 'delivery.credential-expired'],
    ['before its time', () => codes(pem(seal), 'seal', FINESS, -400), 'delivery.credential-not-yet-valid'],
    [
      'the key of another',
      () => codes(pem({ certificate: seal.certificate, key: client.key }), 'seal'),
      'delivery.credential-key-differs',
    ],
  ])('%s is refused', (_, found, expected) => {
    expect(found()).toEqual([expected]);
  });

  test('the end is spoken of at 60, 30, 14, 7 and 1 days', () => {
    const { certificate } = readCredential(pem(seal));
    const end = Date.parse(
      /notAfter=(.*)/.exec(
        spawnSync('openssl', ['x509', '-in', seal.certificate, '-noout', '-enddate'], { encoding: 'utf8' })
          .stdout,
      )![1]!,
    );
    const at = (days: number) => expiryAlarm(certificate, end - days * DAY_MS);
    expect([61, 60, 31, 30, 8, 7, 2, 1, 0].map(at)).toEqual([null, 60, 60, 30, 14, 7, 7, 1, 1]);
  });
});
