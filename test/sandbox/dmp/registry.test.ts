import { describe, expect, test } from 'vitest';
import type { SwitchChanges } from '../../../src/sandbox/dmp/switches.ts';
import {
  altered,
  associationXml,
  cda,
  type Deposit,
  deletionEnvelope,
  deposit,
  errorsOf,
  faultOf,
  freshOid,
  mtom,
  PATIENT,
  plain,
  query,
  queryEnvelope,
  type Reply,
  RPLC,
  refsOf,
  slot,
  statusOf,
} from './requests.ts';
import { running } from './running.ts';

const dmp = running();

const outcome = (reply: Reply): unknown[] => [statusOf(reply), ...errorsOf(reply)];
const put = async (request: Deposit): Promise<unknown[]> => outcome(await dmp.send(mtom(request)));
const deleteEntry = async (...parts: Parameters<typeof deletionEnvelope>): Promise<unknown[]> =>
  outcome(await dmp.send(plain(deletionEnvelope(...parts))));
const lookUp = async (uniqueId: string): Promise<string[]> => refsOf(await dmp.send(query(uniqueId)));
const statuses = async (uniqueId: string): Promise<string[]> => {
  const { entries } = await dmp.get<{ entries: { status: string }[] }>(`/documents/${uniqueId}`);
  return entries.map((one) => one.status);
};

async function deposited(
  parts: Parameters<typeof deposit>[0] = {},
): Promise<Deposit & { entryUuid: string }> {
  const request = deposit(parts);
  expect(await put(request)).toEqual(['Success']);
  const [entryUuid] = await lookUp(request.uniqueId);
  return { ...request, entryUuid: entryUuid! };
}

/** Another patient, in the metadata and in the CDA. */
function ofOtherPatient(parts: { uniqueId?: string; replaces?: string } = {}): Deposit {
  const { uniqueId = freshOid() } = parts;
  const patient = { matricule: '297022A02077878', root: '1.2.250.1.213.1.4.10' };
  const request = deposit({ ...parts, uniqueId, document: cda({ uniqueId, patient }) });
  const identified = altered(request, /279035121518989\^\^\^/g, '297022A02077878^^^');
  return altered(
    identified,
    'PID-5|PAT-TROIS^DOMINIQUE^^^^^L</rim:Value><rim:Value>PID-7|19790328',
    'PID-7|19970226',
  );
}

describe('what was deposited before', () => {
  test('the same lot again', async () => {
    const request = deposit();
    expect(await put(request)).toEqual(['Success']);
    expect(await put(request)).toEqual(['Failure', 'XDSDuplicateUniqueIdInRegistry lot-known']);
    expect(await dmp.get('/counts')).toMatchObject({ lots: 1, documents: 1, doubleDeposits: [], refused: 1 });
  });

  test('the same document with other bytes', async () => {
    const { uniqueId } = await deposited();
    const request = deposit({ uniqueId, document: cda({ uniqueId, text: 'Autre' }) });
    expect(await put(request)).toEqual(['Failure', 'XDSNonIdenticalHash document-differs']);
  });

  test('the same lot with other bytes says both', async () => {
    const { uniqueId, lot } = await deposited();
    const request = deposit({ lot, uniqueId, document: cda({ uniqueId, text: 'Autre' }) });
    expect(await put(request)).toEqual([
      'Failure',
      'XDSDuplicateUniqueIdInRegistry lot-known',
      'XDSNonIdenticalHash document-differs',
    ]);
  });

  test('the same document and bytes in another lot', async () => {
    const { uniqueId } = await deposited();
    expect(await put(deposit({ uniqueId }))).toEqual(['Failure', 'XDSRegistryMetadataError document-known']);
    expect(await dmp.get('/counts')).toMatchObject({ lots: 1, doubleDeposits: [] });
  });

  test('a double deposit that is accepted in silence is counted', async () => {
    await dmp.switches({ sameDocument: 'silent-duplicate' });
    const { uniqueId } = await deposited();
    expect(await put(deposit({ uniqueId }))).toEqual(['Success']);
    expect(await dmp.get('/counts')).toMatchObject({
      lots: 2,
      documents: 1,
      doubleDeposits: [{ uniqueId, lots: 2 }],
    });
    expect(await lookUp(uniqueId)).toHaveLength(2);
  });

  test('a deleted document stays used up', async () => {
    const { uniqueId, entryUuid } = await deposited();
    await deleteEntry(entryUuid);
    expect(await put(deposit({ uniqueId }))).toEqual(['Failure', 'XDSRegistryMetadataError document-known']);
  });
});

