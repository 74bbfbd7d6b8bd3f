import type { Destinations } from '../../delivery/destinations.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { readStanding, type Standing } from '../../ledger/standing.ts';
import type { Clock } from '../../words/clock.ts';
import { kindOf } from '../../words/delivery.ts';
import type { Incidents, Observation } from '../../words/incident.ts';
import type { Config } from '../config.ts';
import { doctorLimits } from '../doctor/limits.ts';
import type { SenderActivity } from './activity.ts';
import type { DiskBudget, DiskState } from './disk.ts';
import { alarmWatchLimits } from './limits.ts';

export interface WatchOptions {
  config: Pick<Config, 'establishments' | 'senders' | 'alarms' | 'mssante'>;
  ledger: Ledger;
  clock: Clock;
  /** Milliseconds that no setting of the clock moves. */
  monotonicMs(): number;
  incidents: Incidents;
  activity: SenderActivity;
  destinations: Pick<Destinations, 'kinds' | 'known' | 'look'>;
  disk: DiskBudget;
  /** The clock of the machine was set back by so many milliseconds. */
  onSetBack(byMs: number): Promise<void>;
  onError(error: unknown): void;
}

type Incident = Pick<Observation, 'kind' | 'subject' | 'establishment'>;

/** Looks each minute at what nobody reports: queues that grow old, senders that fall silent, a disk that fills, a clock that jumps. */
export class Watch {
  readonly #options: WatchOptions;
  #cancel = () => {};
  #running: Promise<void> = Promise.resolve();
  #stopped = false;
  #clocks: { wallMs: number; monotonicMs: number } | null = null;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#stopped) return;
    this.#running = this.look()
      .catch((error: unknown) => this.#options.onError(error))
      .then(() => {
        if (this.#stopped) return;
        this.#cancel = this.#options.clock.after(alarmWatchLimits.lookMs.value, () => this.start());
      });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#running;
  }

  async look(): Promise<void> {
    const setBackMs = this.#lookAtClock();
    if (setBackMs > 0) await this.#options.onSetBack(setBackMs);
    this.#lookAtDisk();
    await this.#options.destinations.look();
    for (const { id } of this.#options.config.establishments) {
      const standing = await readStanding(this.#options.ledger.of(id));
      this.#lookAtQueues(id, standing);
      this.#lookAtNotices(id, standing);
      this.#lookAtMails(id, standing);
      this.#lookAtMailboxes(id, standing);
      this.#lookAtSenders(id);
    }
  }

  /**
   * A delivery that a destination keeps waiting is told by the destination's own alarm; this tells that it is long. What waits
   * for a destination that a person must resume is not late.
   */
  #lookAtQueues(establishment: string, { deliveries }: Standing): void {
    const { destinations } = this.#options;
    const still = destinations.known(establishment).filter(({ standstill }) => standstill !== null);
    const ids = new Set(still.map(({ id }) => id));
    const due = deliveries.filter(
      ({ destination, state }) => !ids.has(destination) && (state === 'due' || state === 'ambiguous'),
    );
    for (const kind of destinations.kinds)
      for (const lane of ['live', 'retried'] as const)
        this.#lookAtQueue(
          { kind: 'queue-age', subject: `${kind} ${lane}`, establishment },
          due.filter((one) => kindOf(one.destination) === kind && one.lane === lane),
        );
  }

