import { catalogue } from '../words/errors.ts';

/** What the header of a document can be reproached with, before any schema or Schematron speaks. */
export const cdaErrors = catalogue({
  'cda.not-a-cda': {
    class: 'invalid',
    status: 422,
    message: {
      fr: "Le document n'est pas un CDA R2 : sa racine est {root}.",
      en: 'The document is not a CDA R2: its root is {root}.',
    },
    remedy: {
      fr: "Envoyer un élément ClinicalDocument de l'espace de noms urn:hl7-org:v3, seul ou dans une feuille de style XSLT (document auto-présentable).",
      en: 'Send a ClinicalDocument element of the namespace urn:hl7-org:v3, alone or inside an XSLT style sheet (self-presenting document).',
    },
  },
  'cda.several-documents': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'La feuille de style contient {count} ClinicalDocument au lieu d’un seul.',
      en: 'The style sheet holds {count} ClinicalDocument elements instead of one.',
    },
    remedy: {
      fr: 'Envoyer un document par demande.',
      en: 'Send one document per request.',
    },
  },
  'cda.id-missing': {
    class: 'invalid',
    status: 422,
    message: {
      fr: "Le document n'a pas d'identifiant (ClinicalDocument/id).",
      en: 'The document has no identifier (ClinicalDocument/id).',
    },
    remedy: {
      fr: 'Donner au document un OID unique dans id/@root.',
      en: 'Give the document a unique OID in id/@root.',
    },
  },
  'cda.id-repeated': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le document porte {count} identifiants (ClinicalDocument/id) au lieu d’un seul.',
      en: 'The document has {count} identifiers (ClinicalDocument/id) instead of one.',
    },
    remedy: { fr: 'Ne garder qu’un élément id.', en: 'Keep one id element only.' },
  },
  'cda.id-without-root': {
    class: 'invalid',
    status: 422,
    message: {
      fr: "L'identifiant du document n'a pas d'attribut root.",
      en: 'The identifier of the document has no root attribute.',
    },
    remedy: {
      fr: 'Donner au document un OID unique dans id/@root.',
      en: 'Give the document a unique OID in id/@root.',
    },
  },
  'cda.id-not-oid': {
    class: 'invalid',
    status: 422,
    message: {
      fr: "L'identifiant du document, « {root} », n'est pas un OID.",
      en: 'The identifier of the document, "{root}", is no OID.',
    },
    remedy: {
      fr: 'Mettre dans id/@root un OID (chiffres et points, au plus 64 caractères) ; un UUID s’écrit sous la forme 2.25.<entier>.',
      en: 'Put an OID in id/@root (digits and dots, at most 64 characters); a UUID is written as 2.25.<integer>.',
    },
  },
  'cda.id-with-extension': {
    class: 'invalid',
    status: 422,
    message: {
      fr: "L'identifiant du document porte une extension ; le DMP n'accepte qu'un OID seul.",
      en: 'The identifier of the document has an extension; the DMP takes a pure OID.',
    },
    remedy: {
      fr: "Retirer id/@extension et donner l'identifiant complet, unique, dans id/@root.",
      en: 'Remove id/@extension and give the whole unique identifier in id/@root.',
    },
  },
  'cda.code-missing': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le type du document manque (ClinicalDocument/code/@code).',
      en: 'The type of the document is missing (ClinicalDocument/code/@code).',
    },
    remedy: {
      fr: 'Donner le code du type de document (jeu de valeurs JDV_J07).',
      en: 'Give the code of the document type (value set JDV_J07).',
    },
  },
  'cda.effective-time-missing': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'La date du document manque (ClinicalDocument/effectiveTime/@value).',
      en: 'The date of the document is missing (ClinicalDocument/effectiveTime/@value).',
    },
    remedy: {
      fr: "Donner la date et l'heure de création avec le décalage horaire, par exemple 20240131093000+0100.",
      en: 'Give the time of creation with its offset, such as 20240131093000+0100.',
    },
  },
  'cda.effective-time-malformed': {
    class: 'invalid',
    status: 422,
    message: {
      fr: "La date du document, « {value} », n'est pas une date HL7.",
      en: 'The date of the document, "{value}", is no HL7 time stamp.',
    },
    remedy: {
      fr: 'Écrire AAAAMMJJHHMMSS suivi du décalage horaire sur quatre chiffres, par exemple 20240131093000+0100.',
      en: 'Write YYYYMMDDHHMMSS followed by the offset in four digits, such as 20240131093000+0100.',
    },
  },
  'cda.record-target-missing': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le document ne dit pas quel patient il concerne (recordTarget/patientRole).',
      en: 'The document does not say which patient it is about (recordTarget/patientRole).',
    },
    remedy: {
      fr: 'Donner un recordTarget avec un patientRole.',
      en: 'Give one recordTarget with a patientRole.',
    },
  },
  'cda.record-target-repeated': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le document désigne {count} patients (recordTarget) au lieu d’un seul.',
      en: 'The document names {count} patients (recordTarget) instead of one.',
    },
    remedy: { fr: 'Faire un document par patient.', en: 'Make one document per patient.' },
  },
  'cda.body-missing': {
    class: 'invalid',
    status: 422,
    message: {
      fr: "Le document n'a pas de corps (structuredBody ou nonXMLBody).",
      en: 'The document has no body (structuredBody or nonXMLBody).',
    },
    remedy: {
      fr: 'Donner un corps structuré, ou un fichier dans nonXMLBody.',
      en: 'Give a structured body, or a file in nonXMLBody.',
    },
  },
  'cda.body-repeated': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le document a {count} corps au lieu d’un seul.',
      en: 'The document has {count} bodies instead of one.',
    },
    remedy: {
      fr: 'Ne garder qu’un structuredBody ou un nonXMLBody.',
      en: 'Keep one structuredBody or one nonXMLBody.',
    },
  },
  'cda.replacement-without-id': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le lien de remplacement (relatedDocument RPLC) ne dit pas quel document est remplacé.',
      en: 'The replacement link (relatedDocument RPLC) does not say which document is replaced.',
    },
    remedy: {
      fr: "Donner dans parentDocument/id/@root l'identifiant de la version remplacée.",
      en: 'Give the identifier of the replaced version in parentDocument/id/@root.',
    },
  },
});

