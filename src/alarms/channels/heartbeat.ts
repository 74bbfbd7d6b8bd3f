import { Agent, request } from 'undici';
import type { Clock } from '../../words/clock.ts';
import { alarmLimits } from '../limits.ts';

export interface HeartbeatOptions {
  url: string;
  everyMs: number;
  /** PEM; those of the platform when null. */
  authorities: string | null;
  clock: Clock;
  /** Whether the gateway does its work: without it no beat leaves, and the monitor outside notices. */
  healthy(): Promise<unknown>;
  /** The first beat that failed after one that did not, by its code, and the first that arrived again (null). */
  onChange(code: string | null): void;
}

/**
 * Tells a monitor outside, at intervals, that the gateway lives: what stops altogether can send no alarm. Any service that
 * misses a call to an address will do.
 */
export function startHeartbeat({ url, everyMs, authorities, clock, healthy, onChange }: HeartbeatOptions) {
  const agent = new Agent({ connect: authorities === null ? {} : { ca: authorities } });
  let stopped = false;
  let failing = false;
  let cancel = () => {};
  const beat = async () => {
    const code = await attempt(agent, url, healthy);
    if (stopped) return;
    if ((code !== null) !== failing) onChange(code);
    failing = code !== null;
    cancel = clock.after(everyMs, beat);
  };
  void beat();
  return () => {
    stopped = true;
    cancel();
    void agent.destroy();
  };
}

/** @returns why the beat did not arrive; null when it did */
async function attempt(agent: Agent, url: string, healthy: () => Promise<unknown>): Promise<string | null> {
  try {
    await healthy();
  } catch {
    return 'NOT_READY';
  }
  try {
    const signal = AbortSignal.timeout(alarmLimits.channelMs.value);
    const { statusCode, body } = await request(url, { dispatcher: agent, method: 'POST', signal });
    await body.dump();
    return statusCode < 400 ? null : `HTTP_${statusCode}`;
  } catch (error) {
    return (error as { code?: string }).code ?? 'UNREACHABLE';
  }
}
