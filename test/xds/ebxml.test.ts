import { describe, expect, test } from 'vitest';
import { deletionLot, deriveLot } from '../../src/xds/derive.ts';
import { submitObjectsRequest } from '../../src/xds/ebxml.ts';
import type { DocumentEntry, Lot } from '../../src/xds/model.ts';
import { parseXml } from '../../src/xml/parse.ts';
import { attribute, child, children, descendants, textOf } from '../../src/xml/select.ts';
import type { XmlElement } from '../../src/xml/tree.ts';
import { LETTER, lotOf, PHYSICIAN } from './discharge-letter.ts';

const RIM = 'urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0';

function written(lot: Lot): XmlElement {
  return parseXml(Buffer.from(submitObjectsRequest(lot).text)).root;
}

function objects(root: XmlElement, local: string): XmlElement[] {
  return children(child(root, 'RegistryObjectList', RIM), local, RIM);
}

/** Values of each slot of an object, by name. */
function slots(object: XmlElement): Record<string, string[]> {
  const pairs = children(object, 'Slot', RIM).map((slot) => [
    attribute(slot, 'name')!,
    children(child(slot, 'ValueList', RIM), 'Value', RIM).map(textOf),
  ]);
  return Object.fromEntries(pairs);
}

function classified(object: XmlElement, scheme: string): XmlElement[] {
  return children(object, 'Classification', RIM).filter(
    (one) => attribute(one, 'classificationScheme') === `urn:uuid:${scheme}`,
  );
}

function nameOf(object: XmlElement): string | null {
  const localized = child(child(object, 'Name', RIM), 'LocalizedString', RIM);
  return attribute(localized, 'value');
}

function identifiers(object: XmlElement): [string | null, string | null, string | null][] {
  return children(object, 'ExternalIdentifier', RIM).map((one) => [
    attribute(one, 'identificationScheme'),
    nameOf(one),
    attribute(one, 'value'),
  ]);
}

const { lot } = deriveLot(lotOf({ authors: [PHYSICIAN, { ...PHYSICIAN, function: null }] }));
const root = written(lot);
const [set] = objects(root, 'RegistryPackage');
const [entry] = objects(root, 'ExtrinsicObject');

describe('submission set', () => {
  test('is a registry package of that classification node', () => {
    const nodes = children(set!, 'Classification', RIM).map((one) => attribute(one, 'classificationNode'));
    expect(nodes.filter(Boolean)).toEqual(['urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd']);
  });

  test('has submissionTime, author and activity', () => {
    expect(slots(set!)).toEqual({ submissionTime: ['20260301104500'] });
    const [author] = classified(set!, 'a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d');
    expect(attribute(author!, 'nodeRepresentation')).toBe('');
    expect(slots(author!)).toEqual({
      authorInstitution: ["Hôpital d'essai R\\T\\D^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^1010000017"],
      authorPerson: ['899700000011^LE GALL^Maëlle^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS'],
      authorSpecialty: ['G15_10/SM26^Médecin - Médecine générale (SM)^1.2.250.1.213.1.1.4.5'],
    });
    const [activity] = classified(set!, 'aa543740-bdda-424e-8c96-df4873be8500');
    expect([attribute(activity!, 'nodeRepresentation'), slots(activity!), nameOf(activity!)]).toEqual([
      '03',
      { codingScheme: ['1.2.250.1.213.2.2'] },
      'Hospitalisation complète',
    ]);
  });

  test('has its three identifiers, each with its name', () => {
    expect(identifiers(set!)).toEqual([
      [
        'urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446',
        'XDSSubmissionSet.patientId',
        '279035121518989^^^&1.2.250.1.213.1.4.10&ISO^NH',
      ],
      [
        'urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832',
        'XDSSubmissionSet.sourceId',
        '1.2.250.1.999.1.1.8121',
      ],
      [
        'urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8',
        'XDSSubmissionSet.uniqueId',
        '1.2.250.1.999.1.1.8121.5.1',
      ],
    ]);
  });
});

