import type { MailboxRule } from '../words/establishment.ts';

/** What decides from which mailbox a submission leaves. */
export interface Mailable {
  establishment: string;
  sender: string;
  /** In whose name it leaves. */
  structure: string;
  /** Responsible unit and site of its stay, as far as they are known. */
  units: readonly string[];
}

/** The first mailbox of the establishment that is for such a submission; null when there is none. */
export function mailboxFor(mailboxes: readonly MailboxRule[], about: Mailable): MailboxRule | null {
  const own = mailboxes.filter(({ establishment }) => establishment === about.establishment);
  return own.find((one) => isFor(one, about)) ?? null;
}

function isFor({ senders, structures, units }: MailboxRule, about: Mailable): boolean {
  return (
    (senders?.includes(about.sender) ?? true) &&
    (structures?.includes(about.structure) ?? true) &&
    (units?.some((unit) => about.units.includes(unit)) ?? true)
  );
}
