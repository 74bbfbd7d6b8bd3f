import { expect, test } from 'vitest';
import { refusals, table } from './refusal-table.ts';
import {
  associationXml,
  deposit,
  memberXml,
  mtom,
  RPLC,
  SIGNS,
  signedDeposit,
  slot,
  statusOf,
} from './requests.ts';
import { running } from './running.ts';

const dmp = running();

const member = memberXml('m1', 'Doc01');

table(dmp, 'associations', [
  ['a document outside the lot', member, '', 'member-count'],
  ['a document twice in the lot', member, member + memberXml('m2', 'Doc01'), 'member-count'],
  [
    'a member that does not exist',
    member,
    member + memberXml('m2', 'Doc02'),
    'UnresolvedReferenceException association-target',
  ],
  [
    'a member of another lot',
    'sourceObject="Lot01"',
    'sourceObject="Lot02"',
    'UnresolvedReferenceException association-source',
  ],
  ['Reference to an object of the message', '>Original<', '>Reference<', 'association-status'],
  ['no SubmissionSetStatus', slot('SubmissionSetStatus', 'Original'), '', 'association-status'],
  [
    'another slot',
    slot('SubmissionSetStatus', 'Original'),
    slot('SubmissionSetStatus', 'Original') + slot('Status', 'x'),
    'slot-unknown',
  ],
  [
    'an addendum',
    member,
    member +
      associationXml(
        'a1',
        'urn:ihe:iti:2007:AssociationType:APND',
        'Doc01',
        'urn:uuid:11111111-2222-3333-4444-555555555555',
      ),
    'association-type',
  ],
  [
    'RPLC with the URN of 2010',
    member,
    member +
      associationXml(
        'a1',
        'urn:ihe:iti:2010:AssociationType:RPLC',
        'Doc01',
        'urn:uuid:11111111-2222-3333-4444-555555555555',
      ),
    'association-type',
  ],
  [
    'RPLC aimed at a uniqueId',
    member,
    member + associationXml('a1', RPLC, 'Doc01', '1.2.250.1.999.1'),
    'UnresolvedReferenceException association-target',
  ],
  [
    'RPLC aimed at nothing known',
    member,
    member + associationXml('a1', RPLC, 'Doc01', 'urn:uuid:11111111-2222-3333-4444-555555555555'),
    'UnresolvedReferenceException target-unknown',
  ],
  [
    'RPLC from the lot',
    member,
    member + associationXml('a1', RPLC, 'Lot01', 'urn:uuid:11111111-2222-3333-4444-555555555555'),
    'UnresolvedReferenceException association-source',
    'UnresolvedReferenceException target-unknown',
  ],
]);

const signs = /<rim:Association id="s1".*?<\/rim:Association>/;
const inSignature = (pattern: string): RegExp => new RegExp(`(id="Sig01"[\\s\\S]*?)${pattern}`);

table(
  dmp,
  'the signature object',
  [
    ['not tied to the lot', signs, '', 'signature-count'],
    ['tied twice', signs, (found) => found! + found!.replace('s1', 's2'), 'signature-count'],
    [
      'signs the document',
      'sourceObject="Sig01" targetObject="Lot01"',
      'sourceObject="Sig01" targetObject="Doc01"',
      'UnresolvedReferenceException association-target',
    ],
    [
      'signed by the document',
      'sourceObject="Sig01"',
      'sourceObject="Doc01"',
      'UnresolvedReferenceException association-source',
      'signature-count',
    ],
    [
      'signs by reference',
      new RegExp(`(${SIGNS}.*?>)Original<`),
      (_, before) => `${before}Reference<`,
      'association-status',
    ],
    ['in French', inSignature('>art<'), (_, before) => `${before}>fr-FR<`, 'signature-attribute'],
    [
      'with another title',
      inSignature('value="Source"'),
      (_, before) => `${before}value="Signature"`,
      'signature-attribute',
    ],
    [
      'visible to professionals',
      /<rim:Classification id="Sig01-confidentialityCode-MASQUE_PS[\s\S]*?<\/rim:Classification>/,
      '',
      'signature-attribute',
    ],
    [
      'without purpose',
      /<rim:Classification id="Sig01-eventCode[\s\S]*?<\/rim:Classification>/,
      '',
      'signature-attribute',
    ],
    [
      'of mime type XSLT',
      /(id="Sig01" mimeType=")text\/xml/,
      (_, before) => `${before}application/xslt+xml`,
      'signature-attribute',
    ],
  ],
  {},
  signedDeposit,
);

test('a lot without signature is refused when the switch demands one', async () => {
  await dmp.switches({ signature: 'required' });
  expect(await refusals(dmp, deposit())).toEqual(['XDSRegistryMetadataError signature-missing']);
  expect(statusOf(await dmp.send(mtom(signedDeposit())))).toBe('Success');
});
