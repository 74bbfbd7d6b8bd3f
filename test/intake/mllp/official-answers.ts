/** What a file of the agency's examples is answered. `first`: condition, place and code of its first ERR. */
export interface ExpectedAnswer {
  file: string;
  /** With rules in force as in the sandbox. */
  enforced: string;
  /** When rules of packs refuse nothing (profile `observation`). */
  observed: string;
  why: string;
}

const V21 = 'Vague 2/Trans_Doc-CDA-HL7V2/TRANSMISSION_DOCS_CDA_EN_HL7V2_V2.1';
const V20 = 'Volets/TRANS_DOC_CDA_HL7V2/V2.0';
const V21B = 'Volets/TRANS_DOC_CDA_HL7V2/V2.1/ORU';
const V12 = 'Volets/TRANS_DOC_CDA_HL7V2/V1.2';
const LPS11 = 'Vague 2/Trans_LPS_CDA_MSSanté/TRANSMISSION_LPS_DOC_CDA_COURRIEL_FROM_MSSANTE_V1.1';
const LPS10 = 'Volets/Trans_LPS_CDA_MSSanté/V1.0';

const LIGHT = 'AE 207 OBX^1^5^1^5 message.not-a-document';
const OTHER_PATIENT = 'AE 207 PID^1^3^1^1 message.patient-differs';
const REVERSE = 'AE 207 MSH^1^21 message.reverse-direction';
const NO_TYPE = 'AE 200 MSH^1^9 message.type-unknown';
const NONE = 'none';

const same = (file: string, answer: string, why: string): ExpectedAnswer => ({
  file,
  enforced: answer,
  observed: answer,
  why,
});

