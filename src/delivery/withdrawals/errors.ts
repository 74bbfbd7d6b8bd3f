import { catalogue, raiser } from '../../words/errors.ts';

export const withdrawalErrors = catalogue({
  'withdrawal.target-unclear': {
    class: 'invalid',
    status: 400,
    message: {
      fr: 'Un retrait nomme une seule chose : document, submission ou item.',
      en: 'A withdrawal names one thing: document, submission or item.',
    },
    remedy: {
      fr: "Garder l'identifiant du document, celui de la demande, ou celui de l'élément de la liste de travail.",
      en: 'Keep the identifier of the document, of the submission, or of the item of the work list.',
    },
  },
  'withdrawal.document-unknown': {
    class: 'invalid',
    status: 404,
    message: {
      fr: 'Aucun document sous cet identifiant dans cet établissement.',
      en: 'There is no document under this identifier in this establishment.',
    },
    remedy: { fr: 'Vérifier l’identifiant.', en: 'Check the identifier.' },
  },
  'withdrawal.not-delivered': {
    class: 'invalid',
    status: 409,
    message: {
      fr: "Le document {document} n'est pas encore dans le DMP (livraison : {state}).",
      en: 'Document {document} is not in the DMP yet (delivery: {state}).',
    },
    remedy: {
      fr: "Annuler sa demande si rien n'est parti ; sinon attendre la fin de sa livraison.",
      en: 'Cancel its submission if nothing has left; otherwise wait for the end of its delivery.',
    },
  },
  'withdrawal.never-delivered': {
    class: 'invalid',
    status: 409,
    message: {
      fr: "Le document {document} n'est jamais arrivé au DMP : il n'y a rien à retirer.",
      en: 'Document {document} never reached the DMP: there is nothing to withdraw.',
    },
    remedy: { fr: 'Rien.', en: 'Nothing.' },
  },
  'withdrawal.deleted': {
    class: 'invalid',
    status: 409,
    message: {
      fr: 'Le document {document} a été supprimé, ou sa suppression est en cours.',
      en: 'Document {document} was deleted, or its deletion is under way.',
    },
    remedy: {
      fr: 'Suivre la suppression dans les demandes du document.',
      en: 'Follow the deletion among the submissions of the document.',
    },
  },
  'withdrawal.already-asked': {
    class: 'invalid',
    status: 409,
    message: {
      fr: 'Le retrait {withdrawal} de ce document attend déjà une seconde personne.',
      en: 'Withdrawal {withdrawal} of this document already waits for a second person.',
    },
    remedy: { fr: 'Confirmer ou refuser celui-là.', en: 'Confirm or refuse that one.' },
  },
  'withdrawal.unknown': {
    class: 'invalid',
    status: 404,
    message: { fr: 'Aucun retrait sous cet identifiant.', en: 'No withdrawal under this identifier.' },
    remedy: { fr: 'Lire GET /api/withdrawals.', en: 'Read GET /api/withdrawals.' },
  },
  'withdrawal.same-person': {
    class: 'invalid',
    status: 403,
    message: {
      fr: 'Un retrait est décidé par une autre personne que celle qui le demande.',
      en: 'A withdrawal is decided by another person than the one who asks for it.',
    },
    remedy: {
      fr: "Faire décider une seconde personne de l'identitovigilance, sous son propre accès ; ou annuler la demande.",
      en: 'Have a second person of the identity role decide, under their own access; or cancel the withdrawal.',
    },
  },
  'withdrawal.already-decided': {
    class: 'invalid',
    status: 409,
    message: {
      fr: 'Ce retrait ne peut plus être changé ainsi (état : {state}).',
      en: 'This withdrawal can no longer be changed so (state: {state}).',
    },
    remedy: { fr: 'Lire le retrait.', en: 'Read the withdrawal.' },
  },
  'withdrawal.not-by-support': {
    class: 'invalid',
    status: 409,
    message: {
      fr: "Ce retrait n'est pas confié au support du DMP.",
      en: 'This withdrawal is not in the hands of the support of the DMP.',
    },
    remedy: {
      fr: "La fiche et la clôture ne servent qu'à un retrait que la passerelle ne peut pas mener elle-même.",
      en: 'Sheet and settlement serve only a withdrawal that the gateway cannot carry out itself.',
    },
  },
  'withdrawal.record-missing': {
    class: 'permanent',
    status: 409,
    message: {
      fr: "Ce qui permettait d'adresser le document a été effacé : la passerelle ne peut plus le retirer.",
      en: 'What the document could be addressed by was erased: the gateway can no longer withdraw it.',
    },
    remedy: {
      fr: 'Demander la suppression au support du DMP avec l’identifiant du document.',
      en: 'Ask the support of the DMP for the deletion with the identifier of the document.',
    },
  },
});

export const withdrawalError = raiser(withdrawalErrors);
