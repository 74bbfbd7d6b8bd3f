/**
 * Values that were stored lately, as they were handed over: whoever needs one again soon does not read, decrypt and unpack
 * it. What was kept first goes first when there is no more room; nobody may change the bytes.
 */
export class RecentValues {
  readonly #mostBytes: number;
  readonly #values = new Map<string, Uint8Array>();
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** Keeps a value, unless it would take more than a quarter of the room. */
  keep(establishment: string, id: string, bytes: Uint8Array): void {
    if (bytes.length * 4 > this.#mostBytes) return;
    this.forget(establishment, id);
    this.#values.set(keyOf(establishment, id), bytes);
    this.#bytes += bytes.length;
    for (const oldest of this.#values.keys()) {
      if (this.#bytes <= this.#mostBytes) return;
      this.#remove(oldest);
    }
  }

  get(establishment: string, id: string): Uint8Array | null {
    return this.#values.get(keyOf(establishment, id)) ?? null;
  }

  forget(establishment: string, id: string): void {
    this.#remove(keyOf(establishment, id));
  }

  /** Bytes of all that is kept. */
  get bytes(): number {
    return this.#bytes;
  }

  #remove(key: string): void {
    this.#bytes -= this.#values.get(key)?.length ?? 0;
    this.#values.delete(key);
  }
}

function keyOf(establishment: string, id: string): string {
  return `${establishment}/${id}`;
}