describe('document entry', () => {
  test('is a stable document of its media type and title', () => {
    expect([attribute(entry!, 'objectType'), attribute(entry!, 'mimeType'), nameOf(entry!)]).toEqual([
      'urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1',
      'text/xml',
      'Lettre de liaison <sortie>',
    ]);
    expect(attribute(entry!, 'lid')).toBeNull();
  });

  test('has every slot of the French profile', () => {
    expect(slots(entry!)).toEqual({
      creationTime: ['20260301103000'],
      hash: [LETTER.sha1],
      languageCode: ['fr-FR'],
      legalAuthenticator: ['899700000011^LE GALL^Maëlle^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS'],
      serviceStartTime: ['202602251730'],
      serviceStopTime: ['20260301'],
      size: ['31'],
      sourcePatientId: ['IPP\\S\\0042^^^&1.2.250.1.999.1.1.8121.3&ISO^PI'],
      sourcePatientInfo: [
        'PID-5|PAT-TROIS^DOMINIQUE^^^^^L',
        "PID-5|D'ARTAGNAN^DOMINIQUE^^^^^D",
        'PID-7|19790328',
        'PID-8|F',
      ],
      'urn:ihe:iti:xds:2013:referenceIdList': [
        'DEM-77^^^&1.2.250.1.999.1.1.8121.4&ISO^urn:ihe:iti:xds:2013:order',
      ],
    });
  });

  test('has one author classification for each author, in order', () => {
    const authors = classified(entry!, '93606bcf-9494-43ec-9b4e-a7748d1a838d').map(slots);
    expect(authors.map(({ authorRole }) => authorRole)).toEqual([['Référent'], undefined]);
    expect(authors[1]!.authorPerson).toEqual([
      '899700000011^LE GALL^Maëlle^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS',
    ]);
  });

  test.each([
    ['41a5887f-8865-4c09-adf7-e362475b143a', ['10 1.2.250.1.213.1.1.4.1 Compte rendu']],
    [
      'f4f85eac-e6cb-4883-b524-f2705394840f',
      [
        'N 2.16.840.1.113883.5.25 Normal',
        'INVISIBLE_PATIENT 1.2.250.1.213.1.1.4.13 Non visible du patient',
        'INVISIBLE_REPRESENTANTS_LEGAUX 1.2.250.1.213.1.1.4.13 Non visible des représentants légaux',
      ],
    ],
    ['2c6b8cb7-8b2a-4051-b291-b1ae6a575ef4', ['IMP 2.16.840.1.113883.5.4 Hospitalisation']],
    [
      'a09d5840-386c-46f2-b5ad-9c3699a4309d',
      ['urn:asip:ci-sis:ldl-ses:2017 1.2.250.1.213.1.1.4.2.282 Lettre de liaison de sortie'],
    ],
    ['f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1', ['SA01 1.2.250.1.71.4.2.4 Etablissement public de santé']],
    ['cccf5598-8b07-4b77-a05e-ae952c785ead', ['ETABLISSEMENT 1.2.250.1.213.1.1.4.9 Etablissement de santé']],
    [
      'f0306f51-975f-434e-a61c-c59651d33983',
      ["11490-0 2.16.840.1.113883.6.1 Lettre de liaison à la sortie d'un établissement de soins"],
    ],
  ])('classification %s', (scheme, expected) => {
    const found = classified(entry!, scheme).map((one) => {
      return `${attribute(one, 'nodeRepresentation')} ${slots(one).codingScheme} ${nameOf(one)}`;
    });
    expect(found).toEqual(expected);
  });

  test('has its two identifiers', () => {
    expect(identifiers(entry!)).toEqual([
      [
        'urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427',
        'XDSDocumentEntry.patientId',
        '279035121518989^^^&1.2.250.1.213.1.4.10&ISO^NH',
      ],
      [
        'urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab',
        'XDSDocumentEntry.uniqueId',
        '1.2.250.1.999.1.1.8121.2.1',
      ],
    ]);
  });

  test('writes the children in the order of the schema', () => {
    const locals = entry!.children.flatMap((node) => (node.kind === 1 ? [node.name.local] : []));
    const order = ['Slot', 'Name', 'Description', 'Classification', 'ExternalIdentifier'];
    expect(locals).toEqual(locals.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)));
  });

  test('leaves out what is null instead of writing it empty', () => {
    const bare: DocumentEntry = {
      ...lot.entries[0]!,
      title: null,
      hash: null,
      size: null,
      serviceStopTime: null,
      legalAuthenticator: null,
      sourcePatientInfo: null,
      classCode: null,
      patientId: null,
    };
    const [object] = objects(written({ ...lot, entries: [bare] }), 'ExtrinsicObject');
    expect(nameOf(object!)).toBeNull();
    expect(identifiers(object!)).toHaveLength(1);
    expect(Object.keys(slots(object!))).not.toContain('hash');
    expect(
      [...descendants(object!)].filter((one) => one.name.local === 'Value' && textOf(one) === ''),
    ).toEqual([]);
  });
});

