import { catalogue, fill, raiser, type Values, ViaducError, type Words } from '../words/errors.ts';

export const indicatorErrors = catalogue({
  'indicators.definition-unreadable': {
    class: 'configuration',
    message: {
      fr: "Le fichier de définition {file} n'a pas pu être lu : {why}.",
      en: 'The definition file {file} could not be read: {why}.',
    },
    remedy: {
      fr: 'Vérifier le chemin, les droits et la taille du fichier.',
      en: 'Check its path, permissions and size.',
    },
  },
  'indicators.definition-invalid': {
    class: 'configuration',
    message: {
      fr: 'Le fichier de définition {file} est erroné en {problems} endroit(s) ; ligne {line}, {path} : {what}.',
      en: 'The definition file {file} is wrong in {problems} place(s); line {line}, {path}: {what}.',
    },
    remedy: {
      fr: "Corriger les endroits indiqués ; aucun chiffre n'est calculé avec une définition erronée.",
      en: 'Mend the places given; no figure is computed from a wrong definition.',
    },
  },
  'indicators.setting-invalid': {
    class: 'configuration',
    status: 400,
    message: {
      fr: 'Le réglage {setting} est inconnu ou sa valeur ne convient pas : {what}.',
      en: 'Setting {setting} is unknown or its value does not fit: {what}.',
    },
    remedy: {
      fr: 'Voir la liste des réglages dans profiles/indicators.',
      en: 'See the list of settings in profiles/indicators.',
    },
  },
  'indicators.zone-unknown': {
    class: 'configuration',
    status: 400,
    message: { fr: 'Le fuseau horaire {zone} est inconnu.', en: 'Time zone {zone} is unknown.' },
    remedy: {
      fr: 'Donner un fuseau de la base IANA, comme Europe/Paris.',
      en: 'Give a zone of the IANA data base, such as Europe/Paris.',
    },
  },
  'indicators.window-unknown': {
    class: 'invalid',
    status: 400,
    message: {
      fr: "La fenêtre {window} n'existe pas dans la définition {definition} ({known}).",
      en: 'There is no window {window} in definition {definition} ({known}).',
    },
    remedy: {
      fr: 'Choisir une fenêtre de la définition, un semestre comme 2026-S2, ou current.',
      en: 'Choose a window of the definition, a half-year such as 2026-S2, or current.',
    },
  },
  'indicators.period-invalid': {
    class: 'invalid',
    status: 400,
    message: { fr: "La période {period} n'est pas lisible.", en: 'Period {period} cannot be read.' },
    remedy: {
      fr: 'Donner un mois AAAA-MM, ou un premier et un dernier jour AAAA-MM-JJ dans cet ordre.',
      en: 'Give a month YYYY-MM, or a first and a last day YYYY-MM-DD in that order.',
    },
  },
  'indicators.instant-invalid': {
    class: 'invalid',
    status: 400,
    message: {
      fr: "L'instant donné pour {name} n'est pas lisible.",
      en: 'The instant given as {name} cannot be read.',
    },
    remedy: {
      fr: 'Donner un instant ISO 8601 avec son décalage, comme 2022-07-01T00:00:00+02:00.',
      en: 'Give an ISO 8601 instant with its offset, such as 2022-07-01T00:00:00+02:00.',
    },
  },
  'indicators.scope-unknown': {
    class: 'invalid',
    status: 400,
    message: {
      fr: "Le FINESS {finess} n'est pas un {level} de cet établissement.",
      en: 'FINESS {finess} is no {level} of this establishment.',
    },
    remedy: {
      fr: 'Choisir l’entité juridique de l’établissement ou l’un de ses sites.',
      en: 'Choose the legal entity of the establishment or one of its sites.',
    },
  },
  'indicators.scope-needs-site': {
    class: 'invalid',
    status: 400,
    message: {
      fr: "L'établissement a {sites} sites : le FINESS géographique voulu manque.",
      en: 'The establishment has {sites} sites: which geographic FINESS is meant is missing.',
    },
    remedy: { fr: 'Ajouter finess=… à la demande.', en: 'Add finess=… to the request.' },
  },
  'indicators.definition-unknown': {
    class: 'invalid',
    status: 404,
    message: {
      fr: "La définition {definition} n'existe pas ; sont connues : {known}.",
      en: 'Definition {definition} does not exist; known are: {known}.',
    },
    remedy: {
      fr: 'Nommer une définition de profiles/indicators.',
      en: 'Name a definition of profiles/indicators.',
    },
  },
  'indicators.indicator-unknown': {
    class: 'invalid',
    status: 404,
    message: {
      fr: "L'indicateur {code} n'est pas dans la définition {definition}.",
      en: 'Indicator {code} is not in definition {definition}.',
    },
    remedy: { fr: 'Choisir un code de la définition.', en: 'Choose a code of the definition.' },
  },
  'indicators.fact-invalid': {
    class: 'permanent',
    message: {
      fr: 'Le fait {kind} {key} porte un instant illisible ({member}).',
      en: 'Fact {kind} {key} bears an unreadable instant ({member}).',
    },
    remedy: { fr: 'Signaler ce défaut de la passerelle.', en: 'Report this defect of the gateway.' },
  },
  'indicators.csv-empty': {
    class: 'invalid',
    status: 422,
    message: { fr: 'Le fichier est vide.', en: 'The file is empty.' },
    remedy: {
      fr: 'La première ligne doit nommer les colonnes.',
      en: 'The first line must name the columns.',
    },
  },
  'indicators.csv-not-utf8': {
    class: 'invalid',
    status: 422,
    message: {
      fr: "Le fichier n'est pas en UTF-8 (après la ligne {line}).",
      en: 'The file is not UTF-8 (after line {line}).',
    },
    remedy: {
      fr: 'Enregistrer le fichier en UTF-8 (dans un tableur : « CSV UTF-8 »).',
      en: 'Save the file as UTF-8 (in a spreadsheet: “CSV UTF-8”).',
    },
  },
  'indicators.csv-separator': {
    class: 'invalid',
    status: 422,
    message: {
      fr: "La première ligne n'est pas séparée par des points-virgules.",
      en: 'The first line is not separated by semicolons.',
    },
    remedy: { fr: 'Exporter avec le séparateur « ; ».', en: 'Export with the separator “;”.' },
  },
  'indicators.csv-column-missing': {
    class: 'invalid',
    status: 422,
    message: { fr: 'Colonne(s) absente(s) : {columns}.', en: 'Missing column(s): {columns}.' },
    remedy: {
      fr: 'Ajouter ces colonnes ; les noms attendus sont dans la documentation.',
      en: 'Add these columns; the names expected are in the documentation.',
    },
  },
  'indicators.csv-column-twice': {
    class: 'invalid',
    status: 422,
    message: { fr: 'La colonne {columns} figure deux fois.', en: 'Column {columns} stands twice.' },
    remedy: { fr: 'En garder une seule.', en: 'Keep one of them.' },
  },
  'indicators.csv-line-too-long': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'La ligne {line} dépasse {limit} caractères.',
      en: 'Line {line} is longer than {limit} characters.',
    },
    remedy: { fr: 'Vérifier les fins de ligne du fichier.', en: 'Check the line ends of the file.' },
  },
  'indicators.csv-quotes': {
    class: 'invalid',
    message: {
      fr: 'Les guillemets de la ligne sont mal placés.',
      en: 'The quotation marks of the line are misplaced.',
    },
    remedy: {
      fr: 'Doubler un guillemet dans une valeur ; une valeur ne contient pas de fin de ligne.',
      en: 'Double a quotation mark inside a value; a value holds no line end.',
    },
  },
  'indicators.csv-field-count': {
    class: 'invalid',
    message: {
      fr: 'La ligne compte {found} valeurs, la première ligne nomme {expected} colonnes.',
      en: 'The line holds {found} values, the first line names {expected} columns.',
    },
    remedy: {
      fr: 'Vérifier les points-virgules de la ligne.',
      en: 'Check the semicolons of the line.',
    },
  },
  'indicators.csv-value-missing': {
    class: 'invalid',
    message: { fr: 'La valeur est obligatoire.', en: 'A value is required.' },
    remedy: { fr: 'Renseigner la colonne.', en: 'Fill the column.' },
  },
  'indicators.csv-value-too-long': {
    class: 'invalid',
    message: {
      fr: 'La valeur dépasse {limit} caractères.',
      en: 'The value is longer than {limit} characters.',
    },
    remedy: { fr: 'Vérifier que la colonne est la bonne.', en: 'Check that it is the right column.' },
  },
  'indicators.csv-time-invalid': {
    class: 'invalid',
    message: {
      fr: "La date n'est pas lisible, ou n'existe pas.",
      en: 'The date cannot be read, or does not exist.',
    },
    remedy: {
      fr: 'Écrire AAAA-MM-JJTHH:MM[:SS] en heure locale ou avec un décalage (+02:00, Z), ou AAAA-MM-JJ.',
      en: 'Write YYYY-MM-DDTHH:MM[:SS] in local time or with an offset (+02:00, Z), or YYYY-MM-DD.',
    },
  },
  'indicators.csv-times-reversed': {
    class: 'invalid',
    message: { fr: 'La date est avant celle de {before}.', en: 'The date is before that of {before}.' },
    remedy: { fr: 'Vérifier les deux dates.', en: 'Check both dates.' },
  },
  'indicators.csv-choice-invalid': {
    class: 'invalid',
    message: { fr: 'La valeur doit être l’une de : {choices}.', en: 'The value must be one of: {choices}.' },
    remedy: { fr: 'Corriger la valeur.', en: 'Correct the value.' },
  },
  'indicators.csv-finess-invalid': {
    class: 'invalid',
    message: {
      fr: "La valeur n'est pas un numéro FINESS.",
      en: 'The value is not a FINESS number.',
    },
    remedy: {
      fr: 'Écrire 9 caractères (2A ou 2B en Corse), éventuellement précédés de 1.',
      en: 'Write 9 characters (2A or 2B in Corsica), preceded by 1 or not.',
    },
  },
  'indicators.csv-finess-foreign': {
    class: 'invalid',
    message: {
      fr: "Ce FINESS n'est pas celui de l'établissement.",
      en: 'This FINESS is not of the establishment.',
    },
    remedy: {
      fr: 'Retirer la ligne, ou déclarer le site dans la configuration de l’établissement.',
      en: 'Remove the line, or declare the site in the configuration of the establishment.',
    },
  },
  'indicators.csv-uid-invalid': {
    class: 'invalid',
    message: { fr: "La valeur n'est pas un UID DICOM.", en: 'The value is not a DICOM UID.' },
    remedy: {
      fr: 'Écrire des chiffres et des points, 64 caractères au plus.',
      en: 'Write digits and dots, at most 64 characters.',
    },
  },
  'indicators.csv-key-twice': {
    class: 'invalid',
    message: {
      fr: 'Le même numéro figure déjà à la ligne {first} ; la première ligne est gardée.',
      en: 'The same number stands on line {first} already; the first line is kept.',
    },
    remedy: {
      fr: 'Ne garder qu’une ligne par séjour ou examen.',
      en: 'Keep one line for each stay or exam.',
    },
  },
});

