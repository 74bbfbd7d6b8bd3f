import { catalogue } from '../../words/errors.ts';

/** Why a notice is not acknowledged. */
export const noticeErrors = catalogue({
  'notice.unreachable': {
    class: 'transient',
    message: {
      fr: "Le logiciel émetteur n'accepte pas de connexion à l'adresse de ses avis.",
      en: 'The sending software takes no connection at the address of its notices.',
    },
    remedy: {
      fr: "Démarrer son écoute, ou corriger l'adresse (senders.….notices) ; l'avis repart de lui-même.",
      en: 'Start its listener, or correct the address (senders.….notices); the notice goes on by itself.',
    },
  },
  'notice.no-address': {
    class: 'configuration',
    message: {
      fr: "L'émetteur demande des avis et n'a pas d'adresse où les recevoir.",
      en: 'The sender asks for notices and has no address to take them.',
    },
    remedy: {
      fr: 'Configurer senders.….notices, redémarrer, puis reprendre les avis de cet émetteur.',
      en: 'Configure senders.….notices, start again, then resume the notices of this sender.',
    },
  },
  'notice.tls': {
    class: 'configuration',
    message: {
      fr: 'La connexion TLS vers le logiciel émetteur a échoué.',
      en: 'The TLS connection to the sending software failed.',
    },
    remedy: {
      fr: 'Vérifier les autorités, le nom et le certificat client (senders.….notices.tls).',
      en: 'Check authorities, name and client certificate (senders.….notices.tls).',
    },
  },
  'notice.no-answer': {
    class: 'transient',
    message: {
      fr: "Le logiciel émetteur n'a pas acquitté l'avis dans le délai, ou a coupé la connexion.",
      en: 'The sending software did not acknowledge the notice in time, or cut the connection.',
    },
    remedy: {
      fr: "Rien : l'avis est répété avec le même MSH-10. Si cela dure, lire le journal du logiciel émetteur.",
      en: 'Nothing: the notice is repeated with the same MSH-10. If it lasts, read the log of the sending software.',
    },
  },
  'notice.answered-later': {
    class: 'transient',
    message: {
      fr: "Le logiciel émetteur a répondu AR : il ne peut prendre l'avis maintenant.",
      en: 'The sending software answered AR: it cannot take the notice now.',
    },
    remedy: { fr: "Rien : l'avis est répété.", en: 'Nothing: the notice is repeated.' },
  },
  'notice.refused': {
    class: 'permanent',
    message: {
      fr: "Le logiciel émetteur a refusé l'avis (AE).",
      en: 'The sending software refused the notice (AE).',
    },
    remedy: {
      fr: "Corriger la cause avec son éditeur, puis reprendre l'avis ; les suivants ne l'attendent pas.",
      en: 'Mend the cause with its vendor, then resume the notice; those after it do not wait.',
    },
  },
  'notice.recipient-gone': {
    class: 'permanent',
    message: {
      fr: "L'adresse que l'avis doit nommer n'est plus connue : elle a été effacée avec les données de la personne, ou à la fin de sa durée.",
      en: 'The address that the notice has to name is no longer known: it was erased with the data of the person, or at the end of its time.',
    },
    remedy: {
      fr: "Dire à l'émetteur par un autre moyen ce qu'il est advenu de son courriel.",
      en: 'Tell the sender by other means what became of its mail.',
    },
  },
});
