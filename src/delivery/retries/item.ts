import type { NewEvent } from '../../ledger/ledger.ts';
import type { LedgerView } from '../../ledger/view.ts';
import type { RetryRow } from '../../ledger/view-retries.ts';
import type { DeliveryRow } from '../../ledger/views.ts';
import { reopened } from '../../routing/plan.ts';
import { isViaducError } from '../../words/errors.ts';
import type { RetryItem, RetrySkip } from '../../words/retry.ts';
import type { Commands } from '../commands.ts';
import { lifted } from '../holds.ts';

/**
 * Opens one delivery of a running list, or leaves it out when anything has happened to it since it was listed. That the
 * run still runs is part of the append: nothing is opened after a stop or a pause.
 * @returns whether the run goes on
 */
export async function openOne(
  commands: Commands,
  establishment: string,
  retry: string,
  item: RetryItem,
): Promise<boolean> {
  const { ledger, clock } = commands;
  const view = ledger.of(establishment);
  for (;;) {
    const expect = { [`retry:${retry}`]: await view.version(`retry:${retry}`) };
    const run = await view.retries.run(retry);
    if (run?.state !== 'running') return false;
    const events = await decideOn(view, run, item, clock.now(), expect);
    try {
      await ledger.append({ establishment, nowMs: clock.now(), expect, events });
      return true;
    } catch (error) {
      if (!isViaducError(error, 'ledger.conflict')) throw error;
    }
  }
}

async function decideOn(
  view: LedgerView,
  run: RetryRow,
  { delivery, version }: RetryItem,
  nowMs: number,
  expect: Record<string, number>,
): Promise<NewEvent[]> {
  const skip = (why: RetrySkip): NewEvent[] => [
    { type: 'retry.skipped', data: { retry: run.id, delivery, why } },
  ];
  const now = await view.delivery(delivery);
  if (!now) return skip('gone');
  if ((await view.version(`delivery:${delivery}`)) !== version) return skip('changed');
  expect[`delivery:${delivery}`] = version;
  const before = now.waitsFor === null ? null : await view.delivery(now.waitsFor);
  if (before) expect[`delivery:${before.id}`] = await view.version(`delivery:${before.id}`);
  return opening(run, now, before, version, nowMs);
}

/** Its author and reason, the run, and what it is a repetition of, stand on the time line of the delivery itself. */
function opening(
  { id: retry, startedBy: by, reason }: RetryRow,
  now: DeliveryRow,
  before: DeliveryRow | null,
  seq: number,
  nowMs: number,
): NewEvent[] {
  const original = { attempts: now.attempts, code: now.code, seq };
  const act = { by, reason, nowMs, lane: 'retried' as const };
  const events = now.state === 'parked' ? [reopened(now, before, act)] : lifted(now, act);
  return events.map((event) =>
    event.type === 'delivery.reopened' || event.type === 'delivery.released'
      ? ({ ...event, data: { ...event.data, retry, original } } as NewEvent)
      : event,
  );
}

/** Parks again what a run has opened and that nothing has happened to since, for the reason it was parked before. */
export async function parkAgain(
  { ledger, clock }: Commands,
  establishment: string,
  { delivery, version }: RetryItem,
  by: string,
): Promise<void> {
  const row = await ledger.of(establishment).delivery(delivery);
  if (!row || row.state === 'final' || row.state === 'parked') return;
  const code = row.code === null || row.code === 'delivery.held' ? 'delivery.stopped' : row.code;
  const failure = { code, class: 'permanent' as const, charged: false, receipt: null };
  const data = { delivery, ...failure, doubt: row.doubt, by };
  const expect = { [`delivery:${delivery}`]: version };
  await ledger
    .append({ establishment, nowMs: clock.now(), expect, events: [{ type: 'delivery.parked', data }] })
    .catch((error: unknown) => {
      // Whatever came first has the last word.
      if (!isViaducError(error, 'ledger.conflict')) throw error;
    });
}
