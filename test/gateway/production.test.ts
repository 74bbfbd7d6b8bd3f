import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/gateway/config.ts';
import { openDmpAccesses } from '../../src/gateway/dmp-access.ts';
import { makeSandboxCertificates } from '../../src/sandbox/certificates/certificates.ts';
import {
  authorityFiles,
  type CertificateFiles,
  structureFiles,
} from '../../src/sandbox/certificates/folder.ts';
import { systemClock } from '../../src/words/clock.ts';
import { DAMAGES, textOf } from '../delivery/dmp/damaged.ts';
import { certificates } from './certificates.ts';

const { client, seal } = structureFiles(certificates, '0B0000011');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'viaduc-production-'));
  writeFileSync(join(folder, 'number'), 'H-1\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const credential = ({ certificate, key }: CertificateFiles) => ({ certificate, key });

/** Everything that production asks for. */
const COMPLETE = {
  environment: 'production',
  oidRoot: '1.2.250.1.999',
  product: { name: 'Viaduc', version: '1.0', homologation: 'number', nil: 'NIL-1' },
  dmp: {
    url: 'https://dmp.example.org/services',
    anchors: authorityFiles(certificates).root.certificate,
    credentials: [{ finess: '0B0000011', client: credential(client), seal: credential(seal) }],
  },
  establishments: [
    {
      ...{ id: 'one', name: 'Un', finessEj: '0B0000011', sector: 'SA01', consentNotCollected: 'hold' },
      sites: [{ finessEg: '0B0000012', name: 'Site' }],
    },
  ],
};

/** Another seal of the same structure, by the same authority. */
async function renewed(): Promise<CertificateFiles> {
  const made = join(folder, 'made');
  cpSync(join(certificates, 'authority'), join(made, 'authority'), { recursive: true });
  const holder = {
    finessEj: '0B0000011',
    name: 'Centre hospitalier de démonstration',
    application: 'Viaduc',
  };
  await makeSandboxCertificates(made, [holder], Date.now());
  return structureFiles(made, '0B0000011').seal;
}

function read(config: object) {
  writeFileSync(join(folder, 'viaduc.yaml'), JSON.stringify(config));
  return readConfig({}, folder);
}

const { product, dmp, establishments } = COMPLETE;
const [establishment] = establishments;
const { homologation: _number, ...unhomologated } = product;
const { nil: _nil, ...withoutNil } = product;
const { anchors: _anchors, ...unanchored } = dmp;

describe('production', () => {
  test('starts with everything it asks for', () => {
    expect(read(COMPLETE).product.homologation).toBe(join(folder, 'number'));
  });

  test.each<[string, object]>([
    ['product', { product: undefined }],
    ['product.homologation', { product: unhomologated }],
    ['product.nil', { product: withoutNil }],
    ['dmp.anchors', { dmp: unanchored }],
    ['dmp.credentials', { dmp: { ...dmp, credentials: [] } }],
    [
      'dmp.credentials for establishment one (FINESS 0B0000011)',
      { dmp: { ...dmp, credentials: [] }, establishments: [{ ...establishment, sites: [] }] },
    ],
  ])('refuses to start without %s', (member, changes) => {
    expect(() => read({ ...COMPLETE, ...changes })).toThrow(member);
  });

  test('takes credentials of every site in the place of those of the legal entity', () => {
    const credentials = [{ ...dmp.credentials[0], finess: '0B0000012' }];
    expect(read({ ...COMPLETE, dmp: { ...dmp, credentials } }).dmp.credentials).toHaveLength(1);
  });

  test.each(['', ' \n'])('refuses to start with a file of the homologation that says nothing: %j', (text) => {
    writeFileSync(join(folder, 'nothing'), text);
    const config = read({ ...COMPLETE, product: { ...product, homologation: 'nothing' } });
    expect(() => openDmpAccesses(config, null, systemClock, () => {})).toThrow(/nothing.*homologation/);
  });

  test.each(DAMAGES)('refuses to start with anchors %s, by a code of the catalogue', (_, damage) => {
    writeFileSync(join(folder, 'anchors.pem'), damage(textOf(dmp.anchors)));
    const config = read({ ...COMPLETE, dmp: { ...dmp, anchors: 'anchors.pem' } });
    expect(() => openDmpAccesses(config, null, systemClock, () => {})).toThrow(
      expect.objectContaining({ code: 'delivery.credential-unreadable' }),
    );
  });

  test('outlives whatever goes wrong while files are looked at again', async () => {
    const looks: (() => void)[] = [];
    const later = (_: number, look: () => void) => {
      looks.push(look);
      return () => {};
    };
    const lookAgain = () => {
      for (const look of looks.splice(0)) look();
    };
    const told: string[] = [];
    const copy = { certificate: join(folder, 'seal.pem'), key: join(folder, 'seal.key') };
    const put = (from: CertificateFiles) => {
      writeFileSync(copy.certificate, textOf(from.certificate));
      writeFileSync(copy.key, textOf(from.key));
    };
    put(seal);
    const config = read({
      ...COMPLETE,
      dmp: { ...dmp, credentials: [{ ...dmp.credentials[0], seal: copy }] },
    });
    const clock = { now: () => Date.now(), after: later };
    const accesses = openDmpAccesses(config, null, clock, (code) => told.push(code));
    const before = accesses.of('one', '10B0000012').seal;
    writeFileSync(copy.certificate, DAMAGES[0]![1](textOf(copy.certificate)));
    lookAgain();
    expect(told).toEqual(['delivery.credential-unreadable']);
    expect(accesses.of('one', '10B0000012').seal).toBe(before);
    accesses.onReloaded = () => {
      throw new Error('what is done after a reload failed');
    };
    put(await renewed());
    lookAgain();
    expect(accesses.of('one', '10B0000012').seal).not.toBe(before);
    expect(looks).toHaveLength(1);
    await accesses.close();
  });

  test('refuses a seal in the place of the certificate that authenticates', async () => {
    const credentials = [{ ...dmp.credentials[0], client: credential(seal) }];
    const config = read({ ...COMPLETE, dmp: { ...dmp, credentials } });
    expect(() => openDmpAccesses(config, null, systemClock, () => {})).toThrow(
      expect.objectContaining({ code: 'delivery.credential-usage' }),
    );
    const told: string[] = [];
    const elsewhere = { ...config, environment: 'test' as const };
    await openDmpAccesses(elsewhere, null, systemClock, (code) => told.push(code)).close();
    expect(told).toEqual(['delivery.credential-usage']);
  });
});
