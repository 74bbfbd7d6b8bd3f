import { createHash, createSign, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
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
  writeAll,
} from '../../../src/sandbox/certificates/folder.ts';
import type { Issued } from '../../../src/sandbox/certificates/issue.ts';
import { type DmpSimulator, startDmpSimulator } from '../../../src/sandbox/dmp/simulator.ts';
import { parseXml } from '../../../src/xml/parse.ts';
import { certificates } from '../../gateway/certificates.ts';
import {
  altered,
  cda,
  type Deposit,
  freshOid,
  mtom,
  plain,
  type Reply,
  send,
  signedDeposit,
} from './requests.ts';
import { call } from './running.ts';

/** Certificates of the structure that the tests speak for, and of another. */
export const own = structureFiles(certificates, '0B0000011');
export const foreign = structureFiles(certificates, '750000001');

export const sealFrom = (files: CertificateFiles): Seal =>
  sealOf(readCredential({ ...files, passphraseFile: null }), '');
const seal = sealFrom(own.seal);

/** A seal that no gateway would be given. */
export function sealIssued(issued: Issued): Seal {
  const folder = join(mkdtempSync(join(tmpdir(), 'viaduc-seal-')), 'made');
  writeAll(folder, { seal: issued });
  return sealFrom({ certificate: join(folder, 'seal.pem'), key: join(folder, 'seal.key') });
}

export const certificateText = ({ certificate }: CertificateFiles): string =>
  new X509Certificate(readFileSync(certificate)).raw.toString('base64');

