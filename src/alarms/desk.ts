import type { Clock } from '../words/clock.ts';
import { newId } from '../words/ids.ts';
import type { Incidents, Observation, Severity } from '../words/incident.ts';
import { type Alarm, type AlarmEvent, isSilent, keyOf, SEVERITIES } from './alarm.ts';
import { alarmError } from './errors.ts';
import { kindOf } from './kinds.ts';
import { alarmLimits } from './limits.ts';
import type { AlarmStore } from './store.ts';

/** How often what is still open is told again, and how long it must be over before it is closed. */
export interface AlarmPolicy {
  /** Milliseconds between two reminders; null: told once. */
  remindMs: Readonly<Record<Severity, number | null>>;
  /** Milliseconds for which nothing must be wrong before an alarm is closed. */
  calmMs: number;
}

export interface DeskOptions {
  clock: Clock;
  store: AlarmStore;
  policy: AlarmPolicy;
  /** Something is to be told of an alarm. Must not throw. */
  tell(event: AlarmEvent, alarm: Alarm): void;
  /** Alarms could not be kept; they are told all the same. */
  onError(error: unknown): void;
}

/** Where rooms report incidents, and where each becomes one alarm: told when it opens, while it lasts and when it is over. */
export class AlarmDesk implements Incidents {
  readonly #options: DeskOptions;
  readonly #open = new Map<string, Alarm>();
  /** Closed not long ago, by key: what returns is the same trouble. */
  readonly #recent = new Map<string, Alarm>();
  readonly #changed = new Set<Alarm>();
  #cancelTick: (() => void) | null = null;
  #started = false;

