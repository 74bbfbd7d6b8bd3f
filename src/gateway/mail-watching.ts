import type { Logger } from 'pino';
import {
  type Fate,
  type MailboxPosition,
  MailboxWatch,
  type ReceivedMail,
} from '../delivery/mssante/wire/imap.ts';
import type { Clock } from '../words/clock.ts';
import type { Incidents } from '../words/incident.ts';
import { raiseFailure, raiseMailbox } from './alarms/raising.ts';
import { nameOf } from './log.ts';
import { openAccess } from './mail-access.ts';
import type { MailboxConfig } from './mssante-config.ts';

export interface MailWatchingParts {
  mailboxes: readonly MailboxConfig[];
  clock: Clock;
  log: Logger;
  incidents: Incidents;
  /** Takes a mail in: kept before it is put away. What it rejects with leaves the mail in its folder. */
  onMail(mailbox: MailboxConfig, mail: ReceivedMail): Promise<Fate>;
}

/**
 * Reads every mailbox that is configured to be read. The folder itself says how far it was read: what was dealt with is put
 * away, so that a start looks at all that still lies there, and whoever takes mails knows those it has. Within one run the
 * position is remembered: a mail that cannot be fetched is not asked for as if it were seen for the first time.
 * @throws ViaducError `config.unreadable`, `config.tls-unusable`
 */
export function watchMailboxes(parts: MailWatchingParts): { stop(): Promise<void> } {
  const watches = parts.mailboxes.flatMap((one) => (one.imap ? [watchOf(one, one.imap, parts)] : []));
  for (const { watch } of watches) watch.start();
  return {
    stop: async () => {
      await Promise.all(watches.map(({ watch }) => watch.stop()));
      await Promise.all(watches.map(({ close }) => close()));
    },
  };
}

function watchOf(
  mailbox: MailboxConfig,
  { folder, folders, pollMs, ...access }: NonNullable<MailboxConfig['imap']>,
  { clock, log, incidents, onMail }: MailWatchingParts,
): { watch: MailboxWatch; close: () => Promise<void> } {
  const about = { mailbox: mailbox.id, establishment: mailbox.establishment };
  const { server, close } = openAccess(access, {
    clock,
    onRenewed: () => {
      log.info(about, 'the access to a mailbox was renewed');
      watch.again();
    },
    onProblem: (code, values) => log.warn({ ...about, code, ...values }, 'an access needs attention'),
  });
  let position: MailboxPosition | null = null;
  const watch: MailboxWatch = new MailboxWatch({
    ...{ folder, folders, pollMs, clock },
    server,
    position: async () => position,
    took: async (now) => {
      position = now;
    },
    onMail: (mail) => onMail(mailbox, mail),
    onTooLarge: async ({ size }) => {
      log.warn({ ...about, size }, 'a mail is too large to be read and was left to a person');
      return 'human';
    },
    onFailure: (error) => {
      log.error({ ...about, error: nameOf(error) }, 'a mail was not taken in');
      raiseFailure(incidents, 'mailbox', error);
    },
    onState: (state) => {
      if (state.state === 'up') raiseMailbox(incidents, about, null);
      else {
        log.warn({ ...about, code: state.code, reason: state.reason }, 'a mailbox cannot be read');
        raiseMailbox(incidents, about, { code: state.code, misconfigured: state.state === 'misconfigured' });
      }
    },
  });
  return { watch, close };
}
