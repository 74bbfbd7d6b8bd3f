import { connect } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dmpSandboxLimits } from '../../../src/sandbox/dmp/limits.ts';
import {
  altered,
  deposit,
  depositOf,
  faultOf,
  mtom,
  part,
  plain,
  query,
  queryEnvelope,
  type Reply,
  slot,
  soapXml,
  statusOf,
  type Wire,
} from './requests.ts';
import { running } from './running.ts';

const dmp = running();

const fault = (reply: Reply): unknown[] => [reply.status, statusOf(reply), faultOf(reply)];

describe('SOAP', () => {
  const lookUp = queryEnvelope(slot('$XDSDocumentEntryUniqueId', "('1.2.3')"));
  const request = (from: string | RegExp, to: string): Wire => {
    const changed = lookUp.replace(from, () => to);
    expect(changed).not.toBe(lookUp);
    return plain(changed);
  };

  test.each<[string, string | RegExp, string, string, string]>([
    [
      'version 1.1',
      'http://www.w3.org/2003/05/soap-envelope',
      'http://schemas.xmlsoap.org/soap/envelope/',
      'soap:VersionMismatch',
      'not-soap-12',
    ],
    ['not well formed', '</s:Body>', '', 'soap:Sender', 'xml-unreadable'],
    ['a DOCTYPE', '<s:Envelope', '<!DOCTYPE x><s:Envelope', 'soap:Sender', 'xml-unreadable'],
    ['two bodies', '</s:Envelope>', '<s:Body/></s:Envelope>', 'soap:Sender', 'envelope-shape'],
    [
      'no header',
      /<s:Header>[\s\S]*<\/s:Header>/,
      '',
      'wsa:MessageAddressingHeaderRequired',
      'addressing-missing',
    ],
    ['an empty body', /<s:Body>[\s\S]*<\/s:Body>/, '<s:Body/>', 'soap:Sender', 'envelope-shape'],
    ['two payloads', '</s:Body>', '<x/></s:Body>', 'soap:Sender', 'envelope-shape'],
    [
      'another payload',
      /query:AdhocQueryRequest/g,
      'query:AdhocQueryRequests',
      'soap:Sender',
      'envelope-shape',
    ],
    [
      'a header that is not known',
      '</s:Header>',
      '<x:y xmlns:x="urn:x" s:mustUnderstand="true"/></s:Header>',
      'soap:MustUnderstand',
      'header-not-understood',
    ],
    [
      'no MessageID',
      /<a:MessageID>.*?<\/a:MessageID>/,
      '',
      'wsa:MessageAddressingHeaderRequired',
      'addressing-missing',
    ],
    [
      'an empty MessageID',
      /<a:MessageID>.*?<\/a:MessageID>/,
      '<a:MessageID/>',
      'wsa:InvalidAddressingHeader',
      'addressing-invalid',
    ],
    [
      'a MessageID that is no URI',
      /<a:MessageID>.*?<\/a:MessageID>/,
      '<a:MessageID>12</a:MessageID>',
      'wsa:InvalidAddressingHeader',
      'addressing-invalid',
    ],
    [
      'two MessageIDs',
      '<a:MessageID>',
      '<a:MessageID>urn:x:y</a:MessageID><a:MessageID>',
      'wsa:InvalidAddressingHeader',
      'addressing-invalid',
    ],
    [
      'no Action',
      /<a:Action.*?<\/a:Action>/,
      '',
      'wsa:MessageAddressingHeaderRequired',
      'addressing-missing',
    ],
    [
      'Action without mustUnderstand',
      '<a:Action s:mustUnderstand="1">',
      '<a:Action>',
      'wsa:InvalidAddressingHeader',
      'addressing-invalid',
    ],
    [
      'an unknown Action',
      'RegistryStoredQuery<',
      'RegistryStoredQueries<',
      'wsa:ActionNotSupported',
      'action-unknown',
    ],
    [
      'the Action of another path',
      'urn:ihe:iti:2007:RegistryStoredQuery',
      'urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b',
      'wsa:ActionNotSupported',
      'action-unknown',
    ],
    [
      'another place to answer to',
      'addressing/anonymous',
      'addressing/none',
      'wsa:InvalidAddressingHeader',
      'addressing-invalid',
    ],
    ['no query', '<rim:AdhocQuery ', '<rim:AdhocQueries ', 'soap:Sender', 'xml-unreadable'],
    ['no ResponseOption', /<query:ResponseOption[^>]*>/, '', 'soap:Sender', 'envelope-shape'],
  ])('%s', async (_, from, to, code, own) => {
    expect(fault(await dmp.send(request(from, to)))).toEqual([500, code, own]);
  });

  test('a fault relates to its request and speaks both languages', async () => {
    const reply = await dmp.send(request('RegistryStoredQuery<', 'RegistryStoredQueries<'));
    const messageId = /<a:MessageID>([^<]+)</.exec(lookUp)![1]!;
    expect(reply.text).toContain(`<wsa:RelatesTo>${messageId}</wsa:RelatesTo>`);
    expect(reply.text).toMatch(/<soap:Text xml:lang="fr">[^<]+<\/soap:Text><soap:Text xml:lang="en">/);
  });

  test('a security header that must be understood is', async () => {
    const security =
      '<w:Security xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd" s:mustUnderstand="1"/></s:Header>';
    expect(statusOf(await dmp.send(request('</s:Header>', security)))).toBe('Success');
  });

  test('mustUnderstand on Action and ReplyTo follow their switches', async () => {
    await dmp.switches({ actionMustUnderstand: 'optional', replyTo: 'required' });
    expect(statusOf(await dmp.send(request('<a:Action s:mustUnderstand="1">', '<a:Action>')))).toBe(
      'Success',
    );
    expect(fault(await dmp.send(request(/<a:ReplyTo[\s\S]*<\/a:ReplyTo>/, '')))[2]).toBe(
      'addressing-missing',
    );
  });

  test('retrieval is denied to a gateway', async () => {
    const envelope = soapXml('urn:ihe:iti:2007:RetrieveDocumentSet', '<x/>');
    const reply = await dmp.send(mtom({ ...deposit(), envelope, files: [] }, 'b', OTHER_ACTION));
    expect(fault(reply)).toEqual([500, 'soap:DMPAccessDeniedByRightsService', 'right-denied']);
  });

  const OTHER_ACTION =
    'multipart/related; boundary="b"; type="application/xop+xml"; start="<root@test>"; start-info="application/soap+xml"';
});

