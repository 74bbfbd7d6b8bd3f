import { readFileSync } from 'node:fs';
import forge from 'node-forge';
import { describe, expect, test } from 'vitest';
import { authorityFiles } from '../../../src/sandbox/certificates/folder.ts';
import { DAY_MS, type Issued, issue } from '../../../src/sandbox/certificates/issue.ts';
import { authorityName, structureName } from '../../../src/sandbox/certificates/profiles.ts';
import { certificates } from '../../gateway/certificates.ts';
import {
  altered,
  deletionEnvelope,
  errorsOf,
  existenceEnvelope,
  faultOf,
  freshOid,
  query,
  type Reply,
  refsOf,
  replaceXml,
  soapXml,
  statusOf,
} from './requests.ts';
import { call } from './running.ts';
import { CONTENT, own, type Parts, sealFrom, sealIssued, secured, signWith } from './secured.ts';

const dmp = secured();
const switches = (changes: object) => call(dmp.adminUrl, 'PUT', '/switches', changes);

const entryOf = async (uniqueId: string, parts: Parts = {}) =>
  refsOf(await dmp.asked(query(uniqueId).body.toString(), 'registry', parts));

const answered = (reply: Reply) => faultOf(reply) ?? [statusOf(reply), ...errorsOf(reply)].join(' ');

describe('a seal is refused', () => {
  const holder = { finessEj: '0B0000011', name: 'Centre hospitalier', application: 'Viaduc' };
  const sealOf = (issuer: Issued, nowMs: number, days: number) =>
    issue({ profile: 'seal', subject: structureName(holder), nowMs, days }, issuer);
  const authority = (): Issued => {
    const { certificate, key } = authorityFiles(certificates).organisations;
    return {
      certificate: forge.pki.certificateFromPem(readFileSync(certificate, 'utf8')),
      key: forge.pki.privateKeyFromPem(readFileSync(key, 'utf8')) as forge.pki.rsa.PrivateKey,
      above: [],
    };
  };
  const impostor = () =>
    issue(
      {
        profile: 'authority',
        subject: authorityName('VIADUC SANDBOX ORGANISATIONS'),
        nowMs: Date.now(),
        days: 30,
      },
      null,
    );

  test.each<[string, () => Promise<Issued>, string]>([
    ['that is out of date', () => sealOf(authority(), Date.now() - 60 * DAY_MS, 30), 'dates'],
    ['that is not valid yet', () => sealOf(authority(), Date.now() + 10 * DAY_MS, 30), 'dates'],
    ['of an authority of the same name', async () => sealOf(await impostor(), Date.now(), 30), 'chain'],
  ])('%s, in a VIHF as in the signature of a lot', async (_, make, why) => {
    const seal = sealIssued(await make());
    const vihf = await dmp.deposited({ seal });
    expect([statusOf(vihf), faultOf(vihf)]).toEqual(['soap:DMPInvalidCertificate', 'seal-refused']);
    expect(vihf.text).toContain(`refused: ${why}`);
    const lot = await dmp.deposited({ signature: signWith(seal) });
    expect([statusOf(lot), await dmp.lastRefusal()]).toEqual(['Failure', ['sandbox.lot-signature']]);
    expect(lot.text).toContain(`X509Certificate (${why})`);
  });
});