describe('replacement', () => {
  test('deprecates what it replaces', async () => {
    const first = await deposited();
    const second = await deposited({ replaces: first.entryUuid });
    expect(await statuses(first.uniqueId)).toEqual(['Deprecated']);
    expect(await statuses(second.uniqueId)).toEqual(['Approved']);
    expect(await lookUp(first.uniqueId)).toEqual([]);
    expect(await lookUp(second.uniqueId)).toEqual([second.entryUuid]);
  });

  test('of what was replaced already', async () => {
    const first = await deposited();
    await deposited({ replaces: first.entryUuid });
    expect(await put(deposit({ replaces: first.entryUuid }))).toEqual([
      'Failure',
      'XDSRegistryDeprecatedDocumentError target-not-approved',
    ]);
  });

  test('of what was deleted', async () => {
    const first = await deposited();
    await deleteEntry(first.entryUuid);
    expect(await put(deposit({ replaces: first.entryUuid }))).toEqual([
      'Failure',
      'XDSRegistryDeprecatedDocumentError target-not-approved',
    ]);
  });

  test('of a document of another patient', async () => {
    const first = await deposited();
    expect(await put(ofOtherPatient({ replaces: first.entryUuid }))).toEqual([
      'Failure',
      'XDSPatientIdDoesNotMatch patient-mismatch',
    ]);
    expect(await statuses(first.uniqueId)).toEqual(['Approved']);
  });

  test('by a structure that is no author of it', async () => {
    const first = await deposited();
    const request = altered(deposit({ replaces: first.entryUuid }), /10B0000012/g, '10B0000099');
    expect(await put(request)).toEqual(['Failure', 'XDSRegistryMetadataError target-structure']);
  });

  test('of the same entry twice in one message', async () => {
    const first = await deposited();
    const again = associationXml('again', RPLC, 'Doc01', first.entryUuid);
    expect(await put(deposit({ replaces: first.entryUuid, objects: again }))).toEqual([
      'Failure',
      'UnresolvedReferenceException association-source',
      'UnresolvedReferenceException association-target',
    ]);
  });
});

describe('a member by reference', () => {
  test('is an entry of the registry', async () => {
    const first = await deposited();
    const member = (status: string) =>
      associationXml(
        'ref',
        'urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember',
        'Lot01',
        first.entryUuid,
        slot('SubmissionSetStatus', status),
      );
    expect(await put(deposit({ objects: member('Original') }))).toEqual([
      'Failure',
      'XDSRegistryMetadataError association-status',
    ]);
    expect(await put(deposit({ objects: member('Reference') }))).toEqual(['Success']);
    const foreign = altered(ofOtherPatient(), '<rim:Association', `${member('Reference')}<rim:Association`);
    expect(await put(foreign)).toEqual(['Failure', 'XDSPatientIdDoesNotMatch patient-mismatch']);
  });
});

describe('patients', () => {
  const of = (matricule: string, root = '1.2.250.1.213.1.4.10'): Deposit => {
    const uniqueId = freshOid();
    const request = deposit({ uniqueId, document: cda({ uniqueId, patient: { matricule, root } }) });
    return altered(
      request,
      /279035121518989\^\^\^&amp;1\.2\.250\.1\.213\.1\.4\.10/g,
      `${matricule}^^^&amp;${root}`,
    );
  };

  test('without a DMP', async () => {
    expect(await put(of('180032B02040123'))).toEqual(['Failure', 'XDSUnknownPatientId patient-absent']);
  });

  test('with a closed DMP', async () => {
    const reply = await dmp.send(mtom(of('110086322083060')));
    expect(outcome(reply)).toEqual(['Failure', 'DMPClosed patient-closed']);
    expect(reply.text).toContain('codeContext="DMPClosed : ');
  });

  test('with a NIA', async () => {
    await dmp.switches({ traits: 'accept' });
    expect(await put(of('109076322088835', '1.2.250.1.213.1.4.9'))).toEqual(['Success']);
  });

  test('that nobody listed are open, or absent when the switch says so', async () => {
    expect(await put(of('285017505609601'))).toEqual(['Success']);
    await dmp.switches({ unlistedPatients: 'absent' });
    expect(await put(of('285017505609601'))).toEqual(['Failure', 'XDSUnknownPatientId patient-absent']);
  });

  test('seeded by the admin API', async () => {
    const patient = { matricule: '285017505609797', root: '1.2.250.1.213.1.4.10', label: 'x' };
    await dmp.call('PUT', '/patients', [{ ...patient, dmp: { state: 'closed', reason: 'décès' } }]);
    expect(await put(of('285017505609797'))).toEqual(['Failure', 'DMPClosed patient-closed']);
  });

  test('the deletion for a closed DMP is refused too', async () => {
    const { entryUuid } = await deposited();
    const request = deletionEnvelope(entryUuid).replaceAll('279035121518989', '110086322083060');
    expect(outcome(await dmp.send(plain(request)))).toContain('DMPClosed patient-closed');
  });

  test.each<[keyof NonNullable<SwitchChanges['errorCodes']>, string]>([
    ['patientClosed', '110086322083060'],
    ['patientAbsent', '180032B02040123'],
  ])('with another errorCode by the switch %s', async (name, matricule) => {
    await dmp.switches({ errorCodes: { [name]: 'DMPOther' } });
    expect((await put(of(matricule)))[1]).toMatch(/^DMPOther /);
  });
});

