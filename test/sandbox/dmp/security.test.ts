import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalDigests } from '../../../src/checks/canonical-digests.ts';
import { readCredential } from '../../../src/delivery/dmp/credentials/read.ts';
import { type Seal, sealOf } from '../../../src/delivery/dmp/credentials/seal.ts';
import { type SignedLot, writeLotSignature } from '../../../src/delivery/dmp/signature/lot-signature.ts';
import {
  DEFAULT_VIHF_SETTINGS,
  securityHeader,
  type VihfContent,
} from '../../../src/delivery/dmp/vihf/vihf.ts';
import {
  authorityFiles,
  type CertificateFiles,
  structureFiles,
} from '../../../src/sandbox/certificates/folder.ts';
import { type DmpSimulator, startDmpSimulator } from '../../../src/sandbox/dmp/simulator.ts';
import { parseXml } from '../../../src/xml/parse.ts';
import { certificates } from '../../gateway/certificates.ts';
import {
  altered,
  cda,
  type Deposit,
  existenceEnvelope,
  freshOid,
  mtom,
  plain,
  query,
  type Reply,
  send,
  signedDeposit,
  statusOf,
} from './requests.ts';
import { call } from './running.ts';

const own = structureFiles(certificates, '0B0000011');
const foreign = structureFiles(certificates, '750000001');
const sealFrom = (files: CertificateFiles): Seal =>
  sealOf(readCredential({ ...files, passphraseFile: null }), '');
const seal = sealFrom(own.seal);

const certificateText = ({ certificate }: CertificateFiles): string =>
  new X509Certificate(readFileSync(certificate)).raw.toString('base64');

const CONTENT: VihfContent = {
  structure: '10B0000012',
  sector: 'SA01',
  nameId: '30B0000012/VIADUC',
  subject: 'Viaduc, 1.0',
  roles: [{ code: 'AUTOMATE', codeSystem: '1.2.250.1.213.1.1.4.6', displayName: 'Automate' }],
  patient: '279035121518989^^^&1.2.250.1.213.1.4.10&ISO^NH',
  secretConnection: false,
  authenticatedAt: Date.now(),
  product: { name: 'Viaduc', version: '1.0', homologation: 'VIADUC-SANDBOX' },
  installation: '2.25.1',
};

let dmp: DmpSimulator;
beforeAll(async () => {
  dmp = await startDmpSimulator({ certificates, sites: { '0B0000011': ['0B0000012'] } });
});
afterAll(() => dmp.close());

interface Parts {
  content?: Partial<VihfContent>;
  seal?: Seal;
  nowMs?: number;
  /** Changes the header after it was signed. */
  change?: (header: string) => string;
  client?: CertificateFiles;
  signature?: (lot: SignedLot) => Promise<Buffer<ArrayBuffer>> | Buffer<ArrayBuffer>;
}

async function header(parts: Parts): Promise<string> {
  const content = { ...CONTENT, ...parts.content };
  const { text } = await securityHeader(
    content,
    parts.seal ?? seal,
    DEFAULT_VIHF_SETTINGS,
    parts.nowMs ?? Date.now(),
  );
  return parts.change ? parts.change(text) : text;
}

async function lot(parts: Parts): Promise<Deposit> {
  const [uniqueId, document] = [freshOid(), freshOid()];
  const digest = canonicalDigests(parseXml(Buffer.from(cda({ uniqueId: document })))).sha1;
  const signed = { uniqueId, documents: [{ uniqueId: document, digest }], signedAt: Date.now() };
  const bytes = await (parts.signature ?? ((about) => signWith(seal)(about)))(signed);
  return signedDeposit(uniqueId, document, bytes);
}

const signWith = (by: Seal) => async (about: SignedLot) =>
  Buffer.from(await writeLotSignature(about, by, 'sha1'));

function tlsOf({ client = own.client }: Parts) {
  const ca = readFileSync(authorityFiles(certificates).root.certificate);
  return { ca, cert: readFileSync(client.certificate), key: readFileSync(client.key) };
}

async function deposited(parts: Parts = {}): Promise<Reply> {
  const security = await header(parts);
  const request = altered(await lot(parts), '</s:Header>', `${security}</s:Header>`);
  return send(dmp.url, mtom(request), 10_000, tlsOf(parts));
}

interface Refused {
  fault: { code: string } | null;
  problems: { code: string }[];
}

