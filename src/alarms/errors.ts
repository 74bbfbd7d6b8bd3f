import { catalogue, raiser } from '../words/errors.ts';

export const alarmErrors = catalogue({
  'alarms.not-found': {
    class: 'invalid',
    status: 404,
    message: { fr: 'Aucune alarme sous cet identifiant.', en: 'No alarm under this identifier.' },
    remedy: { fr: 'Voir GET /api/alarms.', en: 'See GET /api/alarms.' },
  },
  'alarms.over': {
    class: 'invalid',
    status: 409,
    message: {
      fr: 'Cette alarme est terminée.',
      en: 'This alarm is over.',
    },
    remedy: {
      fr: 'Rien à faire : un retour du même incident ouvre une nouvelle alarme.',
      en: 'Nothing to do: if the same incident returns, another alarm opens.',
    },
  },
  'alarms.silence-malformed': {
    class: 'invalid',
    status: 422,
    message: {
      fr: 'Le silence doit finir plus tard que maintenant et dans {days} jours au plus.',
      en: 'A silence must end later than now and within {days} days.',
    },
    remedy: { fr: 'Donner « until » en conséquence.', en: "Give 'until' accordingly." },
  },
});

export const alarmError = raiser(alarmErrors);
