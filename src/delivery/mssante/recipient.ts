import type { Ledger } from '../../ledger/ledger.ts';
import type { LedgerView } from '../../ledger/view.ts';
import type { DeliveryRow } from '../../ledger/views.ts';
import { normalAddress, type Recipient, recipientsOf } from '../../routing/recipients.ts';
import { insOf } from '../../xds/patient.ts';
import { type PersonalRecord, parsePersonal } from '../job.ts';

/** Whom a mail goes to, as its sender wrote it. `id`: of the recipient, where the sender gave one. */
export interface NamedRecipient {
  address: string;
  id: string | null;
}

export interface Addresses {
  ledger: Pick<Ledger, 'searchHash'>;
  /** Of the boxes of patients: patient.mssante.fr. */
  patientDomain: string;
}

/**
 * The recipient of a delivery among those of its request: a delivery knows the keyed hash of the address only. Null when the
 * request is no longer kept.
 * @throws ViaducError `ledger.…` for what was destroyed
 */
export async function recipientOfDelivery(
  addresses: Addresses,
  view: LedgerView,
  delivery: DeliveryRow,
): Promise<NamedRecipient | null> {
  const submission = await view.submission(delivery.submission);
  const bytes = submission?.personalRef ? await view.personal(submission.personalRef) : null;
  if (!bytes) return null;
  const record = parsePersonal(bytes);
  const hashOf = (address: string) => addresses.ledger.searchHash(view.establishment, 'address', address);
  const found = recipientIn(
    record,
    addresses.patientDomain,
    (address) => hashOf(address) === delivery.destination.recipient,
  );
  return found && asGiven(record, found);
}

/** The recipient of a request whose address, in its normal form, is meant. */
export function recipientIn(
  { request, facts }: Pick<PersonalRecord, 'request' | 'facts'>,
  patientDomain: string,
  isMeant: (address: string) => boolean,
): Recipient | null {
  const patient = facts[0]?.patient ?? null;
  const matricule = patient && (insOf(patient)?.value ?? null);
  return (
    recipientsOf(request, { matricule, domain: patientDomain }).find(({ address }) => isMeant(address)) ??
    null
  );
}

function asGiven({ request }: PersonalRecord, { address }: Recipient): NamedRecipient {
  const given = request.destinations.mssante.find((one) => normalAddress(one.address) === address);
  return given ? { address: given.address, id: given.id } : { address, id: null };
}
