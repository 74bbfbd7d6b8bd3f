import type { Channel } from '../../alarms/channels/channel.ts';
import { mail, type Relay } from '../../alarms/channels/mail.ts';
import { webhook } from '../../alarms/channels/webhook.ts';
import { readText } from '../config.ts';
import type { AlarmsConfig, MailConfig } from './config.ts';

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

function mailChannels(mails: MailConfig): Channel[] {
  const relay = relayOf(mails);
  return mails.to.map((one, index) => mail({ ...one, name: `mail-${index + 1}`, relay }));
}

/** The relay with its secrets. @throws ViaducError `config.unreadable` */
export function relayOf({ relay, auth }: MailConfig): Relay {
  return {
    ...relay,
    authorities: textOf(relay.authorities),
    auth: auth && { user: auth.user, password: readText(auth.passwordFile).trim() },
  };
}

export function textOf(file: string | null): string | null {
  return file === null ? null : readText(file);
}
