import { describe, expect, test } from 'vitest';
import { cdaLimits } from '../../src/cda/limits.ts';
import { cda, factsOf, fileBody, read, section } from './sample.ts';

describe('each fault is found, with its place', () => {
  const repeat = (text: string) => text + text;
  const target = '<recordTarget><patientRole/></recordTarget>';
  const file = '<component><nonXMLBody><text>YQ==</text></nonXMLBody></component>';
  test.each([
    ['cda.id-missing', { id: '' }, '/ClinicalDocument'],
    ['cda.id-missing', { id: '<id nullFlavor="UNK" root="1.2.3"/>' }, '/ClinicalDocument/id'],
    ['cda.id-repeated', { id: '<id root="1.2.3"/><id root="1.2.4"/>' }, '/ClinicalDocument/id[2]'],
    ['cda.id-without-root', { id: '<id/>' }, '/ClinicalDocument/id'],
    ['cda.id-not-oid', { id: '<id root="5A931FFC-E3D3-4153-953F-4C314500A410"/>' }, '/ClinicalDocument/id'],
    ['cda.id-not-oid', { id: '<id root="1.2.03"/>' }, '/ClinicalDocument/id'],
    ['cda.id-not-oid', { id: '<id root=" 1.2.3"/>' }, '/ClinicalDocument/id'],
    ['cda.id-with-extension', { id: '<id root="1.2.3" extension="4"/>' }, '/ClinicalDocument/id'],
    ['cda.id-with-extension', { id: '<id root="1.2.3" extension=""/>' }, '/ClinicalDocument/id'],
    ['cda.code-missing', { code: '' }, '/ClinicalDocument'],
    ['cda.code-missing', { code: '<code nullFlavor="UNK"/>' }, '/ClinicalDocument/code'],
    ['cda.effective-time-missing', { effectiveTime: '' }, '/ClinicalDocument'],
    [
      'cda.effective-time-missing',
      { effectiveTime: '<effectiveTime nullFlavor="UNK"/>' },
      '/ClinicalDocument/effectiveTime',
    ],
    [
      'cda.effective-time-malformed',
      { effectiveTime: '<effectiveTime value="20240230"/>' },
      '/ClinicalDocument/effectiveTime',
    ],
    ['cda.record-target-missing', { recordTarget: '' }, '/ClinicalDocument'],
    ['cda.record-target-missing', { recordTarget: '<recordTarget/>' }, '/ClinicalDocument/recordTarget'],
    ['cda.record-target-repeated', { recordTarget: repeat(target) }, '/ClinicalDocument/recordTarget[2]'],
    ['cda.body-missing', { body: '' }, '/ClinicalDocument'],
    ['cda.body-missing', { body: '<component/>' }, '/ClinicalDocument'],
    ['cda.body-repeated', { body: repeat(file) }, '/ClinicalDocument/component[2]/nonXMLBody'],
    [
      'cda.replacement-without-id',
      { related: '<relatedDocument typeCode="RPLC"/>' },
      '/ClinicalDocument/relatedDocument',
    ],
    [
      'cda.replacement-without-id',
      {
        related:
          '<relatedDocument typeCode="RPLC"><parentDocument><id extension="1"/></parentDocument></relatedDocument>',
      },
      '/ClinicalDocument/relatedDocument/parentDocument',
    ],
  ] as const)('%s %j', (code, parts, location) => {
    const { findings } = read(cda(parts));
    expect(findings).toMatchObject([{ code, severity: 'error', source: 'cda', location }]);
    expect(findings[0]).toMatchObject({ line: expect.any(Number), column: expect.any(Number) });
  });

  test('line and column are those of the element', () => {
    const [finding] = read(
      cda({ title: '<title>x</title>\n  ', effectiveTime: '<effectiveTime value="x"/>' }),
    ).findings;
    expect(finding).toMatchObject({ line: 6, column: 1 });
  });

  test('all are told at once, and what can be read is read', () => {
    const { findings, facts } = read(
      cda({
        id: '<id root="1.2.3" extension="4"/>',
        code: '',
        effectiveTime: '',
        recordTarget: '',
        body: '',
      }),
    );
    expect(findings.map((one) => one.code)).toEqual([
      'cda.id-with-extension',
      'cda.code-missing',
      'cda.effective-time-missing',
      'cda.record-target-missing',
      'cda.body-missing',
    ]);
    expect(facts).toMatchObject({
      id: { root: '1.2.3', extension: '4' },
      title: 'Lettre',
      code: null,
      body: { kind: 'absent' },
    });
  });

  test.each(['', '<id/>', '<id root="abc"/>', '<id nullFlavor="UNK" root="1.2.3"/>'])(
    'no facts for %j',
    (id) => {
      expect(read(cda({ id })).facts).toBeNull();
    },
  );

  test('another document names its root', () => {
    const { findings, facts, clinicalDocument } = read('<Patient xmlns="http://hl7.org/fhir"/>');
    expect(findings).toMatchObject([{ code: 'cda.not-a-cda', line: 1, column: 1, location: '/Patient' }]);
    expect(findings[0]!.message).toContain('Patient (http://hl7.org/fhir)');
    expect([facts, clinicalDocument]).toEqual([null, null]);
  });

  test('a wrong value is quoted up to the cap and cut beyond', () => {
    const quote = (length: number) =>
      read(cda({ id: `<id root="${'x'.repeat(length)}"/>` })).findings[0]!.detail;
    const most = cdaLimits.quoted.value;
    expect(quote(most)).toContain(`"${'x'.repeat(most)}"`);
    expect(quote(most + 1)).toContain(`"${'x'.repeat(most - 1)}…"`);
  });
});

describe('level', () => {
  const level = (content: string) => factsOf(section(content)).level;

  test('1 for a file, with its media type', () => {
    const facts = factsOf(fileBody('YQ=='));
    expect(facts.level).toBe(1);
    expect(facts.body).toEqual({
      ...{ kind: 'file', mediaType: 'application/pdf', representation: 'B64' },
      file: { form: 'other', claim: null },
    });
  });

  test('2 for text, for an entry without any code, and for one that only shows a file', () => {
    expect(level('<code code="10164-2"/><text>x</text>')).toBe(2);
    expect(level('<entry><observation><code nullFlavor="UNK"/></observation></entry>')).toBe(2);
    expect(
      level(
        '<entry><observationMedia><author><assignedAuthor><code code="1"/></assignedAuthor></author></observationMedia></entry>',
      ),
    ).toBe(2);
  });

  test.each([
    'act',
    'encounter',
    'observation',
    'organizer',
    'procedure',
    'substanceAdministration',
    'supply',
  ])('3 for a coded %s', (statement) => {
    expect(level(`<entry><${statement}><code code="1"/></${statement}></entry>`)).toBe(3);
  });

  test('3 for a coded statement at any depth of an entry, a medicine being coded by its product', () => {
    expect(level('<entry><observation><code code="1"/></observation></entry>')).toBe(3);
    expect(
      level(
        '<entry><organizer><component><procedure><code code="1"/></procedure></component></organizer></entry>',
      ),
    ).toBe(3);
    expect(
      level(
        '<component><section><entry><substanceAdministration><consumable><manufacturedProduct><manufacturedMaterial><code code="1"/></manufacturedMaterial></manufacturedProduct></consumable></substanceAdministration></entry></section></component>',
      ),
    ).toBe(3);
  });
});
