import { catalogue, raiser } from '../words/errors.ts';

/** Why a request that is well made cannot be taken as it is, given what the gateway already knows. */
export const routingErrors = catalogue({
  'routing.no-destination': {
    class: 'invalid',
    status: 400,
    message: { fr: 'La demande ne nomme aucune destination.', en: 'The request names no destination.' },
    remedy: {
      fr: 'Ajouter ?to=dmp, ou déclarer une destination dans la politique de l’émetteur.',
      en: "Add ?to=dmp, or declare a destination in the sender's policy.",
    },
  },
  'routing.destination-unavailable': {
    class: 'configuration',
    status: 422,
    message: {
      fr: "La destination {destination} n'est pas ouverte sur cette passerelle.",
      en: 'Destination {destination} is not open on this gateway.',
    },
    remedy: {
      fr: 'Ne demander que des destinations ouvertes (voir /api/conformance).',
      en: 'Ask only for destinations that are open (see /api/conformance).',
    },
  },
  'routing.id-conflict': {
    class: 'invalid',
    status: 409,
    message: {
      fr: 'Le document {uniqueId} a déjà été accepté avec un autre contenu (SHA-256 {accepted} ; reçu {received}).',
      en: 'Document {uniqueId} was already accepted with other content (SHA-256 {accepted}; received {received}).',
    },
    remedy: {
      fr: 'Donner un nouvel identifiant au document corrigé et l’envoyer comme remplacement.',
      en: 'Give the corrected document a new identifier and send it as a replacement.',
    },
  },
  'routing.flags-differ': {
    class: 'invalid',
    status: 409,
    message: {
      fr: 'Le document {uniqueId} a déjà été accepté avec d’autres indicateurs de masquage.',
      en: 'Document {uniqueId} was already accepted with other masking flags.',
    },
    remedy: {
      fr: 'Envoyer un remplacement (nouvel identifiant) avec les nouveaux indicateurs.',
      en: 'Send a replacement (new identifier) with the new flags.',
    },
  },
  'routing.operation-differs': {
    class: 'invalid',
    status: 409,
    message: {
      fr: 'Le document {uniqueId} a déjà été accepté comme {accepted} ; il est demandé comme {asked}.',
      en: 'Document {uniqueId} was already accepted as {accepted}; it is asked for as {asked}.',
    },
    remedy: {
      fr: 'Envoyer une nouvelle version avec un nouvel identifiant.',
      en: 'Send a new version with a new identifier.',
    },
  },
  'routing.newer-version-known': {
    class: 'invalid',
    status: 409,
    message: {
      fr: 'Une version plus récente que {target} est déjà connue : {newer}.',
      en: 'A version newer than {target} is already known: {newer}.',
    },
    remedy: {
      fr: 'Faire porter la demande sur la version la plus récente.',
      en: 'Aim the request at the newest version.',
    },
  },
  'routing.target-deleted': {
    class: 'invalid',
    status: 409,
    message: {
      fr: 'Le document {target} a été supprimé, ou sa suppression est demandée.',
      en: 'Document {target} was deleted, or its deletion is asked for.',
    },
    remedy: {
      fr: 'Déposer le document comme nouveau, avec un nouvel identifiant.',
      en: 'Deposit the document as a new one, with a new identifier.',
    },
  },
  'routing.replaces-itself': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le document dit se remplacer lui-même ({target}).',
      en: 'The document says that it replaces itself ({target}).',
    },
    remedy: {
      fr: 'Donner un nouvel identifiant à la nouvelle version.',
      en: 'Give the new version an identifier of its own.',
    },
  },
  'routing.target-missing': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Un remplacement est demandé mais le document ne dit pas lequel il remplace.',
      en: 'A replacement is asked for but the document does not say which one it replaces.',
    },
    remedy: {
      fr: 'Ajouter relatedDocument typeCode="RPLC" avec parentDocument/id.',
      en: 'Add relatedDocument typeCode="RPLC" with parentDocument/id.',
    },
  },
  'routing.replacement-link-in-deposit': {
    class: 'invalid',
    message: {
      fr: 'Le document dit remplacer {target}, mais la demande est un dépôt : il est déposé comme nouveau.',
      en: 'The document says that it replaces {target}, but the request is a deposit: it is deposited as a new one.',
    },
    remedy: {
      fr: 'Demander operation=replace si c’est un remplacement.',
      en: 'Ask for operation=replace if it is a replacement.',
    },
  },
  'routing.unchanged': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le contenu est le même que celui de la version précédente de la série ({previous}).',
      en: 'The content is the same as that of the previous version of the series ({previous}).',
    },
    remedy: {
      fr: 'Ne renvoyer que ce qui a changé (EX_GEN-1060).',
      en: 'Send only what has changed (EX_GEN-1060).',
    },
  },
});

export const routingError = raiser(routingErrors);