describe('TD3.1b, the entryUUID of a document', () => {
  test('answers by itself, not as multipart', async () => {
    const { uniqueId, entryUuid } = await deposited();
    const reply = await dmp.send(query(uniqueId));
    expect(reply.contentType).toBe('application/soap+xml; charset=UTF-8');
    expect(entryUuid).toMatch(/^urn:uuid:[-0-9a-f]{36}$/);
    expect(reply.text).toContain('totalResultCount="1"');
  });

  test('of an unknown document is a success without results', async () => {
    const reply = await dmp.send(query(freshOid()));
    expect([statusOf(reply), refsOf(reply)]).toEqual(['Success', []]);
    expect(reply.text).toContain('totalResultCount="0"');
  });

  const ask = (...values: string[]) => plain(queryEnvelope(slot('$XDSDocumentEntryUniqueId', ...values)));

  test('takes a list, in one value or in several', async () => {
    const [a, b] = [await deposited(), await deposited()];
    const both = [a.entryUuid, b.entryUuid];
    expect(refsOf(await dmp.send(ask(`('${a.uniqueId}','${b.uniqueId}')`)))).toEqual(both);
    expect(refsOf(await dmp.send(ask(`('${a.uniqueId}')`, ` ( '${b.uniqueId}' ) `)))).toEqual(both);
  });

  test('takes an entryUUID', async () => {
    const { entryUuid } = await deposited();
    const reply = await dmp.send(
      plain(queryEnvelope(slot('$XDSDocumentEntryEntryUUID', `('${entryUuid}')`))),
    );
    expect(refsOf(reply)).toEqual([entryUuid]);
  });

  test('shows replaced documents when the switch says so', async () => {
    const first = await deposited();
    await deposited({ replaces: first.entryUuid });
    await dmp.switches({ deprecatedInQueries: 'show' });
    expect(await lookUp(first.uniqueId)).toEqual([first.entryUuid]);
  });

  test.each<[string, string, string]>([
    ['no parameter', '', 'XDSStoredQueryMissingParam query-parameter-missing'],
    [
      'another parameter',
      slot('$XDSDocumentEntryStatus', "('x')"),
      'XDSStoredQueryMissingParam query-parameter-missing',
    ],
    [
      'both parameters',
      slot('$XDSDocumentEntryUniqueId', "('1.2')") + slot('$XDSDocumentEntryEntryUUID', "('urn:uuid:1')"),
      'XDSStoredQueryParamNumber query-parameter-number',
    ],
    ['no apostrophes', slot('$XDSDocumentEntryUniqueId', '(1.2)'), 'XDSRegistryError query-parameter-syntax'],
    ['no parentheses', slot('$XDSDocumentEntryUniqueId', "'1.2'"), 'XDSRegistryError query-parameter-syntax'],
    ['no value', slot('$XDSDocumentEntryUniqueId'), 'XDSRegistryError query-parameter-syntax'],
    [
      'a lone apostrophe',
      slot('$XDSDocumentEntryUniqueId', "('1.2'')"),
      'XDSRegistryError query-parameter-syntax',
    ],
  ])('%s', async (_, slots, error) => {
    const reply = await dmp.send(plain(queryEnvelope(slots)));
    expect(outcome(reply)).toEqual(['Failure', error]);
    expect(reply.text).toContain('<query:AdhocQueryResponse');
  });

  test('an unknown query', async () => {
    const reply = await dmp.send(plain(queryEnvelope('', 'urn:uuid:11111111-2222-3333-4444-555555555555')));
    expect(outcome(reply)).toEqual(['Failure', 'XDSUnknownStoredQuery query-unknown']);
  });

  test.each([
    ['TD3.1a', 'urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d', 'returnType="ObjectRef"'],
    ['GetDocuments with metadata', 'urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4', 'returnType="LeafClass"'],
  ])('%s is denied', async (_, id, option) => {
    const reply = await dmp.send(
      plain(queryEnvelope(slot('$XDSDocumentEntryUniqueId', "('1.2')"), id, option)),
    );
    expect([reply.status, statusOf(reply), faultOf(reply)]).toEqual([
      500,
      'soap:DMPAccessDeniedByRightsService',
      'right-denied',
    ]);
  });
});

