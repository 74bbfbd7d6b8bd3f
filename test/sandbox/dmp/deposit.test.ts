import { createHash, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  altered,
  type Change,
  cda,
  deposit,
  errorsOf,
  freshOid,
  mtom,
  signedDeposit,
  slot,
  statusOf,
} from './requests.ts';
import { running } from './running.ts';

const dmp = running();

const accepted = async (wire: ReturnType<typeof mtom>): Promise<unknown> => {
  const reply = await dmp.send(wire);
  return [reply.status, statusOf(reply), errorsOf(reply)];
};

const SUCCESS = [200, 'Success', []];

describe('what is accepted', () => {
  test('a deposit of one document', async () => {
    const request = deposit();
    expect(await accepted(mtom(request))).toEqual(SUCCESS);
    expect(await dmp.get('/counts')).toMatchObject({ lots: 1, documents: 1, requests: 1, refused: 0 });
    const { entries, lots } = await dmp.get<{ entries: unknown[]; lots: number }>(
      `/documents/${request.uniqueId}`,
    );
    expect(lots).toBe(1);
    expect(entries).toMatchObject([
      {
        status: 'Approved',
        version: 1,
        lot: request.lot,
        typeCode: '11488-4',
        classCode: '10',
        confidentiality: ['N'],
        creationTime: '20260715083000',
        structures: ['10B0000012'],
        size: request.files[0]!.bytes.length,
        hash: createHash('sha1').update(request.files[0]!.bytes).digest('hex'),
      },
    ]);
  });

  test('a signed lot: the signature is not counted as a document', async () => {
    expect(await accepted(mtom(signedDeposit()))).toEqual(SUCCESS);
    expect(await dmp.get('/counts')).toMatchObject({
      lots: 1,
      documents: 1,
      signatures: 1,
      doubleDeposits: [],
    });
  });

  test.each<[string, string | RegExp, Change]>([
    ['no hash', /<rim:Slot name="hash">.*\n/, ''],
    ['no size', /<rim:Slot name="size">.*\n/, ''],
    ['no serviceStopTime', /<rim:Slot name="serviceStopTime">.*\n/, ''],
    ['a hash in capitals', /(?<=name="hash"><rim:ValueList><rim:Value>)\w+/, (hash) => hash!.toUpperCase()],
    [
      'the node beside the package',
      /(<rim:Classification id="Lot01-node".*)([\s\S]*?<\/rim:RegistryPackage>)/,
      (_, node, rest) => `${rest}${node}`,
    ],
    ['a UUID as id of a classification', /id="Doc01-classCode-10"/, `id="urn:uuid:${randomUUID()}"`],
    ['an effective date in the CX', /\^NH"/g, '^NH^^20200101"'],
    ['no ReplyTo', /<a:ReplyTo.*<\/a:ReplyTo>/, ''],
    [
      'a creation time to the minute',
      /(name="creationTime">.*?)20260715083000/,
      (_, before) => `${before}202607150830`,
    ],
    ['no author role', /<rim:Slot name="authorRole">.*?<\/rim:Slot>/, ''],
    [
      'the address of an author',
      /(?=<rim:Slot name="authorRole">)/,
      slot('authorTelecommunication', '^^Internet^a@b.fr'),
    ],
  ])('%s', async (_, from, to) => {
    expect(await accepted(mtom(altered(deposit(), from, to)))).toEqual(SUCCESS);
  });

  test('hidden from the patient', async () => {
    const visibility = `<rim:Classification id="Doc01-hidden" classifiedObject="Doc01" classificationScheme="urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f" nodeRepresentation="INVISIBLE_PATIENT">${slot('codingScheme', '1.2.250.1.213.1.1.4.13')}<rim:Name><rim:LocalizedString value="Non visible par le patient"/></rim:Name></rim:Classification>`;
    const request = altered(
      deposit(),
      '<rim:ExternalIdentifier id="Doc01-patientId"',
      `${visibility}<rim:ExternalIdentifier id="Doc01-patientId"`,
    );
    expect(await accepted(mtom(request))).toEqual(SUCCESS);
  });

  test.each([
    ['20260715083000+0000'],
    ['20260715103000+0200'],
    ['202607150830+0000'],
    ['20260715103000.000+0200'],
    ['20260715100000'],
  ])('a CDA of %s created at 20260715083000 UTC', async (effectiveTime) => {
    const uniqueId = freshOid();
    expect(await accepted(mtom(deposit({ uniqueId, document: cda({ uniqueId, effectiveTime }) })))).toEqual(
      SUCCESS,
    );
  });

  test('an unknown slot with a URN as name: accepted with a warning', async () => {
    const request = altered(
      deposit(),
      '<rim:Slot name="hash">',
      `${slot('urn:example:extra', 'x')}<rim:Slot name="hash">`,
    );
    const reply = await dmp.send(mtom(request));
    expect([statusOf(reply), errorsOf(reply)]).toEqual(['Success', ['XDSExtraMetadataNotSaved slot-extra']]);
    expect(reply.text).toContain('ErrorSeverityType:Warning"');
  });
});

describe('the answer', () => {
  test('is multipart on /repository, as the national server writes it, and relates to the request', async () => {
    const request = deposit();
    const reply = await dmp.send(mtom(request));
    const messageId = /<a:MessageID>([^<]+)</.exec(request.envelope)![1]!;
    expect(reply.contentType).toMatch(
      /^multipart\/related; type="application\/xop\+xml"; boundary="uuid:[-\w]+"; start="<root.message@cxf.apache.org>"; start-info="application\/soap\+xml"$/,
    );
    expect(reply.raw.toString()).toContain('\r\nContent-ID: <root.message@cxf.apache.org>\r\n');
    expect(reply.text).toContain(`<wsa:RelatesTo>${messageId}</wsa:RelatesTo>`);
    expect(reply.text).toContain('ProvideAndRegisterDocumentSet-bResponse</wsa:Action>');
  });

  test('says every problem at once, each with its place', async () => {
    const broken = altered(deposit(), /<rim:Slot name="creationTime">.*\n/, '');
    const worse = altered(
      altered(broken, 'nodeRepresentation="11488-4"', 'nodeRepresentation="0-0"'),
      '>fr-FR<',
      '>français<',
    );
    const reply = await dmp.send(mtom(worse));
    expect(errorsOf(reply).sort()).toEqual([
      'XDSRegistryMetadataError code-unknown',
      'XDSRegistryMetadataError slot-missing',
      'XDSRegistryMetadataError value-format',
    ]);
    expect(reply.text).toMatch(/location="\/Envelope\/Body\/[^"]*\/ExtrinsicObject \(\d+:\d+\)"/);
  });

  test('a refused lot leaves nothing behind', async () => {
    const request = deposit();
    await dmp.send(mtom(altered(request, '>fr-FR<', '>?<')));
    expect(await dmp.get('/counts')).toMatchObject({ lots: 0, documents: 0, requests: 1, refused: 1 });
    expect(await accepted(mtom(request))).toEqual(SUCCESS);
  });

  test('names no patient when it refuses', async () => {
    const reply = await dmp.send(
      mtom(
        altered(
          deposit(),
          '279035121518989^^^&amp;1.2.250.1.213.1.4.10',
          '297022A02077878^^^&amp;1.2.250.1.213.1.4.10',
        ),
      ),
    );
    expect(statusOf(reply)).toBe('Failure');
    expect(reply.text).not.toMatch(/297022A02077878|279035121518989|PAT-TROIS/);
  });
});
