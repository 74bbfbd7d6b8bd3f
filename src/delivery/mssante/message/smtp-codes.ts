/** Codes that a ZAM^Z02 may give (table SMTPERRORCODE), with our words for them. */
export const SMTP_CODES: Readonly<Record<string, string>> = {
  101: 'Serveur destinataire introuvable',
  111: 'Connexion refusée par le serveur destinataire',
  251: 'Destinataire d’un autre serveur, message transmis',
  252: 'Destinataire non vérifié, message accepté',
  420: 'Délai de connexion dépassé',
  421: 'Service indisponible pour le moment',
  422: 'Boîte du destinataire pleine',
  431: 'Serveur destinataire saturé',
  432: 'Réception suspendue chez le destinataire',
  441: 'Le serveur destinataire ne répond pas',
  442: 'Connexion coupée pendant la transmission',
  450: 'Boîte indisponible pour le moment',
  451: 'Erreur de traitement chez l’opérateur',
  452: 'Espace insuffisant chez l’opérateur',
  500: 'Commande non reconnue',
  501: 'Paramètre refusé',
  502: 'Commande non prise en charge',
  503: 'Suite de commandes incorrecte',
  504: 'Paramètre non pris en charge',
  510: 'Adresse incorrecte',
  512: 'Domaine du destinataire introuvable',
  513: 'Type d’adresse incorrect',
  523: 'Message trop volumineux pour le destinataire',
  530: 'Authentification ou chiffrement exigé',
  541: 'Message rejeté par une règle du destinataire',
  550: 'Boîte inexistante ou inaccessible',
  551: 'Destinataire d’un autre serveur',
  552: 'Espace ou taille dépassés',
  553: 'Nom de boîte refusé',
  554: 'Transmission échouée',
};

/** By enhanced status (RFC 3463): its last two figures, or all three where 4 and 5 differ. */
const BY_STATUS: Readonly<Record<string, string>> = {
  '1.1': '550',
  '1.10': '550',
  '1.2': '512',
  '1.3': '553',
  '4.2.2': '422',
  '5.2.2': '552',
  '5.2.3': '523',
  '5.3.4': '523',
  '4.1': '441',
  '4.2': '442',
  '4.4': '512',
  '4.7': '420',
  '5.7.1': '541',
};

/** What a diagnostic tells in words where no reply of SMTP was received. */
const BY_WORDS: readonly [words: RegExp, code: string][] = [
  [/connection refused/i, '111'],
  [/no route to host|network is unreachable/i, '101'],
];

/**
 * The code of the table for a failure or a delay: the reply in the diagnostic when it is of the table, else by its words,
 * else by the enhanced status, else 554 or 451.
 */
export function smtpCodeOf(status: string | null, diagnostic: string | null): string {
  const reply = /^\s*smtp\s*;\s*(\d{3})(?!\d)/i.exec(diagnostic ?? '')?.[1];
  if (reply && Object.hasOwn(SMTP_CODES, reply)) return reply;
  const told = BY_WORDS.find(([words]) => words.test(diagnostic ?? ''));
  return told?.[1] ?? codeOfStatus(status ?? '');
}

function codeOfStatus(status: string): string {
  const tail = status.replace(/^\d\./, '');
  return BY_STATUS[status] ?? BY_STATUS[tail] ?? (status.startsWith('4') ? '451' : '554');
}
