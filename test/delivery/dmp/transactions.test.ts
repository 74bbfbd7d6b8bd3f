import { describe, expect, test } from 'vitest';
import { statusBefore } from '../../../src/delivery/dmp/deleted-status.ts';
import { findDocument } from '../../../src/delivery/dmp/iti-18.ts';
import { provideAndRegister } from '../../../src/delivery/dmp/iti-41.ts';
import { updateDocumentSet } from '../../../src/delivery/dmp/iti-57.ts';
import { parseContentType, readParts } from '../../../src/delivery/dmp/mtom.ts';
import { deletionLot, deriveLot } from '../../../src/xds/derive.ts';
import { submitObjectsRequest } from '../../../src/xds/ebxml.ts';
import { parseXml } from '../../../src/xml/parse.ts';
import { attribute, child, descendants, textOf } from '../../../src/xml/select.ts';
import type { XmlElement } from '../../../src/xml/tree.ts';
import { xml } from '../../../src/xml/writer.ts';
import { lotOf } from '../../xds/discharge-letter.ts';
import { answerSoap, connectTo, envelope, fault, registryResponse, type Seen, startStub } from './server.ts';

const SOAP = 'http://www.w3.org/2003/05/soap-envelope';
const WSA = 'http://www.w3.org/2005/08/addressing';
const SECURITY = xml`<wsse:Security xmlns:wsse="urn:test">signé</wsse:Security>`;
const DOCUMENT = Buffer.from('<ClinicalDocument>\r\n\u00e9\r\n</ClinicalDocument>', 'latin1');

const { lot } = deriveLot(lotOf());
const metadata = submitObjectsRequest(lot);
const documents = [{ symbolicId: lot.entries[0]!.symbolicId, bytes: DOCUMENT }];

function find(root: XmlElement, local: string): XmlElement {
  return [...descendants(root)].find((one) => one.name.local === local)!;
}

/** WS-Addressing headers of an envelope. */
function addressing(root: XmlElement): Record<string, string> {
  const header = child(root, 'Header', SOAP)!;
  const read = (local: string) => textOf(child(header, local, WSA));
  return { action: read('Action'), messageId: read('MessageID'), to: read('To'), replyTo: read('ReplyTo') };
}

function partsOf({ headers, body }: Seen) {
  return readParts(parseContentType(headers['content-type']!).parameters.get('boundary')!, body);
}

describe('ITI-41', () => {
  test('is MTOM with one part for each document, sent as it is', async () => {
    await using stub = await startStub((_, response) =>
      answerSoap(response, envelope(registryResponse('Success')), { multipart: true }),
    );
    await using connection = connectTo(stub.url);
    const outcome = await provideAndRegister(connection, { metadata, documents, security: SECURITY });
    expect(outcome).toMatchObject({ result: 'delivered', httpStatus: 200 });

    const [seen] = stub.seen;
    expect(seen!.path).toBe('/si-dmp-server/v2/services/repository');
    const [root, document, ...others] = partsOf(seen!);
    expect(others).toEqual([]);
    expect(Buffer.from(document!.bytes).equals(DOCUMENT)).toBe(true);

    const soap = parseXml(root!.bytes).root;
    expect(addressing(soap)).toEqual({
      action: 'urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b',
      messageId: expect.stringMatching(/^urn:uuid:[0-9a-f-]{36}$/),
      to: `${stub.url}/repository`,
      replyTo: 'http://www.w3.org/2005/08/addressing/anonymous',
    });
    expect(attribute(find(soap, 'Include'), 'href')).toBe(`cid:${document!.contentId}`);
    expect(attribute(find(soap, 'Document'), 'id')).toBe(attribute(find(soap, 'ExtrinsicObject'), 'id'));
    expect(Buffer.from(root!.bytes).toString()).toContain(SECURITY.text);
    expect(Buffer.from(root!.bytes).toString()).toContain(metadata.text);
  });

  test('each attempt has its own message id and boundary around the same lot', async () => {
    await using stub = await startStub((_, response) =>
      answerSoap(response, envelope(registryResponse('Success'))),
    );
    await using connection = connectTo(stub.url);
    for (let index = 0; index < 2; index += 1)
      await provideAndRegister(connection, { metadata, documents, security: null });
    const soaps = stub.seen.map((seen) => parseXml(partsOf(seen)[0]!.bytes).root);
    expect(new Set(soaps.map((soap) => addressing(soap).messageId)).size).toBe(2);
    expect(new Set(stub.seen.map(({ headers }) => headers['content-type'])).size).toBe(2);
  });

  test('takes an answer to its own message id only', async () => {
    await using stub = await startStub((seen, response) => {
      const { messageId } = addressing(parseXml(partsOf(seen)[0]!.bytes).root);
      const relatesTo = stub.seen.length === 1 ? messageId : 'urn:uuid:other';
      answerSoap(response, envelope(registryResponse('Success'), relatesTo), { multipart: true });
    });
    await using connection = connectTo(stub.url);
    const input = { metadata, documents, security: null };
    expect((await provideAndRegister(connection, input)).result).toBe('delivered');
    expect((await provideAndRegister(connection, input)).result).toBe('ambiguous');
  });

  test('a refusal carries the code and the text of the DMP', async () => {
    await using stub = await startStub((_, response) =>
      answerSoap(
        response,
        envelope(registryResponse('Failure', [{ code: 'DMPClosed', context: 'Le DMP est fermé' }])),
        { multipart: true },
      ),
    );
    await using connection = connectTo(stub.url);
    expect(await provideAndRegister(connection, { metadata, documents, security: null })).toMatchObject({
      result: 'refused',
      code: 'DMPClosed',
      detail: 'DMPClosed: Le DMP est fermé',
    });
  });
});