/** Why a document cannot be laid out for a reader. The document itself may be sound: it is kept and sent as it is. */
export const renderErrors = catalogue({
  'cda.render-too-many-cells': {
    class: 'permanent',
    status: 422,
    message: {
      fr: 'Le document ne peut pas être mis en page : ses tableaux ont plus de {most} cellules.',
      en: 'The document cannot be laid out: its tables have more than {most} cells.',
    },
    remedy: {
      fr: 'Joindre une copie PDF au document, ou réduire ses tableaux.',
      en: 'Enclose a PDF copy in the document, or shorten its tables.',
    },
  },
  'cda.render-too-many-columns': {
    class: 'permanent',
    status: 422,
    message: {
      fr: 'Le document ne peut pas être mis en page : un tableau a plus de {most} colonnes.',
      en: 'The document cannot be laid out: a table has more than {most} columns.',
    },
    remedy: {
      fr: 'Joindre une copie PDF au document, ou partager ce tableau en plusieurs.',
      en: 'Enclose a PDF copy in the document, or divide that table into several.',
    },
  },
  'cda.render-too-many-pages': {
    class: 'permanent',
    status: 422,
    message: {
      fr: 'Le document ne peut pas être mis en page : il aurait plus de {most} pages.',
      en: 'The document cannot be laid out: it would have more than {most} pages.',
    },
    remedy: {
      fr: 'Joindre une copie PDF au document, ou le partager en plusieurs.',
      en: 'Enclose a PDF copy in the document, or divide it into several.',
    },
  },
  'cda.render-out-of-time': {
    class: 'permanent',
    status: 422,
    message: {
      fr: 'Le document ne peut pas être mis en page en {seconds} s.',
      en: 'The document cannot be laid out within {seconds} s.',
    },
    remedy: {
      fr: 'Joindre une copie PDF au document, ou réduire ses tableaux et ses images.',
      en: 'Enclose a PDF copy in the document, or shorten its tables and pictures.',
    },
  },
  'cda.render-out-of-memory': {
    class: 'permanent',
    status: 422,
    message: {
      fr: 'La mise en page du document demande plus de {megabytes} Mo de mémoire.',
      en: 'To lay out the document takes more than {megabytes} MB of memory.',
    },
    remedy: {
      fr: 'Joindre une copie PDF au document, ou réduire ses tableaux et ses images.',
      en: 'Enclose a PDF copy in the document, or shorten its tables and pictures.',
    },
  },
  'cda.render-failed': {
    class: 'not-judged',
    status: 500,
    message: {
      fr: 'La mise en page du document a échoué par un défaut de la passerelle.',
      en: 'To lay out the document failed by a defect of the gateway.',
    },
    remedy: {
      fr: 'Signaler le défaut avec ce code ; en attendant, joindre une copie PDF au document.',
      en: 'Report the defect with this code; meanwhile, enclose a PDF copy in the document.',
    },
  },
  'cda.render-stopped': {
    class: 'transient',
    status: 503,
    message: {
      fr: 'La passerelle s’est arrêtée pendant la mise en page du document.',
      en: 'The gateway stopped while the document was laid out.',
    },
    remedy: {
      fr: 'Rien à faire : la mise en page est refaite.',
      en: 'Nothing to do: it is laid out again.',
    },
  },
});
