import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../gateway/running.ts';
import type { SpawnedGateway } from '../gateway/spawned.ts';

/** A document on its way: sent until it is acknowledged, as a sender does. */
export interface Sending {
  uniqueId: string;
  key: string;
  body: Buffer;
  stay: string;
  /** Identifier of the submission, or its document when the door does not tell; null until it is acknowledged. */
  submission: string | null;
}

export type Submit = (gateway: SpawnedGateway, sending: Sending, signal: AbortSignal) => Promise<void>;

/** The senders: each takes the next document that is not acknowledged, or makes one. */
export class Load {
  readonly all: Sending[] = [];
  readonly #letter = readFileSync(join(repository, 'samples', 'documents', 'discharge-letter.xml'), 'utf8');
  readonly #base: bigint;
  readonly #submit: Submit;
  #unacknowledged: Sending[] = [];

  constructor(random: () => number, submitBy: Submit) {
    this.#submit = submitBy;
    this.#base = BigInt(Math.floor(random() * 1e12)) * 1_000_000_000n;
  }

  acknowledged(): Sending[] {
    return this.all.filter(({ submission }) => submission !== null);
  }

  /** @param most documents in this life */
  async send(gateway: SpawnedGateway, dead: AbortSignal, most = Number.POSITIVE_INFINITY): Promise<void> {
    for (let sent = 0; sent < most && !dead.aborted; sent += 1) {
      const sending = this.#unacknowledged.shift() ?? this.#make();
      try {
        await this.#submit(gateway, sending, dead);
      } catch {
        this.#unacknowledged.push(sending);
        return;
      }
    }
  }

  /** What is still without an acknowledgement when the gateway lives again. */
  async finish(gateway: SpawnedGateway): Promise<void> {
    for (const sending of this.#unacknowledged)
      await this.#submit(gateway, sending, new AbortController().signal);
    this.#unacknowledged = [];
  }

  #make(): Sending {
    const number = this.all.length;
    const uniqueId = `2.25.${this.#base + BigInt(number)}`;
    const text = this.#letter
      .replace(/<id root="2\.25\.\d+"\/>/, `<id root="${uniqueId}"/>`)
      .replace(/<setId[^>]*\/>/, `<setId root="${uniqueId}"/>`);
    const sending = {
      uniqueId,
      key: `key-${number}`,
      body: Buffer.from(text),
      stay: `S${number}`,
      submission: null,
    };
    this.all.push(sending);
    return sending;
  }
}
