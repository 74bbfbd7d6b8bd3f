import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DmpSimulator, startDmpSimulator } from '../../src/sandbox/dmp/simulator.ts';
import { certificates } from '../gateway/certificates.ts';
import { freshLetter, type RunningGateway, startTestGateway } from '../gateway/running.ts';
import { byJava, byXmlsec, missing, type Signed } from './judges.ts';
import { partsOf, startRelay } from './relay.ts';

/*
 * Everything that a gateway signs, as it leaves: under each setting the gateway deposits, replaces and deletes, asking the DMP
 * before; every request passes a relay to the simulator, and every VIHF and every signature of a lot in them is judged by
 * xmlsec1 and by javax.xml.crypto, two implementations that share nothing with ours.
 */

interface Setting {
  name: string;
  yaml: string;
  vihf: string;
  lot: string;
}

const SETTINGS: Setting[] = [
  { name: 'as delivered', yaml: '', vihf: 'sha256', lot: 'sha1' },
  {
    name: 'digests the other way round, VIHF 4.0, the older spelling, a table of roles',
    yaml: `vihf: { digest: sha1, version: '4.0', modeAttribute: Authentification_mode }
  signatureDigest: sha256
  roles:
    - requester: person
      roles: [{ code: SECRETARIAT_MEDICAL, system: 1.2.250.1.213.1.1.4.6, label: Secrétariat }]`,
    vihf: 'sha1',
    lot: 'sha256',
  },
];

interface Request {
  action: string;
  envelope: string;
  lot: Signed | null;
}

let dmp: DmpSimulator;
const seen = new Map<string, Request[]>();

beforeAll(async () => {
  dmp = await startDmpSimulator({ certificates, sites: { '0B0000011': ['0B0000012'] } });
  for (const setting of SETTINGS) seen.set(setting.name, await lifeOf(setting));
}, 120_000);
afterAll(() => dmp.close());

/** Deposits a document, replaces it and deletes what replaced it; the requests in their order. */
async function lifeOf({ yaml }: Setting): Promise<Request[]> {
  const relay = await startRelay(dmp.url);
  const run = await startTestGateway({
    yaml: `dmp:\n  precheck: before-deposit\n  ${yaml}\n`,
    variables: { VIADUC_DMP_URL: relay.url },
  });
  try {
    const first = freshLetter();
    const link = `<relatedDocument typeCode="RPLC"><parentDocument><id root="${first.uniqueId}"/></parentDocument></relatedDocument><componentOf>`;
    const second = freshLetter({ '<componentOf>': link });
    await delivered(run, first.document, 'to=dmp');
    await delivered(run, second.document, 'to=dmp&operation=replace');
    await delivered(run, second.document, 'to=dmp&operation=delete');
    return relay.passed.map((passed) => {
      const { envelope, files } = partsOf(passed);
      return {
        action: /<(?:\w+:)?Action[^>]*>([^<]+)/.exec(envelope)![1]!,
        envelope,
        lot: lotOf(envelope, files),
      };
    });
  } finally {
    await run.close();
    await relay.close();
  }
}

async function delivered(run: RunningGateway, document: Buffer, query: string): Promise<void> {
  const { body } = await run.submit(document, query);
  expect(body.deliveries?.[0]?.outcome, JSON.stringify(body)).toBe('delivered');
}

/** The signature of a lot among the files, with the documents by the uniqueId of their entry. */
function lotOf(envelope: string, files: ReadonlyMap<string, Buffer>): Signed | null {
  const signature = [...files].find(([, bytes]) => bytes.subarray(0, 13).toString() === '<ds:Signature');
  if (!signature) return null;
  return { text: signature[1].toString('utf8'), documents: documentsOf(envelope, files) };
}

/** ExternalIdentifier of scheme XDSDocumentEntry.uniqueId of each entry. */
function documentsOf(envelope: string, files: ReadonlyMap<string, Buffer>): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (const [identifier] of envelope.matchAll(/<\w*:?ExternalIdentifier\b[^>]*>/g)) {
    if (!identifier.includes('urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab')) continue;
    const value = (name: string) => new RegExp(`${name}="([^"]+)"`).exec(identifier)![1]!;
    const bytes = files.get(value('registryObject'));
    if (bytes) found.set(value('value'), bytes);
  }
  return found;
}

const ACTIONS = [
  'urn:hl7-org:v3:PRPA_IN201307UV02',
  'urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b',
  'urn:ihe:iti:2007:RegistryStoredQuery',
  'urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b',
  'urn:ihe:iti:2007:RegistryStoredQuery',
  'urn:ihe:iti:2010:UpdateDocumentSet',
];

describe.each(SETTINGS)('$name', ({ name, vihf, lot }) => {
  const requests = () => seen.get(name)!;
  const lots = () => requests().flatMap((one) => one.lot ?? []);

  test('every kind of request passed, and each deposit bears a signature of its lot', () => {
    expect(requests().map(({ action }) => action)).toEqual(ACTIONS);
    expect(lots()).toHaveLength(2);
    expect(
      new Set(requests().map(({ envelope }) => /<saml:Assertion[^>]* ID="([^"]+)"/.exec(envelope)![1])).size,
    ).toBe(ACTIONS.length);
  });

  test.skipIf(missing.xmlsec)(
    `xmlsec1 verifies them all${missing.xmlsec && ` (skipped: ${missing.xmlsec})`}`,
    () => {
      for (const { envelope, action } of requests())
        expect(byXmlsec('assertion', envelope), action).toMatchObject({ valid: true });
      for (const { text } of lots()) expect(byXmlsec('lot', text)).toMatchObject({ valid: true });
    },
  );

  test.skipIf(missing.java)(
    `javax.xml.crypto verifies them all, with the documents of each lot${missing.java && ` (skipped: ${missing.java})`}`,
    () => {
      const signer = expect.stringContaining('OU=10B0000011');
      const verdicts = byJava([...requests().map(({ envelope }) => ({ text: envelope })), ...lots()]);
      expect(verdicts).toEqual([
        ...requests().map(() => ({ valid: true, said: [vihf, '1', signer] })),
        // Manifest, properties, one document.
        ...lots().map(() => ({ valid: true, said: [lot, '3', signer] })),
      ]);
    },
  );
});

describe.skipIf(missing.java)(
  `javax.xml.crypto refuses${missing.java && ` (skipped: ${missing.java})`}`,
  () => {
    test('what was changed after it was signed, saying what', () => {
      const requests = seen.get(SETTINGS[0]!.name)!;
      const { envelope, lot } = requests[1]!;
      const { text, documents } = lot!;
      const [[uniqueId, bytes]] = [...documents!] as [[string, Buffer]];
      const longer = new Map([
        [uniqueId, Buffer.from(bytes.toString('utf8').replace('</title>', ' !</title>'))],
      ]);
      const changed = (from: RegExp, to: string) => ({ text: text.replace(from, to), documents: documents! });
      const reasons = byJava([
        { text: envelope.replace('INDIRECTE<', 'DIRECTE<') },
        changed(/(SigningTime>)2/, '$13'),
        changed(/(<ds:Manifest.*?urn:oid:)[\d.]+/, '$12.25.1'),
        { text, documents: longer },
      ]).map(({ valid, said }) => `${valid} ${said[0]}`);
      expect(reasons).toEqual([
        expect.stringMatching(/^false the digest of #_\S+ differs/),
        'false the digest of #S0-SignedProperties differs',
        'false the digest of #IHEManifest differs',
        expect.stringContaining(`the document urn:oid:${uniqueId} differs`),
      ]);
    });
  },
);
