import type { Clock } from '../../../words/clock.ts';
import type { Words } from '../../../words/errors.ts';
import type { AddressAnswer, Directory } from './directory.ts';
import type { MailboxType } from './holder.ts';
import { directoryLimits } from './limits.ts';

const BY_TYPE: Readonly<Record<MailboxType, string>> = {
  PER: 'mssante.directory-person',
  ORG: 'mssante.directory-structure',
  APP: 'mssante.directory-software',
  CAB: 'mssante.directory-practice',
};

/** What the directory said of a recipient when their mail was written; none of it keeps a mail back. */
export const DIRECTORY_TRACES: Readonly<Record<string, Words>> = {
  'mssante.directory-person': {
    fr: 'L’Annuaire Santé connaît cette adresse : boîte d’une personne.',
    en: 'The Annuaire Santé knows this address: mailbox of a person.',
  },
  'mssante.directory-structure': {
    fr: 'L’Annuaire Santé connaît cette adresse : boîte d’une structure ou d’un service.',
    en: 'The Annuaire Santé knows this address: mailbox of a structure or a service.',
  },
  'mssante.directory-software': {
    fr: 'L’Annuaire Santé connaît cette adresse : boîte d’un logiciel.',
    en: 'The Annuaire Santé knows this address: mailbox of a software.',
  },
  'mssante.directory-practice': {
    fr: 'L’Annuaire Santé connaît cette adresse : boîte d’un cabinet.',
    en: 'The Annuaire Santé knows this address: mailbox of a practice.',
  },
  'mssante.directory-known': {
    fr: 'L’Annuaire Santé connaît cette adresse, sans dire de quel type de boîte il s’agit.',
    en: 'The Annuaire Santé knows this address, without saying of which type the mailbox is.',
  },
  'mssante.directory-paper-wanted': {
    fr: 'Le titulaire de cette adresse demande, dans l’Annuaire Santé, à garder le papier.',
    en: 'The holder of this address asks, in the Annuaire Santé, to keep paper.',
  },
  'mssante.directory-not-published': {
    fr: 'L’Annuaire Santé ne publie pas cette adresse : liste rouge, boîte trop récente, ou faute de frappe.',
    en: 'The Annuaire Santé does not publish this address: red list, mailbox too new, or a typing error.',
  },
};

/** Codes of what the directory says of an address; that it does not answer is one of them, soon enough for a mail to go on. */
export async function tracesOf(
  directory: Pick<Directory, 'byAddress'>,
  address: string,
  clock: Clock,
): Promise<string[]> {
  const late = Promise.withResolvers<string[]>();
  const waitMs = directoryLimits.mailWaitMs.value;
  const cancel = clock.after(waitMs, () => late.resolve(['mssante.directory-unavailable']));
  try {
    return await Promise.race([directory.byAddress(address).then(codesOf), late.promise]);
  } finally {
    cancel();
  }
}

function codesOf(answer: AddressAnswer): string[] {
  if (answer.standing === 'unavailable') return [answer.problem.code];
  if (answer.standing === 'not-published') return ['mssante.directory-not-published'];
  const { type, digitization } = answer.mailbox;
  return [
    type === null ? 'mssante.directory-known' : BY_TYPE[type],
    ...(digitization === false ? ['mssante.directory-paper-wanted'] : []),
  ];
}
