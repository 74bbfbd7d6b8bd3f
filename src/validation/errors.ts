import { catalogue, raiser, type Values, ViaducError } from '../words/errors.ts';

/** What can be wrong with a pack, and why a document could not be judged. */
export const validationErrors = catalogue({
  'validation.pack-not-found': {
    class: 'configuration',
    message: {
      fr: "Le dossier du pack de règles, {folder}, n'existe pas ou ne peut pas être lu.",
      en: 'The folder of the rule pack, {folder}, does not exist or cannot be read.',
    },
    remedy: {
      fr: "Indiquer le dossier du pack tel que l'agence le publie, avec ses droits de lecture.",
      en: 'Name the folder of the pack as the agency publishes it, with the right to read it.',
    },
  },
  'validation.pack-not-a-pack': {
    class: 'configuration',
    message: {
      fr: "{folder} n'est pas un pack de règles : aucun schéma XML n'y déclare ClinicalDocument.",
      en: '{folder} is not a rule pack: none of its XML Schemas declares ClinicalDocument.',
    },
    remedy: {
      fr: 'Indiquer le dossier qui contient infrastructure/cda, et vérifier que la copie est complète.',
      en: 'Name the folder that holds infrastructure/cda, and check that the copy is complete.',
    },
  },
  'validation.pack-ambiguous': {
    class: 'configuration',
    message: {
      fr: 'Plusieurs schémas de {folder} déclarent ClinicalDocument : {files}.',
      en: 'Several schemas of {folder} declare ClinicalDocument: {files}.',
    },
    remedy: {
      fr: "Indiquer le dossier d'une seule édition du pack.",
      en: 'Name the folder of one edition of the pack.',
    },
  },
  'validation.pack-too-large': {
    class: 'configuration',
    message: {
      fr: '{folder} dépasse la limite de {limit} ({unit}).',
      en: '{folder} is beyond the limit of {limit} ({unit}).',
    },
    remedy: {
      fr: "Indiquer le dossier du pack lui-même, et non un dossier qui l'entoure.",
      en: 'Name the folder of the pack itself, not one around it.',
    },
  },
  'validation.rules-missing': {
    class: 'configuration',
    message: {
      fr: 'Le Schematron {file} manque dans le pack.',
      en: 'The Schematron {file} is missing from the pack.',
    },
    remedy: { fr: 'Copier le pack en entier.', en: 'Copy the whole pack.' },
  },
  'validation.schema-missing': {
    class: 'configuration',
    message: {
      fr: '{file}, ligne {line} : le schéma {target} manque dans le pack.',
      en: '{file}, line {line}: the schema {target} is missing from the pack.',
    },
    remedy: { fr: 'Copier le pack en entier.', en: 'Copy the whole pack.' },
  },
  'validation.schema-outside': {
    class: 'configuration',
    message: {
      fr: '{file}, ligne {line} : {target} mène hors du dossier du pack.',
      en: '{file}, line {line}: {target} leads out of the folder of the pack.',
    },
    remedy: {
      fr: 'Installer le pack tel que publié ; un schéma ne se réfère qu’aux fichiers de son pack.',
      en: 'Install the pack as published; a schema refers only to files of its pack.',
    },
  },
  'validation.schema-on-network': {
    class: 'configuration',
    message: {
      fr: '{file}, ligne {line} : {target} est une adresse réseau, qui n’est jamais lue.',
      en: '{file}, line {line}: {target} is a network address, which is never read.',
    },
    remedy: {
      fr: 'Mettre le schéma dans le pack et s’y référer par un chemin relatif.',
      en: 'Put the schema into the pack and refer to it by a relative path.',
    },
  },
  'validation.schema-unreadable': {
    class: 'configuration',
    message: {
      fr: '{file}, ligne {line}, colonne {column} : le schéma ne peut pas être lu ({what}).',
      en: '{file}, line {line}, column {column}: the schema cannot be read ({what}).',
    },
    remedy: {
      fr: 'Copier à nouveau ce fichier : il est probablement tronqué.',
      en: 'Copy this file again: it is probably truncated.',
    },
  },
  'validation.schema-invalid': {
    class: 'configuration',
    message: {
      fr: '{file}, ligne {line} : le schéma ne se compile pas ({what}).',
      en: '{file}, line {line}: the schema does not compile ({what}).',
    },
    remedy: {
      fr: 'Installer le pack tel que publié, ou signaler l’erreur à son éditeur.',
      en: 'Install the pack as published, or report the error to its publisher.',
    },
  },
  'validation.rules-include-missing': {
    class: 'configuration',
    message: {
      fr: '{file}, ligne {line} : le fichier inclus {target} manque dans le pack.',
      en: '{file}, line {line}: the included file {target} is missing from the pack.',
    },
    remedy: {
      fr: "Copier le pack en entier ; si l'archive publiée est ainsi, ce Schematron reste incomplet et le verdict le dit.",
      en: 'Copy the whole pack; when the published archive is like that, this Schematron stays incomplete and verdicts say so.',
    },
  },
  'validation.rules-include-loop': {
    class: 'configuration',
    message: {
      fr: '{file}, ligne {line} : les inclusions tournent en rond ({loop}).',
      en: '{file}, line {line}: the includes go round in a circle ({loop}).',
    },
    remedy: {
      fr: "Retirer l'une des inclusions, ou installer le pack tel que publié.",
      en: 'Remove one of the includes, or install the pack as published.',
    },
  },
  'validation.rules-outside': {
    class: 'configuration',
    message: {
      fr: '{file}, ligne {line} : {target} mène hors du dossier du pack.',
      en: '{file}, line {line}: {target} leads out of the folder of the pack.',
    },
    remedy: {
      fr: 'Installer le pack tel que publié ; une règle ne se réfère qu’aux fichiers de son pack.',
      en: 'Install the pack as published; a rule refers only to files of its pack.',
    },
  },
  'validation.rules-on-network': {
    class: 'configuration',
    message: {
      fr: '{file}, ligne {line} : {target} est une adresse réseau, qui n’est jamais lue.',
      en: '{file}, line {line}: {target} is a network address, which is never read.',
    },
    remedy: {
      fr: 'Mettre le fichier dans le pack et s’y référer par un chemin relatif.',
      en: 'Put the file into the pack and refer to it by a relative path.',
    },
  },
  'validation.rules-unreadable': {
    class: 'configuration',
    message: {
      fr: '{file}, ligne {line}, colonne {column} : le fichier de règles ne peut pas être lu ({what}).',
      en: '{file}, line {line}, column {column}: the file of rules cannot be read ({what}).',
    },
    remedy: {
      fr: 'Copier à nouveau ce fichier : il est probablement tronqué.',
      en: 'Copy this file again: it is probably truncated.',
    },
  },
  'validation.values-unreadable': {
    class: 'configuration',
    message: {
      fr: '{file}, ligne {line}, colonne {column} : le jeu de valeurs ne peut pas être lu ({what})',
      en: '{file}, line {line}, column {column}: the value set cannot be read ({what})',
    },
    remedy: {
      fr: "Copier à nouveau ce fichier ; s'il est publié ainsi, les règles qui le lisent restent non évaluées.",
      en: 'Copy this file again; when it is published like that, the rules that read it stay unevaluated.',
    },
  },
  'validation.rules-not-evaluated': {
    class: 'configuration',
    message: {
      fr: '{file}, ligne {line} : une règle ne peut pas être évaluée ({rule}) : {reason}',
      en: '{file}, line {line}: a rule cannot be evaluated ({rule}): {reason}',
    },
    remedy: {
      fr: 'Compléter le pack, ou accepter que chaque verdict cite cette règle comme non évaluée.',
      en: 'Complete the pack, or accept that every verdict names this rule as not evaluated.',
    },
  },
  'validation.rules-answer-for-nobody': {
    class: 'configuration',
    message: {
      fr: "{file} : rien n'indique pour quels documents est ce modèle.",
      en: '{file}: nothing says which documents this model is for.',
    },
    remedy: {
      fr: "Le dire dans viaduc-pack.yaml (models), ou l'appeler par --schematron.",
      en: 'Say so in viaduc-pack.yaml (models), or name it with --schematron.',
    },
  },
  'validation.rules-unknown': {
    class: 'configuration',
    message: {
      fr: 'Le pack {pack} ne contient pas de Schematron {file}.',
      en: 'The pack {pack} holds no Schematron {file}.',
    },
    remedy: {
      fr: 'Donner le chemin dans le pack, tel que packs show le liste.',
      en: 'Give the path in the pack, as packs show lists it.',
    },
  },
  'validation.override-malformed': {
    class: 'configuration',
    message: {
      fr: '{file} : {what}.',
      en: '{file}: {what}.',
    },
    remedy: {
      fr: 'Corriger ce fichier ; docs/packs.md en décrit les membres.',
      en: 'Mend this file; docs/packs.md describes its members.',
    },
  },
  'validation.pack-changed': {
    class: 'configuration',
    message: {
      fr: "{folder} a changé pendant sa copie, ou n'a pas pu être copié en entier.",
      en: '{folder} changed while it was copied, or could not be copied whole.',
    },
    remedy: {
      fr: 'Attendre que le dossier soit complet, vérifier la place sur le disque, puis recommencer.',
      en: 'Wait until the folder is complete, check the room on the disk, then try again.',
    },
  },
  'validation.pack-broken': {
    class: 'configuration',
    message: {
      fr: 'Le pack {pack} est incomplet ({problems} problèmes) : il ne peut pas juger tout ce qui lui est confié.',
      en: 'The pack {pack} is incomplete ({problems} problems): it cannot judge all that it is trusted with.',
    },
    remedy: {
      fr: 'Voir packs check ; réparer le pack, ou accepter ses manques (checks.packProblems: report), cités alors dans chaque verdict.',
      en: 'See packs check; mend the pack, or accept what it lacks (checks.packProblems: report), which every verdict then names.',
    },
  },
  'validation.document-too-large': {
    class: 'not-judged',
    message: {
      fr: 'Le document fait {size} octets ; la validation s’arrête à {limit}.',
      en: 'The document has {size} bytes; validation stops at {limit}.',
    },
    remedy: {
      fr: 'Envoyer un document de 50 Mo au plus.',
      en: 'Send a document of 50 MB at most.',
    },
  },
});

