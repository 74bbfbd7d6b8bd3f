import type { LedgerEvent } from '../words/events.ts';
import { type Statement, statement } from './statements.ts';

type DestinationEvent = LedgerEvent<'destination.parked' | 'destination.stopped' | 'destination.resumed'>;

export function isDestination(event: LedgerEvent): event is DestinationEvent {
  return event.type.startsWith('destination.');
}

/** Keeps the destinations to which nothing leaves. That a person stopped one outweighs that it was parked. */
export function moveDestination(event: DestinationEvent): Statement {
  const { establishment, at, data } = event;
  if (event.type === 'destination.resumed')
    return statement(
      'DELETE FROM p_destinations WHERE establishment = ? AND id = ?',
      ...[establishment, data.destination],
    );
  if (event.type === 'destination.parked')
    return statement(
      `INSERT INTO p_destinations (establishment, id, state, since, code) VALUES (?, ?, 'parked', ?, ?)
         ON CONFLICT (establishment, id) DO NOTHING`,
      ...[establishment, data.destination, at, event.data.code],
    );
  const { by, reason } = event.data;
  return statement(
    `INSERT OR REPLACE INTO p_destinations (establishment, id, state, since, by_whom, reason) VALUES (?, ?, 'stopped', ?, ?, ?)`,
    ...[establishment, data.destination, at, by, reason],
  );
}
