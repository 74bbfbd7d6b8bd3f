import { catalogue, type Values, ViaducError } from '../words/errors.ts';

export const xmlErrors = catalogue({
  'xml.empty': {
    class: 'invalid',
    status: 400,
    message: { fr: 'Le document est vide.', en: 'The document is empty.' },
    remedy: { fr: 'Envoyer les octets du document CDA.', en: 'Send the bytes of the CDA document.' },
  },
  'xml.encoding-unsupported': {
    class: 'invalid',
    status: 422,
    message: {
      fr: "Le codage de caractères déclaré, {encoding}, n'est pas pris en charge.",
      en: 'The declared character encoding, {encoding}, is not supported.',
    },
    remedy: {
      fr: 'Envoyer le document en UTF-8, UTF-16, ISO-8859-1 ou ISO-8859-15.',
      en: 'Send the document in UTF-8, UTF-16, ISO-8859-1 or ISO-8859-15.',
    },
  },
  'xml.encoding-conflict': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Les premiers octets disent {detected} mais la déclaration XML dit {declared}.',
      en: 'The first bytes say {detected} but the XML declaration says {declared}.',
    },
    remedy: {
      fr: 'Déclarer le codage dans lequel le document est réellement écrit.',
      en: 'Declare the encoding in which the document is really written.',
    },
  },
  'xml.bytes-not-in-encoding': {
    class: 'invalid',
    status: 422,
    message: {
      fr: "L'octet {byte} à la position {offset} n'existe pas en {encoding}.",
      en: 'Byte {byte} at position {offset} does not exist in {encoding}.',
    },
    remedy: {
      fr: 'Déclarer le codage réel du document, ou le convertir avant l’envoi.',
      en: 'Declare the real encoding of the document, or convert it before sending.',
    },
  },
  'xml.not-well-formed': {
    class: 'invalid',
    status: 422,
    message: {
      fr: "Le document n'est pas du XML bien formé : {what}.",
      en: 'The document is not well-formed XML: {what}.',
    },
    remedy: {
      fr: "Corriger le document à l'endroit indiqué ; un document tronqué s'arrête avant la fermeture de sa racine.",
      en: 'Mend the document at the place given; a truncated document stops before its root is closed.',
    },
  },
  'xml.doctype-refused': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le document contient une déclaration DOCTYPE, qui est refusée.',
      en: 'The document holds a DOCTYPE declaration, which is refused.',
    },
    remedy: {
      fr: 'Retirer la DTD et ses entités : un CDA n’en a pas besoin.',
      en: 'Remove the DTD and its entities: a CDA needs none.',
    },
  },
  'xml.too-deep': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Les éléments sont emboîtés sur plus de {limit} niveaux.',
      en: 'Elements are nested more than {limit} levels deep.',
    },
    remedy: { fr: 'Vérifier la production du document.', en: 'Check how the document is produced.' },
  },
  'xml.too-many-namespaces': {
    class: 'invalid',
    status: 422,
    message: {
      fr: "Les déclarations d'espaces de noms forment plus de {limit} combinaisons.",
      en: 'The namespace declarations make more than {limit} combinations.',
    },
    remedy: { fr: 'Vérifier la production du document.', en: 'Check how the document is produced.' },
  },
  'xml.too-many-nodes': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le document compte plus de {limit} éléments et attributs.',
      en: 'The document holds more than {limit} elements and attributes.',
    },
    remedy: { fr: 'Vérifier la production du document.', en: 'Check how the document is produced.' },
  },
});

/** A document that cannot be read, with the place where reading stopped. */
export class XmlError extends ViaducError {
  readonly line: number;
  readonly column: number;

  constructor(code: keyof typeof xmlErrors, place: { line: number; column: number }, values: Values = {}) {
    super(code, xmlErrors[code], values);
    this.line = place.line;
    this.column = place.column;
  }
}
