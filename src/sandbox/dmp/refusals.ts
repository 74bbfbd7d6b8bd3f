import { questionRefusals } from './question-refusals.ts';
import { LOOK_UP, type RefusalRow, row } from './refusal-row.ts';

const METADATA = 'XDSRegistryMetadataError';
const REPOSITORY = 'XDSRepositoryMetadataError';

const SCHEMA: [string, string] = [
  'Suivre le schéma ebRIM 3.0 et le profil XDS français.',
  'Follow the ebRIM 3.0 schema and the French XDS profile.',
];
const IDS: [string, string] = [
  'Donner à chaque objet un identifiant unique dans le message.',
  'Give each object an identifier that is unique in the message.',
];
const CODES: [string, string] = [
  'Prendre le code et son système dans le jeu de valeurs du DMP.',
  'Take the code and its system from the value set of the DMP.',
];
const SIGNATURE: [string, string] = [
  "Écrire l'objet de signature comme le volet le demande (E1762, art, N + MASQUE_PS + INVISIBLE_PATIENT).",
  'Write the signature object as specified (E1762, art, N + MASQUE_PS + INVISIBLE_PATIENT).',
];
const BYTES: [string, string] = [
  'Calculer sur les octets exacts de la partie MIME.',
  'Compute over the exact bytes of the MIME part.',
];
const NEW_ID: [string, string] = [
  'Un uniqueId accepté est consommé : corriger par un nouveau document et RPLC.',
  'An accepted uniqueId is used up: correct with a new document and RPLC.',
];
const NO_DMP: [string, string] = [
  'Ne pas réessayer : le patient s’y oppose ou n’a pas de DMP.',
  'Do not try again: the patient objects or has no DMP.',
];