describe('ids and references', () => {
  const elements = [...descendants(root)];

  test('no id is used twice, none looks like a registry id, each is an NCName', () => {
    const ids = elements.flatMap((one) => attribute(one, 'id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(15);
    for (const id of ids) expect(id).toMatch(/^(?!urn:uuid:)[A-Za-z][-.\w]*$/);
  });

  test('every classification and identifier names its owner', () => {
    for (const object of [set!, entry!]) {
      const own = attribute(object, 'id');
      for (const one of children(object, 'Classification', RIM))
        expect(attribute(one, 'classifiedObject')).toBe(own);
      for (const one of children(object, 'ExternalIdentifier', RIM))
        expect(attribute(one, 'registryObject')).toBe(own);
    }
  });
});

describe('associations', () => {
  const links = (of: Lot) =>
    objects(written(of), 'Association').map((one) => ({
      type: attribute(one, 'associationType'),
      source: attribute(one, 'sourceObject'),
      target: attribute(one, 'targetObject'),
      ...slots(one),
    }));

  test('membership is Original', () => {
    expect(links(lot)).toEqual([
      {
        type: 'urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember',
        source: lot.submissionSet.symbolicId,
        target: lot.entries[0]!.symbolicId,
        SubmissionSetStatus: ['Original'],
      },
    ]);
  });

  test('replacement and signature', () => {
    const more: Lot = {
      ...lot,
      associations: [
        { kind: 'RPLC', source: 'doc', target: 'urn:uuid:1' },
        { kind: 'signs', source: 'sig', target: 'lot' },
      ],
    };
    expect(links(more)).toEqual([
      { type: 'urn:ihe:iti:2007:AssociationType:RPLC', source: 'doc', target: 'urn:uuid:1' },
      {
        type: 'urn:ihe:iti:2007:AssociationType:signs',
        source: 'sig',
        target: 'lot',
        SubmissionSetStatus: ['Original'],
      },
    ]);
  });

  test('deletion names both statuses and holds no document', () => {
    const { documents: _, ...context } = lotOf();
    const patientId = lot.submissionSet.patientId!;
    const deletion = deletionLot({
      ...context,
      patientId,
      target: { entryUuid: 'urn:uuid:1', status: 'Archived' },
    });
    expect(objects(written(deletion), 'ExtrinsicObject')).toEqual([]);
    expect(links(deletion)).toEqual([
      {
        type: 'urn:ihe:iti:2010:AssociationType:UpdateAvailabilityStatus',
        source: deletion.submissionSet.symbolicId,
        target: 'urn:uuid:1',
        OriginalStatus: ['urn:asip:ci-sis:2010:StatusType:Archived'],
        NewStatus: ['urn:asip:ci-sis:2010:StatusType:Deleted'],
      },
    ]);
  });
});

describe('the signature of a lot', () => {
  test('is a document entry like another', () => {
    const signature: DocumentEntry = {
      ...lot.entries[0]!,
      symbolicId: 'Signature01',
      languageCode: 'art',
      title: 'Source',
      legalAuthenticator: null,
      sourcePatientId: lot.submissionSet.patientId,
      classCode: { code: 'urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1', scheme: 'URN', label: 'Digital Signature' },
      typeCode: { code: 'E1762', scheme: 'ASTM', label: 'Full Document' },
      formatCode: {
        code: 'http://www.w3.org/2000/09/xmldsig#',
        scheme: 'URN',
        label: 'Default Signature Style',
      },
    };
    const [, object] = objects(written({ ...lot, entries: [...lot.entries, signature] }), 'ExtrinsicObject');
    const [type] = classified(object!, 'f0306f51-975f-434e-a61c-c59651d33983');
    expect([attribute(type!, 'nodeRepresentation'), slots(type!).codingScheme]).toEqual(['E1762', ['ASTM']]);
    expect(slots(object!).languageCode).toEqual(['art']);
  });
});

describe('hostile values', () => {
  test('no value of a document becomes markup', () => {
    const title = '"/></rim:Name><rim:Slot name="hash"><!--';
    const { lot: hostile } = deriveLot(lotOf({ title }));
    const [object] = objects(written(hostile), 'ExtrinsicObject');
    expect(nameOf(object!)).toBe(title);
    expect(slots(object!).hash).toEqual([LETTER.sha1]);
  });

  test('a control character in a title does not break the message', () => {
    const { lot: hostile } = deriveLot(lotOf({ title: 'a\u0001b\ud800' }));
    expect(nameOf(objects(written(hostile), 'ExtrinsicObject')[0]!)).toBe('a\ufffdb\ufffd');
  });
});
