import type { DocumentFacts, Participant } from '../../src/words/document.ts';
import type { SubmissionRequest } from '../../src/words/request.ts';
import type { LotInput } from '../../src/xds/derive.ts';
import type { Author } from '../../src/xds/model.ts';
import { defaultSettings } from '../../src/xds/settings.ts';

/** Facts made by hand: a discharge letter of a test patient, every field that the metadata take. */

export const PHYSICIAN: Participant = {
  ids: [{ root: '1.2.250.1.71.4.2.1', extension: '899700000011' }],
  kind: 'person',
  name: {
    family: [{ value: 'LE GALL', qualifier: null }],
    given: [{ value: 'Maëlle', qualifier: null }],
    prefix: 'DR',
    suffix: null,
  },
  deviceName: null,
  specialty: {
    code: 'G15_10/SM26',
    codeSystem: '1.2.250.1.213.1.1.4.5',
    displayName: 'Médecin - Médecine générale (SM)',
  },
  function: { code: 'ATTPHYS', codeSystem: '2.16.840.1.113883.5.88', displayName: 'Référent' },
  organization: {
    ids: [{ root: '1.2.250.1.71.4.2.2', extension: '1010000017' }],
    name: "Hôpital d'essai R&D",
    industry: {
      code: 'ETABLISSEMENT',
      codeSystem: '1.2.250.1.213.1.1.4.9',
      displayName: 'Etablissement de santé',
    },
  },
  time: '20260301110000+0100',
};

export const LETTER: DocumentFacts = {
  id: { root: '1.2.250.1.999.1.1.8121.2.1', extension: null },
  setId: { root: '1.2.250.1.999.1.1.8121.2', extension: null },
  versionNumber: 1,
  related: [],
  templateIds: [
    { root: '2.16.840.1.113883.2.8.2.1', extension: null },
    { root: '1.2.250.1.213.1.1.1.1', extension: null },
    { root: '1.2.250.1.213.1.1.1.29', extension: '2022.01' },
  ],
  code: {
    code: '11490-0',
    codeSystem: '2.16.840.1.113883.6.1',
    displayName: "Lettre de liaison à la sortie d'un établissement de soins",
  },
  title: 'Lettre de liaison <sortie>',
  languageCode: 'fr-FR',
  confidentiality: { code: 'N', codeSystem: '2.16.840.1.113883.5.25', displayName: 'Normal' },
  effectiveTime: '20260301113000+0100',
  patient: {
    ids: [
      { root: '1.2.250.1.213.1.4.10', extension: '279035121518989' },
      { root: '1.2.250.1.999.1.1.8121.3', extension: 'IPP^0042' },
    ],
    name: {
      family: [
        { value: 'PAT-TROIS', qualifier: 'BR' },
        { value: "D'ARTAGNAN", qualifier: 'SP' },
      ],
      given: [
        { value: 'DOMINIQUE MARIE-LOUISE', qualifier: null },
        { value: 'DOMINIQUE', qualifier: 'BR' },
      ],
      prefix: null,
      suffix: null,
    },
    gender: 'F',
    birthTime: '19790328',
    birthPlace: '51215',
    address: ['28 avenue de Breteuil 75007 PARIS'],
  },
  authors: [PHYSICIAN],
  custodian: PHYSICIAN.organization,
  legalAuthenticator: PHYSICIAN,
  serviceEvents: [
    {
      ids: [],
      code: {
        code: 'IMP',
        codeSystem: '2.16.840.1.113883.5.4',
        displayName: 'Hospitalisation',
      },
      effectiveTime: { low: '202602251830+0100', high: '20260301' },
      performer: PHYSICIAN,
    },
  ],
  orders: [{ root: '1.2.250.1.999.1.1.8121.4', extension: 'DEM-77' }],
  encounter: {
    ids: [],
    code: null,
    effectiveTime: { low: '202602251830+0100', high: null },
    facility: {
      code: 'SA01',
      codeSystem: '1.2.250.1.71.4.2.4',
      displayName: 'Etablissement public de santé',
    },
    facilityOrganization: PHYSICIAN.organization,
  },
  level: 3,
  body: { kind: 'structured' },
  selfPresenting: false,
  encoding: 'UTF-8',
  size: 31,
  sha256: '3dc61c81c5ab9f8e8ea1ac9b4c2f54c4e0b4b9c1b14a3a9e0d3d1f2c0c9be1aa',
  sha1: '0beec7b5ea3f0fdbc95d0dd47f3c5bc275da8a33',
  contentSha256: '00',
};

export const DEPOSIT: SubmissionRequest = {
  operation: 'deposit',
  destinations: { dmp: true, mssante: [], patient: false, patientMayAnswer: false },
  visibility: {
    maskedToProfessionals: false,
    hiddenFromPatient: true,
    hiddenFromRepresentatives: true,
    change: false,
  },
  secretConnection: false,
  identity: { status: 'VALI', evidenceDate: null, method: null },
  consent: 'informed-without-opposition',
  stay: {
    finessEg: '010000017',
    number: '26001234',
    visit: null,
    class: 'I',
    admittedAt: null,
    dischargedAt: null,
  },
  exam: null,
  requester: {
    person: {
      id: '99700000011',
      family: 'LE GALL',
      given: 'Maëlle',
      specialty: 'G15_10/SM26^Médecin - Médecine générale (SM)^1.2.250.1.213.1.1.4.5',
    },
    device: null,
    structure: { id: '010000017', name: "Hôpital d'essai R&D" },
  },
  replyTo: null,
  bodies: { professional: null, patient: null },
  notices: { reception: true, reading: false },
  hold: null,
};

export const AUTOMATON: Author = {
  person: {
    id: '3010000017/VIADUC',
    authority: '1.2.250.1.71.4.2.1',
    family: 'Viaduc',
    given: null,
    nameType: 'U',
    idType: 'RI',
  },
  institutions: [],
  roles: [],
  specialties: [],
};

const settings = defaultSettings();

/** A lot of the letter, with what a test changes in the document or around it. */
export function lotOf(document: Partial<DocumentFacts> = {}, around: Partial<LotInput> = {}): LotInput {
  return {
    documents: [{ facts: { ...LETTER, ...document } }],
    request: DEPOSIT,
    structure: { id: '010000017', name: "Hôpital d'essai R&D" },
    author: AUTOMATON,
    sourceId: '1.2.250.1.999.1.1.8121',
    lotUniqueId: '1.2.250.1.999.1.1.8121.5.1',
    submissionTime: Date.UTC(2026, 2, 1, 10, 45, 0),
    settings,
    ...around,
  };
}
