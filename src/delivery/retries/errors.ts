import { catalogue, raiser } from '../../words/errors.ts';

export const retryErrors = catalogue({
  'retry.filter-empty': {
    class: 'invalid',
    status: 400,
    message: {
      fr: 'Le filtre ne dit rien : il relancerait tout ce qui est arrêté.',
      en: 'The filter says nothing: it would retry all that stands still.',
    },
    remedy: {
      fr: 'Donner au moins un code, un émetteur, un type de document ou une période (from, to).',
      en: 'Give at least a code, a sender, a type of document or a period (from, to).',
    },
  },
  'retry.period': {
    class: 'invalid',
    status: 400,
    message: {
      fr: 'La période « {from} – {to} » est illisible ou vide.',
      en: "The period '{from} – {to}' cannot be read, or is empty.",
    },
    remedy: {
      fr: 'Écrire des instants ISO 8601 avec leur fuseau, le premier avant le second.',
      en: 'Write instants in ISO 8601 with their offset, the first before the second.',
    },
  },
  'retry.too-many': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le filtre trouve plus de {limit} livraisons.',
      en: 'The filter finds more than {limit} deliveries.',
    },
    remedy: {
      fr: 'Le restreindre, par exemple à une période, et relancer une partie après l’autre.',
      en: 'Narrow it, for example to a period, and retry one part after the other.',
    },
  },
  'retry.nothing': {
    class: 'permanent',
    status: 409,
    message: { fr: 'Le filtre ne trouve aucune livraison.', en: 'The filter finds no delivery.' },
    remedy: {
      fr: 'Vérifier le filtre ; il n’y a peut-être rien à relancer.',
      en: 'Check the filter; there may be nothing to retry.',
    },
  },
  'retry.unknown': {
    class: 'invalid',
    status: 404,
    message: {
      fr: 'Aucune relance ni aperçu sous cet identifiant.',
      en: 'No run of retries and no preview under this identifier.',
    },
    remedy: {
      fr: 'Demander un nouvel aperçu (POST /api/retries) : un aperçu se garde une heure, et pas après un redémarrage.',
      en: 'Ask for a new preview (POST /api/retries): one is kept for an hour, and not over a restart.',
    },
  },
  'retry.key-conflict': {
    class: 'invalid',
    status: 409,
    message: {
      fr: 'Cette clé d’idempotence a déjà servi pour un autre filtre.',
      en: 'This idempotency key was used for another filter.',
    },
    remedy: { fr: 'Prendre une autre clé.', en: 'Take another key.' },
  },
  'retry.state': {
    class: 'permanent',
    status: 409,
    message: {
      fr: 'Une relance dans l’état « {state} » ne le permet pas.',
      en: "A run of retries that is '{state}' does not allow it.",
    },
    remedy: {
      fr: 'Une relance arrêtée ou terminée ne repart pas : demander un nouvel aperçu.',
      en: 'A run that was stopped or is done does not go on: ask for a new preview.',
    },
  },
});

export const retryError = raiser(retryErrors);
