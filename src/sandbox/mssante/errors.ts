import { type ErrorClass, type ErrorEntry, raiser } from '../../words/errors.ts';

function row(
  status: number,
  fr: string,
  en: string,
  remedyFr: string,
  remedyEn: string,
  kind: ErrorClass = 'invalid',
): ErrorEntry {
  return { class: kind, status, message: { fr, en }, remedy: { fr: remedyFr, en: remedyEn } };
}

/** What the control port of the mail world answers. What the operator refuses is in refusals.ts. */
export const mailSandboxErrors = {
  'sandbox.mail-option-wrong': row(
    400,
    'Option du monde de courriel illisible : {option}.',
    'Option of the mail world cannot be read: {option}.',
    'Voir docs/sandbox.md.',
    'See docs/sandbox.md.',
    'configuration',
  ),
  'sandbox.mail-too-many-faults': row(
    409,
    'Il y a déjà {limit} pannes de messagerie programmées.',
    'There are already {limit} scripted faults of mail.',
    'Les retirer par DELETE /mssante/faults.',
    'Remove them with DELETE /mssante/faults.',
  ),
  'sandbox.mail-no-such-mailbox': row(
    404,
    'Aucune boîte du bac à sable n’a cette adresse.',
    'No mailbox of the sandbox has this address.',
    'Voir GET /mssante/mailboxes.',
    'See GET /mssante/mailboxes.',
  ),
  'sandbox.mail-no-such-mail': row(
    404,
    'Cette boîte n’a pas ce message.',
    'This mailbox does not have this mail.',
    'Voir GET /mssante/mailboxes/{adresse}.',
    'See GET /mssante/mailboxes/{adresse}.',
  ),
  'sandbox.mail-no-document': row(
    422,
    'Le document à envoyer n’est pas un CDA bien formé.',
    'The document to be sent is not a well-formed CDA.',
    'Donner les octets d’un ClinicalDocument en base64.',
    'Give the bytes of a ClinicalDocument as base64.',
  ),
};

export type MailSandboxErrorCode = keyof typeof mailSandboxErrors;

export const raise = raiser(mailSandboxErrors);