describe('a VIHF that was signed as it should', () => {
  const conditions = (attributes: string) => (text: string) =>
    text.replace('</saml:Subject>', `</saml:Subject><saml:Conditions ${attributes}></saml:Conditions>`);
  const soon = new Date(Date.now() + 60_000).toISOString();
  const past = new Date(Date.now() - 60_000).toISOString();
  const role = (code: string, codeSystem: string) => ({ code, codeSystem, displayName: 'R' });
  const physician = role('10', '1.2.250.1.71.1.2.7');

  test.each<[string, Parts, string]>([
    ['changed only by what signs again', { before: (text) => text }, 'Success'],
    [
      'is taken between its dates',
      { before: conditions(`NotBefore="${past}" NotOnOrAfter="${soon}"`) },
      'Success',
    ],
    ['is refused before its dates', { before: conditions(`NotBefore="${soon}"`) }, 'vihf-wrong'],
    ['is refused after its dates', { before: conditions(`NotOnOrAfter="${past}"`) }, 'vihf-wrong'],
    [
      'has no audience',
      {
        before: (text) =>
          text.replace(
            '</saml:Subject>',
            '</saml:Subject><saml:Conditions><saml:AudienceRestriction></saml:AudienceRestriction></saml:Conditions>',
          ),
      },
      'vihf-wrong',
    ],
    [
      'deposits nothing in reinforced indirect authentication',
      { before: (text) => text.replace('>INDIRECTE<', '>INDIRECTE_RENFORCEE<') },
      'right-denied',
    ],
    [
      'is not of direct authentication',
      { before: (text) => text.replace('>INDIRECTE<', '>DIRECTE<') },
      'vihf-wrong',
    ],
    [
      'of a profession that is none',
      { content: { roles: [role('11', '1.2.250.1.71.1.2.7')] } },
      'vihf-wrong',
    ],
    [
      'of a physician with the section of a pharmacist',
      { content: { roles: [physician, role('A', '1.2.250.1.71.4.2.6')] } },
      'vihf-speciality',
    ],
    ['of a physician', { content: { roles: [physician, role('SM26', '1.2.250.1.71.4.2.5')] } }, 'Success'],
    [
      'of a job with a second role that is none',
      { content: { roles: [...CONTENT.roles, role('x', '1.2.3')] } },
      'vihf-wrong',
    ],
    [
      'of know-how that is none',
      { content: { roles: [physician, role('SM99', '1.2.250.1.71.4.2.5')] } },
      'vihf-speciality',
    ],
    [
      'of a nurse with a function',
      { content: { roles: [role('60', '1.2.250.1.71.1.2.7'), role('FON-01', '1.2.250.1.213.1.6.1.17')] } },
      'Success',
    ],
    ['of a NameID that is none', { content: { nameId: 'x y z' } }, 'vihf-wrong'],
    ['of a login of 1971', { content: { authenticatedAt: 31_536_000_000 } }, 'vihf-wrong'],
    ['of a login to come', { content: { authenticatedAt: Date.now() + 3_600_000 } }, 'vihf-wrong'],
    ['of a sector of no list', { content: { sector: 'SA99' } }, 'vihf-wrong'],
    [
      'of no class of authentication',
      { before: (text) => text.replace(/ac:classes:unspecified/, 'ac:classes:zorglub') },
      'vihf-wrong',
    ],
    [
      'that declares the authentication as AIR does',
      {
        before: (text) =>
          text.replace(
            '</saml:AuthnContextClassRef>',
            '</saml:AuthnContextClassRef><saml:AuthnContextDecl></saml:AuthnContextDecl>',
          ),
      },
      'vihf-wrong',
    ],
    [
      'of a care role without which',
      { content: { roles: [role('99', '1.2.250.1.213.1.6.1.140')] } },
      'vihf-speciality',
    ],
  ])('%s', async (_, parts, expected) => {
    expect(answered(await dmp.deposited(parts))).toBe(expected);
  });

  test('serves once, unless the switch says otherwise', async () => {
    let first = '';
    const keep = (text: string) => {
      first ||= text;
      return first;
    };
    expect(answered(await dmp.deposited({ change: keep }))).toBe('Success');
    const again = await dmp.deposited({ change: keep });
    expect([statusOf(again), faultOf(again)]).toEqual(['soap:DMPInvalidVihf', 'vihf-reused']);
    await switches({ vihfReuse: 'accept' });
    expect(answered(await dmp.deposited({ change: keep }))).toBe('Success');
  });

  test('may be asked to spell Authentification_Mode in one way', async () => {
    const small = (text: string) => text.replace('"Authentification_Mode"', '"Authentification_mode"');
    expect(answered(await dmp.deposited({ before: small }))).toBe('Success');
    await switches({ modeSpellings: ['Authentification_Mode'] });
    expect(answered(await dmp.deposited({ before: small }))).toBe('vihf-wrong');
  });

  test('may be asked for the homologated product, and for a job as NameID of an automate', async () => {
    const rpps = { content: { nameId: '801234567897' } };
    expect(answered(await dmp.deposited(rpps))).toBe('Success');
    await switches({ automateNameId: 'job', homologatedProducts: ['Viaduc 1.0'] });
    expect(answered(await dmp.deposited(rpps))).toBe('vihf-wrong');
    expect(answered(await dmp.deposited())).toBe('Success');
    for (const changed of [{ name: 'Autre' }, { version: '1.1' }]) {
      const product = { ...CONTENT.product, ...changed };
      expect(answered(await dmp.deposited({ content: { product } }))).toBe('vihf-wrong');
    }
    await switches({ automateNameId: 'any', homologatedProducts: [] });
  });

  test('of a secret connection brings documents that legal representatives do not see', async () => {
    const content = { secretConnection: true };
    expect(answered(await dmp.deposited({ content }))).toBe(
      'Failure XDSRegistryMetadataError secret-connection',
    );
    await switches({ secretConnection: 'any' });
    expect(answered(await dmp.deposited({ content }))).toBe('Success');
  });
});