export type IndicatorErrorCode = keyof typeof indicatorErrors;

export const indicatorError = raiser(indicatorErrors);

/** A place of a definition file that is wrong. */
export interface DefinitionProblem {
  file: string;
  /** From 1. */
  line: number;
  column: number;
  /** Where in the file, as `/indicators/0/targets/F1`. */
  path: string;
  message: Words;
}

/** A definition file that cannot be used, with everything that is wrong in it. */
export class DefinitionError extends ViaducError {
  readonly problems: readonly DefinitionProblem[];

  constructor(problems: readonly DefinitionProblem[]) {
    const { file, line, path, message } = problems[0]!;
    const values = { file, line, path, what: message.en, problems: problems.length };
    super('indicators.definition-invalid', indicatorErrors['indicators.definition-invalid'], values);
    this.problems = problems;
  }
}

/**
 * A row of an import that is refused. It says where and what was expected; it never repeats the value, which may
 * identify a patient.
 */
export interface RowError {
  /** Line of the file, from 1; the header is line 1. */
  line: number;
  column: string | null;
  code: IndicatorErrorCode;
  message: Words;
  remedy: Words;
}

export function rowError(
  code: IndicatorErrorCode,
  line: number,
  column: string | null,
  values: Values = {},
): RowError {
  const { message, remedy } = indicatorErrors[code];
  return {
    line,
    column,
    code,
    message: { fr: fill(message.fr, values, 'fr'), en: fill(message.en, values) },
    remedy,
  };
}