  #lookAtQueue(incident: Incident, due: Standing['deliveries']): void {
    const now = this.#options.clock.now();
    const { queueAgeMs } = this.#options.config.alarms;
    const oldest = Math.min(...due.map(({ oldestDueAtMs }) => oldestDueAtMs ?? now));
    const waiting = due.reduce((sum, { count }) => sum + count, 0);
    const minutes = Math.floor((now - oldest) / 60_000);
    const old = queueAgeMs !== null && due.length > 0 && now - oldest >= queueAgeMs;
    this.#when(old, incident, { severity: 'call-now', role: 'it', facts: { minutes, waiting } });
  }

  #lookAtNotices(establishment: string, { notices }: Standing): void {
    for (const sender of this.#options.config.senders) {
      if (sender.establishment !== establishment) continue;
      const parked = notices.find((one) => one.sender === sender.id && one.state === 'parked')?.count ?? 0;
      this.#when(
        parked > 0,
        { kind: 'notice-parked', subject: sender.id, establishment },
        { severity: 'morning', role: 'it', facts: { parked } },
      );
    }
  }

  /** One incident for each mailbox, however many mails. */
  #lookAtMails(establishment: string, { mails }: Standing): void {
    const boxes = this.#options.destinations
      .known(establishment)
      .filter(({ id }) => kindOf(id) === 'mssante');
    for (const { id: subject } of boxes)
      for (const [kind, code, severity] of MISSING) {
        const waiting = mails.find((one) => one.destination === subject && one.code === code)?.count ?? 0;
        const incident = { kind, subject, establishment };
        this.#when(waiting > 0, incident, { severity, role: 'it', code, facts: { waiting } });
      }
  }

  #lookAtMailboxes(establishment: string, { integrations }: Standing): void {
    for (const mailbox of this.#options.config.mssante?.mailboxes ?? []) {
      if (mailbox.establishment !== establishment) continue;
      const parked = integrations.find((one) => one.mailbox === mailbox.id)?.count ?? 0;
      this.#when(
        parked > 0,
        { kind: 'integration-parked', subject: mailbox.id, establishment },
        { severity: 'morning', role: 'it', facts: { parked } },
      );
    }
  }

  #lookAtSenders(establishment: string): void {
    const { config, activity, clock } = this.#options;
    for (const { id, establishment: own, expectEveryMinutes } of config.senders) {
      if (own !== establishment || expectEveryMinutes === null) continue;
      const minutes = Math.floor((clock.now() - activity.silentSinceMs(own, id)) / 60_000);
      this.#when(
        minutes >= expectEveryMinutes,
        { kind: 'sender-silent', subject: id, establishment },
        { severity: 'morning', role: 'it', facts: { minutes, expectedMinutes: expectEveryMinutes } },
      );
    }
  }

  #lookAtDisk(): void {
    const { disk, clock, config } = this.#options;
    const state = disk.look(clock.now());
    const severity = severityOfDisk(state, config.alarms.diskDays);
    const { freeBytes, daysLeft, unmeasuredMs } = state;
    const facts = {
      freeMegabytes: Math.floor(freeBytes / 1_000_000),
      ...(daysLeft === null ? {} : { days: Math.floor(daysLeft) }),
      ...(unmeasuredMs === 0 ? {} : { hoursToWatch: Math.ceil(unmeasuredMs / 3_600_000) }),
    };
    const incident = { kind: 'disk-budget', subject: 'data', establishment: null } as const;
    this.#when(severity !== null, incident, { severity: severity ?? 'information', role: 'it', facts });
  }

  /**
   * The clock of the machine against one that only goes on: what they parted by since the last look is a jump.
   * @returns by how much it was set back; 0 when it was not
   */
  #lookAtClock(): number {
    const { clock, monotonicMs, incidents } = this.#options;
    const now = { wallMs: clock.now(), monotonicMs: monotonicMs() };
    const last = this.#clocks ?? now;
    this.#clocks = now;
    const jumpMs = now.wallMs - last.wallMs - (now.monotonicMs - last.monotonicMs);
    if (Math.abs(jumpMs) < alarmWatchLimits.clockJumpMs.value) return 0;
    incidents.open({
      ...{ kind: 'clock-skew', subject: 'jump', establishment: null, severity: 'morning', role: 'it' },
      facts: { seconds: Math.round(jumpMs / 1000) },
    });
    return Math.max(0, -jumpMs);
  }

  #when(wrong: boolean, incident: Incident, rest: Omit<Observation, keyof Incident>): void {
    if (wrong) this.#options.incidents.open({ ...incident, ...rest });
    else this.#options.incidents.close(incident);
  }
}

const MISSING = [
  ['receipts-late', 'mssante.receipt-late', 'morning'],
  ['mail-bounced', 'mssante.bounce', 'morning'],
] as const;

function severityOfDisk(
  { freeBytes, daysLeft }: DiskState,
  { morning, callNow }: { morning: number; callNow: number },
): Observation['severity'] | null {
  const days = daysLeft ?? Number.POSITIVE_INFINITY;
  if (freeBytes < doctorLimits.diskErrorBytes.value || days < callNow) return 'call-now';
  return freeBytes < doctorLimits.diskWarnBytes.value || days < morning ? 'morning' : null;
}
