import type { DeliveryRow } from '../ledger/views.ts';
import { instant } from '../words/clock.ts';
import type { DestinationState } from './destination-state.ts';
import { PATIENT_CODES } from './permission.ts';

/**
 * Why a delivery has not left:
 * - `hold`: until a date, or a person releases it
 * - `predecessor`: an earlier version of its document has not ended
 * - `permission`: a message about the patient must come; `person`: somebody must act
 * - `destination-stopped`, `destination-parked`: nothing leaves to its destination until somebody resumes it
 * - `circuit`: its destination does not answer; `until` is the next probe
 * - `receipt`: a mail was taken over by the operator; its receipt is awaited, and missed at an instant
 * - `schedule`: tried or asked for again at an instant
 * - `rate`: as many left as may in a minute; `lane`: others go first
 */
export type WaitReason =
  | 'hold'
  | 'predecessor'
  | 'permission'
  | 'person'
  | 'destination-stopped'
  | 'destination-parked'
  | 'circuit'
  | 'receipt'
  | 'schedule'
  | 'rate'
  | 'lane';

export interface WaitingFor {
  reason: WaitReason;
  /** When it goes on by itself, ISO 8601; null when that is not known. */
  until: string | null;
  code: string | null;
  /** The delivery that must end first. */
  delivery: string | null;
}

/** What a delivery waits for; null when it has ended or is being sent. */
export function waitingFor(
  delivery: DeliveryRow,
  destination: DestinationState,
  nowMs: number,
): WaitingFor | null {
  const { state, code, waitsFor, dueAtMs, accepted } = delivery;
  if (state === 'final' || state === 'sending') return null;
  if (state === 'waiting') {
    if (waitsFor !== null) return waits('predecessor', null, null, waitsFor);
    return waits('hold', dueAtMs, code);
  }
  if (state === 'parked')
    return waits(PATIENT_CODES.includes(code ?? '') ? 'permission' : 'person', null, code);
  if (accepted) return waits('receipt', dueAtMs, code);
  return ofDestination(destination, nowMs) ?? ofQueue(dueAtMs ?? 0, code, destination, nowMs);
}

function ofDestination(
  { standstill, circuit, downCode }: DestinationState,
  nowMs: number,
): WaitingFor | null {
  if (standstill) return waits(`destination-${standstill.state}`, null, standstill.code);
  if (circuit.state === 'closed') return null;
  const probeAtMs = circuit.probeAtMs;
  return waits('circuit', probeAtMs === null ? null : Math.max(nowMs, probeAtMs), downCode);
}

function ofQueue(
  dueAtMs: number,
  code: string | null,
  destination: DestinationState,
  nowMs: number,
): WaitingFor {
  if (dueAtMs > nowMs) return waits('schedule', dueAtMs, code);
  return waits(destination.allowance(nowMs) === 0 ? 'rate' : 'lane', null, null);
}

function waits(
  reason: WaitReason,
  untilMs: number | null,
  code: string | null,
  delivery: string | null = null,
): WaitingFor {
  return { reason, until: untilMs === null ? null : instant(untilMs), code, delivery };
}
