import type { Words } from './errors.ts';
import type { Role } from './establishment.ts';

/** Why something waits for a person, who receives it and what to do. */
export interface WorkCause {
  role: Role;
  means: Words;
  next: Words;
  /** Whether a person closes it; otherwise it goes when what it is about moves on. */
  closable: boolean;
}

export const WORK_CAUSES = {
  'delivery-parked': {
    role: 'it',
    means: { fr: 'Une livraison attend une décision.', en: 'A delivery waits for a decision.' },
    next: {
      fr: 'Lire le code, corriger la cause, puis relancer la livraison ou annuler la demande.',
      en: 'Read the code, mend the cause, then retry the delivery or cancel the submission.',
    },
    closable: false,
  },
  'identity-not-qualified': {
    role: 'identity',
    means: {
      fr: "Un document ne part pas : l'identité n'est pas qualifiée, ou n'est plus celle du document.",
      en: 'A document does not leave: the identity is not qualified, or is no longer that of the document.',
    },
    next: {
      fr: "Qualifier l'identité : la livraison repart d'elle-même quand le mouvement d'identité arrive.",
      en: 'Qualify the identity: the delivery goes on by itself when the identity message comes.',
    },
    closable: false,
  },
  'consent-not-collected': {
    role: 'unit',
    means: {
      fr: "Un document ne part pas : l'information du patient sur le DMP n'est pas recueillie.",
      en: 'A document does not leave: that the patient was informed about the DMP is not recorded.',
    },
    next: {
      fr: "Informer le patient et saisir sa non-opposition ou son opposition dans le logiciel d'admission.",
      en: 'Inform the patient and record whether they oppose in the admission software.',
    },
    closable: false,
  },
  'hold-escalated': {
    role: 'it',
    means: {
      fr: "La date d'une rétention est passée, et il était demandé qu'une personne décide.",
      en: 'The date of a hold has come, and a person was to decide.',
    },
    next: {
      fr: "Voir avec qui a demandé la rétention : libérer la soumission, la retenir encore, ou l'annuler.",
      en: 'Ask whoever asked for the hold: release the submission, hold it further, or cancel it.',
    },
    closable: false,
  },
  'outcome-untold': {
    role: 'it',
    means: {
      fr: "Un document n'a pas été délivré, et sa demande ne voulait pas d'avis.",
      en: 'A document was not delivered, and its request asked for no notice.',
    },
    next: {
      fr: "Lire le code, prévenir l'émetteur, puis clore.",
      en: 'Read the code, tell the sender, then close.',
    },
    closable: true,
  },
  'notice-parked': {
    role: 'it',
    means: {
      fr: "Un avis n'est pas acquitté par le logiciel émetteur.",
      en: 'A notice is not acknowledged by the sending software.',
    },
    next: {
      fr: "Vérifier l'adresse et le journal du logiciel émetteur, puis reprendre l'avis.",
      en: 'Look at the address and the log of the sending software, then resume the notice.',
    },
    closable: false,
  },
  'patient-opposed': {
    role: 'identity',
    means: {
      fr: "Un document est dans le DMP d'un patient qui s'y est opposé depuis.",
      en: 'A document is in the DMP of a patient who has opposed since.',
    },
    next: {
      fr: 'Décider avec le patient : demander le retrait du document, le faire masquer, ou le laisser ; puis clore.',
      en: 'Decide with the patient: ask for the withdrawal of the document, have it masked, or leave it; then close.',
    },
    closable: true,
  },
  'identity-downgraded': {
    role: 'identity',
    means: {
      fr: "Un document est dans un DMP sous une identité qui n'est plus qualifiée, ou dont l'INS a changé.",
      en: 'A document is in a DMP under an identity that is no longer qualified, or whose INS has changed.',
    },
    next: {
      fr: "Vérifier l'identité ; demander le retrait du document s'il est dans le DMP d'un autre ; puis clore.",
      en: 'Check the identity; ask for the withdrawal of the document if it is in the DMP of another; then close.',
    },
    closable: true,
  },
  'identity-merged': {
    role: 'identity',
    means: {
      fr: 'Un document est dans le DMP sous une identité fusionnée depuis dans une autre.',
      en: 'A document is in the DMP under an identity merged into another since.',
    },
    next: {
      fr: "Vérifier que l'INS du document est celui de l'identité conservée, sinon demander son retrait ; puis clore.",
      en: 'Check that the INS of the document is that of the identity kept, else ask for its withdrawal; then close.',
    },
    closable: true,
  },
  'stay-of-other-patient': {
    role: 'identity',
    means: {
      fr: 'Un document est dans le DMP pour un séjour rattaché depuis à un autre patient.',
      en: 'A document is in the DMP for a stay that was moved to another patient since.',
    },
    next: {
      fr: "Demander le retrait du document s'il n'est pas de ce patient ; puis clore.",
      en: 'Ask for the withdrawal of the document if it is not of this patient; then close.',
    },
    closable: true,
  },
  'withdrawal-asked': {
    role: 'identity',
    means: {
      fr: "Le retrait d'un document du DMP est demandé et attend une seconde personne.",
      en: 'The withdrawal of a document from the DMP is asked for and waits for a second person.',
    },
    next: {
      fr: 'Relire la demande, puis la confirmer ou la refuser.',
      en: 'Read what is asked, then confirm or refuse it.',
    },
    closable: false,
  },
  'withdrawal-by-support': {
    role: 'identity',
    means: {
      fr: "Un document est à retirer du DMP, mais son INS n'est plus qualifié : la passerelle ne peut pas appeler le DMP.",
      en: 'A document is to be withdrawn from the DMP, but its INS is no longer qualified: the gateway may not call the DMP.',
    },
    next: {
      fr: "Adresser la fiche de retrait au support du DMP, puis dire que c'est fait ; ou qualifier l'identité, et le retrait part de lui-même.",
      en: 'Give the withdrawal sheet to the support of the DMP, then say that it is done; or qualify the identity, and the withdrawal leaves by itself.',
    },
    closable: false,
  },
  'withdrawal-failed': {
    role: 'identity',
    means: {
      fr: "Le retrait confirmé d'un document n'a pas abouti : le document est toujours dans le DMP.",
      en: 'The confirmed withdrawal of a document did not succeed: the document is still in the DMP.',
    },
    next: {
      fr: 'Lire le code ; demander à nouveau le retrait, ou adresser la fiche au support du DMP ; puis clore.',
      en: 'Read the code; ask for the withdrawal again, or give the sheet to the support of the DMP; then close.',
    },
    closable: true,
  },
  'mail-contradicted': {
    role: 'it',
    means: {
      fr: 'Un accusé contredit ce qui est su d’un courriel MSSanté qui a déjà son issue.',
      en: 'A receipt contradicts what is known of a mail of MSSanté that has its outcome already.',
    },
    next: {
      fr: 'Lire les accusés de la livraison, demander au destinataire ce qu’il a reçu, prévenir l’émetteur ; puis clore.',
      en: 'Read the receipts of the delivery, ask the recipient what came, tell the sender; then close.',
    },
    closable: true,
  },
  'mail-not-integrated': {
    role: 'it',
    means: {
      fr: "Le logiciel d'un destinataire n'a pas pu intégrer un document envoyé par MSSanté.",
      en: 'The software of a recipient could not integrate a document sent by MSSanté.',
    },
    next: {
      fr: "Lire le code, voir avec l'émetteur et le destinataire ce qui est à corriger et renvoyer ; puis clore.",
      en: 'Read the code, see with sender and recipient what is to be corrected and sent again; then close.',
    },
    closable: true,
  },
  'admission-missing': {
    role: 'dim',
    means: {
      fr: "Un séjour n'est connu que par sa sortie : son admission n'a pas été reçue.",
      en: 'A stay is known by its discharge only: its admission was not received.',
    },
    next: {
      fr: "Faire renvoyer l'admission, ou importer le séjour en CSV ; puis clore.",
      en: 'Have the admission sent again, or import the stay from CSV; then close.',
    },
    closable: true,
  },
  'mail-to-read': {
    role: 'it',
    means: {
      fr: 'Un courriel est arrivé dans une boîte MSSanté applicative, et rien ne peut en être fait de soi-même.',
      en: 'A mail came into an application mailbox of MSSanté, and nothing can be done with it by itself.',
    },
    next: {
      fr: 'Lire le courriel dans la messagerie (dossier HUMAIN), y répondre ou le transmettre ; puis clore.',
      en: 'Read the mail in the mail reader (folder HUMAIN), answer or pass it on; then close.',
    },
    closable: true,
  },
  'mail-not-trusted': {
    role: 'it',
    means: {
      fr: "Un courriel vient d'un domaine hors de l'espace de confiance MSSanté, ou ne dit pas de qui il vient.",
      en: 'A mail comes from a domain outside the trust space of MSSanté, or does not say from whom it comes.',
    },
    next: {
      fr: "Ne rien ouvrir ; signaler le courriel à l'opérateur de messagerie (dossier REJET) ; puis clore.",
      en: 'Open nothing; report the mail to the mail operator (folder REJET); then close.',
    },
    closable: true,
  },
  'mail-set-aside': {
    role: 'it',
    means: {
      fr: "Les documents d'un courriel MSSanté ne sont pas transmis au logiciel : l'archive ou le réglage ne le permet pas.",
      en: 'The documents of a mail of MSSanté are not handed to the software: the archive or the settings do not allow it.',
    },
    next: {
      fr: 'Lire le code ; corriger le réglage et reprendre le courriel, ou demander un nouvel envoi à son auteur ; puis clore.',
      en: 'Read the code; correct the setting and take the mail up again, or ask its author to send it again; then close.',
    },
    closable: true,
  },
  'mail-identity': {
    role: 'identity',
    means: {
      fr: "Les documents d'un courriel MSSanté ne sont pas transmis au logiciel : leur identité est absente, incomplète ou contradictoire.",
      en: 'The documents of a mail of MSSanté are not handed to the software: their identity is absent, incomplete or contradictory.',
    },
    next: {
      fr: "Identifier le patient, intégrer le document à la main s'il est des nôtres, prévenir son auteur ; puis clore.",
      en: 'Identify the patient, integrate the document by hand when it is of ours, tell its author; then close.',
    },
    closable: true,
  },
  'integration-parked': {
    role: 'it',
    means: {
      fr: "Un document reçu par MSSanté n'est pas acquitté par le logiciel destinataire.",
      en: 'A document received by MSSanté is not acknowledged by the receiving software.',
    },
    next: {
      fr: "Lire le code et le journal du logiciel destinataire, corriger, puis reprendre l'intégration ou la clore.",
      en: 'Read the code and the log of the receiving software, correct, then resume the integration or close it.',
    },
    closable: false,
  },
  'integration-refused': {
    role: 'identity',
    means: {
      fr: "Le logiciel destinataire refuse d'intégrer de lui-même un document reçu par MSSanté (codes 900 à 906).",
      en: 'The receiving software refuses to integrate by itself a document received by MSSanté (codes 900 to 906).',
    },
    next: {
      fr: "Rattacher le document à la main dans le logiciel destinataire s'il est d'un de nos patients ; puis clore.",
      en: 'File the document by hand in the receiving software when it is of one of our patients; then close.',
    },
    closable: true,
  },
  'answer-not-sent': {
    role: 'it',
    means: {
      fr: "L'auteur d'un courriel MSSanté n'a pas reçu l'accusé d'intégration qu'il demandait, ou nul ne sait s'il l'a reçu.",
      en: 'The author of a mail of MSSanté did not get the notification of integration that was asked for, or nobody knows.',
    },
    next: {
      fr: "Lire le code ; prévenir l'auteur, surtout si l'intégration a échoué ; puis clore.",
      en: 'Read the code; tell the author, above all when the integration failed; then close.',
    },
    closable: true,
  },
} as const satisfies Readonly<Record<string, WorkCause>>;

export type WorkCauseName = keyof typeof WORK_CAUSES;

/** Causes that stand on a document in the DMP, and may end by its withdrawal. Their items are named by it: `cause:delivery`. */
export const WITHDRAWABLE = [
  'patient-opposed',
  'identity-downgraded',
  'identity-merged',
  'stay-of-other-patient',
] as const satisfies readonly WorkCauseName[];
