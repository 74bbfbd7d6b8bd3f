import { describe, expect, test } from 'vitest';
import { vihfContent } from '../../../src/delivery/dmp/vihf/content.ts';
import { AUTOMATE, PERSON, roleComplaint, rolesOf } from '../../../src/delivery/dmp/vihf/roles.ts';
import { DEFAULT_VIHF_SETTINGS, securityHeader, writeVihf } from '../../../src/delivery/dmp/vihf/vihf.ts';
import { jobId } from '../../../src/xds/national-ids.ts';
import { parseXml } from '../../../src/xml/parse.ts';
import { attribute, child, children, elementsOf, foldedText } from '../../../src/xml/select.ts';
import { demoSeal, withoutXmlsec, xmlsec } from './signed.ts';

const NOW = Date.parse('2026-03-01T10:20:30.456Z');
const SAML = 'urn:oasis:names:tc:SAML:2.0:assertion';
const PRODUCT = { name: 'Viaduc', version: '1.2', homologation: 'H-1' };
const PHYSICIAN = {
  id: '10001234567',
  family: 'NOM <&"\'>',
  given: 'Prénom',
  specialty: 'G15_10/SM26^Médecin - Qualifié en Médecine Générale (SM)^1.2.250.1.213.1.1.4.5',
};
const CALLER = {
  structure: '0B0000012',
  sector: 'SA01',
  patient: { value: '279035121518989', authority: '1.2.250.1.213.1.4.10', type: 'NH' as const },
  requester: { person: PHYSICIAN, device: null, structure: null },
  secretConnection: false,
  nowMs: NOW,
};
const seal = demoSeal();

async function written(changes: Partial<typeof CALLER> | { requester: null } = {}, settings = {}) {
  const content = vihfContent({ ...CALLER, ...changes }, PRODUCT, '2.25.1');
  return (await writeVihf(content, seal, { ...DEFAULT_VIHF_SETTINGS, ...settings }, NOW)).text;
}

/** Values of every attribute, as a reader of the assertion finds them; elements as their attributes. */
function attributesOf(text: string): Record<string, string[]> {
  const { root } = parseXml(Buffer.from(text));
  const statement = child(root, 'AttributeStatement', SAML)!;
  return Object.fromEntries(
    children(statement, 'Attribute', SAML).map((one) => [
      attribute(one, 'Name'),
      children(one, 'AttributeValue', SAML).map((value) => {
        const [inner] = elementsOf(value);
        return inner ? `${attribute(inner, 'code')}^${attribute(inner, 'codeSystem')}` : foldedText(value)!;
      }),
    ]),
  );
}

