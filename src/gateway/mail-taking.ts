import { takeMail } from '../delivery/mssante/receipts/take.ts';
import type { Fate } from '../delivery/mssante/wire/imap.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { MailKind } from '../words/mail.ts';
import type { MailLeg } from './mail-leg.ts';
import type { MailReception } from './mail-reception.ts';
import { type MailWatchingParts, watchMailboxes } from './mail-watching.ts';

/** Into which folder a mail goes when it is kept: what it is decides, not what becomes of it. */
const FATES: Readonly<Record<Exclude<MailKind, 'document'>, Fate>> = {
  ...{ dsn: 'done', mdn: 'done', ko: 'done', bounce: 'done' },
  ...{ quarantine: 'refused', patient: 'human', human: 'human' },
};

/**
 * Takes in the mails of every mailbox; those with documents go to `reception`, which says whether they are handed on. `onKept`: told when one was kept, so that what follows from it is done.
 * @returns what ends it
 */
export function watchMails(
  { settings, isTrusted }: MailLeg,
  parts: Omit<MailWatchingParts, 'mailboxes' | 'onMail'> & {
    ledger: Ledger;
    reception: Pick<MailReception, 'sort'>;
  },
  onKept: (establishment: string) => void,
): () => Promise<void> {
  const { mailboxes, patientDomain } = settings;
  const taking = { ...parts, isTrusted, patientDomain };
  const watching = watchMailboxes({
    ...{ ...parts, mailboxes },
    async onMail(mailbox, { uid, uidValidity, raw }) {
      const incoming = { mailbox: mailbox.id, position: { uidValidity, uid }, raw };
      const { kind, mail } = await takeMail(taking, mailbox.establishment, incoming);
      onKept(mailbox.establishment);
      return kind === 'document' ? parts.reception.sort(mailbox, mail) : FATES[kind];
    },
  });
  return () => watching.stop();
}
