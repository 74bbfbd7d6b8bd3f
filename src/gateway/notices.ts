import type { Logger } from 'pino';
import type { Where } from '../delivery/notices/connection.ts';
import { NoticeQueue } from '../delivery/notices/queue.ts';
import { recipientOfNotice } from '../delivery/notices/recipient.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Clock } from '../words/clock.ts';
import type { NoticeEndpoint } from '../words/establishment.ts';
import type { Incidents } from '../words/incident.ts';
import { raiseNoticeParked } from './alarms/raising.ts';
import { type Config, readText } from './config.ts';

/** The queues of notices, one for each sender. */
export interface NoticeQueues {
  /** Something ended: looks whether a notice became due. */
  poke(): void;
  stop(): Promise<void>;
}

export function startNotices(
  config: Config,
  clock: Clock,
  ledger: Ledger,
  log: Logger,
  incidents: Incidents,
): NoticeQueues {
  const patientDomain = config.mssante?.patientDomain ?? '';
  const queues = config.senders.map(({ id, establishment, notices }) => {
    const queue = new NoticeQueue({
      ...{
        ledger,
        clock,
        establishment,
        sender: id,
        charset: notices?.charset ?? 'utf-8',
        policy: config.notices,
      },
      recipientOf: (notice) => recipientOfNotice({ ledger, patientDomain }, ledger.of(establishment), notice),
      where: notices ? endpointOf(notices) : null,
      random: Math.random,
      onAlarm: (notice) => {
        log.error({ alarm: 'notice-parked', ...notice }, 'a notice is not acknowledged and was parked');
        raiseNoticeParked(incidents, notice);
      },
      onError: (error) =>
        log.error(
          { sender: id, error: (error as { code?: string }).code ?? 'unknown' },
          'notices could not be looked for',
        ),
    });
    return queue;
  });
  return {
    poke: () => {
      for (const queue of queues) queue.poke();
    },
    stop: async () => {
      await Promise.all(queues.map((queue) => queue.stop()));
    },
  };
}

/** The address of a sender, its files read. @throws ViaducError `config.unreadable` */
export function endpointOf(notices: NoticeEndpoint): Where {
  return { host: notices.host, port: notices.port, tls: tlsOf(notices) };
}

function tlsOf({ host, tls }: NoticeEndpoint) {
  if (!tls) return null;
  const { authorities, certificate, key, passphraseFile, serverName } = tls;
  return {
    ...(authorities === null ? {} : { ca: readText(authorities) }),
    ...(certificate === null ? {} : { cert: readText(certificate) }),
    ...(key === null ? {} : { key: readText(key) }),
    ...(passphraseFile === null ? {} : { passphrase: readText(passphraseFile).trim() }),
    servername: serverName ?? host,
  };
}
