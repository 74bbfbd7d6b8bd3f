import type { NewEvent } from '../../ledger/ledger.ts';
import type { RetryCount, RetryRow } from '../../ledger/view-retries.ts';
import { isViaducError, type ViaducError } from '../../words/errors.ts';
import type { EventData } from '../../words/events.ts';
import { RETRY_MOVES, type RetryItem, type RetryState } from '../../words/retry.ts';
import type { Commands } from '../commands.ts';
import { retryError } from './errors.ts';
import { parkAgain } from './item.ts';
import { retryLimits } from './limits.ts';
import { type Preview, type Previews, wasPreviewOf } from './preview.ts';

export interface RetryTools extends Commands {
  previews: Previews;
  /** A run has begun or goes on. */
  onRunning(): void;
}

export interface Start {
  by: string;
  reason: string;
  ratePerMinute: number;
}

/**
 * Starts the run of a preview: its list is written down with it. Started before, it is the same run.
 * @throws ViaducError `retry.unknown`, `retry.preview-gone`, `retry.nothing`
 */
export async function startRetry(
  tools: RetryTools,
  establishment: string,
  id: string,
  start: Start,
): Promise<RetryRow> {
  const view = tools.ledger.of(establishment);
  const started = await view.retries.run(id);
  if (started) return started;
  const preview = tools.previews.find(id);
  if (preview?.establishment !== establishment) throw notFound(establishment, id);
  if (preview.found.length === 0) throw retryError('retry.nothing');
  const nowMs = tools.clock.now();
  try {
    const events = startEvents(preview, start);
    await tools.ledger.append({ establishment, nowMs, expect: { [`retry:${id}`]: 0 }, events });
    tools.previews.forget(id);
    tools.onRunning();
  } catch (error) {
    // A second click came in between: it is the same run.
    if (!isViaducError(error, 'ledger.conflict')) throw error;
  }
  return (await view.retries.run(id))!;
}

/** Of what is neither a run nor kept: whether it was a preview of this establishment. */
export function notFound(establishment: string, id: string): ViaducError {
  return retryError(wasPreviewOf(establishment, id) ? 'retry.preview-gone' : 'retry.unknown');
}

function startEvents({ id: retry, filter, key, found }: Preview, start: Start): NewEvent[] {
  const items: RetryItem[] = found.map(({ delivery, version }) => ({ delivery, version }));
  const data: EventData['retry.started'] = { retry, ...start, filter, count: items.length, key };
  const parts: NewEvent[] = [];
  const size = retryLimits.itemsOfEvent.value;
  for (let from = 0; from < items.length; from += size)
    parts.push({ type: 'retry.listed', data: { retry, items: items.slice(from, from + size) } });
  return [{ type: 'retry.started', data }, ...parts];
}

/** Opens none any more until it is resumed. Paused already, nothing is done. */
export function pauseRetry(tools: RetryTools, establishment: string, id: string, by: string) {
  return move(tools, establishment, id, 'paused', { type: 'retry.paused', data: { retry: id, by } });
}

export async function resumeRetry(tools: RetryTools, establishment: string, id: string, by: string) {
  const run = await move(tools, establishment, id, 'running', {
    type: 'retry.resumed',
    data: { retry: id, by },
  });
  tools.onRunning();
  return run;
}

/** Opens none any more, and takes back what it has opened and that has not been touched since. */
export async function stopRetry(tools: RetryTools, establishment: string, id: string, by: string) {
  const run = await move(tools, establishment, id, 'stopped', {
    type: 'retry.stopped',
    data: { retry: id, by },
  });
  for (const item of await tools.ledger.of(establishment).retries.untouched(id))
    await parkAgain(tools, establishment, item, by);
  return run;
}

export function finishRetry(tools: Commands, establishment: string, id: string): Promise<RetryRow> {
  return move(tools, establishment, id, 'done', { type: 'retry.finished', data: { retry: id } });
}

/** @throws ViaducError `retry.unknown`, `retry.state` */
async function move(
  { ledger, clock }: Commands,
  establishment: string,
  id: string,
  to: RetryState,
  event: NewEvent,
): Promise<RetryRow> {
  const view = ledger.of(establishment);
  for (;;) {
    const expect = { [`retry:${id}`]: await view.version(`retry:${id}`) };
    const run = await view.retries.run(id);
    if (!run) throw notFound(establishment, id);
    if (run.state === to) return run;
    if (RETRY_MOVES[run.state][to] === undefined) throw retryError('retry.state', { state: run.state });
    try {
      await ledger.append({ establishment, nowMs: clock.now(), expect, events: [event] });
      return (await view.retries.run(id))!;
    } catch (error) {
      if (!isViaducError(error, 'ledger.conflict')) throw error;
    }
  }
}

/** How far a run has come, and what became of what it opened. */
export interface RetryProgress {
  pending: number;
  opened: number;
  skipped: Record<string, number>;
  /** Of those opened: `delivered`, `refused`…, or the state in which they stand now. */
  outcomes: Record<string, number>;
  /** The same by code, where something is not delivered. */
  codes: Record<string, number>;
}

export function progressOf(counts: readonly RetryCount[]): RetryProgress {
  const progress: RetryProgress = { pending: 0, opened: 0, skipped: {}, outcomes: {}, codes: {} };
  for (const { item, why, state, outcome, code, count } of counts) {
    if (item === 'pending') progress.pending += count;
    else if (item === 'skipped') add(progress.skipped, why!, count);
    else {
      progress.opened += count;
      add(progress.outcomes, outcome ?? state, count);
      if (outcome !== 'delivered' && code !== null) add(progress.codes, code, count);
    }
  }
  return progress;
}

function add(counts: Record<string, number>, name: string, count: number): void {
  counts[name] = (counts[name] ?? 0) + count;
}
