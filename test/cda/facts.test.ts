import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { authorStructuresOf, examIdsOf, serviceTimeOf } from '../../src/cda/derive.ts';
import { readFacts } from '../../src/cda/facts.ts';
import { findClinicalDocument } from '../../src/cda/find.ts';
import { locator } from '../../src/cda/locate.ts';
import { XmlError } from '../../src/xml/errors.ts';
import { parseXml } from '../../src/xml/parse.ts';
import { cda, factsOf, read, section } from './sample.ts';

const codesOf = (text: string) => read(text).findings.map((one) => one.code);

describe('the ClinicalDocument is found', () => {
  const found = (text: string) => findClinicalDocument(parseXml(Buffer.from(text)))?.name.local;
  const inner = '<ClinicalDocument xmlns="urn:hl7-org:v3"/>';
  const sheet = (content: string) =>
    `<s:stylesheet version="1.0" xmlns:s="http://www.w3.org/1999/XSL/Transform"><c:x xmlns:c="urn:c">${content}</c:x></s:stylesheet>`;

  test('by its namespace, whatever its prefix', () => {
    expect(found('<h:ClinicalDocument xmlns:h="urn:hl7-org:v3"/>')).toBe('ClinicalDocument');
  });

  test('inside a style sheet, however deep', () => {
    expect(found(sheet(inner))).toBe('ClinicalDocument');
  });

  test('and not taken for one outside its namespace, or inside anything else than a style sheet', () => {
    expect(found('<ClinicalDocument/>')).toBeUndefined();
    expect(found(`<Bundle xmlns="http://hl7.org/fhir">${inner}</Bundle>`)).toBeUndefined();
  });

  test('a style sheet around two of them is refused', () => {
    const two = read(sheet(cda() + cda({ id: '<id root="1.2.3"/>' })));
    expect(two.findings).toMatchObject([
      { code: 'cda.several-documents', location: expect.stringMatching(/ClinicalDocument\[2\]$/) },
    ]);
    expect(two.findings[0]!.detail).toContain('holds 2 ');
    expect(two.facts).toMatchObject({ selfPresenting: true, id: { root: '1.2.250.1.999.1.1' } });
  });
});