describe('the VIHF', () => {
  test('says what the specification asks of a person, and nothing else', async () => {
    expect(attributesOf(await written())).toEqual({
      VIHF_Version: ['3.0'],
      Authentification_Mode: ['INDIRECTE'],
      Identifiant_Structure: ['10B0000012'],
      Secteur_Activite: ['SA01^1.2.250.1.71.4.2.4'],
      'urn:oasis:names:tc:xspa:1.0:subject:subject-id': ['NOM <&"\'> Prénom'],
      'urn:oasis:names:tc:xacml:2.0:subject:role': ['10^1.2.250.1.71.1.2.7', 'SM26^1.2.250.1.71.4.2.5'],
      'urn:oasis:names:tc:xacml:2.0:resource:resource-id': ['279035121518989^^^&1.2.250.1.213.1.4.10&ISO^NH'],
      Ressource_URN: ['urn:dmp'],
      'urn:oasis:names:tc:xspa:1.0:subject:purposeofuse': ['normal^1.2.250.1.213.1.1.4.248'],
      LPS_ID: ['2.25.1'],
      LPS_Nom: ['Viaduc'],
      LPS_Version: ['1.2'],
      LPS_ID_HOMOLOGATION_DMP: ['H-1'],
    });
  });

  test('frames it as a SAML 2.0 assertion of the seal', async () => {
    const { root } = parseXml(Buffer.from(await written()));
    expect(elementsOf(root).map(({ name }) => name.local)).toEqual([
      'Issuer',
      'Signature',
      'Subject',
      'AuthnStatement',
      'AttributeStatement',
    ]);
    expect(foldedText(child(root, 'Issuer', SAML))).toBe(
      'CN=Viaduc,OU=10B0000011,O=Centre hospitalier de démonstration,ST=Paris (75),C=FR',
    );
    expect(attribute(root, 'IssueInstant')).toBe('2026-03-01T10:20:30.456Z');
    expect(attribute(root, 'ID')).toMatch(/^_[0-9a-f-]{36}$/);
    expect(foldedText(child(child(root, 'Subject', SAML), 'NameID', SAML))).toBe('810001234567');
  });

  test('a job names the structure that answers for it', async () => {
    const text = await written({ requester: null });
    expect(text).toContain('<saml:NameID>30B0000012/VIADUC</saml:NameID>');
    expect(attributesOf(text)['urn:oasis:names:tc:xacml:2.0:subject:role']).toEqual([
      'AUTOMATE^1.2.250.1.213.1.1.4.6',
    ]);
  });

  test.each([
    ['0B0000012', '30B0000012/VIADUC'],
    ['2801234567', '4801234567/VIADUC'],
    ['380123456700012', '580123456700012/VIADUC'],
    ['480123456789700', '680123456789700/VIADUC'],
  ])('a job of structure %s bears the prefix of its kind', (structure, expected) => {
    expect(jobId(structure)).toBe(expected);
  });

  test.each([
    ['30B0000012/RIS', '30B0000012/RIS'],
    ['RIS du site', '30B0000012/VIADUC'],
  ])('the device %s is named as %s', (id, expected) => {
    const requester = { person: null, structure: null, device: { id, name: 'RIS' } };
    expect(vihfContent({ ...CALLER, requester }, PRODUCT, '2.25.1').nameId).toBe(expected);
  });

  test('a secret connection is said', async () => {
    expect(attributesOf(await written({ secretConnection: true }))).toMatchObject({
      'urn:oasis:names:tc:xspa:1.0:resource:patient:hl7:confidentiality-code': [
        'INVISIBLE_REPRESENTANTS_LEGAUX^1.2.250.1.213.1.1.4.13',
      ],
    });
  });

  test('is new at every call', async () => {
    const ids = await Promise.all([written(), written()]);
    expect(new Set(ids.map((text) => /ID="([^"]+)"/.exec(text)![1])).size).toBe(2);
  });
});

describe('roles', () => {
  test.each([
    ['a physician with his speciality', PHYSICIAN.specialty, ['10', 'SM26']],
    ['a nurse', 'G15_60^Infirmier^1.2.250.1.213.1.1.4.5', ['60']],
    [
      'a physician without speciality, whom the DMP would refuse',
      'G15_10^Médecin^1.2.250.1.213.1.1.4.5',
      ['AUTOMATE'],
    ],
    ['a pharmacist with her section', 'G15_21/A^Pharmacien^1.2.250.1.213.1.1.4.5', ['21', 'A']],
    ['a midwife, by profession alone', '50^Sage-femme^1.2.250.1.71.1.2.7', ['50']],
    ['nobody known', null, ['AUTOMATE']],
    ['a code of another system', 'X^Y^1.2.3', ['AUTOMATE']],
  ])('%s', (_, specialty, expected) => {
    expect(rolesOf(specialty).map(({ code }) => code)).toEqual(expected);
  });

  describe('given by the table of the establishment', () => {
    const role = (code: string, codeSystem: string) => ({ code, codeSystem, displayName: code });
    const SECRETARY = role('SECRETARIAT_MEDICAL', '1.2.250.1.213.1.1.4.6');
    const [SURGEON, KNOW_HOW] = [role('10', '1.2.250.1.71.1.2.7'), role('SM04', '1.2.250.1.71.4.2.5')];
    const table = new Map([
      ['CHIR^1.2.3', [SURGEON, KNOW_HOW]],
      ['G15_60^1.2.250.1.213.1.1.4.5', [SECRETARY]],
      [PERSON, [SECRETARY]],
    ]);

    test.each([
      ['a code of the hospital itself', 'CHIR^Chirurgien^1.2.3', ['10', 'SM04']],
      [
        'over what the specialty would say',
        'G15_60^Infirmier^1.2.250.1.213.1.1.4.5',
        ['SECRETARIAT_MEDICAL'],
      ],
      ['to whoever has no specialty', null, ['SECRETARIAT_MEDICAL']],
      ['but not to whom his specialty describes', PHYSICIAN.specialty, ['10', 'SM26']],
    ])('%s', (_, specialty, expected) => {
      expect(rolesOf(specialty, table).map(({ code }) => code)).toEqual(expected);
    });

    test('stand in the VIHF of a person, and a job stays one', async () => {
      const roles = async (requester: typeof CALLER.requester | null) => {
        const content = vihfContent({ ...CALLER, requester, roleTable: table }, PRODUCT, '2.25.1');
        const { text } = await writeVihf(content, seal, DEFAULT_VIHF_SETTINGS, NOW);
        return attributesOf(text)['urn:oasis:names:tc:xacml:2.0:subject:role'];
      };
      const surgeon = { ...PHYSICIAN, specialty: 'CHIR^Chirurgien^1.2.3' };
      expect(await roles({ ...CALLER.requester, person: surgeon })).toEqual([
        '10^1.2.250.1.71.1.2.7',
        'SM04^1.2.250.1.71.4.2.5',
      ]);
      expect(await roles(null)).toEqual(['AUTOMATE^1.2.250.1.213.1.1.4.6']);
    });

    test.each([
      ['a physician with know-how', [SURGEON, KNOW_HOW], null],
      ['a producer alone', [SECRETARY], null],
      ['a physician alone', [SURGEON], '1.2.250.1.71.4.2.5'],
      ['know-how alone', [KNOW_HOW], '1.2.250.1.71.1.2.7'],
      ['a pharmacist with know-how', [role('21', SURGEON.codeSystem), KNOW_HOW], '1.2.250.1.71.4.2.6'],
      ['a physician in training', [role('10', '1.2.250.1.71.1.2.8')], null],
      ['who bears a title', [role('71', '1.2.250.1.213.1.6.1.109')], null],
      ['a social worker', [role('41', '1.2.250.1.213.1.6.1.4')], null],
      ['who is known by a role alone', [role('99', '1.2.250.1.213.1.6.1.140')], '1.2.250.1.213.1.6.1.107'],
      [
        'who is known by a role, with a care role',
        [role('99', '1.2.250.1.213.1.6.1.140'), role('300', '1.2.250.1.213.1.6.1.107')],
        null,
      ],
      ['nobody', [], '1.2.250.1.71.1.2.7'],
    ])('are judged before anything is sent: %s', (_, roles, expected) => {
      const complaint = roleComplaint(roles);
      if (expected === null) expect(complaint).toBeNull();
      else expect(complaint!.expected).toContain(expected);
    });
  });

  test('the job is a producer that is no professional', () => {
    expect(AUTOMATE.codeSystem).toBe('1.2.250.1.213.1.1.4.6');
  });
});

describe.skipIf(withoutXmlsec)(`xmlsec1${withoutXmlsec && ` (skipped: ${withoutXmlsec})`}`, () => {
  const ID = ['--id-attr:ID', `${SAML}:Assertion`];

  test.each(['sha256', 'sha1'] as const)(
    'verifies the header with %s, inside any envelope',
    async (digest) => {
      const content = vihfContent(CALLER, PRODUCT, '2.25.1');
      const header = await securityHeader(content, seal, { ...DEFAULT_VIHF_SETTINGS, digest }, NOW);
      const envelope = `<e:Envelope xmlns:e="urn:e" xmlns="urn:other" xmlns:saml="urn:shadow">${header.text}</e:Envelope>`;
      expect(xmlsec(envelope, ...ID)).toMatchObject({ valid: true });
    },
  );

  test.each([
    ['an attribute', 'INDIRECTE', 'DIRECTE'],
    ['the patient', '279035121518989', '279035121518988'],
    ['the issuer', 'OU=10B0000011', 'OU=10B0000012'],
  ])('refuses it when %s was changed', async (_, from, to) => {
    const text = await written();
    expect(text).toContain(from);
    expect(xmlsec(text.replace(from, to), ...ID).valid).toBe(false);
  });
});