export const CONTENT: VihfContent = {
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

/** What of a request is not as it should be. */
export interface Parts {
  content?: Partial<VihfContent>;
  seal?: Seal;
  nowMs?: number;
  /** Changes the assertion before it is signed. */
  before?: (assertion: string) => string;
  /** Changes the header after it was signed. */
  change?: (header: string) => string;
  client?: CertificateFiles;
  signature?: (lot: SignedLot) => Promise<Buffer<ArrayBuffer>> | Buffer<ArrayBuffer>;
  /** Changes the lot. */
  lot?: (deposit: Deposit) => Deposit;
}

export async function header(parts: Parts): Promise<string> {
  const content = { ...CONTENT, ...parts.content };
  const at = parts.nowMs ?? Date.now();
  const { text } = await securityHeader(content, parts.seal ?? seal, DEFAULT_VIHF_SETTINGS, at);
  const signed = parts.before ? signedAgain(text, parts.before) : text;
  return parts.change ? parts.change(signed) : signed;
}

const SIGNATURE = /<ds:Signature [\s\S]*<\/ds:Signature>/;
const ASSERTION = /<saml:Assertion [\s\S]*<\/saml:Assertion>/;

/** Changes an assertion and signs it anew: it is written in canonical form, so that its text is what is signed. */
function signedAgain(text: string, change: (assertion: string) => string): string {
  const assertion = ASSERTION.exec(text)![0];
  const signature = SIGNATURE.exec(assertion)![0];
  const bare = change(assertion.replace(signature, ''));
  const digest = createHash('sha256').update(bare).digest('base64');
  const body = signature.replace(/(<ds:DigestValue>)[^<]*/, `$1${digest}`);
  const info = /<ds:SignedInfo>[\s\S]*<\/ds:SignedInfo>/.exec(body)![0];
  const canonical = info.replace('>', ' xmlns:ds="http://www.w3.org/2000/09/xmldsig#">');
  const value = createSign('RSA-SHA256').update(canonical).sign(readFileSync(own.seal.key), 'base64');
  const signed = body.replace(/(<ds:SignatureValue>)[^<]*/, `$1${value}`);
  return text.replace(ASSERTION, () => bare.replace('</saml:Issuer>', () => `</saml:Issuer>${signed}`));
}

async function lot(parts: Parts): Promise<Deposit> {
  const [uniqueId, document] = [freshOid(), freshOid()];
  const digest = canonicalDigests(parseXml(Buffer.from(cda({ uniqueId: document })))).sha1;
  const signed = { uniqueId, documents: [{ uniqueId: document, digest }], signedAt: Date.now() };
  const bytes = await (parts.signature ?? ((about) => signWith(seal)(about)))(signed);
  const made = signedDeposit(uniqueId, document, bytes);
  return parts.lot ? parts.lot(made) : made;
}

export const signWith = (by: Seal) => async (about: SignedLot) =>
  Buffer.from(await writeLotSignature(about, by, 'sha1'));

/** Changes the signature of a lot and signs it anew: it is written in canonical form, so that its text is what is signed. */
export const signedChanged =
  (change: (signature: string) => string) =>
  async (about: SignedLot): Promise<Buffer<ArrayBuffer>> => {
    const right = (await signWith(seal)(about)).toString();
    const text = change(right);
    if (text === right) throw new Error('nothing was changed');
    const ds = ' xmlns:ds="http://www.w3.org/2000/09/xmldsig#"';
    const within = `${ds} xmlns:xad="http://uri.etsi.org/01903/v1.1.1#"`;
    const properties = /<xad:SignedProperties[\s\S]*<\/xad:SignedProperties>/.exec(text)![0];
    const digest = createHash('sha1')
      .update(properties.replace('<xad:SignedProperties', (tag) => `${tag}${within}`))
      .digest('base64');
    const info = /<ds:SignedInfo>[\s\S]*<\/ds:SignedInfo>/.exec(text)![0];
    const signed = info.replace(/(S0-SignedProperties[\s\S]*?<ds:DigestValue>)[^<]*/, `$1${digest}`);
    const value = createSign('RSA-SHA1')
      .update(signed.replace('>', `${ds}>`))
      .sign(readFileSync(own.seal.key), 'base64');
    const whole = text.replace(info, () => signed);
    return Buffer.from(whole.replace(/(<ds:SignatureValue>)[^<]*/, `$1${value}`));
  };

export function tlsOf({ client = own.client }: Parts) {
  const ca = readFileSync(authorityFiles(certificates).root.certificate);
  return { ca, cert: readFileSync(client.certificate), key: readFileSync(client.key) };
}

interface Refused {
  fault: { code: string } | null;
  problems: { code: string }[];
}

/** A simulator that judges VIHF, certificates and signatures, for the tests of a file. */
export interface Secured {
  readonly url: string;
  readonly adminUrl: string;
  deposited(parts?: Parts): Promise<Reply & { deposit: Deposit }>;
  /** Sends an envelope with a VIHF. */
  asked(envelope: string, path?: string, parts?: Parts): Promise<Reply>;
  /** The codes that the simulator recorded for its last refusal. */
  lastRefusal(): Promise<string[]>;
}

export function secured(): Secured {
  let dmp: DmpSimulator;
  beforeAll(async () => {
    dmp = await startDmpSimulator({ certificates, sites: { '0B0000011': ['0B0000012', '0B0000013'] } });
  });
  afterAll(() => dmp.close());
  return {
    get url() {
      return dmp.url;
    },
    get adminUrl() {
      return dmp.adminUrl;
    },
    async deposited(parts = {}) {
      const security = await header(parts);
      const deposit = await lot(parts);
      const request = altered(deposit, '</s:Header>', `${security}</s:Header>`);
      return { ...(await send(dmp.url, mtom(request), 10_000, tlsOf(parts))), deposit };
    },
    async asked(envelope, path = 'registry', parts = {}) {
      const security = await header(parts);
      const text = envelope.replace('</s:Header>', () => `${security}</s:Header>`);
      return send(dmp.url, plain(text, path), 10_000, tlsOf(parts));
    },
    async lastRefusal() {
      const { items } = await call<{ items: Refused[] }>(dmp.adminUrl, 'GET', '/refusals');
      const { fault, problems } = items[0]!;
      return fault ? [fault.code] : problems.map(({ code }) => code);
    },
  };
}