describe('a header without a fault', () => {
  test('has no finding', () => {
    expect(codesOf(cda())).toEqual([]);
  });

  test('gives the digests, size and encoding of the bytes themselves', () => {
    const bytes = Buffer.from(`\ufeff<?xml version="1.0"?>${cda({ title: '<title>é</title>' })}`);
    const { facts } = readFacts(parseXml(bytes), bytes);
    const hex = (algorithm: string) => createHash(algorithm).update(bytes).digest('hex');
    expect(facts).toMatchObject({
      sha256: hex('sha256'),
      sha1: hex('sha1'),
      size: bytes.length,
      encoding: 'UTF-8',
    });
  });

  test('gives the patient, every name part with its qualifier and every id at its position', () => {
    const { patient } = factsOf({
      recordTarget: `<recordTarget><patientRole>
        <id nullFlavor="UNK"/><id extension=" 279035121518989" root="1.2.250.1.213.1.4.10 "/>
        <addr><houseNumber>28</houseNumber> <streetName>Avenue  de Breteuil</streetName><city>PARIS</city></addr>
        <addr nullFlavor="NAV"/>
        <patient>
          <name><family qualifier="BR">PAT-TROIS</family><given>DOMINIQUE
            MARIE-LOUISE</given><given qualifier="BR">DOMINIQUE</given><family nullFlavor="UNK"/></name>
          <administrativeGenderCode code="F"/><birthTime value="19790328"/>
          <guardian><guardianPerson><name><family>AUTRE</family></name></guardianPerson></guardian>
          <birthplace><place><addr><county> 51215 </county></addr></place></birthplace>
        </patient></patientRole></recordTarget>`,
    });
    expect(patient).toEqual({
      ids: [
        { root: '', extension: null },
        { root: '1.2.250.1.213.1.4.10 ', extension: ' 279035121518989' },
      ],
      name: {
        family: [
          { value: 'PAT-TROIS', qualifier: 'BR' },
          { value: '', qualifier: null },
        ],
        given: [
          { value: 'DOMINIQUE MARIE-LOUISE', qualifier: null },
          { value: 'DOMINIQUE', qualifier: 'BR' },
        ],
        prefix: null,
        suffix: null,
      },
      gender: 'F',
      birthTime: '19790328',
      birthPlace: '51215',
      address: ['28 Avenue de Breteuil PARIS'],
    });
  });

  test('gives everything of a full header, as written', () => {
    const organization = (name: string) =>
      `<id root="1.2.250.1.71.4.2.2" extension="1750803447"/><name>${name}</name><standardIndustryClassCode code="ETABLISSEMENT" codeSystem="1.9" displayName="ES"/>`;
    const name =
      '<name><prefix>M</prefix><given>Léon </given><family>AUGUIN</family><suffix>DR</suffix></name>';
    const entity = `<assignedEntity><id root="1.2.250.1.71.4.2.1" extension="8"/><assignedPerson>${name}</assignedPerson><representedOrganization>${organization('Service')}</representedOrganization></assignedEntity>`;
    const facts = factsOf({
      title:
        '<templateId root="1.2.1"/><templateId root="1.2.2" extension="2022.01"/><title>Lettre  de\n liaison</title>',
      effectiveTime: `<effectiveTime value="20240131"/><confidentialityCode code="N" codeSystem="2.16" displayName="Normal"/>
        <languageCode code="fr-FR"/><setId root="1.2.9" extension="x"/><versionNumber value="12"/>`,
      author: `<author><time><low value="2023"/></time><assignedAuthor><assignedAuthoringDevice>
        <manufacturerModelName>Automate</manufacturerModelName></assignedAuthoringDevice></assignedAuthor></author>
        <custodian><assignedCustodian><representedCustodianOrganization>${organization('Hôpital')}</representedCustodianOrganization></assignedCustodian></custodian>
        <legalAuthenticator><time value="20240201"/>${entity}</legalAuthenticator>`,
      documentationOf: `<documentationOf><serviceEvent><id root="9.1" extension="a"/><code code="IMP" codeSystem="2.5" displayName="Séjour"/>
        <effectiveTime><low value="20240110"/><high value="20240131"/></effectiveTime>
        <performer><functionCode code="F"/>${entity}</performer></serviceEvent></documentationOf>`,
      componentOf: `<componentOf><encompassingEncounter><id root="7.1" extension="v"/><code code="AMB"/>
        <effectiveTime><low value="20240111"/><high value="20240130"/></effectiveTime>
        <location><healthCareFacility><code code="SA01" codeSystem="1.8"/><serviceProviderOrganization>${organization('Site')}</serviceProviderOrganization></healthCareFacility></location>
        </encompassingEncounter></componentOf>`,
    });
    const structure = (of: string) => ({
      ids: [{ root: '1.2.250.1.71.4.2.2', extension: '1750803447' }],
      name: of,
      industry: { code: 'ETABLISSEMENT', codeSystem: '1.9', displayName: 'ES' },
    });
    const professional = {
      ids: [{ root: '1.2.250.1.71.4.2.1', extension: '8' }],
      kind: 'person',
      name: {
        family: [{ value: 'AUGUIN', qualifier: null }],
        given: [{ value: 'Léon', qualifier: null }],
        prefix: 'M',
        suffix: 'DR',
      },
      deviceName: null,
      specialty: null,
      organization: structure('Service'),
    };
    expect(facts).toMatchObject({
      setId: { root: '1.2.9', extension: 'x' },
      versionNumber: 12,
      templateIds: [
        { root: '1.2.1', extension: null },
        { root: '1.2.2', extension: '2022.01' },
      ],
      code: { code: '11490-0', codeSystem: '2.16.840.1.113883.6.1', displayName: 'Lettre de liaison' },
      title: 'Lettre de liaison',
      languageCode: 'fr-FR',
      confidentiality: { code: 'N', codeSystem: '2.16', displayName: 'Normal' },
      effectiveTime: '20240131',
      authors: [{ kind: 'device', deviceName: 'Automate', time: '2023', organization: null }],
      custodian: structure('Hôpital'),
      legalAuthenticator: { ...professional, function: null, time: '20240201' },
      serviceEvents: [
        {
          ids: [{ root: '9.1', extension: 'a' }],
          code: { code: 'IMP', codeSystem: '2.5', displayName: 'Séjour' },
          effectiveTime: { low: '20240110', high: '20240131' },
          performer: {
            ...professional,
            function: { code: 'F', codeSystem: null, displayName: null },
            time: null,
          },
        },
      ],
      encounter: {
        ids: [{ root: '7.1', extension: 'v' }],
        code: { code: 'AMB', codeSystem: null, displayName: null },
        effectiveTime: { low: '20240111', high: '20240130' },
        facility: { code: 'SA01', codeSystem: '1.8', displayName: null },
        facilityOrganization: structure('Site'),
      },
      selfPresenting: false,
      body: { kind: 'structured' },
    });
  });

  test('without optional parts says so by null', () => {
    expect(factsOf({})).toMatchObject({
      setId: null,
      versionNumber: null,
      custodian: null,
      legalAuthenticator: null,
      encounter: null,
      serviceEvents: [],
      orders: [],
      related: [],
    });
  });

  test.each([
    ['1', 1],
    ['123456789', 123_456_789],
    ['1234567890', null],
    ['1.0', null],
    ['-1', null],
    ['', null],
  ])('version %j is %j', (value, version) => {
    expect(factsOf({ title: `<versionNumber value="${value}"/>` }).versionNumber).toBe(version);
  });

  test('takes nothing of somebody else: not the INS of a mother or guardian, not the place of an address', () => {
    const ins = '<id root="1.2.250.1.213.1.4.10" extension="277076322082910"/>';
    const facts = factsOf({
      recordTarget: `<recordTarget><patientRole><id root="1.2" extension="3"/><addr><county>75015</county></addr>
        <patient><guardian>${ins}<addr><county>63220</county></addr></guardian></patient></patientRole></recordTarget>`,
      related: `<participant><associatedEntity>${ins}</associatedEntity></participant>`,
    });
    expect(facts.patient).toMatchObject({ ids: [{ root: '1.2', extension: '3' }], birthPlace: null });
  });

  test('gives authors in order, a device by the name of its software', () => {
    const { authors } = factsOf({
      author: `<author><functionCode code="PCP" displayName="Médecin traitant" codeSystem="1.2"/><time value="20240131"/>
        <assignedAuthor><id root="1.2.250.1.71.4.2.1" extension="8"/><code code="G15" codeSystem="1.3"/>
        <assignedPerson><name><given>Charles</given><family>DAVID</family><suffix>DR</suffix></name></assignedPerson>
        <representedOrganization><id root="1.2.250.1.71.4.2.2" extension="1750803447"/><name>Hôpital</name></representedOrganization>
        </assignedAuthor></author>
        <author><assignedAuthor><assignedAuthoringDevice><manufacturerModelName>.</manufacturerModelName>
        <softwareName>SGL</softwareName></assignedAuthoringDevice></assignedAuthor></author>`,
    });
    expect(authors).toMatchObject([
      {
        kind: 'person',
        name: { family: [{ value: 'DAVID' }], given: [{ value: 'Charles' }], suffix: 'DR' },
        function: { displayName: 'Médecin traitant' },
        specialty: { code: 'G15' },
        organization: { name: 'Hôpital' },
        time: '20240131',
      },
      { kind: 'device', name: null, deviceName: 'SGL' },
    ]);
  });

  test('a replacement link keeps every id of its parents, other links are kept too', () => {
    const facts = factsOf({
      related:
        '<relatedDocument typeCode="RPLC"><parentDocument><id root="1.2.3"/><setId root="1.2"/></parentDocument></relatedDocument>' +
        '<relatedDocument typeCode="XFRM"><parentDocument><id root="1.2.4" extension="a"/></parentDocument></relatedDocument>',
    });
    expect(facts.related).toEqual([
      {
        typeCode: 'RPLC',
        ids: [{ root: '1.2.3', extension: null }],
        setId: { root: '1.2', extension: null },
      },
      { typeCode: 'XFRM', ids: [{ root: '1.2.4', extension: 'a' }], setId: null },
    ]);
  });
});

