import { Counter, Histogram, type Registry } from 'prom-client';
import type { Append, NewEvent } from '../../ledger/ledger.ts';
import { DeliveryKinds } from './kinds.ts';
import { codeLabel } from './labels.ts';

/** Seconds; from what a lone append on a good disk takes to what no sender waits for. */
const APPEND_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** What becomes durable, counted as it does: nothing is told here that the ledger does not hold. */
export class AppendMetrics {
  readonly kinds = new DeliveryKinds();
  readonly #submissions: Counter;
  readonly #documents: Counter;
  readonly #refusals: Counter;
  readonly #deliveries: Counter;
  readonly #attempts: Counter;
  readonly #notices: Counter;
  readonly #received: Counter;
  readonly #bytes: Counter;
  readonly #events: Counter;
  readonly #seconds: Histogram;
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
    this.#submissions = this.#counter(
      'submissions_total',
      'Requests answered for good, accepted or refused at the door',
      [...['establishment', 'sender', 'door', 'operation', 'result']],
    );
    this.#documents = this.#counter('documents_total', 'Documents of accepted requests', [
      'establishment',
      'judgement',
    ]);
    this.#refusals = this.#counter('refusals_total', 'Refusals at the door, by code', [
      'establishment',
      'door',
      'code',
    ]);
    this.#deliveries = this.#counter('deliveries_total', 'Deliveries that ended', [
      ...['establishment', 'destination', 'outcome', 'code'],
    ]);
    this.#attempts = this.#counter('delivery_events_total', 'What happened to deliveries on the way', [
      ...['establishment', 'destination', 'event', 'code'],
    ]);
    this.#notices = this.#counter('notice_events_total', 'What happened to notices', [
      'establishment',
      'event',
    ]);
    this.#received = this.#counter(
      'received_events_total',
      'What happened to mails with documents, their integrations and their answers',
      ['establishment', 'subject', 'event', 'code'],
    );
    this.#bytes = this.#counter('body_bytes_total', 'Bytes of bodies kept, before compression', [
      'establishment',
      'retention',
    ]);
    this.#events = this.#counter('ledger_events_total', 'Events appended', ['type']);
    this.#seconds = new Histogram({
      ...{
        name: 'viaduc_ledger_append_seconds',
        help: 'From an append to its sync on disk',
        registers: [registry],
      },
      buckets: APPEND_SECONDS,
    });
  }

  appended({ establishment, events, bodies = [] }: Append, tookMs: number): void {
    this.#seconds.observe(tookMs / 1000);
    for (const { retention, bytes } of bodies) this.#bytes.inc({ establishment, retention }, bytes.length);
    for (const event of events) {
      this.#events.inc({ type: event.type });
      this.#count(establishment, event);
    }
  }

  #count(establishment: string, event: NewEvent): void {
    switch (event.type) {
      case 'submission.accepted': {
        const { sender, door, operation, documents } = event.data;
        this.kinds.learn(event);
        this.#submissions.inc({ establishment, sender, door, operation, result: 'accepted' });
        for (const { verdict } of documents)
          this.#documents.inc({ establishment, judgement: verdict.judgement });
        return;
      }
      case 'submission.refused': {
        const { sender, door, code } = event.data;
        this.#submissions.inc({ establishment, sender, door, operation: 'unknown', result: 'refused' });
        this.#refusals.inc({ establishment, door, code });
        return;
      }
      case 'delivery.finished': {
        const { delivery, outcome, code } = event.data;
        this.kinds.tell(establishment, delivery, (destination) =>
          this.#deliveries.inc({ establishment, destination, outcome, code: codeLabel(code) }),
        );
        return;
      }
      case 'delivery.accepted':
      case 'delivery.deferred':
      case 'delivery.in-doubt':
      case 'delivery.parked':
        this.#onTheWay(establishment, event.type, event.data.delivery, codeLabel(event.data.code));
        return;
      case 'delivery.sending':
      case 'delivery.reopened':
        this.#onTheWay(establishment, event.type, event.data.delivery, '');
        return;
      case 'notice.due':
      case 'notice.deferred':
      case 'notice.acknowledged':
      case 'notice.parked':
        this.#notices.inc({ establishment, event: after(event.type) });
        return;
    }
    const [subject = ''] = event.type.split('.');
    if (event.type === 'mail.sorted' || subject === 'integration' || subject === 'answer')
      this.#receivedOne(establishment, subject, event);
  }

  #receivedOne(establishment: string, subject: string, { type, data }: NewEvent): void {
    const code =
      'code' in data ? data.code : 'reason' in data && type === 'answer.omitted' ? data.reason : null;
    this.#received.inc({
      establishment,
      subject,
      event: after(type),
      code: typeof code === 'string' ? code : '',
    });
  }

  #onTheWay(establishment: string, type: string, delivery: string, code: string): void {
    this.kinds.tell(establishment, delivery, (destination) =>
      this.#attempts.inc({ establishment, destination, event: after(type), code }),
    );
  }

  #counter<L extends string>(name: string, help: string, labelNames: L[]): Counter<L> {
    return new Counter({ name: `viaduc_${name}`, help, labelNames, registers: [this.#registry] });
  }
}

const after = (type: string): string => type.slice(type.indexOf('.') + 1);