describe('what is not for a gateway in indirect authentication', () => {
  test.each(['habilitations', 'patientsPDQ', 'patientsSpecific', 'patientCertif'])(
    'the service %s',
    async (path) => {
      const reply = await dmp.asked(existenceEnvelope('279035121518989'), path);
      expect([statusOf(reply), faultOf(reply)]).toEqual([
        'soap:DMPAccessDeniedByRightsService',
        'right-denied',
      ]);
    },
  );

  test('the account of a patient (TD1.x)', async () => {
    const action = 'urn:hl7-org:v3:PRPA_IN201314UV02';
    const body = '<h:PRPA_IN201314UV02 xmlns:h="urn:hl7-org:v3"/>';
    expect(answered(await dmp.asked(soapXml(action, body), 'patients'))).toBe('right-denied');
  });

  const other = { content: { structure: '10B0000013' } };

  test('the deletion of a document of another structure, even written in its name', async () => {
    const { deposit } = await dmp.deposited();
    const [entry] = await entryOf(deposit.uniqueId);
    const reply = await dmp.asked(deletionEnvelope(entry!), 'registry', other);
    expect(answered(reply)).toContain('target-structure');
    expect(answered(await dmp.asked(deletionEnvelope(entry!)))).toBe('Success');
  });

  test('the deletion of a document of another patient than that of the VIHF', async () => {
    const { deposit } = await dmp.deposited();
    const [entry] = await entryOf(deposit.uniqueId);
    const patient = CONTENT.patient!.replace('279035121518989', '297022A02077878');
    const reply = await dmp.asked(deletionEnvelope(entry!), 'registry', { content: { patient } });
    expect(answered(reply)).toContain('vihf-patient');
  });

  test('the entryUUID of a document of another patient', async () => {
    const { deposit } = await dmp.deposited();
    const patient = CONTENT.patient!.replace('279035121518989', '297022A02077878');
    expect(await entryOf(deposit.uniqueId, { content: { patient } })).toEqual([]);
    expect(await entryOf(deposit.uniqueId)).toHaveLength(1);
  });

  test('the replacement of a document of another structure, by naming it as an author beside the own one', async () => {
    const { deposit } = await dmp.deposited();
    const [entry] = await entryOf(deposit.uniqueId);
    const reply = await dmp.deposited({
      ...other,
      lot: (made) =>
        altered(
          altered(
            made,
            /(<rim:ExtrinsicObject id="Doc01"[\s\S]*?name="authorInstitution"><rim:ValueList>)(<rim:Value>[^<]*<\/rim:Value>)/,
            (_, before, value) => `${before}${value}${value!.replace('10B0000012', '10B0000013')}`,
          ),
          '</rim:RegistryObjectList>',
          `${replaceXml('Doc01', entry!)}</rim:RegistryObjectList>`,
        ),
    });
    expect(answered(reply)).toBe('Failure XDSRegistryMetadataError target-structure');
  });

  test('a seal of authentication signs nothing', async () => {
    expect(answered(await dmp.deposited({ seal: sealFrom(own.client) }))).toBe('seal-refused');
  });
});

describe('what sources do not agree on follows switches', () => {
  const without = (name: string) => (made: Parameters<NonNullable<Parts['lot']>>[0]) =>
    altered(
      made,
      new RegExp(`(id="Doc01"[\\s\\S]*?)<rim:Slot name="${name}">[\\s\\S]*?</rim:Slot>`),
      (_, before) => before!,
    );

  test.each<[object, string, string]>([
    [{ hashAndSize: 'required' }, 'hash', 'slot-missing'],
    [{ sourcePatientInfo: 'required' }, 'sourcePatientInfo', 'slot-missing'],
  ])('%j', async (changes, name, code) => {
    expect(answered(await dmp.deposited({ lot: without(name) }))).toBe('Success');
    await switches(changes);
    expect(answered(await dmp.deposited({ lot: without(name) }))).toContain(code);
  });

  test('identifiers made of a UUID', async () => {
    const lot: Parts['lot'] = (made) => {
      const uniqueId = `2.25.${freshOid().replaceAll('.', '')}`;
      return altered(made, new RegExp(made.lot.replaceAll('.', '\\.'), 'g'), () => uniqueId);
    };
    await switches({ uuidOids: 'refuse', manifest: 'ignore' });
    expect(answered(await dmp.deposited({ lot }))).toBe('Failure XDSRegistryMetadataError uuid-oid');
    await switches({ uuidOids: 'accept' });
    expect(answered(await dmp.deposited({ lot }))).toBe('Success');
  });
});
