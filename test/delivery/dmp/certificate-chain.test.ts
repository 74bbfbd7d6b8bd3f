import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ascend } from '../../../src/delivery/dmp/credentials/chain.ts';
import { judgeCredential } from '../../../src/delivery/dmp/credentials/judge.ts';
import { type CredentialFiles, readCredential } from '../../../src/delivery/dmp/credentials/read.ts';
import { sealOf } from '../../../src/delivery/dmp/credentials/seal.ts';
import { authorityFiles, structureFiles } from '../../../src/sandbox/certificates/folder.ts';
import { certificates } from '../../gateway/certificates.ts';
import { withoutOpenssl } from './authority.ts';
import { textOf } from './damaged.ts';
import { AnyAuthority } from './issued.ts';

const FINESS = '0B0000011';

describe.skipIf(withoutOpenssl)(`certificates of an authority${withoutOpenssl}`, () => {
  let authority: AnyAuthority;
  /** Of the same name, with another key. */
  let impostor: AnyAuthority;
  beforeAll(() => {
    authority = new AnyAuthority();
    impostor = new AnyAuthority();
  });
  afterAll(() => {
    authority[Symbol.dispose]();
    impostor[Symbol.dispose]();
  });

  const codes = (files: CredentialFiles, use: 'client' | 'seal' = 'seal') =>
    judgeCredential(readCredential(files), use, FINESS, Date.now(), authority.certificate).map(
      ({ code }) => code,
    );

  test('a seal and a client with what the DMP asks for pass', () => {
    expect(codes(authority.issue())).toEqual([]);
    expect(codes(authority.issue({ usage: 'digitalSignature', extended: 'clientAuth' }), 'client')).toEqual(
      [],
    );
  });

  test.each([
    ['without emailProtection', { extended: 'serverAuth' }, 'delivery.credential-usage'],
    ['without nonRepudiation', { usage: 'digitalSignature' }, 'delivery.credential-usage'],
    ['that also authenticates', { extended: 'emailProtection,clientAuth' }, 'delivery.credential-usage'],
    ['of 1024 bits', { bits: 1024 }, 'delivery.credential-key-short'],
    [
      'with two OU',
      { subject: '/O=Un/OU=10B0000011/OU=10B0000012/CN=Viaduc' },
      'delivery.credential-structure',
    ],
  ])('a seal %s is refused', (_, wanted, code) => {
    expect(codes(authority.issue(wanted))).toEqual([code]);
  });

  test('a client that may not sign a handshake is refused', () => {
    const files = authority.issue({ usage: 'keyEncipherment', extended: 'clientAuth' });
    expect(codes(files, 'client')).toEqual(['delivery.credential-usage']);
  });

  test('one signed by another key under the name of the authority is refused, and stands below nothing', () => {
    const files = impostor.issue();
    expect(codes(files)).toEqual(['delivery.credential-chain']);
    expect(sealOf(readCredential(files), authority.certificate).chain).toHaveLength(1);
  });

  test('one signed by itself is refused', () => {
    expect(codes(authority.alone())).toEqual(['delivery.credential-chain']);
  });

  test('one whose signed part was changed is refused', () => {
    const files = authority.issue();
    const der = Buffer.from(textOf(files.certificate).replace(/-----[^-]+-----|\s/g, ''), 'base64');
    der.write('10B0000099', der.indexOf('10B0000011'), 'latin1');
    const forged = join(authority.folder, 'forged.pem');
    const lines = der
      .toString('base64')
      .match(/.{1,64}/g)!
      .join('\n');
    writeFileSync(forged, `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`);
    const found = judgeCredential(
      readCredential({ ...files, certificate: forged }),
      ...(['seal', '0B0000099', Date.now(), authority.certificate] as const),
    );
    expect(found.map(({ code }) => code)).toEqual(['delivery.credential-chain']);
  });

  test('without its authority at hand it is followed as far as it goes, and not refused', () => {
    const own = textOf(authority.issue().certificate);
    expect(ascend(own, [], []).end).toBe('open');
    expect(ascend(own, [authority.certificate], []).end).toBe('stranger');
    expect(ascend(own, [], [authority.certificate]).end).toBe('anchored');
  });
});

test('both certificates of the sandbox lead to its root, each signature verified', () => {
  const root = readFileSync(authorityFiles(certificates).root.certificate, 'utf8');
  for (const { certificate, key } of Object.values(structureFiles(certificates, FINESS))) {
    const read = readCredential({ certificate, key, passphraseFile: null });
    const [own, ...above] = read.chain.split(/(?<=-----END CERTIFICATE-----)/).filter((one) => one.trim());
    const { chain, end } = ascend(own!, above, [root]);
    expect([chain.length, end]).toEqual([3, 'anchored']);
  }
});
