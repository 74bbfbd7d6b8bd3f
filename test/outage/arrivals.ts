import { personalBytes } from '../../src/delivery/job.ts';
import type { Ledger, NewEvent } from '../../src/ledger/ledger.ts';
import type { DeliveryRow } from '../../src/ledger/views.ts';
import { plan } from '../../src/routing/plan.ts';
import { instant } from '../../src/words/clock.ts';
import type { Operation, SubmissionRequest } from '../../src/words/request.ts';
import { accepted, acceptedEvent, documentEntry } from '../ledger/making.ts';

/** A document as it will come. */
export interface Arrival {
  atMs: number;
  uniqueId: string;
  operation: Operation;
  target: string | null;
  structure: string;
  /** First document of its chain, when it is part of one. */
  chain: string | null;
}

export const STRUCTURES: readonly string[] = ['10B0000012', '10B0000020'];

/** Documents spread over a time, each once; so many chains of deposit, replacement and deletion among them. */
export function arrivalsOver(
  fromMs: number,
  toMs: number,
  { documents, chains }: { documents: number; chains: number },
  random: () => number,
): Arrival[] {
  const times = (count: number) =>
    Array.from({ length: count }, () => Math.round(fromMs + random() * (toMs - fromMs))).toSorted(
      (a, b) => a - b,
    );
  const structure = () => STRUCTURES[Math.floor(random() * STRUCTURES.length)]!;
  const single = times(documents - 2 * chains).map((atMs, index) => ({
    ...{ atMs, uniqueId: `2.25.1${index}.${fromMs}`, operation: 'deposit' as const, target: null },
    ...{ structure: structure(), chain: null },
  }));
  const chained = Array.from({ length: chains }, (_, index) => {
    const [first, second] = [`2.25.2${index}`, `2.25.3${index}`];
    const [deposited, replaced, deleted] = times(3) as [number, number, number];
    const about = { structure: structure(), chain: first };
    return [
      { ...about, atMs: deposited, uniqueId: first, operation: 'deposit' as const, target: null },
      { ...about, atMs: replaced, uniqueId: second, operation: 'replace' as const, target: first },
      { ...about, atMs: deleted, uniqueId: second, operation: 'delete' as const, target: second },
    ];
  });
  return [...single, ...chained.flat()].toSorted((a, b) => a.atMs - b.atMs);
}

/** Puts a document into the ledger as the door does: planned on what is known of its chain, in one append. */
export async function arrive(ledger: Ledger, arrival: Arrival, nowMs: number): Promise<string> {
  const { operation, target, uniqueId, structure, chain } = arrival;
  const view = ledger.of('one');
  const known: DeliveryRow[] = chain === null ? [] : await view.chain(chain);
  const planned = plan({
    ...{ operation, documents: [uniqueId], target, nowMs, known, holdUntil: null },
    destinations: [{ kind: 'dmp' }],
  });
  const data = accepted({
    ...{ operation, target, structure: { id: structure, name: 'Site' } },
    ...{ documents: [documentEntry({ uniqueId })], deliveries: planned.deliveries },
  });
  const record = { request: {} as SubmissionRequest, facts: [], findings: [[]] };
  const event: NewEvent = {
    ...acceptedEvent(data),
    ...{ subject: { ins: null, ipp: null }, personal: personalBytes(record) },
  } as NewEvent;
  const freed = planned.consequences.flatMap((one) =>
    one.type === 'delivery.finished' ? [one.data.delivery] : [],
  );
  const waiting = (await Promise.all(freed.map((id) => view.waitingFor(id)))).flat();
  const released: NewEvent[] = waiting.map(({ id }) => ({
    type: 'delivery.released',
    data: { delivery: id, dueAt: instant(nowMs) },
  }));
  await ledger.append({ establishment: 'one', nowMs, events: [event, ...planned.consequences, ...released] });
  return planned.deliveries[0]!.id;
}
