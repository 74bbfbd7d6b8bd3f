import { describe, expect, test } from 'vitest';
import { readAnswer } from '../../../src/delivery/dmp/answer.ts';
import { CODE_MEANINGS, mayBeStale } from '../../../src/delivery/dmp/codes.ts';
import type { Exchange } from '../../../src/delivery/dmp/connection.ts';
import { dmpErrors } from '../../../src/delivery/dmp/errors.ts';
import { failureOf } from '../../../src/delivery/dmp/failure.ts';
import { dmpLimits } from '../../../src/delivery/dmp/limits.ts';
import { type DmpOutcome, outcomeOf } from '../../../src/delivery/dmp/outcome.ts';
import { answered, envelope, fault, registryResponse, type StubError } from './server.ts';

const OURS = 'urn:uuid:00000000-0000-4000-8000-000000000001';
const deposit = (exchange: Exchange): DmpOutcome => outcomeOf(readAnswer(exchange, OURS), 'changes');
const response = (status: string, errors: StubError[] = []) =>
  deposit(answered(envelope(registryResponse(status, errors), OURS)));
const failed = (...codes: string[]) =>
  response(
    'Failure',
    codes.map((code) => ({ code })),
  );
const brief = ({ result, code, layer }: DmpOutcome) => [result, code, layer];

describe('success', () => {
  test('is a RegistryResponse of status Success, and nothing less', () => {
    expect(brief(response('Success'))).toEqual(['delivered', 'delivered', 'registry']);
  });

  test('with warnings is a success that keeps them', () => {
    const outcome = response('Success', [
      { code: 'XDSExtraMetadataNotSaved', context: 'slot x', severity: 'Warning' },
    ]);
    expect(outcome.result).toBe('delivered');
    expect(outcome.warnings).toEqual([
      { code: 'XDSExtraMetadataNotSaved', context: 'slot x', severity: 'warning', location: null },
    ]);
  });

  test('with errors contradicts itself: ask before believing it', () => {
    const outcome = response('Success', [{ code: 'XDSRegistryMetadataError' }]);
    expect(brief(outcome)).toEqual(['ambiguous', 'delivery.dmp-contradiction', 'registry']);
  });

  test.each(['urn:ihe:iti:2007:ResponseStatusType:PartialSuccess', 'Perhaps'])(
    'a deposit has no status %s: ask',
    (status) => {
      expect(response(status).result).toBe('ambiguous');
    },
  );

  test.each([
    ['an empty body', envelope('', OURS), 'delivery.dmp-unreadable'],
    ['another element', envelope('<x status="urn:a:Success"/>', OURS), 'delivery.dmp-unreadable'],
    ['a response without status', envelope('<RegistryResponse/>', OURS), 'delivery.dmp-unreadable'],
    ['no SOAP', '<html><body>OK</body></html>', 'delivery.dmp-unreadable'],
    ['no XML', 'OK', 'delivery.dmp-unreadable'],
    ['nothing', '', 'delivery.dmp-unreadable'],
    [
      'the answer to another request',
      envelope(registryResponse('Success'), 'urn:uuid:2'),
      'delivery.dmp-other-answer',
    ],
  ])('HTTP 200 with %s proves nothing', (_, body, code) => {
    const outcome = deposit(answered(body));
    expect([outcome.result, outcome.code]).toEqual(['ambiguous', code]);
    expect(Buffer.from(outcome.raw!).toString()).toBe(body);
  });

  const STATUS = 'urn:oasis:names:tc:ebxml-regrep:ResponseStatusType';
  const RS = 'urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0';
  const QUERY = 'urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0';

  test.each([
    ['no namespace', `<RegistryResponse status="${STATUS}:Success"/>`],
    ['another namespace', `<x:RegistryResponse xmlns:x="urn:evil" status="${STATUS}:Success"/>`],
    ['a bare status', `<r:RegistryResponse xmlns:r="${RS}" status="Success"/>`],
    ['another status URI', `<r:RegistryResponse xmlns:r="${RS}" status="urn:evil:Success"/>`],
    ['the answer to a query', `<q:AdhocQueryResponse xmlns:q="${QUERY}" status="${STATUS}:Success"/>`],
    [
      'errors in another namespace',
      `<r:RegistryResponse xmlns:r="${RS}" status="${STATUS}:Success"><e:RegistryErrorList xmlns:e="urn:evil"><e:RegistryError errorCode="XDSRegistryError"/></e:RegistryErrorList></r:RegistryResponse>`,
    ],
    [
      'one error in another namespace',
      `<r:RegistryResponse xmlns:r="${RS}" status="${STATUS}:Success"><r:RegistryErrorList><e:RegistryError xmlns:e="urn:evil" errorCode="XDSRegistryError"/></r:RegistryErrorList></r:RegistryResponse>`,
    ],
  ])('a Success with %s is to be asked about', (_, body) => {
    expect(deposit(answered(envelope(body, OURS))).result).toBe('ambiguous');
  });

  test.each([199, 302, 401, 404, 500, 503])('a Success under HTTP %i is to be asked about', (status) => {
    const outcome = deposit(answered(envelope(registryResponse('Success'), OURS), { status }));
    expect(brief(outcome)).toEqual(['ambiguous', 'delivery.dmp-contradiction', 'registry']);
    expect(outcome.detail).toContain(String(status));
  });

  test('a Failure is one under any HTTP status', () => {
    const failure = envelope(registryResponse('Failure', [{ code: 'DMPClosed' }]), OURS);
    expect(deposit(answered(failure, { status: 500 })).result).toBe('refused');
  });

  test('an error after more warnings than are read is seen', () => {
    const warnings = Array.from({ length: dmpLimits.errors.value }, () => ({
      code: 'XDSExtraMetadataNotSaved',
      severity: 'Warning' as const,
    }));
    expect(response('Success', [...warnings, { code: 'XDSRegistryError' }]).result).toBe('ambiguous');
  });

  test('HTTP 200 with a truncated multipart proves nothing', () => {
    const bytes = Buffer.from(`--b\r\n\r\n${envelope(registryResponse('Success'), OURS)}\r\n`);
    const outcome = deposit(answered('', { bytes, contentType: 'multipart/related; boundary=b' }));
    expect(brief(outcome)).toEqual(['ambiguous', 'delivery.dmp-unreadable', 'soap']);
    expect(outcome.detail).toContain('truncated');
  });

  test('an answer that relates to nothing is taken as ours', () => {
    expect(deposit(answered(envelope(registryResponse('Success')))).result).toBe('delivered');
  });
});

