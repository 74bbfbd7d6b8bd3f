import { catalogue, raiser } from '../words/errors.ts';

export const gatewayErrors = catalogue({
  'config.unreadable': {
    class: 'configuration',
    message: {
      fr: 'Le fichier de configuration {file} est illisible : {why}.',
      en: 'The configuration file {file} cannot be read: {why}.',
    },
    remedy: { fr: 'Corriger le fichier à l’endroit indiqué.', en: 'Mend the file at the place given.' },
  },
  'config.malformed': {
    class: 'configuration',
    message: {
      fr: 'La configuration {file} est refusée : {what}.',
      en: 'The configuration {file} is refused: {what}.',
    },
    remedy: {
      fr: 'Voir docs/operations.md, « Configuration ».',
      en: "See docs/operations.md, 'Configuration'.",
    },
  },
  'gateway.ntp-unreachable': {
    class: 'transient',
    message: {
      fr: 'Le serveur de temps {place} ne donne pas l’heure : {reason}.',
      en: 'The server of time {place} does not tell the time: {reason}.',
    },
    remedy: {
      fr: 'Vérifier ntp.host, ntp.port et que l’UDP sort vers lui.',
      en: 'Check ntp.host, ntp.port, and that UDP leaves toward it.',
    },
  },
  'gateway.certificate-ends': {
    class: 'configuration',
    message: {
      fr: 'Un certificat en service prend fin bientôt.',
      en: 'A certificate in use ends soon.',
    },
    remedy: {
      fr: 'Le renouveler avant cette date ; docs/alarms.md, certificate-expiry.',
      en: 'Renew it before that date; docs/alarms.md, certificate-expiry.',
    },
  },
  'gateway.certificate-ended': {
    class: 'configuration',
    message: { fr: 'Un certificat en service est périmé.', en: 'A certificate in use has expired.' },
    remedy: {
      fr: 'Poser le nouveau sans attendre ; docs/alarms.md, certificate-expiry.',
      en: 'Put the new one in place at once; docs/alarms.md, certificate-expiry.',
    },
  },
  'config.dmp-mode': {
    class: 'configuration',
    message: {
      fr: 'dmp.mode {mode} interdit ce que fait cette passerelle : {forbidden}.',
      en: 'dmp.mode {mode} forbids what this gateway does: {forbidden}.',
    },
    remedy: {
      fr: "Laisser dmp.mode à INDIRECTE : en authentification indirecte renforcée (AIR) nul n'alimente le DMP (TD2.1, PDT-INF-606), et l'authentification directe demande la carte d'un professionnel à chaque appel.",
      en: 'Leave dmp.mode at INDIRECTE: under reinforced indirect authentication (AIR) nobody may feed the DMP (TD2.1, PDT-INF-606), and direct authentication needs the card of a professional in every call.',
    },
  },
  'config.dmp-role': {
    class: 'configuration',
    message: {
      fr: 'dmp.roles pour {requester} : le rôle {role} n’est pas d’une nomenclature que le DMP attend ici ({expected}).',
      en: 'dmp.roles for {requester}: role {role} is not of a code system that the DMP expects here ({expected}).',
    },
    remedy: {
      fr: 'Prendre les rôles dans JDV_J65-SubjectRole-DMP ; un médecin (10), un pharmacien (21) et le 99 en ont un second : savoir-faire, section, rôle de soins.',
      en: 'Take roles from JDV_J65-SubjectRole-DMP; a physician (10), a pharmacist (21) and 99 have a second one: know-how, section, care role.',
    },
  },
  'packs.kept-missing': {
    class: 'configuration',
    message: {
      fr: 'Le pack {pack} ({sha256}) est en vigueur, mais le dossier de données ne le contient plus.',
      en: 'The pack {pack} ({sha256}) is in force, but the data folder no longer holds it.',
    },
    remedy: {
      fr: "L'ajouter à nouveau (packs add), restaurer le dossier de données, ou le retirer (packs deactivate).",
      en: 'Add it again (packs add), restore the data folder, or take it out of force (packs deactivate).',
    },
  },
  'packs.kept-altered': {
    class: 'configuration',
    message: {
      fr: 'Le pack {pack} a été altéré dans le dossier de données : son empreinte est {found}, non {sha256}.',
      en: 'The pack {pack} was altered in the data folder: its hash is {found}, not {sha256}.',
    },
    remedy: {
      fr: 'Supprimer sa copie et l’ajouter à nouveau depuis le dossier publié (packs add), ou restaurer le dossier de données.',
      en: 'Delete its copy and add it again from the published folder (packs add), or restore the data folder.',
    },
  },
  'packs.unknown': {
    class: 'invalid',
    status: 404,
    message: {
      fr: 'Aucun pack du dossier de données ne répond au nom {name}.',
      en: 'No pack in the data folder answers to the name {name}.',
    },
    remedy: {
      fr: 'packs list donne les noms et les empreintes ; packs add en ajoute un.',
      en: 'packs list gives names and hashes; packs add adds one.',
    },
  },
  'packs.ambiguous': {
    class: 'invalid',
    status: 409,
    message: {
      fr: 'Plusieurs packs répondent au nom {name} : {found}.',
      en: 'Several packs answer to the name {name}: {found}.',
    },
    remedy: { fr: "Donner le début de l'empreinte.", en: 'Give the beginning of the hash.' },
  },
  'packs.unusable': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le pack {name} ne peut pas juger : {why}',
      en: 'The pack {name} cannot judge: {why}',
    },
    remedy: {
      fr: 'packs check dit tout ce qui ne va pas, avec fichier et ligne.',
      en: 'packs check tells all that is wrong, with file and line.',
    },
  },
  'packs.in-use': {
    class: 'invalid',
    status: 409,
    message: {
      fr: 'Le pack {name} a été en vigueur : des verdicts peuvent le citer, il est conservé.',
      en: 'The pack {name} has been in force: verdicts may name it, it is kept.',
    },
    remedy: {
      fr: 'packs deactivate le retire sans le supprimer.',
      en: 'packs deactivate takes it out of force without deleting it.',
    },
  },
  'packs.not-active': {
    class: 'invalid',
    status: 409,
    message: { fr: "Le pack {name} n'est pas en vigueur.", en: 'The pack {name} is not in force.' },
    remedy: { fr: 'Voir packs list.', en: 'See packs list.' },
  },
  'config.mllp-exposed': {
    class: 'configuration',
    message: {
      fr: "HL7 v2 sans TLS sur {host} serait joignable d'autres machines.",
      en: 'HL7 v2 without TLS on {host} could be reached from other machines.',
    },
    remedy: {
      fr: 'Configurer mllp.tls avec mllp.port: null, ou dire mllp.protectedNetwork: true si le réseau est protégé autrement.',
      en: 'Configure mllp.tls with mllp.port: null, or say mllp.protectedNetwork: true if the network is protected otherwise.',
    },
  },
  'config.exposed': {
    class: 'configuration',
    message: {
      fr: "L'adresse {host} n'est pas locale et TLS n'est pas configuré.",
      en: 'The address {host} is not loopback and TLS is not configured.',
    },
    remedy: {
      fr: 'Configurer http.tls, ou déclarer http.behindProxy: true si un mandataire termine TLS devant la passerelle.',
      en: 'Configure http.tls, or declare http.behindProxy: true if a proxy terminates TLS in front of the gateway.',
    },
  },
  'config.leaves-loopback': {
    class: 'configuration',
    message: {
      fr: "Dans le bac à sable, {url} n'est pas une adresse locale.",
      en: 'In the sandbox, {url} is not a loopback address.',
    },
    remedy: {
      fr: 'Rien ne sort du bac à sable : utiliser l’environnement test ou production.',
      en: 'Nothing leaves the sandbox: use environment test or production.',
    },
  },
  'config.tls-unusable': {
    class: 'configuration',
    message: {
      fr: 'Le certificat {certificate} et la clé {key} ne peuvent pas servir : {why}.',
      en: 'Certificate {certificate} and key {key} cannot be used: {why}.',
    },
    remedy: {
      fr: 'Donner un certificat PEM, sa propre clé, et son mot de passe s’il y en a un.',
      en: 'Give a PEM certificate, its own key, and its passphrase if it has one.',
    },
  },
  'config.port-taken': {
    class: 'configuration',
    message: { fr: 'Le port {port} de {host} est déjà pris.', en: 'Port {port} of {host} is already taken.' },
    remedy: {
      fr: 'Choisir un autre port (0 pour un port libre) : {setting}.',
      en: 'Choose another port (0 for any free one): {setting}.',
    },
  },
  'http.unauthenticated': {
    class: 'invalid',
    status: 401,
    message: { fr: 'Aucun jeton valide.', en: 'No valid token.' },
    remedy: { fr: 'Envoyer Authorization: Bearer <jeton>.', en: 'Send Authorization: Bearer <token>.' },
  },
  'http.forbidden': {
    class: 'invalid',
    status: 403,
    message: {
      fr: 'Ce jeton n’a pas le rôle {role} ici.',
      en: 'This token does not have the role {role} here.',
    },
    remedy: { fr: 'Demander ce rôle à un administrateur.', en: 'Ask an administrator for this role.' },
  },
  'http.not-found': {
    class: 'invalid',
    status: 404,
    message: { fr: 'Rien ici.', en: 'There is nothing here.' },
    remedy: { fr: 'Vérifier l’adresse et l’identifiant.', en: 'Check the address and the identifier.' },
  },
  'http.ambiguous-establishment': {
    class: 'invalid',
    status: 400,
    message: {
      fr: 'Le jeton vaut pour plusieurs établissements : {establishments}.',
      en: 'The token is good for several establishments: {establishments}.',
    },
    remedy: { fr: 'Ajouter ?establishment=<identifiant>.', en: 'Add ?establishment=<identifier>.' },
  },
  'http.malformed': {
    class: 'invalid',
    status: 400,
    message: { fr: 'La requête est mal formée : {what}.', en: 'The request is malformed: {what}.' },
    remedy: { fr: 'Voir /api/docs.', en: 'See /api/docs.' },
  },
  'http.unsupported-media-type': {
    class: 'invalid',
    status: 415,
    message: {
      fr: "Le type de contenu {type} n'est pas accepté ici.",
      en: 'Content type {type} is not accepted here.',
    },
    remedy: {
      fr: 'Envoyer application/xml, ou multipart/form-data.',
      en: 'Send application/xml, or multipart/form-data.',
    },
  },
  'http.unreadable': {
    class: 'invalid',
    status: 400,
    message: {
      fr: 'Ceci n’est pas une requête HTTP lisible.',
      en: 'This is no HTTP request that can be read.',
    },
    remedy: {
      fr: 'Vérifier le protocole (http ou https), les en-têtes et Content-Length.',
      en: 'Check the protocol (http or https), the headers and Content-Length.',
    },
  },
  'http.headers-too-large': {
    class: 'invalid',
    status: 431,
    message: { fr: 'Les en-têtes dépassent 16 Kio.', en: 'The headers exceed 16 KiB.' },
    remedy: { fr: 'Envoyer moins d’en-têtes.', en: 'Send fewer headers.' },
  },
  'http.too-slow': {
    class: 'transient',
    status: 408,
    message: { fr: 'La requête n’est pas arrivée à temps.', en: 'The request did not arrive in time.' },
    remedy: { fr: 'Envoyer à nouveau.', en: 'Send again.' },
  },
  'http.unsupported-encoding': {
    class: 'invalid',
    status: 415,
    message: {
      fr: 'Le codage de contenu {encoding} n’est pas accepté.',
      en: 'Content encoding {encoding} is not accepted.',
    },
    remedy: { fr: 'Envoyer le corps sans compression.', en: 'Send the body without compression.' },
  },
  'http.too-large': {
    class: 'invalid',
    status: 413,
    message: {
      fr: 'Le corps de la requête dépasse {limit} octets.',
      en: 'The body of the request exceeds {limit} bytes.',
    },
    remedy: { fr: 'Réduire la requête.', en: 'Make the request smaller.' },
  },
  'http.too-many-requests': {
    class: 'transient',
    status: 429,
    message: {
      fr: 'Trop de requêtes ; réessayer dans {seconds} s.',
      en: 'Too many requests; try again in {seconds} s.',
    },
    remedy: {
      fr: 'Ralentir, ou faire relever http.requestsPerMinute.',
      en: 'Slow down, or have http.requestsPerMinute raised.',
    },
  },
  'http.method-not-allowed': {
    class: 'invalid',
    status: 405,
    message: {
      fr: 'La méthode {method} n’est pas permise ici.',
      en: 'Method {method} is not allowed here.',
    },
    remedy: { fr: 'Utiliser {allowed} ; voir /api/docs.', en: 'Use {allowed}; see /api/docs.' },
  },
  'http.internal': {
    class: 'not-judged',
    status: 500,
    message: {
      fr: 'La passerelle a échoué d’une façon imprévue (référence {reference}).',
      en: 'The gateway failed in an unforeseen way (reference {reference}).',
    },
    remedy: {
      fr: 'Envoyer à nouveau ; si cela persiste, donner la référence à l’exploitant.',
      en: 'Send again; if it persists, give the reference to the operator.',
    },
  },
});

export const gatewayError = raiser(gatewayErrors);