describe('what rooms above derive', () => {
  const act = (inner: string) => `<documentationOf><serviceEvent>${inner}</serviceEvent></documentationOf>`;
  const stay = (inner: string) =>
    `<componentOf><encompassingEncounter><effectiveTime>${inner}</effectiveTime></encompassingEncounter></componentOf>`;
  const low = (value: string) => `<effectiveTime><low value="${value}"/></effectiveTime>`;

  test('service time is that of the main act, else of the encounter, else of the document', () => {
    const componentOf = stay('<low value="2022"/>');
    expect(
      serviceTimeOf(factsOf({ documentationOf: act(low('2021')) + act(low('2020')), componentOf })),
    ).toBe('2021');
    expect(serviceTimeOf(factsOf({ documentationOf: act('') + act(low('2020')), componentOf }))).toBe('2022');
    expect(serviceTimeOf(factsOf({ componentOf: stay('<high value="2023"/>') }))).toBe('20240131093000+0100');
  });

  test('an act at one instant begins at that instant', () => {
    expect(serviceTimeOf(factsOf({ documentationOf: act('<effectiveTime value="2019"/>') }))).toBe('2019');
  });

  test('exam identifiers are those of acts and orders, each once', () => {
    const documentationOf =
      act('<id root="1.2" extension="A"/>') +
      act('<id root="1.2.3.4"/>') +
      act('<id root="1.2" extension="A"/>');
    const order =
      '<inFulfillmentOf><order><id root="1.9" extension="B"/><id nullFlavor="UNK"/></order></inFulfillmentOf>';
    expect(examIdsOf(factsOf({ documentationOf, related: order }))).toEqual(['1.2^A', '1.2.3.4', '1.9^B']);
  });

  test('structures are those of the authors that have a national identifier', () => {
    const author = (id: string) =>
      `<author><assignedAuthor><representedOrganization>${id}</representedOrganization></assignedAuthor></author>`;
    const national = '<id root="1.2.250.1.71.4.2.2" extension="1750803447"/>';
    const authors = author(`<id root="1.2.3" extension="9"/>${national}`) + author(national) + author('');
    expect(authorStructuresOf(factsOf({ author: authors }))).toEqual(['1750803447']);
  });
});