describe('every known code', () => {
  // Written from section 16.3 of the fact sheet, class by class, not from the code.
  test.each([
    ['XDSDuplicateUniqueIdInRegistry', 'already-there'],
    ['XDSRegistryDeprecatedDocumentError', 'already-there'],
    ['XDSNonIdenticalHash', 'refused'],
    ['XDSNonIdenticalSize', 'refused'],
    ['XDSRegistryDuplicateUniqueIdInMessage', 'refused'],
    ['XDSRepositoryDuplicateUniqueIdInMessage', 'refused'],
    ['XDSMissingDocument', 'refused'],
    ['XDSMissingDocumentMetadata', 'refused'],
    ['XDSPatientIdDoesNotMatch', 'refused'],
    ['XDSUnknownPatientId', 'refused'],
    ['XDSRegistryMetadataError', 'refused'],
    ['XDSRepositoryMetadataError', 'refused'],
    ['InvalidDocumentContent', 'refused'],
    ['XDSInvalidDocumentContent', 'refused'],
    ['XDSReplaceFailed', 'refused'],
    ['UnresolvedReferenceException', 'refused'],
    ['ReferencesExistException', 'refused'],
    ['XDSMetadataIdentifierError', 'refused'],
    ['XDSMetadataUpdateError', 'refused'],
    ['XDSMetadataUpdateOperationError', 'refused'],
    ['XDSMetadataVersionError', 'refused'],
    ['XDSPatientIDReconciliationError', 'refused'],
    ['XDSDocumentUniqueIdError', 'refused'],
    ['XDSUnknownRepositoryId', 'configuration'],
    ['XDSStoredQueryMissingParam', 'configuration'],
    ['XDSStoredQueryParamNumber', 'configuration'],
    ['XDSUnknownStoredQuery', 'configuration'],
    ['XDSResultNotSinglePatient', 'refused'],
    ['XDSTooManyResults', 'refused'],
    ['XDSRegistryBusy', 'transient'],
    ['XDSRepositoryBusy', 'transient'],
    ['XDSRegistryNotAvailable', 'transient'],
    ['XDSRegistryOutOfResources', 'transient'],
    ['XDSRepositoryOutOfResources', 'transient'],
    ['XDSRegistryError', 'ambiguous'],
    ['XDSRepositoryError', 'ambiguous'],
    ['DMPClosed', 'refused'],
    ['DMPInvalidCertificate', 'configuration'],
    ['DMPAccessDeniedByRightsService', 'configuration'],
    ['DMPIdentityCertificationFailure', 'refused'],
  ])('%s is %s', (code, result) => {
    expect(brief(failed(code))).toEqual([result, code, 'registry']);
  });

  test('the rows above are all that there are', () => {
    expect(Object.keys(CODE_MEANINGS)).toHaveLength(40);
  });

  test.each(['DMPSomethingNew', 'XDSNeverHeardOf', 'E-42', '', 'constructor'])(
    'a code that nobody knows (%j) is unknown, never guessed',
    (code) => {
      expect(failed(code).result).toBe('unknown');
    },
  );

  test.each([
    ['Structure non trouvée ou inactive', 'configuration'],
    ['La structure 10B0000012 est inactive', 'configuration'],
    ['Pas de spécialité dans le VIHF', 'configuration'],
    ['La structure du document n’est pas admise', 'unknown'],
  ])('under such a code, %j is %s', (context, result) => {
    expect(response('Failure', [{ code: 'DMPNeverHeardOf', context }]).result).toBe(result);
    expect(response('Failure', [{ code: 'XDSRegistryMetadataError', context }]).result).toBe('refused');
  });

  test('a failure without a reason is unknown', () => {
    expect(brief(response('Failure'))).toEqual(['unknown', 'delivery.dmp-no-reason', 'registry']);
    expect(response('Failure', [{ code: 'XDSRegistryBusy', severity: 'Warning' }]).result).toBe('unknown');
  });

  test('only refusals that a new look-up may mend are called stale', () => {
    expect([mayBeStale('UnresolvedReferenceException'), mayBeStale('XDSMetadataVersionError')]).toEqual([
      true,
      true,
    ]);
    expect([mayBeStale('XDSUnknownPatientId'), mayBeStale('XDSNeverHeardOf')]).toEqual([false, false]);
  });
});

