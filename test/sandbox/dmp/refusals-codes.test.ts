import { expect, test } from 'vitest';
import {
  classificationOf,
  coded,
  identifier,
  type Row,
  refusals,
  table,
  to,
  twice,
} from './refusal-table.ts';
import {
  altered,
  deposit,
  depositOf,
  ENTRY_CODES,
  errorsOf,
  freshOid,
  lotXml,
  mtom,
  slot,
  statusOf,
} from './requests.ts';
import { running } from './running.ts';

const dmp = running();

const SCHEMES = ENTRY_CODES.map(({ role }) => role);

table(dmp, 'codes', [
  ...SCHEMES.map((role): Row => [`no ${role}`, classificationOf(role), '', 'classification-missing']),
  [
    'no author',
    /<rim:Classification id="Doc01-author"[\s\S]*?<\/rim:Classification>\n/,
    '',
    'classification-missing',
    'institution-missing',
  ],
  [
    'no contentTypeCode',
    /<rim:Classification id="Lot01-contentTypeCode[\s\S]*?<\/rim:Classification>\n/,
    '',
    'classification-missing',
  ],
  ['a contentTypeCode of no list', 'nodeRepresentation="03"', 'nodeRepresentation="99"', 'code-unknown'],
  ['two typeCodes', classificationOf('typeCode'), twice, 'classification-repeated'],
  [
    'limited metadata',
    /classificationScheme="urn:uuid:41a5887f[-\w]*"/,
    'classificationScheme="urn:uuid:ab9b591b-83ab-4d03-8f5d-f93b1fb92e85"',
    'classification-unknown',
    'classification-missing',
  ],
  [
    'the scheme of another attribute',
    /urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d/,
    'urn:uuid:1ba97051-7806-41a8-a48b-8fce7af683c5',
    'classification-unknown',
    'classification-missing',
  ],
  ['a coding scheme with urn:oid:', coded('typeCode'), to('urn:oid:2.16.840.1.113883.6.1'), 'coding-scheme'],
  ['a coding scheme by name', coded('typeCode'), to('LOINC'), 'coding-scheme'],
  ['a retired typeCode', 'nodeRepresentation="11488-4"', 'nodeRepresentation="27899-4"', 'code-unknown'],
  [
    'a formatCode that the DMP lacks',
    'nodeRepresentation="urn:ihe:iti:xds-sd:pdf:2008"',
    'nodeRepresentation="urn:asip:ci-sis:cva:2017"',
    'code-unknown',
  ],
  ['an unknown facility', 'nodeRepresentation="SA01"', 'nodeRepresentation="SA11"', 'code-unknown'],
  [
    'an unknown practice',
    'nodeRepresentation="ETABLISSEMENT"',
    'nodeRepresentation="CABINET"',
    'code-unknown',
  ],
  ['an unknown content type', 'nodeRepresentation="03"', 'nodeRepresentation="I"', 'code-unknown'],
  ['a code of another system', coded('practiceSettingCode'), to('1.2.250.1.71.4.2.4'), 'code-system'],
  [
    'a class that does not go with the type',
    'nodeRepresentation="10"',
    'nodeRepresentation="11"',
    'class-of-type',
  ],
]);

table(
  dmp,
  'codes, unknown ones accepted',
  [
    [
      'a code of another system is still refused',
      coded('practiceSettingCode'),
      to('1.2.250.1.71.4.2.4'),
      'code-system',
    ],
    [
      'the list of confidentiality is closed',
      'nodeRepresentation="N"',
      'nodeRepresentation="X"',
      'code-unknown',
      'confidentiality-base',
    ],
  ],
  { unknownCodes: 'accept' },
);

test('an unknown code is accepted when the switch says so', async () => {
  await dmp.switches({ unknownCodes: 'accept' });
  const reply = await dmp.send(
    mtom(altered(deposit(), 'nodeRepresentation="11488-4"', 'nodeRepresentation="27899-4"')),
  );
  expect([statusOf(reply), errorsOf(reply)]).toEqual(['Success', []]);
});

const visibility = (code: string, id = code): string =>
  `<rim:Classification id="v-${id}" classifiedObject="Doc01" classificationScheme="urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f" nodeRepresentation="${code}">${slot('codingScheme', '1.2.250.1.213.1.1.4.13')}<rim:Name><rim:LocalizedString value="${code}"/></rim:Name></rim:Classification>`;
const AFTER_CODES = '<rim:ExternalIdentifier id="Doc01-patientId"';
const both = visibility('MASQUE_PS') + visibility('INVISIBLE_PATIENT');

