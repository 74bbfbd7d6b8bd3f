import { catalogue, raiser } from '../../words/errors.ts';

/** What may be wrong with a message of the HL7 v2 interface. Places are those of ERR-2. */
export const mllpErrors = catalogue({
  'message.type-unknown': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le type de message {type} n’est pas pris en charge.',
      en: 'Message type {type} is not supported.',
    },
    remedy: {
      fr: 'Envoyer ORU^R01, MDM^T02, MDM^T10, MDM^T04 ou un ADT.',
      en: 'Send ORU^R01, MDM^T02, MDM^T10, MDM^T04 or an ADT.',
    },
  },
  'message.event-unknown': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'L’événement {trigger} du message {type} n’est pas pris en charge.',
      en: 'Event {trigger} of message {type} is not supported.',
    },
    remedy: {
      fr: 'ORU : R01 ; MDM : T02 (dépôt), T10 (remplacement), T04 (suppression).',
      en: 'ORU: R01; MDM: T02 (deposit), T10 (replacement), T04 (deletion).',
    },
  },
  'message.processing-id': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'MSH-11 vaut « {given} » : l’environnement {environment} ne prend que {allowed}.',
      en: "MSH-11 is '{given}': environment {environment} takes {allowed} only.",
    },
    remedy: {
      fr: 'Envoyer ce message à la passerelle de son environnement, ou corriger MSH-11.',
      en: 'Send this message to the gateway of its environment, or mend MSH-11.',
    },
  },
  'message.version': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'La version HL7 « {version} » n’est pas prise en charge pour ce message (attendu : {allowed}).',
      en: "HL7 version '{version}' is not supported for this message (expected: {allowed}).",
    },
    remedy: {
      fr: 'Mettre dans MSH-12 la version du volet : 2.5 pour ORU, 2.6 pour MDM.',
      en: 'Put the version of the interface in MSH-12: 2.5 for ORU, 2.6 for MDM.',
    },
  },
  'message.interface-unknown': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'L’interface {version}^{name} de MSH-21 n’est pas connue de ce profil d’émetteur (connues : {known}).',
      en: 'Interface {version}^{name} of MSH-21 is not known to this sender profile (known: {known}).',
    },
    remedy: {
      fr: 'Déclarer 2.1^CISIS_CDA_HL7_V2, ou choisir un autre profil pour cet émetteur.',
      en: 'Declare 2.1^CISIS_CDA_HL7_V2, or choose another profile for this sender.',
    },
  },
  'message.reverse-direction': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Ce message ({name}) va de la passerelle vers un consommateur : il n’est pas reçu ici.',
      en: 'This message ({name}) goes from the gateway to a consumer: it is not received here.',
    },
    remedy: {
      fr: 'Envoyer un document avec le volet CISIS_CDA_HL7_V2.',
      en: 'Send a document by the interface CISIS_CDA_HL7_V2.',
    },
  },
  'message.charset-fallback': {
    class: 'invalid',
    message: {
      fr: 'Les octets ne sont pas dans le jeu de caractères que MSH-18 déclare ; ils ont été lus en ISO-8859-15.',
      en: 'The bytes are not in the character set that MSH-18 declares; they were read as ISO-8859-15.',
    },
    remedy: {
      fr: 'Déclarer dans MSH-18 le jeu réellement employé.',
      en: 'Declare in MSH-18 the character set that is really used.',
    },
  },
  'message.sender-unknown': {
    class: 'configuration',
    status: 403,
    message: {
      fr: 'Aucun émetteur configuré ne correspond à cette connexion (MSH-3 « {application} », MSH-4 « {facility} », {address}).',
      en: "No configured sender fits this connection (MSH-3 '{application}', MSH-4 '{facility}', {address}).",
    },
    remedy: {
      fr: 'Déclarer l’émetteur dans la configuration de la passerelle : application, établissement, adresses ou certificat.',
      en: "Declare the sender in the gateway's configuration: application, facility, addresses or certificate.",
    },
  },
  'message.receiver-unknown': {
    class: 'invalid',
    status: 403,
    message: {
      fr: 'Le destinataire de MSH-5 et MSH-6, « {application} » « {facility} », n’est pas cette passerelle.',
      en: "The receiver of MSH-5 and MSH-6, '{application}' '{facility}', is not this gateway.",
    },
    remedy: {
      fr: 'Adresser le message à l’un des noms configurés (mllp.receivers).',
      en: 'Address the message to one of the configured names (mllp.receivers).',
    },
  },
  'message.not-taken': {
    class: 'transient',
    status: 503,
    message: {
      fr: 'La passerelle n’a pas pu prendre ce message ; rien n’en a été retenu.',
      en: 'The gateway could not take this message; nothing of it was kept.',
    },
    remedy: {
      fr: 'L’envoyer à nouveau plus tard ; l’exploitant trouve la cause dans le journal.',
      en: 'Send it again later; the operator finds the cause in the log.',
    },
  },
  'message.segment-missing': {
    class: 'invalid',
    status: 400,
    message: { fr: 'Le segment {segment} manque{where}.', en: 'Segment {segment} is missing{where}.' },
    remedy: {
      fr: 'Ajouter ce segment, dans l’ordre du volet.',
      en: 'Add this segment, in the order of the interface.',
    },
  },
  'message.segment-unexpected': {
    class: 'invalid',
    status: 400,
    message: {
      fr: 'Le segment {segment} n’a pas sa place ici : {why}.',
      en: 'Segment {segment} has no place here: {why}.',
    },
    remedy: {
      fr: 'Suivre la structure du message (docs/hl7v2.md).',
      en: 'Follow the structure of the message (docs/hl7v2.md).',
    },
  },
  'message.field-missing': {
    class: 'invalid',
    status: 400,
    message: {
      fr: '{field} est vide : ce champ est obligatoire.',
      en: '{field} is empty: this field is required.',
    },
    remedy: { fr: 'Renseigner ce champ.', en: 'Fill this field in.' },
  },
  'message.field-form': {
    class: 'invalid',
    status: 400,
    message: { fr: '{field} est mal formé : {what}.', en: '{field} is malformed: {what}.' },
    remedy: { fr: 'Corriger ce champ (docs/hl7v2.md).', en: 'Mend this field (docs/hl7v2.md).' },
  },
  'message.value-unknown': {
    class: 'invalid',
    status: 400,
    message: {
      fr: '{field} vaut « {value} » : attendu {expected}.',
      en: "{field} is '{value}': expected {expected}.",
    },
    remedy: { fr: 'Employer une valeur de la table.', en: 'Use a value of the table.' },
  },
  'message.cardinality': {
    class: 'invalid',
    status: 400,
    message: { fr: '{what} : {count} fois, au plus {most}.', en: '{what}: {count} times, at most {most}.' },
    remedy: {
      fr: 'Envoyer une demande par document, par patient et par commande.',
      en: 'Send one request for each document, patient and order.',
    },
  },
  'message.flag-missing': {
    class: 'invalid',
    status: 400,
    message: {
      fr: 'L’indicateur {flag} manque : aucun défaut n’est admis pour le masquage.',
      en: 'Flag {flag} is missing: masking has no default.',
    },
    remedy: { fr: 'Ajouter l’OBX {flag} avec Y ou N.', en: 'Add the OBX {flag} with Y or N.' },
  },
  'message.flag-assumed': {
    class: 'invalid',
    message: {
      fr: 'L’indicateur {flag} manque ; il est lu comme N.',
      en: 'Flag {flag} is missing; it is read as N.',
    },
    remedy: { fr: 'Envoyer les dix indicateurs du volet.', en: 'Send the ten flags of the interface.' },
  },
  'message.flag-value': {
    class: 'invalid',
    status: 400,
    message: {
      fr: 'L’indicateur {flag} vaut « {value} » : attendu Y ou N.',
      en: "Flag {flag} is '{value}': expected Y or N.",
    },
    remedy: { fr: 'Mettre Y ou N dans OBX-5.1.', en: 'Put Y or N in OBX-5.1.' },
  },
  'message.flag-twice': {
    class: 'invalid',
    status: 400,
    message: {
      fr: 'L’indicateur {flag} figure deux fois avec des valeurs différentes.',
      en: 'Flag {flag} stands twice with different values.',
    },
    remedy: { fr: 'N’envoyer chaque indicateur qu’une fois.', en: 'Send each flag once only.' },
  },
  'message.observation-ignored': {
    class: 'invalid',
    message: {
      fr: 'L’OBX « {code} » n’est ni un document ni un indicateur du volet ; il est ignoré.',
      en: "The OBX '{code}' is neither a document nor a flag of the interface; it is ignored.",
    },
    remedy: { fr: 'Retirer cet OBX.', en: 'Leave this OBX out.' },
  },
  'message.operations-differ': {
    class: 'invalid',
    status: 422,
    message: { fr: 'L’opération se contredit : {said}.', en: 'The operation contradicts itself: {said}.' },
    remedy: {
      fr: 'Dépôt : T02, NW, F ; remplacement : T10, RO, C ; suppression : T04, CA, D.',
      en: 'Deposit: T02, NW, F; replacement: T10, RO, C; deletion: T04, CA, D.',
    },
  },
  'message.type-codes-differ': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le type de document se contredit : {said}.',
      en: 'The document type contradicts itself: {said}.',
    },
    remedy: {
      fr: 'Mettre le même code dans OBR-4, OBX-3 et TXA-2.',
      en: 'Put the same code in OBR-4, OBX-3 and TXA-2.',
    },
  },
  'message.not-a-document': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'OBX-5.5 ne contient pas de document CDA : son contenu décodé ne commence pas par « < ».',
      en: "OBX-5.5 holds no CDA document: its decoded content does not begin with '<'.",
    },
    remedy: {
      fr: 'Mettre dans OBX-5.5 le CDA R2 entier, codé en base64.',
      en: 'Put the whole CDA R2 in OBX-5.5, encoded in base64.',
    },
  },
  'message.document-repaired': {
    class: 'invalid',
    message: {
      fr: 'Le base64 du document a été lu malgré {what}.',
      en: 'The base64 of the document was read in spite of {what}.',
    },
    remedy: {
      fr: 'Coder sans retour à la ligne et avec le remplissage « = ».',
      en: "Encode without line breaks and with its '=' padding.",
    },
  },
  'message.mail-body-repaired': {
    class: 'invalid',
    message: {
      fr: 'Le texte du courriel {flag} est tronqué ; son dernier caractère est perdu.',
      en: 'The mail text {flag} is cut short; its last character is lost.',
    },
    remedy: { fr: 'Coder le texte entier en base64.', en: 'Encode the whole text in base64.' },
  },
  'message.mail-body-unreadable': {
    class: 'invalid',
    status: 400,
    message: {
      fr: 'Le texte du courriel {flag} est illisible : {why}.',
      en: 'The mail text {flag} cannot be read: {why}.',
    },
    remedy: {
      fr: 'Coder en base64 un texte UTF-8 d’au plus 20 000 caractères.',
      en: 'Encode in base64 a UTF-8 text of at most 20,000 characters.',
    },
  },
  'message.document-type-differs': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'OBX-3 annonce le type {announced}, le document est de type {found}.',
      en: 'OBX-3 announces type {announced}, the document is of type {found}.',
    },
    remedy: {
      fr: 'Mettre dans OBX-3 le code du document (ClinicalDocument/code).',
      en: "Put the document's code (ClinicalDocument/code) in OBX-3.",
    },
  },
  'message.document-id-differs': {
    class: 'invalid',
    status: 422,
    message: {
      fr: '{field} annonce le document {announced}, le CDA dit {found}.',
      en: '{field} announces document {announced}, the CDA says {found}.',
    },
    remedy: {
      fr: 'Mettre dans TXA-12 l’identifiant du document, dans TXA-13 celui qu’il remplace.',
      en: "Put the document's identifier in TXA-12, that of the one it replaces in TXA-13.",
    },
  },
  'message.replacement-without-link': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Un remplacement est demandé mais le document ne dit pas lequel il remplace.',
      en: 'A replacement is asked for but the document does not say which one it replaces.',
    },
    remedy: {
      fr: 'Ajouter relatedDocument typeCode="RPLC" avec parentDocument/id.',
      en: 'Add relatedDocument typeCode="RPLC" with parentDocument/id.',
    },
  },
  'message.patient-differs': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le patient du message n’est pas celui du document : {trait} diffère.',
      en: 'The patient of the message is not that of the document: {trait} differs.',
    },
    remedy: {
      fr: 'Vérifier l’identité dans le logiciel émetteur ; ne rien renvoyer avant d’en être sûr.',
      en: 'Check the identity in the sending software; send nothing again before it is certain.',
    },
  },
  'message.patient-trait-differs': {
    class: 'invalid',
    message: {
      fr: 'Un trait du patient diffère entre le message et le document : {trait}.',
      en: 'A trait of the patient differs between the message and the document: {trait}.',
    },
    remedy: {
      fr: 'Vérifier l’identité dans le logiciel émetteur.',
      en: 'Check the identity in the sending software.',
    },
  },
  'message.ins-not-in-message': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le document porte un INS que PID-3 ne porte pas.',
      en: 'The document carries an INS that PID-3 does not.',
    },
    remedy: {
      fr: 'Mettre dans PID-3 l’INS du document (type INS, avec son OID).',
      en: "Put the document's INS in PID-3 (type INS, with its OID).",
    },
  },
  'message.ins-not-in-document': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'PID-3 porte un INS que le document ne porte pas.',
      en: 'PID-3 carries an INS that the document does not.',
    },
    remedy: {
      fr: 'Mettre l’INS dans recordTarget/patientRole/id du document.',
      en: 'Put the INS in recordTarget/patientRole/id of the document.',
    },
  },
  'message.ins-not-validated': {
    class: 'invalid',
    message: {
      fr: 'PID-3 porte un INS mais PID-32 ne dit pas VALI : l’identité n’est pas tenue pour qualifiée.',
      en: 'PID-3 carries an INS but PID-32 does not say VALI: the identity is not held to be qualified.',
    },
    remedy: {
      fr: 'N’envoyer l’INS que pour une identité qualifiée, avec VALI dans PID-32.',
      en: 'Send the INS for a qualified identity only, with VALI in PID-32.',
    },
  },
  'message.identity-attribute': {
    class: 'invalid',
    message: {
      fr: 'PID-32 porte {attribute} : l’identité n’est pas tenue pour qualifiée.',
      en: 'PID-32 carries {attribute}: the identity is not held to be qualified.',
    },
    remedy: {
      fr: 'Lever le doute sur l’identité avant d’envoyer.',
      en: 'Settle the identity before sending.',
    },
  },
  'message.recipient-missing': {
    class: 'invalid',
    status: 400,
    message: {
      fr: '{flag} vaut Y mais aucun PRT « RCT » ne donne d’adresse pour cette destination.',
      en: "{flag} is Y but no PRT 'RCT' gives an address for this destination.",
    },
    remedy: {
      fr: 'Ajouter un PRT RCT avec l’adresse dans PRT-15.4, ou mettre l’indicateur à N.',
      en: 'Add a PRT RCT with the address in PRT-15.4, or set the flag to N.',
    },
  },
  'message.recipient-unasked': {
    class: 'invalid',
    message: {
      fr: 'Un destinataire est donné mais {flag} vaut N : rien ne lui est envoyé.',
      en: 'A recipient is given but {flag} is N: nothing is sent to it.',
    },
    remedy: {
      fr: 'Mettre {flag} à Y pour lui envoyer le document.',
      en: 'Set {flag} to Y to send it the document.',
    },
  },
  'message.recipient-address': {
    class: 'invalid',
    status: 400,
    message: {
      fr: 'L’adresse d’un destinataire n’est pas une adresse MSSanté : {why}.',
      en: 'The address of a recipient is no MSSanté address: {why}.',
    },
    remedy: {
      fr: 'Donner dans PRT-15.4 une adresse d’un domaine MSSanté.',
      en: 'Give an address of an MSSanté domain in PRT-15.4.',
    },
  },
  'message.patient-address': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'L’adresse du patient n’est pas celle de son INS.',
      en: "The patient's address is not that of the INS.",
    },
    remedy: {
      fr: 'Pour le patient : matricule INS suivi de @patient.mssante.fr.',
      en: 'For the patient: the INS followed by @patient.mssante.fr.',
    },
  },
  'message.requester-missing': {
    class: 'invalid',
    status: 400,
    message: {
      fr: 'Le dépôt au DMP demande un émetteur : {what}.',
      en: 'A deposit in the DMP needs a requester: {what}.',
    },
    remedy: {
      fr: 'Ajouter un PRT « SB » avec le professionnel (PRT-5) ou l’automate (PRT-10) et la structure (PRT-8).',
      en: "Add a PRT 'SB' with the professional (PRT-5) or the device (PRT-10) and the structure (PRT-8).",
    },
  },
  'message.visit-site-unknown': {
    class: 'invalid',
    message: {
      fr: 'Aucun site de l’établissement n’est reconnu dans PV1-19, PID-18, PV1-3 ni PRT-8 ; le séjour est rattaché au site {site}.',
      en: 'No site of the establishment is found in PV1-19, PID-18, PV1-3 or PRT-8; the stay is put under site {site}.',
    },
    remedy: {
      fr: 'Donner le FINESS géographique comme autorité du numéro de séjour.',
      en: "Give the geographic FINESS as the authority of the stay's number.",
    },
  },
  'message.continued-lines': {
    class: 'invalid',
    message: {
      fr: '{count} ligne(s) ne commencent aucun segment ; elles ont été rattachées au segment qui précède.',
      en: '{count} line(s) begin no segment; they were joined to the segment before.',
    },
    remedy: {
      fr: 'Ne pas couper les champs par des retours à la ligne.',
      en: 'Do not break fields with line ends.',
    },
  },
  'profile.unreadable': {
    class: 'configuration',
    message: {
      fr: 'Le profil d’émetteur {file} est inutilisable : {what}.',
      en: 'Sender profile {file} cannot be used: {what}.',
    },
    remedy: {
      fr: 'Corriger le fichier de profiles/senders.',
      en: 'Mend the file of profiles/senders.',
    },
  },
});

export const mllpError = raiser(mllpErrors);
