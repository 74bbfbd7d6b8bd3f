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
