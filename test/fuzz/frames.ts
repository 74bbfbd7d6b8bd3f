import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { problemsOf } from '../crash/rounds.ts';
import { repository } from '../gateway/running.ts';
import { type SpawnedGateway, spawnGateway } from '../gateway/spawned.ts';
import { type Ack, MllpClient } from '../intake/mllp/client.ts';
import { usageOf } from '../load/processes.ts';
import { framedAs, framing, mutate } from './mutations.ts';

/** What a fuzz run came to. The lists are empty when the gateway kept its promises. */
export interface FuzzReport {
  frames: number;
  /** Answers by their code. */
  answers: Record<string, number>;
  /** Complete frames that were not answered, or not by an acknowledgement. */
  wrong: string[];
  /** Problems of the ledger, by its verification. */
  problems: string[];
  /** Resident memory of the gateway, MB: after the first tenth, and at the end. */
  memory: { before: number; after: number };
  seconds: number;
}

const LINES = 4;
const ANSWER_MS = 60_000;

/** Sends spoilt frames to a gateway in a process of its own, and looks at every answer and at the ledger afterwards. */
export async function fuzzFrames(
  frames: number,
  random: () => number,
  tell: (line: string) => void,
): Promise<FuzzReport> {
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'viaduc-fuzz-'));
  const gateway = await spawnGateway({ folder });
  try {
    const run = new Run(gateway, random);
    const tenth = Math.max(1, Math.floor(frames / 10));
    let before = 0;
    for (let part = 0; part < 10 && run.sent < frames; part += 1) {
      await Promise.all(
        Array.from({ length: LINES }, () => run.line(Math.ceil(Math.min(tenth, frames - run.sent) / LINES))),
      );
      if (part === 0) before = memoryOf(gateway);
      tell(`${run.sent} frames, ${JSON.stringify(run.answers)}, ${memoryOf(gateway)} MB`);
    }
    const health = await fetch(`${gateway.endpoints.http}/health/ready`);
    if (health.status !== 200) run.wrong.push(`/health/ready: ${health.status}`);
    const after = memoryOf(gateway);
    const { code } = await gateway.end();
    if (code !== 0) run.wrong.push(`the gateway ended with status ${code}: ${gateway.output().slice(-500)}`);
    const { sent, answers, wrong } = run;
    const seconds = (performance.now() - began) / 1000;
    return { frames: sent, answers, wrong, problems: problemsOf(folder), memory: { before, after }, seconds };
  } finally {
    gateway.child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

function memoryOf(gateway: SpawnedGateway): number {
  return Math.round((usageOf(gateway.child.pid!)?.residentBytes ?? 0) / 2 ** 20);
}

const sampleMessage = (name: string) =>
  Buffer.from(
    readFileSync(join(repository, 'samples', 'messages', name), 'latin1')
      .trimEnd()
      .replace(/\n/g, '\r'),
    'latin1',
  );

class Run {
  readonly answers: Record<string, number> = {};
  readonly wrong: string[] = [];
  sent = 0;
  readonly #gateway: SpawnedGateway;
  readonly #random: () => number;
  readonly #small = sampleMessage('oru-no-document.hl7');
  readonly #whole = [sampleMessage('oru-letter.hl7'), sampleMessage('mdm-letter-deletion.hl7')];

  constructor(gateway: SpawnedGateway, random: () => number) {
    this.#gateway = gateway;
    this.#random = random;
  }

  /** So many frames over connections that are opened again when one ends. */
  async line(count: number): Promise<void> {
    let client = await MllpClient.open(this.#gateway.endpoints.mllp!);
    for (let turn = 0; turn < count; turn += 1) {
      this.sent += 1;
      const how = framing(this.#random);
      const message = this.#message();
      const expected =
        how === 'whole' && !isAcknowledgement(message) && !message.includes(0x0b) && !message.includes(0x1c);
      client.socket.write(framedAs(message, how, this.#random));
      if (expected) await this.#expectAnswer(client, message);
      if (expected && !client.closed) continue;
      // What is not whole leaves the two in disagreement about where a frame begins.
      client.close();
      client = await MllpClient.open(this.#gateway.endpoints.mllp!);
    }
    client.close();
  }

  #message(): Buffer {
    const base = this.#random() < 0.93 ? this.#small : this.#whole[this.sent % this.#whole.length]!;
    const own = base.toString('latin1').replace(/\|DEMO-\d+\|/, `|F-${this.sent}|`);
    return mutate(Buffer.from(own, 'latin1'), this.#random);
  }

  async #expectAnswer(client: MllpClient, message: Buffer): Promise<void> {
    const index = client.acks.length;
    const ack = await client.ack(index, ANSWER_MS).catch((error: Error) => error);
    if (ack instanceof Error)
      return void this.wrong.push(`${ack.message}: ${message.toString('base64').slice(0, 200)}`);
    this.answers[ack.code] = (this.answers[ack.code] ?? 0) + 1;
    if (!isSound(ack))
      this.wrong.push(`${ack.text.slice(0, 200)}: ${message.toString('base64').slice(0, 200)}`);
  }
}

/** Table 0357 as the interface keeps it. */
const CONDITIONS = ['100', '101', '102', '103', '198', '199', '200', '201', '202', '203', '207'];

/** Whether an answer is an acknowledgement as the interface has it: a code, and for a refusal why, in a few words each. */
function isSound({ code, event, controlId, errors }: Ack): boolean {
  const wellSaid = errors.every(
    ({ condition, severity, user, diagnostic }) =>
      CONDITIONS.includes(condition) && ['E', 'W'].includes(severity) && user !== '' && diagnostic !== '',
  );
  const refused = errors.some(({ severity }) => severity === 'E');
  const known = ['AA', 'AE', 'AR'].includes(code) && event.startsWith('ACK') && controlId !== '';
  return known && wellSaid && errors.length <= 20 && refused === (code !== 'AA');
}

function isAcknowledgement(message: Buffer): boolean {
  return /^[\s\ufeff]*MSH.{0,200}\|ACK/i.test(message.toString('latin1'));
}
