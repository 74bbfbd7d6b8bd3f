import { describe, expect, test } from 'vitest';
import type { DocumentFacts, Participant } from '../../src/words/document.ts';
import { openCodes } from '../../src/xds/codes.ts';
import { deletionLot, deriveLot, type LotInput } from '../../src/xds/derive.ts';
import { xdsLimits } from '../../src/xds/limits.ts';
import type { DocumentEntry } from '../../src/xds/model.ts';
import { defaultSettings } from '../../src/xds/settings.ts';
import { readTables } from '../../src/xds/tables.ts';
import { AUTOMATON, DEPOSIT, LETTER, lotOf, PHYSICIAN } from './discharge-letter.ts';

const settings = defaultSettings();
const flags = {
  maskedToProfessionals: false,
  hiddenFromPatient: false,
  hiddenFromRepresentatives: false,
  change: false,
};

function entryOf(document: Partial<DocumentFacts> = {}, around: Partial<LotInput> = {}): DocumentEntry {
  return deriveLot(lotOf(document, around)).lot.entries[0]!;
}

/** `severity code location` of every finding. */
function said(document: Partial<DocumentFacts> = {}, around: Partial<LotInput> = {}): string[] {
  const { findings } = deriveLot(lotOf(document, around));
  return findings.map(({ severity, code, location }) => `${severity} ${code} ${location}`);
}

describe('a sound document', () => {
  test('leads to a lot without a word', () => {
    expect(said()).toEqual([]);
  });

  test('gives every metadata from its header', () => {
    expect(entryOf()).toMatchObject({
      uniqueId: '1.2.250.1.999.1.1.8121.2.1',
      mimeType: 'text/xml',
      title: 'Lettre de liaison <sortie>',
      languageCode: 'fr-FR',
      creationTime: '20260301103000',
      serviceStartTime: '202602251730',
      serviceStopTime: '20260301',
      typeCode: { code: '11490-0' },
      classCode: { code: '10', label: 'Compte rendu' },
      formatCode: { code: 'urn:asip:ci-sis:ldl-ses:2017' },
      healthcareFacilityTypeCode: { code: 'SA01' },
      practiceSettingCode: { code: 'ETABLISSEMENT' },
      patientId: { value: '279035121518989', type: 'NH' },
      sourcePatientId: { value: 'IPP^0042', type: 'PI' },
      eventCodes: [{ code: 'IMP', scheme: '2.16.840.1.113883.5.4' }],
      hash: LETTER.sha1,
      size: LETTER.size,
    });
  });

  test('gives each patient name its letter, with the given name of birth', () => {
    expect(entryOf().sourcePatientInfo?.names).toEqual([
      { family: 'PAT-TROIS', given: 'DOMINIQUE', type: 'L' },
      { family: "D'ARTAGNAN", given: 'DOMINIQUE', type: 'D' },
    ]);
  });

  test('is self-presenting as application/xslt+xml', () => {
    expect(entryOf({ selfPresenting: true }).mimeType).toBe('application/xslt+xml');
  });

  test('says which value sets only our own edition judged', () => {
    const rules = deriveLot(lotOf()).notEvaluated.map(({ rule }) => rule);
    expect(rules).toContain('JDV_J66-TypeCode-DMP');
    expect(rules).toHaveLength(10);
  });
});

