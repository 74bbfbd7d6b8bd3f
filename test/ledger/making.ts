import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../../src/ledger/cipher.ts';
import type { Append, Ledger, NewBody, NewEvent } from '../../src/ledger/ledger.ts';
import { openSqliteLedger, type SqliteLedgerOptions } from '../../src/ledger/sqlite/store.ts';
import type { DeliveryState } from '../../src/words/delivery.ts';
import type { BodyReference, DocumentEntry, EventData } from '../../src/words/events.ts';

export const T0 = Date.parse('2026-07-01T08:00:00.000Z');

export function scratch(): string {
  return mkdtempSync(join(tmpdir(), 'viaduc-ledger-'));
}

export function sqliteOptions(
  folder: string,
  changes: Partial<SqliteLedgerOptions> = {},
): SqliteLedgerOptions {
  return {
    folder: join(folder, 'data'),
    keyFile: join(folder, 'keys.json'),
    environment: 'sandbox',
    product: { name: 'Viaduc', version: '0' },
    establishments: ['one', 'two'],
    witnessFiles: [join(folder, 'witness.jsonl')],
    nowMs: T0,
    ...changes,
  };
}

export function openTestLedger(folder: string, changes: Partial<SqliteLedgerOptions> = {}): Promise<Ledger> {
  return openSqliteLedger(sqliteOptions(folder, changes));
}

export function bodyOf(id: string, bytes: Uint8Array): { reference: BodyReference; body: NewBody } {
  const reference = { id, sha256: sha256(bytes), size: bytes.length };
  return { reference, body: { id, bytes, retention: 'accepted' } };
}

let count = 0;
/** A fresh identifier in the shape of those of the house. */
export function fresh(): string {
  count += 1;
  return `00000000-0000-7000-8000-${String(count).padStart(12, '0')}`;
}

export function documentEntry(changes: Partial<DocumentEntry> = {}): DocumentEntry {
  count += 1;
  return {
    uniqueId: `2.25.${count}`,
    setId: null,
    versionNumber: 1,
    parents: [],
    typeCode: '11490-0',
    typeCodeSystem: '2.16.840.1.113883.6.1',
    templateIds: [],
    level: 3,
    effectiveTime: '20260701',
    serviceTime: null,
    structures: [],
    exams: [],
    contentSha256: sha256('content'),
    body: { id: fresh(), sha256: sha256(''), size: 0 },
    verdict: { judgement: 'valid', errors: 0, warnings: 0, codes: [], notEvaluated: [], packs: [] },
    ...changes,
  };
}

type Accepted = EventData['submission.accepted'];
type NewDelivery = Accepted['deliveries'][number];

/** An accepted submission of one document to the DMP; `state` is that of its delivery. */
export function accepted(changes: Partial<Accepted> = {}, state: DeliveryState = 'due'): Accepted {
  const documents = changes.documents ?? [documentEntry()];
  return {
    submission: fresh(),
    sender: 'lab',
    door: 'http',
    requestKey: null,
    requestSha256: sha256('request'),
    operation: 'deposit',
    target: null,
    visibility: {
      maskedToProfessionals: false,
      hiddenFromPatient: false,
      hiddenFromRepresentatives: false,
      change: false,
    },
    structure: { id: '10B0000012', name: 'Site' },
    secretConnection: false,
    identity: { status: 'QUAL', evidenceDate: null, method: null, environmentRoot: '1.2.250.1.213.1.4.10' },
    consent: null,
    stay: null,
    exam: null,
    hold: null,
    documents,
    deliveries: [newDelivery(documents, state)],
    ...changes,
  };
}

function newDelivery(documents: DocumentEntry[], state: DeliveryState): NewDelivery {
  const route = {
    operation: 'deposit',
    destination: { kind: 'dmp' },
    chain: documents[0]!.uniqueId,
    lane: 'live',
  } as const;
  const dueAt = new Date(T0).toISOString();
  return {
    id: fresh(),
    joined: false,
    ...route,
    documents: documents.map((one) => one.uniqueId),
    state,
    dueAt,
    waitsFor: null,
  };
}

/** An append of one event to establishment `one`. */
export function appendOf(event: NewEvent, changes: Partial<Append> = {}): Append {
  return { establishment: 'one', nowMs: T0, events: [event], ...changes };
}

export function acceptedEvent(data: Accepted = accepted()): NewEvent {
  return { type: 'submission.accepted', data };
}

export function finished(
  delivery: string,
  uniqueId: string,
  outcome: 'delivered' | 'refused' = 'delivered',
): NewEvent {
  const results = [{ uniqueId, outcome, code: 'ok' }];
  return {
    type: 'delivery.finished',
    data: { delivery, outcome, code: 'ok', results, entries: {}, receipt: null, by: null },
  };
}

export function sending(delivery: string): NewEvent {
  return { type: 'delivery.sending', data: { delivery, attempt: 1, lot: null } };
}

/** A notice that became due. */
export function noticeDue(notice: string, sender: string): NewEvent {
  const origin = {
    ...{ controlId: `about-${notice}`, application: 'DPI', facility: 'HOP' },
    ...{ receivingApplication: 'PFI', receivingFacility: 'HOP', processingId: 'T' },
  };
  return {
    type: 'notice.due',
    data: {
      ...{ notice, submission: 's', kind: 'Z01', sender, controlId: notice, origin },
      ...{ deliveries: [], success: true, error: null },
    },
  };
}
