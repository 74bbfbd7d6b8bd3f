import type { Words } from '../../words/errors.ts';

/** What became of a request, seen from the sender's side. */
export type DmpResult =
  | 'delivered'
  /** Refused for good: data, or a patient whose DMP is absent or closed. */
  | 'refused'
  /** Not taken now; the same request may be sent again. */
  | 'transient'
  /** It may have been taken: ask (TD3.1b) before sending again. */
  | 'ambiguous'
  /** Somebody has to change a setting, a certificate or a right. */
  | 'configuration'
  /** The DMP says that it holds this lot already, or has already done this: to be confirmed by TD3.1b. */
  | 'already-there'
  /** A code that nobody here knows: park it for a person, with the raw answer. */
  | 'unknown';

export interface CodeMeaning {
  result: Exclude<DmpResult, 'delivered' | 'unknown'>;
  words: Words;
  /** The entryUUID or version used may be out of date: worth one new look-up before giving up. */
  stale?: true;
}

/**
 * Error codes of RegistryError and of SOAP faults, and what they mean for a delivery. The IHE ones are those of ITI TF-3,
 * table 4.2.4.1-2; of the DMP's own, those met in public sources: the full list is an annex of the guide that editors of
 * health software receive, so a code that is absent here is `unknown`, never guessed.
 */
