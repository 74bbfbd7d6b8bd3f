import { catalogue } from '../words/errors.ts';

export const checkErrors = catalogue({
  'document.too-large': {
    class: 'invalid',
    status: 413,
    message: {
      fr: 'Le document compte {size} octets, la limite est de {limit}.',
      en: 'The document has {size} bytes, the limit is {limit}.',
    },
    remedy: { fr: 'Réduire les fichiers qu’il contient.', en: 'Make the files it contains smaller.' },
  },
  'document.more-findings': {
    class: 'invalid',
    message: {
      fr: 'Il y a {more} autres constats, qui ne sont pas montrés.',
      en: 'There are {more} more findings, which are not shown.',
    },
    remedy: {
      fr: 'Corriger les premiers, puis valider à nouveau.',
      en: 'Mend the first ones, then validate again.',
    },
  },
  'checks.out-of-time': {
    class: 'not-judged',
    status: 503,
    message: {
      fr: "La validation n'a pas abouti en {seconds} s.",
      en: 'Checking did not end within {seconds} s.',
    },
    remedy: { fr: 'Envoyer à nouveau ; l’exploitant est averti.', en: 'Send again; the operator is told.' },
  },
  'checks.failed': {
    class: 'not-judged',
    status: 503,
    message: {
      fr: "Un contrôle de la passerelle a échoué ; le document n'est pas en cause.",
      en: 'A check of the gateway failed; the document is not at fault.',
    },
    remedy: { fr: 'Envoyer à nouveau ; l’exploitant est averti.', en: 'Send again; the operator is told.' },
  },
});
