import { createHmac } from 'node:crypto';
import { Agent, request } from 'undici';
import { alarmLimits } from '../limits.ts';
import type { AlarmMessage } from '../message.ts';
import { type Channel, ChannelRefusal, isWanted, type Wanted } from './channel.ts';

export interface WebhookOptions extends Wanted {
  name: string;
  url: string;
  /** Shared with the receiver, which verifies by it who speaks and that nothing was altered. */
  secret: string;
  /** PEM; those of the platform when null. */
  authorities: string | null;
}

/**
 * Posts each message as JSON. `Viaduc-Signature` is `t=<Unix seconds>,v1=<hex>`: the HMAC-SHA256, under the shared secret,
 * of the seconds, a point and the body as it stands. `Viaduc-Message` is the same at each repetition.
 */
export function webhook({ name, url, secret, authorities, ...wanted }: WebhookOptions): Channel {
  const agent = new Agent({ connect: authorities === null ? {} : { ca: authorities } });
  return {
    name,
    wants: (message) => isWanted(wanted, message),
    send: (message) => post(agent, url, secret, message),
    close: () => void agent.destroy(),
  };
}

async function post(agent: Agent, url: string, secret: string, message: AlarmMessage): Promise<void> {
  const body = JSON.stringify(message);
  const { statusCode, body: answer } = await request(url, {
    ...{ dispatcher: agent, method: 'POST', body },
    headers: {
      'content-type': 'application/json',
      'user-agent': 'viaduc',
      'viaduc-message': message.id,
      'viaduc-signature': signatureOf(body, secret, Math.floor(Date.now() / 1000)),
    },
    signal: AbortSignal.timeout(alarmLimits.channelMs.value),
  });
  await answer.dump();
  if (statusCode >= 200 && statusCode < 300) return;
  if (statusCode >= 400 && statusCode < 500 && statusCode !== 408 && statusCode !== 429)
    throw new ChannelRefusal(statusCode);
  throw Object.assign(new Error('not taken'), { code: `HTTP_${statusCode}` });
}

export function signatureOf(body: string, secret: string, seconds: number): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}