describe('locator', () => {
  const bytes = Buffer.from(
    cda({
      recordTarget:
        '<recordTarget><patientRole>\n<id root="1"/>\n <id root="2"/></patientRole></recordTarget>',
    }),
  );
  const document = parseXml(bytes);
  const locate = locator(document, findClinicalDocument(document));

  test('gives the place of a path', () => {
    expect(locate('recordTarget/patientRole/id[2]')).toEqual({
      line: 8,
      column: 2,
      location: '/ClinicalDocument/recordTarget/patientRole/id[2]',
    });
  });

  test('gives the nearest element above one that is missing', () => {
    const above = { line: 6, location: '/ClinicalDocument/recordTarget/patientRole' };
    expect(locate('recordTarget/patientRole/id[3]')).toMatchObject(above);
    expect(locate('recordTarget/patientRole/patient/name/family')).toMatchObject(above);
    expect(locate('no such path')).toMatchObject({ line: 1, location: '/ClinicalDocument' });
  });

  test('knows no place in a document that is no CDA', () => {
    expect(locator(document, null)('recordTarget')).toEqual({ line: null, column: null, location: null });
  });
});

describe('properties', () => {
  test('no bytes that the parser takes make reading throw', () => {
    const element = fc.constantFrom(
      'id',
      'code',
      'effectiveTime',
      'recordTarget',
      'patientRole',
      'patient',
      'name',
      'family',
      'author',
      'assignedAuthor',
      'relatedDocument',
      'parentDocument',
      'component',
      'structuredBody',
      'nonXMLBody',
      'text',
      'section',
      'entry',
      'observation',
      'documentationOf',
      'serviceEvent',
      'performer',
      'assignedEntity',
      'componentOf',
      'low',
      'inFulfillmentOf',
    );
    const attributes = fc.constantFrom(
      '',
      ' root="1.2.3"',
      ' root=""',
      ' extension="x"',
      ' code="c"',
      ' value="20240131"',
      ' value="#&#10;"',
      ' nullFlavor="UNK"',
      ' typeCode="RPLC"',
      ' ID="a b"',
      ' representation="B64"',
    );
    const { tree } = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 6 },
        fc.constantFrom('', ' ', 'a &amp; b', '<![CDATA[ <x> ]]>', '<!-- c -->'),
        fc
          .tuple(element, attributes, fc.array(tie('tree'), { maxLength: 4 }))
          .map(([name, has, inner]) => `<${name}${has}>${inner.join('')}</${name}>`),
      ),
    }));
    fc.assert(
      fc.property(fc.array(tree, { maxLength: 8 }), (inner) => {
        const { findings } = read(
          `<ClinicalDocument xmlns="urn:hl7-org:v3">${inner.join('')}</ClinicalDocument>`,
        );
        for (const one of findings) expect(one).toMatchObject({ source: 'cda', line: expect.any(Number) });
      }),
      { numRuns: 500 },
    );
  });

  test('no spoilt copy of a document makes reading throw', () => {
    const whole = Buffer.from(cda());
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(12), fc.uint8Array({ maxLength: 6 }), (at, cut, put) => {
        const bytes = Buffer.concat([whole.subarray(0, at), put, whole.subarray(at + cut)]);
        try {
          const document = parseXml(bytes);
          expect(readFacts(document, bytes)).toHaveProperty('findings');
        } catch (error) {
          expect(error).toBeInstanceOf(XmlError);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('the order of the parts of a header changes nothing but the bytes', () => {
    const parts = {
      id: '<id root="1.2.3"/>',
      code: '<code code="11490-0"/>',
      setId: '<setId root="1.2"/>',
      versionNumber: '<versionNumber value="2"/>',
      effectiveTime: '<effectiveTime value="20240131"/>',
      recordTarget: '<recordTarget><patientRole><id root="1.2" extension="3"/></patientRole></recordTarget>',
      related:
        '<relatedDocument typeCode="RPLC"><parentDocument><id root="1.2.2"/></parentDocument></relatedDocument>',
      act: '<documentationOf><serviceEvent><id root="9.9"/></serviceEvent></documentationOf>',
      author: '<author><assignedAuthor><id root="1.2" extension="4"/></assignedAuthor></author>',
      ...section('<text>x</text>'),
    };
    const readIn = (order: string[]) => {
      const { facts, findings } = read(
        `<ClinicalDocument xmlns="urn:hl7-org:v3">${order.join('')}</ClinicalDocument>`,
      );
      const { sha256: _, sha1: __, ...rest } = facts!;
      return { rest, codes: findings.map((one) => one.code) };
    };
    const expected = readIn(Object.values(parts));
    fc.assert(
      fc.property(
        fc.shuffledSubarray(Object.values(parts), { minLength: Object.keys(parts).length }),
        (order) => {
          expect(readIn(order)).toEqual(expected);
        },
      ),
    );
  });
});
