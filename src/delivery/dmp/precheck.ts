import { dmpLimits } from './limits.ts';
import type { DmpStatus } from './td0-2.ts';

/** Whether TD0.2 is called before a deposit: never, before each, or unless the record was found open lately. */
export type PrecheckMode = 'never' | 'before-deposit' | 'cached';

/** Code with which a deposit is refused that the DMP was asked about; null when nothing speaks against it. */
export type PrecheckRefusal = 'delivery.dmp-found-closed' | 'delivery.dmp-absent' | null;

/**
 * Asks before a deposit whether there is a record to feed. Only a clear no stops a deposit: a question that failed says
 * nothing about the patient. Only a yes is remembered, for hours: a record that was opened meanwhile is seen at once.
 */
export class Precheck {
  readonly #mode: PrecheckMode;
  /** Milliseconds since 1970 at which a yes ends, by patient. */
  readonly #open = new Map<string, number>();

  constructor(mode: PrecheckMode) {
    this.#mode = mode;
  }

  /** @param patient establishment and INS */
  async refusal(patient: string, nowMs: number, ask: () => Promise<DmpStatus>): Promise<PrecheckRefusal> {
    if (this.#mode === 'never') return null;
    if (this.#mode === 'cached' && (this.#open.get(patient) ?? 0) > nowMs) return null;
    const status = await ask();
    if (status.kind === 'failed') return null;
    if (status.dmp === 'closed') return 'delivery.dmp-found-closed';
    if (status.dmp === 'absent') return 'delivery.dmp-absent';
    if (this.#mode === 'cached') this.#remember(patient, nowMs);
    return null;
  }

  /** The oldest are forgotten first. */
  #remember(patient: string, nowMs: number): void {
    this.#open.delete(patient);
    this.#open.set(patient, nowMs + dmpLimits.openHours.value * 3_600_000);
    if (this.#open.size > dmpLimits.openPatients.value) this.#open.delete(this.#open.keys().next().value!);
  }
}