describe('several errors', () => {
  test.each([
    [['XDSRegistryBusy', 'XDSRegistryMetadataError'], 'XDSRegistryMetadataError'],
    [['XDSRegistryError', 'XDSUnknownPatientId'], 'XDSUnknownPatientId'],
    [['XDSRegistryMetadataError', 'XDSDuplicateUniqueIdInRegistry'], 'XDSDuplicateUniqueIdInRegistry'],
    [['XDSDuplicateUniqueIdInRegistry', 'XDSNonIdenticalHash'], 'XDSNonIdenticalHash'],
    [['XDSRegistryBusy', 'XDSNeverHeardOf'], 'XDSNeverHeardOf'],
    [['XDSRegistryMetadataError', 'XDSNeverHeardOf'], 'XDSRegistryMetadataError'],
    [['XDSRegistryMetadataError', 'DMPInvalidCertificate'], 'DMPInvalidCertificate'],
  ])('of %j, %s decides', (codes, decisive) => {
    expect(failed(...codes).code).toBe(decisive);
    expect(failed(...codes.toReversed()).code).toBe(decisive);
  });

  test('all of them are in the detail', () => {
    const outcome = response('Failure', [
      { code: 'XDSRegistryBusy', context: 'un' },
      { code: 'DMPClosed', context: 'deux' },
    ]);
    expect(outcome.detail).toBe('XDSRegistryBusy: un | DMPClosed: deux');
  });

  test('errors, codes and texts are read up to their caps', () => {
    const { code, detail, errors } = dmpLimits;
    const many = (count: number) => [
      ...Array.from({ length: count }, () => ({ code: 'XDSRegistryBusy', context: '' })),
      { code: 'DMPClosed' },
    ];
    expect(response('Failure', many(errors.value - 1)).code).toBe('DMPClosed');
    expect(response('Failure', many(errors.value)).code).toBe('XDSRegistryBusy');
    const long = response('Failure', [
      { code: 'X'.repeat(code.value + 1), context: 'y'.repeat(detail.value) },
    ]);
    expect(long.code).toHaveLength(code.value);
    expect(long.detail).toHaveLength(detail.value);
  });
});

describe('badly filled errors', () => {
  const withAttributes = (attributes: string) =>
    deposit(
      answered(
        envelope(
          `<r:RegistryResponse xmlns:r="urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0" status="urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure"><r:RegistryErrorList><r:RegistryError ${attributes}/></r:RegistryErrorList></r:RegistryResponse>`,
        ),
      ),
    );

  test('swapped code and context are put right', () => {
    const outcome = withAttributes('errorCode="le DMP du patient est fermé" codeContext="DMPClosed"');
    expect([outcome.code, outcome.detail]).toEqual(['DMPClosed', 'DMPClosed: le DMP du patient est fermé']);
  });

  test('without severity an error is an error', () => {
    expect(withAttributes('errorCode="DMPClosed"').result).toBe('refused');
  });

  test('line ends in a text are folded', () => {
    expect(withAttributes('errorCode="DMPClosed" codeContext="a&#10;&#9; b"').detail).toBe('DMPClosed: a b');
  });
});