table(dmp, 'confidentiality', [
  ['masked and hidden together', AFTER_CODES, both + AFTER_CODES, 'confidentiality-cumulated'],
  [
    'the same code twice',
    AFTER_CODES,
    visibility('MASQUE_PS', 'a') + visibility('MASQUE_PS', 'b') + AFTER_CODES,
    'confidentiality-repeated',
  ],
  ['the short code of HL7 v2', AFTER_CODES, visibility('INVISIBLE_REP_LEGAUX') + AFTER_CODES, 'code-unknown'],
  ['no base code', classificationOf('confidentialityCode'), visibility('MASQUE_PS'), 'confidentiality-base'],
  [
    'five codes',
    AFTER_CODES,
    both + visibility('INVISIBLE_REPRESENTANTS_LEGAUX') + visibility('MASQUE_PS', 'c') + AFTER_CODES,
    'classification-repeated',
    'confidentiality-cumulated',
    'confidentiality-repeated',
  ],
]);

test('masked and hidden together is accepted when the switch says so', async () => {
  await dmp.switches({ maskedAndHidden: 'accept' });
  const reply = await dmp.send(mtom(altered(deposit(), AFTER_CODES, both + AFTER_CODES)));
  expect([statusOf(reply), errorsOf(reply)]).toEqual(['Success', []]);
});

table(dmp, 'external identifiers', [
  ['no uniqueId of the document', identifier('Doc01-uniqueId'), '', 'identifier-missing'],
  ['no patientId of the document', identifier('Doc01-patientId'), '', 'identifier-missing'],
  ['no uniqueId of the lot', identifier('Lot01-uniqueId'), '', 'identifier-missing'],
  ['no patientId of the lot', identifier('Lot01-patientId'), '', 'identifier-missing'],
  ['no sourceId', identifier('Lot01-sourceId'), '', 'identifier-missing'],
  ['an identifier twice', identifier('Doc01-uniqueId'), twice, 'identifier-repeated'],
  [
    'the scheme of a folder',
    'urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab',
    'urn:uuid:75df8f67-9973-4fbe-a900-df66cefecc5a',
    'identifier-unknown',
    'identifier-missing',
  ],
  ['another Name', '"XDSDocumentEntry.uniqueId"', '"XDSDocumentEntry.uniqueID"', 'identifier-name'],
  [
    'a patient with parentheses',
    /value="(\d{15})/g,
    (_, ins) => `value="(${ins})`,
    'value-format',
    'value-format',
  ],
  ['a patient of type PI', /\^NH"/g, '^PI"', 'value-format', 'value-format'],
  [
    'an INS-C',
    /1\.2\.250\.1\.213\.1\.4\.10&amp;ISO\^NH"/g,
    '1.2.250.1.213.1.4.2&amp;ISO^NH"',
    'ins-root',
    'XDSPatientIdDoesNotMatch cda-patient',
  ],
]);

table(dmp, 'lot and documents', [
  ['a lot without its node', /<rim:Classification id="Lot01-node".*/, '', 'lot-not-classified'],
  [
    'the node of a folder',
    'a54d6aa5-d40d-43f9-88c5-b4633d873bdd',
    'd9d542f3-6cc4-48b6-8870-ea235fbc94c2',
    'lot-not-classified',
  ],
  ['a PDF by itself', 'mimeType="text/xml"', 'mimeType="application/pdf"', 'mime-type'],
  [
    'a KOS without its formatCode',
    'mimeType="text/xml"',
    'mimeType="application/dicom"',
    'mime-type',
    'InvalidDocumentContent content-unreadable',
  ],
  [
    'patients that differ',
    /(id="Doc01-patientId".*?value=")\d{15}/,
    (_, before) => `${before}297022A02077878`,
    'XDSPatientIdDoesNotMatch patient-mismatch',
    'XDSPatientIdDoesNotMatch cda-patient',
    'XDSPatientIDReconciliationError traits-differ',
  ],
]);

test('a second package', async () => {
  const request = altered(
    deposit(),
    '<rim:ExtrinsicObject',
    `${lotXml(freshOid()).replaceAll('Lot01', 'Lot02')}\n<rim:ExtrinsicObject`,
  );
  expect(await refusals(dmp, request)).toEqual(['XDSRegistryMetadataError lot-count']);
});

test('a lot without document', async () => {
  const lot = freshOid();
  expect(await refusals(dmp, depositOf(lot, '', lotXml(lot), []))).toEqual([
    'XDSRegistryMetadataError no-document',
  ]);
});

test('uniqueIds repeated in the message', async () => {
  const uniqueId = freshOid();
  const request = deposit({ lot: uniqueId, uniqueId });
  expect(await refusals(dmp, request)).toEqual(['XDSRegistryDuplicateUniqueIdInMessage unique-id-repeated']);
});
