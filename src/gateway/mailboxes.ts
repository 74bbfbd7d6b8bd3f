import type { Mailbox } from '../delivery/mssante/mailbox.ts';
import { type SubmissionServer, submit } from '../delivery/mssante/wire/smtp.ts';
import { destinationId } from '../words/delivery.ts';
import { type AccessWatch, openAccess } from './mail-access.ts';
import type { MailboxConfig } from './mssante-config.ts';

/** The mailboxes of an installation, opened with their access. */
export interface Mailboxes {
  of(establishment: string, id: string): Mailbox | null;
  close(): Promise<void>;
}

/**
 * Reads what the mailboxes are entered with, and goes on looking at it.
 * @throws ViaducError `config.unreadable`, `config.tls-unusable`
 */
export function openMailboxes(configured: readonly MailboxConfig[], watch: AccessWatch): Mailboxes {
  const opened = configured.map((config) => ({ config, access: openAccess(config.smtp, watch) }));
  const boxes = new Map(
    opened.map(({ config, access }) => [
      destinationId('mssante', config.establishment, config.id),
      mailboxOf(config, () => access.server()),
    ]),
  );
  return {
    of: (establishment, id) => boxes.get(destinationId('mssante', establishment, id)) ?? null,
    close: async () => {
      await Promise.all(opened.map(({ access }) => access.close()));
    },
  };
}

function mailboxOf(config: MailboxConfig, server: () => SubmissionServer): Mailbox {
  const { id, address, displayName, phone, postalAddress, smtp } = config;
  const { sizeLimit } = smtp;
  return {
    ...{ id, address, displayName, sizeLimit },
    contact: { phone, address: postalAddress },
    submit: (mail, signal) => submit({ ...server(), ...(sizeLimit !== null && { sizeLimit }) }, mail, signal),
  };
}
