import type { IncidentKind } from '../words/incident.ts';
import type { Kind } from './kind.ts';
import { MAIL_KINDS } from './mail-kinds.ts';

const MINUTE_MS = 60_000;

export const KINDS = {
  'destination-down': {
    title: { fr: 'La destination {subject} ne répond plus.', en: 'Destination {subject} does not answer.' },
    details: [
      { fr: 'Code : {code}.', en: 'Code: {code}.' },
      { fr: 'Documents en attente : {waiting}.', en: 'Documents waiting: {waiting}.' },
      { fr: 'Structures concernées : {destinations}.', en: 'Structures concerned: {destinations}.' },
    ],
    means: {
      fr: "Rien n'est perdu : les documents attendent et partiront seuls, dans leur ordre, au retour de la destination. Le temps de la panne n'est compté à aucun document.",
      en: 'Nothing is lost: documents wait and leave by themselves, in their order, when the destination is back. The time of the outage is charged to no document.',
    },
    steps: [
      {
        fr: "Regarder si la panne est annoncée (site du service national, messagerie de l'exploitant).",
        en: 'See whether the outage is announced by the service.',
      },
      {
        fr: '`viaduc doctor` : nom, réseau, TLS, certificats. Un seul en erreur, et la panne est de notre côté.',
        en: '`viaduc doctor`: name, network, TLS, certificates. An error there means that it is ours.',
      },
      {
        fr: 'Ne rien renvoyer et ne rien annuler : la reprise est automatique.',
        en: 'Send nothing again and cancel nothing: it goes on by itself.',
      },
    ],
    ends: 'source',
  },
  'destination-parked': {
    title: {
      fr: 'La destination {subject} refuse ce qui est configuré : rien n’y part.',
      en: 'Destination {subject} refuses what is configured: nothing leaves for it.',
    },
    details: [
      { fr: 'Code : {code}.', en: 'Code: {code}.' },
      { fr: 'Documents en attente : {waiting}.', en: 'Documents waiting: {waiting}.' },
      { fr: 'Structures concernées : {destinations}.', en: 'Structures concerned: {destinations}.' },
    ],
    means: {
      fr: "Un réglage, un certificat ou un droit est à corriger ; d'ici là les documents attendent, car chacun échouerait de même.",
      en: 'A setting, a certificate or a right has to be mended; until then documents wait, as each would fail alike.',
    },
    steps: [
      {
        fr: 'Lire le code dans docs/errors.md : cause et remède.',
        en: 'Read the code in docs/errors.md: cause and remedy.',
      },
      { fr: 'Corriger, puis `viaduc doctor`.', en: 'Mend it, then `viaduc doctor`.' },
      {
        fr: 'Reprendre : `viaduc destinations resume ID --reason TEXTE` ; des certificats remplacés le font seuls. Les documents repartent, dans leur ordre.',
        en: 'Resume it: `viaduc destinations resume ID --reason TEXT`; certificates that changed do so by themselves. Documents go on, in their order.',
      },
    ],
    ends: 'source',
  },
  'destination-stopped': {
    title: {
      fr: 'La destination {subject} a été arrêtée : rien n’y part.',
      en: 'Destination {subject} was stopped: nothing leaves for it.',
    },
    details: [
      { fr: 'Arrêtée depuis le {since} (UTC).', en: 'Stopped since {since} (UTC).' },
      { fr: 'Documents en attente : {waiting}.', en: 'Documents waiting: {waiting}.' },
      { fr: 'Structures concernées : {destinations}.', en: 'Structures concerned: {destinations}.' },
    ],
    means: {
      fr: 'Une personne l’a voulu : ce n’est pas une panne. Les documents sont acceptés et attendent ; ils ne partiront pas tant que personne ne la reprend, même après un redémarrage. Dite pour information, puis à voir le matin si l’arrêt dure plus que `alarms.stoppedHours`.',
      en: 'A person wanted it: this is no outage. Documents are taken and wait; they will not leave until somebody resumes it, not even after a restart. Told for information, then for the morning when it lasts longer than `alarms.stoppedHours`.',
    },
    steps: [
      {
        fr: '`viaduc destinations` : qui l’a arrêtée, quand et pourquoi.',
        en: '`viaduc destinations`: who stopped it, when and why.',
      },
      {
        fr: 'La raison tient-elle encore ? Demander à cette personne ; sinon laisser arrêté, rien ne se perd.',
        en: 'Does the reason still hold? Ask that person; if it does, leave it stopped: nothing is lost.',
      },
      {
        fr: 'Reprendre : `viaduc destinations resume ID --reason TEXTE`. Un document part d’abord, puis les autres dans leur ordre.',
        en: 'Resume it: `viaduc destinations resume ID --reason TEXT`. One document leaves first, then the others in their order.',
      },
    ],
    ends: 'source',
  },
  'deliveries-parked': {
    title: {
      fr: 'Plusieurs livraisons attendent une personne pour la même raison ({subject}).',
      en: 'Several deliveries wait for a person for the same reason ({subject}).',
    },
    details: [
      { fr: 'Code : {code}.', en: 'Code: {code}.' },
      {
        fr: 'Au moins {count} en {minutes} min vers {destination}.',
        en: 'At least {count} within {minutes} min to {destination}.',
      },
    ],
    means: {
      fr: 'Chacune a été refusée comme par sa propre faute, mais une cause commune est plus probable : un réglage, un logiciel émetteur, une règle nouvelle du service.',
      en: 'Each was refused as if by its own fault, but one cause is more likely: a setting, a sending software, a new rule of the service.',
    },
    steps: [
      {
        fr: 'Lire le code dans docs/errors.md et le texte du DMP sur une de ces livraisons.',
        en: 'Read the code in docs/errors.md and the text of the DMP on one of these deliveries.',
      },
      {
        fr: 'Comparer leurs émetteurs, types de document et structures.',
        en: 'Compare their senders, kinds of document and structures.',
      },
      {
        fr: 'Une fois la cause corrigée, relancer : `viaduc retry` montre le lot avant de le relancer.',
        en: 'Once the cause is mended, retry: `viaduc retry` shows the lot before it leaves again.',
      },
    ],
    ends: { calmMs: 60 * MINUTE_MS },
  },
  'not-judged': {
    title: {
      fr: "Des documents n'ont pas pu être jugés ({subject}).",
      en: 'Documents could not be judged ({subject}).',
    },
    details: [{ fr: 'Code : {code}.', en: 'Code: {code}.' }],
    means: {
      fr: "Un contrôle n'a pas pu s'exécuter : c'est notre affaire, pas une faute de l'émetteur. Il a reçu 503 (HTTP) ou AR (HL7 v2) et présentera le document à nouveau.",
      en: 'A check could not run: ours to mend, not a fault of the sender. It was answered 503 (HTTP) or AR (HL7 v2) and will come again.',
    },
    steps: [
      {
        fr: 'Processeur et mémoire de la machine : un délai dépassé vient souvent de là (`checks.budgetSeconds`, `checks.workers`).',
        en: 'Processor and memory of the machine: a budget overrun often comes from there (`checks.budgetSeconds`, `checks.workers`).',
      },
      {
        fr: '`viaduc packs check` sur les packs en vigueur.',
        en: '`viaduc packs check` on the packs in force.',
      },
      {
        fr: 'Si cela vient de la mise en vigueur d’un pack : `viaduc packs deactivate`, puis signaler le document en cause.',
        en: 'If it began when a pack came in force: `viaduc packs deactivate`, then report the document.',
      },
    ],
    ends: { calmMs: 15 * MINUTE_MS },
  },
  'queue-age': {
    title: {
      fr: 'Des documents attendent depuis trop longtemps dans la file {subject}.',
      en: 'Documents have waited too long in queue {subject}.',
    },
    details: [
      { fr: 'Le plus ancien est dû depuis {minutes} min.', en: 'The oldest has been due for {minutes} min.' },
      { fr: 'Documents dus : {waiting}.', en: 'Documents due: {waiting}.' },
    ],
    means: {
      fr: "La destination répond, mais moins vite que les documents n'arrivent, ou rien ne part.",
      en: 'The destination answers, but more slowly than documents come, or nothing leaves.',
    },
    steps: [
      {
        fr: 'Une alarme « destination-down » est-elle ouverte ? Alors celle-ci en est la suite. Ce qui est arrêté ou refusé par configuration n’est pas compté ici.',
        en: 'Is an alarm destination-down open? Then this one follows from it. What is stopped or parked for configuration is not counted here.',
      },
      {
        fr: '`viaduc destinations` : ce qui attend, depuis quand, et ce qui part par minute.',
        en: '`viaduc destinations`: what waits, since when, and what leaves in a minute.',
      },
      {
        fr: 'Regarder `/metrics` : débit, durée des appels, retard de la boucle d’événements.',
        en: 'Look at `/metrics`: rate, duration of calls, lag of the event loop.',
      },
      {
        fr: 'Augmenter `dmp.concurrency` si la destination le permet.',
        en: 'Raise `dmp.concurrency` if the destination allows it.',
      },
    ],
    ends: 'source',
  },
  'sender-silent': {
    title: {
      fr: "L'émetteur {subject} n'envoie plus rien.",
      en: 'Sender {subject} sends nothing any more.',
    },
    details: [
      {
        fr: 'Silence de {minutes} min ; {expectedMinutes} min au plus sont attendues.',
        en: 'Silent for {minutes} min; at most {expectedMinutes} min are expected.',
      },
    ],
    means: {
      fr: "Ce qui n'arrive pas ici ne part pas vers le DMP, et personne d'autre ne le verra.",
      en: 'What does not come here does not leave for the DMP, and nobody else will see it.',
    },
    steps: [
      {
        fr: "Demander à l'exploitant du logiciel émetteur : file d'envoi, dernier message, erreurs.",
        en: 'Ask who runs the sending software: its queue, last message, errors.',
      },
      {
        fr: 'Réseau, port et certificat entre lui et la passerelle.',
        en: 'Network, port and certificate between it and the gateway.',
      },
      {
        fr: 'Silence normal (nuit, week-end) : allonger `senders.expectEveryMinutes`, ou poser un silence daté.',
        en: 'A normal silence (night, week-end): lengthen `senders.expectEveryMinutes`, or set a dated silence.',
      },
    ],
    ends: 'source',
  },
  'disk-budget': {
    title: {
      fr: 'Le disque {subject} sera bientôt plein.',
      en: 'Disk {subject} will be full soon.',
    },
    details: [
      { fr: 'Place libre : {freeMegabytes} Mo.', en: 'Free: {freeMegabytes} MB.' },
      {
        fr: 'Au rythme mesuré, plein dans {days} jours.',
        en: 'At the measured rate, full in {days} days.',
      },
      {
        fr: "Les jours restants ne sont pas encore connus : il faut l'observer encore {hoursToWatch} h.",
        en: 'The days left are not known yet: it needs {hoursToWatch} hours more of watching.',
      },
    ],
    means: {
      fr: "Disque plein, la passerelle n'accepte plus rien : elle n'acquitte que ce qui est écrit.",
      en: 'On a full disk the gateway takes nothing more: it acknowledges only what is written.',
    },
    steps: [
      {
        fr: "Agrandir le volume, ou libérer ce qui n'est pas à la passerelle.",
        en: 'Grow the volume, or free what is not of the gateway.',
      },
      {
        fr: 'Revoir les durées de conservation des corps (docs/operations.md).',
        en: 'Look again at how long bodies are kept (docs/operations.md).',
      },
      {
        fr: 'Ne rien supprimer à la main dans le dossier de données.',
        en: 'Delete nothing by hand in the data folder.',
      },
    ],
    ends: 'source',
  },
  'certificate-expiry': {
    title: {
      fr: 'Le certificat {subject} arrive à échéance.',
      en: 'Certificate {subject} comes to its end.',
    },
    details: [
      { fr: 'Jours restants : {days}.', en: 'Days left: {days}.' },
      { fr: 'Fin : {date}.', en: 'End: {date}.' },
    ],
    means: {
      fr: "À l'échéance, ce qui repose sur lui s'arrête : `dmp client` et `dmp seal`, les dépôts de la structure ; `http` et `mllp`, les émetteurs à cette porte ; `notices`, les avis à cet émetteur ; `dmp server`, qui n'est pas le nôtre, tous les dépôts.",
      en: 'At its end what rests on it stops: `dmp client` and `dmp seal`, the deposits of the structure; `http` and `mllp`, the senders at that door; `notices`, the notices to that sender; `dmp server`, which is not ours, every deposit.',
    },
    steps: [
      {
        fr: "Commander le renouvellement : à l'IGC-Santé pour le DMP (compter deux semaines), à l'autorité de l'établissement pour les portes ; pour `dmp server`, prévenir le support national.",
        en: 'Order its renewal: from IGC-Santé for the DMP (allow two weeks), from the authority of the hospital for the doors; for `dmp server` tell the national support.',
      },
      {
        fr: 'Poser les nouveaux fichiers à la place des anciens, ou à côté : ceux du DMP et des portes sont relus dans la minute, sans redémarrage ; ceux des avis au redémarrage.',
        en: 'Put the new files in place of the old, or beside: those for the DMP and of the doors are read within a minute, without a restart; those of notices at a restart.',
      },
      {
        fr: '`viaduc doctor` : chaque propriété du certificat.',
        en: '`viaduc doctor`: every property of the certificate.',
      },
    ],
    ends: 'source',
  },
  'revocation-unknown': {
    title: {
      fr: "On ne peut plus s'assurer que le certificat de {subject} n'est pas révoqué.",
      en: 'It can no longer be made sure that the certificate of {subject} is not revoked.',
    },
    details: [
      { fr: 'Cause : {why}', en: 'Cause: {why}' },
      { fr: 'Ce qui est connu vaut jusqu’au {until}.', en: 'What is known counts until {until}.' },
    ],
    means: {
      fr: 'Les dépôts continuent en mode `soft` ; en mode `hard` ils attendent dès que la dernière bonne liste ne vaut plus.',
      en: 'Deposits go on in mode `soft`; in mode `hard` they wait once the last good list no longer counts.',
    },
    steps: [
      {
        fr: 'Ouvrir le flux sortant vers la liste de révocation ou le répondeur OCSP que nomme la cause.',
        en: 'Open the outgoing flow to the revocation list or OCSP responder that the cause names.',
      },
      {
        fr: 'À défaut, déposer chaque jour la liste dans un fichier nommé par `dmp.revocation.lists`.',
        en: 'Failing that, put the list every day in a file that `dmp.revocation.lists` names.',
      },
      {
        fr: '`viaduc doctor` : la ligne « révocation ».',
        en: '`viaduc doctor`: the line about revocation.',
      },
    ],
    ends: 'source',
  },
  'witness-missing': {
    title: {
      fr: 'Le témoin {subject} ne reçoit plus les scellés.',
      en: 'Witness {subject} receives no seals any more.',
    },
    details: [{ fr: 'Cause : {reason}.', en: 'Reason: {reason}.' }],
    means: {
      fr: "Les dépôts continuent, mais ce qui s'écrit d'ici là n'est prouvé que par notre propre clé.",
      en: 'Deposits go on, but what is written meanwhile is proved by our own key alone.',
    },
    steps: [
      {
        fr: 'Le partage est-il monté, le disque du témoin plein, le droit d’ajouter perdu ?',
        en: 'Is the share mounted, the disk of the witness full, the right to append lost?',
      },
      {
        fr: 'Rien à rejouer : le témoin reçoit ce qui lui manque dès qu’il répond.',
        en: 'Nothing to replay: the witness receives what it missed as soon as it answers.',
      },
      {
        fr: 'Ensuite : `viaduc ledger verify --witness FICHIER`.',
        en: 'Then: `viaduc ledger verify --witness FILE`.',
      },
    ],
    ends: 'source',
  },
  'clock-skew': {
    title: {
      fr: "L'horloge de la machine n'est pas juste ({subject}).",
      en: 'The clock of the machine is wrong ({subject}).',
    },
    details: [{ fr: 'Écart : {seconds} s.', en: 'Difference: {seconds} s.' }],
    means: {
      fr: 'Une signature datée de travers est refusée par le DMP, et des documents partent trop tôt ou trop tard.',
      en: 'The DMP refuses signatures with a wrong date, and documents leave too early or too late.',
    },
    steps: [
      {
        fr: '`timedatectl` : la machine est-elle synchronisée par NTP ?',
        en: '`timedatectl`: is the machine synchronised by NTP?',
      },
      {
        fr: "Corriger l'heure en douceur (`chrony`), sans saut pendant que la passerelle tourne.",
        en: 'Mend the time smoothly (`chrony`), without a jump while the gateway runs.',
      },
    ],
    // Servers of time are asked hourly: two of their answers must have been right.
    ends: { calmMs: 130 * MINUTE_MS },
  },
  'notice-parked': {
    title: {
      fr: "L'émetteur {subject} n'acquitte pas ses avis.",
      en: 'Sender {subject} does not acknowledge its notices.',
    },
    details: [
      { fr: 'Code : {code}.', en: 'Code: {code}.' },
      { fr: 'Avis arrêtés : {parked}.', en: 'Notices stopped: {parked}.' },
    ],
    means: {
      fr: 'Le logiciel émetteur ne sait pas ce que sont devenus ses documents ; les dépôts eux-mêmes sont faits.',
      en: 'The sending software does not know what became of its documents; the deposits themselves are done.',
    },
    steps: [
      {
        fr: 'Adresse, port et journal du logiciel émetteur.',
        en: 'Address, port and log of the sending software.',
      },
      {
        fr: 'Puis `POST /api/notices/resume` : tout repart dans l’ordre.',
        en: 'Then `POST /api/notices/resume`: all goes on in order.',
      },
    ],
    ends: 'source',
  },
  'hold-escalated': {
    title: {
      fr: 'Une retenue est arrivée à sa date sans décision ({subject}).',
      en: 'A hold came to its date without a decision ({subject}).',
    },
    details: [{ fr: 'Retenues à trancher : {count}.', en: 'Holds to decide: {count}.' }],
    means: {
      fr: 'Un professionnel ou une règle a demandé d’attendre ; la date est passée et la demande dit de ne pas envoyer sans décision.',
      en: 'A professional or a rule asked to wait; the date has passed and the request says not to send undecided.',
    },
    steps: [
      {
        fr: "Lire la raison de la retenue, demander à l'unité qui l'a posée.",
        en: 'Read the reason of the hold, ask the unit that set it.',
      },
      {
        fr: '`viaduc holds` (ou `GET /api/worklist?cause=hold-escalated`) les donne. Puis `viaduc holds release ID --reason TEXTE` laisse partir, `viaduc holds place ID --until INSTANT --reason TEXTE` retient encore, `POST /api/submissions/ID/cancel` avec « reason » annule.',
        en: '`viaduc holds` (or `GET /api/worklist?cause=hold-escalated`) lists them. Then `viaduc holds release ID --reason TEXT` lets it leave, `viaduc holds place ID --until INSTANT --reason TEXT` holds it further, `POST /api/submissions/ID/cancel` with `reason` cancels.',
      },
    ],
    ends: 'source',
  },
  restored: {
    title: {
      fr: 'Les données ont été restaurées ({subject}) : les livraisons sont arrêtées.',
      en: 'The data were restored ({subject}): deliveries are stopped.',
    },
    details: [],
    means: {
      fr: 'Ce qui a été accepté après la sauvegarde manque ici et peut être déjà au DMP.',
      en: 'What was accepted after the backup is missing here and may be in the DMP already.',
    },
    steps: [
      { fr: 'Suivre docs/operations.md, « Restoring ».', en: 'Follow docs/operations.md, Restoring.' },
      {
        fr: 'Demander aux émetteurs de renvoyer la période nommée ; rien ne sera déposé deux fois.',
        en: 'Ask the senders to send the named period again; nothing will be deposited twice.',
      },
      {
        fr: 'Reprendre toutes les destinations, `viaduc destinations resume ID --reason TEXTE` : cette alarme se ferme.',
        en: 'Resume all destinations, `viaduc destinations resume ID --reason TEXT`: this alarm closes.',
      },
    ],
    ends: 'source',
  },
  defect: {
    title: {
      fr: 'Une erreur imprévue s’est produite ({subject}).',
      en: 'An unforeseen error occurred ({subject}).',
    },
    details: [{ fr: 'Code : {code}.', en: 'Code: {code}.' }],
    means: {
      fr: 'Un défaut du produit. Rien d’acquitté n’est perdu ; ce qui était en cours attend ou a été refusé.',
      en: 'A defect of the product. Nothing acknowledged is lost; what was under way waits or was refused.',
    },
    steps: [
      {
        fr: 'Chercher la référence dans le journal, faire un `viaduc support-bundle`.',
        en: 'Look for the reference in the log, make a `viaduc support-bundle`.',
      },
      {
        fr: "Signaler : l'archive ne contient aucune donnée de patient.",
        en: 'Report it: the archive holds no patient data.',
      },
    ],
    ends: { calmMs: 60 * MINUTE_MS },
  },
  ...MAIL_KINDS,
} as const satisfies Readonly<Record<IncidentKind, Kind>>;

export function kindOf(kind: IncidentKind): Kind {
  return KINDS[kind];
}
