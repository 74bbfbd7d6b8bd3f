import { catalogue, raiser } from '../../words/errors.ts';

/** What can go wrong between the gateway and a mail operator. */
export const wireErrors = catalogue({
  'mssante.unreachable': {
    class: 'transient',
    message: {
      fr: 'L’opérateur MSSanté n’a pas été joint ({reason}).',
      en: 'The MSSanté operator was not reached ({reason}).',
    },
    remedy: {
      fr: 'Rien à faire : le courriel est renvoyé tout seul. Si cela dure, vérifier le réseau et l’adresse du serveur (mssante.mailboxes).',
      en: 'Nothing to do: the mail is sent again by itself. If it lasts, check the network and the address of the server (mssante.mailboxes).',
    },
  },
  'mssante.tls-refused': {
    class: 'configuration',
    message: {
      fr: 'La connexion protégée avec l’opérateur MSSanté a été refusée ({reason}).',
      en: 'The protected connection with the MSSanté operator was refused ({reason}).',
    },
    remedy: {
      fr: 'Vérifier les autorités, le certificat client et le nom du serveur de la boîte (mssante.mailboxes) ; « viaduc doctor » dit lequel est en cause.',
      en: 'Check the authorities, the client certificate and the server name of the mailbox (mssante.mailboxes); “viaduc doctor” says which is at fault.',
    },
  },
  'mssante.access-refused': {
    class: 'configuration',
    message: {
      fr: 'L’opérateur MSSanté refuse l’accès à la boîte (réponse {answer}).',
      en: 'The MSSanté operator refuses access to the mailbox (answer {answer}).',
    },
    remedy: {
      fr: 'Vérifier avec l’opérateur le certificat, l’identifiant, le mot de passe et les droits de la boîte.',
      en: 'Check with the operator the certificate, user, password and rights of the mailbox.',
    },
  },
  'mssante.sender-refused': {
    class: 'configuration',
    message: {
      fr: 'L’opérateur MSSanté n’accepte pas que la boîte envoie sous son adresse (réponse {answer}).',
      en: 'The MSSanté operator does not let the mailbox send under its address (answer {answer}).',
    },
    remedy: {
      fr: 'Vérifier que l’adresse de la boîte est celle du compte ou du certificat chez l’opérateur.',
      en: 'Check that the address of the mailbox is that of the account or certificate at the operator.',
    },
  },
  'mssante.refused-for-now': {
    class: 'transient',
    message: {
      fr: 'L’opérateur MSSanté ne prend pas le courriel pour le moment (réponse {answer}).',
      en: 'The MSSanté operator does not take the mail for now (answer {answer}).',
    },
    remedy: {
      fr: 'Rien à faire : le courriel est renvoyé tout seul.',
      en: 'Nothing to do: the mail is sent again by itself.',
    },
  },
  'mssante.recipient-refused': {
    class: 'permanent',
    message: {
      fr: 'L’opérateur MSSanté refuse le destinataire (réponse {answer}).',
      en: 'The MSSanté operator refuses the recipient (answer {answer}).',
    },
    remedy: {
      fr: 'Corriger l’adresse du destinataire dans le logiciel d’origine et envoyer de nouveau.',
      en: 'Correct the address of the recipient in the sending software and send again.',
    },
  },
  'mssante.mail-refused': {
    class: 'permanent',
    message: {
      fr: 'L’opérateur MSSanté refuse le courriel (réponse {answer}).',
      en: 'The MSSanté operator refuses the mail (answer {answer}).',
    },
    remedy: {
      fr: 'Demander à l’opérateur pourquoi il refuse ce courriel ; sa réponse entière est gardée avec la livraison.',
      en: 'Ask the operator why it refuses this mail; its whole answer is kept with the delivery.',
    },
  },
  'mssante.too-large': {
    class: 'permanent',
    message: {
      fr: 'Le courriel est plus grand que ce que l’opérateur MSSanté accepte.',
      en: 'The mail is larger than what the MSSanté operator accepts.',
    },
    remedy: {
      fr: 'Réduire le document (images, PDF inclus), ou demander à l’opérateur une limite plus haute.',
      en: 'Make the document smaller (images, enclosed PDF), or ask the operator for a higher limit.',
    },
  },
  'mssante.in-doubt': {
    class: 'ambiguous',
    message: {
      fr: 'La connexion s’est rompue avant que l’opérateur MSSanté dise s’il prenait le courriel.',
      en: 'The connection ended before the MSSanté operator said whether it took the mail.',
    },
    remedy: {
      fr: 'Attendre l’accusé de transport ; sans lui, une personne décide d’envoyer de nouveau ou de clore.',
      en: 'Wait for the delivery report; without one, a person decides to send again or to close.',
    },
  },
  'mssante.token-refused': {
    class: 'configuration',
    message: {
      fr: 'Le serveur de jetons de l’opérateur MSSanté n’en donne pas ({reason}).',
      en: 'The token server of the MSSanté operator gives none ({reason}).',
    },
    remedy: {
      fr: 'Vérifier tokenUrl, clientId, le secret et scope de la boîte (mssante.mailboxes).',
      en: 'Check tokenUrl, clientId, the secret and scope of the mailbox (mssante.mailboxes).',
    },
  },
  'mssante.token-unreachable': {
    class: 'transient',
    message: {
      fr: 'Le serveur de jetons de l’opérateur MSSanté n’a pas été joint ({reason}).',
      en: 'The token server of the MSSanté operator was not reached ({reason}).',
    },
    remedy: {
      fr: 'Rien à faire si cela ne dure pas ; sinon vérifier tokenUrl et le réseau.',
      en: 'Nothing to do unless it lasts; otherwise check tokenUrl and the network.',
    },
  },
  'mssante.mailbox-unreachable': {
    class: 'transient',
    message: {
      fr: 'La boîte MSSanté ne peut pas être lue pour le moment ({reason}).',
      en: 'The MSSanté mailbox cannot be read for now ({reason}).',
    },
    remedy: {
      fr: 'Rien à faire si cela ne dure pas : la lecture reprend toute seule. Sinon vérifier le réseau et l’adresse du serveur IMAP (mssante.mailboxes).',
      en: 'Nothing to do unless it lasts: reading resumes by itself. Otherwise check the network and the address of the IMAP server (mssante.mailboxes).',
    },
  },
  'mssante.mailbox-refused': {
    class: 'configuration',
    message: {
      fr: 'Le serveur IMAP refuse l’accès à la boîte MSSanté ({reason}).',
      en: 'The IMAP server refuses access to the MSSanté mailbox ({reason}).',
    },
    remedy: {
      fr: 'Vérifier avec l’opérateur le certificat, l’identifiant et le mot de passe de la boîte (mssante.mailboxes, imap).',
      en: 'Check with the operator the certificate, user and password of the mailbox (mssante.mailboxes, imap).',
    },
  },
  'mssante.mailbox-folder': {
    class: 'configuration',
    message: {
      fr: 'Le dossier {folder} de la boîte MSSanté manque ou n’accepte rien.',
      en: 'The folder {folder} of the MSSanté mailbox is missing or takes nothing.',
    },
    remedy: {
      fr: 'Vérifier le nom du dossier (mssante.mailboxes, imap.folder et imap.folders), la place et les droits de la boîte ; rien n’est perdu entre-temps.',
      en: 'Check the name of the folder (mssante.mailboxes, imap.folder and imap.folders), the space and the rights of the mailbox; nothing is lost meanwhile.',
    },
  },
});