describe('ITI-18', () => {
  const adhoc = (status: string, objects: string) =>
    `<q:AdhocQueryResponse xmlns:q="urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0" xmlns:r="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0" status="${status === 'PartialSuccess' ? 'urn:ihe:iti:2007' : 'urn:oasis:names:tc:ebxml-regrep'}:ResponseStatusType:${status}"><r:RegistryObjectList>${objects}</r:RegistryObjectList></q:AdhocQueryResponse>`;
  const search = async (answer: string, status = 200, multipart = false) => {
    await using stub = await startStub((_, response) =>
      answerSoap(response, envelope(answer), { status, multipart }),
    );
    await using connection = connectTo(stub.url);
    const found = await findDocument(connection, { uniqueId: "1.2'3", security: SECURITY });
    return { found, seen: stub.seen[0]!, url: stub.url };
  };

  test('asks the registry in plain SOAP for references by uniqueId', async () => {
    const { seen, url } = await search(adhoc('Success', ''));
    expect(seen.path).toBe('/si-dmp-server/v2/services/registry');
    expect(seen.headers['content-type']).toBe(
      'application/soap+xml; charset=UTF-8; action="urn:ihe:iti:2007:RegistryStoredQuery"',
    );
    const soap = parseXml(seen.body).root;
    expect(addressing(soap)).toMatchObject({
      action: 'urn:ihe:iti:2007:RegistryStoredQuery',
      to: `${url}/registry`,
    });
    const option = find(soap, 'ResponseOption');
    expect([attribute(option, 'returnType'), attribute(option, 'returnComposedObjects')]).toEqual([
      'ObjectRef',
      'false',
    ]);
    expect(attribute(find(soap, 'AdhocQuery'), 'id')).toBe('urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4');
    expect(attribute(find(soap, 'Slot'), 'name')).toBe('$XDSDocumentEntryUniqueId');
    expect(textOf(find(soap, 'Value'))).toBe("('1.2''3')");
    expect(seen.body.toString()).toContain(SECURITY.text);
  });

  test('what is no object of a registry is none', async () => {
    const { found } = await search(adhoc('Success', '<ObjectRef id="urn:uuid:1"/>'));
    expect(found).toMatchObject({ kind: 'answered', entries: [] });
  });

  test.each([false, true])('finds the entryUUID, multipart: %s', async (multipart) => {
    const { found } = await search(adhoc('Success', '<r:ObjectRef id="urn:uuid:1"/>'), 200, multipart);
    expect(found).toMatchObject({ kind: 'answered', entries: [{ entryUuid: 'urn:uuid:1', status: null }] });
  });

  test('says the status when the registry gives whole entries', async () => {
    const object =
      '<r:ExtrinsicObject id="urn:uuid:1" status="urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated"/>';
    const { found } = await search(adhoc('Success', object));
    expect(found).toMatchObject({ entries: [{ entryUuid: 'urn:uuid:1', status: 'Deprecated' }] });
  });

  test('Success without objects says that there is none', async () => {
    expect((await search(adhoc('Success', ''))).found).toMatchObject({ kind: 'answered', entries: [] });
  });

  test('a partial answer counts for what it names, never as an absence', async () => {
    const some = await search(adhoc('PartialSuccess', '<r:ObjectRef id="urn:uuid:1"/>'));
    expect(some.found).toMatchObject({ kind: 'answered', entries: [{ entryUuid: 'urn:uuid:1' }] });
    expect((await search(adhoc('PartialSuccess', ''))).found.kind).toBe('failed');
  });

  test.each([
    ['a registry that is busy', registryResponse('Failure', [{ code: 'XDSRegistryBusy' }]), 200, 'transient'],
    ['an internal error', registryResponse('Failure', [{ code: 'XDSRegistryError' }]), 200, 'transient'],
    ['a refused certificate', fault('Sender', 'DMPInvalidCertificate', 'x'), 500, 'configuration'],
    [
      'a success that names errors',
      registryResponse('Success', [{ code: 'XDSRegistryError' }]),
      200,
      'transient',
    ],
    ['something else', '<x/>', 200, 'transient'],
    ['the answer to a deposit', registryResponse('Success'), 200, 'transient'],
    ['a success under HTTP 500', adhoc('Success', '<r:ObjectRef id="urn:uuid:1"/>'), 500, 'transient'],
    [
      'objects in another namespace',
      adhoc('Success', '').replaceAll('r:RegistryObjectList', 'q:RegistryObjectList'),
      200,
      'transient',
    ],
  ])('%s is a failure, never an absence', async (_, answer, status, result) => {
    const { found } = await search(answer, status);
    expect(found).toMatchObject({ kind: 'failed', outcome: { result } });
  });
});