describe('SOAP faults', () => {
  const faulted = (code: string, subcode: string | null, status = 500, sent = true) =>
    deposit(answered(envelope(fault(code, subcode, 'raison'), OURS), { status, sent }));

  test.each([
    ['Sender', 'DMPInvalidCertificate', 'configuration', 'DMPInvalidCertificate'],
    ['Sender', 'DMPClosed', 'refused', 'DMPClosed'],
    ['Sender', 'DMPNeverHeardOf', 'unknown', 'DMPNeverHeardOf'],
    ['Sender', 'DMPInvalidVihf', 'configuration', 'DMPInvalidVihf'],
    ['Sender', null, 'unknown', 'delivery.dmp-fault'],
    ['Sender', 'MessageAddressingHeaderRequired', 'unknown', 'delivery.dmp-fault'],
    ['DataEncodingUnknown', null, 'unknown', 'delivery.dmp-fault'],
    ['MustUnderstand', null, 'unknown', 'delivery.dmp-fault'],
    ['VersionMismatch', null, 'unknown', 'delivery.dmp-fault'],
    ['Receiver', null, 'ambiguous', 'delivery.dmp-fault'],
  ])('%s/%s is %s', (code, subcode, result, expected) => {
    const outcome = faulted(code, subcode);
    expect([outcome.result, outcome.code, outcome.httpStatus]).toEqual([result, expected, 500]);
    expect(outcome.detail).toContain('raison');
  });

  test('a Receiver fault before the request had left whole is transient', () => {
    expect(faulted('Receiver', null, 500, false).result).toBe('transient');
  });

  test('a fault with HTTP 200 is a fault', () => {
    expect(faulted('Sender', 'DMPInvalidCertificate', 200).result).toBe('configuration');
  });

  test('a fault inside multipart is a fault', () => {
    const body = `--b\r\nContent-ID: <r>\r\n\r\n${envelope(fault('Sender', 'DMPClosed', 'x'))}\r\n--b--`;
    const outcome = deposit(answered(body, { status: 500, contentType: 'multipart/related; boundary=b' }));
    expect(outcome.code).toBe('DMPClosed');
  });

  test('a fault of SOAP 1.1 is read', () => {
    const body =
      '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault><faultcode>e:Server</faultcode><faultstring>panne</faultstring></e:Fault></e:Body></e:Envelope>';
    const outcome = deposit(answered(body, { status: 500 }));
    expect([outcome.result, outcome.detail.endsWith('panne')]).toEqual(['ambiguous', true]);
  });

  test('the innermost subcode counts and the French reason is preferred', () => {
    const body = envelope(
      '<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>x:Auth</s:Value><s:Subcode><s:Value>x:DMPInvalidCertificate</s:Value></s:Subcode></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en">bad</s:Text><s:Text xml:lang="fr">mauvais</s:Text></s:Reason></s:Fault>',
    );
    const outcome = deposit(answered(body, { status: 500 }));
    expect([outcome.code, outcome.detail.endsWith('mauvais')]).toEqual(['DMPInvalidCertificate', true]);
  });
});

describe('HTTP without SOAP', () => {
  const page = (status: number, sent: boolean) =>
    deposit(answered('<html>indisponible</html>', { status, sent, contentType: 'text/html' }));

  test.each([
    [503, true, 'transient'],
    [503, false, 'transient'],
    [429, true, 'transient'],
    [408, true, 'transient'],
    [502, false, 'transient'],
    [504, false, 'transient'],
    [502, true, 'ambiguous'],
    [504, true, 'ambiguous'],
    [500, true, 'ambiguous'],
    [500, false, 'transient'],
    [301, true, 'configuration'],
    [400, true, 'unknown'],
    [422, true, 'unknown'],
    [401, true, 'configuration'],
    [403, true, 'configuration'],
    [404, true, 'configuration'],
    [407, true, 'configuration'],
    [415, true, 'configuration'],
    [413, true, 'refused'],
  ])('HTTP %i, request sent whole: %s, is %s', (status, sent, result) => {
    const outcome = page(status, sent);
    expect([outcome.result, outcome.layer, outcome.httpStatus]).toEqual([result, 'http', status]);
    expect(outcome.raw).not.toBeNull();
  });
});