export type WireErrorCode = keyof typeof wireErrors;

export const raiseWire = raiser(wireErrors);

/** What keeps a mail from leaving, or leaves open whether it arrived. */
export const mailErrors = catalogue({
  'mssante.mailbox-unknown': {
    class: 'configuration',
    message: {
      fr: 'La boîte d’où ce courriel doit partir n’est plus configurée.',
      en: 'The mailbox that this mail is to leave from is no longer configured.',
    },
    remedy: {
      fr: 'Remettre la boîte sous le même nom (mssante.mailboxes), redémarrer, puis relancer.',
      en: 'Put the mailbox back under the same id (mssante.mailboxes), restart, then retry.',
    },
  },
  'mssante.recipient-gone': {
    class: 'permanent',
    message: {
      fr: 'L’adresse du destinataire n’est plus connue : elle a été effacée avec les données de la personne.',
      en: 'The address of the recipient is no longer known: it was erased with the data of the person.',
    },
    remedy: { fr: 'Annuler la livraison.', en: 'Cancel the delivery.' },
  },
  'mssante.receipt-late': {
    class: 'ambiguous',
    message: {
      fr: 'L’opérateur a pris le courriel en charge, et aucun accusé n’est encore revenu.',
      en: 'The operator took the mail over, and no receipt has come yet.',
    },
    remedy: {
      fr: 'Rien : l’accusé est attendu. S’il n’en vient aucun de cette boîte, vérifier l’accès IMAP.',
      en: 'Nothing: the receipt is awaited. If none comes for this mailbox, check its IMAP access.',
    },
  },
  'mssante.no-receipt': {
    class: 'ambiguous',
    message: {
      fr: 'L’opérateur a pris le courriel en charge, mais aucun accusé n’est revenu dans le délai : la remise n’est pas confirmée.',
      en: 'The operator took the mail over, but no receipt came in time: delivery is not confirmed.',
    },
    remedy: {
      fr: 'Demander au destinataire s’il l’a reçu. Un accusé tardif change encore l’issue.',
      en: 'Ask the recipient whether it came. A late receipt still changes the outcome.',
    },
  },
  'mssante.may-have-left': {
    class: 'ambiguous',
    message: {
      fr: 'Ce courriel a pu partir avant la restauration, sans trace : il n’est pas renvoyé de lui-même.',
      en: 'This mail may have left before the restore, without a trace: it is not sent again by itself.',
    },
    remedy: {
      fr: 'Demander au destinataire ; puis relancer, ou clore sans confirmation.',
      en: 'Ask the recipient; then retry, or close it as unconfirmed.',
    },
  },
  'mssante.bounce': {
    class: 'ambiguous',
    message: {
      fr: 'Une réponse automatique d’une forme inconnue est revenue de ce courriel : elle seule dit s’il est arrivé.',
      en: 'An automatic answer in no known form came back after this mail: it alone says whether it arrived.',
    },
    remedy: {
      fr: 'Lire la réponse (accusés de la livraison) ; puis relancer, ou clore sans confirmation. Un accusé d’acheminement règle encore la livraison.',
      en: 'Read the answer (receipts of the delivery); then retry, or close it as unconfirmed. A delivery report still settles it.',
    },
  },
  'mssante.closed-unconfirmed': {
    class: 'permanent',
    message: {
      fr: 'Une personne a clos ce courriel sans savoir s’il est arrivé.',
      en: 'A person closed this mail without knowing whether it arrived.',
    },
    remedy: {
      fr: 'Demander au destinataire s’il l’a reçu. Un accusé tardif change encore l’issue.',
      en: 'Ask the recipient whether it came. A late receipt still changes the outcome.',
    },
  },
});
