import type { NewEvent } from '../../ledger/ledger.ts';
import type { LedgerView } from '../../ledger/view.ts';
import { isViaducError } from '../../words/errors.ts';
import { newId } from '../../words/ids.ts';
import type { Commands } from '../commands.ts';
import { readDeletion } from './deletion.ts';
import { withdrawalError } from './errors.ts';
import { documentsNamed, type Named, type Target } from './target.ts';

/** A person, by name and by token. */
export interface Actor {
  by: string;
  token: string;
}

/**
 * Asks for the withdrawal of documents from the DMP. Nothing leaves: a second person decides.
 * @returns its identifier
 * @throws ViaducError those of `readDeletion`; `withdrawal.already-asked`
 */
export async function askWithdrawal(
  { ledger, clock }: Commands,
  establishment: string,
  named: Named,
  { by, token, reason }: Actor & { reason: string },
): Promise<string> {
  const view = ledger.of(establishment);
  for (;;) {
    const nowMs = clock.now();
    const documents = await documentsNamed(view, named);
    const { targets, expect } = await readDeletion(view, documents, nowMs);
    await refuseSecond(view, documents);
    const withdrawal = newId(nowMs);
    const deposits = [...new Set(targets.map(({ deposit }) => deposit.id))];
    const data = { withdrawal, documents, deposits, item: named.item ?? null, reason, by, token };
    const asked: NewEvent = { type: 'withdrawal.asked', data, ...(await subjectOf(view, targets)) };
    try {
      await ledger.append({ establishment, nowMs, expect, events: [asked] });
      return withdrawal;
    } catch (error) {
      if (!isViaducError(error, 'ledger.conflict')) throw error;
    }
  }
}

async function refuseSecond(view: LedgerView, documents: readonly string[]): Promise<void> {
  for (const uniqueId of documents) {
    const other = await view.withdrawalAskedOf(uniqueId);
    if (other) throw withdrawalError('withdrawal.already-asked', { withdrawal: other.id });
  }
}

async function subjectOf(view: LedgerView, [first]: readonly Target[]) {
  const person = (await view.submission(first!.deposit.submission))?.person;
  return person ? { subject: { person } } : {};
}
