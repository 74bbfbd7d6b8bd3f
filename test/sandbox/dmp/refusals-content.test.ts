import { describe, expect, test } from 'vitest';
import { dmpSandboxLimits } from '../../../src/sandbox/dmp/limits.ts';
import { refusals, table, to, value } from './refusal-table.ts';
import { altered, cda, deposit, errorsOf, freshOid, mtom, slot, statusOf } from './requests.ts';
import { running } from './running.ts';

const dmp = running();

table(dmp, 'documents and bytes', [
  [
    'a document without metadata',
    'Document id="Doc01"',
    'Document id="doc01"',
    'XDSMissingDocument document-missing',
    'XDSMissingDocumentMetadata metadata-missing',
  ],
  ['a hash of other bytes', value('hash'), to('0'.repeat(40)), 'XDSRepositoryMetadataError hash-differs'],
  ['a size of other bytes', value('size'), to('12'), 'XDSRepositoryMetadataError size-differs'],
  [
    'a creation time in local time',
    value('creationTime'),
    to('20260715103000'),
    'XDSRepositoryMetadataError cda-time',
  ],
  [
    'a creation date for a time of another day',
    value('creationTime'),
    to('20260716'),
    'XDSRepositoryMetadataError cda-time',
  ],
]);

describe('the CDA itself', () => {
  const uniqueId = freshOid();
  const whole = cda({ uniqueId });
  test.each<[string, string, string]>([
    ['another id', cda({ uniqueId: freshOid() }), 'XDSRepositoryMetadataError cda-id'],
    [
      'an id with an extension',
      whole.replace(`root="${uniqueId}"`, `root="${uniqueId}" extension="1"`),
      'XDSRepositoryMetadataError cda-id',
    ],
    ['no id', whole.replace(`<id root="${uniqueId}"/>`, ''), 'XDSRepositoryMetadataError cda-id'],
    [
      'another patient',
      cda({ uniqueId, patient: { matricule: '297022A02077878', root: '1.2.250.1.213.1.4.10' } }),
      'XDSPatientIdDoesNotMatch cda-patient',
    ],
    [
      'the INS under another root',
      cda({ uniqueId, patient: { matricule: '279035121518989', root: '1.2.250.1.213.1.4.8' } }),
      'XDSPatientIdDoesNotMatch cda-patient',
    ],
    [
      'an effective time of another zone',
      cda({ uniqueId, effectiveTime: '20260715103000+0100' }),
      'XDSRepositoryMetadataError cda-time',
    ],
    [
      'an effective date without time',
      cda({ uniqueId, effectiveTime: '20260715' }),
      'XDSRepositoryMetadataError cda-time',
    ],
    ['no effective time', whole.replace(/<effectiveTime.*/, ''), 'XDSRepositoryMetadataError cda-time'],
    ['another root', '<Bundle xmlns="urn:hl7-org:v3"/>', 'InvalidDocumentContent content-unreadable'],
    [
      'another namespace',
      whole.replace('urn:hl7-org:v3', 'urn:hl7-org:v2'),
      'InvalidDocumentContent content-unreadable',
    ],
    ['truncated', whole.slice(0, -30), 'InvalidDocumentContent content-unreadable'],
    ['broken in the header', whole.replace('</title>', ''), 'InvalidDocumentContent content-unreadable'],
    [
      'with a DOCTYPE',
      whole.replace('<ClinicalDocument', '<!DOCTYPE a><ClinicalDocument'),
      'InvalidDocumentContent content-unreadable',
    ],
    ['not XML', '%PDF-1.4', 'InvalidDocumentContent content-unreadable'],
    ['empty', '', 'InvalidDocumentContent content-unreadable'],
  ])('%s', async (_, document, error) => {
    expect(await refusals(dmp, deposit({ uniqueId, document }))).toEqual([error]);
  });

  test('broken in the body: seen when the whole of it is read', async () => {
    const document = whole.replace('</text>', '');
    await dmp.switches({ contents: 'whole' });
    expect(await refusals(dmp, deposit({ uniqueId, document }))).toEqual([
      'InvalidDocumentContent content-unreadable',
    ]);
  });

  test('a component in a comment of the header hides nothing', async () => {
    const document = whole
      .replace('<title>', '<!-- <component> --><title>')
      .replace(`root="${uniqueId}"`, 'root="1.2.3"');
    expect(await refusals(dmp, deposit({ uniqueId, document }))).toEqual([
      'XDSRepositoryMetadataError cda-id',
    ]);
  });

  test('larger than the switch allows', async () => {
    const size = Buffer.byteLength(whole);
    await dmp.switches({ maxDocumentBytes: size - 1 });
    expect(await refusals(dmp, deposit({ uniqueId, document: whole }))).toEqual([
      'InvalidDocumentContent document-too-large',
    ]);
    await dmp.switches({ maxDocumentBytes: size });
    expect(statusOf(await dmp.send(mtom(deposit({ uniqueId, document: whole }))))).toBe('Success');
  });

  test('a self-presenting document is found below its style sheet', async () => {
    const id = freshOid();
    const bytes = (text: string) =>
      `<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">${text.replace(/<\?xml.*?\?>/, '')}</xsl:stylesheet>`;
    const send = (document: string) =>
      dmp.send(
        mtom(
          altered(
            deposit({ uniqueId: id, document }),
            'mimeType="text/xml"',
            'mimeType="application/xslt+xml"',
          ),
        ),
      );
    expect(errorsOf(await send(bytes('<a/>')))).toEqual(['InvalidDocumentContent content-unreadable']);
    expect(errorsOf(await send(bytes(cda({ uniqueId: freshOid() }))))).toEqual([
      'XDSRepositoryMetadataError cda-id',
    ]);
    expect(statusOf(await send(bytes(cda({ uniqueId: id }))))).toBe('Success');
  });
});