export type ValidationErrorCode = keyof typeof validationErrors;

/** Makes an error of this room. */
export const validationError = raiser(validationErrors);

/** All that is wrong with a pack, at once. It is known by its first problem, which says file and line where there are any. */
export class PackError extends ViaducError {
  readonly problems: readonly ViaducError[];

  constructor(problems: readonly [ViaducError, ...ViaducError[]]) {
    const [first] = problems;
    super(first.code, first.entry, first.values, { cause: first.cause });
    this.problems = problems;
  }
}

/** A `PackError` with one problem. */
export function packError(code: ValidationErrorCode, values: Values, cause?: unknown): PackError {
  return new PackError([validationError(code, values, cause)]);
}

/** What an XML Schema, or our own check of identifiers, says of a document. `{where}` reads as `templateId/@root`. */
export const schemaFindings = catalogue({
  'xsd.root-unknown': {
    class: 'invalid',
    message: {
      fr: "Le schéma ne connaît pas l'élément racine {element}.",
      en: 'The schema does not know the root element {element}.',
    },
    remedy: {
      fr: "Envoyer un document dont la racine est ClinicalDocument, dans l'espace de noms urn:hl7-org:v3.",
      en: 'Send a document whose root is ClinicalDocument in the namespace urn:hl7-org:v3.',
    },
  },
  'xsd.element-unexpected': {
    class: 'invalid',
    message: {
      fr: "L'élément {element} n'est pas attendu à cet endroit ; attendu : {expected}.",
      en: 'The element {element} is not expected here; expected: {expected}.',
    },
    remedy: {
      fr: "Vérifier le nom, l'ordre et le nombre des éléments : le schéma impose les trois.",
      en: 'Check the names, the order and the number of the elements: the schema lays down all three.',
    },
  },
  'xsd.element-not-allowed': {
    class: 'invalid',
    message: {
      fr: "L'élément {element} n'est pas autorisé dans {parent} : aucun élément n'y est plus attendu.",
      en: 'The element {element} is not allowed in {parent}: no further element is expected there.',
    },
    remedy: { fr: "Retirer ou déplacer l'élément.", en: 'Remove the element or move it.' },
  },
  'xsd.element-missing': {
    class: 'invalid',
    message: {
      fr: 'Il manque un élément dans {element} ; attendu : {expected}.',
      en: 'An element is missing in {element}; expected: {expected}.',
    },
    remedy: { fr: "Ajouter l'élément attendu.", en: 'Add the element expected.' },
  },
  'xsd.attribute-not-allowed': {
    class: 'invalid',
    message: {
      fr: "L'attribut {attribute} n'est pas autorisé sur {element}.",
      en: 'The attribute {attribute} is not allowed on {element}.',
    },
    remedy: {
      fr: "Retirer l'attribut, ou vérifier le type de l'élément (xsi:type).",
      en: 'Remove the attribute, or check the type of the element (xsi:type).',
    },
  },
  'xsd.attribute-missing': {
    class: 'invalid',
    message: {
      fr: "L'attribut {attribute} est obligatoire sur {element}.",
      en: 'The attribute {attribute} is required on {element}.',
    },
    remedy: { fr: "Ajouter l'attribut.", en: 'Add the attribute.' },
  },
  'xsd.value-not-in-list': {
    class: 'invalid',
    message: {
      fr: "{where} : la valeur « {value} » n'est pas dans la liste ; attendu : {expected}.",
      en: "{where}: the value '{value}' is not in the list; expected: {expected}.",
    },
    remedy: { fr: 'Employer une valeur de la liste.', en: 'Use a value of the list.' },
  },
  'xsd.value-wrong-form': {
    class: 'invalid',
    message: {
      fr: "{where} : la valeur « {value} » n'a pas la forme attendue : {expected}.",
      en: "{where}: the value '{value}' does not have the expected form: {expected}.",
    },
    remedy: { fr: 'Corriger la forme de la valeur.', en: 'Mend the form of the value.' },
  },
  'xsd.value-out-of-bounds': {
    class: 'invalid',
    message: {
      fr: '{where} : la valeur « {value} » sort des limites : {expected}.',
      en: "{where}: the value '{value}' is out of bounds: {expected}.",
    },
    remedy: {
      fr: "Donner une valeur dans les limites ; une valeur absente s'écrit par nullFlavor, non par un texte vide.",
      en: 'Give a value within the bounds; an absent value is written by nullFlavor, not by an empty text.',
    },
  },
  'xsd.value-wrong-type': {
    class: 'invalid',
    message: {
      fr: "{where} : « {value} » n'est pas une valeur du type {expected}.",
      en: "{where}: '{value}' is not a value of the type {expected}.",
    },
    remedy: { fr: 'Corriger la valeur selon son type.', en: 'Mend the value according to its type.' },
  },
  'xsd.value-not-fixed': {
    class: 'invalid',
    message: {
      fr: "{where} : la valeur « {value} » n'est pas celle que le schéma impose ; attendu : {expected}.",
      en: "{where}: the value '{value}' is not the one that the schema fixes; expected: {expected}.",
    },
    remedy: {
      fr: "Employer la valeur imposée ou retirer l'attribut.",
      en: 'Use the fixed value or remove it.',
    },
  },
  'xsd.type-unknown': {
    class: 'invalid',
    message: {
      fr: '{element} : le type « {type} » (xsi:type) est inconnu du schéma.',
      en: "{element}: the schema does not know the type '{type}' (xsi:type).",
    },
    remedy: {
      fr: "Vérifier l'orthographe du type et l'espace de noms de son préfixe.",
      en: 'Check the spelling of the type and the namespace of its prefix.',
    },
  },
  'xsd.type-not-allowed': {
    class: 'invalid',
    message: {
      fr: "{element} : le type « {type} » (xsi:type) n'est pas admis ici.",
      en: "{element}: the type '{type}' (xsi:type) is not allowed here.",
    },
    remedy: {
      fr: "Employer le type déclaré pour cet élément, ou l'un de ceux qui en dérivent.",
      en: 'Use the type declared for this element, or one derived from it.',
    },
  },
  'xsd.type-missing': {
    class: 'invalid',
    message: {
      fr: '{element} : le type de la valeur doit être précisé par xsi:type.',
      en: '{element}: the type of the value must be given by xsi:type.',
    },
    remedy: {
      fr: 'Ajouter xsi:type, par exemple PQ, CD ou ST.',
      en: 'Add xsi:type, such as PQ, CD or ST.',
    },
  },
  'xsd.text-not-allowed': {
    class: 'invalid',
    message: {
      fr: '{element} ne doit pas contenir de texte.',
      en: '{element} must not hold text.',
    },
    remedy: {
      fr: "Retirer le texte, ou le mettre dans l'élément ou l'attribut prévu.",
      en: 'Remove the text, or put it into the element or attribute meant for it.',
    },
  },
  'xsd.element-abstract': {
    class: 'invalid',
    message: {
      fr: "L'élément {element} est abstrait : seul un élément de son groupe peut prendre sa place.",
      en: 'The element {element} is abstract: only an element of its group may take its place.',
    },
    remedy: { fr: "Employer l'un des éléments de son groupe.", en: 'Use one of the elements of its group.' },
  },
  'xsd.nil-not-allowed': {
    class: 'invalid',
    message: {
      fr: '{element} ne peut pas être déclaré vide par xsi:nil.',
      en: '{element} may not be declared empty by xsi:nil.',
    },
    remedy: {
      fr: 'Retirer xsi:nil ; une valeur absente s’écrit par nullFlavor.',
      en: 'Remove xsi:nil; an absent value is written by nullFlavor.',
    },
  },
  'xsd.nil-not-empty': {
    class: 'invalid',
    message: {
      fr: "{element} est déclaré vide par xsi:nil, mais ne l'est pas.",
      en: '{element} is declared empty by xsi:nil, but is not.',
    },
    remedy: { fr: 'Retirer xsi:nil, ou le contenu.', en: 'Remove xsi:nil, or the content.' },
  },
  'xsd.identifiers-several': {
    class: 'invalid',
    message: {
      fr: '{element} porte plusieurs identifiants de type xs:ID.',
      en: '{element} has several identifiers of type xs:ID.',
    },
    remedy: { fr: "N'en garder qu'un.", en: 'Keep one of them.' },
  },
  'xsd.key-missing': {
    class: 'invalid',
    message: {
      fr: 'Il manque à {element} une valeur de la clé {constraint}.',
      en: '{element} lacks a value of the key {constraint}.',
    },
    remedy: { fr: 'Donner toutes les valeurs de la clé.', en: 'Give all values of the key.' },
  },
  'xsd.key-twice': {
    class: 'invalid',
    message: {
      fr: '{element} a la même clé {constraint} qu’un autre élément.',
      en: '{element} has the same key {constraint} as another element.',
    },
    remedy: { fr: 'Rendre la clé unique.', en: 'Make the key unique.' },
  },
  'xsd.key-unknown': {
    class: 'invalid',
    message: {
      fr: '{element} se réfère par {constraint} à une clé qui n’existe pas.',
      en: '{element} refers by {constraint} to a key that does not exist.',
    },
    remedy: { fr: 'Corriger la référence.', en: 'Mend the reference.' },
  },
  'xsd.identifier-twice': {
    class: 'invalid',
    message: {
      fr: "{where} : l'identifiant « {value} » est déjà pris à la ligne {line}.",
      en: "{where}: the identifier '{value}' is already taken in line {line}.",
    },
    remedy: {
      fr: 'Rendre chaque identifiant unique dans le document.',
      en: 'Make every identifier unique in the document.',
    },
  },
  'xsd.reference-dangling': {
    class: 'invalid',
    message: {
      fr: "{where} : aucun élément du document ne porte l'identifiant « {value} ».",
      en: "{where}: no element of the document has the identifier '{value}'.",
    },
    remedy: {
      fr: "Corriger la référence, ou ajouter l'élément avec cet identifiant.",
      en: 'Mend the reference, or add the element with this identifier.',
    },
  },
  'xsd.too-many': {
    class: 'invalid',
    message: {
      fr: 'Le document compte plus de {limit} erreurs de schéma ; les suivantes ne sont pas listées.',
      en: 'The document holds more than {limit} schema errors; the rest is not listed.',
    },
    remedy: { fr: 'Corriger les premières erreurs.', en: 'Mend the first errors.' },
  },
});

export type SchemaFindingCode = keyof typeof schemaFindings;
