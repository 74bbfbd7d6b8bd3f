import { dmpErrors } from '../../delivery/dmp/errors.ts';
import { directoryErrors } from '../../delivery/mssante/directory/errors.ts';
import { wireErrors } from '../../delivery/mssante/errors.ts';
import { whiteListErrors } from '../../delivery/mssante/white-list/errors.ts';
import { catalogue, type ErrorEntry } from '../../words/errors.ts';
import { xdsErrors } from '../../xds/errors.ts';

/** What `viaduc doctor` can find beyond the errors of the rooms it asks. */
export const doctorErrors = catalogue({
  'doctor.no-credentials': {
    class: 'configuration',
    message: {
      fr: "L'établissement {establishment} (FINESS {finess}) n'a pas de certificats pour le DMP.",
      en: 'Establishment {establishment} (FINESS {finess}) has no certificates for the DMP.',
    },
    remedy: {
      fr: 'Configurer dmp.credentials : ORG_AUTH_CLI et ORG_SIGN, de l’entité juridique ou du site.',
      en: 'Configure dmp.credentials: ORG_AUTH_CLI and ORG_SIGN, of the legal entity or of the site.',
    },
  },
  'doctor.look-failed': {
    class: 'not-judged',
    message: {
      fr: 'Cet examen n’a pas pu aller à son terme : {reason}.',
      en: 'This look could not be finished: {reason}.',
    },
    remedy: {
      fr: 'Corriger d’abord les autres erreurs ; si celle-ci reste, la signaler avec viaduc doctor --json.',
      en: 'Mend the other errors first; if this one stays, report it with viaduc doctor --json.',
    },
  },
  'doctor.chain-incomplete': {
    class: 'configuration',
    message: {
      fr: 'La chaîne du certificat {use} de la structure {finess} s’arrête à {subject} : son autorité manque.',
      en: 'The chain of the {use} certificate of structure {finess} stops at {subject}: its authority is missing.',
    },
    remedy: {
      fr: "Ajouter les autorités de l'IGC-Santé au fichier du certificat ou à dmp.anchors.",
      en: 'Add the authorities of IGC-Santé to the file of the certificate or to dmp.anchors.',
    },
  },
  'doctor.chain-unanchored': {
    class: 'configuration',
    message: {
      fr: 'La chaîne du certificat {use} de la structure {finess} mène à {subject}, qui n’est pas une ancre configurée.',
      en: 'The chain of the {use} certificate of structure {finess} leads to {subject}, which is no anchor configured.',
    },
    remedy: {
      fr: 'Vérifier que cette racine est celle de l’IGC-Santé, puis l’ajouter à dmp.anchors.',
      en: 'Check that this root is that of IGC-Santé, then add it to dmp.anchors.',
    },
  },
  'doctor.names-differ': {
    class: 'configuration',
    message: {
      fr: 'Les deux certificats de la structure {finess} portent des noms différents : client {client} ; seal {seal}.',
      en: 'The two certificates of structure {finess} bear different names: client {client}; seal {seal}.',
    },
    remedy: {
      fr: 'Vérifier que les deux viennent de la même commande : l’IGC-Santé leur donne le même nom.',
      en: 'Check that both come from the same order: IGC-Santé gives them the same name.',
    },
  },
  'doctor.own-revoked': {
    class: 'configuration',
    message: {
      fr: 'Le certificat {use} de la structure {finess}, ou une autorité au-dessus ({subject}), est révoqué, selon {source}.',
      en: 'The {use} certificate of structure {finess}, or an authority above it ({subject}), is revoked, says {source}.',
    },
    remedy: {
      fr: 'Commander un nouveau certificat à l’IGC-Santé : le DMP refuse celui-ci.',
      en: 'Order a new certificate from IGC-Santé: the DMP refuses this one.',
    },
  },
  'doctor.own-revocation-unknown': {
    class: 'not-judged',
    message: {
      fr: 'On ne sait pas si le certificat {use} de la structure {finess} est révoqué ({subject}) : {why}.',
      en: 'It is not known whether the {use} certificate of structure {finess} is revoked ({subject}): {why}.',
    },
    remedy: {
      fr: 'Ouvrir le flux vers la liste de révocation ou le répondeur OCSP de l’IGC-Santé, ou nommer la liste dans dmp.revocation.lists.',
      en: 'Open the flow to the revocation list or to the OCSP responder of IGC-Santé, or name the list in dmp.revocation.lists.',
    },
  },
  'doctor.dmp-address-missing': {
    class: 'configuration',
    message: {
      fr: "Aucune adresse du DMP à interroger : dmp.url manque, ou le bac à sable n'est pas démarré.",
      en: 'No address of the DMP to ask: dmp.url is missing, or the sandbox is not running.',
    },
    remedy: {
      fr: 'Configurer dmp.url, ou lancer la passerelle (viaduc serve) puis relancer doctor.',
      en: 'Configure dmp.url, or start the gateway (viaduc serve) and run doctor again.',
    },
  },
  'doctor.name-unresolved': {
    class: 'configuration',
    message: {
      fr: 'Le nom {host} ne se résout pas : {reason}.',
      en: 'The name {host} cannot be resolved: {reason}.',
    },
    remedy: {
      fr: 'Vérifier dmp.url et le DNS de la machine.',
      en: 'Check dmp.url and the DNS of the machine.',
    },
  },
  'doctor.unreachable': {
    class: 'configuration',
    message: {
      fr: '{host}:{port} n’accepte pas de connexion : {reason}.',
      en: '{host}:{port} accepts no connection: {reason}.',
    },
    remedy: {
      fr: 'Ouvrir ce flux sortant dans le pare-feu, ou vérifier que le service est en marche.',
      en: 'Open this outgoing flow in the firewall, or check that the service is running.',
    },
  },
  'doctor.not-encrypted': {
    class: 'configuration',
    message: {
      fr: 'dmp.url est une adresse http : rien n’y est chiffré.',
      en: 'dmp.url is an http address: nothing is encrypted there.',
    },
    remedy: { fr: 'Donner une adresse https.', en: 'Give an https address.' },
  },
  'doctor.clock-skew': {
    class: 'configuration',
    message: {
      fr: "L'horloge de la machine s'écarte de {seconds} s de celle du DMP.",
      en: 'The clock of the machine differs by {seconds} s from that of the DMP.',
    },
    remedy: {
      fr: 'Synchroniser l’horloge (NTP) : un VIHF daté à côté est refusé.',
      en: 'Synchronise the clock (NTP): a VIHF dated wrongly is refused.',
    },
  },
  'doctor.no-homologation': {
    class: 'configuration',
    message: {
      fr: 'Le fichier {file} ne contient pas de numéro d’homologation.',
      en: 'The file {file} holds no number of homologation.',
    },
    remedy: {
      fr: 'Y écrire le numéro donné par le CNDA, et rien d’autre (product.homologation).',
      en: 'Write into it the number given by the CNDA, and nothing else (product.homologation).',
    },
  },
  'doctor.ntp-skew': {
    class: 'configuration',
    message: {
      fr: "L'horloge de la machine s'écarte de {seconds} s de celle de {server}.",
      en: 'The clock of the machine differs by {seconds} s from that of {server}.',
    },
    remedy: {
      fr: 'Synchroniser l’horloge (chrony, systemd-timesyncd) sans saut pendant que la passerelle tourne.',
      en: 'Synchronise the clock (chrony, systemd-timesyncd) without a jump while the gateway runs.',
    },
  },
  'doctor.server-ends': {
    class: 'configuration',
    message: {
      fr: 'Le certificat {subject}, du serveur du DMP ou au-dessus, prend fin le {date}.',
      en: 'The certificate {subject}, of the DMP server or above it, ends on {date}.',
    },
    remedy: {
      fr: 'Il n’est pas à renouveler ici : prévenir le support national, et vérifier que dmp.anchors contient la prochaine autorité.',
      en: 'It is not to be renewed here: tell the national support, and check that dmp.anchors holds the next authority.',
    },
  },
  'doctor.door-ends': {
    class: 'configuration',
    message: {
      fr: 'Le certificat de {name} prend fin le {date}.',
      en: 'The certificate of {name} ends on {date}.',
    },
    remedy: {
      fr: 'Le renouveler auprès de l’autorité de l’établissement et poser les fichiers : http et mllp les relisent dans la minute, les avis au redémarrage.',
      en: 'Renew it with the authority of the hospital and put the files in place: http and mllp read them within a minute, notices at a restart.',
    },
  },
  'doctor.door-ended': {
    class: 'configuration',
    message: {
      fr: 'Le certificat de {name} est périmé depuis le {date}.',
      en: 'The certificate of {name} expired on {date}.',
    },
    remedy: {
      fr: 'Poser le nouveau sans attendre : les émetteurs refusent cette porte. Pour les avis, redémarrer ensuite.',
      en: 'Put the new one in place at once: senders refuse this door. For notices restart afterwards.',
    },
  },
  'doctor.clock-unknown': {
    class: 'not-judged',
    message: {
      fr: "Le DMP n'a pas dit l'heure : l'écart des horloges n'est pas connu.",
      en: 'The DMP did not tell the time: how far the clocks differ is not known.',
    },
    remedy: { fr: 'Vérifier NTP sur la machine.', en: 'Check NTP on the machine.' },
  },
  'doctor.status-not-asked': {
    class: 'not-judged',
    message: {
      fr: "TD0.2 n'a pas été appelée : aucun patient de test n'est nommé.",
      en: 'TD0.2 was not called: no test patient is named.',
    },
    remedy: {
      fr: 'Donner --patient MATRICULE^OID, une identité de test fournie par le CNDA.',
      en: 'Give --patient MATRICULE^OID, a test identity given by the CNDA.',
    },
  },
  'doctor.status-failed': {
    class: 'configuration',
    message: {
      fr: 'TD0.2 pour la structure {finess} échoue : {code}. {detail}',
      en: 'TD0.2 for structure {finess} fails: {code}. {detail}',
    },
    remedy: {
      fr: 'Voir le code dans docs/errors.md ; un refus du VIHF ou du certificat bloquera aussi les dépôts.',
      en: 'See the code in docs/errors.md; a refusal of VIHF or certificate will stop deposits too.',
    },
  },
  'doctor.no-pack': {
    class: 'configuration',
    message: {
      fr: 'Seul le pack de Viaduc juge : aucun pack publié par l’ANS n’est en vigueur.',
      en: 'Only the own pack of Viaduc judges: no pack published by the ANS is in force.',
    },
    remedy: {
      fr: 'Télécharger TestContenuCDA, puis viaduc packs add et packs activate.',
      en: 'Download TestContenuCDA, then viaduc packs add and packs activate.',
    },
  },
  'doctor.pack-problems': {
    class: 'configuration',
    message: {
      fr: 'Le pack {pack} a {problems} problème(s) ; les verdicts nomment ce qui manque.',
      en: 'Pack {pack} has {problems} problem(s); verdicts name what is missing.',
    },
    remedy: { fr: 'Voir viaduc packs show.', en: 'See viaduc packs show.' },
  },
  'doctor.disk-low': {
    class: 'configuration',
    message: {
      fr: 'Il reste {free} Mo sur le disque de {folder}.',
      en: '{free} MB are left on the disk of {folder}.',
    },
    remedy: {
      fr: "Libérer de la place : un disque plein arrête l'acceptation des documents.",
      en: 'Free space: a full disk stops documents from being accepted.',
    },
  },
  'doctor.value-sets-missing': {
    class: 'configuration',
    message: {
      fr: 'Jeux de valeurs du DMP non chargés : {sets}. Leurs codes ne sont comparés qu’aux listes de Viaduc, qui avertissent sans refuser, ou ne le sont pas.',
      en: 'Value sets of the DMP not loaded: {sets}. Their codes are compared with the lists of Viaduc only, which warn and do not refuse, or not at all.',
    },
    remedy: {
      fr: 'Télécharger ces jeux auprès de l’ANS et nommer leur dossier dans dmp.valueSets.',
      en: 'Download these sets from the ANS and name their folder in dmp.valueSets.',
    },
  },
  'doctor.folder-unwritable': {
    class: 'configuration',
    message: {
      fr: 'Le dossier {folder} ne peut pas être écrit : {reason}.',
      en: 'The folder {folder} cannot be written: {reason}.',
    },
    remedy: {
      fr: 'Le créer, et en donner les droits au compte qui exécute Viaduc.',
      en: 'Make it, and give it to the account that runs Viaduc.',
    },
  },
  'doctor.no-witness': {
    class: 'configuration',
    message: {
      fr: "Aucun témoin n'est configuré : une troncature du registre ne pourrait pas être prouvée.",
      en: 'No witness is configured: a truncation of the ledger could not be proved.',
    },
    remedy: {
      fr: 'Configurer witnesses avec un fichier hors du dossier de données.',
      en: 'Configure witnesses with a file outside the data folder.',
    },
  },
  'doctor.port-taken': {
    class: 'configuration',
    message: {
      fr: 'Le port {port} de {host} est déjà pris : {reason}.',
      en: 'Port {port} of {host} is not free: {reason}.',
    },
    remedy: {
      fr: 'Arrêter l’autre programme, ou changer {setting}.',
      en: 'Stop the other program, or change {setting}.',
    },
  },
  'doctor.mailbox-not-read': {
    class: 'configuration',
    message: {
      fr: 'La boîte {mailbox} n’est pas relevée : aucun accusé ne revient, aucune remise n’est confirmée.',
      en: 'Mailbox {mailbox} is not read: no receipt comes back, no delivery is confirmed.',
    },
    remedy: {
      fr: 'Configurer mssante.mailboxes, imap, pour cette boîte.',
      en: 'Configure mssante.mailboxes, imap, for this mailbox.',
    },
  },
  'doctor.mailbox-no-receipts': {
    class: 'configuration',
    message: {
      fr: 'Le serveur d’envoi de la boîte {mailbox} n’annonce pas les accusés (DSN) : rien ne confirmera la remise.',
      en: 'The submission server of mailbox {mailbox} does not announce receipts (DSN): nothing will confirm delivery.',
    },
    remedy: {
      fr: 'Le demander à l’opérateur ; sans accusé une livraison finit « non confirmée » et n’est pas comptée comme remise.',
      en: 'Ask the operator; without a receipt a delivery ends as unconfirmed and is not counted as delivered.',
    },
  },
  'doctor.mailbox-capabilities': {
    class: 'configuration',
    message: {
      fr: 'Le serveur IMAP de la boîte {mailbox} n’annonce pas {missing}.',
      en: 'The IMAP server of mailbox {mailbox} does not announce {missing}.',
    },
    remedy: {
      fr: 'Rien d’obligatoire : sans IDLE un courriel est vu au relevé suivant (pollSeconds) ; sans MOVE ni UIDPLUS il est copié et seulement marqué comme supprimé.',
      en: 'Nothing is required: without IDLE a mail is seen at the next look (pollSeconds); without MOVE and UIDPLUS it is copied and only marked as deleted.',
    },
  },
  'doctor.white-list-none': {
    class: 'configuration',
    message: {
      fr: 'Aucune liste blanche n’est configurée : aucun courriel ne part.',
      en: 'No white list is configured: no mail leaves.',
    },
    remedy: {
      fr: 'Configurer mssante.whiteList (fichier, ou adresse https de la liste nationale).',
      en: 'Configure mssante.whiteList (file, or https address of the national list).',
    },
  },
  'doctor.white-list-would-shrink': {
    class: 'transient',
    message: {
      fr: 'La liste blanche publiée a {came} domaines, celle en service {kept} : elle attendra une personne.',
      en: 'The white list that is published has {came} domains, the one in use {kept}: it will wait for a person.',
    },
    remedy: {
      fr: 'Voir viaduc mssante white-list, comparer avec la publication nationale, puis accepter ou attendre la suivante.',
      en: 'See viaduc mssante white-list, compare with the national publication, then accept or wait for the next.',
    },
  },
});

/** Entry of a code of the doctor, of the way to the DMP or a mail operator, or of metadata. */
export function entryOf(code: string): ErrorEntry {
  const all: Readonly<Record<string, ErrorEntry>> = {
    ...{ ...dmpErrors, ...xdsErrors, ...doctorErrors },
    ...{ ...wireErrors, ...whiteListErrors, ...directoryErrors },
  };
  return all[code]!;
}
