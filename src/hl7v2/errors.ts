import { catalogue, raiser } from '../words/errors.ts';

/** Why bytes are no HL7 v2 message that can be read. */
export const hl7v2Errors = catalogue({
  'hl7v2.no-header': {
    class: 'invalid',
    status: 400,
    message: {
      fr: 'Le message ne commence pas par un segment MSH.',
      en: 'The message does not begin with an MSH segment.',
    },
    remedy: {
      fr: 'Faire commencer chaque trame par MSH|^~\\&|, sans rien devant.',
      en: 'Begin each frame with MSH|^~\\&|, with nothing before it.',
    },
  },
  'hl7v2.delimiters': {
    class: 'invalid',
    status: 400,
    message: {
      fr: 'Les séparateurs déclarés dans MSH-1 et MSH-2 sont inutilisables : {why}.',
      en: 'The delimiters declared in MSH-1 and MSH-2 cannot be used: {why}.',
    },
    remedy: {
      fr: 'Déclarer | dans MSH-1 et ^~\\& dans MSH-2.',
      en: 'Declare | in MSH-1 and ^~\\& in MSH-2.',
    },
  },
  'hl7v2.charset-unknown': {
    class: 'invalid',
    status: 400,
    message: {
      fr: 'Le jeu de caractères déclaré dans MSH-18, « {charset} », n’est pas pris en charge.',
      en: "The character set declared in MSH-18, '{charset}', is not supported.",
    },
    remedy: {
      fr: 'Déclarer UNICODE UTF-8 ou 8859/15, et écrire le message dans ce jeu.',
      en: 'Declare UNICODE UTF-8 or 8859/15, and write the message in it.',
    },
  },
  'hl7v2.too-many-segments': {
    class: 'invalid',
    status: 413,
    message: {
      fr: 'Le message a plus de {most} segments.',
      en: 'The message has more than {most} segments.',
    },
    remedy: {
      fr: 'Envoyer un message par demande ; vérifier les retours à la ligne du contenu.',
      en: 'Send one message for each request; look at the line breaks of its content.',
    },
  },
  'hl7v2.frame-too-large': {
    class: 'invalid',
    status: 413,
    message: {
      fr: 'La trame dépasse {most} octets.',
      en: 'The frame exceeds {most} bytes.',
    },
    remedy: {
      fr: 'Un document ne peut dépasser 50 Mo : réduire ses images ou ses pièces.',
      en: 'A document cannot exceed 50 MB: make its images or its attachments smaller.',
    },
  },
  'hl7v2.frame-broken': {
    class: 'invalid',
    status: 400,
    message: {
      fr: 'La trame n’est pas terminée : une autre commence, ou la connexion s’arrête, avant les octets 1C 0D.',
      en: 'The frame is not ended: another begins, or the connection stops, before the bytes 1C 0D.',
    },
    remedy: {
      fr: 'Terminer chaque message par les octets 1C 0D, puis l’envoyer à nouveau.',
      en: 'End each message with the bytes 1C 0D, then send it again.',
    },
  },
  'hl7v2.base64': {
    class: 'invalid',
    status: 400,
    message: {
      fr: 'Le contenu annoncé en base64 ne l’est pas : {why}.',
      en: 'The content announced as base64 is not: {why}.',
    },
    remedy: {
      fr: 'Coder le document en base64 (alphabet standard) dans OBX-5.5.',
      en: 'Encode the document in base64 (standard alphabet) in OBX-5.5.',
    },
  },
});

export const hl7v2Error = raiser(hl7v2Errors);
