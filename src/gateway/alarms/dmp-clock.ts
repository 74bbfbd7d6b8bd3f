import type { Incidents } from '../../words/incident.ts';
import { SKEW_ALARM_MS } from '../ntp.ts';

/** So many answers in a row must say the same: one machine of many, or one proxy, may be wrong alone. */
const IN_A_ROW = 3;

/**
 * Compares our clock with the Date of every answer of the DMP, which judges our signatures by its own. A Date tells whole
 * seconds and was written between the request and its answer: only what lies outside of these differs.
 */
export class DmpClock {
  readonly #incidents: Incidents;
  #inARow = 0;
  #told: boolean | null = null;

  constructor(incidents: Incidents) {
    this.#incidents = incidents;
  }

  /** @param date the header; what is no date says nothing */
  readonly answered = (date: string | null, sentMs: number, receivedMs: number): void => {
    const at = date === null ? Number.NaN : Date.parse(date);
    if (Number.isNaN(at)) return;
    const aheadMs = Math.max(at - receivedMs, 0) || Math.min(at + 999 - sentMs, 0);
    if (Math.abs(aheadMs) < SKEW_ALARM_MS) this.#right();
    else this.#wrong(aheadMs);
  };

  #right(): void {
    this.#inARow = 0;
    if (this.#told === false) return;
    this.#told = false;
    this.#incidents.close({ kind: 'clock-skew', subject: 'dmp clock', establishment: null });
  }

  #wrong(aheadMs: number): void {
    this.#inARow += 1;
    if (this.#inARow < IN_A_ROW) return;
    this.#told = true;
    this.#incidents.open({
      ...{ kind: 'clock-skew', subject: 'dmp clock', establishment: null, severity: 'call-now', role: 'it' },
      facts: { seconds: Math.round(Math.abs(aheadMs) / 1000) },
    });
  }
}
