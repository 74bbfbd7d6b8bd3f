import { mkdirSync } from 'node:fs';
import type { Logger } from 'pino';
import type { Alarm, AlarmEvent } from '../../alarms/alarm.ts';
import { startHeartbeat } from '../../alarms/channels/heartbeat.ts';
import { AlarmDesk } from '../../alarms/desk.ts';
import { Dispatch } from '../../alarms/dispatch.ts';
import { messageOf } from '../../alarms/message.ts';
import { AlarmStore } from '../../alarms/store.ts';
import type { Clock } from '../../words/clock.ts';
import type { Severity } from '../../words/incident.ts';
import type { Config } from '../config.ts';
import { openChannels, textOf } from './channels.ts';

export interface Alarms {
  /** Where every room reports incidents. */
  desk: AlarmDesk;
  store: AlarmStore;
  /** From when the lock of the data folder is held: messages leave, reminders are told, the heartbeat begins. */
  start(healthy: () => Promise<unknown>): void;
  close(): Promise<void>;
}

/**
 * Opens the desk of alarms and its channels. Without a disk it works in memory.
 * @throws ViaducError `config.unreadable`
 */
export function openAlarms({ data, alarms, environment }: Config, clock: Clock, log: Logger): Alarms {
  const channels = openChannels(alarms);
  const store = openStore(data, log);
  const dispatch = new Dispatch({
    ...{ clock, store, channels, random: Math.random },
    onTrouble: (trouble) => log.warn(trouble, 'an alarm could not be told'),
  });
  const desk = new AlarmDesk({
    ...{ clock, store, policy: alarms.policy },
    tell: (event, alarm) => {
      logAlarm(log, event, alarm);
      dispatch.tell(messageOf(event, alarm, { ...alarms, environment }, clock.now()));
    },
    onError: (error) => log.error({ error: codeOf(error) }, 'alarms could not be kept'),
  });
  let stopHeartbeat = () => {};
  return {
    ...{ desk, store },
    start(healthy) {
      dispatch.start();
      desk.start();
      if (alarms.heartbeat) stopHeartbeat = beat(alarms.heartbeat, clock, log, healthy);
    },
    async close() {
      stopHeartbeat();
      desk.stop();
      await dispatch.stop();
      store.close();
    },
  };
}

function beat(
  { authorities, ...heartbeat }: NonNullable<Config['alarms']['heartbeat']>,
  clock: Clock,
  log: Logger,
  healthy: () => Promise<unknown>,
): () => void {
  return startHeartbeat({
    ...{ ...heartbeat, authorities: textOf(authorities), clock, healthy },
    onChange: (code) =>
      code === null
        ? log.info('the heartbeat arrives again')
        : log.warn({ code }, 'the heartbeat does not arrive'),
  });
}

function codeOf(error: unknown): string {
  return (error as { code?: string }).code ?? 'unknown';
}

function openStore(folder: string, log: Logger): AlarmStore {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return new AlarmStore(folder);
  } catch (error) {
    log.error({ error: codeOf(error) }, 'alarms are kept in memory only');
    return new AlarmStore(null);
  }
}

const LEVELS = { 'call-now': 'error', morning: 'warn', information: 'info' } as const satisfies Record<
  Severity,
  string
>;

function logAlarm(log: Logger, event: AlarmEvent, alarm: Alarm): void {
  const { id, kind, subject, establishment, severity, role, code, facts, observations } = alarm;
  const level = event === 'closed' ? 'info' : LEVELS[severity];
  log[level](
    { alarm: id, event, kind, subject, establishment, severity, role, code, facts, observations },
    'alarm',
  );
}
