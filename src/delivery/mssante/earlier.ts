import type { Operation } from '../../words/request.ts';
import type { Job } from '../job.ts';

/** What a mail is to its recipient. */
export interface Following {
  /** A replacement is new to whom no earlier version can have reached. */
  operation: Operation;
  /** Of the mail that carried what is replaced or deleted; null when no such mail is known. */
  envelope: string | null;
}

/** Looks for the mail of the same chain to the same recipient that this one follows. */
export async function followingMail({ view, delivery }: Pick<Job, 'view' | 'delivery'>): Promise<Following> {
  const { operation } = delivery;
  if (operation === 'deposit') return { operation, envelope: null };
  const { recipient } = delivery.destination;
  const earlier = (await view.chain(delivery.chain)).filter(
    (one) =>
      one.seq < delivery.seq &&
      one.destination.kind === 'mssante' &&
      one.destination.recipient === recipient &&
      one.operation !== 'delete',
  );
  const left = earlier.findLast(({ accepted, doubt, lot }) => lot !== null && (accepted !== null || doubt));
  if (left) return { operation, envelope: left.lot!.uniqueId };
  return { operation: earlier.length > 0 ? 'deposit' : operation, envelope: null };
}
