import { createTransport, type Transporter } from 'nodemailer';
import { alarmLimits } from '../limits.ts';
import { type AlarmMessage, mailText, subjectLine } from '../message.ts';
import { type Channel, ChannelRefusal, isWanted, type Wanted } from './channel.ts';

/** A mail relay. */
export interface Relay {
  host: string;
  port: number;
  /** `tls` from the first byte, `starttls` before anything is said, `none` on a network that is protected otherwise. */
  security: 'tls' | 'starttls' | 'none';
  auth: { user: string; password: string } | null;
  /** PEM; those of the platform when null. */
  authorities: string | null;
  from: string;
}

export interface MailOptions extends Wanted {
  name: string;
  relay: Relay;
  addresses: readonly string[];
}

/** Sends each message as a plain text, French first; what is said of one alarm is one thread. */
export function mail({ name, relay, addresses, ...wanted }: MailOptions): Channel {
  const transport = transportOf(relay);
  return {
    name,
    wants: (message) => isWanted(wanted, message),
    send: (message) => sendMail(transport, relay.from, addresses, message),
    close: () => transport.close(),
  };
}

/** A connection to a relay, made when a mail is sent; reads no file and follows no address that a message names. */
export function transportOf({ host, port, security, auth, authorities }: Relay): Transporter {
  const timeout = alarmLimits.channelMs.value;
  return createTransport({
    ...{ host, port, secure: security === 'tls' },
    ...{ requireTLS: security === 'starttls', ignoreTLS: security === 'none' },
    ...(auth ? { auth: { user: auth.user, pass: auth.password } } : {}),
    tls: { minVersion: 'TLSv1.2', ...(authorities === null ? {} : { ca: authorities }) },
    ...{ connectionTimeout: timeout, greetingTimeout: timeout, socketTimeout: timeout },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
}

async function sendMail(
  transport: Transporter,
  from: string,
  addresses: readonly string[],
  message: AlarmMessage,
): Promise<void> {
  const { id, event, alarm } = message;
  const domain = /@([^>\s]+)>?\s*$/.exec(from)?.[1] ?? 'viaduc.invalid';
  const thread = `<alarm-${alarm.id}@${domain}>`;
  try {
    await transport.sendMail({
      ...{ from, to: [...addresses], subject: subjectLine(message), text: mailText(message) },
      messageId: event === 'opened' ? thread : `<${id}@${domain}>`,
      ...(event === 'opened' ? {} : { inReplyTo: thread, references: thread }),
      priority: alarm.severity === 'call-now' && event !== 'closed' ? 'high' : 'normal',
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Viaduc-Alarm': `${alarm.kind}; ${event}` },
    });
  } catch (error) {
    const { responseCode } = error as { responseCode?: number };
    if (responseCode !== undefined && responseCode >= 500) throw new ChannelRefusal(responseCode);
    throw error;
  }
}
