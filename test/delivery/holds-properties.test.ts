import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cancelSubmission, retryDelivery, stopDelivery } from '../../src/delivery/commands.ts';
import type { AttemptOutcome, Resolution } from '../../src/delivery/destination.ts';
import { endDueHolds, holdSubmission, releaseSubmission } from '../../src/delivery/holds.ts';
import type { Job } from '../../src/delivery/job.ts';
import { Previews } from '../../src/delivery/retries/preview.ts';
import { pauseRetry, resumeRetry, startRetry, stopRetry } from '../../src/delivery/retries/retries.ts';
import { RetryRunner } from '../../src/delivery/retries/runner.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { instant } from '../../src/words/clock.ts';
import { isViaducError } from '../../src/words/errors.ts';
import { accepted, documentEntry, openTestLedger, scratch } from '../ledger/making.ts';
import { delivered, type Stage, stageOf, submit } from './scripted.ts';

// Whatever people do with a document, in whatever order and whatever the destination answers: it arrives at most once, no
// state moves outside the table (the ledger refuses it, and nobody is ever told so), a version never overtakes the one
// before it, nothing leaves while it is held, and in the end everything has an end.

const HOUR = 3_600_000;
const RUNS = 120;
const ANSWERS = ['taken', 'refused', 'busy', 'taken-unsaid', 'lost', 'unknown'] as const;
type Answer = (typeof ANSWERS)[number];

interface Act {
  verb:
    | 'hold'
    | 'escalate'
    | 'release'
    | 'cancel'
    | 'retry'
    | 'stop'
    | 'wait'
    | 'run'
    | 'pause'
    | 'resume'
    | 'end-run';
  target: number;
  hours: number;
  answer: Answer;
}

const acts = fc.array(
  fc.record<Act>({
    verb: fc.constantFrom(
      ...(['hold', 'escalate', 'release', 'cancel', 'retry', 'stop', 'wait', 'wait', 'run'] as const),
      ...(['pause', 'resume', 'end-run'] as const),
    ),
    target: fc.nat({ max: 2 }),
    hours: fc.constantFrom(0.01, 0.5, 1, 3),
    answer: fc.constantFrom(...ANSWERS),
  }),
  { minLength: 3, maxLength: 14 },
);

let folder: string;
let ledger: Ledger;
let stage: Stage;

beforeAll(async () => {
  folder = scratch();
  ledger = await openTestLedger(folder);
  stage = stageOf(ledger);
});
afterAll(async () => {
  await stage.scheduler.stop(0);
  await ledger.close();
  rmSync(folder, { recursive: true });
});

/** What the destination holds, and what it was sent when it should not have been. */
class Held {
  readonly documents = new Set<string>();
  readonly wrongs: string[] = [];
  readonly answers: Answer[] = [];
  /** Until when each delivery is held, as the acts left it. Milliseconds. */
  readonly untilMs = new Map<string, number>();

  async send({ delivery }: Job): Promise<AttemptOutcome> {
    const [document] = delivery.documents;
    if (this.documents.has(document!)) this.wrongs.push(`${document} was sent again`);
    const now = (await ledger.of('one').delivery(delivery.id))!;
    if (now.state !== 'sending') this.wrongs.push(`${document} was sent while ${now.state}`);
    if (stage.clock.now() < (this.untilMs.get(delivery.id) ?? 0)) this.wrongs.push(`${document} was held`);
    const chain = await ledger.of('one').chain(delivery.chain);
    if (chain.some(({ seq, state }) => seq < delivery.seq && state !== 'final'))
      this.wrongs.push(`${document} overtook the version before it`);
    return this.#answer(this.answers.shift() ?? 'taken', document!);
  }

  async resolve({ delivery }: Job): Promise<Resolution> {
    const found = this.documents.has(delivery.documents[0]!);
    return found ? { found, entries: {}, raw: null } : { found };
  }

  #answer(answer: Answer, document: string): AttemptOutcome {
    if (answer === 'taken' || answer === 'taken-unsaid') this.documents.add(document);
    if (answer === 'taken') return delivered;
    if (answer === 'refused') return { result: 'refused', code: 'DMPClosed', raw: null };
    if (answer === 'busy')
      return { result: 'failed', code: 'XDSRegistryBusy', aboutDocument: true, raw: null };
    if (answer === 'unknown')
      return { result: 'blocked', code: 'XDSUnheardOf', class: 'permanent', raw: null };
    return { result: 'ambiguous', code: 'delivery.dmp-lost', raw: null };
  }
}

