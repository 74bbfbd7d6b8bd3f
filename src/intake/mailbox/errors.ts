import { catalogue, raiser } from '../../words/errors.ts';

/** Why a mail with documents is set aside, and how handing them on and answering end. */
export const mailboxErrors = catalogue({
  'received.no-consumer': {
    class: 'configuration',
    message: {
      fr: 'Des documents arrivent dans cette boîte, et aucun logiciel ne les y attend.',
      en: 'Documents come into this mailbox, and no software is named that takes them.',
    },
    remedy: {
      fr: 'Configurer mssante.mailboxes.….receives, redémarrer, puis reprendre le courriel.',
      en: 'Configure mssante.mailboxes.….receives, start again, then take the mail up again.',
    },
  },
  'received.no-document': {
    class: 'invalid',
    message: {
      fr: "L'archive du courriel ne contient aucun document CDA.",
      en: 'The archive of the mail holds no CDA document.',
    },
    remedy: {
      fr: 'Lire le courriel dans la messagerie et demander un nouvel envoi à son auteur.',
      en: 'Read the mail in the mail reader and ask its author to send it again.',
    },
  },
  'received.failed': {
    class: 'not-judged',
    message: {
      fr: "L'archive du courriel n'a pas pu être ouverte par la passerelle.",
      en: 'The archive of the mail could not be opened by the gateway.',
    },
    remedy: {
      fr: "Lire le journal, transmettre l'erreur à l'éditeur de la passerelle, puis reprendre le courriel.",
      en: 'Read the log, report the error to whoever maintains the gateway, then take the mail up again.',
    },
  },
  'received.ins-missing': {
    class: 'invalid',
    message: {
      fr: 'Un document du courriel ne porte pas d’INS (903).',
      en: 'A document of the mail carries no INS (903).',
    },
    remedy: {
      fr: 'Identifier le patient, rattacher le document à la main, et prévenir son auteur.',
      en: 'Identify the patient, file the document by hand, and tell its author.',
    },
  },
  'received.ins-incomplete': {
    class: 'invalid',
    message: {
      fr: "L'INS d'un document du courriel est incomplet : un trait d'identité manque (905).",
      en: 'The INS of a document of the mail is incomplete: a trait is missing (905).',
    },
    remedy: {
      fr: 'Identifier le patient, rattacher le document à la main, et prévenir son auteur.',
      en: 'Identify the patient, file the document by hand, and tell its author.',
    },
  },
  'received.ins-unusable': {
    class: 'invalid',
    message: {
      fr: "L'INS d'un document du courriel n'est pas utilisable : clé, domaine ou cohérence (906).",
      en: 'The INS of a document of the mail cannot be used: key, root or coherence (906).',
    },
    remedy: {
      fr: "Traiter comme un risque d'erreur de patient : vérifier l'identité, prévenir l'auteur.",
      en: 'Treat it as a risk of a wrong patient: check the identity, tell the author.',
    },
  },
  'received.replaced-not-named': {
    class: 'invalid',
    message: {
      fr: 'Un document doit en remplacer un autre, et ne dit pas lequel.',
      en: 'A document is to replace another, and does not say which.',
    },
    remedy: {
      fr: 'Demander un nouvel envoi à son auteur.',
      en: 'Ask its author to send it again.',
    },
  },
  'integration.no-address': {
    class: 'configuration',
    message: {
      fr: "Le logiciel destinataire n'a pas d'adresse où recevoir les documents.",
      en: 'The receiving software has no address to take documents.',
    },
    remedy: {
      fr: 'Configurer senders.….notices du logiciel, redémarrer, puis reprendre les intégrations.',
      en: 'Configure senders.….notices of the software, start again, then resume the integrations.',
    },
  },
  'integration.unreachable': {
    class: 'transient',
    message: {
      fr: "Le logiciel destinataire n'accepte pas de connexion.",
      en: 'The receiving software takes no connection.',
    },
    remedy: {
      fr: 'Démarrer son écoute ou corriger son adresse (senders.….notices) ; le document repart de lui-même.',
      en: 'Start its listener or correct its address (senders.….notices); the document goes on by itself.',
    },
  },
  'integration.tls': {
    class: 'configuration',
    message: {
      fr: 'La connexion TLS vers le logiciel destinataire a échoué.',
      en: 'The TLS connection to the receiving software failed.',
    },
    remedy: {
      fr: 'Vérifier les autorités, le nom et le certificat client (senders.….notices.tls).',
      en: 'Check authorities, name and client certificate (senders.….notices.tls).',
    },
  },
  'integration.no-answer': {
    class: 'transient',
    message: {
      fr: "Le logiciel destinataire n'a pas acquitté le document dans le délai, ou a coupé la connexion.",
      en: 'The receiving software did not acknowledge the document in time, or cut the connection.',
    },
    remedy: {
      fr: 'Rien : le document est répété avec le même MSH-10. Si cela dure, lire le journal du logiciel.',
      en: 'Nothing: the document is repeated with the same MSH-10. If it lasts, read the log of the software.',
    },
  },
  'integration.answered-later': {
    class: 'transient',
    message: {
      fr: 'Le logiciel destinataire a répondu AR : il ne peut prendre le document maintenant.',
      en: 'The receiving software answered AR: it cannot take the document now.',
    },
    remedy: { fr: 'Rien : le document est répété.', en: 'Nothing: the document is repeated.' },
  },
  'integration.syntax': {
    class: 'permanent',
    message: {
      fr: 'Le logiciel destinataire refuse le message pour sa forme (AE, sans erreur applicative).',
      en: 'The receiving software refuses the message for its form (AE, without an application error).',
    },
    remedy: {
      fr: "Corriger avec l'éditeur du logiciel, puis reprendre l'intégration ; les suivantes ne l'attendent pas.",
      en: 'Mend it with the vendor of the software, then resume the integration; those after it do not wait.',
    },
  },
  'integration.closed': {
    class: 'permanent',
    message: {
      fr: 'Une personne a renoncé à transmettre ce document.',
      en: 'A person gave up handing this document on.',
    },
    remedy: { fr: "L'auteur est informé (906).", en: 'The author is told (906).' },
  },
  'integration.not-parked': {
    class: 'invalid',
    status: 409,
    message: {
      fr: "Cette intégration n'est pas arrêtée ({state}).",
      en: 'This integration is not parked ({state}).',
    },
    remedy: { fr: 'Rien à faire.', en: 'Nothing to do.' },
  },
  'received.not-set-aside': {
    class: 'invalid',
    status: 409,
    message: {
      fr: "Ce courriel n'est pas de ceux qui ont été écartés.",
      en: 'This mail is not one of those that were set aside.',
    },
    remedy: { fr: 'Rien à faire.', en: 'Nothing to do.' },
  },
  'answer.in-doubt': {
    class: 'ambiguous',
    message: {
      fr: "Nul ne sait si la réponse au courriel a été prise par l'opérateur ; elle n'est pas répétée.",
      en: 'Nobody knows whether the operator took the answer to the mail; it is not repeated.',
    },
    remedy: { fr: "Prévenir l'auteur du courriel.", en: 'Tell the author of the mail.' },
  },
  'answer.not-asked': {
    class: 'permanent',
    message: {
      fr: "Le courriel ne demande pas d'accusé.",
      en: 'The mail asks for no disposition notification.',
    },
    remedy: { fr: 'Rien à faire.', en: 'Nothing to do.' },
  },
  'answer.several-addresses': {
    class: 'permanent',
    message: {
      fr: "Le courriel demande un accusé à plusieurs adresses : il n'est pas envoyé d'office (RFC 8098).",
      en: 'The mail asks for a notification to several addresses: it is not sent by itself (RFC 8098).',
    },
    remedy: { fr: 'Rien à faire.', en: 'Nothing to do.' },
  },
  'answer.no-return-path': {
    class: 'permanent',
    message: {
      fr: "Le courriel n'a pas d'expéditeur d'enveloppe : aucun accusé d'office (RFC 8098).",
      en: 'The mail has no envelope sender: no notification by itself (RFC 8098).',
    },
    remedy: { fr: 'Rien à faire.', en: 'Nothing to do.' },
  },
  'answer.address-differs': {
    class: 'permanent',
    message: {
      fr: "L'accusé est demandé à une autre adresse que l'expéditeur de l'enveloppe (RFC 8098).",
      en: 'The notification is asked for at another address than the envelope sender (RFC 8098).',
    },
    remedy: { fr: 'Rien à faire.', en: 'Nothing to do.' },
  },
  'answer.automatic': {
    class: 'permanent',
    message: {
      fr: 'Le courriel a été envoyé par un automate qui le dit : on ne lui répond pas (RFC 3834).',
      en: 'The mail was sent by a machine that says so: it is not answered (RFC 3834).',
    },
    remedy: { fr: 'Rien à faire.', en: 'Nothing to do.' },
  },
  'answer.own-address': {
    class: 'permanent',
    message: {
      fr: "L'accusé est demandé à l'une de nos propres boîtes.",
      en: 'The notification is asked for at one of our own mailboxes.',
    },
    remedy: { fr: 'Rien à faire.', en: 'Nothing to do.' },
  },
  'answer.address-malformed': {
    class: 'permanent',
    message: {
      fr: "L'adresse à laquelle l'accusé est demandé n'en est pas une.",
      en: 'The address at which the notification is asked for is none.',
    },
    remedy: { fr: 'Rien à faire.', en: 'Nothing to do.' },
  },
  'answer.erased': {
    class: 'permanent',
    message: {
      fr: 'Le courriel a été effacé avant sa réponse.',
      en: 'The mail was erased before it was answered.',
    },
    remedy: { fr: 'Rien à faire.', en: 'Nothing to do.' },
  },
});

export type MailboxErrorCode = keyof typeof mailboxErrors;

export const mailboxError = raiser(mailboxErrors);

/** Application errors of the volet (applicationErrorCode), in our words of the published labels. */
export const APPLICATION_ERRORS: Readonly<Record<string, string>> = {
  900: 'Version du document incorrecte lors d’une demande de remplacement ou de suppression',
  901: 'Auteur non autorisé à remplacer ou supprimer un document',
  902: 'Identifiant patient inconnu',
  903: 'INS non présent dans le document',
  904: 'L’INS transmis ne correspond pas exactement à celui du logiciel destinataire',
  905: 'L’INS transmis n’est pas complet',
  906: 'Autre erreur',
};

/** What stands for an error that is none of the list. */
export const OTHER = '906';