describe('the lot', () => {
  test('takes its author from who asked, its institution from the structure that sends', () => {
    const { submissionSet } = deriveLot(lotOf()).lot;
    expect(submissionSet).toMatchObject({
      uniqueId: '1.2.250.1.999.1.1.8121.5.1',
      sourceId: '1.2.250.1.999.1.1.8121',
      submissionTime: '20260301104500',
      contentTypeCode: { code: '03' },
      patientId: { value: '279035121518989' },
      author: {
        person: { id: '899700000011', family: 'LE GALL', given: 'Maëlle', idType: 'IDNPS' },
        institutions: [{ id: '1010000017', authority: '1.2.250.1.71.4.2.2' }],
        specialties: [{ code: 'G15_10/SM26', scheme: '1.2.250.1.213.1.1.4.5' }],
      },
    });
  });

  test('is of the requesting system when no person asked, else of the configured author', () => {
    const device = { id: '1010000017/DPI', name: 'DPI' };
    const requester = { person: null, device, structure: null };
    const byDevice = deriveLot(lotOf({}, { request: { ...DEPOSIT, requester } })).lot.submissionSet.author;
    expect(byDevice.person).toMatchObject({
      id: '1010000017/DPI',
      family: 'DPI',
      nameType: 'U',
      idType: 'RI',
    });
    const byNobody = deriveLot(lotOf({}, { request: { ...DEPOSIT, requester: null } })).lot.submissionSet;
    expect(byNobody.author.person).toEqual(AUTOMATON.person);
    expect(byNobody.author.institutions[0]?.id).toBe('1010000017');
  });

  test('a specialty of another form than code^label^OID is left out', () => {
    const person = { ...DEPOSIT.requester!.person!, specialty: 'cardiologue' };
    const request = { ...DEPOSIT, requester: { ...DEPOSIT.requester!, person } };
    expect(deriveLot(lotOf({}, { request })).lot.submissionSet.author.specialties).toEqual([]);
  });

  test('has one membership for each document', () => {
    const second = { ...LETTER, id: { root: '1.2.250.1.999.1.1.8121.2.9', extension: null } };
    const { lot, findings } = deriveLot(lotOf({}, { documents: [{ facts: LETTER }, { facts: second }] }));
    expect(findings).toEqual([]);
    expect(lot.associations).toEqual(
      lot.entries.map(({ symbolicId }) => ({
        kind: 'HasMember',
        source: lot.submissionSet.symbolicId,
        target: symbolicId,
        status: 'Original',
      })),
    );
  });

  test('keeps its symbolic ids from attempt to attempt and shares none with another lot', () => {
    const idsOf = (lotUniqueId: string, submissionTime: number) => {
      const { lot } = deriveLot(lotOf({}, { lotUniqueId, submissionTime }));
      return [lot.submissionSet.symbolicId, ...lot.entries.map(({ symbolicId }) => symbolicId)];
    };
    expect(idsOf('1.2.3', 0)).toEqual(idsOf('1.2.3', 9_000_000));
    expect(new Set([...idsOf('1.2.3', 0), ...idsOf('1.2.4', 0)]).size).toBe(4);
  });

  test('a given symbolic id is used', () => {
    const { lot } = deriveLot(lotOf({}, { documents: [{ facts: LETTER, symbolicId: 'Document01' }] }));
    expect(lot.associations[0]?.target).toBe('Document01');
  });

  test('of two patients, or of one document twice, is refused', () => {
    const ids = [{ root: '1.2.250.1.213.1.4.10', extension: '180035121518988' }];
    const other = { ...LETTER, patient: { ...LETTER.patient!, ids } };
    expect(said({}, { documents: [{ facts: LETTER }, { facts: other }] })).toEqual([
      'error dmp.patients-differ /ClinicalDocument/recordTarget/patientRole/id',
      'error dmp.duplicate-document /ClinicalDocument/id',
    ]);
  });
});

describe('replacement', () => {
  const old = '1.2.250.1.999.1.1.8121.2.0';
  const related = [{ typeCode: 'RPLC', ids: [{ root: old, extension: null }], setId: null }];
  const replaces = { [old]: 'urn:uuid:0b3c0c1e-0000-4000-8000-000000000001' };

  test('links the new document to the entryUUID of the one that it names', () => {
    const { lot, findings } = deriveLot(lotOf({ related }, { replaces }));
    expect(findings).toEqual([]);
    expect(lot.associations.at(-1)).toEqual({
      kind: 'RPLC',
      source: lot.entries[0]!.symbolicId,
      target: 'urn:uuid:0b3c0c1e-0000-4000-8000-000000000001',
    });
  });

  test('is never decided by the document alone', () => {
    const { lot } = deriveLot(lotOf({ related }));
    expect(lot.associations.map(({ kind }) => kind)).toEqual(['HasMember']);
  });

  test('of a document that no document names is refused', () => {
    expect(said({}, { replaces })).toEqual([
      'error dmp.replaced-document-unlinked /ClinicalDocument/relatedDocument',
    ]);
  });

  test('goes to each document by its own link', () => {
    const older = '1.2.250.1.999.1.1.8121.2.00';
    const second = {
      ...LETTER,
      id: { root: '1.2.250.1.999.1.1.8121.2.9', extension: null },
      related: [{ typeCode: 'RPLC', ids: [{ root: older, extension: null }], setId: null }],
    };
    const both = { ...replaces, [older]: 'urn:uuid:0b3c0c1e-0000-4000-8000-000000000002' };
    const documents = [{ facts: { ...LETTER, related } }, { facts: second }];
    const { lot } = deriveLot(lotOf({}, { documents, replaces: both }));
    const links = lot.associations.filter(({ kind }) => kind === 'RPLC');
    expect(links.map(({ source, target }) => [source, target])).toEqual([
      [lot.entries[0]!.symbolicId, both[old]],
      [lot.entries[1]!.symbolicId, both[older]],
    ]);
  });

  test('other links of the document replace nothing', () => {
    const appended = [{ ...related[0]!, typeCode: 'APND' }];
    expect(said({ related: appended }, { replaces })).toHaveLength(1);
  });
});

