import { randomUUID } from 'node:crypto';
import { type Markup, xml } from '../../xml/writer.ts';
import { DMP_DEVICE, type Existence, type Id, INTERACTIONS } from './existence.ts';
import { dtmOf } from './formats.ts';
import { HL7_NS } from './names.ts';
import type { DmpPatient, Traits } from './patients.ts';
import type { Problem } from './report.ts';

/** Code systems of the answer to TD0.2 (sheet dmp-xds, 6.2). */
const AUTHORISATION_KEY = '1.2.250.1.213.4.1.2.6.1';
const AUTHORISATION_VALUE = '1.2.250.1.213.4.1.2.6.2';
const TREATING_DOCTOR_KEY = '1.2.250.1.213.4.1.2.6.3';
const CLOSING_REASON = '1.2.250.1.213.4.1.2.4';
const INTERNET_ACCOUNT = '1.2.250.1.213.4.1.2.9';
const NATIONAL_SPACE = '1.2.250.1.213.4.1.2.3';
const DMP_OBJECTS = '1.2.250.1.213.4.1.1.1.3';

/**
 * PRPA_IN201308UV02, the answer to TD0.2: `AA` with what is known of the patient, or `AE` with a detail for each problem
 * when the question was refused.
 */
export function writeExistence(existence: Existence | null, problems: readonly Problem[], now: Date): Markup {
  const refused = existence === null || problems.some((one) => one.severity === 'Error');
  const query = existence?.query;
  return xml`<PRPA_IN201308UV02 xmlns="${HL7_NS}" ITSVersion="XML_1.0"><id root="${DMP_OBJECTS}" extension="${randomUUID()}"/><creationTime value="${dtmOf(now)}"/><interactionId root="${INTERACTIONS}" extension="PRPA_IN201308UV02"/><processingCode code="${query?.processingCode ?? 'D'}"/><processingModeCode code="T"/><acceptAckCode code="NE"/><receiver typeCode="RCV"><device classCode="DEV" determinerCode="INSTANCE">${query ? idOf('id', query.sender) : xml`<id nullFlavor="UNK"/>`}</device></receiver><sender typeCode="SND"><device classCode="DEV" determinerCode="INSTANCE"><id root="${DMP_DEVICE}"/><softwareName>DMP</softwareName></device></sender>${refused ? null : attentionLines(existence.dmp)}<acknowledgement typeCode="${refused ? 'AE' : 'AA'}">${query && xml`<targetMessage>${idOf('id', query.messageId)}</targetMessage>`}${problems.map(detailOf)}${refused ? null : closedDetail(existence.dmp)}</acknowledgement>${refused ? null : controlAct(existence)}</PRPA_IN201308UV02>`;
}

function idOf(element: 'id' | 'queryId', { root, extension }: Id): Markup {
  const given = extension === '' ? null : xml` extension="${extension}"`;
  return element === 'id' ? xml`<id root="${root}"${given}/>` : xml`<queryId root="${root}"${given}/>`;
}

function detailOf({ errorCode, message, remedy, code, location, severity }: Problem): Markup {
  return xml`<acknowledgementDetail typeCode="${severity === 'Error' ? 'E' : 'W'}"><code code="${errorCode}"/><text>${message.fr} ${remedy.fr} [${code}]</text><location>${location}</location></acknowledgementDetail>`;
}

function closedDetail(dmp: DmpPatient['dmp']): Markup | null {
  if (dmp.state !== 'closed') return null;
  return xml`<acknowledgementDetail typeCode="I"><code code="DMPClosed"/><text>${dmp.reason}</text></acknowledgementDetail>`;
}

/** Whether the caller may consult, which feeding does not need. */
function attentionLines(dmp: DmpPatient['dmp']): Markup | null {
  if (dmp.state === 'absent') return null;
  const value = (dmp.state === 'open' && dmp.authorisation) || 'VALIDE';
  return xml`<attentionLine><keyWordText code="AUTORISATION" codeSystem="${AUTHORISATION_KEY}"/><value xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CV" code="${value}" codeSystem="${AUTHORISATION_VALUE}"/></attentionLine><attentionLine><keyWordText code="STATUT_MT" codeSystem="${TREATING_DOCTOR_KEY}"/><value xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="BL" value="false"/></attentionLine>`;
}

function controlAct(existence: Existence): Markup {
  const { query, dmp } = existence;
  const found = dmp.state !== 'absent';
  return xml`<controlActProcess classCode="CACT" moodCode="EVN">${found ? subject(existence) : null}<queryAck>${idOf('queryId', query.queryId)}<queryResponseCode code="${found ? 'OK' : 'NF'}"/></queryAck></controlActProcess>`;
}

function subject({ ins, dmp, traits }: Existence): Markup {
  const status = dmp.state === 'open' ? 'active' : 'terminated';
  return xml`<subject typeCode="SUBJ"><registrationEvent classCode="REG" moodCode="EVN"><statusCode code="active"/><subject1 typeCode="SBJ"><patient classCode="PAT"><id root="${ins.root}" extension="${ins.matricule}"/><statusCode code="${status}"/>${traits && personOf(traits)}${observations(dmp)}</patient></subject1></registrationEvent></subject>`;
}

function personOf({ family, given, birthDate, sex }: Traits): Markup {
  return xml`<patientPerson classCode="PSN" determinerCode="INSTANCE"><name><family qualifier="BR">${family}</family><given>${given}</given></name><administrativeGenderCode code="${sex}" codeSystem="2.16.840.1.113883.5.1"/><birthTime value="${birthDate}"/></patientPerson>`;
}

function observations(dmp: DmpPatient['dmp']): Markup[] {
  if (dmp.state === 'absent') return [];
  if (dmp.state === 'closed') return [observation('FERMETURE', CLOSING_REASON, textValue(dmp.reason))];
  const attached = flag(dmp.nationalSpace ?? true);
  return [
    observation('COMPTE_INTERNET_OUVERT', INTERNET_ACCOUNT, attached),
    observation('RATTACHEMENT_ENS', NATIONAL_SPACE, attached),
  ];
}

function observation(code: string, system: string, value: Markup): Markup {
  return xml`<subjectOf typeCode="SBJ"><administrativeObservation classCode="OBS" moodCode="EVN"><code code="${code}" codeSystem="${system}"/>${value}</administrativeObservation></subjectOf>`;
}

function flag(value: boolean): Markup {
  return xml`<value xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="BL" value="${String(value)}"/>`;
}

function textValue(text: string): Markup {
  return xml`<value xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="ST">${text}</value>`;
}