describe('TD3.3c, deletion', () => {
  test('hides the document, once', async () => {
    const { uniqueId, entryUuid } = await deposited();
    expect(await deleteEntry(entryUuid)).toEqual(['Success']);
    expect(await lookUp(uniqueId)).toEqual([]);
    expect(await statuses(uniqueId)).toEqual(['Deleted']);
    expect(await deleteEntry(entryUuid)).toEqual(['Failure', 'XDSMetadataUpdateError update-status']);
    expect(await dmp.get('/counts')).toMatchObject({ lots: 1, deletions: 1, documents: 1 });
  });

  test('of the new version shows no earlier one', async () => {
    const first = await deposited();
    const second = await deposited({ replaces: first.entryUuid });
    expect(await deleteEntry(second.entryUuid)).toEqual(['Success']);
    expect([await lookUp(first.uniqueId), await lookUp(second.uniqueId)]).toEqual([[], []]);
  });

  test('of nothing known', async () => {
    expect(await deleteEntry('urn:uuid:11111111-2222-3333-4444-555555555555')).toEqual([
      'Failure',
      'UnresolvedReferenceException target-unknown',
    ]);
  });

  test('aimed at the uniqueId', async () => {
    const { uniqueId } = await deposited();
    expect(await deleteEntry(uniqueId)).toEqual(['Failure', 'UnresolvedReferenceException target-unknown']);
  });

  test('with another original status', async () => {
    const { entryUuid } = await deposited();
    expect(await deleteEntry(entryUuid, 'urn:asip:ci-sis:2010:StatusType:Archived')).toEqual([
      'Failure',
      'XDSMetadataUpdateError update-status',
    ]);
  });

  test('with a lot that was used', async () => {
    const { entryUuid, lot } = await deposited();
    expect(await deleteEntry(entryUuid, undefined, lot)).toEqual([
      'Failure',
      'XDSDuplicateUniqueIdInRegistry lot-known',
    ]);
  });

  test('by another structure', async () => {
    const { entryUuid } = await deposited();
    const envelope = deletionEnvelope(entryUuid).replace('10B0000012', '10B0000099');
    expect(outcome(await dmp.send(plain(envelope)))).toEqual([
      'Failure',
      'XDSRegistryMetadataError target-structure',
    ]);
  });

  test('for another patient', async () => {
    const { entryUuid } = await deposited();
    const envelope = deletionEnvelope(entryUuid).replace(
      PATIENT,
      PATIENT.replace('279035121518989', '297022A02077878'),
    );
    expect(outcome(await dmp.send(plain(envelope)))).toEqual([
      'Failure',
      'XDSPatientIdDoesNotMatch patient-mismatch',
    ]);
  });

  test('any other update is refused', async () => {
    const { uniqueId, entryUuid } = await deposited();
    const archived = await deleteEntry(
      entryUuid,
      undefined,
      undefined,
      'urn:asip:ci-sis:2010:StatusType:Archived',
    );
    expect(archived).toEqual(['Failure', 'XDSMetadataUpdateOperationError update-operation']);
    const bare = deletionEnvelope(entryUuid).replace(/<rim:Association[\s\S]*<\/rim:Association>/, '');
    expect(outcome(await dmp.send(plain(bare)))).toEqual([
      'Failure',
      'XDSMetadataUpdateOperationError update-operation',
    ]);
    expect(await lookUp(uniqueId)).toEqual([entryUuid]);
  });
});
