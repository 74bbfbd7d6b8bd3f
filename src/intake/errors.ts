import { catalogue, raiser } from '../words/errors.ts';

/** Why a request is turned away at the door, whichever door it is. */
export const intakeErrors = catalogue({
  'request.key-conflict': {
    class: 'invalid',
    status: 409,
    message: {
      fr: 'La clé de la demande a déjà servi pour un autre contenu (SHA-256 {stored} ; reçu {received}).',
      en: 'The request key was already used for other content (SHA-256 {stored}; received {received}).',
    },
    remedy: {
      fr: 'Donner une nouvelle clé à toute nouvelle demande.',
      en: 'Give every new request a new key.',
    },
  },
  'request.reading-unexplained': {
    class: 'invalid',
    status: 400,
    message: {
      fr: 'Lire un courriel demande une raison : en-tête Viaduc-Reason.',
      en: 'Reading a mail takes a reason: header Viaduc-Reason.',
    },
    remedy: {
      fr: 'Dire pourquoi, par exemple la référence d’une demande ; jamais le nom du patient.',
      en: 'Say why, such as the reference of a request; never the name of the patient.',
    },
  },
  'request.member-missing': {
    class: 'invalid',
    status: 400,
    message: {
      fr: 'La demande ne dit pas « {member} », et la politique de l’émetteur {sender} ne le dit pas non plus.',
      en: "The request does not say '{member}', and neither does the policy of sender {sender}.",
    },
    remedy: {
      fr: 'Ajouter ce membre à la demande, ou à la politique de l’émetteur.',
      en: "Add this member to the request, or to the sender's policy.",
    },
  },
  'request.malformed': {
    class: 'invalid',
    status: 400,
    message: {
      fr: 'La demande est mal formée : {where} {what}.',
      en: 'The request is malformed: {where} {what}.',
    },
    remedy: {
      fr: 'Voir le schéma de la demande dans /api/docs.',
      en: 'See the schema of the request in /api/docs.',
    },
  },
  'request.contradictory': {
    class: 'invalid',
    status: 400,
    message: { fr: 'La demande se contredit : {what}.', en: 'The request contradicts itself: {what}.' },
    remedy: { fr: 'Ne dire chaque chose qu’une fois.', en: 'Say each thing once only.' },
  },
  'request.no-document': {
    class: 'invalid',
    status: 400,
    message: { fr: 'La demande ne porte aucun document.', en: 'The request carries no document.' },
    remedy: {
      fr: 'Envoyer le CDA comme corps, ou dans la partie « document » d’un multipart.',
      en: "Send the CDA as the body, or in the part 'document' of a multipart.",
    },
  },
  'request.not-xml': {
    class: 'invalid',
    status: 415,
    message: {
      fr: 'Le corps est annoncé comme {type} : un document est attendu.',
      en: 'The body is announced as {type}: a document is expected.',
    },
    remedy: {
      fr: 'Envoyer le CDA en application/xml, ou un multipart/form-data.',
      en: 'Send the CDA as application/xml, or a multipart/form-data.',
    },
  },
  'request.door-busy': {
    class: 'transient',
    status: 503,
    message: {
      fr: 'La passerelle traite déjà {inHand} demandes ; celle-ci n’a pas été lue.',
      en: 'The gateway already works on {inHand} requests; this one was not read.',
    },
    remedy: {
      fr: 'Envoyer à nouveau après le délai de Retry-After ; réduire le nombre d’envois simultanés.',
      en: 'Send again after the time of Retry-After; send fewer requests at the same time.',
    },
  },
  'request.structure-not-allowed': {
    class: 'invalid',
    status: 403,
    message: {
      fr: "L'émetteur {sender} ne peut pas envoyer pour les structures {structures}.",
      en: 'Sender {sender} may not send for the structures {structures}.',
    },
    remedy: {
      fr: 'Ajouter la structure à la configuration de l’émetteur.',
      en: "Add the structure to the sender's configuration.",
    },
  },
  'request.two-patients': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Les documents de la demande ne concernent pas le même patient.',
      en: 'The documents of the request are not about the same patient.',
    },
    remedy: { fr: 'Envoyer une demande par patient.', en: 'Send one request for each patient.' },
  },
  'request.same-document-twice': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'La demande porte deux fois le document {uniqueId}.',
      en: 'The request carries document {uniqueId} twice.',
    },
    remedy: { fr: 'Donner à chaque document son identifiant.', en: 'Give each document its own identifier.' },
  },
  'document.invalid': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le document est refusé : {errors} erreur(s).',
      en: 'The document is refused: {errors} error(s).',
    },
    remedy: {
      fr: 'Corriger chaque constat, puis envoyer à nouveau.',
      en: 'Mend each finding, then send again.',
    },
  },
  'document.not-judged': {
    class: 'not-judged',
    status: 503,
    message: {
      fr: "Le document n'a pas pu être jugé à temps ; l'exploitant de la passerelle est averti.",
      en: 'The document could not be judged in time; the operator of the gateway is told.',
    },
    remedy: {
      fr: 'Envoyer à nouveau plus tard ; le document n’est pas en cause.',
      en: 'Send again later; the document is not at fault.',
    },
  },
});

export const intakeError = raiser(intakeErrors);