export const CODE_MEANINGS: Readonly<Record<string, CodeMeaning>> = {
  XDSDuplicateUniqueIdInRegistry: {
    result: 'already-there',
    words: { fr: 'lot déjà enregistré', en: 'lot already registered' },
  },
  XDSRegistryDeprecatedDocumentError: {
    result: 'already-there',
    words: { fr: 'document à remplacer déjà remplacé', en: 'document to be replaced already replaced' },
    stale: true,
  },
  XDSNonIdenticalHash: {
    result: 'refused',
    words: {
      fr: 'un autre contenu est enregistré sous cet identifiant',
      en: 'other content is registered under this identifier',
    },
  },
  XDSNonIdenticalSize: {
    result: 'refused',
    words: {
      fr: 'un contenu d’une autre taille est enregistré sous cet identifiant',
      en: 'content of another size is registered under this identifier',
    },
  },
  XDSRegistryDuplicateUniqueIdInMessage: {
    result: 'refused',
    words: { fr: 'identifiant répété dans le lot', en: 'identifier repeated in the lot' },
  },
  XDSRepositoryDuplicateUniqueIdInMessage: {
    result: 'refused',
    words: { fr: 'identifiant répété dans le lot', en: 'identifier repeated in the lot' },
  },
  XDSMissingDocument: {
    result: 'refused',
    words: { fr: 'métadonnées sans document', en: 'metadata without document' },
  },
  XDSMissingDocumentMetadata: {
    result: 'refused',
    words: { fr: 'document sans métadonnées', en: 'document without metadata' },
  },
  XDSPatientIdDoesNotMatch: {
    result: 'refused',
    words: { fr: 'patients différents dans le lot', en: 'patients differ in the lot' },
  },
  XDSUnknownPatientId: {
    result: 'refused',
    words: { fr: 'patient sans DMP', en: 'patient without DMP' },
  },
  XDSRegistryMetadataError: {
    result: 'refused',
    words: { fr: 'métadonnées refusées par le registre', en: 'metadata refused by the registry' },
  },
  XDSRepositoryMetadataError: {
    result: 'refused',
    words: { fr: "métadonnées refusées par l'entrepôt", en: 'metadata refused by the repository' },
  },
  InvalidDocumentContent: {
    result: 'refused',
    words: { fr: 'contenu du document refusé', en: 'document content refused' },
  },
  XDSInvalidDocumentContent: {
    result: 'refused',
    words: { fr: 'contenu du document refusé', en: 'document content refused' },
  },
  XDSReplaceFailed: {
    result: 'refused',
    words: { fr: 'remplacement refusé', en: 'replacement refused' },
    stale: true,
  },
  UnresolvedReferenceException: {
    result: 'refused',
    words: { fr: 'document visé inconnu du registre', en: 'target unknown to the registry' },
    stale: true,
  },
  ReferencesExistException: {
    result: 'refused',
    words: { fr: 'objet encore référencé', en: 'object still referenced' },
  },
  XDSMetadataIdentifierError: {
    result: 'refused',
    words: { fr: 'identifiant de métadonnée refusé', en: 'metadata identifier refused' },
  },
  XDSMetadataUpdateError: {
    result: 'refused',
    words: { fr: 'mise à jour refusée', en: 'update refused' },
    stale: true,
  },
  XDSMetadataUpdateOperationError: {
    result: 'refused',
    words: { fr: 'mise à jour non admise', en: 'update not allowed' },
    stale: true,
  },
  XDSMetadataVersionError: {
    result: 'refused',
    words: { fr: 'version périmée de la fiche', en: 'metadata version out of date' },
    stale: true,
  },
  XDSPatientIDReconciliationError: {
    result: 'refused',
    words: { fr: 'patient différent de celui enregistré', en: 'patient differs from the registered one' },
  },
  XDSDocumentUniqueIdError: {
    result: 'refused',
    words: { fr: 'document inconnu', en: 'unknown document' },
  },
  XDSUnknownRepositoryId: {
    result: 'configuration',
    words: { fr: 'entrepôt inconnu', en: 'unknown repository' },
  },
  XDSStoredQueryMissingParam: {
    result: 'configuration',
    words: { fr: 'requête sans paramètre obligatoire', en: 'query without a required parameter' },
  },
  XDSStoredQueryParamNumber: {
    result: 'configuration',
    words: { fr: 'paramètre de requête répété', en: 'query parameter repeated' },
  },
  XDSUnknownStoredQuery: {
    result: 'configuration',
    words: { fr: 'requête inconnue du registre', en: 'query unknown to the registry' },
  },
  XDSResultNotSinglePatient: {
    result: 'refused',
    words: { fr: 'résultats de plusieurs patients', en: 'results of several patients' },
  },
  XDSTooManyResults: { result: 'refused', words: { fr: 'trop de résultats', en: 'too many results' } },
  XDSRegistryBusy: { result: 'transient', words: { fr: 'registre occupé', en: 'registry busy' } },
  XDSRepositoryBusy: { result: 'transient', words: { fr: 'entrepôt occupé', en: 'repository busy' } },
  XDSRegistryNotAvailable: {
    result: 'transient',
    words: { fr: 'registre indisponible', en: 'registry not available' },
  },
  XDSRegistryOutOfResources: {
    result: 'transient',
    words: { fr: 'registre à court de ressources', en: 'registry out of resources' },
  },
  XDSRepositoryOutOfResources: {
    result: 'transient',
    words: { fr: 'entrepôt à court de ressources', en: 'repository out of resources' },
  },
  XDSRegistryError: {
    result: 'ambiguous',
    words: { fr: 'erreur interne du registre', en: 'internal error of the registry' },
  },
  XDSRepositoryError: {
    result: 'ambiguous',
    words: { fr: "erreur interne de l'entrepôt", en: 'internal error of the repository' },
  },
  DMPClosed: { result: 'refused', words: { fr: 'DMP fermé', en: 'DMP closed' } },
  DMPInvalidCertificate: {
    result: 'configuration',
    words: { fr: 'certificat de signature du VIHF refusé', en: 'certificate that signed the VIHF refused' },
  },
  DMPAccessDeniedByRightsService: {
    result: 'configuration',
    words: {
      fr: 'droit refusé par le service d’habilitation',
      en: 'right refused by the authorisation service',
    },
  },
  DMPIdentityCertificationFailure: {
    result: 'refused',
    words: { fr: 'identité non certifiée', en: 'identity not certified' },
  },
};

export function meaningOf(code: string): CodeMeaning | null {
  return Object.hasOwn(CODE_MEANINGS, code) ? CODE_MEANINGS[code]! : null;
}

/**
 * What the DMP says of the structure or of its VIHF in words, under codes that no public source gives: a structure that its
 * directory does not hold or no longer, a VIHF without the specialty of the author.
 */
const TEXTS: readonly RegExp[] = [
  /\bstructure\b.{0,40}\b(non trouvee|inconnue|inactive)\b/,
  /\b(aucune|pas de|sans) specialite\b.{0,40}\bvihf\b/,
];

/** Null unless the text says that what is configured here is wrong. */
export function meaningOfText(text: string): 'configuration' | null {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return TEXTS.some((said) => said.test(plain)) ? 'configuration' : null;
}

/** Whether a refusal may come from an entryUUID read too long ago: one new look-up (TD3.1b) is worth it. */
export function mayBeStale(code: string): boolean {
  return meaningOf(code)?.stale ?? false;
}