/** A document, the version that waits for it, and one that its request holds. */
async function documents(sender: string) {
  const first = await submit(ledger, { sender });
  const next = accepted({
    sender,
    documents: [documentEntry()],
    operation: 'replace',
    target: first.uniqueId,
  });
  const place = { operation: 'replace' as const, chain: first.uniqueId, waitsFor: first.delivery };
  next.deliveries = [{ ...next.deliveries[0]!, ...place, state: 'waiting', dueAt: null }];
  const second = await submit(ledger, next);
  const hold = { reason: 'asked', until: instant(stage.clock.now() + HOUR) };
  return [first, second, await submit(ledger, { sender, hold })];
}

let runs = 0;

async function play(sequence: Act[]): Promise<void> {
  const held = new Held();
  Object.assign(stage.port, { send: held.send.bind(held), resolve: held.resolve.bind(held) });
  runs += 1;
  const sender = `sender-${runs}`;
  const errors: unknown[] = [];
  const commands = { ledger, clock: stage.clock, interrupt: (id: string) => stage.scheduler.interrupt(id) };
  const runner = new RetryRunner({
    ...{ ...commands, establishments: ['one'] },
    onOpened: () => {},
    onError: (error) => errors.push(error),
  });
  const tools = { ...commands, previews: new Previews(ledger, stage.clock), onRunning: () => {} };
  const all = await documents(sender);
  let run = '';

  async function passes(hours: number): Promise<void> {
    stage.clock.advance(hours * HOUR);
    await endDueHolds(commands, 'one');
    runner.poke();
    await runner.idle();
    await stage.rest();
  }

  async function act({ verb, target, hours, answer }: Act): Promise<unknown> {
    const { submission, delivery } = all[target]!;
    held.answers.push(answer);
    const anne = { name: 'Anne', operator: true };
    const until = instant(stage.clock.now() + hours * HOUR);
    switch (verb) {
      case 'hold':
      case 'escalate':
        return holdSubmission(
          ...([commands, 'one', submission] as const),
          { reason: 'x', until, atEnd: verb === 'hold' ? 'release' : 'escalate' },
          anne,
        );
      case 'release':
        return releaseSubmission(commands, 'one', submission, 'x', anne);
      case 'cancel':
        return cancelSubmission(commands, 'one', submission, { by: 'Anne', reason: 'not to be sent' });
      case 'retry':
        return retryDelivery(commands, 'one', delivery, 'Anne', 'x');
      case 'stop':
        return stopDelivery(commands, 'one', delivery, 'Anne');
      case 'run': {
        const preview = await tools.previews.make('one', { standing: 'parked', senders: [sender] }, null);
        run = preview.id;
        return startRetry(tools, 'one', run, { by: 'Anne', reason: 'x', ratePerMinute: 6000 });
      }
      case 'pause':
        return pauseRetry(tools, 'one', run, 'Anne');
      case 'resume':
        return resumeRetry(tools, 'one', run, 'Anne');
      case 'end-run':
        return stopRetry(tools, 'one', run, 'Anne');
      case 'wait':
        return passes(hours);
    }
  }

  /** What is refused to a person is told in words of the catalogue; that a state may not move is never among them. */
  async function attempted(one: Act): Promise<void> {
    try {
      await act(one);
      const { delivery } = all[one.target]!;
      if (one.verb === 'hold' || one.verb === 'escalate')
        held.untilMs.set(delivery, stage.clock.now() + one.hours * HOUR);
      if (one.verb === 'release') held.untilMs.delete(delivery);
    } catch (error) {
      if (!isViaducError(error) || error.code.startsWith('ledger.')) throw error;
    }
  }

  for (const one of sequence) await attempted(one);
  held.answers.length = 0;
  const rows = async () => Promise.all(all.map(({ delivery }) => ledger.of('one').delivery(delivery)));
  for (let round = 0; round < 12 && (await rows()).some((row) => row!.state !== 'final'); round += 1) {
    for (const target of all.keys())
      for (const verb of ['release', 'retry'] as const)
        await attempted({ verb, target, hours: 1, answer: 'taken' });
    held.answers.length = 0;
    await passes(3);
  }
  expect((await rows()).map((row) => row!.state)).toEqual(['final', 'final', 'final']);
  for (const row of await rows())
    expect(held.documents.has(row!.documents[0]!)).toBe(row!.outcome === 'delivered');
  expect(held.wrongs).toEqual([]);
  expect([...errors, ...stage.errors]).toEqual([]);
  await runner.stop();
}

/** A version that waited for the one before it, escalated, and put off by a person once that one had ended. */
const PUT_OFF = (
  [
    ['escalate', 1],
    ['hold', 0],
    ['wait', 0],
    ['hold', 1],
  ] as const
).map(([verb, target]): Act => ({ verb, target, hours: 0.01, answer: 'taken' }));

test('any sequence of acts ends, and deposits nothing twice', async () => {
  await fc.assert(fc.asyncProperty(acts, play), {
    numRuns: RUNS,
    endOnFailure: false,
    examples: [[PUT_OFF]],
  });
}, 240_000);
