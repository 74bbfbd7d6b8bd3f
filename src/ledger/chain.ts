import type { EventType, LedgerEvent } from '../words/events.ts';
import { sha256 } from './cipher.ts';

/** Hash that the first event of a chain follows. */
export const GENESIS = '0'.repeat(64);

/** What the chain binds: everything of an event but its hash and its place among other establishments. */
export type EventContent = Omit<LedgerEvent, 'hash' | 'position'>;

/** The text of an event that is stored, hashed and exported: JSON with its members in this order. */
export function eventText(event: EventContent): string {
  const { establishment, seq, at, type, data, person, personal } = event;
  return JSON.stringify({ v: 1, establishment, seq, at, type, data, person, personal });
}

/** Hexadecimal SHA-256 over the hash before, a line feed, and the text. */
export function chainHash(previous: string, text: string): string {
  return sha256(`${previous}\n${text}`);
}

/** An event from its stored text. */
export function parseEvent(text: string, position: number, hash: string): LedgerEvent {
  const { establishment, seq, at, type, data, person, personal } = JSON.parse(text) as EventContent;
  return { establishment, seq, position, at, type, data, person, personal, hash } as LedgerEvent;
}

/**
 * The streams an event belongs to. The version of a stream is the number (`seq`) of the last event that touched it: who
 * decides on what they read names the versions they saw, and the append fails when another decision came first.
 */
export function streamsOf(event: Pick<LedgerEvent, 'type' | 'data'>): string[] {
  return STREAMS[event.type](event.data as never);
}

type StreamsOf = { [K in EventType]: (data: LedgerEvent<K>['data']) => string[] };