  constructor(options: DeskOptions) {
    this.#options = options;
    const { store } = options;
    for (const alarm of store.open()) this.#open.set(keyOf(alarm), alarm);
    for (const alarm of store.closedSince(this.#now - alarmLimits.returnWithinMs.value))
      this.#recent.set(keyOf(alarm), alarm);
  }

  /** From now on reminders are told and what is over is closed; incidents are taken before. */
  start(): void {
    this.#started = true;
    const { store } = this.#options;
    this.#trying(() => store.forgetClosedBefore(this.#now - alarmLimits.keptDays.value * 86_400_000));
    if (this.#open.size > 0) this.#tickLater();
  }

  open(observation: Observation): void {
    const key = keyOf(observation);
    const known = this.#open.get(key);
    if (known) this.#again(known, observation);
    else if (this.#open.size < alarmLimits.openAlarms.value) this.#begin(key, observation);
    else this.#options.onError(new RangeError('more alarms are open than may be'));
  }

  close(incident: Pick<Observation, 'kind' | 'subject' | 'establishment'>): void {
    const alarm = this.#open.get(keyOf(incident));
    if (!alarm || alarm.calmSinceMs !== null) return;
    alarm.calmSinceMs = this.#now;
    this.#changed.add(alarm);
  }

  /** What is open now, oldest first. */
  get current(): readonly Alarm[] {
    return [...this.#open.values()];
  }

  /** An alarm, open or closed. */
  find(id: string): Alarm | null {
    return this.current.find((alarm) => alarm.id === id) ?? this.#options.store.find(id);
  }

  /**
   * A person has seen it: no reminder until it grows worse.
   * @throws ViaducError `alarms.not-found`, `alarms.over`
   */
  acknowledge(id: string, by: string): Alarm {
    const alarm = this.#openOne(id);
    alarm.acknowledged = { by, atMs: this.#now };
    this.#keep(alarm);
    return alarm;
  }

  /** Nothing is told of it until then, even when it closes and returns. @throws ViaducError `alarms.silence-malformed` */
  silence(id: string, { by, untilMs, reason }: NonNullable<Alarm['silenced']>): Alarm {
    const days = alarmLimits.silenceDays.value;
    if (!(untilMs > this.#now && untilMs <= this.#now + days * 86_400_000))
      throw alarmError('alarms.silence-malformed', { days });
    const alarm = this.#openOne(id);
    alarm.silenced = { by, untilMs, reason: short(reason) };
    this.#keep(alarm);
    return alarm;
  }

  stop(): void {
    this.#started = false;
    this.#cancelTick?.();
    this.#flush();
  }

  #openOne(id: string): Alarm {
    const alarm = this.find(id);
    if (!alarm) throw alarmError('alarms.not-found');
    if (alarm.closedAtMs !== null) throw alarmError('alarms.over');
    return alarm;
  }

  get #now(): number {
    return this.#options.clock.now();
  }

  #begin(key: string, observation: Observation): void {
    const now = this.#now;
    const former = this.#recent.get(key);
    this.#recent.delete(key);
    const soon = former && now - (former.closedAtMs ?? 0) <= alarmLimits.returnWithinMs.value;
    const { kind, subject, establishment } = observation;
    const alarm: Alarm = {
      ...{ id: newId(now), kind, subject, establishment, ...described(observation) },
      ...{ openedAtMs: now, lastSeenAtMs: now, observations: 1, returns: soon ? former.returns + 1 : 0 },
      ...{ calmSinceMs: null, closedAtMs: null, toldAtMs: null, acknowledged: null },
      silenced: former && isSilent(former, now) ? former.silenced : null,
    };
    this.#open.set(key, alarm);
    this.#tell('opened', alarm);
    this.#tickLater();
  }

  #again(alarm: Alarm, observation: Observation): void {
    const { severity, step } = alarm;
    Object.assign(alarm, described(observation));
    alarm.lastSeenAtMs = this.#now;
    alarm.observations += 1;
    alarm.calmSinceMs = null;
    this.#changed.add(alarm);
    const graver = SEVERITIES.indexOf(alarm.severity) > SEVERITIES.indexOf(severity);
    if (!graver && alarm.step === step) return;
    alarm.acknowledged = null;
    this.#tell('worse', alarm);
  }

  #tell(event: AlarmEvent, alarm: Alarm): void {
    if (!isSilent(alarm, this.#now)) {
      alarm.toldAtMs = this.#now;
      this.#options.tell(event, alarm);
    }
    this.#keep(alarm);
  }

  #tickLater(): void {
    if (!this.#started || this.#cancelTick) return;
    this.#cancelTick = this.#options.clock.after(alarmLimits.tickMs.value, () => {
      this.#cancelTick = null;
      for (const alarm of this.current) this.#look(alarm);
      this.#flush();
      if (this.#open.size > 0) this.#tickLater();
    });
  }

  #look(alarm: Alarm): void {
    const now = this.#now;
    notLaterThan(alarm, now);
    if (this.#isOver(alarm, now)) this.#end(alarm);
    else if (alarm.calmSinceMs !== null || isSilent(alarm, now)) return;
    else if (alarm.toldAtMs === null) this.#tell('opened', alarm);
    else if (this.#isToBeRemembered(alarm, alarm.toldAtMs, now)) this.#tell('still-open', alarm);
  }

  #isOver({ kind, calmSinceMs, lastSeenAtMs, returns }: Alarm, now: number): boolean {
    const { ends } = kindOf(kind);
    if (typeof ends === 'object' && now - lastSeenAtMs >= ends.calmMs) return true;
    const calmMs = this.#options.policy.calmMs * 2 ** Math.min(returns, alarmLimits.calmDoublings.value);
    return calmSinceMs !== null && now - calmSinceMs >= calmMs;
  }

  #isToBeRemembered({ severity, acknowledged }: Alarm, toldAtMs: number, now: number): boolean {
    const everyMs = this.#options.policy.remindMs[severity];
    return everyMs !== null && acknowledged === null && now - toldAtMs >= everyMs;
  }

  #end(alarm: Alarm): void {
    const wasTold = alarm.toldAtMs !== null;
    alarm.closedAtMs = this.#now;
    this.#open.delete(keyOf(alarm));
    this.#recent.set(keyOf(alarm), alarm);
    if (wasTold) this.#tell('closed', alarm);
    else this.#keep(alarm);
  }

  #keep(alarm: Alarm): void {
    this.#changed.add(alarm);
    this.#flush();
  }

  /** Counts are written at the next turn, everything else at once; what cannot be written is tried again. */
  #flush(): void {
    this.#trying(() => {
      for (const alarm of this.#changed) {
        this.#options.store.put(alarm);
        this.#changed.delete(alarm);
      }
    });
  }

  #trying(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#options.onError(error);
    }
  }
}

type Described = Pick<Alarm, 'severity' | 'role' | 'code' | 'step' | 'facts'>;

function described({ severity, role, code, facts = {}, step }: Observation): Described {
  const told = Object.entries(facts).map(([name, value]) => [
    name,
    typeof value === 'string' ? short(value) : value,
  ]);
  return { severity, role, code: code ?? null, step: step ?? null, facts: Object.fromEntries(told) };
}

function short(text: string): string {
  return text.slice(0, alarmLimits.textLength.value);
}

/** A clock that was set back must not put off what is measured from a later instant. */
function notLaterThan(alarm: Alarm, now: number): void {
  alarm.lastSeenAtMs = Math.min(alarm.lastSeenAtMs, now);
  if (alarm.toldAtMs !== null) alarm.toldAtMs = Math.min(alarm.toldAtMs, now);
  if (alarm.calmSinceMs !== null) alarm.calmSinceMs = Math.min(alarm.calmSinceMs, now);
}