describe('no answer', () => {
  const lost = (code: string, sent: boolean) =>
    deposit(failureOf(Object.assign(new Error(code), { code }), sent, null, Buffer.alloc(0)));

  test.each([
    ['ECONNREFUSED', false, 'transient', 'delivery.dmp-unreachable'],
    ['ENOTFOUND', false, 'transient', 'delivery.dmp-unreachable'],
    ['EAI_AGAIN', false, 'transient', 'delivery.dmp-unreachable'],
    ['UND_ERR_SOCKET', false, 'transient', 'delivery.dmp-unreachable'],
    ['UND_ERR_SOCKET', true, 'ambiguous', 'delivery.dmp-no-answer'],
    ['ECONNRESET', true, 'ambiguous', 'delivery.dmp-no-answer'],
    ['EPIPE', true, 'ambiguous', 'delivery.dmp-no-answer'],
    ['HPE_INVALID_CONSTANT', true, 'ambiguous', 'delivery.dmp-no-answer'],
    ['ERR_SSL_UNEXPECTED_EOF_WHILE_READING', true, 'ambiguous', 'delivery.dmp-no-answer'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', true, 'configuration', 'delivery.dmp-tls'],
    ['ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED', false, 'configuration', 'delivery.dmp-tls'],
    ['CERT_HAS_EXPIRED', false, 'configuration', 'delivery.dmp-tls'],
    ['SELF_SIGNED_CERT_IN_CHAIN', false, 'configuration', 'delivery.dmp-tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', false, 'configuration', 'delivery.dmp-tls'],
  ])('%s, request sent whole: %s, is %s', (error, sent, result, code) => {
    expect(brief(lost(error, sent))).toEqual([result, code, 'transport']);
  });

  test('what arrived of the answer is kept', () => {
    const failure = failureOf(new Error('cut'), true, 200, Buffer.from('--uuid'));
    expect(Buffer.from(deposit(failure).raw!).toString()).toBe('--uuid');
  });
});

describe('a query', () => {
  test('never leaves doubt: it may be asked again', () => {
    const doubtful = [
      failureOf(new Error('cut'), true, null, Buffer.alloc(0)),
      answered(envelope(registryResponse('Failure', [{ code: 'XDSRegistryError' }]))),
      answered('not XML'),
    ];
    expect(doubtful.map((one) => outcomeOf(readAnswer(one, OURS), 'reads').result)).toEqual([
      'transient',
      'transient',
      'transient',
    ]);
  });
});

test('every code of our own has a remedy in both languages', () => {
  for (const { message, remedy } of Object.values(dmpErrors))
    for (const text of [message.fr, message.en, remedy.fr, remedy.en])
      expect(text.length).toBeGreaterThan(10);
});

describe('an alert of TLS that comes while the request is written', () => {
  const alert = (words: string) => {
    const message = `write EPROTO 00AA:error:0A000410:SSL routines:ssl3_read_bytes:${words}:record.c:918:SSL alert number 40`;
    return failureOf(Object.assign(new Error(message), { code: 'EPROTO' }), false, null, new Uint8Array());
  };

  test('is a refusal of TLS, told in the words of the alert alone', () => {
    expect(alert('ssl/tls alert handshake failure')).toMatchObject({
      code: 'delivery.dmp-tls',
      values: { reason: 'ssl/tls alert handshake failure (EPROTO)' },
    });
  });

  test('unless the connection was only torn', () => {
    expect(alert('unexpected eof while reading').code).toBe('delivery.dmp-unreachable');
  });
});

describe('a connection that failed', () => {
  const failed = (code: string) =>
    failureOf(Object.assign(new Error('x'), { code }), true, null, new Uint8Array());

  // The codes of Node's documentation of TLS, and that of a name that differs.
  test.each([
    ...['CERT_CHAIN_TOO_LONG', 'CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID', 'CERT_REJECTED', 'CERT_REVOKED'],
    ...['CERT_SIGNATURE_FAILURE', 'CERT_UNTRUSTED', 'CRL_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ...['ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH', 'INVALID_CA', 'INVALID_PURPOSE'],
    ...['SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_GET_CRL', 'UNABLE_TO_GET_ISSUER_CERT'],
    ...['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ERR_SSL_WRONG_VERSION'],
  ])('was refused by TLS when Node says %s', (code) => {
    expect(failed(code).code).toBe('delivery.dmp-tls');
  });

  test.each(['ECONNRESET', 'ERR_SSL_UNEXPECTED_EOF', 'ERR_SSL_BAD_RECORD_MAC'])(
    'may have carried the request when Node says %s',
    (code) => {
      expect(failed(code)).toMatchObject({ code: 'delivery.dmp-no-answer', sent: true, raw: null });
    },
  );
});
