import { type ErrorClass, type ErrorEntry, raiser } from '../../words/errors.ts';

function row(
  what: { class?: ErrorClass; status?: number },
  fr: string,
  en: string,
  remedyFr: string,
  remedyEn: string,
): ErrorEntry {
  return {
    class: what.class ?? 'invalid',
    status: what.status ?? 500,
    message: { fr, en },
    remedy: { fr: remedyFr, en: remedyEn },
  };
}

/**
 * What the simulator answers with a SOAP fault or an admin error, and why it does not start. What the registry refuses in
 * a message it could read is in refusals.ts, with the IHE code of each row.
 */
export const dmpSandboxErrors = {
  'sandbox.path-unknown': row(
    { status: 404 },
    "Aucun service à l'adresse {path}.",
    'No service at address {path}.',
    'Utiliser /si-dmp-server/v2/services/repository (ITI-41), …/registry (ITI-18, ITI-57) ou …/patients (TD0.2).',
    'Use /si-dmp-server/v2/services/repository (ITI-41), …/registry (ITI-18, ITI-57) or …/patients (TD0.2).',
  ),
  'sandbox.method-refused': row(
    { status: 405 },
    'La méthode HTTP {method} est refusée.',
    'HTTP method {method} is refused.',
    'Envoyer le message SOAP par POST.',
    'Send the SOAP message with POST.',
  ),
  'sandbox.message-too-large': row(
    { status: 413 },
    'Le message dépasse {limit} octets.',
    'The message is larger than {limit} bytes.',
    'Envoyer moins de documents par lot, ou des documents plus petits.',
    'Send fewer documents in a lot, or smaller ones.',
  ),
  'sandbox.media-type': row(
    { status: 415 },
    'Le type de contenu {type} est refusé ; attendu : {expected}.',
    'Media type {type} is refused; expected: {expected}.',
    'Envoyer un message SOAP 1.2 non compressé avec le Content-Type de la transaction.',
    'Send an uncompressed SOAP 1.2 message with the Content-Type of the transaction.',
  ),
  'sandbox.not-mtom': row(
    {},
    'ITI-41 exige MTOM : le message est arrivé en {type}, hors de multipart/related (EX_2.1-1260).',
    'ITI-41 demands MTOM: the message came as {type}, not multipart/related (EX_2.1-1260).',
    'Envoyer multipart/related; type="application/xop+xml", un document par partie MIME.',
    'Send multipart/related; type="application/xop+xml", one document in each MIME part.',
  ),
  'sandbox.content-type-parameter': row(
    {},
    'Dans {header}, le paramètre {name} manque ou ne vaut pas {expected}.',
    'In {header}, parameter {name} is missing or is not {expected}.',
    'Écrire les en-têtes MTOM de ITI-41 exactement (type, start, start-info, action, boundary).',
    'Write the MTOM headers of ITI-41 exactly (type, start, start-info, action, boundary).',
  ),
  'sandbox.multipart-malformed': row(
    {},
    'Le message multipart est mal formé : {what}.',
    'The multipart message is malformed: {what}.',
    'Comparer les octets envoyés avec la RFC 2046 : délimiteurs, CRLF, délimiteur final.',
    'Compare the bytes sent with RFC 2046: delimiters, CRLF, closing delimiter.',
  ),
  'sandbox.part-missing': row(
    {},
    "Aucune partie MIME n'a le Content-ID de {href}.",
    'No MIME part has the Content-ID of {href}.',
    'Écrire le Content-ID entre chevrons, et le même, encodé comme une URL, après cid:.',
    'Write the Content-ID between angle brackets, and the same, URL-encoded, after cid:.',
  ),
  'sandbox.document-inline': row(
    {},
    "Le contenu d'un élément Document n'est pas un unique xop:Include.",
    'The content of a Document element is not a single xop:Include.',
    'Placer les octets du document dans une partie MIME (MTOM), jamais en base64 dans le XML.',
    'Put the bytes of the document in a MIME part (MTOM), never in base64 inside the XML.',
  ),
  'sandbox.xml-unreadable': row(
    {},
    'Le message SOAP est illisible, ligne {line}, colonne {column} : {what}',
    'The SOAP message is unreadable at line {line}, column {column}: {what}',
    'Envoyer du XML bien formé, sans DOCTYPE.',
    'Send well-formed XML without DOCTYPE.',
  ),
  'sandbox.not-soap-12': row(
    {},
    "L'élément racine n'est pas une enveloppe SOAP 1.2 mais {root}.",
    'The root element is not a SOAP 1.2 envelope but {root}.',
    "Utiliser l'espace de noms http://www.w3.org/2003/05/soap-envelope.",
    'Use the namespace http://www.w3.org/2003/05/soap-envelope.',
  ),
  'sandbox.envelope-shape': row(
    {},
    "L'enveloppe SOAP n'est pas Header, puis Body avec le seul élément {expected}.",
    'The SOAP envelope is not Header, then Body with the single element {expected}.',
    'Écrire un en-tête avec WS-Addressing et un corps avec le message de la transaction.',
    'Write a header with WS-Addressing and a body with the message of the transaction.',
  ),
  'sandbox.header-not-understood': row(
    {},
    "L'en-tête {header} est marqué mustUnderstand et n'est pas compris.",
    'Header {header} is marked mustUnderstand and is not understood.',
    'Retirer cet en-tête, ou son attribut mustUnderstand.',
    'Remove this header, or its mustUnderstand attribute.',
  ),
  'sandbox.addressing-missing': row(
    {},
    "L'en-tête d'adressage wsa:{header} est obligatoire.",
    'The message addressing header wsa:{header} is required.',
    'Ajouter wsa:MessageID et wsa:Action (http://www.w3.org/2005/08/addressing).',
    'Add wsa:MessageID and wsa:Action (http://www.w3.org/2005/08/addressing).',
  ),
  'sandbox.addressing-invalid': row(
    {},
    "L'en-tête d'adressage wsa:{header} est répété ou n'a pas la forme {expected}.",
    'The message addressing header wsa:{header} is repeated or is not of the form {expected}.',
    'Écrire chaque en-tête WS-Addressing une fois, dans la forme de la transaction.',
    'Write each WS-Addressing header once, in the form of the transaction.',
  ),
  'sandbox.action-unknown': row(
    {},
    "L'action {action} n'existe pas à cette adresse.",
    'Action {action} does not exist at this address.',
    'Vérifier wsa:Action et le chemin : ITI-41 sur /repository, ITI-18 et ITI-57 sur /registry, TD0.2 sur /patients.',
    'Check wsa:Action and the path: ITI-41 on /repository, ITI-18 and ITI-57 on /registry, TD0.2 on /patients.',
  ),
  'sandbox.action-mismatch': row(
    {},
    "L'action du Content-Type n'est pas celle de wsa:Action.",
    'The action of the Content-Type is not that of wsa:Action.',
    'Écrire la même action aux deux endroits, ou la retirer du Content-Type.',
    'Write the same action in both places, or remove it from the Content-Type.',
  ),
  'sandbox.right-denied': row(
    {},
    "L'opération {operation} n'est pas permise en authentification indirecte.",
    'Operation {operation} is not allowed in indirect authentication.',
    'Se limiter à TD0.2, TD2.1, TD3.1b (GetDocuments, ObjectRef) et TD3.3c.',
    'Keep to TD0.2, TD2.1, TD3.1b (GetDocuments, ObjectRef) and TD3.3c.',
  ),
  'sandbox.vihf-missing': row(
    {},
    'Le VIHF manque : wsse:Security doit contenir une assertion SAML, et elle seule.',
    'The VIHF is missing: wsse:Security must hold one SAML assertion, and nothing else.',
    'Écrire le VIHF dans l’en-tête de chaque appel, hors de MTOM.',
    'Write the VIHF into the header of every call, outside MTOM.',
  ),
  'sandbox.vihf-wrong': row(
    {},
    'Dans le VIHF, {what} manque, se répète ou est faux ; attendu : {expected}.',
    'In the VIHF, {what} is missing, repeated or wrong; expected: {expected}.',
    'Écrire le VIHF comme la spécification (attributs de la section 4).',
    'Write the VIHF as specified (attributes of section 4).',
  ),
  'sandbox.vihf-expired': row(
    {},
    'Le VIHF émis à {issued} est à plus de {seconds} s de l’heure du DMP.',
    'The VIHF issued at {issued} is more than {seconds} s from the time of the DMP.',
    'Faire un VIHF neuf à chaque appel, et mettre la machine à l’heure (NTP).',
    'Make a fresh VIHF for every call, and set the clock of the machine (NTP).',
  ),
  'sandbox.vihf-reused': row(
    {},
    'Le VIHF {id} a déjà servi.',
    'The VIHF {id} was used before.',
    'Faire un VIHF neuf à chaque appel, avec un identifiant neuf.',
    'Make a fresh VIHF for every call, with a fresh identifier.',
  ),
  'sandbox.vihf-unsigned': row(
    {},
    'Le VIHF n’a pas de signature lisible avec son certificat.',
    'The VIHF has no readable signature with its certificate.',
    'Signer avec le certificat ORG_SIGN et le joindre (KeyInfo/X509Data).',
    'Sign with the ORG_SIGN certificate and enclose it (KeyInfo/X509Data).',
  ),
  'sandbox.vihf-signature': row(
    {},
    'La signature du VIHF est fausse, ne couvre pas l’assertion, ou emploie un algorithme refusé.',
    'The signature of the VIHF is wrong, does not cover the assertion, or uses an algorithm that is refused.',
    'Ne rien changer après avoir signé ; exc-c14n, enveloped, RSA-SHA256.',
    'Change nothing after signing; exc-c14n, enveloped, RSA-SHA256.',
  ),
  'sandbox.vihf-speciality': row(
    {},
    'Le VIHF ne dit pas la spécialité (second rôle) que cette profession demande.',
    'The VIHF does not give the speciality (second role) that this profession needs.',
    'Médecin : savoir-faire ; pharmacien : section ; rôle de soin : TRE_R85.',
    'Physician: know-how; pharmacist: section; care role: TRE_R85.',
  ),
  'sandbox.seal-refused': row(
    {},
    'Le certificat qui signe est refusé : {why}.',
    'The certificate that signs is refused: {why}.',
    'Signer avec ORG_SIGN de la même structure, en cours de validité ; jamais avec le certificat d’authentification.',
    'Sign with the ORG_SIGN certificate of the same structure, while valid; never with the one that authenticates.',
  ),
  'sandbox.structure-refused': row(
    {},
    'La structure {structure} n’est pas celle du certificat ({certified}), ni un de ses sites.',
    'Structure {structure} is not that of the certificate ({certified}), nor one of its sites.',
    'Prendre le certificat de l’entité juridique de la structure.',
    'Take the certificate of the legal entity of the structure.',
  ),
  'sandbox.scripted': row(
    {},
    'Panne programmée : {what}.',
    'Scripted fault: {what}.',
    "Retirer la panne par DELETE /faults de l'API d'administration.",
    'Remove the fault with DELETE /faults of the admin API.',
  ),
  'sandbox.internal': row(
    { class: 'not-judged' },
    'Erreur interne du simulateur.',
    'Internal error of the simulator.',
    'Signaler le message qui la provoque.',
    'Report the message that causes it.',
  ),
  'sandbox.admin-conflict': row(
    { status: 409 },
    'Il y a déjà {limit} pannes programmées.',
    'There are already {limit} scripted faults.',
    'Les retirer par DELETE /faults.',
    'Remove them with DELETE /faults.',
  ),
  'sandbox.document-unknown': row(
    { status: 404 },
    "Aucun document n'a cet identifiant.",
    'No document has this identifier.',
    'Chercher par le uniqueId du document, voir GET /documents.',
    'Look it up by the uniqueId of the document, see GET /documents.',
  ),
  'sandbox.option-wrong': row(
    { class: 'configuration' },
    "L'option {option} a une valeur refusée.",
    'Option {option} has a value that is refused.',
    'Options : --port, --host, --admin-port, --store, --patients, --switches, --certificates, --sites.',
    'Options: --port, --host, --admin-port, --store, --patients, --switches, --certificates, --sites.',
  ),
};

export type DmpSandboxErrorCode = keyof typeof dmpSandboxErrors;

export const raise = raiser(dmpSandboxErrors);
