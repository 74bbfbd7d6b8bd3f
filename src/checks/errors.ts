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
  'rules.header-contradicts': {
    class: 'invalid',
    message: {
      fr: "L'en-tête se contredit : un templateId est celui du modèle {model}, mais le code « {code} » est celui d'un autre.",
      en: "The header contradicts itself: a templateId is that of the model {model}, but the code '{code}' is that of another.",
    },
    remedy: {
      fr: 'Donner le templateId et le code du même modèle ; sans cela, aucune règle propre à un modèle ne s’applique.',
      en: 'Give the templateId and the code of the same model; otherwise no rule of a model applies.',
    },
  },
  'rules.edition-unknown': {
    class: 'invalid',
    message: {
      fr: "Le document se dit de l'édition {edition} du modèle {model}, que les packs en vigueur ne contiennent pas ; il a été jugé selon {judged}.",
      en: 'The document says edition {edition} of the model {model}, which no pack in force holds; it was judged by {judged}.',
    },
    remedy: {
      fr: "Vérifier l'attribut extension du templateId, ou installer le pack de cette édition.",
      en: 'Check the extension of the templateId, or install the pack of that edition.',
    },
  },
  'rules.edition-not-allowed': {
    class: 'invalid',
    status: 422,
    message: {
      fr: "Le document n'est d'aucune des éditions admises pour cet émetteur.",
      en: 'The document is of none of the editions allowed for this sender.',
    },
    remedy: {
      fr: "Envoyer un document d'une édition admise, ou faire changer les éditions de l'émetteur (policy.rules).",
      en: 'Send a document of an allowed edition, or have the editions of the sender changed (policy.rules).',
    },
  },
  'rules.not-evaluated': {
    class: 'invalid',
    status: 422,
    message: {
      fr: "{count} règle(s) n'ont pas pu être évaluées, et la politique de cet émetteur l'exige ; le document n'est pas en cause.",
      en: '{count} rule(s) could not be evaluated, which the policy of this sender requires; the document is not at fault.',
    },
    remedy: {
      fr: "L'exploitant complète le pack de règles, ou règle policy.rules.notEvaluated sur accept.",
      en: 'The operator completes the rule pack, or sets policy.rules.notEvaluated to accept.',
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
