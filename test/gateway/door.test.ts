import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { intakeLimits } from '../../src/intake/limits.ts';
import { freshLetter, type RunningGateway, sample, startTestGateway } from './running.ts';

let run: RunningGateway;

beforeAll(async () => {
  run = await startTestGateway({
    yaml: `
environment: sandbox
establishments:
  - { id: demo, name: Centre hospitalier de démonstration, finessEj: 0B0000011, sector: SA01, sites: [{ finessEg: 0B0000012, name: Site nord }] }
senders:
  - { id: open, establishment: demo, structures: '*', policy: { visibility: { maskedToProfessionals: false, hiddenFromPatient: false, hiddenFromRepresentatives: false }, identity: qualified-only } }
  - { id: strict, establishment: demo, structures: ['19999999'] }
`,
  });
});
afterAll(() => run.close());

const letter = () => freshLetter().document.toString('utf8');
const send = (document: string | Buffer, query = 'to=dmp&sender=open') => run.submit(document, query);

/** Every refusal tells what is wrong, where, and how to mend it; the message of a Schematron rule says all of it. */
function expectHelpful({
  body,
}: {
  body: {
    code: string;
    findings: { code: string; source: string; message: string; remedy: string | null }[];
  };
}): void {
  for (const { source, message, remedy } of body.findings)
    expect(message.length > 10 && (source === 'schematron' || (remedy ?? '').length > 10)).toBe(true);
}

