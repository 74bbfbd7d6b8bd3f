import type { Ledger } from '../ledger/ledger.ts';
import { routingError, routingErrors } from '../routing/errors.ts';
import { type Mailable, mailboxFor } from '../routing/mailbox.ts';
import { type MailPatient, PATIENT_DOMAIN, recipientsOf } from '../routing/recipients.ts';
import type { Destination } from '../words/delivery.ts';
import type { MailboxRule } from '../words/establishment.ts';
import { type Finding, finding } from '../words/findings.ts';
import type { Arrival, ClosedMail } from './arrival.ts';

/** From which mailboxes mail leaves, and where the boxes of patients are. */
export interface OpenMail {
  mailboxes: readonly MailboxRule[];
  patientDomain: string;
}

const MAIL_LEFT_OUT = finding(routingErrors, 'routing.mail-left-out', {
  source: 'request',
  severity: 'warning',
});

export function mailPatient(matricule: string | null, mail: OpenMail | undefined): MailPatient {
  return { matricule, domain: mail?.patientDomain ?? PATIENT_DOMAIN };
}

/**
 * The destinations of a request: the DMP, and a mail to each recipient. An address never stands among them, only the keyed
 * hash by which it is known again. Mail that is left out must leave something to be done.
 * @throws ViaducError `routing.no-destination`, `routing.destination-unavailable`, `routing.destination-later`, `routing.no-mailbox`
 */
export function chooseDestinations(
  { ledger, mail }: { ledger: Pick<Ledger, 'searchHash'>; mail?: OpenMail },
  { request, establishment, sender, closedMail = 'refuse' }: Arrival,
  about: Pick<Mailable, 'structure' | 'units'> & { patient: MailPatient },
): { destinations: Destination[]; warnings: Finding[] } {
  const { dmp } = request.destinations;
  const recipients = recipientsOf(request, about.patient);
  if (!dmp && recipients.length === 0) throw routingError('routing.no-destination');
  const toDmp: Destination[] = dmp ? [{ kind: 'dmp' }] : [];
  if (recipients.length === 0) return { destinations: toDmp, warnings: [] };
  if (!mail) {
    refuseClosed(closedMail, dmp);
    return { destinations: toDmp, warnings: [MAIL_LEFT_OUT] };
  }
  const from = { establishment: establishment.id, sender: sender.id, ...about };
  const mailbox = mailboxFor(mail.mailboxes, from);
  if (!mailbox) throw routingError('routing.no-mailbox');
  const mails = recipients.map(({ address, class: audience }): Destination => {
    const recipient = ledger.searchHash(establishment.id, 'address', address);
    return { kind: 'mssante', class: audience, recipient, via: mailbox.id };
  });
  return { destinations: [...toDmp, ...mails], warnings: [] };
}

function refuseClosed(closedMail: ClosedMail, dmp: boolean): void {
  if (closedMail === 'later') throw routingError('routing.destination-later', { destination: 'MSSanté' });
  if (closedMail === 'leave-out' && dmp) return;
  throw routingError('routing.destination-unavailable', { destination: 'MSSanté' });
}
