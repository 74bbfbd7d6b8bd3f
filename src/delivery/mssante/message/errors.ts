import { catalogue, raiser } from '../../../words/errors.ts';

/**
 * What can go wrong with a mail of MSSanté. No sentence holds an address, a subject or a file name: a recipient is named by
 * its class, a document by its position.
 */
export const messageErrors = catalogue({
  // Addresses
  'mssante.address-malformed': {
    class: 'invalid',
    message: {
      fr: 'Adresse MSSanté mal formée : {why}.',
      en: 'Malformed MSSanté address: {why}.',
    },
    remedy: {
      fr: 'Donner l’adresse seule, sous la forme boite@domaine, sans nom affiché ni guillemets (PRT-15.4).',
      en: 'Give the address alone, in the form box@domain, without display name or quotes (PRT-15.4).',
    },
  },
  'mssante.address-not-of-a-patient': {
    class: 'invalid',
    message: {
      fr: 'L’adresse du patient n’est pas dans le domaine {domain}.',
      en: 'The address of the patient is not in the domain {domain}.',
    },
    remedy: {
      fr: 'Donner l’adresse <matricule INS>@{domain} du patient, ou l’envoyer à un professionnel par DESTMSSANTEPS.',
      en: 'Give the address <INS matricule>@{domain} of the patient, or send to a professional by DESTMSSANTEPS.',
    },
  },
  'mssante.address-of-a-patient': {
    class: 'invalid',
    message: {
      fr: 'L’adresse d’un patient est donnée pour un professionnel ou une organisation.',
      en: 'The address of a patient is given for a professional or an organisation.',
    },
    remedy: {
      fr: 'Demander l’envoi au patient (DESTMSSANTEPAT) : ses règles de visibilité sont alors appliquées.',
      en: 'Ask for the sending to the patient (DESTMSSANTEPAT): its rules of visibility are then applied.',
    },
  },
  'mssante.address-of-another-patient': {
    class: 'invalid',
    message: {
      fr: 'L’adresse de patient donnée n’est pas celle du patient du document.',
      en: 'The patient address given is not that of the patient of the document.',
    },
    remedy: {
      fr: 'Ne rien renvoyer avant d’avoir vérifié l’identité : le matricule de l’adresse doit être l’INS du document.',
      en: 'Send nothing again before the identity is verified: the matricule of the address must be the INS of the document.',
    },
  },
  'mssante.patient-not-qualified': {
    class: 'invalid',
    message: {
      fr: 'L’identité du patient n’est pas qualifiée : aucune adresse de patient ne peut être écrite.',
      en: 'The identity of the patient is not qualified: no patient address can be written.',
    },
    remedy: {
      fr: 'Qualifier l’identité (INSi et pièce d’identité), puis demander l’envoi à nouveau.',
      en: 'Qualify the identity (INSi and proof of identity), then ask for the sending again.',
    },
  },
  'mssante.patient-ins-unusable': {
    class: 'invalid',
    message: {
      fr: 'Le document ne porte pas un INS dont l’adresse du patient puisse être tirée : {why}.',
      en: 'The document carries no INS from which the address of the patient can be made: {why}.',
    },
    remedy: {
      fr: 'Corriger l’INS du document (15 caractères, clé, un seul INS sous un OID de cet environnement).',
      en: 'Correct the INS of the document (15 characters, key, a single INS under an OID of this environment).',
    },
  },

  // Writing
  'mssante.no-document': {
    class: 'invalid',
    message: { fr: 'Aucun document à envoyer.', en: 'No document to send.' },
    remedy: { fr: 'Donner au moins un document.', en: 'Give at least one document.' },
  },
  'mssante.patients-differ': {
    class: 'invalid',
    message: {
      fr: 'Les documents du courriel ne sont pas tous du même patient.',
      en: 'The documents of the mail are not all of one patient.',
    },
    remedy: { fr: 'Faire une demande pour chaque patient.', en: 'Make a request for each patient.' },
  },
  'mssante.text-missing': {
    class: 'configuration',
    message: {
      fr: 'Le texte de courriel {file} manque, est vide ou dépasse {most} caractères.',
      en: 'The mail text {file} is missing, empty or longer than {most} characters.',
    },
    remedy: {
      fr: 'Mettre les huit textes dans le dossier mssante.texts, ou retirer ce réglage pour prendre ceux du produit.',
      en: 'Put the eight texts into the folder mssante.texts, or drop that setting to take those of the product.',
    },
  },
  'mssante.text-variable': {
    class: 'configuration',
    message: {
      fr: 'Le texte de courriel {file} demande {variable}, que rien ne remplit.',
      en: 'The mail text {file} asks for {variable}, which nothing fills.',
    },
    remedy: {
      fr: 'N’employer que {known}.',
      en: 'Use {known} only.',
    },
  },
  'mssante.too-large-for-setting': {
    class: 'permanent',
    message: {
      fr: 'Le courriel ferait {bytes} octets, au-delà de {most} (mssante.mailboxes.smtp.sizeLimit).',
      en: 'The mail would have {bytes} bytes, more than {most} (mssante.mailboxes.smtp.sizeLimit).',
    },
    remedy: {
      fr: 'Envoyer un document plus léger ; relever la limite seulement si l’opérateur prend davantage.',
      en: 'Send a lighter document; raise the limit only if the operator takes more.',
    },
  },
  'mssante.too-large-for-operator': {
    class: 'permanent',
    message: {
      fr: 'Le courriel fait {bytes} octets, au-delà de {most}, limite annoncée par l’opérateur (EHLO SIZE).',
      en: 'The mail has {bytes} bytes, more than {most}, the limit that the operator announces (EHLO SIZE).',
    },
    remedy: {
      fr: 'Envoyer un document plus léger, ou demander à l’opérateur une limite plus haute.',
      en: 'Send a lighter document, or ask the operator for a higher limit.',
    },
  },
  'mssante.too-large-for-patient': {
    class: 'permanent',
    message: {
      fr: 'Le courriel ferait {bytes} octets, au-delà de {most}, limite de Mon espace santé.',
      en: 'The mail would have {bytes} bytes, more than {most}, the limit of Mon espace santé.',
    },
    remedy: {
      fr: 'Envoyer un document plus léger au patient.',
      en: 'Send a lighter document to the patient.',
    },
  },

  // Reading
  'mssante.mail-too-long': {
    class: 'invalid',
    message: {
      fr: 'Le courriel reçu a {bytes} octets, au-delà de {most}.',
      en: 'The mail received has {bytes} bytes, more than {most}.',
    },
    remedy: {
      fr: 'Le lire dans la boîte avec un autre outil ; demander à l’expéditeur un envoi plus léger.',
      en: 'Read it in the mailbox with another tool; ask the sender for a lighter one.',
    },
  },
  'mssante.mail-malformed': {
    class: 'invalid',
    message: {
      fr: 'Le courriel reçu est mal formé ou piégé : {why}.',
      en: 'The mail received is malformed or a trap: {why}.',
    },
    remedy: {
      fr: 'Ne pas l’ouvrir sans précaution ; prévenir l’expéditeur, et le RSSI si cela se répète.',
      en: 'Do not open it without care; tell the sender, and the security officer if it happens again.',
    },
  },
});

export const messageError = raiser(messageErrors);
