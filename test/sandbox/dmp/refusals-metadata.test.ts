import { inEntry, type Row, replaceInEntry, table, to, value } from './refusal-table.ts';
import { slot } from './requests.ts';
import { running } from './running.ts';

const dmp = running();

table(dmp, 'elements and attributes', [
  ['an element of another standard', '<rim:Name>', '<rim:Nom/><rim:Name>', 'element-refused'],
  [
    'an element of another namespace',
    '</rim:RegistryPackage>',
    '<Slot xmlns="urn:x"/></rim:RegistryPackage>',
    'element-refused',
  ],
  [
    'a Slot after the Name',
    /(<rim:Slot name="size">.*)\n(<rim:Name>.*)\n/,
    (_, size, title) => `${title}\n${size}\n`,
    'element-refused',
  ],
  [
    'a folder',
    '</rim:RegistryObjectList>',
    '<rim:Federation id="f"/></rim:RegistryObjectList>',
    'element-refused',
  ],
  [
    'two Names',
    inEntry('(<rim:Name>.*?</rim:Name>)'),
    (_, before, one) => before + one + one,
    'element-count',
  ],
  [
    'a Slot without ValueList',
    /<rim:Slot name="size">.*/,
    '<rim:Slot name="size"/>',
    'element-count',
    'slot-values',
  ],
  [
    'a Name without text',
    inEntry('<rim:Name>.*?</rim:Name>'),
    replaceInEntry('<rim:Name/>'),
    'element-count',
    'name-missing',
  ],
  ['no mimeType', ' mimeType="text/xml"', '', 'attribute-missing', 'mime-type'],
  ['no id of a classification', / id="Doc01-author"/, '', 'attribute-missing'],
  ['no nodeRepresentation', ' nodeRepresentation="SA01"', '', 'attribute-missing'],
  [
    'a logical id',
    '<rim:ExtrinsicObject ',
    '<rim:ExtrinsicObject lid="urn:uuid:11111111-2222-3333-4444-555555555555" ',
    'attribute-refused',
  ],
  [
    'an on-demand document',
    'urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1',
    'urn:uuid:34268e47-fdf5-41a6-ba33-82133c465248',
    'attribute-value',
  ],
  [
    'a document archived at once',
    '<rim:ExtrinsicObject ',
    '<rim:ExtrinsicObject status="urn:asip:ci-sis:2010:StatusType:Archived" ',
    'attribute-value',
  ],
  ['ids repeated', 'id="Doc01-author"', 'id="Lot01-author"', 'id-repeated'],
  ['an id that is no name', 'id="Doc01-author"', 'id="1 author"', 'id-shape'],
  [
    'an entryUUID chosen by the sender',
    /Lot01(?=")/g,
    'urn:uuid:11111111-2222-3333-4444-555555555555',
    'id-shape',
  ],
  [
    'a classification of another object',
    'classifiedObject="Doc01"',
    'classifiedObject="Lot01"',
    'owner-mismatch',
  ],
  ['an identifier of another object', 'registryObject="Doc01"', 'registryObject="Doc02"', 'owner-mismatch'],
  [
    'the node of another object',
    'id="Lot01-node" classifiedObject="Lot01"',
    'id="Lot01-node" classifiedObject="Doc01"',
    'owner-mismatch',
    'owner-mismatch',
  ],
]);

const REQUIRED_SLOTS = [
  'creationTime',
  'serviceStartTime',
  'languageCode',
  'legalAuthenticator',
  'sourcePatientId',
];

table(dmp, 'slots', [
  ...REQUIRED_SLOTS.map(
    (name): Row => [`no ${name}`, new RegExp(`<rim:Slot name="${name}">.*\\n`), '', 'slot-missing'],
  ),
  ['no submissionTime', /<rim:Slot name="submissionTime">.*\n/, '', 'slot-missing'],
  [
    'no authorPerson',
    inEntry('<rim:Slot name="authorPerson">.*?</rim:Slot>'),
    replaceInEntry(''),
    'slot-missing',
  ],
  [
    'no codingScheme',
    inEntry('<rim:Slot name="codingScheme">.*?</rim:Slot>'),
    replaceInEntry(''),
    'slot-missing',
  ],
  ['a misspelt slot', 'name="serviceStopTime"', 'name="serviceStopDate"', 'slot-unknown'],
  [
    'a slot that the repository gives',
    '<rim:Slot name="size">',
    `${slot('repositoryUniqueId', '1.2.3')}<rim:Slot name="size">`,
    'slot-unknown',
  ],
  [
    'a slot of XDM media',
    '<rim:Slot name="size">',
    `${slot('URI', 'DOC0001.XML')}<rim:Slot name="size">`,
    'slot-unknown',
  ],
  ['a slot twice', /<rim:Slot name="languageCode">.*/, (found) => found! + found!, 'slot-repeated'],
  [
    'two values of one',
    '<rim:Value>fr-FR</rim:Value>',
    '<rim:Value>fr-FR</rim:Value><rim:Value>fr-FR</rim:Value>',
    'slot-values',
  ],
  ['no value', '<rim:Value>fr-FR</rim:Value>', '', 'slot-values'],
  [
    'stop before start',
    '20260715083000</rim:Value></rim:ValueList></rim:Slot>\n<rim:Slot name="sourcePatientId"',
    '20260715075959</rim:Value></rim:ValueList></rim:Slot>\n<rim:Slot name="sourcePatientId"',
    'times-order',
  ],
  ['no title', inEntry('<rim:Name>.*?</rim:Name>\n'), replaceInEntry(''), 'name-missing'],
  [
    'no label of a code',
    inEntry('(codingScheme.*?)<rim:Name>.*?</rim:Name>'),
    (_, before, scheme) => before! + scheme!,
    'name-missing',
  ],
  [
    'an author without institution',
    inEntry('<rim:Slot name="authorInstitution">.*?</rim:Slot>'),
    replaceInEntry(''),
    'institution-missing',
  ],
  [
    'a lot without institution',
    /(<rim:RegistryPackage[\s\S]*?)<rim:Slot name="authorInstitution">.*?<\/rim:Slot>/,
    (_, before) => before!,
    'institution-missing',
  ],
]);

table(dmp, 'forms of values', [
  ...['2026-07-15', '20261315', '20260230', '20260715240000', '20260715083', '20260715083000+0200', ''].map(
    (text): Row => [`serviceStartTime ${text}`, value('serviceStartTime'), to(text), 'value-format'],
  ),
  ['creationTime with an offset', value('creationTime'), to('20260715103000+0200'), 'value-format'],
  ['submissionTime of 2001', value('submissionTime'), to('20010715090000'), 'submission-time'],
  ['submissionTime of 2099', value('submissionTime'), to('20990715090000'), 'submission-time'],
  ['submissionTime to the minute', value('submissionTime'), to('202607150900'), 'value-format'],
  ['a language without country', value('languageCode'), to('fr'), 'value-format'],
  [
    'a hash of another length',
    value('hash'),
    to('abcdef'),
    'value-format',
    'XDSRepositoryMetadataError hash-differs',
  ],
  [
    'a size with a unit',
    value('size'),
    to('12 kB'),
    'value-format',
    'XDSRepositoryMetadataError size-differs',
  ],
  [
    'a person without given name',
    value('legalAuthenticator'),
    to('801234567897^MEDECIN^^^^^^^&amp;1.2.250.1.71.4.2.1&amp;ISO^D^^^IDNPS'),
    'value-format',
  ],
  [
    'a person of another authority',
    value('legalAuthenticator'),
    to('801234567897^MEDECIN^Test^^^^^^&amp;1.2.3&amp;ISO^D^^^IDNPS'),
    'value-format',
  ],
  [
    'an authority without ISO',
    value('legalAuthenticator'),
    to('801234567897^MEDECIN^Test^^^^^^&amp;1.2.250.1.71.4.2.1^D^^^IDNPS'),
    'value-format',
  ],
  [
    'a RPPS without prefix',
    value('legalAuthenticator'),
    to('10100997245^MEDECIN^Test^^^^^^&amp;1.2.250.1.71.4.2.1&amp;ISO^D^^^RPPS'),
    'value-format',
  ],
  [
    'a prefix of the wrong length',
    value('legalAuthenticator'),
    to('8012345678^MEDECIN^Test^^^^^^&amp;1.2.250.1.71.4.2.1&amp;ISO^D^^^IDNPS'),
    'value-format',
  ],
  [
    'a FINESS without prefix',
    inEntry('CH DEMO\\^\\^\\^\\^\\^&amp;1.2.250.1.71.4.2.2&amp;ISO\\^IDNST\\^\\^\\^10B0000012'),
    replaceInEntry('CH DEMO^^^^^&amp;1.2.250.1.71.4.2.2&amp;ISO^IDNST^^^0B0000012'),
    'value-format',
    'institution-missing',
  ],
  [
    'an institution of type FINEG',
    inEntry('IDNST'),
    replaceInEntry('FINEG'),
    'value-format',
    'institution-missing',
  ],
  [
    'a specialty of another system',
    inEntry('1.2.250.1.213.1.1.4.5'),
    replaceInEntry('1.2.3'),
    'value-format',
  ],
  [
    'a specialty without label',
    inEntry('\\^Qualifié[^<]*'),
    replaceInEntry('^^1.2.250.1.213.1.1.4.5'),
    'value-format',
  ],
  ['an empty role', value('authorRole'), to(' '), 'value-format'],
  [
    'a local id of type PN',
    value('sourcePatientId'),
    to('IPP-1^^^&amp;1.2.250.1.999.2&amp;ISO^PN'),
    'value-format',
  ],
  [
    'an ampersand escaped twice',
    value('sourcePatientId'),
    to('IPP-1^^^&amp;amp;1.2.250.1.999.2&amp;amp;ISO^PI'),
    'value-format',
  ],
  [
    'a name of another type',
    'PID-5|PAT-TROIS^DOMINIQUE^^^^^L',
    'PID-5|PAT-TROIS^DOMINIQUE^^^^^N',
    'value-format',
  ],
  ['a birth date with dashes', 'PID-7|19790328', 'PID-7|1979-03-28', 'value-format'],
  ['a line of another segment', 'PID-8|F', 'PV1-2|I', 'value-format'],
  ['a sourceId that is no OID', 'value="1.2.250.1.999.3"', 'value="urn:oid:1.2.250.1.999.3"', 'value-format'],
  [
    'a reference of another type',
    '<rim:Slot name="hash">',
    `${slot('urn:ihe:iti:xds:2013:referenceIdList', 'A1^^^&amp;1.2.3&amp;ISO^urn:ihe:iti:xds:2013:uniqueId')}<rim:Slot name="hash">`,
    'value-format',
  ],
]);
