import { catalogue, type ErrorEntry, type Words } from '../words/errors.ts';

function invalid(message: Words, remedy: Words): ErrorEntry {
  return { class: 'invalid', status: 422, message, remedy };
}

const ASK_IDENTITY_VIGILANCE: Words = {
  fr: "Faire vérifier l'identité par la cellule d'identitovigilance ; seule la réponse d'INSi fait foi.",
  en: "Have the identity checked by the identity vigilance unit; only INSi's answer decides.",
};

const WRITE_MATRICULE: Words = {
  fr: 'Reprendre le matricule INS tel que le téléservice INSi l’a rendu : 15 caractères, clé comprise.',
  en: 'Take the INS matricule as the INSi teleservice gave it: 15 characters, key included.',
};

/** What can be said against the INS of a document. No message quotes a trait or a whole matricule. */
export const identityErrors = catalogue({
  'ins.absent': invalid(
    {
      fr: "Le document ne porte pas d'INS : aucun identifiant du patient n'a pour racine un OID d'INS.",
      en: 'The document carries no INS: no patient identifier has an INS root.',
    },
    {
      fr: "Ajouter dans recordTarget/patientRole/id le matricule INS et son OID une fois l'identité qualifiée.",
      en: 'Add the INS matricule with its OID to recordTarget/patientRole/id once the identity is qualified.',
    },
  ),
  'ins.multiple': invalid(
    {
      fr: 'Le document porte {count} INS différents pour le même patient.',
      en: 'The document carries {count} different INS for one patient.',
    },
    {
      fr: "Ne garder que l'INS actif : un INS historique n'est jamais transmis.",
      en: 'Keep the active INS only: a historic INS is never sent.',
    },
  ),
  'ins.legacy-root': invalid(
    {
      fr: "L'identifiant de racine {root} est un {kind} : ce n'est pas un INS.",
      en: 'The identifier of root {root} is a {kind}: that is no INS.',
    },
    {
      fr: "Ne pas transmettre cet identifiant à la place de l'INS, ni à côté de lui.",
      en: 'Do not send this identifier in place of the INS, nor beside it.',
    },
  ),
  'ins.root-spaces': invalid(
    {
      fr: "L'OID de l'INS est entouré d'espaces.",
      en: 'The OID of the INS has spaces around it.',
    },
    { fr: 'Écrire l’OID sans espace dans id/@root.', en: 'Write the OID without spaces in id/@root.' },
  ),
  'ins.test-root-in-production': invalid(
    {
      fr: "L'INS porte l'OID de test ou de démonstration {root}, refusé en production.",
      en: 'The INS has the test or demonstration OID {root}, which production refuses.',
    },
    {
      fr: "Envoyer ce document à un environnement de test, ou corriger l'OID du matricule.",
      en: 'Send this document to a test environment, or correct the OID of the matricule.',
    },
  ),
  'ins.production-root-in-test': invalid(
    {
      fr: "L'INS porte l'OID de production {root}, refusé dans l'environnement de test.",
      en: 'The INS has the production OID {root}, which the test environment refuses.',
    },
    {
      fr: "N'utiliser en test que des identités fictives, sous les OID 1.2.250.1.213.1.4.10 ou .11.",
      en: 'Use fictitious identities only in test, under the OIDs 1.2.250.1.213.1.4.10 or .11.',
    },
  ),
  'ins.matricule-missing': invalid(
    {
      fr: "L'identifiant de racine {root} n'a pas de matricule (extension).",
      en: 'The identifier of root {root} has no matricule (extension).',
    },
    WRITE_MATRICULE,
  ),
  'ins.not-normalised': invalid(
    {
      fr: "Le matricule INS contient des séparateurs ou des minuscules ; le document n'est jamais modifié et partirait ainsi.",
      en: 'The INS matricule holds separators or lower-case letters; the document is never altered and would leave like that.',
    },
    {
      fr: 'Écrire le matricule en 15 caractères, sans espace, point ni tiret, lettres en majuscules.',
      en: 'Write the matricule as 15 characters, without space, dot or hyphen, letters in capitals.',
    },
  ),
  'ins.length': invalid(
    {
      fr: 'Le matricule INS compte {length} caractères au lieu de 15.',
      en: 'The INS matricule has {length} characters instead of 15.',
    },
    WRITE_MATRICULE,
  ),
  'ins.format': invalid(
    {
      fr: 'Le matricule INS contient un caractère interdit : seuls des chiffres, et 2A ou 2B pour le département de naissance.',
      en: 'The INS matricule holds a forbidden character: only digits, and 2A or 2B for the department of birth.',
    },
    WRITE_MATRICULE,
  ),
  'ins.sex-digit': invalid(
    {
      fr: "Le premier chiffre du matricule, {digit}, n'existe pas sous l'OID {root}.",
      en: 'The first digit of the matricule, {digit}, does not exist under the OID {root}.',
    },
    WRITE_MATRICULE,
  ),
  'ins.temporary-series': invalid(
    {
      fr: "Le matricule NIA commence par {digit} : c'est une ancienne série d'attente.",
      en: 'The NIA matricule begins with {digit}: that is a former waiting series.',
    },
    {
      fr: 'Interroger de nouveau INSi : le patient a peut-être reçu depuis un NIR.',
      en: 'Ask INSi again: the patient may have been given a NIR since.',
    },
  ),
  'ins.month-invalid': invalid(
    {
      fr: "Le mois de naissance du matricule, {month}, n'existe pas.",
      en: 'The birth month of the matricule, {month}, does not exist.',
    },
    WRITE_MATRICULE,
  ),
  'ins.month-unusual': invalid(
    {
      fr: 'Le mois de naissance du matricule, {month}, est inhabituel.',
      en: 'The birth month of the matricule, {month}, is unusual.',
    },
    ASK_IDENTITY_VIGILANCE,
  ),
  'ins.department-invalid': invalid(
    {
      fr: "Le département de naissance du matricule, {department}, n'existe pas.",
      en: 'The department of birth of the matricule, {department}, does not exist.',
    },
    WRITE_MATRICULE,
  ),
  'ins.department-suspicious': invalid(
    {
      fr: "Le département {department} du matricule n'existait plus à la date de naissance.",
      en: 'The department {department} of the matricule no longer existed at the date of birth.',
    },
    ASK_IDENTITY_VIGILANCE,
  ),
  'ins.commune-zero': invalid(
    {
      fr: 'La commune de naissance du matricule est 000.',
      en: 'The commune of birth of the matricule is 000.',
    },
    ASK_IDENTITY_VIGILANCE,
  ),
  'ins.order-zero': invalid(
    {
      fr: "Le numéro d'ordre du matricule est 000, ce qui n'existe pas.",
      en: 'The order number of the matricule is 000, which does not exist.',
    },
    WRITE_MATRICULE,
  ),
  'ins.key-range': invalid(
    {
      fr: 'La clé {key} du matricule {masked} ne peut pas exister : une clé va de 01 à 97.',
      en: 'The key {key} of the matricule {masked} cannot exist: a key lies between 01 and 97.',
    },
    WRITE_MATRICULE,
  ),
  'ins.key-mismatch': invalid(
    {
      fr: 'La clé du matricule {masked} est {key} alors que le calcul donne {expected}.',
      en: 'The key of the matricule {masked} is {key} while {expected} is computed.',
    },
    WRITE_MATRICULE,
  ),
  'ins.trait-missing': invalid(
    {
      fr: "L'INS est incomplet : {traitFr} manque.",
      en: 'The INS is incomplete: {traitEn} is missing.',
    },
    {
      fr: "Transmettre avec le matricule les cinq traits stricts rendus par INSi, ou ne pas transmettre d'INS.",
      en: 'Send the five strict traits given by INSi with the matricule, or no INS at all.',
    },
  ),
  'ins.gender-un': invalid(
    {
      fr: "L'INS est incomplet : le sexe est UN (inconnu) alors qu'INSi ne rend que M ou F.",
      en: 'The INS is incomplete: the sex is UN (unknown) while INSi only gives M or F.',
    },
    {
      fr: 'Reprendre le sexe rendu par INSi dans administrativeGenderCode.',
      en: 'Put the sex given by INSi in administrativeGenderCode.',
    },
  ),
  'ins.gender-invalid': invalid(
    {
      fr: "L'INS est incomplet : le code de sexe n'est ni M ni F.",
      en: 'The INS is incomplete: the code of the sex is neither M nor F.',
    },
    {
      fr: 'Utiliser M ou F (jeu de valeurs JDV_J143).',
      en: 'Use M or F (value set JDV_J143).',
    },
  ),
  'ins.birth-time-malformed': invalid(
    {
      fr: "La date de naissance n'est pas une date du calendrier.",
      en: 'The date of birth is no date of the calendar.',
    },
    {
      fr: "Écrire AAAAMMJJ dans birthTime/@value, avec la date interprétée quand l'état civil est incomplet.",
      en: 'Write YYYYMMDD in birthTime/@value, with the interpreted date when the civil record is incomplete.',
    },
  ),
  'ins.birth-time-precision': invalid(
    {
      fr: 'La date de naissance est incomplète : un INS demande le jour, le mois et l’année.',
      en: 'The date of birth is incomplete: an INS takes day, month and year.',
    },
    {
      fr: 'Écrire AAAAMMJJ dans birthTime/@value, avec la date interprétée (RNIV).',
      en: 'Write YYYYMMDD in birthTime/@value, with the interpreted date (RNIV).',
    },
  ),
  'ins.county-format': invalid(
    {
      fr: "Le lieu de naissance (birthplace/place/addr/county) n'est pas un code INSEE de 5 caractères.",
      en: 'The birthplace (birthplace/place/addr/county) is no INSEE code of 5 characters.',
    },
    {
      fr: 'Mettre le code officiel géographique de la commune, ou 99 suivi du pays ; ce n’est pas un code postal.',
      en: 'Put the official geographic code of the commune, or 99 and the country; it is not a postal code.',
    },
  ),
  'ins.birth-place-unknown': invalid(
    {
      fr: "L'INS est incomplet : le lieu de naissance est 99999 (inconnu).",
      en: 'The INS is incomplete: the birthplace is 99999 (unknown).',
    },
    {
      fr: 'Reprendre le code rendu par INSi.',
      en: 'Take the code given by INSi.',
    },
  ),
  'ins.given-first': invalid(
    {
      fr: 'Le premier prénom de naissance ne commence pas la liste des prénoms de naissance.',
      en: 'The first birth given name does not begin the list of birth given names.',
    },
    {
      fr: 'Mettre dans given sans qualificatif toute la liste, dans l’ordre de l’état civil, et dans given BR son premier prénom.',
      en: 'Put the whole list in its civil order in the given without qualifier, and its first name in given BR.',
    },
  ),
  'ins.name-qualifier': invalid(
    {
      fr: 'Un élément du nom porte un qualificatif autre que BR (naissance) ou CL (utilisé), ou un family n’en porte aucun.',
      en: 'A part of the name has a qualifier other than BR (birth) or CL (used), or a family has none.',
    },
    {
      fr: 'N’utiliser que BR et CL ; seule la liste des prénoms de naissance va sans qualificatif.',
      en: 'Use BR and CL only; nothing but the list of birth given names goes without a qualifier.',
    },
  ),
  'ins.sex-differs': invalid(
    {
      fr: 'Le sexe du document diffère de celui du matricule.',
      en: 'The sex in the document differs from that of the matricule.',
    },
    ASK_IDENTITY_VIGILANCE,
  ),
  'ins.birth-year-differs': invalid(
    {
      fr: "L'année de naissance du document diffère de celle du matricule.",
      en: 'The birth year in the document differs from that of the matricule.',
    },
    ASK_IDENTITY_VIGILANCE,
  ),
  'ins.birth-month-differs': invalid(
    {
      fr: 'Le mois de naissance du document diffère de celui du matricule.',
      en: 'The birth month in the document differs from that of the matricule.',
    },
    ASK_IDENTITY_VIGILANCE,
  ),
  'ins.birth-place-differs': invalid(
    {
      fr: 'Le lieu de naissance du document diffère de celui du matricule.',
      en: 'The birthplace in the document differs from that of the matricule.',
    },
    {
      fr: 'Reprendre le code de lieu rendu par INSi ; si la commune a fusionné, garder le code valable à la naissance.',
      en: 'Take the place code given by INSi; where communes merged, keep the code in force at birth.',
    },
  ),
  'ins.birth-place-renamed': invalid(
    {
      fr: 'Le lieu de naissance du document et celui du matricule sont deux codes du même lieu ({why}).',
      en: 'The birthplace in the document and that of the matricule are two codes of one place ({why}).',
    },
    {
      fr: 'Rien à faire si INSi a rendu ce code.',
      en: 'Nothing to do if INSi gave this code.',
    },
  ),
  'ins.birth-date-future': invalid(
    {
      fr: 'La date de naissance est dans le futur.',
      en: 'The date of birth lies in the future.',
    },
    ASK_IDENTITY_VIGILANCE,
  ),
  'ins.birth-date-too-old': invalid(
    {
      fr: 'La date de naissance remonte à plus de {years} ans.',
      en: 'The date of birth lies more than {years} years back.',
    },
    ASK_IDENTITY_VIGILANCE,
  ),
  'ins.root-body': invalid(
    {
      fr: "L'OID de l'INS ({kind}) et la forme du matricule ne vont pas ensemble d'ordinaire.",
      en: 'The OID of the INS ({kind}) and the form of the matricule do not usually go together.',
    },
    {
      fr: 'Vérifier que l’OID est bien celui rendu par INSi avec ce matricule.',
      en: 'Check that the OID is the one INSi gave with this matricule.',
    },
  ),
  'ins.not-qualified': invalid(
    {
      fr: "L'identité du patient est au statut {status} : elle n'est pas qualifiée et son INS ne peut pas être transmis.",
      en: "The patient's identity has status {status}: it is not qualified and its INS cannot be sent.",
    },
    {
      fr: 'Qualifier l’identité (pièce de haute confiance et réponse d’INSi), puis renvoyer le document.',
      en: 'Qualify the identity (high-trust proof and an INSi answer), then send the document again.',
    },
  ),
});

export type IdentityCode = keyof typeof identityErrors;
