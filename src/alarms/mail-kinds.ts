import type { IncidentKind } from '../words/incident.ts';
import type { Kind } from './kind.ts';

/** What can be wrong with mails and mailboxes. */
export const MAIL_KINDS = {
  'receipts-late': {
    title: {
      fr: 'Des courriels partis de {subject} n’ont pas reçu leur accusé d’acheminement.',
      en: 'Mails that left by {subject} have not had their delivery report.',
    },
    details: [{ fr: 'Courriels concernés : {waiting}.', en: 'Mails concerned: {waiting}.' }],
    means: {
      fr: "L'opérateur les a pris en charge, mais rien ne dit s'ils sont arrivés. Sans accusé dans le délai, ils finissent « sans confirmation » et ne sont pas comptés.",
      en: 'The operator took them over, but nothing says whether they arrived. Without a report in time they end “unconfirmed” and are not counted.',
    },
    steps: [
      {
        fr: 'Une alarme sur la lecture de cette boîte est-elle ouverte ? Les accusés y attendent alors, et tout se règle au retour.',
        en: 'Is an alarm on the reading of this mailbox open? Then reports wait there, and all is settled when it is back.',
      },
      {
        fr: 'Sinon, demander à l’opérateur s’il envoie des accusés (DSN) à cette boîte, et où en est sa file.',
        en: 'Otherwise ask the operator whether it sends reports (DSN) to this mailbox, and how its queue stands.',
      },
      {
        fr: 'Ne rien renvoyer : un second courriel partirait.',
        en: 'Send nothing again: a second mail would leave.',
      },
    ],
    ends: 'source',
  },
  'mail-bounced': {
    title: {
      fr: 'Des courriels partis de {subject} sont revenus avec une réponse à lire.',
      en: 'Mails that left by {subject} came back with an answer to be read.',
    },
    details: [{ fr: 'Courriels concernés : {waiting}.', en: 'Mails concerned: {waiting}.' }],
    means: {
      fr: 'La réponse automatique n’a pas la forme d’un accusé : la passerelle ne devine pas ce qu’elle dit.',
      en: 'The automatic answer does not have the form of a report: the gateway does not guess what it says.',
    },
    steps: [
      {
        fr: 'Ouvrir chaque livraison de la liste de travail (code mssante.bounce) et lire la réponse reçue.',
        en: 'Open each delivery of the work list (code mssante.bounce) and read the answer that came.',
      },
      {
        fr: 'Relancer si le courriel n’est pas arrivé et peut l’être ; sinon clore sans confirmation et prévenir l’émetteur.',
        en: 'Retry when the mail did not arrive and now may; otherwise close it as unconfirmed and tell the sender.',
      },
    ],
    ends: 'source',
  },
  'integration-parked': {
    title: {
      fr: 'Des documents reçus dans la boîte MSSanté {subject} ne sont pas acquittés.',
      en: 'Documents received in the mailbox {subject} of MSSanté are not acknowledged.',
    },
    details: [
      { fr: 'Code : {code}.', en: 'Code: {code}.' },
      { fr: 'Documents arrêtés : {parked}.', en: 'Documents stopped: {parked}.' },
    ],
    means: {
      fr: "Le logiciel destinataire n'a pas pris ces documents, et leur auteur n'en sait rien encore ; ceux d'après continuent.",
      en: 'The receiving software did not take these documents, and their author knows nothing yet; those after them go on.',
    },
    steps: [
      {
        fr: 'Adresse, port et journal du logiciel destinataire.',
        en: 'Address, port and log of the receiving software.',
      },
      {
        fr: 'Reprendre (`POST /api/integrations/{id}/resume`), avec le même MSH-10, ou y renoncer (`…/close`).',
        en: 'Resume (`POST /api/integrations/{id}/resume`), with the same MSH-10, or give them up (`…/close`).',
      },
    ],
    ends: 'source',
  },
  'mailbox-down': {
    title: {
      fr: 'La boîte aux lettres {subject} ne peut plus être lue.',
      en: 'Mailbox {subject} can no longer be read.',
    },
    details: [{ fr: 'Code : {code}.', en: 'Code: {code}.' }],
    means: {
      fr: 'Accusés et documents restent chez l’opérateur : les livraisons attendent leur accusé, et rien n’est remis au logiciel métier. Les envois continuent.',
      en: 'Receipts and documents stay with the operator: deliveries wait for their receipt, and nothing is handed to the software. Sending goes on.',
    },
    steps: [
      {
        fr: '`viaduc doctor` : nom, réseau, TLS, certificat et accès de la boîte (mssante.mailboxes.imap).',
        en: '`viaduc doctor`: name, network, TLS, certificate and access of the mailbox (mssante.mailboxes.imap).',
      },
      {
        fr: 'Rien n’est perdu : tout est lu dès que la boîte répond.',
        en: 'Nothing is lost: everything is read as soon as the mailbox answers.',
      },
    ],
    ends: 'source',
  },
  'white-list': {
    title: {
      fr: 'La liste blanche de MSSanté n’a pas pu être renouvelée.',
      en: 'The white list of MSSanté could not be renewed.',
    },
    details: [{ fr: 'Code : {code}.', en: 'Code: {code}.' }],
    means: {
      fr: 'La dernière bonne liste sert toujours ; un domaine ajouté depuis est encore refusé. Sans aucune liste, aucun courriel ne part.',
      en: 'The last good list still serves; a domain added since is still refused. Without any list no mail leaves.',
    },
    steps: [
      {
        fr: 'Le code dit pourquoi : source injoignable, fichier illisible, plus ancien, ou qui a perdu trop de domaines.',
        en: 'The code says why: source out of reach, file unreadable, older, or short of too many domains.',
      },
      {
        fr: '`viaduc mssante white-list` montre la liste en service, celle qui attend et les domaines qu’elle a perdus. Comparer avec la liste publiée par l’ANS.',
        en: '`viaduc mssante white-list` shows the list in use, the one that waits and the domains that it lost. Compare with the list that the ANS publishes.',
      },
      {
        fr: 'Perte voulue : `viaduc mssante white-list accept SHA256 --reason TEXTE`. Sinon corriger mssante.whiteList ; la source est relue d’elle-même en 15 minutes au plus.',
        en: 'A loss that is meant: `viaduc mssante white-list accept SHA256 --reason TEXT`. Otherwise correct mssante.whiteList; the source is read again by itself within 15 minutes.',
      },
    ],
    ends: 'source',
  },
  directory: {
    title: {
      fr: 'L’Annuaire Santé ne peut pas être interrogé.',
      en: 'The Annuaire Santé cannot be asked.',
    },
    details: [{ fr: 'Code : {code}.', en: 'Code: {code}.' }],
    means: {
      fr: 'Aucun envoi ne l’attend : les courriels partent, leur destinataire n’est pas vérifié.',
      en: 'No sending waits for it: mails leave, their recipient is not verified.',
    },
    steps: [
      {
        fr: '`viaduc doctor` dit ce qui manque : réseau, adresse, clé (mssante.directory.keyFile, relue à chaque question).',
        en: '`viaduc doctor` says what is missing: network, address, key (mssante.directory.keyFile, read at each question).',
      },
      {
        fr: 'Clé refusée : vérifier l’abonnement sur le portail des API de l’ANS.',
        en: 'Key refused: check the subscription on the API portal of the ANS.',
      },
    ],
    ends: 'source',
  },
} as const satisfies Readonly<Partial<Record<IncidentKind, Kind>>>;
