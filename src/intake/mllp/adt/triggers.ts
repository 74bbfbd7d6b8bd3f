import type { MovementAction } from '../../../words/movement.ts';

/**
 * What an ADT event does (PAM France). `inserts`: it tells a movement; `cancels`: it takes back the movement of another
 * event. Events that are not here are acknowledged and change nothing.
 */
export interface Trigger {
  inserts: boolean;
  cancels: readonly string[];
  /** What it does to identities beside stating one. */
  identity: 'state' | 'merge' | 'change-id' | 'link' | 'unlink' | 'move-file';
}

const movement: Trigger = { inserts: true, cancels: [], identity: 'state' };
const cancelling = (...cancels: string[]): Trigger => ({ inserts: false, cancels, identity: 'state' });
const about = (identity: Trigger['identity']): Trigger => ({ inserts: false, cancels: [], identity });

export const TRIGGERS: Readonly<Record<string, Trigger>> = {
  A01: movement,
  A02: movement,
  A03: movement,
  A04: movement,
  A05: movement,
  A14: movement,
  A15: movement,
  A16: movement,
  A21: movement,
  A22: movement,
  A54: movement,
  // Each is the cancellation of the other when ZBE-4 says CANCEL.
  A06: { inserts: true, cancels: ['A07'], identity: 'state' },
  A07: { inserts: true, cancels: ['A06'], identity: 'state' },
  A11: cancelling('A01', 'A04'),
  A12: cancelling('A02'),
  A13: cancelling('A03'),
  A25: cancelling('A16'),
  A26: cancelling('A15'),
  A27: cancelling('A14'),
  A38: cancelling('A05'),
  A52: cancelling('A21'),
  A53: cancelling('A22'),
  A55: cancelling('A54'),
  Z99: movement,
  A08: about('state'),
  A28: about('state'),
  A31: about('state'),
  A40: about('merge'),
  A47: about('change-id'),
  A24: about('link'),
  A37: about('unlink'),
  A44: about('move-file'),
};

/** The event that a movement message is about: the one it tells, takes back or corrects (ZBE-6). */
export function eventOf(trigger: string, action: MovementAction, original: string): string | null {
  if (action === 'INSERT') return trigger;
  if (original !== '') return original;
  return action === 'CANCEL' ? (TRIGGERS[trigger]!.cancels[0] ?? null) : null;
}
