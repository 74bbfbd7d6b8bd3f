import { type DeliveryEventType, type DeliveryState, destinationId, mayMove } from '../words/delivery.ts';
import type { EventType, LedgerEvent, NewDelivery } from '../words/events.ts';
import type { Exam, Stay } from '../words/stay.ts';
import { ledgerError } from './errors.ts';
import { erasePerson, expire, keepErased } from './project-gone.ts';
import { isNotice, moveNotice } from './project-notices.ts';
import {
  assessIdentity,
  mergeIdentities,
  moveStay,
  recordConsent,
  unlinkIdentities,
} from './project-patients.ts';
import { closeWork, workOfDelivery } from './project-work.ts';
import { type Projection, type Row, type Statement, statement } from './statements.ts';

export type { Projection, Row, Statement };

/** Reads the stored rows of an import event. */
export type ReadRows = (body: string) => Uint8Array;

/** What an event changes in the projections. Runs in the transaction that appends the event. */
export function* project(event: LedgerEvent, readRows: ReadRows): Projection {
  if (isDelivery(event)) {
    yield* moveDelivery(event);
    yield* workOfDelivery(event);
  } else if (isNotice(event)) yield* moveNotice(event);
  else if (event.type === 'stay.moved') yield* moveStay(event);
  else if (event.type === 'identity.assessed') yield* assessIdentity(event);
  else if (event.type === 'identity.merged') yield* mergeIdentities(event);
  else if (event.type === 'identity.unlinked') yield* unlinkIdentities(event);
  else if (event.type === 'consent.recorded') yield* recordConsent(event);
  else if (event.type === 'work.closed') yield closeWork(event);
  else if (event.type === 'submission.accepted') yield* accept(event);
  else if (event.type === 'submission.refused') yield* refuse(event);
  else if (event.type === 'stays.imported') yield* importStays(event, readRows);
  else if (event.type === 'exams.imported') yield* importExams(event, readRows);
  else if (event.type === 'ledger.restored') yield* restore(event);
