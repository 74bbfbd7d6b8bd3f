import type { BodyReference, LedgerEvent } from '../words/events.ts';

/** Every reference to a stored body in the data of an event. */
export function bodiesIn(data: unknown): BodyReference[] {
  if (typeof data !== 'object' || data === null) return [];
  const { id, sha256, size } = data as Partial<BodyReference>;
  if (typeof id === 'string' && typeof sha256 === 'string' && typeof size === 'number')
    return [{ id, sha256, size }];
  return Object.values(data).flatMap(bodiesIn);
}

/** Those that several events name, each once. */
export function bodiesOf(events: readonly LedgerEvent[]): BodyReference[] {
  const named = events.flatMap(({ data }) => bodiesIn(data));
  return [...new Map(named.map((body) => [body.id, body])).values()];
}