describe('deletion', () => {
  test('is a lot without documents that turns the status of the entry', () => {
    const { documents: _, ...context } = lotOf();
    const target = {
      entryUuid: 'urn:uuid:0b3c0c1e-0000-4000-8000-000000000001',
      status: 'Approved' as const,
    };
    const patientId = { value: '279035121518989', authority: '1.2.250.1.213.1.4.10', type: 'NH' as const };
    const lot = deletionLot({ ...context, patientId, target });
    expect(lot.entries).toEqual([]);
    expect(lot.submissionSet).toMatchObject({ patientId, uniqueId: context.lotUniqueId });
    expect(lot.associations).toEqual([
      {
        kind: 'UpdateAvailabilityStatus',
        source: lot.submissionSet.symbolicId,
        target: target.entryUuid,
        from: 'Approved',
        to: 'Deleted',
      },
    ]);
  });
});

describe('what the DMP would refuse is an error at its place', () => {
  const nameless: Participant = { ...PHYSICIAN, name: null };
  const noAct = LETTER.serviceEvents.map((event) => ({ ...event, effectiveTime: { low: null, high: null } }));
  const elsewhere = {
    ...PHYSICIAN.organization!,
    ids: [{ root: '1.2.250.1.71.4.2.2', extension: '1750000018' }],
  };

  test.each<[string, Partial<DocumentFacts>, string, string]>([
    ['an id with extension', { id: { root: '1.2.3', extension: '4' } }, 'dmp.id-not-accepted', 'id'],
    ['an id that is no OID', { id: { root: 'DOC-1', extension: null } }, 'dmp.id-not-accepted', 'id'],
    ['no type', { code: null }, 'dmp.type-missing', 'code'],
    [
      'a type without class',
      { code: { code: '101881-1', codeSystem: '2.16.840.1.113883.6.1', displayName: null } },
      'dmp.type-without-class',
      'code',
    ],
    [
      'a file of a format that is not taken',
      { body: { kind: 'file', mediaType: 'image/png', representation: 'B64' } },
      'dmp.body-not-accepted',
      'component',
    ],
    ['no body', { body: { kind: 'absent' } }, 'dmp.body-not-accepted', 'component'],
    ['no title', { title: null }, 'dmp.no-title', 'title'],
    ['no confidentiality', { confidentiality: null }, 'dmp.no-confidentiality', 'confidentialityCode'],
    ['no creation time', { effectiveTime: null }, 'dmp.no-creation-time', 'effectiveTime'],
    ['an unreadable creation time', { effectiveTime: '20261301' }, 'dmp.no-creation-time', 'effectiveTime'],
    [
      'no start of the act',
      { serviceEvents: noAct },
      'dmp.no-service-start',
      'documentationOf/serviceEvent/effectiveTime/low',
    ],
    ['no patient', { patient: null }, 'dmp.no-ins', 'recordTarget/patientRole'],
    [
      'no INS',
      { patient: { ...LETTER.patient!, ids: [{ root: '1.2.3', extension: '42' }] } },
      'dmp.no-ins',
      'recordTarget/patientRole',
    ],
    ['no author', { authors: [] }, 'dmp.no-author-person', 'author'],
    [
      'a second author without name',
      { authors: [PHYSICIAN, nameless] },
      'dmp.author-without-name',
      'author[2]/assignedAuthor',
    ],
    [
      'an author of another structure',
      { authors: [{ ...PHYSICIAN, organization: elsewhere }] },
      'dmp.author-institution-differs',
      'author/assignedAuthor/representedOrganization',
    ],
    [
      'no legal authenticator',
      { legalAuthenticator: null },
      'dmp.no-legal-authenticator',
      'legalAuthenticator',
    ],
    [
      'a legal authenticator without name',
      { legalAuthenticator: nameless },
      'dmp.legal-authenticator-without-name',
      'legalAuthenticator/assignedEntity',
    ],
    [
      'no facility type',
      { encounter: null },
      'dmp.no-facility-type',
      'componentOf/encompassingEncounter/location/healthCareFacility/code',
    ],
  ])('%s', (_, document, code, path) => {
    expect(said(document)).toEqual([`error ${code} /ClinicalDocument/${path}`]);
  });

  test('no practice setting, at the act that is the main one', () => {
    const [event] = LETTER.serviceEvents;
    const other = { ...event!, performer: null, effectiveTime: { low: null, high: null } };
    const performer = { ...PHYSICIAN, organization: null };
    expect(said({ serviceEvents: [other, { ...event!, performer }] })).toEqual([
      'error dmp.no-practice-setting /ClinicalDocument/documentationOf[2]/serviceEvent/performer/assignedEntity/representedOrganization/standardIndustryClassCode',
    ]);
  });

  test('masked to professionals and hidden from the patient together, unless the DMP allows it', () => {
    const visibility = { ...flags, maskedToProfessionals: true, hiddenFromPatient: true };
    const request = { ...DEPOSIT, visibility };
    expect(said({}, { request })).toEqual(['error dmp.masking-combined /ClinicalDocument']);
    expect(said({}, { request, settings: { ...settings, combinedMasking: true } })).toEqual([]);
  });

  test('everything at once', () => {
    const nothing: Partial<DocumentFacts> = {
      code: null,
      title: null,
      confidentiality: null,
      effectiveTime: null,
      patient: null,
      authors: [],
      legalAuthenticator: null,
      serviceEvents: [],
      encounter: null,
      body: { kind: 'absent' },
    };
    expect(said(nothing)).toHaveLength(11);
  });

  test('findings speak French and English and quote at most the limit', () => {
    const code = { code: 'x'.repeat(xdsLimits.quoted.value + 1), codeSystem: '1.2', displayName: null };
    const [finding] = deriveLot(lotOf({ code })).findings;
    expect(finding).toMatchObject({ source: 'dmp', line: null, column: null });
    expect(finding!.message).toContain(`${'x'.repeat(xdsLimits.quoted.value - 1)}…`);
    expect(finding!.remedy?.fr).not.toBe(finding!.remedy?.en);
    const atCap = { ...code, code: 'x'.repeat(xdsLimits.quoted.value) };
    expect(deriveLot(lotOf({ code: atCap })).findings[0]!.message).toContain(atCap.code);
  });
});