describe('caps', () => {
  test('a slot value', async () => {
    const limit = dmpSandboxLimits.slotValueCharacters.value;
    const role = (length: number) => altered(deposit(), value('authorRole'), to('r'.repeat(length)));
    expect(statusOf(await dmp.send(mtom(role(limit))))).toBe('Success');
    expect(await refusals(dmp, role(limit + 1))).toEqual(['XDSRegistryMetadataError value-too-long']);
  });

  test('a title', async () => {
    const limit = dmpSandboxLimits.localizedCharacters.value;
    const title = (length: number) =>
      altered(deposit(), 'value="Compte rendu"', `value="${'t'.repeat(length)}"`);
    expect(statusOf(await dmp.send(mtom(title(limit))))).toBe('Success');
    expect(await refusals(dmp, title(limit + 1))).toEqual(['XDSRegistryMetadataError value-too-long']);
  });

  test('the number of errors in an answer', async () => {
    const limit = dmpSandboxLimits.problems.value;
    const strangers = (count: number) =>
      altered(
        deposit(),
        '<rim:Slot name="hash">',
        `${Array.from({ length: count }, (_, index) => slot(`s${index}`, 'x')).join('')}<rim:Slot name="hash">`,
      );
    expect(await refusals(dmp, strangers(limit))).toHaveLength(limit);
    expect(await refusals(dmp, strangers(limit + 1))).toHaveLength(limit);
  });

  test('warnings that fill the answer hide no error', async () => {
    const warnings = Array.from({ length: dmpSandboxLimits.problems.value }, (_, index) =>
      slot(`urn:x:${index}`, 'x'),
    );
    const request = altered(
      deposit(),
      '<rim:Slot name="hash">',
      `${warnings.join('')}<rim:Slot name="hash">`,
    );
    const broken = altered(request, 'nodeRepresentation="11488-4"', 'nodeRepresentation="27899-4"');
    expect(statusOf(await dmp.send(mtom(broken)))).toBe('Failure');
  });
});
