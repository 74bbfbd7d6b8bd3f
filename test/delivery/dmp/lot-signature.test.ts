import { describe, expect, test } from 'vitest';
import { writeLotSignature } from '../../../src/delivery/dmp/signature/lot-signature.ts';
import { demoSeal, withoutXmlsec, xmlsec } from './signed.ts';

const LOT = {
  uniqueId: '2.25.1.1000.1',
  documents: [
    { uniqueId: '1.2.250.1.1.1', digest: 'MCFcHeFXwkFXdHzVdpm4lYGpRLY=' },
    { uniqueId: '1.2.250.1.1.2', digest: 'K7gNU3sdo+OL0wNhqoVWhr3g6s0=' },
  ],
  signedAt: Date.parse('2026-03-01T10:20:30Z'),
};
const seal = demoSeal();
const OPTIONS = [
  '--ignore-manifests',
  ...['--id-attr:Id', 'Manifest', '--id-attr:Id', 'http://uri.etsi.org/01903/v1.1.1#:SignedProperties'],
];

describe('the signature of a lot', () => {
  test('lists the lot, then each document in canonical form', async () => {
    const text = await writeLotSignature(LOT, seal, 'sha1');
    const manifest = /<ds:Manifest.*<\/ds:Manifest>/.exec(text)![0];
    const references = [...manifest.matchAll(/URI="([^"]+)".*?<ds:DigestValue>([^<]+)/g)].map(
      ([, uri, digest]) => [uri, digest],
    );
    expect(references).toEqual([
      ['urn:oid:2.25.1.1000.1', 'AA=='],
      ['urn:oid:1.2.250.1.1.1', LOT.documents[0]!.digest],
      ['urn:oid:1.2.250.1.1.2', LOT.documents[1]!.digest],
    ]);
    expect(manifest.match(/REC-xml-c14n-20010315#WithComments/g)).toHaveLength(2);
  });

  test('says when, by whose certificates and what for', async () => {
    const text = await writeLotSignature(LOT, seal, 'sha1');
    expect(text).toContain('<xad:SigningTime>2026-03-01T10:20:30.000Z</xad:SigningTime>');
    expect(text.match(/<xad:Cert>/g)).toHaveLength(2);
    expect(text).toContain('CN=VIADUC SANDBOX ORGANISATIONS,O=VIADUC SANDBOX,C=FR');
    expect(text).toContain('Target="#S0">1.2.840.10065.1.12.1.14<');
  });

  test('is the same for the same lot', async () => {
    expect(await writeLotSignature(LOT, seal, 'sha1')).toBe(await writeLotSignature(LOT, seal, 'sha1'));
  });
});

describe.skipIf(withoutXmlsec)(`xmlsec1${withoutXmlsec && ` (skipped: ${withoutXmlsec})`}`, () => {
  test.each(['sha1', 'sha256'] as const)('verifies it with %s', async (digest) => {
    const verdict = xmlsec(await writeLotSignature(LOT, seal, digest), ...OPTIONS);
    expect(verdict).toMatchObject({ valid: true });
    expect(verdict.said).toContain('SignedInfo References (ok/all): 2/2');
  });

  test.each([
    ['a digest of a document', LOT.documents[0]!.digest, LOT.documents[1]!.digest],
    ['the lot', '1000.1', '1000.2'],
    ['the time of signature', '10:20:30', '10:20:31'],
  ])('refuses it when %s was changed', async (_, from, to) => {
    const text = await writeLotSignature(LOT, seal, 'sha1');
    expect(xmlsec(text.replace(from, to), ...OPTIONS).valid).toBe(false);
  });
});
