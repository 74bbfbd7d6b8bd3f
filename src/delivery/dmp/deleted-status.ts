import type { RegisteredEntry } from './iti-18.ts';

/** The status that a deletion turns to Deleted: Archived where the registry says so, else Approved (TD3.3c). */
export function statusBefore({ status }: Pick<RegisteredEntry, 'status'>): 'Approved' | 'Archived' {
  return status === 'Archived' ? 'Archived' : 'Approved';
}
