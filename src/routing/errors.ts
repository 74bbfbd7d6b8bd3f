import { catalogue, raiser } from '../words/errors.ts';

/** Why a request that is well made cannot be taken as it is, given what the gateway already knows. */
export const routingErrors = catalogue({
  'routing.no-destination': {
    class: 'invalid',
    status: 400,
    message: { fr: 'La demande ne nomme aucune destination.', en: 'The request names no destination.' },
    remedy: {
      fr: 'Ajouter ?to=dmp ou ?to=patient, nommer des destinataires dans destinations.mssante, ou déclarer une destination dans la politique de l’émetteur.',
      en: "Add ?to=dmp or ?to=patient, name recipients in destinations.mssante, or declare a destination in the sender's policy.",
    },
  },
  'routing.destination-unavailable': {
    class: 'configuration',
    status: 422,
    message: {
      fr: "La destination {destination} n'est pas ouverte sur cette passerelle.",
      en: 'Destination {destination} is not open on this gateway.',
    },
    remedy: {
      fr: 'Ne demander que des destinations ouvertes (voir /api/conformance).',
      en: 'Ask only for destinations that are open (see /api/conformance).',
    },
  },
  'routing.destination-later': {
    class: 'transient',
    status: 503,
    message: {
      fr: "La destination {destination} n'est pas encore ouverte sur cette passerelle.",
      en: 'Destination {destination} is not open on this gateway yet.',
    },
    remedy: {
      fr: "Garder le message et l'envoyer à nouveau, inchangé, quand l'établissement l'aura ouverte.",
      en: 'Keep the message and send it again, unchanged, once the establishment has opened it.',
    },
  },
  'routing.id-conflict': {
    class: 'invalid',
    status: 409,
    message: {
      fr: 'Le document {uniqueId} a déjà été accepté avec un autre contenu (SHA-256 {accepted} ; reçu {received}).',
      en: 'Document {uniqueId} was already accepted with other content (SHA-256 {accepted}; received {received}).',
    },
    remedy: {
      fr: 'Donner un nouvel identifiant au document corrigé et l’envoyer comme remplacement.',
      en: 'Give the corrected document a new identifier and send it as a replacement.',
    },
  },
  'routing.flags-differ': {
    class: 'invalid',
    status: 409,
    message: {
      fr: 'Le document {uniqueId} a déjà été accepté avec d’autres indicateurs de masquage.',
      en: 'Document {uniqueId} was already accepted with other masking flags.',
    },
    remedy: {
      fr: 'Envoyer un remplacement (nouvel identifiant) avec les nouveaux indicateurs.',
      en: 'Send a replacement (new identifier) with the new flags.',
    },
  },
  'routing.operation-differs': {
    class: 'invalid',
    status: 409,
    message: {
      fr: 'Le document {uniqueId} a déjà été accepté comme {accepted} ; il est demandé comme {asked}.',
      en: 'Document {uniqueId} was already accepted as {accepted}; it is asked for as {asked}.',
    },
    remedy: {
      fr: 'Envoyer une nouvelle version avec un nouvel identifiant.',
      en: 'Send a new version with a new identifier.',
    },
  },
  'routing.newer-version-known': {
    class: 'invalid',
    status: 409,
    message: {
      fr: 'Une version plus récente que {target} est déjà connue : {newer}.',
      en: 'A version newer than {target} is already known: {newer}.',
    },
    remedy: {
      fr: 'Faire porter la demande sur la version la plus récente.',
      en: 'Aim the request at the newest version.',
    },
  },
  'routing.target-deleted': {
    class: 'invalid',
    status: 409,
    message: {
      fr: 'Le document {target} a été supprimé, ou sa suppression est demandée.',
      en: 'Document {target} was deleted, or its deletion is asked for.',
    },
    remedy: {
      fr: 'Déposer le document comme nouveau, avec un nouvel identifiant.',
      en: 'Deposit the document as a new one, with a new identifier.',
    },
  },
  'routing.replaces-itself': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le document dit se remplacer lui-même ({target}).',
      en: 'The document says that it replaces itself ({target}).',
    },
    remedy: {
      fr: 'Donner un nouvel identifiant à la nouvelle version.',
      en: 'Give the new version an identifier of its own.',
    },
  },
  'routing.target-missing': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Un remplacement est demandé mais le document ne dit pas lequel il remplace.',
      en: 'A replacement is asked for but the document does not say which one it replaces.',
    },
    remedy: {
      fr: 'Ajouter relatedDocument typeCode="RPLC" avec parentDocument/id.',
      en: 'Add relatedDocument typeCode="RPLC" with parentDocument/id.',
    },
  },
  'routing.replacement-link-in-deposit': {
    class: 'invalid',
    message: {
      fr: 'Le document dit remplacer {target}, mais la demande est un dépôt : il est déposé comme nouveau.',
      en: 'The document says that it replaces {target}, but the request is a deposit: it is deposited as a new one.',
    },
    remedy: {
      fr: 'Demander operation=replace si c’est un remplacement.',
      en: 'Ask for operation=replace if it is a replacement.',
    },
  },
  'routing.mail-left-out': {
    class: 'configuration',
    message: {
      fr: 'Un envoi par MSSanté est demandé, mais MSSanté n’est pas ouverte sur cette passerelle : rien n’est envoyé par courriel.',
      en: 'Mail by MSSanté is asked for, but MSSanté is not open on this gateway: nothing is sent by mail.',
    },
    remedy: {
      fr: 'Envoyer le courriel autrement, ou ouvrir MSSanté puis envoyer à nouveau.',
      en: 'Send the mail another way, or open MSSanté and send again.',
    },
  },
  'routing.no-mailbox': {
    class: 'configuration',
    status: 422,
    message: {
      fr: 'Aucune boîte aux lettres de l’établissement n’est prévue pour cet émetteur, cette structure ou cette unité.',
      en: 'No mailbox of the establishment is meant for this sender, this structure or this unit.',
    },
    remedy: {
      fr: 'Ajouter une boîte (mssante.mailboxes), ou élargir celle qui existe, puis envoyer à nouveau.',
      en: 'Add a mailbox (mssante.mailboxes), or widen the one there is, then send again.',
    },
  },
  'routing.recipients-left-out': {
    class: 'invalid',
    message: {
      fr: '{missing} destinataire(s) du document d’origine ne reçoivent pas cette demande : ils gardent l’ancienne version.',
      en: '{missing} recipient(s) of the original document do not receive this request: they keep the former version.',
    },
    remedy: {
      fr: 'Adresser le remplacement ou la suppression aux mêmes destinataires.',
      en: 'Address the replacement or deletion to the same recipients.',
    },
  },
  'routing.address-malformed': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'L’adresse du destinataire MSSanté n° {position} est mal formée : {why}.',
      en: 'The address of MSSanté recipient no. {position} is malformed: {why}.',
    },
    remedy: {
      fr: 'Donner une adresse nue, sous la forme nom@domaine, sans nom affiché ni guillemets.',
      en: 'Give a bare address, name@domain, without display name or quotes.',
    },
  },
  'routing.address-of-patient': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le destinataire n° {position} est la boîte d’un patient, mais il est déclaré comme professionnel ou organisation.',
      en: 'Recipient no. {position} is the box of a patient, yet it is declared as a professional or an organisation.',
    },
    remedy: {
      fr: 'Le déclarer comme patient : les règles de visibilité et le corps du courriel ne sont pas les mêmes.',
      en: 'Declare it as the patient: rules of visibility and the text of the mail are not the same.',
    },
  },
  'routing.patient-address-differs': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'L’adresse de patient n° {position} n’est pas celle du patient du document (matricule INS).',
      en: 'Patient address no. {position} is not that of the patient of the document (INS matricule).',
    },
    remedy: {
      fr: 'La former avec le matricule INS qualifié de 15 caractères du document, ou ne donner que patient=true.',
      en: 'Make it of the 15 characters of the qualified INS on the document, or say patient=true only.',
    },
  },
  'routing.patient-without-ins': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Un envoi au patient est demandé, mais le document ne porte pas d’INS dont former son adresse.',
      en: 'Mail to the patient is asked for, but the document bears no INS to make the address of.',
    },
    remedy: {
      fr: 'Porter l’INS qualifié sur le document, ou retirer le patient des destinataires.',
      en: 'Put the qualified INS on the document, or take the patient off the recipients.',
    },
  },
  'routing.mail-not-allowed': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'La matrice MSSanté ({matrix}) n’admet pas cette combinaison d’indicateurs et de destinataires.',
      en: 'The MSSanté matrix ({matrix}) does not allow this combination of flags and recipients.',
    },
    remedy: {
      fr: 'Voir profiles/mssante/matrix.yaml ; l’émetteur peut être réglé sur la matrice souple.',
      en: 'See profiles/mssante/matrix.yaml; the sender can be set to the lenient matrix.',
    },
  },
  'routing.patient-mail-hidden': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le document est invisible au patient et doit pourtant lui être envoyé.',
      en: 'The document is hidden from the patient and is yet to be sent to them.',
    },
    remedy: {
      fr: 'Retirer le patient des destinataires, ou lever INVISIBLE_PATIENT.',
      en: 'Take the patient off the recipients, or lift INVISIBLE_PATIENT.',
    },
  },
  'routing.secret-adult': {
    class: 'invalid',
    message: {
      fr: 'La connexion secrète est demandée pour un patient majeur ; elle n’existe que pour les mineurs.',
      en: 'A secret connection is asked for an adult patient; it exists for minors only.',
    },
    remedy: {
      fr: 'Ne la demander que pour un mineur ; pour un majeur, l’invisibilité au patient se règle par le masquage.',
      en: 'Ask for it for minors only; for an adult visibility is set by the masking flags.',
    },
  },
  'routing.minor-patient-mail': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le patient est mineur et le document est caché à ses représentants légaux : rien ne va dans sa boîte, qu’ils peuvent lire.',
      en: 'The patient is a minor and the document is hidden from their legal representatives: nothing goes to their box, which these may read.',
    },
    remedy: {
      fr: 'Retirer le patient des destinataires (DESTMSSANTEPAT = N).',
      en: 'Take the patient off the recipients (DESTMSSANTEPAT = N).',
    },
  },
  'routing.secret-but-visible': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'La connexion est secrète (CONNEXION_SECRETE) mais le document reste visible des représentants légaux.',
      en: 'The connection is secret (CONNEXION_SECRETE) but the document stays visible to legal representatives.',
    },
    remedy: {
      fr: 'Mettre INVISIBLE_REP_LEGAUX à Y, ou renoncer à la connexion secrète.',
      en: 'Set INVISIBLE_REP_LEGAUX to Y, or do without the secret connection.',
    },
  },
  'routing.change-not-announced': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le remplacement de {target} change des indicateurs de masquage sans le dire (MODIF_CONF_CODE).',
      en: 'The replacement of {target} changes masking flags without saying so (MODIF_CONF_CODE).',
    },
    remedy: {
      fr: 'Mettre MODIF_CONF_CODE à Y (visibility.change), ou reprendre les indicateurs de la version remplacée.',
      en: 'Set MODIF_CONF_CODE to Y (visibility.change), or keep the flags of the version that is replaced.',
    },
  },
  'routing.unchanged': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le contenu est le même que celui de la version précédente de la série ({previous}).',
      en: 'The content is the same as that of the previous version of the series ({previous}).',
    },
    remedy: {
      fr: 'Ne renvoyer que ce qui a changé (EX_GEN-1060).',
      en: 'Send only what has changed (EX_GEN-1060).',
    },
  },
});

export const routingError = raiser(routingErrors);
