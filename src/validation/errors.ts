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
  'validation.pack-without-rules': {
    class: 'configuration',
    message: {
      fr: 'Le pack {folder} ne contient aucun Schematron.',
      en: 'The pack {folder} holds no Schematron.',
    },
    remedy: {
      fr: 'Copier le pack en entier : ses règles sont dans le dossier schematrons.',
      en: 'Copy the whole pack: its rules are in the folder schematrons.',
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
  'validation.link-not-followed': {
    class: 'configuration',
    message: {
      fr: "{file} est un lien vers un dossier, hors du pack ou vers rien : il n'est pas suivi, et rien n'en est copié.",
      en: '{file} is a link to a folder, out of the pack or to nothing: it is not followed, and nothing of it is copied.',
    },
    remedy: {
      fr: 'Mettre à sa place les fichiers eux-mêmes, ou le retirer.',
      en: 'Put the files themselves in its place, or remove it.',
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
  'validation.values-empty': {
    class: 'configuration',
    message: {
      fr: '{file} : le jeu de valeurs est vide.',
      en: '{file}: the value set is empty.',
    },
    remedy: {
      fr: "Copier à nouveau ce fichier ; si l'archive publiée est ainsi, les règles qui le lisent ne sont pas évaluées.",
      en: 'Copy this file again; when the published archive is like that, the rules that read it are not evaluated.',
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

/** What the Schematron judge says itself; all else is in the words of the pack. */
export const ruleFindings = catalogue({
  'schematron.too-many': {
    class: 'invalid',
    message: {
      fr: '{count} autres échecs de {schema} ne sont pas listés.',
      en: '{count} more failures of {schema} are not listed.',
    },
    remedy: {
      fr: 'Corriger les premiers, puis valider de nouveau.',
      en: 'Mend the first ones, then validate again.',
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