describe('ITI-57', () => {
  test.each([
    ['Approved', 'Approved'],
    ['Archived', 'Archived'],
    [null, 'Approved'],
  ])('what the registry calls %s is deleted as %s', (status, expected) => {
    expect(statusBefore({ status })).toBe(expected);
  });

  const { documents: _, ...context } = lotOf();
  const deletion = submitObjectsRequest(
    deletionLot({
      ...context,
      patientId: lot.submissionSet.patientId!,
      target: { entryUuid: 'urn:uuid:1', status: 'Approved' },
    }),
  );

  test('sends the deletion to the registry in plain SOAP, without a document', async () => {
    await using stub = await startStub((_seen, response) =>
      answerSoap(response, envelope(registryResponse('Success'))),
    );
    await using connection = connectTo(stub.url);
    const outcome = await updateDocumentSet(connection, { metadata: deletion, security: SECURITY });
    expect(outcome.result).toBe('delivered');
    const [seen] = stub.seen;
    expect(seen!.path).toBe('/si-dmp-server/v2/services/registry');
    const soap = parseXml(seen!.body).root;
    expect(addressing(soap).action).toBe('urn:ihe:iti:2010:UpdateDocumentSet');
    expect(child(soap, 'Body', SOAP)!.children).toHaveLength(1);
    expect(seen!.body.toString()).toContain(deletion.text);
  });

  test('a stale version is a refusal that a new look-up may mend', async () => {
    await using stub = await startStub((_seen, response) =>
      answerSoap(response, envelope(registryResponse('Failure', [{ code: 'XDSMetadataVersionError' }]))),
    );
    await using connection = connectTo(stub.url);
    const outcome = await updateDocumentSet(connection, { metadata: deletion, security: null });
    expect([outcome.result, outcome.code]).toEqual(['refused', 'XDSMetadataVersionError']);
  });
});
