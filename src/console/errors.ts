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
});

export const consoleError = raiser(consoleErrors);
