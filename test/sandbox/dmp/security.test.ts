import { describe, expect, test } from 'vitest';
import type { SignedLot } from '../../../src/delivery/dmp/signature/lot-signature.ts';
import { existenceEnvelope, freshOid, query, send, statusOf } from './requests.ts';
import {
  CONTENT,
  certificateText,
  foreign,
  own,
  type Parts,
  sealFrom,
  secured,
  signedChanged,
  signWith,
  tlsOf,
} from './secured.ts';

const dmp = secured();

test('a lot with a right VIHF and a right signature is taken', async () => {
  const reply = await dmp.deposited();
  expect([statusOf(reply), reply.text]).toEqual(['Success', expect.any(String)]);
});

test('a question needs a VIHF too', async () => {
  const asked = query(freshOid());
  expect(statusOf(await send(dmp.url, asked, 10_000, tlsOf({})))).toBe('soap:DMPInvalidVihf');
  expect(statusOf(await dmp.asked(asked.body.toString()))).toBe('Success');
});

test('whether a patient has a DMP is told for the patient of the VIHF alone', async () => {
  const ask = async (matricule: string) => (await dmp.asked(existenceEnvelope(matricule), 'patients')).text;
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
    expect(statusOf(await dmp.deposited(parts))).toBe(subcode);
    expect(await dmp.lastRefusal()).toEqual([code]);
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
    const by = what.startsWith('a second certificate') ? own.client : own.seal;
    expect(statusOf(await dmp.deposited({ change, seal: sealFrom(by) }))).toBe('soap:DMPInvalidVihf');
    expect(await dmp.lastRefusal()).toEqual([code]);
  });

  test('about another patient than the lot', async () => {
    const reply = await dmp.deposited({
      content: { patient: '297022A02077878^^^&1.2.250.1.213.1.4.10&ISO^NH' },
    });
    expect(statusOf(reply)).toBe('Failure');
    expect(await dmp.lastRefusal()).toContain('sandbox.vihf-patient');
  });

  test('of a structure that is no author of the document', async () => {
    expect(statusOf(await dmp.deposited({ content: { structure: '10B0000011' } }))).toBe('Failure');
    expect(await dmp.lastRefusal()).toContain('sandbox.author-not-caller');
  });
});

