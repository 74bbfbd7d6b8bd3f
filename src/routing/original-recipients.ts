import type { DeliveryRow } from '../ledger/views.ts';
import type { Destination } from '../words/delivery.ts';
import { type Finding, finding } from '../words/findings.ts';
import { routingErrors } from './errors.ts';

/**
 * A warning when a replacement or deletion is not mailed to those who have the document it is about: whoever is left out goes
 * on reading what is no longer right (sheet MSSanté, section 8).
 * @param known deliveries of the chain
 */
export function judgeLeftOut(
  destinations: readonly Destination[],
  known: readonly Pick<DeliveryRow, 'destination' | 'operation' | 'state' | 'outcome'>[],
): Finding[] {
  const now = new Set(destinations.map(({ recipient }) => recipient));
  const had = known
    .filter(
      ({ operation, state, outcome }) =>
        operation !== 'delete' && (state !== 'final' || outcome === 'delivered' || outcome === 'unconfirmed'),
    )
    .flatMap(({ destination }) => destination.recipient ?? []);
  const missing = new Set(had.filter((recipient) => !now.has(recipient))).size;
  if (missing === 0) return [];
  return [
    finding(routingErrors, 'routing.recipients-left-out', {
      ...{ source: 'request', severity: 'warning', values: { missing } },
    }),
  ];
}
