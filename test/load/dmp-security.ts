import { readFileSync } from 'node:fs';
import { canonicalDigests } from '../../src/checks/canonical-digests.ts';
import { readCredential } from '../../src/delivery/dmp/credentials/read.ts';
import { sealOf } from '../../src/delivery/dmp/credentials/seal.ts';
import { writeIti41 } from '../../src/delivery/dmp/iti-41.ts';
import { writeLotSignature } from '../../src/delivery/dmp/signature/lot-signature.ts';
import { AUTOMATE } from '../../src/delivery/dmp/vihf/roles.ts';
import { DEFAULT_VIHF_SETTINGS, securityHeader } from '../../src/delivery/dmp/vihf/vihf.ts';
import { authorityFiles, structureFiles } from '../../src/sandbox/certificates/folder.ts';
import { parseXml } from '../../src/xml/parse.ts';
import { Markup } from '../../src/xml/writer.ts';
import makeCertificates, { certificates } from '../gateway/certificates.ts';
import { sample } from '../gateway/running.ts';
import type { Row } from './row.ts';

const WARM_UP = 100;
const ROUNDS = 400;

/** What one deposit costs beside its validation and its way through the ledger: VIHF, signature of the lot, message. */
export async function dmpSecurity(): Promise<Row[]> {
  await makeCertificates();
  const files = structureFiles(certificates, '0B0000011').seal;
  const anchors = readFileSync(authorityFiles(certificates).root.certificate, 'utf8');
  const seal = sealOf(readCredential({ ...files, passphraseFile: null }), anchors);
  const document = sample('biology-level3.xml');
  const tree = parseXml(document);
  const digest = canonicalDigests(tree).sha1;
  const vihf = () => securityHeader(CONTENT, seal, DEFAULT_VIHF_SETTINGS, Date.now());
  const signature = () =>
    writeLotSignature(
      { uniqueId: '2.25.1.2', documents: [{ uniqueId: '2.25.3', digest }], signedAt: Date.now() },
      seal,
      'sha1',
    );
  const security = await vihf();
  const signed = Buffer.from(await signature());
  const message = () =>
    writeIti41({
      ...{
        metadata: new Markup('<m/>'),
        security,
        messageId: 'urn:uuid:0',
        to: 'https://localhost/repository',
      },
      documents: [
        { symbolicId: 'doc', bytes: document },
        { symbolicId: 'sig', bytes: signed },
      ],
    });
  return [
    await row('VIHF, signed', vihf),
    await row('signature of the lot', signature),
    await row('MTOM message', message),
    await row(`canonical form and digests of a report of ${Math.round(document.length / 1024)} KB`, () =>
      canonicalDigests(tree),
    ),
  ];
}

const CONTENT = {
  structure: '10B0000012',
  sector: 'SA01',
  nameId: '30B0000012/VIADUC',
  subject: 'Viaduc, 1.0',
  roles: [AUTOMATE],
  patient: '279035121518989^^^&1.2.250.1.213.1.4.10&ISO^NH',
  secretConnection: false,
  authenticatedAt: Date.now(),
  product: { name: 'Viaduc', version: '1.0', homologation: 'VIADUC-SANDBOX' },
  installation: '2.25.1',
};

/** CPU of all threads of the process: RSA is counted on whichever thread it runs. */
async function row(what: string, run: () => unknown): Promise<Row> {
  for (let round = 0; round < WARM_UP; round += 1) await run();
  const before = process.cpuUsage();
  const began = performance.now();
  for (let round = 0; round < ROUNDS; round += 1) await run();
  const ms = (performance.now() - began) / ROUNDS;
  const { user, system } = process.cpuUsage(before);
  const note = `${ms.toFixed(2)} ms by the clock, mean of ${ROUNDS}`;
  return {
    what: `one deposit: ${what}`,
    figure: (user + system) / 1000 / ROUNDS,
    unit: 'ms of CPU',
    goal: null,
    note,
  };
}