/** Every reason for which a readable message is refused; two of them are given as warnings where they are used. */
export const refusalRows = {
  'sandbox.element-refused': row(
    METADATA,
    "L'élément {element} n'est pas permis à cette place.",
    'Element {element} is not allowed at this place.',
    SCHEMA,
  ),
  'sandbox.element-count': row(
    METADATA,
    "L'élément {element} doit figurer {count} fois dans {parent}.",
    'Element {element} must stand {count} times in {parent}.',
    SCHEMA,
  ),
  'sandbox.attribute-missing': row(
    METADATA,
    "L'attribut {attribute} de {element} manque ou est vide.",
    'Attribute {attribute} of {element} is missing or empty.',
    SCHEMA,
  ),
  'sandbox.attribute-refused': row(
    METADATA,
    "L'attribut {attribute} de {element} n'est pas permis au dépôt.",
    'Attribute {attribute} of {element} is not allowed in a submission.',
    SCHEMA,
  ),
  'sandbox.attribute-value': row(
    METADATA,
    "L'attribut {attribute} de {element} doit valoir {expected}.",
    'Attribute {attribute} of {element} must be {expected}.',
  ),
  'sandbox.id-repeated': row(
    METADATA,
    "L'identifiant {id} figure plusieurs fois dans le message.",
    'Identifier {id} stands several times in the message.',
    IDS,
  ),
  'sandbox.id-shape': row(
    METADATA,
    "L'identifiant de {element} doit être un nom symbolique (NCName).",
    'The identifier of {element} must be a symbolic name (NCName).',
    IDS,
  ),
  'sandbox.owner-mismatch': row(
    METADATA,
    "{attribute} ne désigne pas l'objet qui le contient.",
    '{attribute} does not point to the object that holds it.',
    IDS,
  ),

  'sandbox.slot-missing': row(
    METADATA,
    'Le Slot {slot} de {owner} manque.',
    'Slot {slot} of {owner} is missing.',
  ),
  'sandbox.slot-unknown': row(
    METADATA,
    "Le Slot {slot} n'est pas permis dans {owner}.",
    'Slot {slot} is not allowed in {owner}.',
  ),
  'sandbox.slot-extra': row(
    'XDSExtraMetadataNotSaved',
    "Le Slot {slot} n'est pas enregistré.",
    'Slot {slot} is not saved.',
  ),
  'sandbox.slot-repeated': row(
    METADATA,
    'Le Slot {slot} figure plusieurs fois dans {owner}.',
    'Slot {slot} stands several times in {owner}.',
  ),
  'sandbox.slot-values': row(
    METADATA,
    'Le Slot {slot} doit porter {count} valeur.',
    'Slot {slot} must hold {count} value.',
  ),
  'sandbox.value-too-long': row(
    METADATA,
    'La valeur de {what} dépasse {limit} caractères.',
    'The value of {what} is longer than {limit} characters.',
  ),
  'sandbox.value-format': row(
    METADATA,
    'La valeur de {what} n’a pas la forme {format}.',
    'The value of {what} is not of the form {format}.',
  ),
  'sandbox.name-missing': row(
    METADATA,
    '{owner} doit porter un Name non vide.',
    '{owner} must hold a Name that is not empty.',
  ),
  'sandbox.times-order': row(
    METADATA,
    'serviceStopTime précède serviceStartTime.',
    'serviceStopTime is before serviceStartTime.',
  ),

  'sandbox.submission-time': row(
    METADATA,
    "submissionTime a plus de {days} jours, ou plus d'un jour d'avance.",
    'submissionTime is older than {days} days, or more than a day ahead.',
    ['Mettre la machine à l’heure (NTP) et refaire le lot.', 'Set the clock (NTP) and make the lot anew.'],
  ),
  'sandbox.classification-missing': row(
    METADATA,
    'La classification {what} de {owner} manque.',
    'Classification {what} of {owner} is missing.',
  ),
  'sandbox.classification-repeated': row(
    METADATA,
    'La classification {what} de {owner} figure plus de {limit} fois.',
    'Classification {what} of {owner} stands more than {limit} times.',
  ),
  'sandbox.classification-unknown': row(
    METADATA,
    "Le schéma de classification {scheme} n'existe pas pour {owner}.",
    'Classification scheme {scheme} does not exist for {owner}.',
  ),
  'sandbox.coding-scheme': row(
    METADATA,
    'Le codingScheme de {what} doit être un OID nu (ou URN, ASTM pour la signature).',
    'The codingScheme of {what} must be a bare OID (or URN, ASTM for the signature).',
    ['Écrire l’OID sans préfixe urn:oid:.', 'Write the OID without the prefix urn:oid:.'],
  ),
  'sandbox.code-unknown': row(
    METADATA,
    'Le code {code} est inconnu pour {what}.',
    'Code {code} is unknown for {what}.',
    CODES,
  ),
  'sandbox.code-system': row(
    METADATA,
    'Le code {code} de {what} appartient au système {expected}.',
    'Code {code} of {what} belongs to system {expected}.',
    CODES,
  ),
  'sandbox.class-of-type': row(
    METADATA,
    'Au typeCode {type} correspond le classCode {expected}.',
    'To typeCode {type} belongs classCode {expected}.',
    ['Appliquer la correspondance ASS_X04.', 'Apply the mapping ASS_X04.'],
  ),
  'sandbox.institution-missing': row(
    METADATA,
    "Aucun auteur de {owner} n'a d'authorInstitution.",
    'No author of {owner} has an authorInstitution.',
  ),

  'sandbox.uuid-oid': row(
    'XDSRegistryMetadataError',
    'Un uniqueId fait d’un UUID (2.25.…) est refusé.',
    'A uniqueId made of a UUID (2.25.…) is refused.',
    ['Prendre un OID sous la racine de l’établissement.', 'Take an OID below the root of the establishment.'],
  ),
  'sandbox.identifier-missing': row(
    METADATA,
    "L'ExternalIdentifier {what} manque.",
    'ExternalIdentifier {what} is missing.',
  ),
  'sandbox.identifier-repeated': row(
    METADATA,
    "L'ExternalIdentifier {what} figure plusieurs fois.",
    'ExternalIdentifier {what} stands several times.',
  ),
  'sandbox.identifier-unknown': row(
    METADATA,
    "Le schéma d'identification {scheme} n'existe pas pour {owner}.",
    'Identification scheme {scheme} does not exist for {owner}.',
  ),
  'sandbox.identifier-name': row(
    METADATA,
    "Le Name de l'ExternalIdentifier doit être {expected}.",
    'The Name of the ExternalIdentifier must be {expected}.',
  ),
  'sandbox.ins-root': row(
    METADATA,
    "L'OID du patientId n'est pas celui d'un INS admis ici.",
    'The OID of the patientId is not that of an INS admitted here.',
    ['Envoyer l’INS qualifié avec son OID.', 'Send the qualified INS with its OID.'],
  ),

  'sandbox.lot-count': row(
    METADATA,
    'Le message doit porter un seul lot (RegistryPackage).',
    'The message must hold a single submission set (RegistryPackage).',
  ),
  'sandbox.lot-not-classified': row(
    METADATA,
    "Le RegistryPackage n'est pas classé une fois comme lot (classificationNode).",
    'The RegistryPackage is not classified once as a submission set (classificationNode).',
  ),
  'sandbox.no-document': row(
    METADATA,
    'Le lot ne porte aucun document clinique.',
    'The submission set holds no clinical document.',
  ),
  'sandbox.mime-type': row(
    METADATA,
    'Le type MIME {type} est refusé, ou ne va pas avec le formatCode.',
    'MIME type {type} is refused, or does not go with the formatCode.',
    [
      'text/xml, application/xslt+xml, ou application/dicom pour un KOS.',
      'text/xml, application/xslt+xml, or application/dicom for a KOS.',
    ],
  ),

  'sandbox.confidentiality-base': row(
    METADATA,
    'Il faut un seul code de confidentialité de base (N, R ou V).',
    'A single base confidentiality code (N, R or V) is needed.',
  ),
  'sandbox.confidentiality-repeated': row(
    METADATA,
    'Le code de confidentialité {code} figure plusieurs fois.',
    'Confidentiality code {code} stands several times.',
  ),
  'sandbox.confidentiality-cumulated': row(
    METADATA,
    'MASQUE_PS et INVISIBLE_PATIENT ensemble sont refusés.',
    'MASQUE_PS and INVISIBLE_PATIENT together are refused.',
    ['Choisir un seul des deux masquages.', 'Choose one of the two maskings.'],
  ),

  'sandbox.lot-signature': row(
    METADATA,
    'La signature du lot est refusée : {what}.',
    'The signature of the lot is refused: {what}.',
    [
      'Signer avec ORG_SIGN le manifeste du lot et de chaque document (forme canonique avec commentaires), et ne rien changer ensuite.',
      'Sign with ORG_SIGN the manifest of the lot and of each document (canonical form with comments), and change nothing afterwards.',
    ],
  ),
  'sandbox.vihf-patient': row(
    METADATA,
    'Le patient du VIHF n’est pas celui du lot ou du document.',
    'The patient of the VIHF is not that of the lot or of the document.',
    ['Faire un VIHF pour chaque patient.', 'Make one VIHF for each patient.'],
  ),
  'sandbox.secret-connection': row(
    'XDSRegistryMetadataError',
    'En connexion secrète, le document reste visible des représentants légaux.',
    'In a secret connection, the document stays visible to legal representatives.',
    ['Ajouter INVISIBLE_REPRESENTANTS_LEGAUX.', 'Add INVISIBLE_REPRESENTANTS_LEGAUX.'],
  ),
  'sandbox.author-not-caller': row(
    METADATA,
    'Aucun authorInstitution ne correspond à la structure du VIHF ({structure}) (EX_2.1-1140).',
    'No authorInstitution is the structure of the VIHF ({structure}) (EX_2.1-1140).',
    [
      'Déposer au nom d’une structure qui est auteur du document.',
      'Deposit in the name of a structure that is an author of the document.',
    ],
  ),
  'sandbox.signature-missing': row(
    METADATA,
    "Le lot n'est pas signé.",
    'The submission set is not signed.',
    SIGNATURE,
  ),
  'sandbox.signature-count': row(
    METADATA,
    'Le lot porte plus d’une signature, ou la signature pas une seule association signs vers le lot.',
    'The lot holds more than one signature, or the signature not a single signs association to the lot.',
    SIGNATURE,
  ),
  'sandbox.signature-attribute': row(
    METADATA,
    'Pour la signature, {what} doit valoir {expected}.',
    'For the signature, {what} must be {expected}.',
    SIGNATURE,
  ),

  'sandbox.association-type': row(
    METADATA,
    "Le type d'association {type} est refusé dans cette transaction.",
    'Association type {type} is refused in this transaction.',
  ),
  'sandbox.association-source': row(
    'UnresolvedReferenceException',
    "La source de l'association {type} doit être {expected} de ce message.",
    'The source of association {type} must be the {expected} of this message.',
  ),
  'sandbox.association-target': row(
    'UnresolvedReferenceException',
    "La cible de l'association {type} doit être {expected}.",
    'The target of association {type} must be {expected}.',
  ),
  'sandbox.association-status': row(
    METADATA,
    'SubmissionSetStatus doit valoir {expected}.',
    'SubmissionSetStatus must be {expected}.',
  ),
  'sandbox.member-count': row(
    METADATA,
    'Chaque objet du lot est lié au lot par un seul HasMember.',
    'Each object of the lot is tied to the lot by a single HasMember.',
  ),

  'sandbox.patient-mismatch': row(
    'XDSPatientIdDoesNotMatch',
    'Le patient de {what} n’est pas celui du lot.',
    'The patient of {what} is not that of the submission set.',
    [
      'Un lot concerne un seul patient, le même dans le CDA.',
      'A lot concerns a single patient, the same in the CDA.',
    ],
  ),
  'sandbox.patient-absent': row(
    'XDSUnknownPatientId',
    'Ce patient n’a pas de DMP.',
    'This patient has no DMP.',
    NO_DMP,
  ),
  'sandbox.patient-closed': row(
    'DMPClosed',
    'DMPClosed : le DMP de ce patient est fermé ({reason}).',
    'DMPClosed: the DMP of this patient is closed ({reason}).',
    NO_DMP,
  ),

  'sandbox.unique-id-repeated': row(
    'XDSRegistryDuplicateUniqueIdInMessage',
    'Le uniqueId {uniqueId} figure plusieurs fois dans le message.',
    'uniqueId {uniqueId} stands several times in the message.',
    IDS,
  ),
  'sandbox.document-missing': row(
    'XDSMissingDocument',
    "Aucun Document n'a l'identifiant de l'ExtrinsicObject {id}.",
    'No Document has the identifier of ExtrinsicObject {id}.',
    [
      'Document/@id est celui de l’ExtrinsicObject, casse comprise.',
      'Document/@id is that of the ExtrinsicObject, case included.',
    ],
  ),
  'sandbox.metadata-missing': row(
    'XDSMissingDocumentMetadata',
    "Aucun ExtrinsicObject n'a l'identifiant du Document {id}.",
    'No ExtrinsicObject has the identifier of Document {id}.',
    [
      'Document/@id est celui de l’ExtrinsicObject, casse comprise.',
      'Document/@id is that of the ExtrinsicObject, case included.',
    ],
  ),
  'sandbox.hash-differs': row(
    REPOSITORY,
    'Le hash déclaré n’est pas le SHA-1 des octets reçus.',
    'The declared hash is not the SHA-1 of the bytes received.',
    BYTES,
  ),
  'sandbox.size-differs': row(
    REPOSITORY,
    'La taille déclarée n’est pas celle des octets reçus ({received}).',
    'The declared size is not that of the bytes received ({received}).',
    BYTES,
  ),
  'sandbox.document-too-large': row(
    'InvalidDocumentContent',
    'Le document dépasse {limit} octets.',
    'The document is larger than {limit} bytes.',
  ),

  'sandbox.content-unreadable': row(
    'InvalidDocumentContent',
    "Le document n'est pas lisible comme {expected} (ligne {line}, colonne {column}).",
    'The document cannot be read as {expected} (line {line}, column {column}).',
    ['Envoyer les octets exacts du document produit.', 'Send the exact bytes of the document as produced.'],
  ),
  'sandbox.cda-id': row(
    REPOSITORY,
    "Le uniqueId n'est pas ClinicalDocument/id/@root, ou cet id a une extension.",
    'The uniqueId is not ClinicalDocument/id/@root, or that id has an extension.',
    ['Le DMP n’accepte qu’un OID pur comme identifiant.', 'The DMP takes a pure OID only as identifier.'],
  ),
  'sandbox.cda-patient': row(
    'XDSPatientIdDoesNotMatch',
    "Le patientId n'est pas un identifiant de recordTarget/patientRole.",
    'The patientId is not an identifier of recordTarget/patientRole.',
    ['Écrire le même INS dans le CDA et les métadonnées.', 'Write the same INS in the CDA and the metadata.'],
  ),
  'sandbox.cda-time': row(
    REPOSITORY,
    "creationTime n'est pas effectiveTime du CDA converti en UTC.",
    'creationTime is not effectiveTime of the CDA converted to UTC.',
    ['Convertir avec le décalage horaire écrit dans le CDA.', 'Convert with the offset written in the CDA.'],
  ),

  'sandbox.lot-known': row(
    'XDSDuplicateUniqueIdInRegistry',
    'Le uniqueId du lot est déjà enregistré.',
    'The uniqueId of the lot is already registered.',
    [
      'Une tentative précédente est passée : confirmer par TD3.1b.',
      'An earlier attempt passed: confirm with TD3.1b.',
    ],
  ),
  'sandbox.document-differs': row(
    'XDSNonIdenticalHash',
    'Le document {uniqueId} est déjà enregistré avec d’autres octets.',
    'Document {uniqueId} is already registered with other bytes.',
    NEW_ID,
  ),
  'sandbox.document-known': row(
    METADATA,
    'Le document {uniqueId} est déjà enregistré dans un autre lot.',
    'Document {uniqueId} is already registered in another lot.',
    NEW_ID,
  ),
  'sandbox.target-unknown': row(
    'UnresolvedReferenceException',
    "Aucun document n'a l'entryUUID visé.",
    'No document has the entryUUID aimed at.',
    LOOK_UP,
  ),
  'sandbox.target-not-approved': row(
    'XDSRegistryDeprecatedDocumentError',
    "L'entrée visée n'est pas Approved (elle est {status}).",
    'The entry aimed at is not Approved (it is {status}).',
    LOOK_UP,
  ),
  'sandbox.target-structure': row(
    METADATA,
    "La structure n'est pas auteur du document visé.",
    'The structure is not an author of the document aimed at.',
    ['Seule la structure auteur remplace ou supprime.', 'Only the author structure replaces or deletes.'],
  ),

  'sandbox.traits-differ': row(
    'XDSPatientIDReconciliationError',
    'Dans {where}, {what} : ce ne sont pas les traits que le DMP connaît pour cet INS.',
    'In {where}, {what}: these are not the traits that the DMP knows for this INS.',
    [
      "Vérifier l'identité : nom et prénom de naissance, date de naissance, sexe.",
      'Check the identity: birth name, given name, date of birth, sex.',
    ],
  ),

  ...questionRefusals,
} as const satisfies Record<string, RefusalRow>;

export type RefusalCode = keyof typeof refusalRows;
