import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { openKeys } from '../keys.ts';
import { ledgerLimits } from '../limits.ts';
import { fileWitness } from '../witnesses/file.ts';
import { type Answer, type Call, toWire, type WorkerOptions } from './messages.ts';
import { SqliteWriter } from './writer.ts';

type AppendCall = Extract<Call, { op: 'append' }>;
type OtherCall = Exclude<Call, { op: 'append' }>;

const port = parentPort!;

/**
 * The writer's thread. While one group is being synced the next appends gather in the port; they become the next group,
 * so that many share one sync and a lone append waits for nobody.
 */
class WriterThread {
  readonly #writer: SqliteWriter;
  #unsealed = 0;

  constructor(writer: SqliteWriter) {
    this.#writer = writer;
  }

  /**
   * Takes a call and all that have gathered behind it: appends in order, then the others in order, so that none of these
   * makes two groups of one. Whoever needs an append to come first has waited for its answer.
   */
  receive(first: Call): void {
    const others: OtherCall[] = [];
    let group: AppendCall[] = [];
    let bytes = 0;
    for (let call: Call | undefined = first; call; call = nextCall()) {
      if (call.op !== 'append') {
        others.push(call);
        continue;
      }
      group.push(call);
      bytes += bytesOf(call);
      if (isFull(group, bytes)) {
        this.#flush(group);
        group = [];
        bytes = 0;
      }
    }
    this.#flush(group);
    for (const call of others) this.#answer(call);
  }

  #flush(group: AppendCall[]): void {
    if (group.length === 0) return;
    const outcomes = this.#writer.appendGroup(group.map((call) => call.append));
    outcomes.forEach((outcome, index) => {
      const { call, append } = group[index]!;
      if (outcome instanceof Error) post({ call, error: toWire(outcome) });
      else {
        this.#unsealed += append.events.length;
        post({ call, value: outcome });
      }
    });
    const { value: most } = ledgerLimits.sealEvents;
    if (this.#unsealed >= most) this.#sealBetween(group.at(-1)!.append.nowMs, most);
  }

  #answer(call: OtherCall): void {
    try {
      post({ call: call.call, value: this.#perform(call) });
    } catch (error) {
      post({ call: call.call, error: toWire(error) });
    }
    if (call.op === 'close') port.close();
  }

  #perform(call: OtherCall): unknown {
    switch (call.op) {
      case 'claim':
        return this.#writer.claim(call.claim);
      case 'claim-notice':
        return this.#writer.claimNotice(call.claim);
      case 'claim-mailbox':
        return this.#writer.claimMailbox(call.claim);
      case 'give-back':
        return this.#writer.giveBack(call.claimed);
      case 'seal':
        return this.#seal(call.nowMs, 1);
      case 'rebuild':
        return this.#writer.rebuild();
      case 'retire':
        return this.#writer.waste.retire(call.nowMs);
      case 'prepare':
        return this.#writer.waste.prepare(call.file, call.bytes);
      case 'relocate':
        return this.#writer.waste.relocate(call.moved);
      case 'obsolete':
        return this.#writer.waste.obsolete(call.file, call.nowMs);
      case 'witness-failures':
        return this.#writer.witnessFailures();
      case 'close':
        return this.#writer.close();
    }
  }

  /** What is written stays unsealed for now when this fails; the next sealing by the clock takes it up, and is heard when it fails. */
  #sealBetween(nowMs: number, most: number): void {
    try {
      this.#seal(nowMs, most);
    } catch {
      this.#unsealed = 0;
    }
  }

  #seal(nowMs: number, atLeast: number): unknown {
    this.#unsealed = 0;
    return this.#writer.seal(nowMs, atLeast);
  }
}

function nextCall(): Call | undefined {
  return receiveMessageOnPort(port)?.message as Call | undefined;
}

function isFull({ length }: AppendCall[], bytes: number): boolean {
  const { groupCommitAppends, groupCommitBytes } = ledgerLimits;
  return length >= groupCommitAppends.value || bytes >= groupCommitBytes.value;
}

function bytesOf({ append }: AppendCall): number {
  return append.bodies.reduce((sum, body) => sum + body.packed.length, 0);
}

function post(answer: Answer): void {
  port.postMessage(answer);
}

function start(): void {
  try {
    const { keyFile, witnessFiles, ...options } = workerData as WorkerOptions;
    const witnesses = witnessFiles.map(fileWitness);
    const thread = new WriterThread(
      new SqliteWriter({ ...options, keys: openKeys(keyFile, false), witnesses }),
    );
    port.on('message', (call: Call) => thread.receive(call));
    post({ call: 0, value: null });
  } catch (error) {
    post({ call: 0, error: toWire(error) });
  }
}

start();
