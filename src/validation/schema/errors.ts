import { catalogue } from '../../words/errors.ts';

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