describe('HTTP', () => {
  test('other paths, methods and media types', async () => {
    expect(fault(await dmp.send({ ...query('1.2'), path: 'documents' }))).toEqual([
      404,
      'soap:Sender',
      'path-unknown',
    ]);
    expect(fault(await dmp.send({ ...query('1.2'), contentType: 'text/xml' }))).toEqual(
      [500, 'soap:Sender', 'media-type'].with(0, 415),
    );
    expect(fault(await dmp.send({ ...query('1.2'), contentType: '' }))).toEqual([
      415,
      'soap:Sender',
      'media-type',
    ]);
    const response = await fetch(`${dmp.url}/registry`);
    expect([response.status, await response.text()]).toEqual([
      405,
      expect.stringContaining('[sandbox.method-refused]'),
    ]);
  });

  test('a compressed body is refused', async () => {
    const { contentType, body } = query('1.2');
    const response = await fetch(`${dmp.url}/registry`, {
      method: 'POST',
      body,
      headers: { 'content-type': contentType, 'content-encoding': 'gzip' },
    });
    expect([response.status, await response.text()]).toEqual([
      415,
      expect.stringContaining('[sandbox.media-type]'),
    ]);
  });

  test('the size of a message has a cap', async () => {
    const limit = dmpSandboxLimits.messageBytes.value;
    const filled = (size: number): Wire => {
      const wire = query('1.2.3');
      return { ...wire, body: Buffer.concat([wire.body, Buffer.alloc(size - wire.body.length, ' ')]) };
    };
    expect(statusOf(await dmp.send(filled(limit)))).toBe('Success');
    const tooLarge = await dmp.send(filled(limit + 1)).then(fault, () => 'connection closed');
    // The server may close before the client has sent everything: then the answer is lost on the way.
    expect([[413, 'soap:Sender', 'message-too-large'], 'connection closed']).toContainEqual(tooLarge);
    expect(await dmp.get<{ items: unknown[] }>('/refusals')).toMatchObject({
      items: [{ fault: { code: 'sandbox.message-too-large' } }],
    });
  });

  test('a peer that goes away in the middle leaves nothing', async () => {
    const { body, contentType } = mtom(deposit());
    const { hostname, port, pathname } = new URL(`${dmp.url}/repository`);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write(
          `POST ${pathname} HTTP/1.1\r\nHost: x\r\nContent-Type: ${contentType}\r\nContent-Length: ${body.length}\r\n\r\n`,
        );
        socket.write(body.subarray(0, body.length - 10), () => socket.destroy());
      });
      socket.on('close', () => resolve());
    });
    expect(statusOf(await dmp.send(query('1.2.3')))).toBe('Success');
    expect(await dmp.get('/counts')).toMatchObject({ lots: 0, requests: 1 });
  });
});