/** The codes that the simulator recorded for its last refusal. */
async function lastRefusal(): Promise<string[]> {
  const { items } = await call<{ items: Refused[] }>(dmp.adminUrl, 'GET', '/refusals');
  const { fault, problems } = items[0]!;
  return fault ? [fault.code] : problems.map(({ code }) => code);
}

test('a lot with a right VIHF and a right signature is taken', async () => {
  const reply = await deposited();
  expect([statusOf(reply), reply.text]).toEqual(['Success', expect.any(String)]);
});

test('a question needs a VIHF too', async () => {
  const asked = query(freshOid());
  expect(statusOf(await send(dmp.url, asked, 10_000, tlsOf({})))).toBe('soap:DMPInvalidVihf');
  const text = asked.body.toString().replace('</s:Header>', `${await header({})}</s:Header>`);
  expect(statusOf(await send(dmp.url, plain(text), 10_000, tlsOf({})))).toBe('Success');
});

test('whether a patient has a DMP is told for the patient of the VIHF alone', async () => {
  const ask = async (matricule: string) => {
    const text = existenceEnvelope(matricule).replace('</s:Header>', `${await header({})}</s:Header>`);
    return (await send(dmp.url, plain(text, 'patients'), 10_000, tlsOf({}))).text;
  };
  expect(await ask('279035121518989')).toContain('<queryResponseCode code="OK"/>');
  expect(await ask('297022A02077878')).toContain('[sandbox.vihf-patient]');
});