describe('the signature of a lot is refused', () => {
  const changed = (from: string | RegExp, to: string) => async (about: SignedLot) => {
    const text = (await signWith(sealFrom(own.seal))(about)).toString();
    const other = text.replace(from, to);
    if (other === text) throw new Error(`nothing to change: ${from}`);
    return Buffer.from(other);
  };

  test.each<[string, NonNullable<Parts['signature']>]>([
    ['when it was changed', changed(/<xad:SigningTime>20/, '<xad:SigningTime>19')],
    ['when its value is wrong', changed(/<ds:SignatureValue>..../, '<ds:SignatureValue>AAAA')],
    ['by the certificate of authentication', signWith(sealFrom(own.client))],
    ['by the seal of another structure', signWith(sealFrom(foreign.seal))],
    ['over another lot', (about) => signWith(sealFrom(own.seal))({ ...about, uniqueId: freshOid() })],
    ['without one of the documents', (about) => signWith(sealFrom(own.seal))({ ...about, documents: [] })],
    [
      'with a digest that is not of the document',
      (about) =>
        signWith(sealFrom(own.seal))({
          ...about,
          documents: [{ ...about.documents[0]!, digest: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' }],
        }),
    ],
    [
      'with another manifest where nothing is signed, under the ID of the signed one',
      async (about) => {
        const [right, other] = await Promise.all(
          [about, { ...about, documents: [] }].map(signWith(sealFrom(own.seal))),
        );
        const manifest = /<ds:Manifest [\s\S]*<\/ds:Manifest>/.exec(right!.toString())![0];
        return Buffer.from(other!.toString().replace('<ds:KeyInfo>', (start) => `${start}${manifest}`));
      },
    ],
    ['when it is none', () => Buffer.from('<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>')],
  ])('%s', async (_, signature) => {
    expect(statusOf(await dmp.deposited({ signature }))).toBe('Failure');
    expect(await dmp.lastRefusal()).toContain('sandbox.lot-signature');
  });
});

describe('a lot signed as it should is refused for what its signature says', () => {
  const swap = (from: string | RegExp, to: string) => signedChanged((text) => text.replace(from, to));
  const at = (instant: string) => swap(/(<xad:SigningTime>)[^<]*/, `$1${instant}`);
  const ahead = (years: number) => new Date(Date.now() + years * 366 * 86_400_000).toISOString();
  const property = /<ds:SignatureProperties>.*<\/ds:SignatureProperties>/;

  test.each<[string, NonNullable<Parts['signature']>, string]>([
    ['no purpose', swap(property, ''), 'SignatureProperties/SignatureProperty'],
    [
      'another purpose',
      swap(/1\.2\.840\.10065\.1\.12\.1\.14/, '1.2.840.10065.1.12.1.1'),
      'SignatureProperties/SignatureProperty',
    ],
    [
      'the purpose of another signature',
      swap('Id="purposeOfSignature" Target="#S0"', 'Id="purposeOfSignature" Target="#S1"'),
      'SignatureProperties/SignatureProperty',
    ],
    ['no ID', swap(' Id="S0">', '>'), 'Signature/@Id'],
    [
      'properties of another signature',
      swap('v1.1.1#" Target="#S0"', 'v1.1.1#" Target="#S1"'),
      'xad:QualifyingProperties/@Target',
    ],
    [
      'properties outside QualifyingProperties',
      swap(/xad:QualifyingProperties/g, 'xad:OtherProperties'),
      'xad:QualifyingProperties',
    ],
    ['signed in 1971', at('1971-01-01T00:00:00Z'), 'xad:SigningTime'],
    ['signed in years to come', at(ahead(10)), 'xad:SigningTime'],
    ['signed at a time without offset', at(ahead(0).slice(0, 19)), 'xad:SigningTime'],
    [
      'the digest of another certificate',
      swap(/(CertDigest>.*?<xad:DigestValue>)..../, '$1AAAA'),
      'xad:SigningCertificate',
    ],
    ['another serial number', swap(/(<ds:X509SerialNumber>)/, '$19'), 'xad:SigningCertificate'],
    ['no certificate', swap(/<xad:Cert>.*<\/xad:Cert>/, ''), 'xad:SigningCertificate'],
    [
      'a manifest that is called otherwise',
      swap(
        'Type="http://www.w3.org/2000/09/xmldsig#Manifest"',
        'Type="http://www.w3.org/2000/09/xmldsig#Object"',
      ),
      'SignedInfo/Reference/@Type',
    ],
    [
      'another canonical form',
      swap(/(CanonicalizationMethod Algorithm="[^"#]*)#WithComments/, '$1'),
      'SignedInfo/CanonicalizationMethod',
    ],
  ])('%s', async (_, signature, what) => {
    const reply = await dmp.deposited({ signature });
    expect([statusOf(reply), reply.text]).toEqual(['Failure', expect.stringContaining(what)]);
    const all = await dmp.lastRefusal();
    expect(new Set(all)).toEqual(new Set(['sandbox.lot-signature']));
  });

  test('and taken for the purpose in no namespace, as an official sample writes it', async () => {
    const bare = '<SignatureProperties><SignatureProperty Id="purposeOfSignature" Target="#S0">';
    const signature = signedChanged((text) =>
      text
        .replace(/<ds:SignatureProperties><ds:SignatureProperty[^>]*>/, bare)
        .replace(
          /<\/ds:SignatureProperty><\/ds:SignatureProperties>/,
          '</SignatureProperty></SignatureProperties>',
        ),
    );
    expect(statusOf(await dmp.deposited({ signature }))).toBe('Success');
  });
});
