import type { Job } from '../job.ts';

/**
 * The mail to this recipient that carried what is replaced or deleted: its envelope, `never-left` when the chain is known and
 * no mail of it may have reached this recipient, null when the chain is not known here.
 */
export async function earlierMail({
  view,
  delivery,
}: Pick<Job, 'view' | 'delivery'>): Promise<{ envelope: string } | 'never-left' | null> {
  if (delivery.operation === 'deposit') return null;
  const { recipient } = delivery.destination;
  const earlier = (await view.chain(delivery.chain)).filter(
    (one) =>
      one.seq < delivery.seq &&
      one.destination.kind === 'mssante' &&
      one.destination.recipient === recipient &&
      one.operation !== 'delete',
  );
  const left = earlier.findLast(({ accepted, doubt, lot }) => lot !== null && (accepted !== null || doubt));
  if (left) return { envelope: left.lot!.uniqueId };
  return earlier.length > 0 ? 'never-left' : null;
}
