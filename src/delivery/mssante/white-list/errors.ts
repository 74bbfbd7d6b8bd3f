import { catalogue, raiser } from '../../../words/errors.ts';

/** What can be said of the national white list of MSSanté, and of a domain by it. */
export const whiteListErrors = catalogue({
  'mssante.domain-not-listed': {
    class: 'permanent',
    message: {
      fr: 'Le domaine {domain} n’est pas dans la liste blanche de MSSanté : rien n’y est envoyé.',
      en: 'Domain {domain} is not in the white list of MSSanté: nothing is sent there.',
    },
    remedy: {
      fr: 'Vérifier l’adresse auprès du correspondant ; seule une adresse de l’espace de confiance MSSanté peut recevoir un document.',
      en: 'Check the address with the recipient; only an address of the MSSanté trust space may receive a document.',
    },
  },
  'mssante.white-list-missing': {
    class: 'transient',
    message: {
      fr: 'Aucune liste blanche de MSSanté n’a encore pu être lue : rien n’est envoyé.',
      en: 'No white list of MSSanté could be read so far: nothing is sent.',
    },
    remedy: {
      fr: 'Vérifier mssante.whiteList (adresse et autorités, ou fichier) ; les courriels partent d’eux-mêmes dès que la liste est lue.',
      en: 'Check mssante.whiteList (address and authorities, or file); mails leave by themselves once the list is read.',
    },
  },
  'mssante.white-list-source': {
    class: 'configuration',
    message: {
      fr: 'La source de la liste blanche n’est ni un fichier ni une adresse https.',
      en: 'The source of the white list is neither a file nor an https address.',
    },
    remedy: {
      fr: 'Donner à mssante.whiteList.source un chemin de fichier ou une adresse https://.',
      en: 'Give a path of a file or an https:// address in mssante.whiteList.source.',
    },
  },
  'mssante.white-list-unreachable': {
    class: 'transient',
    message: {
      fr: 'La liste blanche de MSSanté n’a pas pu être lue ({reason}).',
      en: 'The white list of MSSanté could not be read ({reason}).',
    },
    remedy: {
      fr: 'Rien d’urgent : la dernière bonne liste sert encore et la lecture est refaite seule. Si cela dure, vérifier le réseau et les autorités IGC-Santé (mssante.whiteList.authorities).',
      en: 'Nothing urgent: the last good list still serves, and it is read again by itself. If it lasts, check the network and the IGC-Santé authorities (mssante.whiteList.authorities).',
    },
  },
  'mssante.white-list-malformed': {
    class: 'transient',
    message: {
      fr: 'Ce qui est venu à la place de la liste blanche n’en est pas une ({reason}) ; la dernière bonne liste sert encore.',
      en: 'What came instead of the white list is none ({reason}); the last good list still serves.',
    },
    remedy: {
      fr: 'Vérifier la source (mssante.whiteList.source) : un proxy ou une page d’erreur répond peut-être à sa place.',
      en: 'Check the source (mssante.whiteList.source): a proxy or an error page may answer in its place.',
    },
  },
  'mssante.white-list-empty': {
    class: 'transient',
    message: {
      fr: 'La liste blanche reçue ne contient aucun domaine ; la dernière bonne liste sert encore.',
      en: 'The white list that came holds no domain; the last good list still serves.',
    },
    remedy: {
      fr: 'Attendre la publication suivante ; si cela dure, prévenir le gestionnaire de l’espace de confiance.',
      en: 'Wait for the next publication; if it lasts, tell the manager of the trust space.',
    },
  },
  'mssante.white-list-older': {
    class: 'transient',
    message: {
      fr: 'La liste blanche reçue date du {came}, celle en service du {kept} : l’ancienne n’est pas prise.',
      en: 'The white list that came is of {came}, the one in use of {kept}: the older one is not taken.',
    },
    remedy: {
      fr: 'Vérifier la source : elle sert une copie ancienne, ou le fichier configuré n’est plus mis à jour.',
      en: 'Check the source: it serves an old copy, or the configured file is no longer updated.',
    },
  },
  'mssante.white-list-shrunk': {
    class: 'transient',
    message: {
      fr: 'La liste blanche reçue a {came} domaines, celle en service {kept} : une perte de plus de {most} % n’est pas prise sans une personne.',
      en: 'The white list that came has {came} domains, the one in use {kept}: a loss of more than {most} % is not taken without a person.',
    },
    remedy: {
      fr: 'Comparer avec la publication nationale ; si la perte est voulue, accepter la liste, sinon attendre la suivante.',
      en: 'Compare with the national publication; if the loss is meant, accept the list, otherwise wait for the next.',
    },
  },
  'mssante.white-list-not-kept': {
    class: 'transient',
    message: {
      fr: 'La liste blanche sert, mais sa copie n’a pas pu être écrite ({reason}).',
      en: 'The white list serves, but its copy could not be written ({reason}).',
    },
    remedy: {
      fr: 'Vérifier la place et les droits du dossier de données : sans copie, un redémarrage attend la source.',
      en: 'Check space and rights of the data folder: without a copy, a restart waits for the source.',
    },
  },
  'mssante.white-list-nothing-to-accept': {
    class: 'invalid',
    status: 409,
    message: {
      fr: 'Aucune liste blanche de cette empreinte n’attend d’être acceptée.',
      en: 'No white list of this digest waits to be accepted.',
    },
    remedy: {
      fr: 'Relire l’état de la liste : une autre est peut-être venue entre-temps.',
      en: 'Read the state of the list again: another may have come meanwhile.',
    },
  },
});

export type WhiteListErrorCode = keyof typeof whiteListErrors;

export const whiteListError = raiser(whiteListErrors);
