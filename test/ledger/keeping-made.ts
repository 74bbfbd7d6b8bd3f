import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { sha256 } from '../../src/ledger/cipher.ts';
import { Keeping, type KeepingOptions } from '../../src/ledger/keeping.ts';
import { openKeys } from '../../src/ledger/keys.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { RetentionPolicy } from '../../src/ledger/retention.ts';
import { openSqliteCopy } from '../../src/ledger/sqlite/copy.ts';
import { type ChainReport, verifyLedger } from '../../src/ledger/verify.ts';
import { readWitness } from '../../src/ledger/witnesses/file.ts';
import type { DeliveryState } from '../../src/words/delivery.ts';
import { accepted, acceptedEvent, appendOf, bodyOf, documentEntry, finished, fresh, T0 } from './making.ts';

export const DAY = 86_400_000;
const days = (count: number) => ({ text: `${count}d`, ms: count * DAY });

export const POLICY: RetentionPolicy = {
  refused: days(30),
  delivered: days(60),
  undelivered: days(60),
  wire: days(300),
  record: days(300),
};

export function keeping(ledger: Ledger, nowMs: number, changes: Partial<KeepingOptions> = {}): Keeping {
  const clock = { now: () => nowMs, after: () => () => {} };
  const pause = () => setImmediate();
  return new Keeping({ ledger, clock, establishments: ['one', 'two'], policy: POLICY, pause, ...changes });
}

export interface Made {
  submission: string;
  uniqueId: string;
  delivery: string;
  document: string;
  lot: string;
  receipt: string;
  value: string;
  person: string;
}

export interface Making {
  ins?: string;
  outcome?: 'delivered' | 'refused';
  /** Leaves the delivery in this state instead of ending it. */
  left?: Extract<DeliveryState, 'due' | 'sending' | 'ambiguous' | 'parked'>;
  chain?: string;
  at?: number;
  bytes?: Uint8Array;
}

/** A submission of one document with everything that its exchange leaves behind. */
export async function submit(ledger: Ledger, making: Making = {}): Promise<Made> {
  const { ins = 'p', outcome = 'delivered', left, at = T0 } = making;
  const bytes = making.bytes ?? Buffer.from(`a document about ${ins}`.repeat(10));
  const [document, lot, receipt] = [
    bodyOf(fresh(), bytes),
    bodyOf(fresh(), Buffer.from('lot')),
    bodyOf(fresh(), Buffer.from('answer')),
  ];
  const entry = documentEntry({ body: document.reference });
  const data = accepted({ documents: [entry], requestKey: sha256(entry.uniqueId), deliveries: [] });
  const [made] = accepted({ documents: [entry] }).deliveries;
  const delivery = { ...made!, chain: making.chain ?? entry.uniqueId };
  const subject = { ins, ipp: null };
  const event = {
    ...acceptedEvent({ ...data, deliveries: [delivery] }),
    subject,
    personal: Buffer.from('traits'),
  };
  const [appended] = await ledger.append(
    appendOf(event, { nowMs: at, bodies: [{ ...document.body, subject }] }),
  );
  const person = appended!.person!;
  const wire = { retention: 'wire' as const, subject: { person } };
  const { id } = delivery;
  const failure = { code: 'c', class: 'transient' as const, charged: false, receipt: null };
  if (left !== 'due') {
    const sent = {
      delivery: id,
      attempt: 1,
      lot: { uniqueId: `${entry.uniqueId}.1`, metadata: lot.reference },
    };
    await ledger.append(
      appendOf({ type: 'delivery.sending', data: sent }, { nowMs: at, bodies: [{ ...lot.body, ...wire }] }),
    );
  }
  if (left === 'parked')
    await ledger.append(
      appendOf(
        { type: 'delivery.parked', data: { delivery: id, ...failure, doubt: false, by: null } },
        { nowMs: at },
      ),
    );
  if (left === 'ambiguous')
    await ledger.append(
      appendOf(
        { type: 'delivery.in-doubt', data: { delivery: id, ...failure, dueAt: new Date(at).toISOString() } },
        { nowMs: at },
      ),
    );
  if (left === undefined) {
    const end = finished(id, entry.uniqueId, outcome) as Extract<
      ReturnType<typeof finished>,
      { type: 'delivery.finished' }
    >;
    const ended = { ...end, data: { ...end.data, receipt: receipt.reference } };
    await ledger.append(appendOf(ended, { nowMs: at, bodies: [{ ...receipt.body, ...wire }] }));
  }
  const ids = { document: document.body.id, lot: lot.body.id, receipt: receipt.body.id };
  return {
    submission: data.submission,
    uniqueId: entry.uniqueId,
    delivery: id,
    ...ids,
    value: appended!.personalRef!,
    person,
  };
}

/** A refusal at the door, with its document and its report. */
export async function refuse(
  ledger: Ledger,
  at = T0,
): Promise<{ submission: string; document: string; value: string }> {
  const { reference, body } = bodyOf(fresh(), Buffer.from('a document that was refused'));
  const submission = fresh();
  const request = { sender: 'lab', door: 'http' as const, requestKey: null, requestSha256: sha256('r') };
  const data = { submission, ...request, code: 'document.invalid', status: 422, codes: [], body: reference };
  const subject = { ins: 'p', ipp: null };
  const event = { type: 'submission.refused' as const, data, subject, personal: Buffer.from('report') };
  const [appended] = await ledger.append(
    appendOf(event, { nowMs: at, bodies: [{ ...body, retention: 'refused', subject }] }),
  );
  return { submission, document: body.id, value: appended!.personalRef! };
}

/** Whether a body can still be read, or the code of why not. */
export async function bodyState(ledger: Ledger, id: string): Promise<string> {
  try {
    await ledger.of('one').body(id);
    return 'kept';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

export function verified(folder: string): ChainReport {
  const copy = openSqliteCopy(join(folder, 'data'), openKeys(join(folder, 'keys.json'), false));
  const witness = readWitness(join(folder, 'witness.jsonl'));
  const report = verifyLedger(copy, { witness }).find(({ establishment }) => establishment === 'one')!;
  copy.close();
  return report;
}
