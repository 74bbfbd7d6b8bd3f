import { catalogue, raiser } from '../words/errors.ts';

export const consoleErrors = catalogue({
  'console.not-found': {
    class: 'invalid',
    status: 404,
    message: { fr: 'Rien ici.', en: 'There is nothing here.' },
    remedy: { fr: 'Vérifier l’adresse et l’identifiant.', en: 'Check the address and the identifier.' },
  },
  'console.period-unclear': {
    class: 'invalid',
    status: 400,
    message: {
      fr: 'La période se dit d’une seule façon : window, period, ou from et to.',
      en: 'A period is said in one way only: window, period, or from and to.',
    },
    remedy: { fr: 'Garder un seul de ces paramètres.', en: 'Keep one of these parameters.' },
  },
  'console.not-csv': {
    class: 'invalid',
    status: 415,
    message: {
      fr: 'Le corps n’est pas annoncé comme un fichier CSV.',
      en: 'The body is not announced as a CSV file.',
    },
    remedy: { fr: 'Envoyer Content-Type: text/csv.', en: 'Send Content-Type: text/csv.' },
  },
  'console.sender-unknown': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Aucun émetteur {sender} dans les établissements de ce jeton.',
      en: 'There is no sender {sender} in the establishments of this token.',
    },
    remedy: { fr: 'Nommer un émetteur configuré.', en: 'Name a configured sender.' },
  },
  'console.name-near': {
    class: 'invalid',
    status: 409,
    message: {
      fr: 'Un jeton est déjà au nom de « {name} », qui ne diffère que par la casse, les accents ou la ponctuation.',
      en: 'A token already bears the name "{name}", which differs in case, accents or punctuation alone.',
    },
    remedy: {
      fr: 'Pour la même personne, écrire le nom exactement ainsi ; pour une autre, un nom qui la distingue.',
      en: 'For the same person, write the name exactly so; for another, a name that tells them apart.',
    },
  },
  'console.notice-unknown': {
    class: 'invalid',
    status: 404,
    message: { fr: 'Aucun avis sous cet identifiant.', en: 'No notice under this identifier.' },
    remedy: { fr: 'Lire GET /api/notices.', en: 'Read GET /api/notices.' },
  },
  'console.work-unknown': {
    class: 'invalid',
    status: 404,
    message: { fr: 'Aucun élément ouvert sous cet identifiant.', en: 'No open item under this identifier.' },
    remedy: { fr: 'Lire GET /api/worklist.', en: 'Read GET /api/worklist.' },
  },
  'console.work-not-closable': {
    class: 'invalid',
    status: 409,
    message: {
      fr: 'Cet élément disparaît de lui-même quand ce dont il parle avance.',
      en: 'This item goes by itself when what it is about moves on.',
    },
    remedy: {
      fr: "Faire ce que dit l'élément : relancer ou annuler la livraison, reprendre l'avis.",
      en: 'Do what the item says: retry or cancel the delivery, resume the notice.',
    },
  },
  'console.reading-unexplained': {
    class: 'invalid',
    status: 400,
    message: { fr: 'Un document se lit avec un motif.', en: 'A document is read with a reason.' },
    remedy: {
      fr: 'Donner l’en-tête Viaduc-Reason, de 3 caractères au moins : la référence de la demande, jamais l’identité.',
      en: 'Give the header Viaduc-Reason, of at least 3 characters: the reference of the request, never who it is.',
    },
  },
  'console.person-unnamed': {
    class: 'invalid',
    status: 422,
    message: { fr: 'Aucun identifiant de personne n’est donné.', en: 'No identifier of a person is given.' },
    remedy: { fr: 'Donner « ins » ou « ipp » dans le corps.', en: "Give 'ins' or 'ipp' in the body." },
  },
  'console.person-unknown': {
    class: 'invalid',
    status: 404,
    message: {
      fr: 'Rien n’est conservé sous cet identifiant dans cet établissement.',
      en: 'Nothing is held under this identifier in this establishment.',
    },
    remedy: {
      fr: 'Essayer l’autre identifiant (INS, IPP avec son OID) ; une personne effacée n’est plus trouvée.',
      en: 'Try the other identifier (INS, IPP with its OID); a person who was erased is no longer found.',
    },
  },
  'console.person-not-ended': {
    class: 'invalid',
    status: 409,
    message: {
      fr: '{count} soumission(s) de cette personne ne sont pas terminées, dont {first}.',
      en: '{count} submission(s) of this person have not ended, {first} among them.',
    },
    remedy: {
      fr: 'Attendre leur fin, ou les annuler (POST /api/submissions/…/cancel), puis demander à nouveau.',
      en: 'Wait for their end, or cancel them (POST /api/submissions/…/cancel), then ask again.',
    },
  },
  'console.erasure-unexplained': {
    class: 'invalid',
    status: 422,
    message: { fr: 'Un effacement se demande avec un motif.', en: 'An erasure is asked for with a reason.' },
    remedy: {
      fr: 'Donner « reason » (référence de la demande, jamais l’identité), ou « confirm » pour confirmer.',
      en: "Give 'reason' (reference of the request, never who it is), or 'confirm' to confirm one.",
    },
  },
  'console.erasure-unknown': {
    class: 'invalid',
    status: 404,
    message: {
      fr: 'Aucun effacement de cette personne n’attend sous ce code.',
      en: 'No erasure of this person waits under this code.',
    },
    remedy: {
      fr: 'Donner le code reçu à la demande, dans les sept jours, avec la même personne.',
      en: 'Give the code of the request, within seven days, with the same person.',
    },
  },
  'console.erasure-same-person': {
    class: 'invalid',
    status: 403,
    message: {
      fr: 'Qui a demandé l’effacement ne le confirme pas.',
      en: 'Who asked for the erasure does not confirm it.',
    },
    remedy: {
      fr: 'Faire confirmer un administrateur, sous son propre accès.',
      en: 'Have an administrator confirm, under their own access.',
    },
  },
  'console.erasure-changed': {
    class: 'invalid',
    status: 409,
    message: {
      fr: 'Ce qui est conservé de cette personne a changé depuis la demande : rien n’est effacé.',
      en: 'What is held of this person has changed since it was asked: nothing is erased.',
    },
    remedy: { fr: 'Demander à nouveau, puis confirmer.', en: 'Ask again, then confirm.' },
  },
  'console.directory-none': {
    class: 'invalid',
    status: 404,
    message: {
      fr: 'Cette passerelle n’interroge pas l’Annuaire Santé.',
      en: 'This gateway does not ask the Annuaire Santé.',
    },
    remedy: {
      fr: 'Configurer mssante.directory dans viaduc.yaml, puis redémarrer.',
      en: 'Configure mssante.directory in viaduc.yaml, then restart.',
    },
  },
  'console.directory-question': {
    class: 'invalid',
    status: 400,
    message: {
      fr: 'L’annuaire est interrogé par un numéro RPPS ou par une adresse, l’un des deux.',
      en: 'The directory is asked by an RPPS number or by an address, one of the two.',
    },
    remedy: { fr: 'Donner « rpps » ou « address ».', en: 'Give `rpps` or `address`.' },
  },
  'console.white-list-none': {
    class: 'invalid',
    status: 404,
    message: {
      fr: 'Cette passerelle n’a pas de liste blanche de MSSanté.',
      en: 'This gateway has no white list of MSSanté.',
    },
    remedy: {
      fr: 'Configurer mssante.whiteList dans viaduc.yaml, puis redémarrer.',
      en: 'Configure mssante.whiteList in viaduc.yaml, then restart.',
    },
  },
});

export const consoleError = raiser(consoleErrors);
