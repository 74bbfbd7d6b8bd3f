import type { Channel } from '../../alarms/channels/channel.ts';
import { mail } from '../../alarms/channels/mail.ts';
import { webhook } from '../../alarms/channels/webhook.ts';
import { readText } from '../config.ts';
import type { AlarmsConfig } from './config.ts';

/** The channels that the configuration names. @throws ViaducError `config.unreadable` */
export function openChannels({ webhooks, mail: mails }: AlarmsConfig): Channel[] {
  return [
    ...webhooks.map(({ secretFile, authorities, ...one }, index) =>
      webhook({
        ...one,
        name: `webhook-${index + 1}`,
        secret: readText(secretFile).trim(),
        authorities: textOf(authorities),
      }),
    ),
    ...(mails ? mailChannels(mails) : []),
  ];
}

function mailChannels({ relay, auth, to }: NonNullable<AlarmsConfig['mail']>): Channel[] {
  const opened = {
    ...relay,
    authorities: textOf(relay.authorities),
    auth: auth && { user: auth.user, password: readText(auth.passwordFile).trim() },
  };
  return to.map((one, index) => mail({ ...one, name: `mail-${index + 1}`, relay: opened }));
}

export function textOf(file: string | null): string | null {
  return file === null ? null : readText(file);
}
