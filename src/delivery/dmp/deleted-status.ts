import type { RegisteredEntry } from './iti-18.ts';

/**
 * The status that a deletion turns to Deleted: Approved, or Archived (TD3.3c). As the registry says where it says so; where it
 * gave a reference alone, Archived is tried once the update of what should be Approved was refused.
 * @param refusedBy code with which this deletion was refused before; null the first time
 */
export function statusBefore(
  { status }: Pick<RegisteredEntry, 'status'>,
  refusedBy: string | null,
): 'Approved' | 'Archived' {
  if (status !== null) return status === 'Archived' ? 'Archived' : 'Approved';
  return refusedBy === 'XDSMetadataUpdateError' ? 'Archived' : 'Approved';
}
