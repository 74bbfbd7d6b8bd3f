import { catalogue, type ErrorEntry } from '../../words/errors.ts';

/** A reason with the reply that SMTP gives for it. */
export interface MailRefusal extends ErrorEntry {
  smtp: number;
  /** Enhanced status (RFC 3463). */
  enhanced: string;
}

function row(
  smtp: number,
  enhanced: string,
  fr: string,
  en: string,
  remedyFr: string,
  remedyEn: string,
): MailRefusal {
  const lasting = smtp >= 500;
  return {
    class: lasting ? 'invalid' : 'transient',
    smtp,
    enhanced,
    message: { fr, en },
    remedy: { fr: remedyFr, en: remedyEn },
  };
}

const CONTENT = (fr: string, en: string, remedyFr: string, remedyEn: string): MailRefusal =>
  row(554, '5.6.0', fr, en, remedyFr, remedyEn);

/** Why the simulated operator refuses; it never quotes an address, a subject or a name. */
export const mailRefusals = catalogue({
  'sandbox.mail-needs-tls': row(
    530,
    '5.7.0',
    'La session n’est pas chiffrée.',
    'The session is not encrypted.',
    'Négocier STARTTLS d’abord.',
    'Negotiate STARTTLS first.',
  ),
  'sandbox.mail-certificate': row(
    421,
    '4.7.1',
    'Le certificat client manque ou n’est pas de l’autorité du bac à sable.',
    'The client certificate is missing or not of the authority of the sandbox.',
    'Présenter le certificat d’authentification de la structure.',
    'Present the certificate that authenticates the structure.',
  ),
  'sandbox.mail-login': row(
    535,
    '5.7.8',
    'Le nom ou le mot de passe de la boîte est refusé.',
    'The name or password of the mailbox is refused.',
    'Utiliser le compte de la boîte du certificat.',
    'Use the account of the mailbox of the certificate.',
  ),
  'sandbox.mail-sender': row(
    553,
    '5.7.1',
    'L’expéditeur de l’enveloppe n’est pas une boîte de ce certificat.',
    'The sender of the envelope is no mailbox of this certificate.',
    'Écrire depuis la boîte applicative de l’établissement.',
    'Write from the application mailbox of the establishment.',
  ),
  'sandbox.mail-domain': row(
    554,
    '5.7.1',
    'Le domaine du destinataire n’est pas dans la liste blanche.',
    'The domain of the recipient is not in the white list.',
    'Vérifier l’adresse et la liste blanche.',
    'Check the address and the white list.',
  ),
  'sandbox.mail-mailbox-unknown': row(
    550,
    '5.1.1',
    'La boîte n’existe pas.',
    'The mailbox does not exist.',
    'Corriger l’adresse du destinataire.',
    'Correct the address of the recipient.',
  ),
  'sandbox.mail-patient-address': row(
    553,
    '5.1.3',
    'L’adresse de patient n’est pas faite d’un matricule INS de 15 caractères avec sa clé.',
    'The address of the patient is not made of an INS matricule of 15 characters with its key.',
    'Former l’adresse du matricule INS qualifié.',
    'Make the address of the qualified INS matricule.',
  ),
  'sandbox.mail-too-large': row(
    552,
    '5.3.4',
    'Le message dépasse {limit} octets.',
    'The mail is larger than {limit} bytes.',
    'Envoyer moins de documents, ou des documents plus petits.',
    'Send fewer documents, or smaller ones.',
  ),
  'sandbox.mail-unreadable': CONTENT(
    'Le message ne se lit pas comme un courriel MIME.',
    'The mail cannot be read as MIME.',
    'Vérifier en-têtes, frontières et encodages.',
    'Check headers, boundaries and encodings.',
  ),
  'sandbox.mail-header': CONTENT(
    'L’en-tête {header} manque, se répète ou n’a pas la forme {expected}.',
    'Header {header} is missing, repeated or not of the form {expected}.',
    'Écrire chaque en-tête une fois, comme le référentiel le demande.',
    'Write each header once, as the reference document wants it.',
  ),
  'sandbox.mail-from': row(
    554,
    '5.7.1',
    'L’en-tête From n’est pas l’expéditeur de l’enveloppe.',
    'Header From is not the sender of the envelope.',
    'Écrire la même boîte aux deux endroits.',
    'Write the same mailbox in both places.',
  ),
  'sandbox.mail-several-users': CONTENT(
    'Un message à un patient ne va qu’à lui.',
    'A mail to a patient goes to that patient alone.',
    'Envoyer un message par destinataire.',
    'Send one mail for each recipient.',
  ),
  'sandbox.mail-subject': CONTENT(
    'L’objet d’un envoi de documents ne commence pas par XDM/1.0/DDM+ et un libellé.',
    'The subject of a mail with documents does not begin with XDM/1.0/DDM+ and a label.',
    'Écrire XDM/1.0/DDM+libellé NOM prénom date (ECO.2.1.3).',
    'Write XDM/1.0/DDM+label NAME given name date (ECO.2.1.3).',
  ),
  'sandbox.mail-archive-name': CONTENT(
    'L’archive doit être une seule pièce jointe IHE_XDM.zip de type application/zip.',
    'The archive must be one attachment IHE_XDM.zip of type application/zip.',
    'Joindre une archive, sous ce nom.',
    'Attach one archive, under this name.',
  ),
  'sandbox.mail-archive-unreadable': CONTENT(
    'L’archive ne s’ouvre pas : {why}.',
    'The archive cannot be opened: {why}.',
    'Écrire un ZIP simple : ni chiffrement, ni Zip64, noms relatifs, chaque nom une fois.',
    'Write a plain ZIP: no encryption, no Zip64, relative names, each name once.',
  ),
  'sandbox.mail-archive-layout': CONTENT(
    'Dans l’archive, {entry} manque.',
    '{entry} is missing in the archive.',
    'Respecter l’arborescence IHE XDM (ITI-32).',
    'Follow the layout of IHE XDM (ITI-32).',
  ),
  'sandbox.mail-entry-name': CONTENT(
    'Un nom de l’archive n’est pas ISO 9660 niveau 1 (8.3, majuscules).',
    'A name in the archive is not ISO 9660 level 1 (8.3, upper case).',
    'Nommer fichiers et dossiers en 8.3, A–Z, 0–9 et _.',
    'Name files and folders 8.3, A–Z, 0–9 and _.',
  ),
  'sandbox.mail-metadata': CONTENT(
    'METADATA.XML est illisible ou n’est pas un SubmitObjectsRequest avec un lot et ses documents.',
    'METADATA.XML is unreadable or no SubmitObjectsRequest with one submission set and its documents.',
    'Écrire les métadonnées XDS du lot sans enveloppe SOAP.',
    'Write the XDS metadata of the submission set without SOAP envelope.',
  ),
  'sandbox.mail-slot': CONTENT(
    'Un document de METADATA.XML n’a pas exactement une valeur de {slot}.',
    'A document of METADATA.XML does not have exactly one value of {slot}.',
    'Écrire URI, hash et size pour chaque document.',
    'Write URI, hash and size for each document.',
  ),
  'sandbox.mail-uri': CONTENT(
    'Une URI de METADATA.XML ne mène à aucun fichier de l’archive, ou un document est sans métadonnées.',
    'A URI of METADATA.XML leads to no file of the archive, or a document has no metadata.',
    'Écrire le chemin relatif au dossier de METADATA.XML.',
    'Write the path relative to the folder of METADATA.XML.',
  ),
  'sandbox.mail-size-differs': CONTENT(
    'La taille déclarée d’un document n’est pas celle de ses octets.',
    'The size declared for a document is not that of its bytes.',
    'Calculer sur les octets exacts du fichier.',
    'Compute over the exact bytes of the file.',
  ),
  'sandbox.mail-hash-differs': CONTENT(
    'L’empreinte SHA-1 déclarée d’un document n’est pas celle de ses octets.',
    'The SHA-1 declared for a document is not that of its bytes.',
    'Calculer sur les octets exacts du fichier.',
    'Compute over the exact bytes of the file.',
  ),
  'sandbox.mail-not-cda': CONTENT(
    'Un document de l’archive n’est pas un CDA bien formé.',
    'A document of the archive is not a well-formed CDA.',
    'Mettre dans l’archive les octets du ClinicalDocument.',
    'Put the bytes of the ClinicalDocument into the archive.',
  ),
  'sandbox.mail-document-id': CONTENT(
    'Le uniqueId des métadonnées n’est pas l’identifiant du CDA.',
    'The uniqueId of the metadata is not the identifier of the CDA.',
    'Reprendre ClinicalDocument/id.',
    'Take ClinicalDocument/id.',
  ),
  'sandbox.mail-several-patients': CONTENT(
    'Les documents ou leurs métadonnées sont de plusieurs patients.',
    'The documents or their metadata are of several patients.',
    'Envoyer un message par patient (ECO.2.1.1).',
    'Send one mail for each patient (ECO.2.1.1).',
  ),
  'sandbox.mail-other-patient': CONTENT(
    'Le message à un patient porte le document d’un autre.',
    'The mail to a patient carries the document of another.',
    'Former l’adresse de l’INS du document.',
    'Make the address of the INS of the document.',
  ),
  'sandbox.mail-codecda': CONTENT(
    'X-MSS-CODECDA n’est pas le code des CDA joints.',
    'X-MSS-CODECDA is not the code of the CDA attached.',
    'Écrire ClinicalDocument/code/@code, séparés par des virgules (ECO.2.4.1).',
    'Write ClinicalDocument/code/@code, separated by commas (ECO.2.4.1).',
  ),
  'sandbox.mail-ins': CONTENT(
    'X-MSS-INS ne dit pas ce que les CDA montrent.',
    'X-MSS-INS does not say what the CDA show.',
    'O si matricule, OID et quatre traits figurent dans le CDA, sinon N (ECO.2.4.2).',
    'O where the CDA holds matricule, OID and four traits, else N (ECO.2.4.2).',
  ),
  'sandbox.mail-pdf': CONTENT(
    'Il n’y a pas un PDF joint pour chaque CDA.',
    'There is not one PDF attached for each CDA.',
    'Joindre un PDF par document à côté de l’archive (ECO.2.1.5).',
    'Attach one PDF for each document beside the archive (ECO.2.1.5).',
  ),
  'sandbox.mail-scripted': row(
    451,
    '4.3.0',
    'Panne programmée.',
    'Scripted fault.',
    'Retirer la panne par DELETE /mssante/faults.',
    'Remove the fault with DELETE /mssante/faults.',
  ),
});

export type MailRefusalCode = keyof typeof mailRefusals;

/** One reason of a refusal, with what varies in its words. */
export interface Reason {
  code: MailRefusalCode;
  values: Readonly<Record<string, string | number>>;
}

export function reason(code: MailRefusalCode, values: Reason['values'] = {}): Reason {
  return { code, values };
}
