import { intakeError } from './errors.ts';
import { intakeLimits } from './limits.ts';

/**
 * How much may be in hand at the doors at one time: requests that are being read, judged or made durable. Beyond it a
 * request is turned away before its body is read, so that a flood costs the senders time and the gateway no memory.
 */
export class Admission {
  readonly #mostRequests: number;
  readonly #mostBytes: number;
  #requests = 0;
  #bytes = 0;

  constructor(
    mostRequests: number = intakeLimits.requestsInHand.value,
    mostBytes: number = intakeLimits.bytesInHand.value,
  ) {
    this.#mostRequests = mostRequests;
    this.#mostBytes = mostBytes;
  }

  /**
   * Lets a request in. A single one always is, however large.
   * @param bytes announced size of its body; null when it was not announced, which counts as the largest allowed
   * @returns the function that lets it out again; calling it twice does nothing
   * @throws ViaducError `request.door-busy`: nothing of the request was read
   */
  enter(bytes: number | null): () => void {
    const size = Math.min(bytes ?? Number.POSITIVE_INFINITY, intakeLimits.documentBytes.value);
    const full = this.#requests >= this.#mostRequests || this.#bytes + size > this.#mostBytes;
    if (full && this.#requests > 0) throw intakeError('request.door-busy', { inHand: this.#requests });
    this.#requests += 1;
    this.#bytes += size;
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      this.#requests -= 1;
      this.#bytes -= size;
    };
  }

  get inHand(): number {
    return this.#requests;
  }
}