/** In the order in which they are sent: a version before what replaces it. Admissions have a test of their own. */
export const OFFICIAL_ANSWERS: readonly ExpectedAnswer[] = [
  same(
    `${V21}/MDM/Transmission initiale MDM/message_MDM_CR_Radio_INIT_N1.er7`,
    LIGHT,
    'a sentence for a CDA',
  ),
  {
    file: `${V21}/MDM/Transmission initiale MDM/message_MDM_CR_Radio_INIT_N1_Base64.er7`,
    enforced: 'AE 207 OBX^1^5 viaduc-entete-012',
    observed: 'AA',
    why: 'its CDA has no setId, which the header demands today',
  },
  {
    file: `${V21}/MDM/Remplacement MDM/message_MDM_CR_Radio_RPLC_N1.er7`,
    enforced: 'AE 207 OBX^1^5 viaduc-entete-012',
    observed: 'AA',
    why: 'as before; MODIF_CONF_CODE = Y announces its other flags',
  },
  {
    file: `${V21}/MDM/Suppression MDM/message_MDM_CR_Radio_DEL_N1.er7`,
    enforced: 'AE 207 OBX^1^5 viaduc-entete-012',
    observed: 'AA',
    why: 'as before; it carries the last version with its own RPLC link, in other bytes',
  },
  same(`${V21}/MDM/Remplacement MDM/ack.er7`, NONE, 'an acknowledgement is not acknowledged'),
  same(`${V21}/MDM/Suppression MDM/ack.er7`, NONE, 'an acknowledgement is not acknowledged'),
  same(
    `${V21}/ORU/Transmission initiale ORU/message_ORU_CR_Bio_INIT_N3_SEGUR.hl7`,
    'AA',
    'the patient’s address of 20 digits is left out and told',
  ),
  same(
    `${V21}/ORU/Remplacement ORU/message_ORU_CR_Bio_RPLC_N3_SEGUR.hl7`,
    'AA',
    'what it replaces was never sent: the DMP is asked',
  ),
  same(
    `${V21}/ORU/Suppression ORU/message_ORU_CR_Bio_DEL_N3_SEGUR.hl7`,
    OTHER_PATIENT,
    'CDA of another patient',
  ),
  ...[
    'Transmission initiale MDM/message_MDM__LPS_MSS_CR_Radio_INIT_N1.er7',
    'Transmission initiale MDM/message_MDM__LPS_MSS_CR_Radio_INIT_N1_Base64.er7',
    'Remplacement MDM/message_MDM__LPS_MSS_CR_Radio_RPLC_N1.er7',
    'Suppression MDM/message_MDM__LPS_MSS_CR_Radio_DEL_N1.er7',
  ].flatMap((file) => [
    same(`${LPS11}/${file}`, REVERSE, 'goes to a consumer'),
    same(`${LPS10}/${file}`, REVERSE, 'goes to a consumer'),
  ]),
  ...['Transmission initiale MDM', 'Remplacement MDM', 'Suppression MDM'].flatMap((folder) => [
    same(`${LPS11}/${folder}/ack.er7`, NONE, 'an acknowledgement'),
    same(`${LPS10}/${folder}/ack.er7`, NONE, 'an acknowledgement'),
  ]),
  same(`${LPS10}/MDM/message.hl7`, REVERSE, 'goes to a consumer'),
  same(`${LPS10}/MDM/messageDocB64.hl7`, REVERSE, 'goes to a consumer'),
  same(`${LPS10}/MDM/ack.hl7`, NONE, 'an acknowledgement'),
  same(`${V12}/MDM/message.hl7`, LIGHT, 'a sentence; version 1.2 read by its aliases'),
  same(`${V12}/MDM/ack.hl7`, NONE, 'an acknowledgement'),
  same(`${V12}/ORU/message.hl7`, LIGHT, 'a sentence; ORC-1 SC and another OBR-4 are of no account in 1.2'),
  same(`${V12}/ORU/ack.hl7`, NONE, 'an acknowledgement'),
  same(
    `${V20}/MDM/Transmission initiale MDM/message_MDM_CR_Radio_INIT_N1.er7`,
    LIGHT,
    'a sentence; no ORC nor OBR in 2.0',
  ),
  {
    file: `${V20}/MDM/Transmission initiale MDM/message_MDM_CR_Radio_INIT_N1_Base64.er7`,
    enforced: 'AE 207 OBX^1^5 viaduc-entete-012',
    observed: 'AE 207 OBX^1^5 cda.id-with-extension',
    why: 'the DMP takes no identifier with an extension',
  },
  same(`${V20}/MDM/Remplacement MDM/message_MDM_CR_Radio_RPLC_N1.er7`, LIGHT, 'a sentence'),
  same(`${V20}/MDM/Remplacement MDM/ack.er7`, NONE, 'an acknowledgement'),
  same(`${V20}/MDM/Suppression MDM/message_MDM_CR_Radio_DEL_N1.er7`, LIGHT, 'a sentence'),
  same(`${V20}/MDM/Suppression MDM/ack.er7`, NONE, 'an acknowledgement'),
  same(
    `${V20}/ORU/Transmission initiale ORU/message_ORU_CR_Bio_INIT_N1_N3.hl7`,
    LIGHT,
    'two sentences; U+02DC separates repetitions',
  ),
  same(`${V20}/ORU/Transmission initiale ORU/ack.hl7`, NONE, 'an acknowledgement'),
  same(`${V20}/ORU/Transmission initiale ORU/Message metier lecture MSS`, NO_TYPE, 'ZAM goes to a sender'),
  same(`${V20}/ORU/Transmission initiale ORU/Message metier reception DMP`, NO_TYPE, 'ZAM goes to a sender'),
  same(`${V20}/ORU/Transmission initiale ORU/Message metier reception MSS`, NO_TYPE, 'ZAM goes to a sender'),
  same(`${V20}/ORU/Remplacement ORU/message_ORU_CR_Bio_RPLC_N1_N3.er7`, LIGHT, 'two sentences'),
  same(
    `${V20}/ORU/Remplacement ORU/message_ORU_CR_Bio_RPLC_N1_Base64_N3_Base64.er7`,
    'AE 207 OBX^2^5^1^5 message.replacement-without-link',
    'the second document does not say what it replaces',
  ),
  same(`${V20}/ORU/Remplacement ORU/ack.er7`, NONE, 'an acknowledgement'),
  same(`${V20}/ORU/Suppression ORU/message_ORU_CR_Bio_DEL_N1_N3.er7`, LIGHT, 'two sentences'),
  {
    file: `${V20}/ORU/Suppression ORU/message_ORU_CR_Bio_DEL_N1_Base64_N3_Base64.er7`,
    enforced: 'AE 207 OBX^2^5 viaduc-biologie-028',
    observed: 'AE 207  routing.newer-version-known',
    why: 'document …12 was replaced by …13 of another example before',
  },
  same(`${V20}/ORU/Suppression ORU/ack.er7`, NONE, 'an acknowledgement'),
  same(`${V21B}/Transmission initiale ORU/message_ORU_CR_Bio_INIT_N1_N3.hl7`, LIGHT, 'two sentences'),
  same(`${V21B}/Transmission initiale ORU/ack.hl7`, NONE, 'an acknowledgement'),
  same(`${V21B}/Transmission initiale ORU/Message metier lecture MSS`, NO_TYPE, 'ZAM goes to a sender'),
  same(`${V21B}/Transmission initiale ORU/Message metier reception DMP`, NO_TYPE, 'ZAM goes to a sender'),
  same(`${V21B}/Transmission initiale ORU/Message metier reception MSS`, NO_TYPE, 'ZAM goes to a sender'),
  same(`${V21B}/Remplacement ORU/message_ORU_CR_Bio_RPLC_N1_N3.er7`, LIGHT, 'two sentences'),
  same(
    `${V21B}/Remplacement ORU/message_ORU_CR_Bio_RPLC_N1_Base64_N3_Base64.er7`,
    OTHER_PATIENT,
    'CDA of another patient',
  ),
  same(`${V21B}/Remplacement ORU/ack.er7`, NONE, 'an acknowledgement'),
  same(`${V21B}/Suppression ORU/message_ORU_CR_Bio_DEL_N1_N3.er7`, LIGHT, 'two sentences'),
  same(
    `${V21B}/Suppression ORU/message_ORU_CR_Bio_DEL_N1_Base64_N3_Base64.er7`,
    OTHER_PATIENT,
    'CDA of another patient',
  ),
  same(`${V21B}/Suppression ORU/ack.er7`, NONE, 'an acknowledgement'),
];