const STREAMS: StreamsOf = {
  'ledger.opened': () => [],
  'ledger.restored': () => ['restores'],
  'submission.accepted': (data) => [
    `submission:${data.submission}`,
    ...requestStream(data.requestKey),
    ...data.documents.map((document) => `document:${document.uniqueId}`),
    ...(data.target === null ? [] : [`document:${data.target}`]),
    ...data.deliveries.map((delivery) => `delivery:${delivery.id}`),
    ...data.deliveries.flatMap(({ waitsFor }) => (waitsFor === null ? [] : [`delivery:${waitsFor}`])),
  ],
  'submission.refused': (data) => [`submission:${data.submission}`, ...requestStream(data.requestKey)],
  'delivery.released': ({ delivery, retry }) => [`delivery:${delivery}`, ...retryStream(retry)],
  'delivery.held': ({ delivery }) => [`delivery:${delivery}`],
  'hold.placed': ({ delivery }) => [`delivery:${delivery}`],
  'hold.lifted': ({ delivery }) => [`delivery:${delivery}`],
  'delivery.sending': ({ delivery }) => [`delivery:${delivery}`],
  'delivery.accepted': ({ delivery }) => [`delivery:${delivery}`],
  'delivery.deferred': ({ delivery }) => [`delivery:${delivery}`],
  'delivery.in-doubt': ({ delivery }) => [`delivery:${delivery}`],
  'delivery.parked': ({ delivery }) => [`delivery:${delivery}`],
  'delivery.reopened': ({ delivery, waitsFor, retry }) => [
    `delivery:${delivery}`,
    ...retryStream(retry),
    ...(waitsFor ? [`delivery:${waitsFor}`] : []),
  ],
  'delivery.restored': ({ delivery }) => [`delivery:${delivery}`],
  'delivery.returned': ({ delivery }) => [`delivery:${delivery}`],
  'delivery.finished': ({ delivery }) => [`delivery:${delivery}`],
  'mail.received': ({ mail, sha256: digest }) => [`mail:${mail}`, `mail-bytes:${digest}`],
  'receipt.recorded': ({ delivery }) => [`delivery:${delivery}`],
  'mail.sorted': mailStreams,
  'mail.resumed': mailStreams,
  'mail.read': ({ mail }) => [`mail:${mail}`, 'persons'],
  'integration.due': (data) => [...integrationStreams(data), `received:${data.document.uniqueId}`],
  'integration.deferred': integrationStreams,
  'integration.acknowledged': integrationStreams,
  'integration.refused': integrationStreams,
  'integration.parked': integrationStreams,
  'integration.resumed': integrationStreams,
  'integration.closed': integrationStreams,
  'answer.due': mailStreams,
  'answer.omitted': mailStreams,
  'answer.sending': mailStreams,
  'answer.deferred': mailStreams,
  'answer.sent': mailStreams,
  'answer.in-doubt': mailStreams,
  'answer.failed': mailStreams,
  'destination.parked': destinationStreams,
  'destination.stopped': destinationStreams,
  'destination.resumed': destinationStreams,
  'retry.started': ({ retry }) => retryStream(retry),
  'retry.listed': ({ retry }) => retryStream(retry),
  'retry.skipped': ({ retry }) => retryStream(retry),
  'retry.paused': ({ retry }) => retryStream(retry),
  'retry.resumed': ({ retry }) => retryStream(retry),
  'retry.stopped': ({ retry }) => retryStream(retry),
  'retry.finished': ({ retry }) => retryStream(retry),
  'notice.due': (data) => [`notice:${data.notice}`, `submission:${data.submission}`],
  'notice.deferred': noticeStreams,
  'notice.acknowledged': noticeStreams,
  'notice.parked': noticeStreams,
  'notice.resumed': noticeStreams,
  'stay.moved': ({ message }) => [messageStream(message), 'stays'],
  'identity.assessed': ({ message }) => [messageStream(message)],
  'identity.merged': ({ message }) => [messageStream(message)],
  'identity.unlinked': ({ message }) => [messageStream(message)],
  'consent.recorded': ({ message }) => [messageStream(message)],
  'work.closed': ({ item }) => [`work:${item}`],
  'withdrawal.asked': ({ withdrawal, documents, deposits }) => [
    ...withdrawalStreams({ withdrawal }),
    ...documents.map((document) => `document:${document}`),
    ...deposits.map((delivery) => `delivery:${delivery}`),
  ],
  'withdrawal.confirmed': (data) => [...withdrawalStreams(data), `submission:${data.submission}`],
  'withdrawal.refused': withdrawalStreams,
  'withdrawal.cancelled': withdrawalStreams,
  'withdrawal.settled': withdrawalStreams,
  'withdrawal.sheet-read': withdrawalStreams,
  'stays.imported': () => ['stays'],
  'exams.imported': () => ['exams'],
  'bodies.expired': ({ submissions }) => submissions.map(({ submission }) => `submission:${submission}`),
  'person.erased': () => ['persons', 'stays', 'exams'],
  'person.erasure-asked': () => ['persons'],
  'key.changed': () => [],
  'receipt.read': ({ submission }) => [`submission:${submission}`, 'persons'],
  'document.read': ({ submission }) => [`submission:${submission}`, 'persons'],
  'person.reported': () => ['persons'],
  'token.issued': ({ token }) => [`token:${token}`],
  'token.revoked': ({ token }) => [`token:${token}`],
  'pack.activated': () => ['packs'],
  'pack.deactivated': () => ['packs'],
};

/** The types of events that this build knows. */
export const EVENT_TYPES: ReadonlySet<string> = new Set(Object.keys(STREAMS));

/** A message is known again by its key, which stands before its digest. */
function messageStream(message: string): string {
  return `message:${message.split(' ')[0]}`;
}

function destinationStreams({ destination }: { destination: string }): string[] {
  return [`destination:${destination}`];
}

function retryStream(retry: string | undefined): string[] {
  return retry === undefined ? [] : [`retry:${retry}`];
}

function mailStreams({ mail }: { mail: string }): string[] {
  return [`mail:${mail}`];
}

function integrationStreams({ integration, mail }: { integration: string; mail: string }): string[] {
  return [`integration:${integration}`, `mail:${mail}`];
}

function noticeStreams({ notice, submission }: { notice: string; submission: string }): string[] {
  return [`notice:${notice}`, `submission:${submission}`];
}

function withdrawalStreams({ withdrawal }: { withdrawal: string }): string[] {
  return [`withdrawal:${withdrawal}`];
}

function requestStream(key: string | null): string[] {
  return key === null ? [] : [`request:${key}`];
}
