import { catalogue, raiser } from '../../words/errors.ts';

/** What an XDM archive cannot be made of, or is reproached with when it is opened. A file is named by its position. */
export const xdmErrors = catalogue({
  'xdm.no-document': {
    class: 'invalid',
    message: { fr: 'Aucun document à mettre dans l’archive.', en: 'No document to put into the archive.' },
    remedy: { fr: 'Donner au moins un document.', en: 'Give at least one document.' },
  },
  'xdm.too-many-documents': {
    class: 'invalid',
    message: {
      fr: '{count} documents pour une archive, qui en tient {most}.',
      en: '{count} documents for one archive, which holds {most}.',
    },
    remedy: {
      fr: 'Envoyer les documents par plusieurs demandes.',
      en: 'Send the documents by several requests.',
    },
  },
  'xdm.document-twice': {
    class: 'invalid',
    message: {
      fr: 'Le même document figure deux fois dans l’archive.',
      en: 'The same document stands twice in the archive.',
    },
    remedy: { fr: 'Garder un seul exemplaire de chaque document.', en: 'Keep one copy of each document.' },
  },
  'xdm.patients-differ': {
    class: 'invalid',
    message: {
      fr: 'Les documents de l’archive ne sont pas tous du même patient.',
      en: 'The documents of the archive are not all of one patient.',
    },
    remedy: {
      fr: 'Faire une archive pour chaque patient ; prévenir l’émetteur si l’archive a été reçue.',
      en: 'Make an archive for each patient; tell the sender if the archive was received.',
    },
  },
  'xdm.bytes-of-another-document': {
    class: 'invalid',
    message: {
      fr: 'Les octets du document n° {position} ne sont pas ceux dont les métadonnées parlent.',
      en: 'The bytes of document {position} are not those that the metadata speak of.',
    },
    remedy: {
      fr: 'Relire l’en-tête du document depuis les octets conservés.',
      en: 'Read the header of the document again from the bytes that are kept.',
    },
  },
  'xdm.replaced-not-named': {
    class: 'invalid',
    message: {
      fr: 'La demande remplace un document, mais le CDA ne dit pas lequel (relatedDocument RPLC).',
      en: 'The request replaces a document, but the CDA does not say which (relatedDocument RPLC).',
    },
    remedy: {
      fr: "Nommer le document remplacé dans relatedDocument[@typeCode='RPLC']/parentDocument/id.",
      en: "Name the replaced document in relatedDocument[@typeCode='RPLC']/parentDocument/id.",
    },
  },
  'xdm.archive-too-large': {
    class: 'invalid',
    message: {
      fr: 'L’archive a {bytes} octets, au-delà de {most}.',
      en: 'The archive has {bytes} bytes, more than {most}.',
    },
    remedy: {
      fr: 'Envoyer moins de documents à la fois, ou des documents plus légers.',
      en: 'Send fewer documents at once, or lighter ones.',
    },
  },
  'xdm.unpacked-too-large': {
    class: 'invalid',
    message: {
      fr: 'Les fichiers de l’archive dépassent ensemble {most} octets une fois décompressés.',
      en: 'The files of the archive together have more than {most} bytes once unpacked.',
    },
    remedy: {
      fr: 'Envoyer moins de documents à la fois, ou des documents plus légers.',
      en: 'Send fewer documents at once, or lighter ones.',
    },
  },
  'xdm.not-a-zip': {
    class: 'invalid',
    message: {
      fr: 'Le fichier n’est pas une archive ZIP, ou il est tronqué.',
      en: 'The file is no ZIP archive, or it is cut short.',
    },
    remedy: {
      fr: 'Demander à l’émetteur de renvoyer IHE_XDM.zip.',
      en: 'Ask the sender to send IHE_XDM.zip again.',
    },
  },
  'xdm.zip-malformed': {
    class: 'invalid',
    message: { fr: 'L’archive ZIP est mal formée : {what}.', en: 'The ZIP archive is malformed: {what}.' },
    remedy: {
      fr: 'Demander à l’émetteur une archive faite par un autre outil ; ne pas l’ouvrir à la main.',
      en: 'Ask the sender for an archive made by another tool; do not open it by hand.',
    },
  },
  'xdm.too-many-members': {
    class: 'invalid',
    message: {
      fr: 'L’archive annonce {count} fichiers, au-delà de {most}.',
      en: 'The archive announces {count} files, more than {most}.',
    },
    remedy: {
      fr: 'Refuser l’archive ; demander à l’émetteur ce qu’elle contient.',
      en: 'Refuse the archive; ask the sender what it holds.',
    },
  },
  'xdm.member-too-large': {
    class: 'invalid',
    message: {
      fr: 'Le fichier n° {position} de l’archive a {bytes} octets une fois décompressé, au-delà de {most}.',
      en: 'File {position} of the archive has {bytes} bytes once unpacked, more than {most}.',
    },
    remedy: {
      fr: 'Refuser l’archive ; demander à l’émetteur un document plus léger.',
      en: 'Refuse the archive; ask the sender for a lighter document.',
    },
  },
  'xdm.packed-too-well': {
    class: 'invalid',
    message: {
      fr: 'Le fichier n° {position} de l’archive se décompresse en plus de {most} fois sa taille : l’archive est piégée ou vide de sens.',
      en: 'File {position} of the archive unpacks to more than {most} times its size: the archive is a trap or means nothing.',
    },
    remedy: {
      fr: 'Ne pas ouvrir l’archive ; prévenir l’émetteur et le RSSI.',
      en: 'Do not open the archive; tell the sender and the security officer.',
    },
  },
  'xdm.name-refused': {
    class: 'invalid',
    message: {
      fr: 'Le nom du fichier n° {position} de l’archive est refusé : {what}.',
      en: 'The name of file {position} of the archive is refused: {what}.',
    },
    remedy: {
      fr: 'Ne pas ouvrir l’archive ; prévenir l’émetteur et le RSSI.',
      en: 'Do not open the archive; tell the sender and the security officer.',
    },
  },
  'xdm.name-twice': {
    class: 'invalid',
    message: {
      fr: 'Les fichiers n° {first} et n° {second} de l’archive portent le même nom.',
      en: 'Files {first} and {second} of the archive have the same name.',
    },
    remedy: {
      fr: 'Demander à l’émetteur une archive où chaque nom est unique, casse ignorée.',
      en: 'Ask the sender for an archive in which each name is unique, whatever its case.',
    },
  },
  'xdm.not-a-plain-file': {
    class: 'invalid',
    message: {
      fr: 'Le fichier n° {position} de l’archive est un lien ou un fichier spécial.',
      en: 'File {position} of the archive is a link or a special file.',
    },
    remedy: {
      fr: 'Ne pas ouvrir l’archive ; prévenir l’émetteur et le RSSI.',
      en: 'Do not open the archive; tell the sender and the security officer.',
    },
  },
  'xdm.encrypted': {
    class: 'invalid',
    message: {
      fr: 'Le fichier n° {position} de l’archive est chiffré.',
      en: 'File {position} of the archive is encrypted.',
    },
    remedy: {
      fr: 'Demander à l’émetteur une archive sans mot de passe : le transport la protège déjà.',
      en: 'Ask the sender for an archive without password: the transport protects it already.',
    },
  },
  'xdm.packed-otherwise': {
    class: 'invalid',
    message: {
      fr: 'Le fichier n° {position} de l’archive est compressé par la méthode {method}, ni stored ni deflate.',
      en: 'File {position} of the archive is packed by method {method}, neither stored nor deflate.',
    },
    remedy: { fr: 'Demander à l’émetteur un ZIP ordinaire.', en: 'Ask the sender for an ordinary ZIP.' },
  },
  'xdm.members-overlap': {
    class: 'invalid',
    message: {
      fr: 'Les données des fichiers de l’archive se recouvrent, ou ne sont pas là où elle le dit.',
      en: "The data of the archive's files overlap, or are not where it says.",
    },
    remedy: {
      fr: 'Ne pas ouvrir l’archive ; prévenir l’émetteur et le RSSI.',
      en: 'Do not open the archive; tell the sender and the security officer.',
    },
  },
  'xdm.member-corrupt': {
    class: 'invalid',
    message: {
      fr: 'Le fichier n° {position} de l’archive est abîmé : taille ou CRC ne correspondent pas.',
      en: 'File {position} of the archive is damaged: size or CRC do not match.',
    },
    remedy: {
      fr: 'Demander à l’émetteur de renvoyer l’archive.',
      en: 'Ask the sender to send the archive again.',
    },
  },
  'xdm.no-metadata': {
    class: 'invalid',
    message: {
      fr: 'L’archive ne contient pas IHE_XDM/…/METADATA.XML.',
      en: 'The archive holds no IHE_XDM/…/METADATA.XML.',
    },
    remedy: {
      fr: 'La traiter à la main ; demander à l’émetteur une archive IHE XDM.',
      en: 'Handle it by hand; ask the sender for an IHE XDM archive.',
    },
  },
  'xdm.metadata-too-large': {
    class: 'invalid',
    message: {
      fr: 'METADATA.XML a {bytes} octets, au-delà de {most}.',
      en: 'METADATA.XML has {bytes} bytes, more than {most}.',
    },
    remedy: {
      fr: 'Refuser l’archive ; demander à l’émetteur de la faire à nouveau.',
      en: 'Refuse the archive; ask the sender to make it again.',
    },
  },
  'xdm.metadata-unreadable': {
    class: 'invalid',
    message: { fr: 'METADATA.XML ne se lit pas : {what}', en: 'METADATA.XML cannot be read: {what}' },
    remedy: {
      fr: 'Demander à l’émetteur de refaire l’archive.',
      en: 'Ask the sender to make the archive again.',
    },
  },
  'xdm.metadata-of-other-kind': {
    class: 'invalid',
    message: {
      fr: 'METADATA.XML n’est pas une demande ebXML SubmitObjectsRequest avec un seul lot.',
      en: 'METADATA.XML is no ebXML SubmitObjectsRequest with one submission set.',
    },
    remedy: {
      fr: 'Demander à l’émetteur une archive selon IHE ITI-32.',
      en: 'Ask the sender for an archive by IHE ITI-32.',
    },
  },
  'xdm.no-entry': {
    class: 'invalid',
    message: { fr: 'METADATA.XML ne décrit aucun document.', en: 'METADATA.XML describes no document.' },
    remedy: {
      fr: 'Demander à l’émetteur de refaire l’archive.',
      en: 'Ask the sender to make the archive again.',
    },
  },
  'xdm.attribute-missing': {
    class: 'invalid',
    message: {
      fr: 'Les métadonnées du document ne donnent pas {attribute}.',
      en: 'The metadata of the document do not give {attribute}.',
    },
    remedy: {
      fr: 'Demander à l’émetteur des métadonnées complètes (IHE ITI TF-3, table 4.3.1-3).',
      en: 'Ask the sender for complete metadata (IHE ITI TF-3, table 4.3.1-3).',
    },
  },
  'xdm.too-many-lots': {
    class: 'invalid',
    message: {
      fr: 'L’archive contient {count} lots, au-delà de {most}.',
      en: 'The archive holds {count} submission sets, more than {most}.',
    },
    remedy: {
      fr: 'Refuser l’archive ; demander à l’émetteur un seul lot par message.',
      en: 'Refuse the archive; ask the sender for one submission set a mail.',
    },
  },
  'xdm.file-twice': {
    class: 'invalid',
    message: {
      fr: 'Un autre document des métadonnées désigne le même fichier.',
      en: 'Another document of the metadata names the same file.',
    },
    remedy: {
      fr: 'Demander à l’émetteur un fichier pour chaque document.',
      en: 'Ask the sender for one file a document.',
    },
  },
  'xdm.self-check-failed': {
    class: 'permanent',
    message: {
      fr: 'L’archive relue avant l’envoi n’est pas ce qu’elle doit être : {what}.',
      en: 'The archive, opened again before it is sent, is not what it has to be: {what}.',
    },
    remedy: {
      fr: 'Ne rien envoyer ; transmettre ce message au support de Viaduc avec la version.',
      en: 'Send nothing; give this message and the version to the support of Viaduc.',
    },
  },
  'xdm.uri-refused': {
    class: 'invalid',
    message: {
      fr: 'L’URI du document sort de l’archive ou n’est pas un chemin relatif.',
      en: 'The URI of the document leaves the archive or is no relative path.',
    },
    remedy: { fr: 'Refuser l’archive ; prévenir l’émetteur.', en: 'Refuse the archive; tell the sender.' },
  },
  'xdm.file-missing': {
    class: 'invalid',
    message: {
      fr: 'L’URI du document ne mène à aucun fichier de l’archive.',
      en: 'The URI of the document leads to no file of the archive.',
    },
    remedy: {
      fr: 'Demander à l’émetteur de refaire l’archive.',
      en: 'Ask the sender to make the archive again.',
    },
  },
  'xdm.size-differs': {
    class: 'invalid',
    message: {
      fr: 'Le fichier a {bytes} octets, ses métadonnées en annoncent {announced}.',
      en: 'The file has {bytes} bytes, its metadata announce {announced}.',
    },
    remedy: {
      fr: 'Ne pas intégrer ; demander à l’émetteur de renvoyer le document.',
      en: 'Do not integrate; ask the sender to send the document again.',
    },
  },
  'xdm.hash-differs': {
    class: 'invalid',
    message: {
      fr: 'L’empreinte SHA-1 du fichier n’est pas celle de ses métadonnées.',
      en: 'The SHA-1 of the file is not that of its metadata.',
    },
    remedy: {
      fr: 'Ne pas intégrer ; demander à l’émetteur de renvoyer le document.',
      en: 'Do not integrate; ask the sender to send the document again.',
    },
  },
  'xdm.action-unknown': {
    class: 'invalid',
    message: {
      fr: 'L’action demandée sur le document n’est ni C (remplacement) ni D (suppression).',
      en: 'The action asked for on the document is neither C (replacement) nor D (deletion).',
    },
    remedy: {
      fr: 'Traiter le document à la main ; demander à l’émetteur ce qu’il veut.',
      en: 'Handle the document by hand; ask the sender what is meant.',
    },
  },
  'xdm.root-file-missing': {
    class: 'invalid',
    message: {
      fr: '{file} manque à la racine de l’archive.',
      en: '{file} is missing at the root of the archive.',
    },
    remedy: {
      fr: 'Le signaler à l’émetteur ; l’intégration n’en dépend pas.',
      en: 'Tell the sender; integration does not depend on it.',
    },
  },
  'xdm.not-a-cda': {
    class: 'invalid',
    message: { fr: 'Le fichier n’est pas un CDA.', en: 'The file is no CDA.' },
    remedy: {
      fr: 'Le traiter à la main : seuls les CDA s’intègrent.',
      en: 'Handle it by hand: only a CDA is integrated.',
    },
  },
  'xdm.header-differs': {
    class: 'invalid',
    message: {
      fr: 'L’en-tête du CDA et ses métadonnées ne donnent pas le même {attribute}.',
      en: 'The header of the CDA and its metadata do not give the same {attribute}.',
    },
    remedy: {
      fr: 'Ne pas intégrer ; prévenir l’émetteur, et le RSSI si le patient diffère.',
      en: 'Do not integrate; tell the sender, and the security officer if the patient differs.',
    },
  },
});

export const xdmError = raiser(xdmErrors);