describe('what is only doubtful is a warning, what the configuration filled an info', () => {
  const administrative = {
    code: '51851-4',
    codeSystem: '2.16.840.1.113883.6.1',
    displayName: 'Document administratif',
  };

  test('a type outside our own list warns, outside an official one refuses', () => {
    expect(said({ code: administrative })).toEqual(['warning dmp.type-not-accepted /ClinicalDocument/code']);
    const source = { set: 'JDV_J66-TypeCode-DMP', oid: '1.2.250.1.213.1.1.5.7', version: '2027-01-01' };
    const codes = openCodes(readTables(), {
      typeCode: { source, force: 'refuses' as const, has: () => false },
    });
    const around = { settings: { ...settings, codes } };
    expect(said({ code: administrative }, around)).toEqual([
      'error dmp.type-not-accepted /ClinicalDocument/code',
    ]);
    expect(deriveLot(lotOf({}, around)).notEvaluated.map(({ rule }) => rule)).not.toContain(
      'JDV_J66-TypeCode-DMP',
    );
  });

  test('a practice setting outside the list warns', () => {
    const industry = { code: 'CLINIQUE', codeSystem: '1.2.250.1.213.1.1.4.9', displayName: null };
    const performer = { ...PHYSICIAN, organization: { ...PHYSICIAN.organization!, industry } };
    const serviceEvents = [{ ...LETTER.serviceEvents[0]!, performer }];
    expect(said({ serviceEvents })[0]).toMatch(/^warning dmp.code-not-in-set .*standardIndustryClassCode$/);
  });

  test('a code without code system that no list knows is an error: XDS has no code without scheme', () => {
    const facility = { code: 'SA99', codeSystem: null, displayName: null };
    expect(said({ encounter: { ...LETTER.encounter!, facility } })[0]).toMatch(/^error dmp.code-not-in-set/);
  });

  test.each(['R', 'V'])('confidentiality %s warns', (code) => {
    const confidentiality = { code, codeSystem: '2.16.840.1.113883.5.25', displayName: null };
    expect(said({ confidentiality })).toEqual([
      'warning dmp.confidentiality-restricted /ClinicalDocument/confidentialityCode',
    ]);
  });

  test('of sets that advise a modality and a function outside warn, of those that refuse a specialty is an error', () => {
    const source = { set: 'JDV', oid: '1.2.3', version: '2027-01-01' };
    const none = (force: 'refuses' | 'advises') => ({ source, force, has: () => false });
    const sets = {
      eventCode: none('advises'),
      authorRole: none('advises'),
      authorSpecialty: none('refuses'),
    };
    const around = { settings: { ...settings, codes: openCodes(readTables(), sets) } };
    const [event] = LETTER.serviceEvents;
    const translations = [{ code: 'XX', codeSystem: '1.2.840.10008.2.16.4', displayName: null }];
    const act = '/ClinicalDocument/documentationOf/serviceEvent/code';
    expect(said({ serviceEvents: [{ ...event!, translations }] }, around)).toEqual([
      'error dmp.code-not-in-set /ClinicalDocument/author/assignedAuthor/code',
      'warning dmp.code-not-in-set /ClinicalDocument/author/functionCode',
      `warning dmp.code-not-in-set ${act}`,
      `warning dmp.code-not-in-set ${act}`,
    ]);
  });

  test('a secret connection without hiding from representatives warns', () => {
    const { visibility } = DEPOSIT;
    const request = (hiddenFromRepresentatives: boolean) => ({
      request: {
        ...DEPOSIT,
        secretConnection: true,
        visibility: { ...visibility, hiddenFromRepresentatives },
      },
    });
    expect(said({}, request(false))).toEqual(['warning dmp.secret-connection-visible /ClinicalDocument']);
    expect(said({}, request(true))).toEqual([]);
  });

  test('no language warns and fr-FR is sent', () => {
    expect(said({ languageCode: null })).toEqual(['warning dmp.no-language /ClinicalDocument/languageCode']);
    expect(entryOf({ languageCode: null }).languageCode).toBe('fr-FR');
  });

  test('an author without identifier warns', () => {
    const authors = [{ ...PHYSICIAN, ids: [] }];
    expect(said({ authors })).toEqual([
      'warning dmp.author-without-id /ClinicalDocument/author/assignedAuthor',
    ]);
  });

  test('an institution without a name takes that of the structure that sends, or warns', () => {
    const nameless = { ...PHYSICIAN.organization!, name: null };
    const elsewhere = { ...nameless, ids: [{ root: '1.2.250.1.71.4.2.2', extension: '1750000018' }] };
    const authors = [nameless, elsewhere].map((organization) => ({ ...PHYSICIAN, organization }));
    expect(said({ authors })).toEqual([
      'info dmp.institution-name-lent /ClinicalDocument/author/assignedAuthor/representedOrganization',
      'warning dmp.institution-without-name /ClinicalDocument/author[2]/assignedAuthor/representedOrganization',
    ]);
    const sent = entryOf({ authors }).authors.map(({ institutions }) => institutions[0]?.name);
    expect(sent).toEqual(["Hôpital d'essai R&D", null]);
  });

  test('configured facility and practice setting fill the gap, and say so', () => {
    const around = {
      settings: {
        ...settings,
        facilityType: { code: 'SA01', codeSystem: '1.2.250.1.71.4.2.4', displayName: null },
        practiceSetting: { code: 'HAD', codeSystem: '1.2.250.1.213.1.1.4.9', displayName: null },
      },
    };
    const serviceEvents = [{ ...LETTER.serviceEvents[0]!, performer: null }];
    const document = { encounter: null, serviceEvents };
    expect(said(document, around).map((one) => one.split(' ', 2).join(' '))).toEqual([
      'info dmp.facility-type-defaulted',
      'info dmp.practice-setting-defaulted',
    ]);
    expect(entryOf(document, around)).toMatchObject({
      healthcareFacilityTypeCode: { code: 'SA01', label: 'Établissement public de santé' },
      practiceSettingCode: { code: 'HAD', label: 'Hospitalisation à domicile' },
    });
  });
});
