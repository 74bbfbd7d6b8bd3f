import { mkdirSync } from 'node:fs';
import type { Logger } from 'pino';
import type { Alarm, AlarmEvent } from '../../alarms/alarm.ts';
import { AlarmDesk } from '../../alarms/desk.ts';
import { AlarmStore } from '../../alarms/store.ts';
import type { Clock } from '../../words/clock.ts';
import type { Severity } from '../../words/incident.ts';
import type { Config } from '../config.ts';

export interface Alarms {
  /** Where every room reports incidents. */
  desk: AlarmDesk;
  store: AlarmStore;
  close(): Promise<void>;
}

/** Opens the desk of alarms; `desk.start()` when the lock of the data folder is held. Without a disk it works in memory. */
export function openAlarms({ data, alarms }: Config, clock: Clock, log: Logger): Alarms {
  const store = openStore(data, log);
  const desk = new AlarmDesk({
    ...{ clock, store, policy: alarms.policy },
    tell: (event, alarm) => logAlarm(log, event, alarm),
    onError: (error) =>
      log.error({ error: (error as { code?: string }).code ?? 'unknown' }, 'alarms could not be kept'),
  });
  return {
    ...{ desk, store },
    close: async () => {
      desk.stop();
      store.close();
    },
  };
}

function openStore(folder: string, log: Logger): AlarmStore {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return new AlarmStore(folder);
  } catch (error) {
    log.error({ error: (error as { code?: string }).code ?? 'unknown' }, 'alarms are kept in memory only');
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
