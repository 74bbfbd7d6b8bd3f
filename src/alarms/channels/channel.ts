import type { Role } from '../../words/establishment.ts';
import type { Severity } from '../../words/incident.ts';
import type { AlarmMessage } from '../message.ts';

/** A way by which alarms leave. */
export interface Channel {
  /** Stable name, under which messages wait for it and by which the log speaks of it. */
  readonly name: string;
  wants(message: AlarmMessage): boolean;
  /** @throws ChannelRefusal, or any other error when it may take the same message later */
  send(message: AlarmMessage): Promise<void>;
  close(): void;
}

/** The other end answered that it will not have this message. Its own words are not kept: they may quote anything. */
export class ChannelRefusal extends Error {
  override readonly name = 'ChannelRefusal';
  readonly status: number;

  constructor(status: number) {
    super(`refused with status ${status}`);
    this.status = status;
  }
}

/** Which alarms somebody wants to be told of; an absent list means all. */
export interface Wanted {
  severities?: readonly Severity[];
  roles?: readonly Role[];
  establishments?: readonly string[];
}

export function isWanted({ severities, roles, establishments }: Wanted, { alarm }: AlarmMessage): boolean {
  if (severities && !severities.includes(alarm.severity)) return false;
  if (roles && !roles.includes(alarm.role)) return false;
  return !establishments || alarm.establishment === null || establishments.includes(alarm.establishment);
}