describe('a document that cannot be taken is refused with its place and remedy:', () => {
  test.each<[string, () => string | Buffer, number, string, number | null, number | null]>([
    ['not XML', () => 'bonjour', 422, 'xml.not-well-formed', 1, 1],
    ['only white space', () => '  \n', 422, 'xml.not-well-formed', 2, 1],
    ['XML that is no CDA', () => '<Patient xmlns="http://hl7.org/fhir"/>', 422, 'cda.not-a-cda', 1, 1],
    [
      'a DTD',
      () => '<?xml version="1.0"?>\n<!DOCTYPE ClinicalDocument>\n<ClinicalDocument xmlns="urn:hl7-org:v3"/>',
      422,
      'xml.doctype-refused',
      2,
      1,
    ],
    [
      'an external entity',
      () => '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>',
      422,
      'xml.doctype-refused',
      1,
      1,
    ],
    [
      'an entity bomb',
      () => `<!DOCTYPE a [<!ENTITY b "${'x'.repeat(50)}"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>`,
      422,
      'xml.doctype-refused',
      1,
      1,
    ],
    ['nesting without end', () => '<a>'.repeat(100_000), 422, 'xml.too-deep', 1, null],
    ['a truncated document', () => letter().slice(0, 5000), 422, 'xml.not-well-formed', null, null],
    [
      'bytes of another encoding',
      () => Buffer.from(letter(), 'latin1'),
      422,
      'xml.bytes-not-in-encoding',
      null,
      null,
    ],
    [
      'an unknown encoding',
      () => letter().replace('encoding="UTF-8"', 'encoding="KOI8-F"'),
      422,
      'xml.encoding-unsupported',
      1,
      1,
    ],
    [
      'no identifier',
      () => letter().replace(/<id root="2\.25\.\d+"\/>/, ''),
      422,
      'cda.id-missing',
      null,
      null,
    ],
    [
      'an identifier that is no OID',
      () => letter().replace(/<id root="2\.25\.\d+"\/>/, '<id root="document-1"/>'),
      422,
      'cda.id-not-oid',
      9,
      null,
    ],
    [
      'an identifier with an extension',
      () => letter().replace(/<id root="2\.25\.(\d+)"\/>/, '<id root="2.25.$1" extension="7"/>'),
      422,
      'cda.id-with-extension',
      9,
      null,
    ],
    [
      'a body of level 1 in a format that the DMP does not take',
      () =>
        sample('biology-level1.xml')
          .toString()
          .replace('mediaType="application/pdf"', 'mediaType="image/png"'),
      422,
      'dmp.body-not-accepted',
      284,
      null,
    ],
  ])('%s', async (_, make, status, code, line, column) => {
    const answer = await send(make());
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const found = answer.body.findings.find((one: { code: string }) => one.code === code);
    expect(answer.body.findings.map((one: { code: string }) => one.code)).toContain(code);
    if (line !== null) expect(found.line).toBe(line);
    if (column !== null) expect(found.column).toBe(column);
    expectHelpful(answer);
  });

  test('an identifier that CDA allows and the DMP does not is a warning while nobody asks for a deposit', async () => {
    const uuid = letter().replace(
      /<id root="2\.25\.\d+"\/>/,
      '<id root="5A931FFC-E3D3-4153-953F-4C314500A410"/>',
    );
    const { body } = await run.call('/api/validate', {
      method: 'POST',
      headers: { 'content-type': 'application/xml' },
      body: uuid,
    });
    const about = body.findings.filter(({ code }: { code: string }) => code === 'cda.id-not-oid');
    expect(about).toMatchObject([{ severity: 'warning', line: 9 }]);
    expect((await send(uuid)).status).toBe(422);
  });

  test('an empty body', async () => {
    expect(await send('')).toMatchObject({ status: 400, body: { code: 'request.no-document' } });
  });

  test('at the cap it is judged, over the cap it is not even read', async () => {
    const cap = intakeLimits.documentBytes.value;
    expect((await send(Buffer.alloc(cap, 0x20))).body.code).toBe('document.invalid');
    expect(await send(Buffer.alloc(cap + 1, 0x20))).toMatchObject({
      status: 413,
      body: { code: 'http.too-large' },
    });
  });

  test('a patient without INS, with every finding at once', async () => {
    const answer = await send(sample('no-ins.xml'));
    expect(answer.status).toBe(422);
    expect(answer.body.findings.length).toBeGreaterThan(1);
    expect(
      answer.body.findings.every((one: { severity: string }) =>
        ['error', 'warning', 'info'].includes(one.severity),
      ),
    ).toBe(true);
  });

  test('and the refusal can be read again under its reference, in both languages', async () => {
    const refused = await send(sample('not-well-formed.xml'));
    const french = await run.call(refused.body.instance);
    const english = await run.call(refused.body.instance, { headers: { 'accept-language': 'en' } });
    expect(french.body).toMatchObject({
      state: 'refused',
      findings: [{ code: 'xml.not-well-formed', line: 270, column: 45 }],
    });
    expect(french.body.findings[0].message).toMatch(/^Le document n'est pas/);
    expect(english.body.findings[0].message).toMatch(/^The document is not/);
  });
});

describe('a request that cannot be taken is told what is missing:', () => {
  test('no destination', async () => {
    expect(await send(letter(), 'sender=open')).toMatchObject({
      status: 400,
      body: { code: 'routing.no-destination' },
    });
  });

  test('a destination that is not open', async () => {
    expect((await send(letter(), 'to=fax&sender=open')).body.code).toBe('request.malformed');
  });

  test('a member that neither the request nor the policy says', async () => {
    const answer = await send(letter(), 'to=dmp&sender=strict');
    expect(answer).toMatchObject({ status: 400, body: { code: 'request.member-missing' } });
    expect(answer.body.detail).toContain('visibility.maskedToProfessionals');
    const flags = 'maskedToProfessionals=false&hiddenFromPatient=false&hiddenFromRepresentatives=false';
    expect((await send(letter(), `to=dmp&sender=strict&${flags}`)).body.detail).toContain('identity.status');
  });

  test('a structure that the sender may not send for', async () => {
    const said =
      'maskedToProfessionals=false&hiddenFromPatient=false&hiddenFromRepresentatives=false&identity=QUAL';
    const answer = await send(letter(), `to=dmp&sender=strict&${said}`);
    expect([answer.status, answer.body.findings.map((one: { code: string }) => one.code)]).toEqual([
      422,
      expect.arrayContaining(['dmp.author-institution-differs']),
    ]);
  });

  test('an unknown establishment', async () => {
    expect(await send(letter(), 'to=dmp&establishment=nowhere')).toMatchObject({
      status: 404,
      body: { code: 'http.not-found' },
    });
  });

  test('an unknown member in the address', async () => {
    expect(await send(letter(), 'to=dmp&sender=open&patient=DUPONT')).toMatchObject({
      status: 400,
      body: { code: 'http.malformed' },
    });
  });

  test('a content type that is none of ours', async () => {
    const answer = await run.call('/api/submissions?to=dmp', {
      method: 'POST',
      headers: { 'content-type': 'application/pdf' },
      body: 'x',
    });
    expect(answer).toMatchObject({ status: 415, body: { code: 'http.unsupported-media-type' } });
  });

  test('an identity that is not qualified', async () => {
    const answer = await send(letter(), 'to=dmp&sender=open&identity=PROV');
    expect(answer.status).toBe(422);
    expect(answer.body.findings.map((one: { code: string }) => one.code)).toContain('ins.not-qualified');
  });

  test('a multipart whose request is wrong, with the path of the mistake', async () => {
    const form = new FormData();
    form.set('request', JSON.stringify({ visibility: { maskedToProfessionals: 'no' } }));
    form.set('document', new Blob([letter()]), 'd.xml');
    const answer = await run.call('/api/submissions?sender=open', { method: 'POST', body: form });
    expect(answer).toMatchObject({ status: 400, body: { code: 'request.malformed' } });
    expect(answer.body.detail).toContain('visibility.maskedToProfessionals');
  });

  test('a member that is said twice', async () => {
    const form = new FormData();
    form.set('request', JSON.stringify({ operation: 'deposit' }));
    form.set('document', new Blob([letter()]), 'd.xml');
    const answer = await run.call('/api/submissions?sender=open&to=dmp&operation=deposit', {
      method: 'POST',
      body: form,
    });
    expect(answer).toMatchObject({ status: 400, body: { code: 'request.contradictory' } });
  });
});

describe('the door', () => {
  test('takes a bare document and a multipart alike', async () => {
    const form = new FormData();
    form.set('request', JSON.stringify({ destinations: { dmp: true } }));
    form.set('document', new Blob([letter()]), 'd.xml');
    const multipart = await run.call('/api/submissions?sender=open', {
      method: 'POST',
      body: form,
      headers: { prefer: 'wait=20' },
    });
    const bare = await send(letter());
    const shape = (answer: typeof bare) =>
      answer.body.deliveries.map(({ state, outcome }: { state: string; outcome: string }) => [
        state,
        outcome,
      ]);
    expect([multipart.status, shape(multipart)]).toEqual([200, [['final', 'delivered']]]);
    expect([bare.status, shape(bare)]).toEqual([200, [['final', 'delivered']]]);
  });

  test('answers 202 with the address of the submission when nobody waits, and its end can be read there', async () => {
    const answer = await run.call('/api/submissions?to=dmp&sender=open', {
      method: 'POST',
      headers: { 'content-type': 'application/xml' },
      body: letter(),
    });
    expect(answer.status).toBe(202);
    const path = answer.headers.get('location')!;
    await expect.poll(async () => (await run.call(path)).body.state, { timeout: 20_000 }).toBe('final');
    expect((await run.call(path)).body.timeline.map(({ type }: { type: string }) => type)).toEqual([
      'submission.accepted',
      'delivery.sending',
      'delivery.finished',
    ]);
  });

  test('judges without keeping or sending', async () => {
    const before = await run.dmp.counts();
    const answer = await run.call('/api/validate', {
      method: 'POST',
      headers: { 'content-type': 'application/xml' },
      body: sample('biology-level3.xml') as RequestInit['body'],
    });
    expect(answer.body).toMatchObject({
      valid: true,
      judgement: 'valid',
      document: { typeCode: '11502-2', level: 3 },
    });
    expect(answer.body.notEvaluated.map(({ rule }: { rule: string }) => rule)).toEqual(['xsd']);
    expect((await run.dmp.counts()).requests).toBe(before.requests);
    expect(
      (
        await run.call('/api/validate', {
          method: 'POST',
          headers: { 'content-type': 'application/xml' },
          body: '<a/>',
        })
      ).body,
    ).toMatchObject({ valid: false });
  });

  test('lists what it took, page after page', async () => {
    const first = await run.call('/api/submissions?limit=2');
    expect(first.body.items).toHaveLength(2);
    const second = await run.call(`/api/submissions?limit=2&cursor=${first.body.next}`);
    expect(second.body.items[0].id).not.toBe(first.body.items[1].id);
    expect(
      (await run.call('/api/submissions?state=refused&limit=200')).body.items.every(
        ({ state }: { state: string }) => state === 'refused',
      ),
    ).toBe(true);
  });

  test('describes itself in OpenAPI and says what it is', async () => {
    const document = await run.call('/api/docs/json', { token: null });
    expect(Object.keys(document.body.paths)).toEqual(
      expect.arrayContaining([
        '/api/submissions',
        '/api/submissions/{id}',
        '/api/validate',
        '/api/indicators',
      ]),
    );
    expect((await run.call('/api/conformance')).body).toMatchObject({
      environment: 'sandbox',
      interfaces: { http: '1' },
      destinations: ['dmp'],
    });
    expect((await run.call('/api/v1/conformance')).status).toBe(200);
  });

  test('stays alive through all of this', async () => {
    expect((await run.call('/health/ready', { token: null })).body).toEqual({ status: 'ready' });
  });
});
