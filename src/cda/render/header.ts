import type { Participant, ServiceEvent } from '../../words/document.ts';
import { attribute, child, children, descend, foldedText } from '../../xml/select.ts';
import type { XmlElement } from '../../xml/tree.ts';
import { readEncounter, readOrders, readRelated, readServiceEvents } from '../context.ts';
import { readCoded, readId, readInterval, readName, readOrganization } from '../datatypes.ts';
import { readAssigned, readAuthor } from '../participants.ts';
import type { Group, Row } from './model.ts';
import { patientGroup } from './patient.ts';
import {
  addressWords,
  codedWords,
  identifierWords,
  intervalWords,
  joined,
  organizationWords,
  personWords,
  telecomWords,
  timeWords,
} from './words.ts';

/** Rows as they are thought of: those without a value are left out. */
type Draft = readonly (readonly [label: string, value: string | null | undefined])[];

/** What is looked for first in a header, in French. */
export function headerGroups(header: XmlElement): Group[] {
  return told([
    patientGroup(header),
    group('Document', documentRows(header)),
    ...children(header, 'author').map((one) => group('Auteur', authorRows(one))),
    ...children(header, 'informationRecipient').map((one) => group('Destinataire', recipientRows(one))),
    group('Prise en charge', encounterRows(header)),
  ]);
}

/** The rest of what a header says. */
export function mentionGroups(header: XmlElement): Group[] {
  const each = (local: string, title: string, rows: (one: XmlElement) => Draft) =>
    children(header, local).map((one) => group(title, rows(one)));
  return told([
    ...each('legalAuthenticator', 'Responsable du document', assignedRows),
    ...each('authenticator', 'Attesté par', assignedRows),
    ...each('dataEnterer', 'Saisi par', assignedRows),
    ...each('custodian', 'Structure conservant le document', custodianRows),
    ...readServiceEvents(header).map((event) => group('Acte documenté', eventRows(event))),
    ...each('informant', 'Informateur', informantRows),
    ...children(header, 'participant').map((one) => group(participantTitle(one), otherRows(one))),
  ]);
}

/** Groups that say something, each once. */
function told(groups: readonly Group[]): Group[] {
  const said = new Map(groups.filter(({ rows }) => rows.length > 0).map((one) => [JSON.stringify(one), one]));
  return [...said.values()];
}

function group(title: string, draft: Draft): Group {
  return { title, rows: draft.flatMap(([label, value]): Row[] => (value ? [{ label, value }] : [])) };
}

function documentRows(header: XmlElement): Draft {
  const id = readId(child(header, 'id'));
  return [
    ['Type', codedWords(readCoded(child(header, 'code')))],
    ['Date', timeWords(attribute(child(header, 'effectiveTime'), 'value'))],
    ['Version', attribute(child(header, 'versionNumber'), 'value')],
    ['Confidentialité', codedWords(readCoded(child(header, 'confidentialityCode')))],
    ['Identifiant', id && joined([id.root, id.extension], ' ')],
    ['Demande', joined(readOrders(header).map(identifierWords), ' ; ')],
    ['Remplace', replaced(header)],
    ['Consentement', joined(children(header, 'authorization').map(consentWords), ' ; ')],
  ];
}

function replaced(header: XmlElement): string | null {
  const links = readRelated(header).filter(({ typeCode }) => typeCode === 'RPLC');
  return joined(
    links.flatMap(({ ids }) => ids.map(({ root, extension }) => joined([root, extension], ' '))),
    ' ; ',
  );
}

function consentWords(authorization: XmlElement): string | null {
  return codedWords(readCoded(child(child(authorization, 'consent'), 'code')));
}

function participantRows(participant: Participant | null, role: XmlElement | null): Draft {
  if (!participant) return [];
  return [
    ['Nom', participant.kind === 'device' ? participant.deviceName : personWords(participant.name)],
    ['Fonction', codedWords(participant.function)],
    ['Profession', codedWords(participant.specialty)],
    ['Identifiant', participant.ids.map(identifierWords)[0]],
    ['Structure', organizationWords(participant.organization)],
    ['Adresse', addressWords(role)],
    ['Contact', telecomWords(role)],
    ['Date', timeWords(participant.time)],
  ];
}

