import { catalogue, raiser } from '../../../words/errors.ts';

const GOES_ON = {
  fr: 'Rien d’urgent : les envois ne l’attendent pas.',
  en: 'Nothing urgent: no sending waits for it.',
};

/** What can go wrong with the Annuaire Santé. None of it stops a sending. */
export const directoryErrors = catalogue({
  'mssante.directory-address': {
    class: 'configuration',
    message: {
      fr: 'L’adresse de l’Annuaire Santé n’est pas une adresse https.',
      en: 'The address of the Annuaire Santé is no https address.',
    },
    remedy: {
      fr: 'Donner à mssante.directory.url l’adresse de base FHIR, version 2 ; http n’est admis que sur cette machine.',
      en: 'Give the FHIR base address, version 2, in mssante.directory.url; http is allowed on this machine only.',
    },
  },
  'mssante.directory-key-unreadable': {
    class: 'configuration',
    message: {
      fr: 'La clé de l’Annuaire Santé est illisible ({reason}).',
      en: 'The key of the Annuaire Santé cannot be read ({reason}).',
    },
    remedy: {
      fr: `Mettre la clé, seule, dans le fichier mssante.directory.keyFile. ${GOES_ON.fr}`,
      en: `Put the key, alone, into the file mssante.directory.keyFile. ${GOES_ON.en}`,
    },
  },
  'mssante.directory-key-refused': {
    class: 'configuration',
    message: {
      fr: 'L’Annuaire Santé refuse la clé (HTTP {status}).',
      en: 'The Annuaire Santé refuses the key (HTTP {status}).',
    },
    remedy: {
      fr: `Vérifier sur le portail des API de l’ANS l’abonnement et la clé (mssante.directory.keyFile). ${GOES_ON.fr}`,
      en: `Check subscription and key on the API portal of the ANS (mssante.directory.keyFile). ${GOES_ON.en}`,
    },
  },
  'mssante.directory-unavailable': {
    class: 'transient',
    message: {
      fr: 'L’Annuaire Santé ne répond pas ({reason}).',
      en: 'The Annuaire Santé does not answer ({reason}).',
    },
    remedy: {
      fr: `${GOES_ON.fr} Si cela dure, vérifier le réseau et mssante.directory.url.`,
      en: `${GOES_ON.en} If it lasts, check the network and mssante.directory.url.`,
    },
  },
  'mssante.directory-answer': {
    class: 'transient',
    message: {
      fr: 'La réponse de l’Annuaire Santé est inutilisable ({reason}).',
      en: 'The answer of the Annuaire Santé cannot be used ({reason}).',
    },
    remedy: {
      fr: `${GOES_ON.fr} Si cela dure, vérifier mssante.directory.url : un proxy répond peut-être à sa place.`,
      en: `${GOES_ON.en} If it lasts, check mssante.directory.url: a proxy may answer in its place.`,
    },
  },
  'mssante.rpps-malformed': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Un numéro RPPS a 11 chiffres.',
      en: 'An RPPS number has 11 digits.',
    },
    remedy: {
      fr: 'Donner les 11 chiffres, sans le 8 qui les précède dans les certificats.',
      en: 'Give the 11 digits, without the 8 that stands before them in certificates.',
    },
  },
});

export const directoryError = raiser(directoryErrors);
