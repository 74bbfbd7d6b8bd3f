import { catalogue, raiser } from '../words/errors.ts';

/** What can be said of a delivery beside what the destination itself answers. */
export const deliveryErrors = catalogue({
  'delivery.schedule-malformed': {
    class: 'configuration',
    message: {
      fr: 'Le calendrier « {text} » est illisible à « {step} ».',
      en: "The schedule '{text}' cannot be read at '{step}'.",
    },
    remedy: { fr: 'Écrire par exemple 1m, 5m*2, 1h*3.', en: 'Write for example 1m, 5m*2, 1h*3.' },
  },
  'delivery.gateway-stopped': {
    class: 'ambiguous',
    message: {
      fr: "La passerelle s'est arrêtée pendant l'envoi.",
      en: 'The gateway stopped while sending.',
    },
    remedy: {
      fr: 'Rien : la destination est interrogée avant tout nouvel envoi.',
      en: 'Nothing: the destination is asked before anything is sent again.',
    },
  },
  'delivery.stopped': {
    class: 'permanent',
    message: { fr: 'Envoi arrêté par une personne.', en: 'Stopped by a person.' },
    remedy: {
      fr: 'Relancer la livraison quand elle peut partir.',
      en: 'Retry the delivery when it may leave.',
    },
  },
  'delivery.destination-unknown': {
    class: 'invalid',
    status: 404,
    message: { fr: 'Destination inconnue.', en: 'Unknown destination.' },
    remedy: { fr: 'Lire GET /api/destinations.', en: 'Read GET /api/destinations.' },
  },
  'delivery.destination-not-stoppable': {
    class: 'invalid',
    status: 409,
    message: { fr: 'La destination est déjà arrêtée.', en: 'The destination is stopped already.' },
    remedy: { fr: 'Rien.', en: 'Nothing.' },
  },
  'delivery.destination-not-resumable': {
    class: 'invalid',
    status: 409,
    message: {
      fr: "La destination n'est ni arrêtée ni suspendue.",
      en: 'The destination is neither stopped nor parked.',
    },
    remedy: {
      fr: "Rien : tant qu'elle ne répond pas, la passerelle l'essaie d'elle-même.",
      en: 'Nothing: while it does not answer, the gateway tries it by itself.',
    },
  },
  'delivery.cancelled': {
    class: 'permanent',
    message: {
      fr: 'Annulé par une personne avant tout envoi.',
      en: 'Cancelled by a person before anything left.',
    },
    remedy: { fr: 'Envoyer à nouveau le document si besoin.', en: 'Send the document again if needed.' },
  },
  'delivery.superseded': {
    class: 'permanent',
    message: {
      fr: 'Remplacé par une version plus récente avant tout envoi.',
      en: 'Replaced by a newer version before anything left.',
    },
    remedy: { fr: 'Rien : la version plus récente est envoyée.', en: 'Nothing: the newer version is sent.' },
  },
  'delivery.target-unknown': {
    class: 'permanent',
    message: {
      fr: 'Rien n’a été supprimé : ni la passerelle ni le DMP ne connaissent ce document.',
      en: 'Nothing was deleted: neither the gateway nor the DMP knows this document.',
    },
    remedy: {
      fr: 'Vérifier l’identifiant du document à supprimer ; celui qui était visé est peut-être toujours visible.',
      en: 'Check the identifier of the document to delete; the one that was meant may still be visible.',
    },
  },
  'delivery.nothing-to-delete': {
    class: 'permanent',
    message: {
      fr: "Rien à supprimer : le document n'est jamais arrivé à destination.",
      en: 'Nothing to delete: the document never reached the destination.',
    },
    remedy: { fr: 'Rien.', en: 'Nothing.' },
  },
  'delivery.budget-spent': {
    class: 'transient',
    message: {
      fr: 'La destination a échoué trop de fois pour ce document ({reason}).',
      en: 'The destination failed too often for this document ({reason}).',
    },
    remedy: {
      fr: 'Chercher la cause, puis relancer la livraison.',
      en: 'Look for the cause, then retry the delivery.',
    },
  },
  'delivery.identity-not-qualified': {
    class: 'permanent',
    message: {
      fr: "L'identité du patient n'est plus qualifiée.",
      en: "The patient's identity is no longer qualified.",
    },
    remedy: {
      fr: "Faire qualifier l'identité, puis relancer.",
      en: 'Have the identity qualified, then retry.',
    },
  },
  'delivery.mail-identity-not-qualified': {
    class: 'permanent',
    message: {
      fr: "Le document porte un INS et l'identité du patient n'est plus qualifiée : il n'est pas envoyé par MSSanté.",
      en: "The document bears an INS and the patient's identity is no longer qualified: it is not sent by MSSanté.",
    },
    remedy: {
      fr: "Faire qualifier l'identité et envoyer à nouveau, ou envoyer un document sans INS.",
      en: 'Have the identity qualified and send again, or send a document without INS.',
    },
  },
  'delivery.withdrawal-by-support': {
    class: 'permanent',
    message: {
      fr: "L'INS du document n'est plus qualifié : le DMP n'a pas été appelé, et le retrait revient à son support.",
      en: 'The INS of the document is no longer qualified: the DMP was not called, and its support has to withdraw it.',
    },
    remedy: {
      fr: "Adresser la fiche de retrait au support du DMP ; si l'identité redevient qualifiée, le retrait part de lui-même.",
      en: 'Give the withdrawal sheet to the support of the DMP; once the identity is qualified again the withdrawal leaves by itself.',
    },
  },
  'delivery.withdrawn-by-support': {
    class: 'permanent',
    message: {
      fr: 'Retiré par le support du DMP, au dire d’une personne.',
      en: 'Withdrawn by the support of the DMP, as a person says.',
    },
    remedy: { fr: 'Rien.', en: 'Nothing.' },
  },
  'delivery.patient-opposed': {
    class: 'permanent',
    message: {
      fr: "Le patient s'oppose à l'alimentation de son DMP.",
      en: 'The patient opposes the feeding of the DMP.',
    },
    remedy: {
      fr: 'Rien : le document ne doit pas être déposé.',
      en: 'Nothing: the document must not be deposited.',
    },
  },
  'delivery.dmp-closed': {
    class: 'permanent',
    message: {
      fr: "L'administration vient d'indiquer que le patient n'a pas de DMP ouvert (ZFA-1) : il n'a pas été appelé.",
      en: 'The administration has lately said that the patient has no open DMP (ZFA-1): it was not called.',
    },
    remedy: {
      fr: "Envoyer à nouveau le document si le DMP est ouvert ; le réglage closedDmpHours dit combien de temps l'indication vaut.",
      en: 'Send the document again if the DMP is open; the setting closedDmpHours says how long the statement counts.',
    },
  },
  'delivery.dmp-found-closed': {
    class: 'permanent',
    message: {
      fr: 'Le DMP du patient est fermé (TD0.2) : rien ne lui a été envoyé.',
      en: 'The DMP of the patient is closed (TD0.2): nothing was sent to it.',
    },
    remedy: {
      fr: 'Rien à faire ; envoyer à nouveau le document si le DMP est rouvert.',
      en: 'Nothing to do; send the document again if the DMP is opened again.',
    },
  },
  'delivery.dmp-absent': {
    class: 'permanent',
    message: {
      fr: "Le patient n'a pas de DMP (TD0.2) : rien ne lui a été envoyé.",
      en: 'The patient has no DMP (TD0.2): nothing was sent to it.',
    },
    remedy: {
      fr: 'Rien à faire ; envoyer à nouveau le document si un DMP est ouvert.',
      en: 'Nothing to do; send the document again if a DMP is opened.',
    },
  },
  'delivery.identity-changed': {
    class: 'permanent',
    message: {
      fr: "L'INS du document n'est plus celui de l'identité du patient.",
      en: "The INS of the document is no longer that of the patient's identity.",
    },
    remedy: {
      fr: "Vérifier l'identité ; si le document est d'un autre, l'annuler et l'émettre à nouveau sous le bon INS.",
      en: 'Check the identity; if the document is of another, cancel it and send it again under the right INS.',
    },
  },
  'delivery.stay-moved': {
    class: 'permanent',
    message: {
      fr: 'Le séjour du document a été rattaché à un autre patient (A44).',
      en: 'The stay of the document was moved to another patient (A44).',
    },
    remedy: {
      fr: "Vérifier de qui est le document ; l'annuler s'il est de l'autre patient, sinon relancer la livraison.",
      en: 'Check whose document it is; cancel it if it is of the other patient, otherwise retry the delivery.',
    },
  },
  'delivery.consent-not-collected': {
    class: 'permanent',
    message: {
      fr: "Il n'est pas connu que le patient a été informé de l'alimentation de son DMP.",
      en: 'It is not known that the patient was informed about the feeding of the DMP.',
    },
    remedy: {
      fr: "Recueillir et transmettre la non-opposition (ZFA-9) ; le réglage consentNotCollected dit ce que l'on fait en attendant.",
      en: 'Collect and send whether the patient opposes (ZFA-9); the setting consentNotCollected says what is done meanwhile.',
    },
  },
  'delivery.notice-not-parked': {
    class: 'invalid',
    status: 409,
    message: {
      fr: "L'avis n'est pas arrêté (état : {state}).",
      en: 'The notice is not parked (state: {state}).',
    },
    remedy: { fr: 'Rien à reprendre.', en: 'Nothing to resume.' },
  },
  'delivery.clock-set-back': {
    class: 'transient',
    message: {
      fr: "L'horloge de la machine était en avance et a été remise à l'heure : l'envoi est ramené à son instant.",
      en: 'The clock of the machine was ahead and has been set back: sending is brought back to its instant.',
    },
    remedy: {
      fr: 'Rien à faire pour ce document ; vérifier la synchronisation NTP de la machine.',
      en: 'Nothing to do for this document; check that NTP keeps the clock of the machine.',
    },
  },
  'delivery.held': {
    class: 'transient',
    message: { fr: "L'envoi est retenu.", en: 'Sending is held.' },
    remedy: { fr: 'Libérer la rétention ou attendre sa date.', en: 'Release the hold or wait for its date.' },
  },
  'delivery.hold-escalated': {
    class: 'permanent',
    message: {
      fr: "La rétention est arrivée à sa date, et une personne doit décider de l'envoi.",
      en: 'The hold has come to its date, and a person must decide about the sending.',
    },
    remedy: {
      fr: 'Libérer la soumission (POST /api/submissions/…/release), la retenir encore (…/hold) ou l’annuler (…/cancel).',
      en: 'Release the submission (POST /api/submissions/…/release), hold it further (…/hold) or cancel it (…/cancel).',
    },
  },
  'delivery.hold-date': {
    class: 'invalid',
    status: 400,
    message: {
      fr: "La date « {until} » n'est pas un instant à venir d'ici {days} jours.",
      en: "The date '{until}' is no instant to come within {days} days.",
    },
    remedy: {
      fr: 'Écrire un instant ISO 8601 avec son fuseau, tel que 2026-12-01T08:00:00+01:00.',
      en: 'Write an instant in ISO 8601 with its offset, such as 2026-12-01T08:00:00+01:00.',
    },
  },
  'delivery.nothing-to-hold': {
    class: 'permanent',
    status: 409,
    message: {
      fr: 'Plus rien de cette demande ne peut être retenu : tout est terminé.',
      en: 'Nothing of this submission can be held any more: all of it has ended.',
    },
    remedy: {
      fr: 'Demander la suppression du document s’il ne devait pas partir.',
      en: 'Ask for the deletion of the document if it should not have left.',
    },
  },
  'delivery.not-held': {
    class: 'permanent',
    status: 409,
    message: { fr: "Rien de cette demande n'est retenu.", en: 'Nothing of this submission is held.' },
    remedy: { fr: 'Rien à libérer.', en: 'Nothing to release.' },
  },
  'delivery.hold-of-other': {
    class: 'permanent',
    status: 403,
    message: {
      fr: "La rétention vient d'une personne ou d'une règle de l'établissement, pas de l'émetteur.",
      en: 'The hold is by a person or a rule of the establishment, not by the sender.',
    },
    remedy: {
      fr: "S'adresser à la DSI, qui peut la lever.",
      en: 'Ask the IT department, which can lift it.',
    },
  },
  'delivery.not-retryable': {
    class: 'permanent',
    status: 409,
    message: {
      fr: 'Une livraison {state} ne peut pas être relancée.',
      en: 'A delivery that is {state} cannot be retried.',
    },
    remedy: {
      fr: 'Seule une livraison en attente d’une personne se relance ; sinon, envoyer à nouveau le document.',
      en: 'Only a parked delivery is retried; otherwise send the document again.',
    },
  },
  'delivery.not-closable': {
    class: 'permanent',
    status: 409,
    message: {
      fr: 'Une livraison {state} ne peut pas être close sans confirmation.',
      en: 'A delivery that is {state} cannot be closed as unconfirmed.',
    },
    remedy: {
      fr: 'Seul un courriel MSSanté en doute, en attente d’une personne, se clôt ainsi ; sinon, annuler ou relancer.',
      en: 'Only a mail of MSSanté in doubt that waits for a person is closed so; otherwise cancel or retry.',
    },
  },
  'delivery.not-stoppable': {
    class: 'permanent',
    status: 409,
    message: {
      fr: 'Une livraison {state} ne peut pas être arrêtée.',
      en: 'A delivery that is {state} cannot be stopped.',
    },
    remedy: { fr: 'Rien.', en: 'Nothing.' },
  },
  'delivery.already-left': {
    class: 'permanent',
    status: 409,
    message: {
      fr: 'Une livraison est déjà partie ou en cours ; elle ne peut plus être annulée.',
      en: 'A delivery has left or is under way; it can no longer be cancelled.',
    },
    remedy: {
      fr: 'Attendre sa fin, puis demander la suppression du document.',
      en: 'Wait for its end, then ask for the deletion of the document.',
    },
  },
  'delivery.record-missing': {
    class: 'permanent',
    message: {
      fr: 'Ce qu’il fallait envoyer ne peut plus être lu : la personne a été effacée, ou le registre est altéré.',
      en: 'What was to be sent can no longer be read: the person was erased, or the ledger is damaged.',
    },
    remedy: {
      fr: 'Vérifier le registre (viaduc ledger verify) ; restaurer une sauvegarde, ou annuler la livraison.',
      en: 'Verify the ledger (viaduc ledger verify); restore a backup, or cancel the delivery.',
    },
  },
  'delivery.unexpected': {
    class: 'not-judged',
    message: {
      fr: "La passerelle a échoué d'une façon imprévue en préparant l'envoi.",
      en: 'The gateway failed in an unforeseen way while preparing to send.',
    },
    remedy: {
      fr: "Signaler l'incident avec le journal de la passerelle.",
      en: "Report the incident with the gateway's log.",
    },
  },
});

export const deliveryError = raiser(deliveryErrors);
