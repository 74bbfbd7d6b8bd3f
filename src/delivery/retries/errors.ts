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
      fr: 'Vérifier l’identifiant (GET /api/retries), ou demander un aperçu (POST /api/retries).',
      en: 'Check the identifier (GET /api/retries), or ask for a preview (POST /api/retries).',
    },
  },
  'retry.preview-gone': {
    class: 'invalid',
    status: 410,
    message: {
      fr: 'Cet aperçu n’est plus gardé : rien n’a été relancé.',
      en: 'This preview is no longer kept: nothing was retried.',
    },
    remedy: {
      fr: 'Regarder à nouveau (POST /api/retries, ou viaduc retry) : un aperçu se garde une heure, les 50 derniers, et pas après un redémarrage.',
      en: 'Look again (POST /api/retries, or viaduc retry): one is kept for an hour, the last 50, and not over a restart.',
    },
  },
  'retry.refused-final': {
    class: 'invalid',
    status: 400,
    message: {
      fr: 'Une livraison refusée est terminée : elle ne se relance pas.',
      en: 'A delivery that was refused has ended: it is not retried.',
    },
    remedy: {
      fr: 'Une fois la cause corrigée, envoyer à nouveau le document sous une nouvelle clé de demande : ce qui a été refusé est alors tenté à nouveau.',
      en: 'Once the cause is mended, send the document again under a new request key: what was refused is then tried again.',
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