describe('a VIHF is refused', () => {
  const without = (what: RegExp) => (text: string) => {
    const changed = text.replace(what, '');
    if (changed === text) throw new Error(`nothing to take away: ${what}`);
    return changed;
  };
  const physician = [{ code: '10', codeSystem: '1.2.250.1.71.1.2.7', displayName: 'Médecin' }];

  test.each<[string, Parts, string, string]>([
    ['when it is missing', { change: () => ' ' }, 'soap:DMPInvalidVihf', 'sandbox.vihf-missing'],
    ['when it is too old', { nowMs: Date.now() - 3_600_000 }, 'soap:DMPInvalidVihf', 'sandbox.vihf-expired'],
    [
      'when it comes from the future',
      { nowMs: Date.now() + 3_600_000 },
      'soap:DMPInvalidVihf',
      'sandbox.vihf-expired',
    ],
    [
      'without signature',
      { change: without(/<ds:Signature .*<\/ds:Signature>/) },
      'soap:DMPInvalidVihf',
      'sandbox.vihf-unsigned',
    ],
    [
      'changed after it was signed',
      { change: (text) => text.replace('SA01', 'SA02') },
      'soap:DMPInvalidVihf',
      'sandbox.vihf-signature',
    ],
    [
      'signed by the certificate of authentication',
      { seal: sealFrom(own.client) },
      'soap:DMPInvalidCertificate',
      'sandbox.seal-refused',
    ],
    [
      'of a physician without speciality',
      { content: { roles: physician } },
      'soap:DMPInvalidVihf',
      'sandbox.vihf-speciality',
    ],
    [
      'of a product that is not homologated',
      { content: { product: { ...CONTENT.product, homologation: 'OTHER' } } },
      'soap:DMPInvalidVihf',
      'sandbox.vihf-wrong',
    ],
    ['without a patient', { content: { patient: null } }, 'soap:DMPInvalidVihf', 'sandbox.vihf-wrong'],
    [
      'of a sector that is no code',
      { content: { sector: 'HOPITAL' } },
      'soap:DMPInvalidVihf',
      'sandbox.vihf-wrong',
    ],
    [
      'of a structure that the seal is not of',
      { content: { structure: '10B0000099' } },
      'soap:DMPInvalidStructure',
      'sandbox.structure-refused',
    ],
    [
      'of a seal of another structure',
      { seal: sealFrom(foreign.seal) },
      'soap:DMPInvalidStructure',
      'sandbox.structure-refused',
    ],
    [
      'over the connection of another structure',
      { client: foreign.client },
      'soap:DMPInvalidStructure',
      'sandbox.structure-refused',
    ],
  ])('%s', async (_, parts, subcode, code) => {
    expect(statusOf(await deposited(parts))).toBe(subcode);
    expect(await lastRefusal()).toEqual([code]);
  });

  const assertionOf = (text: string) => /<saml\w*:Assertion [\s\S]*<\/saml\w*:Assertion>/.exec(text)![0];
  const forged = (text: string) => assertionOf(text).replace('SA01', 'SA02');

  test.each<[string, (text: string) => string, string]>([
    [
      'a second assertion beside the signed one',
      (text) => text.replace(/<saml\w*:Assertion /, (start) => `${forged(text)}${start}`),
      'sandbox.vihf-missing',
    ],
    [
      'the signed one in another header, another in its place',
      (text) =>
        `<x:kept xmlns:x="urn:x">${assertionOf(text)}</x:kept>${text.replace(assertionOf(text), forged(text))}`,
      'sandbox.vihf-wrong',
    ],
    [
      'the signed one inside another with its ID',
      (text) => {
        const bare = forged(text).replace(/<ds:Signature [\s\S]*?<\/ds:Signature>/, '');
        const outer = bare.replace(
          /<\/saml\w*:Assertion>$/,
          (end) => `<x:kept xmlns:x="urn:x">${assertionOf(text)}</x:kept>${end}`,
        );
        return text.replace(assertionOf(text), () => outer);
      },
      'sandbox.vihf-signature',
    ],
    [
      'the signed one inside the signature of another with another ID',
      (text) => {
        const outer = forged(text)
          .replace(/ ID="/, ' ID="_other-')
          .replace(
            /<\/ds:Signature>/,
            `<ds:Object xmlns:ds="http://www.w3.org/2000/09/xmldsig#">${assertionOf(text)}</ds:Object></ds:Signature>`,
          );
        return text.replace(assertionOf(text), () => outer);
      },
      'sandbox.vihf-signature',
    ],
    [
      'a reference to another element',
      (text) => text.replace(/<ds:Reference URI="#/, '<ds:Reference URI="#other-'),
      'sandbox.vihf-signature',
    ],
    [
      'another element that bears its ID',
      (text) => `${text}<x:other xmlns:x="urn:x" Id="${/ ID="([^"]+)"/.exec(text)![1]}"/>`,
      'sandbox.vihf-wrong',
    ],
    [
      'a second certificate, whose key signed, behind one that may sign',
      (text) =>
        text.replace(
          /<ds:X509Certificate>/,
          `<ds:X509Certificate>${certificateText(own.seal)}</ds:X509Certificate><ds:X509Certificate>`,
        ),
      'sandbox.vihf-signature',
    ],
  ])('with %s', async (what, change, code) => {
    const by = what.startsWith('a second certificate') ? sealFrom(own.client) : seal;
    expect(statusOf(await deposited({ change, seal: by }))).toBe('soap:DMPInvalidVihf');
    expect(await lastRefusal()).toEqual([code]);
  });

  test('about another patient than the lot', async () => {
    const reply = await deposited({ content: { patient: '297022A02077878^^^&1.2.250.1.213.1.4.10&ISO^NH' } });
    expect(statusOf(reply)).toBe('Failure');
    expect(await lastRefusal()).toContain('sandbox.vihf-patient');
  });

  test('of a structure that is no author of the document', async () => {
    expect(statusOf(await deposited({ content: { structure: '10B0000011' } }))).toBe('Failure');
    expect(await lastRefusal()).toContain('sandbox.author-not-caller');
  });
});

describe('the signature of a lot is refused', () => {
  const changed = (from: string | RegExp, to: string) => async (about: SignedLot) => {
    const text = (await signWith(seal)(about)).toString();
    const other = text.replace(from, to);
    if (other === text) throw new Error(`nothing to change: ${from}`);
    return Buffer.from(other);
  };

  test.each<[string, NonNullable<Parts['signature']>]>([
    ['when it was changed', changed(/<xad:SigningTime>20/, '<xad:SigningTime>19')],
    ['when its value is wrong', changed(/<ds:SignatureValue>..../, '<ds:SignatureValue>AAAA')],
    ['by the certificate of authentication', signWith(sealFrom(own.client))],
    ['by the seal of another structure', signWith(sealFrom(foreign.seal))],
    ['over another lot', (about) => signWith(seal)({ ...about, uniqueId: freshOid() })],
    ['without one of the documents', (about) => signWith(seal)({ ...about, documents: [] })],
    [
      'with a digest that is not of the document',
      (about) =>
        signWith(seal)({
          ...about,
          documents: [{ ...about.documents[0]!, digest: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' }],
        }),
    ],
    ['when it is none', () => Buffer.from('<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>')],
  ])('%s', async (_, signature) => {
    expect(statusOf(await deposited({ signature }))).toBe('Failure');
    expect(await lastRefusal()).toContain('sandbox.lot-signature');
  });
});
