import { catalogue } from '../../../words/errors.ts';

/** What messages of admission alone are told. Places are those of ERR-2. */
export const adtErrors = catalogue({
  'message.file-cancelled': {
    class: 'invalid',
    message: {
      fr: 'PV1-51 est vide : le dossier est annulé en entier, avec {others} autre(s) venue(s).',
      en: 'PV1-51 is empty: the whole file is cancelled, with {others} other visit(s).',
    },
    remedy: {
      fr: 'Mettre V dans PV1-51 pour n’annuler que la venue, A pour le dossier entier.',
      en: 'Put V in PV1-51 to cancel the visit only, A for the whole file.',
    },
  },
  'message.stay-unknown': {
    class: 'invalid',
    message: {
      fr: 'Aucun séjour n’est connu sous le dossier de {field} ; le mouvement est gardé, et compte dès que les autres arrivent.',
      en: 'No stay is known under the file of {field}; the movement is kept, and counts once the others arrive.',
    },
    remedy: {
      fr: 'Envoyer les mouvements du dossier (A01, A04, A03), ou vérifier son numéro.',
      en: 'Send the movements of the file (A01, A04, A03), or check its number.',
    },
  },
});