describe('MTOM', () => {
  test('a deposit without MTOM is told so', async () => {
    const reply = await dmp.send(plain(deposit().envelope, 'repository'));
    expect(fault(reply)).toEqual([500, 'soap:Sender', 'not-mtom']);
    expect(reply.contentType).toMatch(/^multipart\/related/);
  });

  const TYPE = mtom(deposit()).contentType;

  test.each<[string, string, string]>([
    ['no type', TYPE.replace('type="application/xop+xml"; ', ''), 'content-type-parameter'],
    ['another type', TYPE.replace('xop+xml', 'soap+xml'), 'content-type-parameter'],
    ['no start-info', TYPE.replace('start-info="application/soap+xml"; ', ''), 'content-type-parameter'],
    [
      'SOAP 1.1 in start-info',
      TYPE.replace('start-info="application/soap+xml"', 'start-info="text/xml"'),
      'content-type-parameter',
    ],
    ['a start that no part has', TYPE.replace('<root@test>', '<other@test>'), 'content-type-parameter'],
    ['a start on an attachment', TYPE.replace('<root@test>', '<Doc01@test>'), 'content-type-parameter'],
    ['another action', TYPE.replace('Set-b"', 'Set"'), 'action-mismatch'],
    ['no boundary', TYPE.replace(/boundary="[^"]*"; /, ''), 'multipart-malformed'],
    ['the boundary of another message', TYPE.replace('MIME_', 'XIME_'), 'multipart-malformed'],
  ])('%s', async (_, contentType, own) => {
    expect(fault(await dmp.send(mtom(deposit(), 'MIME_boundary', contentType)))[2]).toBe(own);
  });

  test.each<[string, string]>([
    ['no start: the first part is the root', TYPE.replace('start="<root@test>"; ', '')],
    ['no action', TYPE.replace(/; action=.*/, '')],
    [
      'parameters in another order and case',
      TYPE.replace(/(boundary="[^"]*"); (type="[^"]*")/, '$2; BOUNDARY=MIME_boundary'),
    ],
  ])('%s is accepted', async (_, contentType) => {
    expect(statusOf(await dmp.send(mtom(deposit(), 'MIME_boundary', contentType)))).toBe('Success');
  });

  test('any legal boundary is', async () => {
    const boundary = "=_(odd)'+_,-./:=? boundary";
    const contentType = TYPE.replace('MIME_boundary', boundary);
    expect(statusOf(await dmp.send(mtom(deposit(), boundary, contentType)))).toBe('Success');
  });

  const wire = (body: string | Buffer): Wire => ({
    path: 'repository',
    contentType: TYPE,
    body: Buffer.from(body),
  });
  const root = (envelope: string, type = 'application/xop+xml; charset=UTF-8; type="application/soap+xml"') =>
    part('MIME_boundary', type, 'root@test', Buffer.from(envelope));
  const END = Buffer.from('\r\n--MIME_boundary--');

  test('a document in base64 is', async () => {
    const { envelope, files } = deposit();
    const encoded = Buffer.from(files[0]!.bytes.toString('base64'));
    const document = part('MIME_boundary', 'text/xml', 'Doc01@test', encoded, 'base64');
    expect(statusOf(await dmp.send(wire(Buffer.concat([root(envelope), document, END]))))).toBe('Success');
  });

  test('the root may come after the attachments', async () => {
    const { envelope, files } = deposit();
    const document = part('MIME_boundary', 'text/xml', 'Doc01@test', files[0]!.bytes);
    expect(statusOf(await dmp.send(wire(Buffer.concat([document, root(envelope), END]))))).toBe('Success');
  });

  test.each<[string, (request: ReturnType<typeof deposit>) => Wire, string]>([
    ['truncated', (request) => wire(mtom(request).body.subarray(0, -30)), 'multipart-malformed'],
    ['without the document', (request) => mtom({ ...request, files: [] }), 'part-missing'],
    [
      'with another Content-ID',
      (request) => mtom({ ...request, files: [{ id: 'Doc02', bytes: request.files[0]!.bytes }] }),
      'part-missing',
    ],
    [
      'with a Content-ID twice',
      (request) => mtom({ ...request, files: [...request.files, ...request.files] }),
      'multipart-malformed',
    ],
    [
      'with a Content-ID without brackets',
      (request) => wire(mtom(request).body.toString().replace('<Doc01@test>', 'Doc01@test')),
      'multipart-malformed',
    ],
    ['with href without cid:', (request) => mtom(altered(request, 'cid:Doc01', 'Doc01')), 'part-missing'],
    ['with a broken percent-encoding', (request) => mtom(altered(request, '%40', '%4')), 'part-missing'],
    [
      'with the document in the XML',
      (request) => mtom(altered(request, /<xop:Include[^>]*>/, 'PENsaW5pY2FsRG9jdW1lbnQvPg==')),
      'document-inline',
    ],
    [
      'with text beside the Include',
      (request) => mtom(altered(request, '<xop:Include', 'x<xop:Include')),
      'document-inline',
    ],
    [
      'with a root of type text/xml',
      ({ envelope }) => wire(Buffer.concat([root(envelope, 'text/xml'), END])),
      'content-type-parameter',
    ],
    [
      'with a root for SOAP 1.1',
      ({ envelope }) => wire(Buffer.concat([root(envelope, 'application/xop+xml; type="text/xml"'), END])),
      'content-type-parameter',
    ],
    ['with a root that is no XML', () => wire(Buffer.concat([root('hello'), END])), 'xml-unreadable'],
    [
      'without SubmitObjectsRequest',
      ({ lot, uniqueId }) =>
        mtom(altered(depositOf(lot, uniqueId, '', []), /<lcm:.*<\/lcm:SubmitObjectsRequest>/s, '')),
      'envelope-shape',
    ],
    [
      'without RegistryObjectList',
      ({ lot, uniqueId }) =>
        mtom(altered(depositOf(lot, uniqueId, '', []), /<rim:.*<\/rim:RegistryObjectList>/s, '')),
      'envelope-shape',
    ],
  ])('%s', async (_, make, own) => {
    const reply = await dmp.send(make(deposit()));
    expect([statusOf(reply), faultOf(reply)]).toEqual(['soap:Sender', own]);
  });
});

describe('properties', () => {
  test('no bytes make the simulator fail: each gets a fault or a judgement', async () => {
    const golden = mtom(deposit());
    const mutation = fc.record({
      at: fc.integer({ min: 0, max: golden.body.length }),
      remove: fc.integer({ min: 0, max: 200 }),
      insert: fc.oneof(
        fc.uint8Array({ maxLength: 20 }),
        fc.constantFrom('<', '>', '"', '\r\n', '--', '&', ']]>', '<a>').map(Buffer.from),
      ),
    });
    const mutated = fc.array(mutation, { minLength: 1, maxLength: 3 }).map((all) =>
      all.reduce((body, { at, remove, insert }) => {
        return Buffer.concat([body.subarray(0, at), insert, body.subarray(at + remove)]);
      }, golden.body),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(mutated, fc.uint8Array({ maxLength: 200 }).map(Buffer.from)),
        async (body) => {
          const reply = await dmp.send({ ...golden, body });
          expect([
            'Success',
            'Failure',
            'soap:Sender',
            'soap:VersionMismatch',
            'soap:MustUnderstand',
          ]).toContain(statusOf(reply).replace(/^wsa:.*|soap:DMP.*/, 'soap:Sender'));
          expect(faultOf(reply)).not.toBe('internal');
        },
      ),
      { numRuns: 600 },
    );
  });

  test('no attribute or text of the metadata makes it fail', async () => {
    const golden = deposit();
    const texts = [...golden.envelope.matchAll(/(?<==")[^"<]+(?=")|(?<=>)[^<\s][^<]*(?=<)/g)];
    const value = fc.oneof(
      fc.string({ unit: 'grapheme-ascii' }),
      fc.constantFrom('__proto__', 'constructor', 'urn:uuid:', '^'.repeat(300), ''),
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(texts.length - 1), value, async (index, text) => {
        const { index: at, 0: old } = texts[index]!;
        const escaped = text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);
        const envelope = golden.envelope.slice(0, at) + escaped + golden.envelope.slice(at + old.length);
        const reply = await dmp.send(mtom({ ...golden, envelope }));
        expect(statusOf(reply)).not.toBe('unreadable');
        expect(faultOf(reply)).not.toBe('internal');
      }),
      { numRuns: 600 },
    );
  });
});
