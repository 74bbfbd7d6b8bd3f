import { type FaultName, type FaultRule, FAULTS as SCRIPTED } from '../../src/sandbox/dmp/faults.ts';

export const FAULTS = Object.keys(SCRIPTED) as FaultName[];

/** One fault at one step of one operation. */
export interface Cell {
  operation: 'deposit' | 'replace' | 'delete';
  /** Look-up of what is replaced or deleted, the call that changes something, the question after a lost answer. */
  step: 'lookup' | 'send' | 'resolve';
  fault: FaultName;
}

const STEPS: readonly Omit<Cell, 'fault'>[] = [
  { operation: 'deposit', step: 'send' },
  { operation: 'deposit', step: 'resolve' },
  { operation: 'replace', step: 'lookup' },
  { operation: 'replace', step: 'send' },
  { operation: 'replace', step: 'resolve' },
  { operation: 'delete', step: 'lookup' },
  { operation: 'delete', step: 'send' },
  { operation: 'delete', step: 'resolve' },
];

export function allCells(): Cell[] {
  return FAULTS.flatMap((fault) => STEPS.map((step) => ({ ...step, fault })));
}

/** What the simulator is told to do for a cell. */
export function rulesOf(
  { operation, step, fault }: Cell,
  uniqueId: string,
  target: string | null,
): FaultRule[] {
  const about = operation === 'delete' ? target! : uniqueId;
  const change = operation === 'delete' ? 'iti-57' : 'iti-41';
  const delay = { delayMs: 100 };
  if (step === 'lookup') return [{ match: { transaction: 'iti-18', uniqueId: target! }, fault, ...delay }];
  if (step === 'send') return [{ match: { transaction: change, uniqueId: about }, fault, ...delay }];
  // The look-up before a deletion asks for the same document: it is the second question that meets the fault.
  const second = operation === 'delete' ? { every: 2, times: 1 } : {};
  return [
    { match: { transaction: change, uniqueId: about }, fault: 'store-then-reset' },
    { match: { transaction: 'iti-18', uniqueId: about }, fault, ...delay, ...second },
  ];
}

/** Refusals that no repetition mends, and answers that nobody can interpret: what they make of a delivery. */
const FINAL: Readonly<Partial<Record<FaultName, 'refused' | 'parked'>>> = {
  'several-errors': 'refused',
  // The attributes are read whichever way round they stand.
  'swapped-error-attributes': 'refused',
  'soap-fault': 'parked',
  'soap-fault-multipart': 'parked',
  'unknown-error-code': 'parked',
};

/** How a cell must end. */
export function expectedEnd(cell: Cell): object {
  const { operation, step, fault } = cell;
  const end = step === 'resolve' ? 'delivered' : (FINAL[fault] ?? 'delivered');
  const done = end === 'delivered';
  const before = { deposit: 'none', replace: 'none', delete: 'Approved' }[operation];
  const after = { deposit: 'Approved', replace: 'Approved', delete: 'Deleted' }[operation];
  return {
    end,
    held: done ? after : before,
    former: operation === 'replace' ? (done ? 'Deprecated' : 'Approved') : null,
    told: end === 'parked' ? null : done ? 'Y' : 'N',
  };
}