function authorRows(author: XmlElement): Draft {
  return participantRows(readAuthor(author), child(author, 'assignedAuthor'));
}

function eventRows({ code, effectiveTime, performer }: ServiceEvent): Draft {
  return [
    ['Acte', codedWords(code)],
    ['Dates', intervalWords(effectiveTime)],
    ...participantRows(performer, null),
  ];
}

function assignedRows(participation: XmlElement): Draft {
  return participantRows(readAssigned(participation), child(participation, 'assignedEntity'));
}

function recipientRows(participation: XmlElement): Draft {
  const recipient = child(participation, 'intendedRecipient');
  const name = descend(recipient, 'informationRecipient', 'name');
  return [
    ['Nom', name && personWords(readName(name))],
    ['Structure', organizationWords(readOrganization(child(recipient, 'receivedOrganization')))],
    ['Adresse', addressWords(recipient)],
    ['Contact', telecomWords(recipient)],
  ];
}

function custodianRows(custodian: XmlElement): Draft {
  const organization = descend(custodian, 'assignedCustodian', 'representedCustodianOrganization');
  return [
    ['Structure', organizationWords(readOrganization(organization))],
    ['Adresse', addressWords(organization)],
    ['Contact', telecomWords(organization)],
  ];
}

function encounterRows(header: XmlElement): Draft {
  const encounter = readEncounter(header);
  const element = descend(header, 'componentOf', 'encompassingEncounter');
  const place = descend(element, 'location', 'healthCareFacility', 'location');
  const responsible = readAssigned(child(element, 'responsibleParty'));
  return [
    ['Type', codedWords(encounter?.code ?? null)],
    ['Dates', encounter && intervalWords(encounter.effectiveTime)],
    ['Numéro', joined((encounter?.ids ?? []).map(identifierWords), ' ; ')],
    ['Issue', codedWords(readCoded(child(element, 'dischargeDispositionCode')))],
    ['Responsable', responsible && personWords(responsible.name)],
    ['Lieu', joined([codedWords(encounter?.facility ?? null), foldedText(child(place, 'name'))], ', ')],
    ['Structure', organizationWords(encounter?.facilityOrganization ?? null)],
  ];
}

function informantRows(informant: XmlElement): Draft {
  const related = child(informant, 'relatedEntity');
  if (!related) return assignedRows(informant);
  const name = descend(related, 'relatedPerson', 'name');
  return [
    ['Nom', name && personWords(readName(name))],
    ['Lien', codedWords(readCoded(child(related, 'code')))],
    ['Adresse', addressWords(related)],
    ['Contact', telecomWords(related)],
  ];
}

/** What a participation is called when its function code does not say; HL7 v3, ParticipationType. */
const PARTICIPATIONS: Readonly<Record<string, string>> = {
  INF: 'Informateur',
  REF: 'Adresseur',
  RFT: 'Adressé à',
  CON: 'Consulté',
  ATND: 'Médecin ayant suivi le patient',
  ADM: 'Médecin ayant admis le patient',
  DIS: 'Médecin ayant décidé la sortie',
  PART: 'Participant',
};

function participantTitle(participation: XmlElement): string {
  const named = codedWords(readCoded(child(participation, 'functionCode')));
  return named ?? PARTICIPATIONS[attribute(participation, 'typeCode') ?? ''] ?? 'Participant';
}

function otherRows(participation: XmlElement): Draft {
  const role = child(participation, 'associatedEntity');
  const name = descend(role, 'associatedPerson', 'name');
  return [
    ['Nom', name && personWords(readName(name))],
    ['Profession', codedWords(readCoded(child(role, 'code')))],
    ['Structure', organizationWords(readOrganization(child(role, 'scopingOrganization')))],
    ['Adresse', addressWords(role)],
    ['Contact', telecomWords(role)],
    ['Dates', intervalWords(readInterval(child(participation, 'time')))],
  ];
}
