import { catalogue, isViaducError, raiser, type ViaducError } from '../words/errors.ts';

export const ledgerErrors = catalogue({
  'ledger.locked': {
    class: 'configuration',
    message: {
      fr: 'Le dossier de données {folder} est déjà utilisé par un autre processus.',
      en: 'The data folder {folder} is already in use by another process.',
    },
    remedy: {
      fr: 'Arrêter l’autre processus, ou passer par la passerelle en marche.',
      en: 'Stop the other process, or go through the gateway that is running.',
    },
  },
  'ledger.folder-not-writable': {
    class: 'configuration',
    message: {
      fr: 'Le dossier de données {folder} ne peut pas être écrit : {why}.',
      en: 'The data folder {folder} cannot be written: {why}.',
    },
    remedy: {
      fr: 'Vérifier que son disque est monté en écriture et que le compte de la passerelle y a les droits.',
      en: 'See that its disk is mounted for writing and that the account of the gateway may write there.',
    },
  },
  'ledger.not-found': {
    class: 'configuration',
    message: { fr: 'Aucun registre dans {folder}.', en: 'There is no ledger in {folder}.' },
    remedy: { fr: 'Vérifier VIADUC_DATA.', en: 'Check VIADUC_DATA.' },
  },
  'ledger.export-unreadable': {
    class: 'configuration',
    message: {
      fr: 'La ligne {line} de {file} n’est pas d’un export de registre.',
      en: 'Line {line} of {file} is not of an exported ledger.',
    },
    remedy: {
      fr: 'Donner un fichier écrit par « viaduc ledger export ».',
      en: "Give a file written by 'viaduc ledger export'.",
    },
  },
  'ledger.backup-exists': {
    class: 'configuration',
    message: { fr: 'Le dossier {folder} existe déjà.', en: 'The folder {folder} exists already.' },
    remedy: {
      fr: 'Donner un dossier qui n’existe pas encore : une sauvegarde n’en écrase jamais une autre.',
      en: 'Give a folder that does not exist yet: a backup never overwrites another.',
    },
  },
  'ledger.backup-unsettled': {
    class: 'transient',
    message: {
      fr: 'Les fichiers de {folder} ont changé pendant chaque essai de copie.',
      en: 'The files of {folder} changed during each attempt to copy them.',
    },
    remedy: {
      fr: 'Recommencer hors du passage de la purge, ou prendre un instantané du système de fichiers.',
      en: 'Try again outside the time of the purge, or take a snapshot of the file system.',
    },
  },
  'ledger.backup-unreadable': {
    class: 'configuration',
    message: {
      fr: 'Le manifeste {file} de la sauvegarde est illisible : {why}.',
      en: 'The manifest {file} of the backup cannot be read: {why}.',
    },
    remedy: { fr: 'Prendre une autre copie de la sauvegarde.', en: 'Take another copy of the backup.' },
  },
  'ledger.backup-damaged': {
    class: 'permanent',
    message: {
      fr: 'Le fichier {file} de la sauvegarde n’est pas celui qui a été copié ({why}).',
      en: 'The file {file} of the backup is not the one that was copied ({why}).',
    },
    remedy: {
      fr: 'Prendre une autre copie de la sauvegarde, ou une sauvegarde plus ancienne.',
      en: 'Take another copy of the backup, or an older backup.',
    },
  },
  'ledger.backup-not-coherent': {
    class: 'permanent',
    message: {
      fr: 'Le registre de la sauvegarde n’est pas cohérent : {problems} problème(s), le premier dans la chaîne {chain} : {first}.',
      en: 'The ledger of the backup is not coherent: {problems} problem(s), the first in chain {chain}: {first}.',
    },
    remedy: {
      fr: 'Prendre une sauvegarde plus ancienne ; ou, s’il n’y en a pas, restaurer avec --accept-problems, ce que le registre gardera.',
      en: 'Take an older backup; or, where there is none, restore with --accept-problems, which the ledger will record.',
    },
  },
  'ledger.restore-not-empty': {
    class: 'configuration',
    message: {
      fr: 'Le dossier de données {folder} n’est pas vide.',
      en: 'The data folder {folder} is not empty.',
    },
    remedy: {
      fr: 'Déplacer son contenu, ou restaurer vers un autre dossier (VIADUC_DATA).',
      en: 'Move its content away, or restore to another folder (VIADUC_DATA).',
    },
  },
  'ledger.newer-schema': {
    class: 'configuration',
    message: {
      fr: 'Le registre a été écrit par une version plus récente (schéma {found}, connu {known}).',
      en: 'The ledger was written by a newer version (schema {found}, known {known}).',
    },
    remedy: {
      fr: 'Installer la version qui l’a écrit, ou une plus récente.',
      en: 'Install the version that wrote it, or a newer one.',
    },
  },
  'ledger.no-room': {
    class: 'configuration',
    message: {
      fr: 'Pas assez de place dans {folder} pour une copie des tables : il faut {megabytes} Mo.',
      en: 'Not enough room in {folder} for a copy of the tables: {megabytes} MB are needed.',
    },
    remedy: { fr: 'Donner un autre dossier avec --scratch.', en: 'Give another folder with --scratch.' },
  },
  'ledger.newer-events': {
    class: 'configuration',
    message: {
      fr: 'Le registre contient des événements que cette version ne connaît pas : {types}.',
      en: 'The ledger holds events that this version does not know: {types}.',
    },
    remedy: {
      fr: 'Installer la version qui les a écrits, ou une plus récente ; pour revenir en arrière, restaurer la sauvegarde d’avant.',
      en: 'Install the version that wrote them, or a newer one; to go back, restore the backup from before.',
    },
  },
  'ledger.wrong-environment': {
    class: 'configuration',
    message: {
      fr: "Le registre est de l'environnement {ledger}, la configuration dit {configured}.",
      en: 'The ledger belongs to environment {ledger}, the configuration says {configured}.',
    },
    remedy: {
      fr: 'L’environnement est fixé par le premier événement : utiliser un autre dossier de données.',
      en: 'The environment is fixed by the first event: use another data folder.',
    },
  },
  'ledger.wrong-key': {
    class: 'configuration',
    message: {
      fr: "Le fichier de clés {file} n'est pas celui qui a chiffré ce registre.",
      en: 'The key file {file} is not the one that encrypted this ledger.',
    },
    remedy: {
      fr: 'Remettre le fichier de clés d’origine (VIADUC_KEY_FILE) ; pour une sauvegarde d’avant un changement de clés, celui gardé à côté sous le nom « ….before-… ».',
      en: "Put the original key file back (VIADUC_KEY_FILE); for a backup from before a change of keys, the one kept beside it as '….before-…'.",
    },
  },
  'ledger.witness-missing': {
    class: 'configuration',
    message: {
      fr: 'Le fichier du témoin {file} n’existe pas.',
      en: 'The witness file {file} does not exist.',
    },
    remedy: {
      fr: 'Le remettre ou monter son partage : ce qui est perdu se lit chez lui et s’inscrit pour toujours. S’il n’y en a plus, --without-witness.',
      en: 'Put it back or mount its share: what is lost is read from it and recorded for good. If there is none any more, --without-witness.',
    },
  },
  'ledger.key-unwrappable': {
    class: 'permanent',
    message: {
      fr: 'La clé {id} de la table {table} ne s’ouvre pas avec la clé maîtresse : rien n’a été changé.',
      en: 'Key {id} of table {table} does not open with the master key: nothing was changed.',
    },
    remedy: {
      fr: 'Vérifier le registre (« viaduc ledger verify ») ; restaurer une sauvegarde, puis recommencer.',
      en: "Verify the ledger ('viaduc ledger verify'); restore a backup, then try again.",
    },
  },
  'ledger.key-file-unreadable': {
    class: 'configuration',
    message: {
      fr: 'Le fichier de clés {file} est illisible : {why}.',
      en: 'The key file {file} cannot be read: {why}.',
    },
    remedy: {
      fr: 'Vérifier le chemin, les droits et le contenu ; ne jamais en créer un nouveau pour un registre existant.',
      en: 'Check path, permissions and content; never make a new one for an existing ledger.',
    },
  },
  'ledger.conflict': {
    class: 'transient',
    message: {
      fr: 'Un autre changement est arrivé entre-temps sur {stream}.',
      en: 'Another change came in between on {stream}.',
    },
    remedy: { fr: 'Relire puis recommencer.', en: 'Read again, then try again.' },
  },
  'ledger.fenced': {
    class: 'transient',
    message: {
      fr: "Le bail de {held} est passé à quelqu'un d'autre.",
      en: 'The lease of {held} has passed to somebody else.',
    },
    remedy: { fr: 'Ne rien écrire : un autre s’en occupe.', en: 'Write nothing: another is at it.' },
  },
  'ledger.illegal-move': {
    class: 'permanent',
    message: {
      fr: 'La livraison {delivery} ne peut pas passer de {from} à {to} par {event}.',
      en: 'Delivery {delivery} cannot move from {from} to {to} by {event}.',
    },
    remedy: { fr: 'Signaler ce défaut de la passerelle.', en: 'Report this defect of the gateway.' },
  },
  'ledger.disk-full': {
    class: 'transient',
    status: 507,
    message: {
      fr: "Le disque de la passerelle est plein : rien n'a été enregistré.",
      en: "The gateway's disk is full: nothing was recorded.",
    },
    remedy: { fr: 'Libérer de la place, puis envoyer à nouveau.', en: 'Free some space, then send again.' },
  },
  'ledger.write-failed': {
    class: 'transient',
    status: 503,
    message: {
      fr: "L'écriture du registre a échoué : rien n'a été enregistré ({why}).",
      en: 'Writing the ledger failed: nothing was recorded ({why}).',
    },
    remedy: { fr: 'Vérifier le disque du dossier de données.', en: 'Check the disk of the data folder.' },
  },
  'ledger.closed': {
    class: 'transient',
    status: 503,
    message: { fr: 'La passerelle s’arrête.', en: 'The gateway is stopping.' },
    remedy: {
      fr: 'Envoyer à nouveau quand elle aura redémarré.',
      en: 'Send again when it has started again.',
    },
  },
  'ledger.body-missing': {
    class: 'permanent',
    status: 404,
    message: { fr: 'Le registre ne connaît pas le contenu {body}.', en: 'The ledger knows no body {body}.' },
    remedy: {
      fr: 'Vérifier le registre (« viaduc ledger verify »).',
      en: "Verify the ledger ('viaduc ledger verify').",
    },
  },
  'ledger.body-expired': {
    class: 'permanent',
    status: 410,
    message: {
      fr: 'Le contenu {body} a été détruit le {at} à la fin de sa conservation (règle {rule}, {after} ; événement {event}).',
      en: 'Body {body} was destroyed on {at} at the end of its retention (rule {rule}, {after}; event {event}).',
    },
    remedy: {
      fr: 'Le demander au logiciel qui l’a envoyé. Les durées sont dans « retention » de viaduc.yaml.',
      en: 'Ask the software that sent it. The times stand under retention in viaduc.yaml.',
    },
  },
  'ledger.body-erased': {
    class: 'permanent',
    status: 410,
    message: {
      fr: 'Le contenu {body} a été détruit le {at} par l’effacement de la personne (événement {event}).',
      en: 'Body {body} was destroyed on {at} when the person was erased (event {event}).',
    },
    remedy: {
      fr: 'Il ne peut pas être retrouvé ; le motif est dans l’événement.',
      en: 'It cannot be brought back; the event gives the reason.',
    },
  },
  'ledger.not-ended': {
    class: 'transient',
    status: 409,
    message: {
      fr: 'La soumission {submission} n’est pas terminée : rien n’en est détruit.',
      en: 'Submission {submission} has not ended: nothing of it is destroyed.',
    },
    remedy: {
      fr: 'Attendre la fin de ses livraisons, ou les annuler.',
      en: 'Wait for its deliveries to end, or cancel them.',
    },
  },
  'ledger.body-damaged': {
    class: 'permanent',
    message: {
      fr: 'Le contenu {body} est altéré dans {file} à la position {offset}.',
      en: 'Body {body} is damaged in {file} at offset {offset}.',
    },
    remedy: { fr: 'Restaurer le fichier depuis une sauvegarde.', en: 'Restore the file from a backup.' },
  },
});

export const ledgerError = raiser(ledgerErrors);

const GONE = ['ledger.body-missing', 'ledger.body-expired', 'ledger.body-erased'];

/** Whether an error says that a body is not there, for whatever reason. */
export function isGone(error: unknown): error is ViaducError {
  return isViaducError(error) && GONE.includes(error.code);
}
