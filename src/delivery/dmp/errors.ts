import { catalogue, fill, raiser, type Values } from '../../words/errors.ts';

/** What can go wrong on the way to the DMP and back, short of the DMP's own codes (those are in outcome.ts). */
export const dmpErrors = catalogue({
  'delivery.credential-unreadable': {
    class: 'configuration',
    message: {
      fr: 'Le certificat ou la clé de {file} est illisible : {why}.',
      en: 'The certificate or key in {file} cannot be read: {why}.',
    },
    remedy: {
      fr: 'Donner un fichier PEM ou PKCS#12 entier, et le bon fichier de mot de passe (dmp.credentials, dmp.anchors).',
      en: 'Give a whole PEM or PKCS#12 file, and the right passphrase file (dmp.credentials, dmp.anchors).',
    },
  },
  'delivery.credential-not-rsa': {
    class: 'configuration',
    message: {
      fr: 'Le certificat ou la clé de {file} est de type {kind} : les signatures du DMP se font en RSA.',
      en: 'The certificate or key in {file} is of type {kind}: the signatures of the DMP are made with RSA.',
    },
    remedy: {
      fr: 'Commander à l’IGC-Santé un certificat pour une clé RSA de 2048 bits au moins.',
      en: 'Order from IGC-Santé a certificate for an RSA key of at least 2048 bits.',
    },
  },
  'delivery.credential-key-differs': {
    class: 'configuration',
    message: {
      fr: 'La clé du certificat {use} ({subject}) n’est pas la sienne.',
      en: 'The key of the {use} certificate ({subject}) is not its own.',
    },
    remedy: {
      fr: 'Prendre le certificat et la clé de la même commande.',
      en: 'Take certificate and key of the same order.',
    },
  },
  'delivery.credential-expired': {
    class: 'configuration',
    message: {
      fr: 'Le certificat {use} ({subject}) est périmé depuis le {date}.',
      en: 'The {use} certificate ({subject}) expired on {date}.',
    },
    remedy: {
      fr: 'Commander un nouveau certificat de l’IGC-Santé et le configurer.',
      en: 'Order a new certificate from IGC-Santé and configure it.',
    },
  },
  'delivery.credential-not-yet-valid': {
    class: 'configuration',
    message: {
      fr: 'Le certificat {use} ({subject}) n’est valable qu’à partir du {date}.',
      en: 'The {use} certificate ({subject}) is valid from {date} only.',
    },
    remedy: {
      fr: 'Vérifier l’horloge de la machine, ou garder l’ancien certificat jusque-là.',
      en: 'Check the clock of the machine, or keep the old certificate until then.',
    },
  },
  'delivery.credential-ends': {
    class: 'configuration',
    message: {
      fr: 'Le certificat {use} de la structure {finess} prend fin le {date} : dans {days} jours au plus.',
      en: 'The {use} certificate of structure {finess} ends on {date}: within {days} days.',
    },
    remedy: {
      fr: 'Commander le suivant à l’IGC-Santé et l’ajouter à dmp.credentials : le plus récent est pris sans redémarrage.',
      en: 'Order the next one from IGC-Santé and add it to dmp.credentials: the newest is used, without a restart once the files are known.',
    },
  },
  'delivery.credential-usage': {
    class: 'configuration',
    message: {
      fr: 'Le certificat {use} ({subject}) est fait pour un autre usage.',
      en: 'The {use} certificate ({subject}) is made for another use.',
    },
    remedy: {
      fr: 'client : ORG_AUTH_CLI (authentification de client) ; seal : ORG_SIGN (digitalSignature, nonRepudiation et emailProtection, sans authentification de client).',
      en: 'client: ORG_AUTH_CLI (client authentication); seal: ORG_SIGN (digitalSignature, nonRepudiation and emailProtection, without client authentication).',
    },
  },
  'delivery.credential-key-short': {
    class: 'configuration',
    message: {
      fr: 'La clé du certificat {use} ({subject}) n’a que {bits} bits.',
      en: 'The key of the {use} certificate ({subject}) has {bits} bits only.',
    },
    remedy: {
      fr: 'Commander à l’IGC-Santé un certificat pour une clé RSA de 2048 bits au moins.',
      en: 'Order from IGC-Santé a certificate for an RSA key of at least 2048 bits.',
    },
  },
  'delivery.credential-chain': {
    class: 'configuration',
    message: {
      fr: 'Le certificat {use} ({subject}) ne vient pas de l’autorité attendue : {why}.',
      en: 'The {use} certificate ({subject}) does not come from the authority expected: {why}.',
    },
    remedy: {
      fr: 'Reprendre le certificat délivré par l’IGC-Santé ; si l’autorité a changé de clé, ajouter son nouveau certificat au fichier ou à dmp.anchors.',
      en: 'Take again the certificate that IGC-Santé issued; if the authority has a new key, add its new certificate to the file or to dmp.anchors.',
    },
  },
  'delivery.credential-structure': {
    class: 'configuration',
    message: {
      fr: 'Le certificat {use} ({subject}) n’est pas celui de la structure {expected}.',
      en: 'The {use} certificate ({subject}) is not that of structure {expected}.',
    },
    remedy: {
      fr: 'Configurer pour chaque FINESS le certificat dont l’OU, seule, est 1 suivi de ce FINESS.',
      en: 'Configure for each FINESS the certificate whose one OU is 1 followed by that FINESS.',
    },
  },
  'delivery.dmp-unreachable': {
    class: 'transient',
    message: {
      fr: 'Le DMP est injoignable : {reason}.',
      en: 'The DMP cannot be reached: {reason}.',
    },
    remedy: {
      fr: "Vérifier le réseau, le nom et l'état du service national ; l'envoi est repris de lui-même.",
      en: 'Check the network, the name and the state of the national service; sending resumes by itself.',
    },
  },
  'delivery.dmp-unavailable': {
    class: 'transient',
    message: {
      fr: 'Le DMP ou son frontal répond HTTP {status} : indisponible.',
      en: 'The DMP or its front end answers HTTP {status}: unavailable.',
    },
    remedy: {
      fr: "Rien à faire : l'envoi est repris de lui-même.",
      en: 'Nothing to do: sending resumes by itself.',
    },
  },
  'delivery.dmp-no-answer': {
    class: 'ambiguous',
    message: {
      fr: "La demande est partie en entier, mais la réponse du DMP n'est pas arrivée : {reason}.",
      en: 'The request left whole, but the answer of the DMP did not arrive: {reason}.',
    },
    remedy: {
      fr: 'Le document est cherché dans le DMP avant tout nouvel envoi.',
      en: 'The document is looked up in the DMP before it is sent again.',
    },
  },
  'delivery.dmp-tls': {
    class: 'configuration',
    message: {
      fr: 'La connexion TLS au DMP est refusée : {reason}.',
      en: 'The TLS connection to the DMP is refused: {reason}.',
    },
    remedy: {
      fr: 'Vérifier le certificat ORG_AUTH_CLI (dates, usage, autorité) et les ancres de confiance ; les envois de la structure attendent.',
      en: 'Check the ORG_AUTH_CLI certificate (dates, usage, authority) and the trust anchors; deliveries of the structure wait.',
    },
  },
  'delivery.dmp-server-revoked': {
    class: 'configuration',
    message: {
      fr: 'Le certificat du serveur du DMP ({subject}) est révoqué, selon {source} : rien ne lui est envoyé.',
      en: 'The certificate of the DMP server ({subject}) is revoked, says {source}: nothing is sent to it.',
    },
    remedy: {
      fr: "Vérifier l'adresse du DMP et ce qui se tient entre lui et Viaduc, puis appeler le support national ; les envois attendent.",
      en: 'Check the address of the DMP and what stands between it and Viaduc, then call the national support; deliveries wait.',
    },
  },
  'delivery.dmp-revocation-unknown': {
    class: 'transient',
    message: {
      fr: 'On ne sait pas si le certificat du serveur du DMP ({subject}) est révoqué : {why}.',
      en: 'It is not known whether the certificate of the DMP server ({subject}) is revoked: {why}.',
    },
    remedy: {
      fr: "Ouvrir le flux vers la liste de révocation ou le répondeur OCSP, ou déposer la liste dans un fichier nommé par dmp.revocation.lists. En mode soft l'envoi continue ; en mode hard il attend.",
      en: 'Open the flow to the revocation list or to the OCSP responder, or put the list in a file that dmp.revocation.lists names. In mode soft sending goes on; in mode hard it waits.',
    },
  },
  'delivery.revocation-kept': {
    class: 'transient',
    message: {
      fr: 'Le certificat {subject} n’est pas révoqué selon ce qui était connu, qui vaut jusqu’au {until} : {why}',
      en: 'The certificate {subject} is not revoked by what was known, which counts until {until}: {why}',
    },
    remedy: {
      fr: 'Rétablir le flux vers la liste de révocation ou le répondeur OCSP avant cette date.',
      en: 'Restore the flow to the revocation list or to the OCSP responder before that date.',
    },
  },
  'delivery.revocation-unreachable': {
    class: 'transient',
    message: {
      fr: '{place} ne peut pas être lu : {reason}.',
      en: '{place} cannot be read: {reason}.',
    },
    remedy: {
      fr: 'Ouvrir ce flux sortant, ou corriger dmp.revocation.lists ; la dernière bonne liste sert en attendant.',
      en: 'Open this outgoing flow, or mend dmp.revocation.lists; the last good list serves meanwhile.',
    },
  },
  'delivery.revocation-list-unusable': {
    class: 'not-judged',
    message: {
      fr: 'La liste de révocation est inutilisable : {why}.',
      en: 'The revocation list cannot be used: {why}.',
    },
    remedy: {
      fr: "Donner la liste complète que publie l'autorité, en DER ou en PEM.",
      en: 'Give the whole list that the authority publishes, in DER or PEM.',
    },
  },
  'delivery.ocsp-unusable': {
    class: 'not-judged',
    message: {
      fr: 'La réponse OCSP de {place} est inutilisable : {why}.',
      en: 'The OCSP answer of {place} cannot be used: {why}.',
    },
    remedy: {
      fr: "Vérifier l'horloge et les relais HTTP ; à défaut, s'en tenir aux listes (dmp.revocation.ocsp: false).",
      en: 'Check the clock and the HTTP relays; failing that keep to lists (dmp.revocation.ocsp: false).',
    },
  },
  'delivery.dmp-http-refused': {
    class: 'configuration',
    message: {
      fr: 'Le serveur du DMP refuse la demande : HTTP {status}.',
      en: 'The server of the DMP refuses the request: HTTP {status}.',
    },
    remedy: {
      fr: "Vérifier l'adresse configurée, les chemins des services et les droits du certificat.",
      en: 'Check the configured address, the paths of the services and the rights of the certificate.',
    },
  },
  'delivery.dmp-too-large': {
    class: 'permanent',
    message: {
      fr: 'Le DMP refuse le lot : trop volumineux (HTTP 413).',
      en: 'The DMP refuses the lot: too large (HTTP 413).',
    },
    remedy: {
      fr: 'Réduire le document (images du PDF) et envoyer un remplacement.',
      en: 'Make the document smaller (images of the PDF) and send a replacement.',
    },
  },
  'delivery.dmp-unreadable': {
    class: 'ambiguous',
    message: {
      fr: 'La réponse du DMP (HTTP {status}) ne se lit pas : {reason}.',
      en: 'The answer of the DMP (HTTP {status}) cannot be read: {reason}.',
    },
    remedy: {
      fr: 'La réponse brute est conservée ; le document est cherché dans le DMP avant tout nouvel envoi.',
      en: 'The raw answer is kept; the document is looked up in the DMP before it is sent again.',
    },
  },
  'delivery.dmp-answer-too-large': {
    class: 'ambiguous',
    message: {
      fr: 'La réponse du DMP dépasse {limit} octets.',
      en: 'The answer of the DMP exceeds {limit} bytes.',
    },
    remedy: {
      fr: 'Vérifier que l’adresse configurée est celle du DMP ; le début de la réponse est conservé.',
      en: 'Check that the configured address is that of the DMP; the beginning of the answer is kept.',
    },
  },
  'delivery.dmp-other-answer': {
    class: 'ambiguous',
    message: {
      fr: 'La réponse reçue est celle d’une autre demande (RelatesTo).',
      en: 'The answer received belongs to another request (RelatesTo).',
    },
    remedy: {
      fr: 'Vérifier les intermédiaires HTTP (cache, relais) entre Viaduc et le DMP.',
      en: 'Check the HTTP intermediaries (cache, relay) between Viaduc and the DMP.',
    },
  },
  'delivery.dmp-contradiction': {
    class: 'ambiguous',
    message: {
      fr: 'La réponse du DMP (HTTP {http}) se contredit : état {status} avec des erreurs, sous un statut HTTP d’échec, ou qui ne vaut pas pour cette transaction.',
      en: 'The answer of the DMP (HTTP {http}) contradicts itself: status {status} with errors, under an HTTP status of failure, or one that this transaction does not have.',
    },
    remedy: {
      fr: 'Le document est cherché dans le DMP ; sa présence décide.',
      en: 'The document is looked up in the DMP; its presence decides.',
    },
  },
  'delivery.dmp-no-reason': {
    class: 'not-judged',
    message: {
      fr: 'Le DMP refuse sans dire pourquoi (état {status}).',
      en: 'The DMP refuses without saying why (status {status}).',
    },
    remedy: {
      fr: 'Consulter la réponse brute conservée ; au besoin, la transmettre au support du DMP.',
      en: 'Read the raw answer that is kept; if need be hand it to the support of the DMP.',
    },
  },
  'delivery.dmp-fault': {
    class: 'not-judged',
    message: {
      fr: 'Le DMP répond par un SOAP Fault ({fault}).',
      en: 'The DMP answers with a SOAP Fault ({fault}).',
    },
    remedy: {
      fr: 'Consulter la réponse brute conservée : la demande ou le VIHF est en cause.',
      en: 'Read the raw answer that is kept: the request or the VIHF is at fault.',
    },
  },
  'delivery.multipart-unreadable': {
    class: 'ambiguous',
    message: {
      fr: 'Le message MIME ne se lit pas : {reason}.',
      en: 'The MIME message cannot be read: {reason}.',
    },
    remedy: {
      fr: 'La réponse brute est conservée.',
      en: 'The raw answer is kept.',
    },
  },
  'delivery.dmp-address': {
    class: 'configuration',
    message: {
      fr: "L'adresse du DMP n'est pas une URL http ou https : {reason}.",
      en: 'The address of the DMP is no http or https URL: {reason}.',
    },
    remedy: {
      fr: "Corriger l'adresse dans la configuration.",
      en: 'Correct the address in the configuration.',
    },
  },
});

export type DmpErrorCode = keyof typeof dmpErrors;

export const raise = raiser(dmpErrors);

/** The English sentence of a code, for the detail of an outcome. */
export function sentence(code: DmpErrorCode, values: Values): string {
  return fill(dmpErrors[code].message.en, values);
}
