import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/gateway/config.ts';
import { openDmpAccesses } from '../../src/gateway/dmp-access.ts';
import {
  authorityFiles,
  type CertificateFiles,
  structureFiles,
} from '../../src/sandbox/certificates/folder.ts';
import { systemClock } from '../../src/words/clock.ts';
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
