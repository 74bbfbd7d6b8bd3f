import { catalogue, raiser } from '../words/errors.ts';

/**
 * What a document can be reproached with before it leaves for the DMP (codes `dmp.*`, findings of source `dmp`), and what can
 * be wrong with the tables of this room (`xds.*`).
 */
export const xdsErrors = catalogue({
  'xds.profile-unreadable': {
    class: 'configuration',
    message: {
      fr: 'La table {file} des métadonnées ne se lit pas : {reason}.',
      en: 'Metadata table {file} cannot be read: {reason}.',
    },
    remedy: {
      fr: 'Rétablir le fichier dans profiles/xds.',
      en: 'Restore the file in profiles/xds.',
    },
  },
  'xds.value-set-unreadable': {
    class: 'configuration',
    message: {
      fr: 'Le jeu de valeurs {file}{at} est inutilisable : {reason}.',
      en: 'Value set {file}{at} cannot be used: {reason}.',
    },
    remedy: {
      fr: 'Télécharger à nouveau le jeu publié par l’ANS (XML des nomenclatures des objets de santé, ou ValueSet JSON du serveur multi-terminologies), ou le retirer de dmp.valueSets.',
      en: 'Download again the set that the ANS publishes (XML of the nomenclatures, or ValueSet in JSON of the terminology server), or take it out of dmp.valueSets.',
    },
  },
  'xds.value-set-none': {
    class: 'configuration',
    message: {
      fr: 'Le dossier {folder} ne contient aucun jeu de valeurs qui concerne les métadonnées du DMP.',
      en: 'Folder {folder} holds no value set that concerns the metadata of the DMP.',
    },
    remedy: {
      fr: 'Y placer les jeux JDV_J56 à JDV_J62 et JDV_J66 publiés par l’ANS, ou le retirer de dmp.valueSets.',
      en: 'Put the sets JDV_J56 to JDV_J62 and JDV_J66 that the ANS publishes into it, or take it out of dmp.valueSets.',
    },
  },
  'xds.value-set-ended': {
    class: 'configuration',
    message: {
      fr: 'Le jeu de valeurs {set} ({file}) a pris fin le {date}.',
      en: 'Value set {set} ({file}) ended on {date}.',
    },
    remedy: {
      fr: 'Télécharger l’édition en vigueur, ou retirer ce fichier de dmp.valueSets.',
      en: 'Download the edition in force, or take this file out of dmp.valueSets.',
    },
  },
  'xds.value-set-outdated': {
    class: 'configuration',
    message: {
      fr: 'Le jeu de valeurs {set} ({file}) est du {version} ; une édition du {known} est déjà connue.',
      en: 'Value set {set} ({file}) is of {version}; an edition of {known} is known already.',
    },
    remedy: {
      fr: 'Télécharger l’édition en vigueur, ou retirer ce fichier de dmp.valueSets.',
      en: 'Download the edition in force, or take this file out of dmp.valueSets.',
    },
  },
  'dmp.type-missing': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le document ne dit pas son type (ClinicalDocument/code).',
      en: 'The document does not say its type (ClinicalDocument/code).',
    },
    remedy: {
      fr: 'Donner dans code le type de document, pris dans JDV_J66-TypeCode-DMP.',
      en: 'Give the document type in code, taken from JDV_J66-TypeCode-DMP.',
    },
  },
  'dmp.type-without-class': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le type de document {code} ({scheme}) n’a pas de classe connue : les métadonnées du DMP exigent un classCode.',
      en: 'Document type {code} ({scheme}) has no known class: the metadata of the DMP require a classCode.',
    },
    remedy: {
      fr: 'Utiliser un type de JDV_J66-TypeCode-DMP, ou charger la correspondance ASS_X16 à jour (dmp.valueSets) si le type est récent.',
      en: 'Use a type of JDV_J66-TypeCode-DMP, or load the current ASS_X16 correspondence (dmp.valueSets) if the type is recent.',
    },
  },
  'dmp.type-not-accepted': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le type de document {code} n’est pas dans la liste des types admis par le DMP ({set} du {version}).',
      en: 'Document type {code} is not in the list of types that the DMP takes ({set} of {version}).',
    },
    remedy: {
      fr: 'Utiliser un type de cette liste, ou ne pas demander de dépôt au DMP pour ce document.',
      en: 'Use a type of that list, or do not ask for a deposit in the DMP for this document.',
    },
  },
  'dmp.code-not-in-set': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le code {code} ({scheme}), destiné à la métadonnée {attribute}, n’est pas dans {set} du {version}.',
      en: 'Code {code} ({scheme}), meant for the metadata {attribute}, is not in {set} of {version}.',
    },
    remedy: {
      fr: 'Utiliser un code de ce jeu de valeurs.',
      en: 'Use a code of that value set.',
    },
  },
  'dmp.no-author-person': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le document n’a pas d’auteur.',
      en: 'The document has no author.',
    },
    remedy: {
      fr: 'Nommer au moins un auteur (author/assignedAuthor), avec son identifiant national.',
      en: 'Name at least one author (author/assignedAuthor), with the national identifier.',
    },
  },
  'dmp.author-without-name': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Un auteur n’a pas de nom complet : le DMP refuse un authorPerson sans nom et prénom.',
      en: 'An author has no full name: the DMP refuses an authorPerson without family and given name.',
    },
    remedy: {
      fr: 'Donner nom et prénom dans assignedPerson/name, ou le nom du logiciel quand l’auteur est un système.',
      en: 'Give family and given name in assignedPerson/name, or the name of the software when the author is a system.',
    },
  },
  'dmp.author-without-id': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Un auteur n’a pas d’identifiant.',
      en: 'An author has no identifier.',
    },
    remedy: {
      fr: 'Donner l’identifiant national (RPPS précédé de 8) dans assignedAuthor/id.',
      en: 'Give the national identifier (RPPS preceded by 8) in assignedAuthor/id.',
    },
  },
  'dmp.author-institution-differs': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Aucun auteur n’appartient à la structure qui dépose ({structure}) : le DMP n’accepte un document que de la structure d’un de ses auteurs.',
      en: 'No author belongs to the structure that deposits ({structure}): the DMP takes a document only from the structure of one of its authors.',
    },
    remedy: {
      fr: 'Renseigner representedOrganization/id de l’auteur avec la structure qui dépose, ou déposer au nom de la structure de l’auteur.',
      en: 'Fill representedOrganization/id of the author with the structure that deposits, or deposit in the name of the author’s structure.',
    },
  },
  'dmp.institution-without-name': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'La structure d’un auteur n’a pas de nom : un registre XDS peut refuser le document.',
      en: 'The structure of an author has no name: an XDS registry may refuse the document.',
    },
    remedy: {
      fr: 'Remplir representedOrganization/name.',
      en: 'Fill representedOrganization/name.',
    },
  },
  'dmp.institution-name-lent': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'La structure d’un auteur n’a pas de nom ; celui de la structure qui dépose est annoncé au DMP.',
      en: 'The structure of an author has no name; that of the structure that deposits is announced to the DMP.',
    },
    remedy: {
      fr: 'Remplir representedOrganization/name.',
      en: 'Fill representedOrganization/name.',
    },
  },
  'dmp.no-legal-authenticator': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le document n’a pas de responsable légal (legalAuthenticator), exigé par le DMP.',
      en: 'The document has no legalAuthenticator, which the DMP requires.',
    },
    remedy: {
      fr: 'Ajouter legalAuthenticator avec l’identité de la personne responsable.',
      en: 'Add legalAuthenticator with the identity of the person responsible.',
    },
  },
  'dmp.legal-authenticator-without-name': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le responsable légal du document n’a pas de nom complet.',
      en: 'The legal authenticator of the document has no full name.',
    },
    remedy: {
      fr: 'Donner nom et prénom dans legalAuthenticator/assignedEntity/assignedPerson/name.',
      en: 'Give family and given name in legalAuthenticator/assignedEntity/assignedPerson/name.',
    },
  },
  'dmp.no-creation-time': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'La date de création du document manque ou ne se lit pas.',
      en: 'The creation time of the document is missing or cannot be read.',
    },
    remedy: {
      fr: 'Donner effectiveTime/@value sous la forme AAAAMMJJhhmmss+hhmm.',
      en: 'Give effectiveTime/@value in the form YYYYMMDDhhmmss+hhmm.',
    },
  },
  'dmp.no-service-start': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'La date de début de l’acte principal manque ou ne se lit pas.',
      en: 'The start time of the main act is missing or cannot be read.',
    },
    remedy: {
      fr: 'Donner documentationOf/serviceEvent/effectiveTime/low/@value.',
      en: 'Give documentationOf/serviceEvent/effectiveTime/low/@value.',
    },
  },
  'dmp.no-title': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le document n’a pas de titre.',
      en: 'The document has no title.',
    },
    remedy: {
      fr: 'Remplir ClinicalDocument/title.',
      en: 'Fill ClinicalDocument/title.',
    },
  },
  'dmp.no-language': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le document ne dit pas sa langue ; fr-FR est annoncé au DMP.',
      en: 'The document does not say its language; fr-FR is announced to the DMP.',
    },
    remedy: {
      fr: 'Donner languageCode/@code.',
      en: 'Give languageCode/@code.',
    },
  },
  'dmp.no-confidentiality': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le document ne dit pas son niveau de confidentialité.',
      en: 'The document does not say its level of confidentiality.',
    },
    remedy: {
      fr: 'Donner confidentialityCode/@code ; N pour un document ordinaire.',
      en: 'Give confidentialityCode/@code; N for an ordinary document.',
    },
  },
  'dmp.confidentiality-restricted': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le document est de confidentialité {code} : un document restreint ne devrait pas être partagé dans le DMP.',
      en: 'The document is of confidentiality {code}: a restricted document should not be shared in the DMP.',
    },
    remedy: {
      fr: 'Vérifier que le dépôt est voulu ; les drapeaux de masquage s’emploient avec la confidentialité N.',
      en: 'Check that the deposit is meant; the masking flags go with confidentiality N.',
    },
  },
  'dmp.masking-combined': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le document est demandé à la fois masqué aux professionnels et invisible du patient : le DMP refuse ce cumul.',
      en: 'The document is asked to be both masked to professionals and hidden from the patient: the DMP refuses the two together.',
    },
    remedy: {
      fr: 'Ne garder qu’un des deux drapeaux.',
      en: 'Keep one of the two flags only.',
    },
  },
  'dmp.secret-connection-visible': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'La connexion est secrète, mais le document reste visible des représentants légaux : le DMP peut le refuser.',
      en: 'The connection is secret, but the document stays visible to legal representatives: the DMP may refuse it.',
    },
    remedy: {
      fr: 'Lever aussi le drapeau INVISIBLE_REPRESENTANTS_LEGAUX (INVISIBLE_REP_LEGAUX en HL7 v2).',
      en: 'Raise the flag INVISIBLE_REPRESENTANTS_LEGAUX too (INVISIBLE_REP_LEGAUX in HL7 v2).',
    },
  },
  'dmp.no-ins': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le document ne porte pas l’INS du patient : le DMP ne connaît un patient que par son INS.',
      en: 'The document does not carry the patient’s INS: the DMP knows a patient by the INS only.',
    },
    remedy: {
      fr: 'Ajouter recordTarget/patientRole/id avec le matricule INS et son OID, une fois l’identité qualifiée.',
      en: 'Add recordTarget/patientRole/id with the INS number and its OID, once the identity is qualified.',
    },
  },
  'dmp.patients-differ': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Les documents du lot ne portent pas le même INS.',
      en: 'The documents of the lot do not carry the same INS.',
    },
    remedy: {
      fr: 'Envoyer les documents de chaque patient séparément.',
      en: 'Send the documents of each patient apart.',
    },
  },
  'dmp.duplicate-document': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Deux documents du lot ont le même identifiant.',
      en: 'Two documents of the lot have the same identifier.',
    },
    remedy: {
      fr: 'Donner à chaque document son propre OID.',
      en: 'Give each document its own OID.',
    },
  },
  'dmp.body-not-accepted': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le corps du document n’est d’aucun format admis par le DMP ({mediaType}).',
      en: 'The body of the document is of no format that the DMP takes ({mediaType}).',
    },
    remedy: {
      fr: 'Joindre un PDF/A-1, ou un corps structuré.',
      en: 'Attach a PDF/A-1, or a structured body.',
    },
  },
  'dmp.body-empty': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le fichier du corps est vide.',
      en: 'The file of the body is empty.',
    },
    remedy: {
      fr: 'Joindre le compte rendu dans nonXMLBody/text, en Base64 (representation="B64").',
      en: 'Attach the report in nonXMLBody/text, in Base64 (representation="B64").',
    },
  },
  'dmp.body-of-other-form': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le corps est annoncé {mediaType}, mais ses octets sont d’un format {form}.',
      en: 'The body is announced as {mediaType}, but its bytes are of form {form}.',
    },
    remedy: {
      fr: 'Joindre un fichier de ce format, en Base64 (representation="B64"), ou corriger mediaType.',
      en: 'Attach a file of that form, in Base64 (representation="B64"), or correct mediaType.',
    },
  },
  'dmp.pdf-not-a1': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le PDF du corps ne se déclare pas PDF/A-1, demandé par le DMP ({claimed}).',
      en: 'The PDF of the body does not claim to be PDF/A-1, which the DMP asks for ({claimed}).',
    },
    remedy: {
      fr: 'Produire un PDF/A-1, dont les métadonnées XMP donnent pdfaid:part 1.',
      en: 'Make a PDF/A-1, whose XMP metadata give pdfaid:part 1.',
    },
  },
  'dmp.no-facility-type': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le secteur d’activité manque dans le document et n’est pas configuré.',
      en: 'The sector of activity is missing in the document and is not configured.',
    },
    remedy: {
      fr: 'Donner componentOf/encompassingEncounter/location/healthCareFacility/code, ou configurer le secteur de l’établissement.',
      en: 'Give componentOf/encompassingEncounter/location/healthCareFacility/code, or configure the sector of the establishment.',
    },
  },
  'dmp.facility-type-defaulted': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le secteur d’activité manque dans le document ; {code} est pris de la configuration.',
      en: 'The sector of activity is missing in the document; {code} is taken from the configuration.',
    },
    remedy: {
      fr: 'Donner healthCareFacility/code dans le document.',
      en: 'Give healthCareFacility/code in the document.',
    },
  },
  'dmp.no-practice-setting': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le cadre d’exercice manque dans le document et n’est pas configuré.',
      en: 'The practice setting is missing in the document and is not configured.',
    },
    remedy: {
      fr: 'Donner standardIndustryClassCode de l’exécutant de l’acte principal, ou configurer le cadre d’exercice.',
      en: 'Give standardIndustryClassCode of the performer of the main act, or configure the practice setting.',
    },
  },
  'dmp.practice-setting-defaulted': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le cadre d’exercice manque dans le document ; {code} est pris de la configuration.',
      en: 'The practice setting is missing in the document; {code} is taken from the configuration.',
    },
    remedy: {
      fr: 'Donner standardIndustryClassCode de l’exécutant de l’acte principal.',
      en: 'Give standardIndustryClassCode of the performer of the main act.',
    },
  },
  'dmp.id-not-accepted': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'L’identifiant du document n’est pas un OID seul : le DMP n’admet ni extension ni autre forme.',
      en: 'The identifier of the document is not a bare OID: the DMP takes neither an extension nor another form.',
    },
    remedy: {
      fr: 'Donner un OID dans id/@root, sans id/@extension.',
      en: 'Give an OID in id/@root, without id/@extension.',
    },
  },
  'dmp.replaced-document-unlinked': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le document {uniqueId} devait être remplacé, mais aucun document du lot ne dit le remplacer.',
      en: 'Document {uniqueId} was to be replaced, but no document of the lot says that it replaces it.',
    },
    remedy: {
      fr: 'Ajouter relatedDocument typeCode="RPLC" avec parentDocument/id du document remplacé.',
      en: 'Add relatedDocument typeCode="RPLC" with parentDocument/id of the document that is replaced.',
    },
  },
});

export const raise = raiser(xdsErrors);
