import type { Clock } from '../words/clock.ts';
import { type Channel, ChannelRefusal } from './channels/channel.ts';
import { alarmLimits } from './limits.ts';
import type { AlarmMessage } from './message.ts';
import type { AlarmStore, Waiting } from './store.ts';

/** Told to the log: no channel can tell it. */
export interface Trouble {
  channel: string;
  /** Code of the system or status of the other end. */
  code: string;
  attempts: number;
  /** The message will not be tried again. */
  givenUp: boolean;
}

export interface DispatchOptions {
  clock: Clock;
  store: AlarmStore;
  channels: readonly Channel[];
  random(): number;
  onTrouble(trouble: Trouble): void;
}

/**
 * Hands messages to the channels, each in its own order and at its own pace: a channel that fails is tried again, later each
 * time, and holds up neither the others nor the gateway. What was not taken is kept over a restart.
 */
export class Dispatch {
  readonly #options: DispatchOptions;
  readonly #running = new Map<Channel, Promise<void>>();
  readonly #cancel = new Map<Channel, () => void>();
  /** Was given a message while it was being looked at. */
  readonly #again = new Set<Channel>();
  /** Taken by their channel, and not yet struck out: on a full disk nobody is told twice. */
  readonly #taken = new Set<number>();
  #stopped = true;

  constructor(options: DispatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#stopped = false;
    const { store, channels } = this.#options;
    try {
      store.forgetChannelsBut(channels.map(({ name }) => name));
    } catch (error) {
      this.#trouble('outbox', error, 0, false);
    }
    for (const channel of channels) this.#poke(channel);
  }

  tell(message: AlarmMessage): void {
    const { store, channels, clock } = this.#options;
    for (const channel of channels) {
      if (!channel.wants(message)) continue;
      const { alarm, event } = message;
      try {
        store.queue(channel.name, alarm.id, event, JSON.stringify(message), clock.now());
        this.#poke(channel);
      } catch {
        this.#once(channel, message);
      }
    }
  }

  /** A message that cannot be kept, such as on a full disk, leaves all the same, once. */
  #once(channel: Channel, message: AlarmMessage): void {
    channel.send(message).catch((error: unknown) => this.#trouble(channel.name, error, 1, true));
  }

  /** Takes up nothing more. What is under way has a moment to end; what has not ended is sent again by the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const cancel of this.#cancel.values()) cancel();
    const moment = Promise.withResolvers<void>();
    const cancel = this.#options.clock.after(alarmLimits.channelStopMs.value, moment.resolve);
    await Promise.race([Promise.all(this.#running.values()), moment.promise]);
    cancel();
    for (const channel of this.#options.channels) channel.close();
  }

  #poke(channel: Channel): void {
    if (this.#stopped || this.#running.has(channel)) {
      this.#again.add(channel);
      return;
    }
    this.#again.delete(channel);
    this.#cancel.get(channel)?.();
    const running = this.#run(channel)
      .catch((error: unknown) => {
        this.#trouble(channel.name, error, 0, false);
        return alarmLimits.channelRetryMs.value;
      })
      .then((waitMs) => {
        this.#running.delete(channel);
        if (this.#again.has(channel)) this.#poke(channel);
        else if (waitMs !== null && !this.#stopped)
          this.#cancel.set(
            channel,
            this.#options.clock.after(waitMs, () => this.#poke(channel)),
          );
      });
    this.#running.set(channel, running);
  }

  /** @returns in how many ms the next message is due; null when none waits */
  async #run(channel: Channel): Promise<number | null> {
    const { store, clock } = this.#options;
    while (!this.#stopped) {
      const next = store.next(channel.name);
      if (!next) return null;
      const waitMs = next.dueAtMs - clock.now();
      // A clock that was set back must not keep a message back for longer than its wait.
      if (waitMs > 0) return Math.min(waitMs, alarmLimits.channelRetryMostMs.value);
      await this.#send(channel, next);
    }
    return null;
  }

  async #send(channel: Channel, waiting: Waiting): Promise<void> {
    const { store } = this.#options;
    const { number, message } = waiting;
    try {
      if (!this.#taken.has(number)) await channel.send(JSON.parse(message) as AlarmMessage);
      this.#taken.add(number);
    } catch (error) {
      this.#later(channel, waiting, error);
      return;
    }
    store.remove(number);
    this.#taken.delete(number);
  }

  #later(channel: Channel, { number, attempts, createdAtMs }: Waiting, error: unknown): void {
    const { store, clock, random } = this.#options;
    const now = clock.now();
    const done = attempts + 1;
    const refused = error instanceof ChannelRefusal && done >= alarmLimits.channelRefusals.value;
    const givenUp = refused || now - createdAtMs >= alarmLimits.channelGiveUpMs.value;
    this.#trouble(channel.name, error, done, givenUp);
    const { channelRetryMs, channelRetryMostMs } = alarmLimits;
    const waitMs = Math.min(channelRetryMs.value * 2 ** attempts, channelRetryMostMs.value);
    if (givenUp) store.remove(number);
    else store.defer(number, done, now + Math.round(waitMs * (0.8 + 0.2 * random())));
  }

  #trouble(channel: string, error: unknown, attempts: number, givenUp: boolean): void {
    const { code } = error as { code?: unknown };
    const said = error instanceof ChannelRefusal ? `STATUS_${error.status}` : code;
    const told = { channel, code: typeof said === 'string' ? said : 'UNKNOWN', attempts, givenUp };
    this.#options.onTrouble(told);
  }
}
