import { fill, type Words } from '../words/errors.ts';

/** What may make a document no well-formed XML, in the words that finish the sentence of `xml.not-well-formed`. */
const MALFORMED = {
  afterRoot: {
    fr: "il y a quelque chose après la fin de l'élément racine",
    en: 'content after the end of the root element',
  },
  declaration: { fr: 'la déclaration XML est mal formée', en: 'malformed XML declaration' },
  unknownMarkup: { fr: 'ce balisage est inconnu', en: 'unknown markup' },
  noElement: { fr: 'aucun élément racine', en: 'no root element' },
  textOutside: { fr: "il y a du texte hors de l'élément racine", en: 'text outside the root element' },
  sectionEnd: { fr: '« ]]> » dans du texte', en: "']]>' in text" },
  endsInside: {
    fr: "le document s'arrête à l'intérieur de <{name}>",
    en: 'the document ends inside <{name}>',
  },
  character: { fr: "le caractère U+{code} n'est pas permis", en: 'character U+{code} is not allowed' },
  dashes: { fr: '« -- » dans un commentaire', en: "'--' inside a comment" },
  target: {
    fr: "une instruction de traitement n'a pas de cible valide",
    en: 'processing instruction without a valid target',
  },
  lateDeclaration: {
    fr: 'une déclaration XML ne peut se trouver que tout au début',
    en: 'an XML declaration may only stand at the very beginning',
  },
  commentEnd: { fr: 'un commentaire ne se termine pas', en: 'comment without end' },
  instructionEnd: {
    fr: 'une instruction de traitement ne se termine pas',
    en: 'processing instruction without end',
  },
  cdataEnd: { fr: 'une section CDATA ne se termine pas', en: 'CDATA section without end' },
  declarationEnd: { fr: 'la déclaration XML ne se termine pas', en: 'XML declaration without end' },
  slash: { fr: '« / » dans une balise ouvrante', en: "'/' in a start tag" },
  tagEnd: { fr: "le document s'arrête à l'intérieur d'une balise", en: 'the document ends inside a tag' },
  spaceMissing: {
    fr: 'une espace manque devant un attribut',
    en: 'white space is missing before an attribute',
  },
  noValue: { fr: "l'attribut {name} n'a pas de valeur", en: 'attribute {name} has no value' },
  unquoted: {
    fr: "la valeur d'un attribut doit être entre guillemets ou apostrophes",
    en: 'an attribute value must be quoted',
  },
  valueEnd: { fr: "la valeur d'un attribut ne se termine pas", en: 'attribute value without end' },
  lessThan: { fr: "« < » dans la valeur d'un attribut", en: "'<' in an attribute value" },
  declaredTwice: {
    fr: "le préfixe d'espace de noms {name} est déclaré deux fois",
    en: 'namespace prefix {name} declared twice',
  },
  defaultTwice: {
    fr: "l'espace de noms par défaut est déclaré deux fois",
    en: 'the default namespace is declared twice',
  },
  reserved: {
    fr: 'un espace de noms ou un préfixe réservé est déclaré',
    en: 'a reserved namespace or prefix is declared',
  },
  unbound: {
    fr: "le préfixe {name} n'est lié à aucun espace de noms",
    en: 'prefix {name} is bound to no namespace',
  },
  name: { fr: 'un nom est mal formé', en: 'malformed name' },
  twice: { fr: "l'attribut {name} figure deux fois", en: 'attribute {name} stands twice' },
  crossed: { fr: '</{name}> ferme <{open}>', en: '</{name}> closes <{open}>' },
  endTag: { fr: 'une balise fermante ne se termine pas', en: 'end tag without end' },
  nameMissing: { fr: 'un nom manque', en: 'a name is missing' },
  undeclared: { fr: "le préfixe de {name} n'est pas déclaré", en: 'the prefix of {name} is not declared' },
  ampersand: { fr: '« & » ne commence aucune référence', en: "'&' that begins no reference" },
  reference: {
    fr: '{name} ne désigne pas un caractère permis',
    en: '{name} is no allowed character',
  },
  entity: { fr: "l'entité {name} n'est pas déclarée", en: 'entity {name} is not declared' },
} as const satisfies Readonly<Record<string, Words>>;

export type Malformed = keyof typeof MALFORMED;

/** Names from a document are quoted up to so many characters. */
const LONGEST_NAME = 80;

/** Says in both languages what is wrong. */
export function malformed(kind: Malformed, names: Readonly<Record<string, string>> = {}): Words {
  const quoted = Object.fromEntries(Object.entries(names).map(([key, name]) => [key, shortened(name)]));
  return { fr: fill(MALFORMED[kind].fr, quoted), en: fill(MALFORMED[kind].en, quoted) };
}

function shortened(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
}
