import { LOOK_UP, type RefusalRow, row } from './refusal-row.ts';

/** Why what is no deposit is refused: questions (TD3.1b, TD0.2), deletions (TD3.3c), and faults by script. */
export const questionRefusals = {
  'sandbox.query-unknown': row(
    'XDSUnknownStoredQuery',
    "La requête {id} n'existe pas.",
    'Query {id} does not exist.',
    ['TD3.1b est GetDocuments.', 'TD3.1b is GetDocuments.'],
  ),
  'sandbox.query-parameter-missing': row(
    'XDSStoredQueryMissingParam',
    'Le paramètre {name} manque.',
    'Parameter {name} is missing.',
  ),
  'sandbox.query-parameter-number': row(
    'XDSStoredQueryParamNumber',
    'uniqueId et entryUUID ne se donnent pas ensemble, ni deux fois.',
    'uniqueId and entryUUID are not given together, nor twice.',
  ),
  'sandbox.query-parameter-syntax': row(
    'XDSRegistryError',
    'Le paramètre {name} n’est pas une liste de textes entre apostrophes.',
    'Parameter {name} is not a list of quoted texts.',
    ["Écrire ('1.2.3').", "Write ('1.2.3')."],
  ),

  'sandbox.existence-field': row(
    'DMPInvalidRequest',
    'Dans TD0.2, {what} manque ou ne vaut pas {expected}.',
    'In TD0.2, {what} is missing or is not {expected}.',
    ['Écrire PRPA_IN201307UV02 comme la spécification.', 'Write PRPA_IN201307UV02 as specified.'],
  ),

  'sandbox.update-operation': row(
    'XDSMetadataUpdateOperationError',
    'Seule la suppression (TD3.3c) est permise ici.',
    'Only deletion (TD3.3c) is allowed here.',
    [
      'Envoyer un lot et une association UpdateAvailabilityStatus vers Deleted.',
      'Send a lot and one association UpdateAvailabilityStatus to Deleted.',
    ],
  ),
  'sandbox.update-status': row(
    'XDSMetadataUpdateError',
    "OriginalStatus n'est pas le statut courant ({status}).",
    'OriginalStatus is not the current status ({status}).',
    LOOK_UP,
  ),

  'sandbox.busy': row(
    'XDSRepositoryBusy',
    'Panne programmée : service occupé.',
    'Scripted fault: service busy.',
  ),
  'sandbox.generic': row(
    'XDSRegistryError',
    'Panne programmée : erreur interne.',
    'Scripted fault: internal error.',
  ),
  'sandbox.unheard-of': row(
    'DMPUnheardOfCode',
    'Panne programmée : code inconnu.',
    'Scripted fault: unknown code.',
  ),
  'sandbox.odd-warning': row(
    'XDSExtraMetadataNotSaved',
    'Panne programmée : avertissement.',
    'Scripted fault: warning.',
  ),
} as const satisfies Record<string, RefusalRow>;
